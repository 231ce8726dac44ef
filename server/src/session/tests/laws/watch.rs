//! A session that is watched event by event, and the laws that its log has to keep on the way.

use attune_protocol::display::DisplayStage;
use attune_protocol::door::Door;
use attune_protocol::ending::LEAST_COUNTED;
use attune_protocol::ids::{SeatNumber, Timestamp};
use attune_protocol::method::{FloorMode, Plan};
use attune_protocol::server::SealedName;
use attune_protocol::view::{ChairView, FloorView, SessionView, StageView};
use std::collections::{BTreeMap, BTreeSet};

use super::super::super::{Audience, Event, EventKind, Input, Outcome, Session};
use super::model::Model;
use super::personal::Links;
use super::rights::{overstep, running, steers, wrong_floor};
use super::script::CANARY;

/// Laws by SPEC id, with what broke them first.
pub(crate) type Broken = BTreeMap<&'static str, String>;

/// A session, its log, and what is wrong with them so far.
pub(crate) struct Watch {
    pub(crate) session: Session,
    pub(crate) log: Vec<Event>,
    pub(crate) broken: Broken,
    now: Timestamp,
    model: Model,
    links: Links,
}

impl Watch {
    /// A session that was just set up by this event.
    pub(crate) fn new(plan: &Plan, session: Session, first: Event) -> Self {
        let now = first.at;
        Self {
            session,
            log: vec![first],
            broken: Broken::new(),
            now,
            model: Model::new(plan),
            links: Links::default(),
        }
    }

    pub(crate) fn breaks(&mut self, law: &'static str, why: impl Into<String>) {
        let (now, done) = (self.now.0 - self.log[0].at.0, self.log.len());
        self.broken.entry(law).or_insert_with(|| format!("at {now} ms, event {done}: {}", why.into()));
    }

    /// Takes events in without a look at them.
    pub(crate) fn apply(&mut self, events: Vec<Event>) {
        for event in events {
            self.session.apply(&event);
            self.log.push(event);
        }
    }

    /// Parts what was decided at `now` into what was due, which has to come first, and the rest.
    pub(crate) fn part(&mut self, mut events: Vec<Event>, now: Timestamp) -> (Vec<Event>, Vec<Event>) {
        self.now = now;
        let due = self.session.decide(Input::Elapse, now).events;
        if !events.starts_with(&due) {
            self.breaks("TIME-21", format!("{events:?} does not begin with what was due: {due:?}"));
        }
        let own = events.split_off(due.len().min(events.len()));
        (due, own)
    }

    /// Takes in what was decided at `now` and checks all that can be seen from it: first what was due, then what
    /// followed from the input itself.
    pub(crate) fn take(&mut self, due: Vec<Event>, own: Vec<Event>, input: &Input, now: Timestamp) {
        self.now = now;
        self.apply_due(due);
        let before = self.session.clone();
        self.apply_watched(own.clone());
        self.check_change(&before, &own, input);
        self.check_state();
    }

    fn apply_watched(&mut self, events: Vec<Event>) {
        for event in &events {
            if event.at < self.session.newest_at() || event.at > self.now.max(self.session.newest_at()) {
                self.breaks("TIME-19", format!("{event:?} is out of order"));
            }
            if let Err(why) = self.model.take(event) {
                self.breaks("TIME-18", why);
            }
            if let Err(why) = self.links.take(event) {
                self.breaks("DOOR-29", why);
            }
            if tells_an_answer(event) {
                self.breaks("ENDING-10", format!("{event:?} tells who said what"));
            }
        }
        self.apply(events);
    }

    /// What comes by itself belongs to the case, of which newcomers see nothing.
    fn apply_due(&mut self, due: Vec<Event>) {
        if due.is_empty() {
            return;
        }
        let before = self.session.view(Audience::Newcomers);
        self.apply_watched(due);
        let after = self.session.view(Audience::Newcomers);
        if matches!(after.stage, StageView::Newcomer {}) && before != after {
            self.breaks("VIEW-5", "newcomers see that the case goes on");
        }
    }

