//! Applying: the only place where the state changes.

use attune_protocol::agreement::Agreement;
use attune_protocol::ids::{Millis, Revision, SeatNumber, Timestamp};
use attune_protocol::method::{Firmness, FloorMode, Slug};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::course::{Course, Timing, Visited};
use super::event::{Entry, Event, EventKind, PauseCause};
use super::round::Round;
use super::seat::{Farewell, Presence, Seat};
use super::undo::Thing;
use super::{Closing, PauseRequest, Session, Stage};

impl Session {
    /// Takes one fact in. Facts come in the order in which they were decided.
    pub fn apply(&mut self, event: &Event) {
        let at = event.at;
        let (presenter, position) = (self.presenter, self.position());
        self.revision = Revision(self.revision.0 + 1);
        self.newest_at = self.newest_at.max(at);
        self.undo.retain(|step| at < step.until);
        self.drop_reminder(at);
        self.remember_before(event);
        self.change(event);
        self.note_act(event);
        if let (Some(by), Some(request)) = (event.by, event.request) {
            // The facts of one command follow each other.
            if self.requests.iter().next_back() != Some(&(by, request)) {
                self.requests.push((by, request));
            }
        }
        if event.by.is_some() || matches!(event.what, EventKind::Joined { .. }) {
            self.last_human_at = at;
        }
        if (presenter, position) != (self.presenter, self.position())
            && self.stand_in.is_some_and(|s| self.is_silent(s))
        {
            self.stand_in = None;
        }
        self.drop_needless_chair();
        let led = self.is_led();
        self.unled_since = if led { None } else { self.unled_since.or(Some(at)) };
    }

