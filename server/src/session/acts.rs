//! "What happened": who steered, for everyone to see.

use attune_protocol::ids::SeatNumber;
use attune_protocol::view::{Act, ActKind};

use super::Session;
use super::event::{Entry, Event, EventKind, PauseCause};

impl Session {
    /// The entry that a fact makes in "What happened".
    pub(super) fn act(&self, what: &EventKind, by: Option<SeatNumber>) -> Option<ActKind> {
        Some(match what {
            EventKind::PhaseEntered { phase, how, .. } => match how {
                Entry::Begin { .. } => ActKind::Began {},
                Entry::Back => ActKind::WentBack { phase: *phase },
                Entry::Next | Entry::Time | Entry::Review | Entry::NewPresenter => {
                    ActKind::MovedOn { phase: *phase }
                }
            },
            EventKind::Paused { .. } => ActKind::Paused {},
            EventKind::Resumed {} => ActKind::Resumed {},
            EventKind::Extended { by, taken } => {
                ActKind::Extended { by: *by, from: taken.iter().map(|taken| taken.phase).collect() }
            }
            EventKind::Shortened { .. } => ActKind::Shortened {},
            EventKind::Closed {} => ActKind::Ended {},
            EventKind::Undone { .. } => ActKind::Undone {},
            EventKind::PresenterChosen { seat } => ActKind::ChosePresenter { seat: *seat },
            EventKind::PresenterDrawn { seat } => ActKind::DrewPresenter { seat: *seat },
            EventKind::ReserveChosen { seat } => ActKind::ChoseReserve { seat: *seat },
            EventKind::CaseArranged { another } => ActKind::ArrangedCase { another: *another },
            EventKind::CaseEnded {} => ActKind::EndedCase {},
            EventKind::FacilitatorSet { seat, facilitator } => {
                ActKind::SetFacilitator { seat: *seat, facilitator: *facilitator }
            }
            EventKind::RoleSet { seat, role } => ActKind::SetRole { seat: *seat, role: role.clone() },
            EventKind::HandedOver { to, .. } => ActKind::HandedOver { to: *to },
            EventKind::ChairTaken { .. } => ActKind::TookChair {},
            EventKind::ChairReturned {} => ActKind::AskedForChair {},
            EventKind::Removed { seat, .. } => ActKind::Removed { seat: *seat },
            EventKind::Cleared { seat } => ActKind::Cleared { seat: *seat },
            EventKind::Recognised { seat, .. } => ActKind::Recognised { seat: *seat },
            EventKind::Added { seat } => ActKind::Added { seat: *seat },
            EventKind::FloorOpened {} => ActKind::OpenedFloor {},
            EventKind::TurnEnded { seat, .. } if by != Some(*seat) => ActKind::MovedTurn { seat: *seat },
            EventKind::TurnPutOff { seat } if by != Some(*seat) => ActKind::PutOffTurn { seat: *seat },
            EventKind::RoundOrdered { .. } => ActKind::OrderedRound {},
            EventKind::RoundStarted {} => ActKind::StartedRound {},
            EventKind::RemindersSet { anyone } => ActKind::SetReminders { anyone: *anyone },
            EventKind::PlanChanged { .. } => ActKind::ChangedPlan {},
            EventKind::DoorSet { door } => ActKind::SetDoor { door: *door },
            EventKind::LetIn { .. } => ActKind::LetIn {},
            EventKind::Declined {} => ActKind::Declined {},
            EventKind::LinkChanged { .. } => ActKind::ChangedLink {},
            EventKind::PersonalLinkMade { .. } => ActKind::MadePersonalLink {},
            EventKind::DisplayMade { .. } => ActKind::MadeDisplay {},
            EventKind::DisplaySet { names, joining } => {
                ActKind::SetDisplay { names: names.is_some(), joining: joining.is_some() }
            }
            EventKind::DisplayEnded {} => ActKind::EndedDisplay {},
            EventKind::AgreementChanged { .. } => ActKind::ChangedAgreement {},
            _ => return None,
        })
    }

    /// Notes a steering act for "What happened".
    pub(super) fn note_act(&mut self, event: &Event) {
        if let Some(what) = self.act(&event.what, event.by) {
            // A pause that somebody needed stands there as the session's own: it never says who asked.
            let needed = matches!(
                event.what,
                EventKind::Paused { cause: PauseCause::Needed | PauseCause::PresenterGone }
            );
            self.acts.push(Act { at: event.at, by: event.by.filter(|_| !needed), what });
        }
    }
}