    /// What one input changed, by who gave it and who sees it.
    fn check_change(&mut self, before: &Session, own: &[Event], input: &Input) {
        let (was, is) = (before.view(Audience::Steering), self.session.view(Audience::Steering));
        match input {
            Input::Command { seat, command, .. } => {
                if let Some(what) = overstep(&was, &is, *seat, command) {
                    self.breaks("STEER-3", format!("{seat:?} changed {what} by {command:?}"));
                }
                let in_lobby = matches!(was.stage, StageView::Lobby { between: None });
                let is_agreement_changed = before.texts().agreement != self.session.texts().agreement;
                if is_agreement_changed && !(in_lobby && steers(&was, *seat)) {
                    self.breaks("STEER-3", format!("{seat:?} changed the agreement by {command:?}"));
                }
            }
            _ if running(&was) != running(&is) => self.breaks("PRES-6", format!("{input:?} moved something")),
            _ => {}
        }
        if let Err(why) = self.links.check_entry(before, own, input) {
            self.breaks("DOOR-29", why);
        }
        self.check_screens_change(before, own);
        for event in own.iter().filter(|event| matches!(event.what, EventKind::Reminded { .. })) {
            self.check_nobody_reminds(before, event);
        }
        let pause =
            |event: &Event| matches!(event.what, EventKind::PauseRequested { .. } | EventKind::PauseHeard {});
        let secret = |event: &Event| pause(event) || between_two(event).is_some();
        if !own.is_empty() && own.iter().all(secret) {
            // The day of deletion moves with every act, and with time steps get too old to be taken back.
            let mut hidden = before.view(Audience::Members);
            hidden.expires_at = is.expires_at;
            hidden.undo.clone_from(&is.undo);
            hidden.reminder = is.reminder;
            if hidden != self.session.view(Audience::Members) {
                self.breaks("VIEW-5", format!("members see {own:?}"));
            }
        }
        for pair in own.iter().filter_map(between_two) {
            let others = is.seats.iter().map(|seat| seat.seat).filter(|seat| !pair.contains(seat));
            for other in others {
                if before.private(other) != self.session.private(other)
                    || before.private_from(other) != self.session.private_from(other)
                {
                    self.breaks("ENDING-12", format!("{other:?} is told what is between {pair:?}"));
                }
            }
            if before.texts() != self.session.texts() {
                self.breaks("ENDING-12", "everybody is told what is between two");
            }
        }
    }

    /// What concerns people alone changes nothing on a screen, and a new invite leaves none.
    fn check_screens_change(&mut self, before: &Session, own: &[Event]) {
        let unseen = |event: &Event| {
            between_two(event).is_some()
                || matches!(
                    event.what,
                    EventKind::PauseRequested { .. }
                        | EventKind::PauseHeard {}
                        | EventKind::HandRaised { .. }
                        | EventKind::HandLowered { .. }
                        | EventKind::Reminded { .. }
                        | EventKind::WentAway { .. }
                        | EventKind::CameBack { .. }
                        | EventKind::Joined { .. }
                        | EventKind::Added { .. }
                        | EventKind::Offered { .. }
                        | EventKind::LetIn { .. }
                        | EventKind::Declined {}
                        | EventKind::PersonalLinkMade { .. }
                )
        };
        if own.iter().all(unseen) && before.display_view() != self.session.display_view() {
            self.breaks("VIEW-5", format!("screens tell of {own:?}"));
        }
        let new_invite =
            |event: &Event| matches!(event.what, EventKind::Removed { .. } | EventKind::LinkChanged { .. });
        if own.iter().any(new_invite) && self.session.display.is_some() {
            self.breaks("DISPLAY-6", "a display link outlives the invite beside it");
        }
    }

