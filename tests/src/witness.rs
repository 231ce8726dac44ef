//! A group of six in the middle of its session, which must notice nothing of what others do to the server.

use attune_protocol::client::Command;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::server::ServerMessage;
use attune_protocol::view::SessionView;
use std::net::{IpAddr, SocketAddr};

use crate::group::Group;
use crate::picture::Picture;
use crate::plans;

/// How many they are.
pub const SIX: usize = 6;

/// The six, and what they have done themselves.
pub struct Witness {
    /// Who they are; the first facilitates.
    pub group: Group,
    /// What their newest own act came to.
    revision: Revision,
}

impl Witness {
    /// A group in the second phase, while the presenter listens in silence.
    pub async fn gather(from: IpAddr, server: SocketAddr) -> Self {
        let group = Group::gather_from(from, server, plans::ruch(), SIX).await;
        group.present_and_begin(SeatNumber(2)).await;
        group.next().await;
        for person in &group.people {
            person.keep_frames();
        }
        let revision = group[0].picture().revision;
        Self { group, revision }
    }

    /// Each of them asks what time it is and says something, all are answered, and all see what the facilitator does.
    ///
    /// # Panics
    /// When one of them is not answered, refused, or does not see it.
    pub async fn go_on(&mut self) {
        for person in &self.group.people {
            person.now().await;
            person.accept(Command::Agree { seat: person.number, agreement: None }).await;
        }
        let facilitator = &self.group[0];
        self.revision = if facilitator.look(Picture::is_paused) {
            facilitator.steer(|moment| Command::Resume { moment }).await
        } else {
            facilitator.steer(|moment| Command::Pause { moment }).await
        };
        self.group.all_catch_up(self.revision).await;
    }

    /// They go on a few times while something happens, and once more after it.
    ///
    /// # Panics
    /// As [`Witness::go_on`].
    pub async fn live_through<T>(&mut self, event: impl Future<Output = T>) -> T {
        let (outcome, ()) = tokio::join!(event, async {
            for _ in 0..3 {
                self.go_on().await;
            }
        });
        self.go_on().await;
        outcome
    }

    /// Nobody of them was seen as away in any view, was refused anything, or lost the socket.
    ///
    /// # Panics
    /// When somebody was.
    pub fn assert_present(&self) {
        for person in &self.group.people {
            let picture = person.picture();
            assert_eq!((&picture.ending, &picture.nameless), (&None, &Vec::new()), "{}", person.name);
            for (revision, view) in views(&picture) {
                let here = view.seats.iter().take(SIX).filter(|seat| seat.away_since.is_none());
                assert_eq!(here.count(), SIX, "{} saw somebody go at {revision:?}", person.name);
            }
        }
    }

    /// As [`Witness::assert_present`], and nobody was told of anything but their own acts.
    ///
    /// # Panics
    /// When somebody was.
    pub fn assert_undisturbed(&self) {
        self.assert_present();
        for person in &self.group.people {
            let picture = person.picture();
            assert_eq!(picture.revision, self.revision, "{}", person.name);
            assert!(views(&picture).iter().all(|(_, view)| view.seats.len() == SIX), "{}", person.name);
        }
    }
}

fn views(picture: &Picture) -> Vec<(Revision, SessionView)> {
    let frames = picture.frames.iter().flatten();
    frames
        .filter_map(|frame| match serde_json::from_str(frame) {
            Ok(ServerMessage::View { revision, view }) => Some((revision, view)),
            _ => None,
        })
        .collect()
}
