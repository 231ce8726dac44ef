//! Taking a step back within ten seconds.

use attune_protocol::ids::{Millis, Revision, SeatNumber, Timestamp};
use attune_protocol::method::Slug;
use attune_protocol::view::ActKind;
use std::collections::BTreeMap;

use super::Stage;

/// How long a step can be taken back: a mis-click is noticed within seconds.
pub(super) const UNDO_WINDOW: Millis = Millis::seconds(10);

/// A step that can be taken back, and what was before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UndoStep {
    pub(super) step: Revision,
    pub(super) by: SeatNumber,
    pub(super) until: Timestamp,
    pub(super) what: ActKind,
    pub(super) before: Before,
}

/// What a step changed, as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// The phase and its time, with whoever held the chair; `presenter_missing` when the step chose a new presenter.
    Course { stage: Box<Stage>, stand_in: Option<SeatNumber>, presenter_missing: bool },
    /// Who presents, with whoever was to hold the chair.
    Presenter { presenter: Option<SeatNumber>, stand_in: Option<SeatNumber>, asked: Option<SeatNumber> },
    /// Who facilitates and who has which role.
    Roles(BTreeMap<SeatNumber, (bool, Option<Slug>)>),
}

/// Something that steps change. A step can be taken back while nothing later changed the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Course,
    Presenter,
    Roles,
}

impl Before {
    pub(super) fn thing(&self) -> Thing {
        match self {
            Self::Course { .. } => Thing::Course,
            Self::Presenter { .. } => Thing::Presenter,
            Self::Roles(_) => Thing::Roles,
        }
    }
}