    /// A screen is given nobody's name but that of who presents and who speaks alone, and only where it was chosen; and the
    /// way in before the start only.
    fn check_screens(&mut self, view: &SessionView) {
        let mut display = self.session.display_view();
        let chosen = view.display.as_ref();
        let allowed = match &mut display.stage {
            DisplayStage::Lobby { joining, between, .. } => {
                let shown = joining.take().is_some();
                let names = between.as_mut().and_then(|between| between.names.take());
                let next = names.is_none_or(|names| {
                    let presents = names.presenter.is_none_or(|name| view.presenter == Some(name.seat));
                    presents && names.speaker.is_none() && chosen.is_some_and(|link| link.names)
                });
                next && (!shown || (view.door != Door::Locked && chosen.is_some_and(|link| link.joining)))
            }
            DisplayStage::Running { names, .. } => {
                let shown = names.take();
                let seat = |name: &Option<SealedName>| name.as_ref().map(|name| name.seat);
                shown.is_none_or(|names| {
                    let presents = seat(&names.presenter).is_none_or(|seat| view.presenter == Some(seat));
                    let alone = seat(&names.speaker).is_none_or(|seat| {
                        // An answering presenter has the floor throughout a round.
                        view.floor.mode != FloorMode::Open && view.floor.speakers.contains(&seat)
                    });
                    presents && alone && chosen.is_some_and(|link| link.names)
                })
            }
            DisplayStage::Closed {} => true,
        };
        let written = serde_json::to_string(&display).expect("writes");
        if !allowed || written.contains(CANARY) {
            self.breaks("VIEW-5", format!("screens show {:?}", self.session.display_view()));
        }
    }

    /// Whoever sent a reminder, everyone sees the same.
    fn check_nobody_reminds(&mut self, before: &Session, event: &Event) {
        for seat in before.view(Audience::Steering).seats {
            let mut other = before.clone();
            other.apply(&Event { by: Some(seat.seat), ..event.clone() });
            let same = [Audience::Steering, Audience::Members, Audience::Newcomers]
                .iter()
                .all(|&audience| other.view(audience) == self.session.view(audience));
            if !same || other.history() != self.session.history() {
                self.breaks("VIEW-5", "a reminder tells who sent it");
            }
        }
    }

    fn check_state(&mut self) {
        let view = self.session.view(Audience::Steering);
        let account = match &view.stage {
            StageView::Running(running) => self.model.check_running(running),
            StageView::Closed(closed) => self.model.check_closed(closed),
            StageView::Lobby { .. } | StageView::Newcomer {} => Ok(()),
        };
        if let Err(why) = account {
            self.breaks("TIME-17", why);
        }
        if let Some(why) = wrong_floor(&view) {
            self.breaks("FLOOR-3", why);
        }
        if view.unused_links.unwrap_or(0) != self.links.unused() {
            self.breaks(
                "DOOR-30",
                format!("{:?} links wait instead of {}", view.unused_links, self.links.unused()),
            );
        }
        if let Some(due) = self.session.deadline().filter(|&due| due < self.now) {
            self.breaks("TIME-21", format!("{} ms late", (self.now - due).0));
        }
        self.check_audiences(&view);
        self.check_screens(&view);
        let tokens: Vec<_> = self.session.seats.values().filter_map(|seat| seat.token).collect();
        if tokens.iter().collect::<BTreeSet<_>>().len() != tokens.len() {
            self.breaks("DOOR-20", "two seats are opened by one token");
        }
        if tokens.iter().any(|token| self.session.moved.contains(token)) {
            self.breaks("DOOR-25", "a token that was given away opens a seat");
        }
        self.check_private();
    }

    /// What a seat alone is shown is about that seat.
    fn check_private(&mut self) {
        let seats: Vec<SeatNumber> =
            self.session.view(Audience::Steering).seats.iter().map(|s| s.seat).collect();
        for seat in seats {
            let private = self.session.private(seat);
            let thanks =
                private.thanks.iter().all(|one| one.to.is_some_and(|to| to == seat || one.from == seat));
            let talks = private.talks.iter().all(|talk| talk.from == seat || talk.to == seat);
            if !thanks || !talks {
                self.breaks("ENDING-12", format!("{seat:?} is shown what is between others"));
            }
        }
    }

