//! Groups: they gather, and gather anew when it is over.

use attune_protocol::ids::{Invite, Millis};

use super::super::page::{Page, Standing};
use super::super::truth::Truth;
use super::{Group, Task, World};
use crate::session::tests::laws::draw::draw_plan;

/// Whoever has not come to an end after this long meets anew.
const LONGEST_MEETING: Millis = Millis::hours(4);

impl World {
    pub(super) fn found_group(&mut self, group: usize) {
        let first = self.pages.len();
        for number in 0..self.weather.pages {
            let token = self.draw_token();
            self.pages.push(Page::new(group, number == 0, token));
        }
        let pages = (first..self.pages.len()).collect();
        let screen = self.pages.len();
        let token = self.draw_token();
        self.pages.push(Page::of_screen(group, token));
        let gathered_at = self.now;
        let (invites, changes) = (Vec::new(), Vec::new());
        self.groups.push(Group {
            pages,
            session: None,
            plan: None,
            invites,
            changes,
            personal: Vec::new(),
            sent: Vec::new(),
            screen,
            display: None,
            displays: Vec::new(),
            gathered_at,
            met: Millis(0),
        });
        self.after(Millis(1), Task::Gather(group));
    }

    /// Everybody has a new seat in mind; the first sets the session up.
    pub(super) fn gather(&mut self, group: usize) {
        let invite = Invite::from_bytes(self.draw_bytes());
        let plan = draw_plan(&mut self.chance);
        let gathering = &mut self.groups[group];
        (gathering.session, gathering.gathered_at) = (None, self.now);
        (gathering.plan, gathering.invites, gathering.changes) = (Some(plan), vec![invite], Vec::new());
        (gathering.display, gathering.displays) = (None, Vec::new());
        (gathering.personal, gathering.sent) = (Vec::new(), Vec::new());
        let screen = gathering.screen;
        let token = self.draw_token();
        self.orphan(screen);
        self.pages[screen].renew(token);
        self.after(Millis::seconds(5), Task::Open(screen));
        self.plan_sleep(screen);
        for page in self.groups[group].pages.clone() {
            self.orphan(page);
            let mut token = self.draw_token();
            // Some have one seat on two devices.
            if page > 0 && !self.pages[page].is_founder && self.chance.percent(8) {
                token = self.pages[page - 1].token;
            }
            self.pages[page].renew(token);
            let wait = if self.pages[page].is_founder { 0 } else { self.chance.between(500, 600_000) };
            self.after(Millis(wait), Task::Open(page));
            let act = self.around(self.weather.act_every);
            self.after(act, Task::Act(page));
            self.plan_sleep(page);
        }
        self.after(Millis::minutes(1), Task::Review(group));
    }

    pub(super) fn review(&mut self, group: usize) {
        let Group { session, pages, gathered_at, .. } = &self.groups[group];
        let is_over = session.and_then(|id| self.truths.get(id)).is_some_and(Truth::is_over);
        let is_open = |page: &usize| !matches!(self.pages[*page].standing, Standing::Closed(_));
        let is_stuck = *gathered_at + LONGEST_MEETING < self.now;
        if is_over || is_stuck || !pages.iter().any(is_open) {
            let wait = Millis(self.chance.between(20_000, 300_000));
            self.after(wait, Task::Gather(group));
        } else {
            self.after(Millis::minutes(1), Task::Review(group));
        }
    }
}
