//! How long and how much: the numbers of the rules, each with its reason.

use attune_protocol::ids::Millis;

/// How long a lobby that has not begun is kept after the last human act.
pub const LOBBY_LIFE: Millis = Millis::hours(30 * 24);
/// How long tokens still open a session after its end: for thanks, for asking one another, for looking back.
pub const TOKENS_LIVE_AFTER_END: Millis = Millis::minutes(60);
/// How long nobody who steers must be connected before others may take the chair.
pub const CHAIR_GRACE: Millis = Millis::seconds(60);
/// How long a request for a pause waits for an answer.
pub const PAUSE_GRACE: Millis = Millis::seconds(30);
/// How long a newcomer who has not agreed waits after asking for a pause before asking again, so that nobody nags who takes
/// no part.
pub const PAUSE_REST: Millis = Millis::minutes(5);
/// How long a reminder shows: time to read it twice, and to come back to.
pub const REMINDER_LASTS: Millis = Millis::seconds(30);
/// How long a person who sent a reminder waits before the next, so that nobody nags.
pub const REMINDER_GAP: Millis = Millis::seconds(60);
/// How often a name may be changed within [`RENAMES_WITHIN`]: to mend a slip, not to play another.
pub const MOST_RENAMES: usize = 3;
/// The time in which changes of a name are counted.
pub const RENAMES_WITHIN: Millis = Millis::minutes(10);
/// How often a connection may be lost within [`LOSSES_WITHIN`] before the way back waits: each loss and each return
/// is an event.
pub const MOST_LOSSES: usize = 30;
/// The time in which losses are counted.
pub const LOSSES_WITHIN: Millis = Millis::minutes(5);
/// How long a person may be away and still count toward "full".
pub const AWAY_COUNTS_FOR: Millis = Millis::minutes(10);
/// The most events in a session's log: some 15 times a busy meeting of two hours. After it only ending, leaving and
/// pausing are left.
pub const MOST_EVENTS: u64 = 20_000;
/// How many events past [`MOST_EVENTS`] are left for pausing and going on. After them only ending and leaving are left,
/// and nobody comes in: otherwise one group's pauses could fill the disk.
pub const SPARE_EVENTS: u64 = 2_000;
/// How many newcomers get a seat within [`JOINS_WITHIN`]: two full groups of the largest size.
pub const MOST_JOINS: usize = 60;
/// The time in which newcomers are counted.
pub const JOINS_WITHIN: Millis = Millis::minutes(10);
/// The most seats a session ever hands out, freed ones included: 20 full changes of a group of 12.
pub const MOST_SEATS_EVER: u16 = 240;
/// How often a session's agreement may be changed: the largest is 27 kB, and each change is kept to the end.
pub const MOST_AGREEMENT_CHANGES: u32 = 100;