    fn check_audiences(&mut self, view: &SessionView) {
        let members = self.session.view(Audience::Members);
        let newcomers = self.session.view(Audience::Newcomers);
        if members != (SessionView { pause_request: None, ..view.clone() }) {
            self.breaks("VIEW-5", "members see something else than whoever steers, or a request for a pause");
        }
        if is_private(view) && newcomers != newcomers_view(view, &newcomers) {
            self.breaks("VIEW-5", format!("newcomers see {newcomers:?}"));
        }
        for seat in &view.seats {
            let expected = match () {
                () if !seat.agreed && (is_private(view) || matches!(view.stage, StageView::Closed(_))) => {
                    Audience::Newcomers
                }
                () if steers(view, seat.seat) => Audience::Steering,
                () => Audience::Members,
            };
            if self.session.audience(seat.seat) != expected {
                self.breaks("VIEW-1", format!("{:?} is not in {expected:?}", seat.seat));
            }
        }
        let read = self.session.texts_for(Audience::Newcomers);
        if !read.names.is_empty() || read.invite.is_some() || read.display.is_some() {
            self.breaks("VIEW-5", "newcomers are given names or the invite");
        }
        let written = serde_json::to_string(&(view, newcomers, self.session.history())).expect("writes");
        if written.contains(CANARY) {
            self.breaks("VIEW-5", "a secret or a sealed text stands in a view");
        }
    }

    /// The same act again.
    pub(crate) fn check_repeat(&mut self, input: Input) {
        let due = self.session.decide(Input::Elapse, self.now).events;
        let again = self.session.decide(input, self.now);
        if (&again.events, &again.outcome) != (&due, &Outcome::Done) {
            self.breaks("STEER-8", format!("again: {again:?}"));
        }
    }

    /// The log alone, as a store keeps it, makes the same session.
    pub(crate) fn check_replay(&mut self) {
        let stored = serde_json::to_string(&self.log).expect("writes");
        let log: Vec<Event> = serde_json::from_str(&stored).expect("reads");
        if log != self.log {
            self.breaks("TIME-23", "an event does not survive the store");
        }
        if Session::rebuild(log).as_ref() != Some(&self.session) {
            self.breaks("TIME-23", "the log makes another session");
        }
    }
}

/// Whom something concerns that is between two people.
fn between_two(event: &Event) -> Option<[SeatNumber; 2]> {
    match &event.what {
        EventKind::Thanked { thanks } => Some([thanks.from, thanks.to?]),
        EventKind::TalkAsked { from, to, .. }
        | EventKind::TalkWithdrawn { from, to }
        | EventKind::TalkAnswered { from, to, .. } => Some([*from, *to]),
        _ => None,
    }
}

/// Whether an event says of fewer than three people what they answered, or by whom it came.
fn tells_an_answer(event: &Event) -> bool {
    let people = match &event.what {
        EventKind::Answered { seats } => seats.len(),
        EventKind::Counted { totals } => totals.people as usize,
        _ => return false,
    };
    people < LEAST_COUNTED || event.by.is_some() || event.request.is_some()
}

/// Whether a case runs, or is over and another follows.
fn is_private(view: &SessionView) -> bool {
    running(view).is_some() || matches!(view.stage, StageView::Lobby { between: Some(_) })
}

/// All that a newcomer may see once it has begun: the roster and the method.
fn newcomers_view(view: &SessionView, newcomers: &SessionView) -> SessionView {
    SessionView {
        stage: StageView::Newcomer {},
        presenter: None,
        drawn: false,
        reserve: None,
        chair: ChairView::default(),
        floor: FloorView { mode: FloorMode::None, speakers: BTreeSet::new() },
        expires_at: newcomers.expires_at,
        undo: Vec::new(),
        reminder: None,
        anyone_reminds: false,
        pause_request: None,
        display: None,
        unused_links: None,
        ..view.clone()
    }
}
