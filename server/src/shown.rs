//! What a page was shown, and what of a sight is new to it.

use attune_protocol::ids::{Revision, Timestamp};
use bytes::Bytes;

use crate::outlook::Sight;

/// What a page was shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    /// The newest event.
    revision: Revision,
    /// Its time, below which server time does not go.
    pub(crate) newest_at: Timestamp,
    /// The event that the texts are from.
    texts: Option<Revision>,
    /// The number of what was shown of the door.
    door: Option<u64>,
    /// The number of what was shown of screens.
    screens: Option<u64>,
    /// The number of what was shown of going on elsewhere.
    moving: Option<u64>,
    /// The event that last changed what is for this seat alone.
    private: Option<Revision>,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            revision: Revision(0),
            newest_at: Timestamp(0),
            texts: None,
            door: None,
            screens: None,
            moving: None,
            private: None,
        }
    }
}

impl Shown {
    /// The frames of a sight that are new, and count as shown from here on: what is for the seat alone, texts, view,
    /// door, screens, and going on elsewhere.
    pub(crate) fn pick<'s>(&mut self, sight: &'s Sight) -> Picked<'s> {
        let Sight { outlook, private, moving } = sight;
        self.newest_at = self.newest_at.max(outlook.newest_at);
        let view = (outlook.revision > self.revision).then_some(&outlook.view);
        self.revision = self.revision.max(outlook.revision);
        Picked([
            newer(&mut self.private, private.as_ref()),
            newer(&mut self.texts, outlook.texts.as_ref()),
            view,
            newer(&mut self.door, outlook.door.as_ref()),
            newer(&mut self.screens, outlook.screens.as_ref()),
            newer(&mut self.moving, moving.as_ref()),
        ])
    }
}

/// Frames that are new to a page.
#[derive(Debug, Default)]
pub(crate) struct Picked<'s>([Option<&'s Bytes>; 6]);

impl Picked<'_> {
    pub(crate) fn has_view(&self) -> bool {
        self.0[2].is_some()
    }

    /// All of it in one piece, after an answer if there is one, so that the page gets it at once.
    pub(crate) fn join(self, answer: Option<&Bytes>) -> Option<Bytes> {
        let mut frames = answer.into_iter().chain(self.0.into_iter().flatten());
        match (frames.next(), frames.next()) {
            (frame, None) => frame.cloned(),
            (first, second) => {
                let frames = first.into_iter().chain(second).chain(frames).map(|frame| &frame[..]);
                Some(frames.collect::<Vec<_>>().concat().into())
            }
        }
    }
}

/// The frame, if its number is another than that of the one that was shown last; then it is shown from here on.
fn newer<'f, N: Copy + Eq>(shown: &mut Option<N>, what: Option<&'f (N, Bytes)>) -> Option<&'f Bytes> {
    let (number, frame) = what.filter(|(number, _)| *shown != Some(*number))?;
    *shown = Some(*number);
    Some(frame)
}
