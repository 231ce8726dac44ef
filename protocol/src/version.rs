//! Which versions of the protocol are spoken, and what a page of the former one can read of today's messages.
//!
//! A page is never newer than the server that served it, and older only while it stays open through an upgrade. It skips
//! fields that it does not know, so those need nothing; an unknown word in the place of a known one does.

use crate::ending::Private;
use crate::server::{CloseCode, Refusal, ServerMessage};
use crate::view::{Act, ActKind, SessionView, StageView};

/// The version of the protocol.
pub const PROTOCOL_VERSION: u16 = 3;

/// The oldest version that is still spoken: the one before. A page of any other is told to reload.
pub const OLDEST_SPOKEN_VERSION: u16 = PROTOCOL_VERSION - 1;

/// A version that is spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// That of pages from before an upgrade.
    Former,
    /// That of this program's own pages.
    #[default]
    Current,
}

impl Version {
    /// The one of this number, if it is spoken.
    pub fn of(number: u16) -> Option<Self> {
        match number {
            PROTOCOL_VERSION => Some(Self::Current),
            OLDEST_SPOKEN_VERSION => Some(Self::Former),
            _ => None,
        }
    }

    /// Whether its pages are told of screens, and of going on on another device.
    pub fn knows_other_devices(self) -> bool {
        self == Self::Current
    }

    /// A message as its pages read it; none where it has nothing for them, and of a view where they would show something
    /// untrue: then they have to reload.
    pub fn message(self, message: ServerMessage) -> Option<ServerMessage> {
        match self {
            Self::Current => Some(message),
            Self::Former => for_former(message),
        }
    }

    /// A close code as its pages read it: they come back for ever after one that they do not know.
    pub fn close_code(self, code: CloseCode) -> CloseCode {
        match (self, code) {
            // It forgets the seat then, and says that another device of theirs may have it.
            (Self::Former, CloseCode::Moved) => CloseCode::Removed,
            // It says that the link may be old, and whom to ask for another.
            (Self::Former, CloseCode::Used) => CloseCode::Unknown,
            (_, code) => code,
        }
    }
}

fn for_former(message: ServerMessage) -> Option<ServerMessage> {
    let message = match message {
        ServerMessage::Welcome { session, seat, revision, view, texts, private } => {
            let (view, private) = (view_for_former(view)?, private_for_former(private));
            ServerMessage::Welcome { session, seat, revision, view, texts, private }
        }
        ServerMessage::View { revision, view } => {
            ServerMessage::View { revision, view: view_for_former(view)? }
        }
        ServerMessage::Private { revision, private } => {
            ServerMessage::Private { revision, private: private_for_former(private) }
        }
        ServerMessage::History { mut acts } => {
            acts.retain(|Act { what, .. }| former_reads(what));
            ServerMessage::History { acts }
        }
        // Only commands that it does not have are refused so.
        ServerMessage::Refused { request, why: Refusal::TooShort } => {
            ServerMessage::Refused { request, why: Refusal::NotNow }
        }
        ServerMessage::Moving { .. } | ServerMessage::Screens { .. } | ServerMessage::Display { .. } => {
            return None;
        }
        message @ (ServerMessage::Texts { .. }
        | ServerMessage::Held {}
        | ServerMessage::Accepted { .. }
        | ServerMessage::Refused { .. }
        | ServerMessage::Pong { .. }
        | ServerMessage::Door { .. }
        | ServerMessage::Waiting { .. }) => message,
    };
    Some(message)
}

fn private_for_former(private: Private) -> Private {
    Private { pause_heard: false, ..private }
}

fn view_for_former(mut view: SessionView) -> Option<SessionView> {
    if is_of_several_cases(&view.stage) {
        return None;
    }
    view.undo.retain(|undo| former_reads(&undo.what));
    Some(view)
}

/// The former version takes the time between two cases for the lobby of a session that has not begun, where its Begin
/// names no moment that is; and the last case's record for the whole one.
fn is_of_several_cases(stage: &StageView) -> bool {
    match stage {
        StageView::Lobby { between } => between.is_some(),
        StageView::Newcomer {} => false,
        StageView::Running(running) => running.case.is_some(),
        StageView::Closed(closed) => !closed.earlier.is_empty(),
    }
}

fn former_reads(what: &ActKind) -> bool {
    match what {
        ActKind::Began {}
        | ActKind::MovedOn { .. }
        | ActKind::WentBack { .. }
        | ActKind::Paused {}
        | ActKind::Resumed {}
        | ActKind::Extended { .. }
        | ActKind::Ended {}
        | ActKind::Undone {}
        | ActKind::ChosePresenter { .. }
        | ActKind::SetFacilitator { .. }
        | ActKind::SetRole { .. }
        | ActKind::HandedOver { .. }
        | ActKind::TookChair {}
        | ActKind::AskedForChair {}
        | ActKind::Removed { .. }
        | ActKind::Cleared { .. }
        | ActKind::Recognised { .. }
        | ActKind::Added { .. }
        | ActKind::OpenedFloor {}
        | ActKind::MovedTurn { .. }
        | ActKind::PutOffTurn { .. }
        | ActKind::OrderedRound {}
        | ActKind::StartedRound {}
        | ActKind::SetReminders { .. }
        | ActKind::ChangedPlan {}
        | ActKind::ChangedAgreement {}
        | ActKind::SetDoor { .. }
        | ActKind::ChangedLink {}
        | ActKind::LetIn {}
        | ActKind::Declined {} => true,
        ActKind::Shortened {}
        | ActKind::EndedCase {}
        | ActKind::ArrangedCase { .. }
        | ActKind::DrewPresenter { .. }
        | ActKind::ChoseReserve { .. }
        | ActKind::MadePersonalLink {}
        | ActKind::MadeDisplay {}
        | ActKind::SetDisplay { .. }
        | ActKind::EndedDisplay {} => false,
    }
}
