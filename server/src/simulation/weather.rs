//! What a seed makes of a world: how many people, how busy, and how bad network, disk and machine are.

use attune_protocol::ids::Millis;

use super::disk::Health;
use crate::session::tests::laws::chance::Chance;

/// The conditions of one world.
#[derive(Debug)]
pub(super) struct Weather {
    /// How long it lasts.
    pub(super) length: Millis,
    pub(super) groups: usize,
    /// Pages of each group.
    pub(super) pages: i64,
    /// Mean time between two acts of a page.
    pub(super) act_every: Millis,
    /// Mean time that a connection lasts; none if nothing breaks one.
    pub(super) lines_last: Option<Millis>,
    /// Longest way of a message between page and server.
    pub(super) latency: i64,
    /// Of a hundred connections so many lose, double and reorder what the page sends.
    pub(super) dirty: usize,
    /// Mean time between sleeps of a page's device; none if it never sleeps.
    pub(super) sleeps_every: Option<Millis>,
    pub(super) health: Health,
    /// Mean time that a server runs; none if it runs to the end.
    pub(super) server_lasts: Option<Millis>,
    /// How wrong the clock may be after a start.
    pub(super) clock_error: Millis,
    pub(super) retention: Millis,
}

impl Weather {
    pub(super) fn draw(chance: &mut Chance) -> Self {
        let minutes = |minutes| Some(Millis::minutes(minutes));
        Self {
            length: Millis::hours(chance.between(2, 6)),
            groups: *chance.pick(&[1, 1, 2]),
            pages: chance.between(1, 6),
            act_every: Millis::seconds(*chance.pick(&[20, 60, 120, 300, 900])),
            lines_last: *chance.pick(&[None, minutes(60), minutes(20), minutes(5), minutes(1)]),
            latency: *chance.pick(&[5, 40, 200, 600]),
            dirty: *chance.pick(&[0, 0, 0, 30]),
            sleeps_every: *chance.pick(&[None, minutes(60), minutes(15)]),
            health: Health {
                fails: *chance.pick(&[0, 0, 1, 10]),
                slow: *chance.pick(&[0, 0, 5]),
                rivals: *chance.pick(&[0, 0, 2, 10]),
                outages: *chance.pick(&[0, 0, 20]),
            },
            server_lasts: *chance.pick(&[None, minutes(120), minutes(30), minutes(4)]),
            clock_error: *chance.pick(&[Millis(0), Millis(0), Millis::minutes(5), Millis::hours(1)]),
            retention: Millis::hours(*chance.pick(&[1, 24, 24])),
        }
    }
}
