//! Quiet reminders that bring the talk back. They name nobody, neither whom they mean nor who sent them, and are no
//! steering: the page shows one until its time, and nothing in the session waits for it.

use attune_protocol::ids::{SeatNumber, Timestamp};
use attune_protocol::method::FloorMode;
use attune_protocol::server::Refusal;
use attune_protocol::view::{Reminder, ReminderView};

use super::commands::Answer;
use super::course::Timing;
use super::event::EventKind;
use super::{REMINDER_GAP, REMINDER_LASTS, Session};

impl Session {
    pub(super) fn remind(&self, by: SeatNumber, what: Reminder, now: Timestamp) -> Answer {
        let seat = self.seat(by).ok_or(Refusal::NoSuchSeat)?;
        if self.is_silent(by) {
            return Err(Refusal::Silent);
        }
        if !seat.agreed {
            return Err(Refusal::NotAgreed);
        }
        if !self.anyone_reminds {
            self.check_steers(by)?;
        }
        let runs = self.course().is_some_and(|course| matches!(course.timing, Timing::Running { .. }));
        if !runs || self.floor().mode == FloorMode::None || self.holds_silence() {
            return Err(Refusal::NotNow);
        }
        if seat.reminded_at.is_some_and(|at| now - at < REMINDER_GAP) {
            return Err(Refusal::TooFast);
        }
        Ok(vec![EventKind::Reminded { what }])
    }

    pub(super) fn set_reminders(&self, by: SeatNumber, anyone: bool) -> Answer {
        self.check_steers(by)?;
        let unchanged = self.anyone_reminds == anyone;
        Ok(if unchanged { Vec::new() } else { vec![EventKind::RemindersSet { anyone }] })
    }

    /// Shows a reminder to everyone, instead of the one before.
    pub(super) fn show_reminder(&mut self, what: Reminder, by: Option<SeatNumber>, at: Timestamp) {
        self.change_course(|course| {
            course.reminder = Some(ReminderView { what, until: at + REMINDER_LASTS });
        });
        if let Some(by) = by {
            self.change_seat(by, |seat| seat.reminded_at = Some(at));
        }
    }

    /// Forgets a reminder whose time was over before `at`.
    pub(super) fn drop_reminder(&mut self, at: Timestamp) {
        self.change_course(|course| course.reminder = course.reminder.filter(|reminder| at < reminder.until));
    }
}
