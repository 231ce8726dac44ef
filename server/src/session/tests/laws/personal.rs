//! A second account of the links for one person: each lets in whoever comes first, unless it was ended before.

use attune_protocol::door::MOST_UNUSED_LINKS;
use attune_protocol::ids::SecretHash;
use std::collections::BTreeSet;

use super::super::super::{Event, EventKind, Input, Session};

/// What has become of them.
#[derive(Default)]
pub(super) struct Links {
    unused: BTreeSet<SecretHash>,
    used: BTreeSet<SecretHash>,
}

impl Links {
    /// Takes a fact in; tells what is wrong with it.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), String> {
        match &event.what {
            EventKind::PersonalLinkMade { invite, .. } => {
                let is_new = !self.used.contains(invite) && self.unused.insert(*invite);
                if !is_new || self.unused.len() > MOST_UNUSED_LINKS {
                    return Err(format!("{event:?} makes one too many"));
                }
            }
            EventKind::Joined { personal: Some(invite), .. } => {
                if !self.unused.remove(invite) {
                    return Err(format!("{event:?} is by a link that was used or ended"));
                }
                self.used.insert(*invite);
            }
            EventKind::LinkChanged { .. } | EventKind::Removed { .. } => self.unused.clear(),
            _ => {}
        }
        Ok(())
    }

    /// Whoever came in by such a link has used it up.
    pub(super) fn check_entry(&self, before: &Session, own: &[Event], input: &Input) -> Result<(), String> {
        let Input::Enter { token, invite: Some(invite) } = input else { return Ok(()) };
        for event in own {
            let EventKind::Joined { personal, .. } = &event.what else { continue };
            let is_by_person = self.used.contains(invite) && before.let_in.contains(token);
            let is_personal = self.used.contains(invite) || self.unused.contains(invite);
            let is_right = if is_personal { *personal == Some(*invite) } else { personal.is_none() };
            if !is_right && !is_by_person {
                return Err(format!("{event:?} uses another link up, or none"));
            }
        }
        Ok(())
    }

    /// How many wait to be used.
    pub(super) fn unused(&self) -> usize {
        self.unused.len()
    }
}
