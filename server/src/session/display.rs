//! The display link: a right to see the clock on a screen, and what screens show beside it.
//!
//! Which screens are connected is no fact of the session: they live in the room's memory, like who knocks.

use attune_protocol::display::{
    DisplayBetween, DisplayLinkView, DisplayNames, DisplayStage, DisplayTiming, DisplayView, JoiningView,
};
use attune_protocol::door::Door;
use attune_protocol::ids::{Revision, SeatNumber, SecretHash};
use attune_protocol::method::FloorMode;
use attune_protocol::sealed::{Sealed, SealedLine};
use attune_protocol::server::{CloseCode, Refusal, SealedName};
use std::sync::Arc;

use super::commands::Answer;
use super::course::{Course, LEAST_FOR_MARK, Timing};
use super::event::EventKind;
use super::{Session, Stage};

/// A display link. It ends with the invite that stood beside it: whoever was put out has neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DisplayLink {
    made: Revision,
    secret: SecretHash,
    /// Secret and key of it, for the members' pages.
    pub(super) sealed: Sealed,
    /// The key of the session's texts, while names are shown.
    names: Option<Sealed>,
    /// The link of the session, while the way in is shown.
    joining: Option<SealedLine>,
}

impl Session {
    /// Whether this secret shows the session on a screen; otherwise the code that its socket is closed with.
    ///
    /// # Errors
    /// It never did, does no longer, or the session is over.
    pub fn watches(&self, secret: &SecretHash) -> Result<(), CloseCode> {
        match (self.has_display(secret), &self.stage) {
            (false, _) => Err(CloseCode::Unknown),
            (true, Stage::Closed(_)) => Err(CloseCode::Ended),
            (true, Stage::Lobby { .. } | Stage::Running(_)) => Ok(()),
        }
    }

    /// Whether the display link with this secret is still the one that holds.
    pub fn has_display(&self, secret: &SecretHash) -> bool {
        self.display.as_ref().is_some_and(|link| link.secret == *secret)
    }

    /// Whether there is a display link.
    pub fn has_display_link(&self) -> bool {
        self.display.is_some()
    }

    pub(super) fn make_display(&self, by: SeatNumber, secret: SecretHash, sealed: Sealed) -> Answer {
        self.check_steers(by)?;
        Ok(vec![EventKind::DisplayMade { secret, sealed }])
    }

    pub(super) fn set_display(
        &self,
        by: SeatNumber,
        made: Revision,
        names: Option<Sealed>,
        joining: Option<SealedLine>,
    ) -> Answer {
        self.check_steers(by)?;
        // Sealed for another link, it opens on no screen.
        let link = self.display.as_ref().filter(|link| link.made == made).ok_or(Refusal::NotNow)?;
        let is_same = link.names.is_some() == names.is_some() && link.joining.is_some() == joining.is_some();
        Ok(if is_same { Vec::new() } else { vec![EventKind::DisplaySet { names, joining }] })
    }

    pub(super) fn end_display(&self, by: SeatNumber) -> Answer {
        self.check_steers(by)?;
        Ok(if self.display.is_some() { vec![EventKind::DisplayEnded {}] } else { Vec::new() })
    }

    pub(super) fn take_display(&mut self, secret: SecretHash, sealed: Sealed) {
        let made = self.revision;
        self.display = Some(DisplayLink { made, secret, sealed, names: None, joining: None });
        self.texts_from = self.revision;
    }

    pub(super) fn change_display(&mut self, names: &Option<Sealed>, joining: &Option<SealedLine>) {
        if let Some(link) = &mut self.display {
            link.names.clone_from(names);
            link.joining.clone_from(joining);
        }
    }

    pub(super) fn drop_display(&mut self) {
        if self.display.take().is_some() {
            self.texts_from = self.revision;
        }
    }

    /// The display link as people are told of it.
    pub(super) fn display_link_view(&self) -> Option<DisplayLinkView> {
        let link = self.display.as_ref().filter(|_| !matches!(self.stage, Stage::Closed(_)))?;
        let (names, joining) = (link.names.is_some(), link.joining.is_some());
        Some(DisplayLinkView { made: link.made, names, joining })
    }

    /// What every screen shows now; the code for typing is the room's to add.
    pub fn display_view(&self) -> DisplayView {
        let stage = match &self.stage {
            Stage::Lobby { .. } => {
                let shows = self.door != Door::Locked && !self.has_begun();
                let link = self.display.as_ref().filter(|_| shows);
                let joining = link.and_then(|link| link.joining.clone());
                DisplayStage::Lobby {
                    planned_for: self.planned_for.filter(|_| !self.has_begun()),
                    joining: joining.map(|link| JoiningView { link, code: None }),
                    between: self.has_begun().then(|| DisplayBetween {
                        cases: self.past.len(),
                        names: self.displayed_names(None),
                    }),
                }
            }
            Stage::Running(course) => self.displayed_course(course),
            Stage::Closed(_) => DisplayStage::Closed {},
        };
        DisplayView { plan: Arc::clone(&self.plan), stage }
    }

    fn displayed_course(&self, course: &Course) -> DisplayStage {
        DisplayStage::Running {
            phase: course.phase,
            timing: match course.timing {
                Timing::Running { ends_at } => DisplayTiming::Running { ends_at },
                Timing::Paused { remaining, .. } => DisplayTiming::Paused { remaining },
            },
            length: course.length,
            marks_two_minutes: self.length_now(course.phase) >= LEAST_FOR_MARK,
            rest: self.rest(course),
            minutes: self.minutes_view(course),
            // Whoever may still add to their case is no news for the room.
            floor: if self.holds_silence() { FloorMode::None } else { self.floor().mode },
            presenter_missing: self.presenter_missing(),
            names: self.displayed_names(self.only_speaker(course)),
        }
    }

    fn displayed_names(&self, speaker: Option<SeatNumber>) -> Option<DisplayNames> {
        let key = self.display.as_ref()?.names.clone()?;
        let name =
            |number: SeatNumber| Some(SealedName { seat: number, name: self.seat(number)?.name.clone()? });
        Some(DisplayNames { key, presenter: self.presenter.and_then(name), speaker: speaker.and_then(name) })
    }

    /// Whose turn it is, or who alone has the floor, facilitators who only keep the time aside; nobody in a held silence.
    fn only_speaker(&self, course: &Course) -> Option<SeatNumber> {
        if self.holds_silence() {
            return None;
        }
        if let Some(round) = &course.round {
            return round.speaker();
        }
        let phase = &self.plan.phases()[course.phase];
        if phase.floor.mode != FloorMode::Single {
            return None;
        }
        let mut named = self.seats.values().filter(|seat| {
            seat.is_taken() && seat.agreed && !self.is_silent(seat.number) && self.has_floor_role(seat, phase)
        });
        let first = named.next()?;
        named.next().is_none().then_some(first.number)
    }
}
