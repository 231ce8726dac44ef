//! What everybody shows, compared with what is true, wherever nothing is in the way for five seconds.

use attune_protocol::ids::{Millis, Revision, SessionId};
use attune_protocol::view::SessionView;

use super::super::page::{Page, Standing};
use super::super::server::Running;
use super::super::truth::{Fault, Truth, is_shown, keeps_presence};
use super::{Task, World};
use crate::limits::Limits;
use crate::session::Audience;

/// Within this the server's state is on every page that stays connected.
pub(super) const SOON: Millis = Millis::seconds(5);

impl World {
    /// A session has changed: soon that is seen, and what is due has come.
    pub(super) fn plan_checks(&mut self, session: SessionId) {
        let Some(truth) = self.truths.get(session) else { return };
        let (revision, deadline) = (truth.session().revision(), truth.session().deadline());
        self.after(SOON, Task::Check(session, revision));
        if let Some((deadline, server)) = deadline.zip(self.server.as_ref()) {
            let left = (deadline - server.time()).0.max(0);
            self.after(Millis(left + 1) + SOON, Task::Check(session, revision));
        }
    }

    /// Compares what the pages of a session show, `revision` at least.
    pub(super) fn check(&mut self, session: SessionId, revision: Revision) {
        let Some(truth) = self.truths.get(session).filter(|truth| !truth.is_forgotten) else { return };
        let is_served = |server: &Running| !server.is_stopping() && server.started_at + SOON <= self.now;
        let Some(server) = self.server.as_ref().filter(|server| is_served(server)) else {
            return self.after(SOON, Task::Check(session, revision));
        };
        if !truth.is_calm(self.now, SOON) {
            return self.after(SOON, Task::Check(session, revision));
        }
        let steady: Vec<usize> = (0..self.pages.len())
            .filter(|&page| self.pages[page].session == Some(session) && self.is_steady(page))
            .collect();
        if steady.is_empty() {
            return;
        }
        let view = truth.session().view(Audience::Steering);
        let mut faults = vec![self.check_due(truth, server), self.check_absent(session, &view)];
        faults.extend(steady.iter().map(|&page| self.check_shown(truth, page, revision)));
        faults.extend(steady.iter().map(|&page| self.check_answered(page)));
        if let Some(fault) = faults.into_iter().find_map(Result::err) {
            self.fail(fault);
        }
    }

    /// Whether nothing has stood between a page and the server for five seconds.
    fn is_steady(&self, page: usize) -> bool {
        let page = &self.pages[page];
        let is_good = page.line.and_then(|line| self.lines.get(&line)).is_some_and(|line| line.is_good());
        let Standing::Connected { since } = page.standing else { return false };
        is_good && !page.is_asleep() && since.max(page.awake_since) + SOON <= self.now
    }

    fn check_shown(&self, truth: &Truth, number: usize, revision: Revision) -> Result<(), Fault> {
        let page = &self.pages[number];
        let newest = truth.session();
        if page.is_screen {
            return self.check_screen(truth, number);
        }
        if newest.view(Audience::Steering).display.is_none()
            && truth.changed_at + SOON <= self.now
            && page.screens > 0
            && keeps_presence(&newest.view(Audience::Steering))
        {
            return Err(("T11", format!("page {number} tells of {} screens without a link", page.screens)));
        }
        let screen = self.groups[page.group].screen;
        if self.pages[screen].session == page.session && self.is_steady(screen) && page.screens == 0 {
            return Err(("T11", format!("page {number} tells of no screen, and there is one")));
        }
        let Some((seat, view)) = page.seat.zip(page.view()) else {
            return Err(("SIM-4", format!("page {number} is connected and shows nothing")));
        };
        if page.revision < revision
            || (page.revision < newest.revision() && truth.changed_at + SOON <= self.now)
        {
            return Err((
                "SIM-4",
                format!("page {number} shows {:?} of {:?}", page.revision, newest.revision()),
            ));
        }
        if page.revision != newest.revision() {
            return Ok(());
        }
        if *view != newest.view(newest.audience(seat)) {
            return Err((
                "SIM-4",
                format!("page {number} of {seat:?} shows {view:?} at {:?}", page.revision),
            ));
        }
        // Who has become a newcomer keeps what the lobby showed, and is sent nothing more.
        let opens_texts = newest.audience(seat) != Audience::Newcomers;
        if opens_texts && page.texts != newest.texts() {
            return Err((
                "SIM-4",
                format!("page {number} of {seat:?} has other texts at {:?}", page.revision),
            ));
        }
        let is_away = view.seats.iter().any(|row| row.seat == seat && row.away_since.is_some());
        if is_away && keeps_presence(view) && self.tells_of_presence(page) {
            return Err(("SIM-6", format!("page {number} is connected and {seat:?} is away")));
        }
        Ok(())
    }

    /// A screen shows what is true. It is told nothing where nothing on it changes.
    fn check_screen(&self, truth: &Truth, number: usize) -> Result<(), Fault> {
        let newest = truth.session();
        let shown = self.pages[number].display.as_ref();
        if truth.changed_at + SOON > self.now || shown.is_some_and(|display| is_shown(display, newest)) {
            return Ok(());
        }
        Err(("SIM-4", format!("screen {number} shows {shown:?} of {:?}", newest.revision())))
    }

    /// Whether all of its pings reach the server, and no other page has the same seat: the newest socket counts.
    fn tells_of_presence(&self, page: &Page) -> bool {
        !self.is_dirty(page) && self.pages.iter().filter(|other| other.token == page.token).count() == 1
    }

    fn is_dirty(&self, page: &Page) -> bool {
        page.line.and_then(|line| self.lines.get(&line)).is_none_or(|line| line.is_dirty)
    }

    fn check_answered(&self, number: usize) -> Result<(), Fault> {
        let page = &self.pages[number];
        match page.unanswered.iter().find(|asked| asked.sent_at + SOON <= self.now) {
            Some(asked) if !self.is_dirty(page) => {
                Err(("SIM-7", format!("page {number} has no answer to {:?}", asked.command)))
            }
            _ => Ok(()),
        }
    }

    fn check_due(&self, truth: &Truth, server: &Running) -> Result<(), Fault> {
        match truth.session().deadline() {
            Some(due) if due + SOON < server.time() => {
                Err(("SIM-8", format!("what was due {} ms ago has not come", (server.time() - due).0)))
            }
            _ => Ok(()),
        }
    }

    /// Nobody counts as here from whom the server has had nothing for long.
    fn check_absent(&self, session: SessionId, view: &SessionView) -> Result<(), Fault> {
        let patience = Limits::default().silent_after + SOON;
        let lost = view.seats.iter().find(|row| {
            let heard = self.heard.get(&(session, row.seat));
            row.device && row.away_since.is_none() && heard.is_some_and(|&at| at + patience < self.now)
        });
        match lost {
            Some(row) if keeps_presence(view) => {
                Err(("SIM-6", format!("{:?} is gone and counts as here", row.seat)))
            }
            _ => Ok(()),
        }
    }
}