    fn change(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            // Read by `rebuild`; a second one in a log says nothing new.
            EventKind::Created { .. } => {}
            EventKind::Joined { seat, token, personal } => {
                self.let_in.retain(|waiting| waiting != token);
                self.use_up(personal);
                self.seats_mut().insert(*seat, Seat::new(*seat, Some(*token), at));
            }
            EventKind::Added { seat } => {
                self.seats_mut().insert(*seat, Seat::new(*seat, None, at));
            }
            EventKind::Named { seat, name } => {
                self.change_seat(*seat, |seat| seat.set_name(name.clone(), at));
                self.texts_from = self.revision;
            }
            EventKind::Agreed { seat } => {
                self.agree_now(*seat);
                self.join_round(*seat);
            }
            EventKind::WentAway { seat } => self.change_seat(*seat, |seat| seat.lose(at)),
            EventKind::CameBack { seat } => self.change_seat(*seat, |seat| seat.presence = Presence::Here),
            EventKind::Reopened {} => self.reopen(at),
            EventKind::Left { seat } | EventKind::Cleared { seat } => self.free(*seat, event, Farewell::Left),
            EventKind::Removed { seat, invite } => {
                self.free(*seat, event, Farewell::Removed);
                self.take_invite(invite);
                self.expect_nobody();
            }
            EventKind::Recognised { newcomer, seat } => self.take_for(*newcomer, *seat, event),
            EventKind::Offered { seat, offers } => self.change_seat(*seat, |seat| seat.offers = *offers),
            EventKind::PlanChanged { plan } => self.plan = Arc::new(plan.clone()),
            EventKind::AgreementChanged { lines } => {
                let version = self.revision;
                let lines = lines.clone();
                self.agreement = (!lines.is_empty()).then_some(Agreement { version, lines });
                self.agreement_changes += 1;
                self.texts_from = self.revision;
                // Whoever writes it has read it.
                if let Some(author) = event.by {
                    self.change_seat(author, |seat| seat.agreed_to = Some(version));
                }
            }
            EventKind::PresenterChosen { seat } => self.choose(*seat, false),
            EventKind::PresenterDrawn { seat } => self.choose(Some(*seat), true),
            EventKind::ReserveChosen { seat } => self.reserve = *seat,
            EventKind::CaseArranged { another } => self.another = *another,
            EventKind::CaseEnded {} => self.end_case(at),
            EventKind::FacilitatorSet { seat, facilitator } => {
                if self.lobby_lacks_facilitator(None) {
                    self.host = *seat;
                }
                self.change_seat(*seat, |seat| seat.facilitator = *facilitator);
                self.join_round(*seat);
            }
            EventKind::RoleSet { seat, role } => {
                self.give_role(*seat, role);
                self.join_round(*seat);
            }
            EventKind::HandedOver { from, to } => {
                self.change_seat(*from, |seat| seat.facilitator = false);
                self.change_seat(*to, |seat| seat.facilitator = true);
                self.join_round(*from);
                self.join_round(*to);
            }
            EventKind::ChairAsked { seat } => self.set_chair(self.stand_in, *seat),
            EventKind::ChairTaken { seat } => self.set_chair(Some(*seat), None),
            EventKind::ChairReturned {} => self.set_chair(None, self.chair_asked),
            EventKind::PhaseEntered { phase, how, length } => self.enter_phase(*phase, *how, *length, event),
            EventKind::Paused { cause } => {
                self.pause_request = None;
                if let Some(by) = event.by.filter(|_| *cause == PauseCause::Needed) {
                    self.change_seat(by, |seat| seat.pause_asked_at = Some(at));
                }
                self.change_course(|course| course.pause(at, *cause));
            }
            EventKind::Resumed {} => self.change_course(|course| course.resume(at)),
            EventKind::Extended { by, taken } => self.change_course(|course| {
                course.extend(at, by.length());
                course.take(taken);
            }),
            EventKind::Shortened { taken } => self.change_course(|course| course.take(taken)),
            EventKind::PresenterFinished {} => self.change_course(|course| course.presenter_finished = true),
            EventKind::TurnEnded { .. } => self.change_turn(event, Round::end_turn),
            EventKind::TurnPutOff { .. } => self.change_turn(event, Round::put_off),
            EventKind::FloorOpened {} => self.change_turn(event, Round::open),
            EventKind::RoundOrdered { order } => self.reorder_round(order, event.by),
            EventKind::RoundStarted {} => self.restart_round(event),
            EventKind::HandRaised { seat } => self.change_course(|course| course.hands.push(*seat)),
            EventKind::HandLowered { seat } => {
                self.change_course(|course| course.hands.retain(|up| up != seat));
            }
            EventKind::Reminded { what } => self.show_reminder(*what, event.by, at),
            EventKind::RemindersSet { anyone } => self.anyone_reminds = *anyone,
            EventKind::PauseRequested { seat } => {
                self.change_seat(*seat, |seat| seat.pause_asked_at = Some(at));
                self.note_heard(*seat, false);
                self.pause_request = Some(PauseRequest { by: *seat, at });
            }
            EventKind::PauseHeard {} => {
                if let Some(PauseRequest { by, .. }) = self.pause_request.take() {
                    self.note_heard(by, true);
                }
            }
            EventKind::DoorSet { door } => self.turn_door(*door),
            EventKind::LetIn { token } => self.expect(*token),
            EventKind::Declined {} => {}
            EventKind::LinkChanged { invite } => self.take_invite(invite),
            EventKind::PersonalLinkMade { invite, shared } => self.take_personal(*invite, shared),
            EventKind::SeatMoved { seat, token } => self.take_seat_along(*seat, *token),
            EventKind::DisplayMade { secret, sealed } => self.take_display(*secret, sealed.clone()),
            EventKind::DisplaySet { names, joining } => self.change_display(names, joining),
            EventKind::DisplayEnded {} => self.drop_display(),
            EventKind::Undone { step } => self.restore(*step, event),
            EventKind::Closed {} => self.close(at),
            EventKind::Thanked { .. }
            | EventKind::TalkAsked { .. }
            | EventKind::TalkWithdrawn { .. }
            | EventKind::TalkAnswered { .. }
            | EventKind::Answered { .. }
            | EventKind::Counted { .. } => self.change_ending(event),
        }
    }

    fn agree_now(&mut self, number: SeatNumber) {
        let version = self.agreement_version();
        let is_first = self.seats.get(&number).is_some_and(|seat| !seat.agreed);
        self.change_seat(number, |seat| (seat.agreed, seat.agreed_to) = (true, version));
        if is_first {
            self.agreements.push(number);
        }
    }

    fn seats_mut(&mut self) -> &mut BTreeMap<SeatNumber, Seat> {
        Arc::make_mut(&mut self.seats)
    }

    pub(super) fn change_seat(&mut self, seat: SeatNumber, change: impl FnOnce(&mut Seat)) {
        if let Some(seat) = self.seats_mut().get_mut(&seat) {
            change(seat);
        }
    }

    pub(super) fn change_course(&mut self, change: impl FnOnce(&mut Course)) {
        if let Stage::Running(course) = &mut self.stage {
            change(course);
        }
    }

    /// Everyone with a device is away since the restart, and every presence grace begins anew.
    fn reopen(&mut self, at: Timestamp) {
        for seat in self.seats_mut().values_mut().filter(|seat| seat.is_taken() && seat.has_device()) {
            seat.presence = Presence::Away(at);
        }
        self.unled_since = None;
    }

    /// Whether a person's request for a pause was heard, which they alone are told.
    fn note_heard(&mut self, seat: SeatNumber, heard: bool) {
        if self.seats.get(&seat).is_some_and(|seat| seat.pause_heard != heard) {
            self.change_seat(seat, |seat| seat.pause_heard = heard);
            self.change_private(seat);
        }
    }

    pub(super) fn free(&mut self, seat: SeatNumber, event: &Event, farewell: Farewell) {
        self.change_seat(seat, |seat| {
            seat.presence = Presence::Gone(event.at, farewell);
            seat.offers = false;
        });
        self.stand_in = self.stand_in.filter(|&held| held != seat);
        self.chair_asked = self.chair_asked.filter(|&asked| asked != seat);
        self.pause_request = self.pause_request.filter(|request| request.by != seat);
        self.reserve = self.reserve.filter(|&reserve| reserve != seat);
        if self.presenter == Some(seat) && !matches!(self.stage, Stage::Closed(_)) {
            (self.presenter, self.drawn) = (None, false);
            self.forget_steps(Thing::Presenter);
        }
        let mut spoke = false;
        self.change_course(|course| {
            spoke = course.round.as_mut().is_some_and(|round| round.drop_out(seat));
            course.turn += u32::from(spoke);
        });
        if spoke {
            self.moved_by = event.by;
            self.time_turn(event.at);
        }
    }

    /// A facilitator needs no other right to steer, and before the start nobody stands in for one who does not present.
    fn drop_needless_chair(&mut self) {
        let facilitates =
            |seat: SeatNumber| self.seats.get(&seat).is_some_and(|seat| seat.is_taken() && seat.facilitator);
        let in_lobby = matches!(self.stage, Stage::Lobby { .. });
        let needless = in_lobby && !self.presenter.is_some_and(facilitates);
        let kept = |seat: &SeatNumber| !needless && !facilitates(*seat);
        (self.stand_in, self.chair_asked) = (self.stand_in.filter(kept), self.chair_asked.filter(kept));
    }

    /// A role of the method's own is one person's: whoever had it before has it no longer.
    fn give_role(&mut self, number: SeatNumber, role: &Option<Slug>) {
        for seat in self.seats_mut().values_mut() {
            if seat.number == number {
                seat.role.clone_from(role);
            } else if seat.role.is_some() && seat.role == *role {
                seat.role = None;
            }
        }
    }

    fn set_chair(&mut self, stand_in: Option<SeatNumber>, asked: Option<SeatNumber>) {
        (self.stand_in, self.chair_asked) = (stand_in, asked);
        self.settle_chair();
        // Whoever accepts leads instead of the time; taking the chair never makes the time lead.
        if stand_in.is_some() && self.has_chair_holder() {
            self.settle_lead();
        }
    }

    fn choose(&mut self, presenter: Option<SeatNumber>, drawn: bool) {
        (self.presenter, self.drawn) = (presenter, drawn);
        self.reserve = self.reserve.filter(|_| self.reserve != presenter);
        if let Some(presenter) = presenter {
            self.change_seat(presenter, |seat| seat.offers = false);
        }
        // Whoever agreed to hold the chair agreed for another presenter.
        if matches!(self.stage, Stage::Lobby { .. }) {
            self.stand_in = None;
            self.chair_asked = None;
        }
    }

    /// Sets who leads a case that has begun: the time, when a facilitator presents and nobody holds the chair.
    fn settle_lead(&mut self) {
        let led_by_time = !self.has_chair_holder();
        let firm = led_by_time || self.plan.firmness() == Firmness::Firm;
        self.change_course(|course| (course.firm, course.led_by_time) = (firm, led_by_time));
    }

    /// What is left behind at an entry. Another presenter finds every phase afresh, and the record goes on.
    fn visited_before(&self, how: Entry, at: Timestamp) -> BTreeMap<usize, Visited> {
        let mut visited = self.course().map(|course| course.visited_until(at)).unwrap_or_default();
        if how == Entry::NewPresenter {
            for was in visited.values_mut() {
                *was = Visited { actual: was.actual, moved: was.moved, ..Visited::default() };
            }
        }
        visited
    }

    /// What phases have given so far. Another presenter has the planned minutes again.
    fn given_before(&self, how: Entry) -> BTreeMap<usize, u16> {
        let goes_on = !matches!(how, Entry::Begin { .. } | Entry::NewPresenter);
        self.course().filter(|_| goes_on).map(|course| course.given.clone()).unwrap_or_default()
    }

    fn enter_phase(&mut self, phase: usize, how: Entry, length: Millis, event: &Event) {
        let at = event.at;
        self.visits += 1;
        self.moved_by = event.by;
        let plan = &self.plan.phases()[phase.min(self.plan.phases().len() - 1)];
        let fresh = || (plan.floor.mode == FloorMode::Round).then(|| Round::new(self.round_order(plan)));
        let visited = self.visited_before(how, at);
        let given = self.given_before(how);
        let afresh = visited.get(&phase).is_none_or(|was| was.left.is_none());
        let gave = given.get(&phase).copied().filter(|_| afresh).unwrap_or(0);
        let round = visited.get(&phase).and_then(|was| was.round.clone()).or_else(fresh);
        let (firm, led_by_time, case_began_at) = match (how, self.course()) {
            (Entry::Begin { led_by_time }, _) => {
                (led_by_time || self.plan.firmness() == Firmness::Firm, led_by_time, at)
            }
            (_, Some(course)) => (course.firm, course.led_by_time, course.case_began_at),
            (_, None) => (false, false, at),
        };
        // During the arrival the presenter may still change; it is settled when the story begins.
        let settles = how == Entry::NewPresenter || self.course().is_some_and(|c| !self.case_has_begun(c));
        self.stage = Stage::Running(Course {
            phase,
            visit: self.visits,
            turn: 0,
            began_at: at,
            length,
            moved: Millis(0) - Millis::minutes(i64::from(gave)),
            stood: Millis(0),
            timing: Timing::Running { ends_at: at + length },
            anyone_resumed: false,
            round,
            presenter_finished: false,
            hands: Vec::new(),
            reminder: None,
            firm,
            led_by_time,
            case_began_at,
            visited,
            given,
        });
        self.mend_round(at);
        self.time_turn(at);
        if settles {
            self.settle_lead();
        }
        if matches!(how, Entry::Begin { .. }) {
            self.another = false;
            self.chair_asked = None;
        }
    }

    fn close(&mut self, at: Timestamp) {
        let case = match std::mem::replace(&mut self.stage, Stage::Lobby { visit: 0 }) {
            Stage::Running(course) => Some(Course { visited: course.visited_until(at), ..course }),
            Stage::Lobby { .. } => None,
            closed @ Stage::Closed(_) => {
                self.stage = closed;
                return;
            }
        };
        self.stage = Stage::Closed(Closing { at, case });
        self.stand_in = None;
        self.chair_asked = None;
    }
}
