//! The only file that reads a clock or sleeps.
//!
//! Everything that waits for a time asks a [`Clock`] for it. [`SystemClock`] is the real one, [`ManualClock`]
//! is moved by hand in tests. Both keep their sleepers in one ordered list, so ten thousand sleepers cost one
//! kernel timer.

use attune_protocol::ids::{Millis, Timestamp};
use rustix::fd::{AsFd, OwnedFd};
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A sleep in progress. Dropping it ends it.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The moment it is.
    fn now(&self) -> Timestamp;

    /// Resolves once [`now`](Self::now) has reached `deadline`; at once when it already has.
    fn sleep_until(&self, deadline: Timestamp) -> Sleep;
}

/// Wall time at the start plus what the machine's boot-time clock has counted since.
///
/// So a wall clock that is set while the server runs changes nothing here (it is logged once), and time during
/// which the machine was asleep counts. One thread waits on one kernel timer of the boot-time clock, which is
/// set to the earliest sleeper: without sleepers nothing ever runs, and after a resume the kernel fires at once
/// what became due. (Tokio's own timer stands still while the machine sleeps.)
///
/// Clones are handles to the same clock. The thread ends with the last handle and the last sleep. Linux only.
#[derive(Clone, Debug)]
pub struct SystemClock {
    timer: Arc<Timer>,
}

impl SystemClock {
    /// Starts the clock at the wall time of now.
    ///
    /// # Errors
    /// When the system gives no timer or no thread.
    pub fn new() -> io::Result<Self> {
        let shared = Arc::new(Shared {
            wall_at_start: wall_time(),
            boot_at_start: boot_time(),
            timer: timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::CLOEXEC)?,
            sleepers: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let ringer = Arc::clone(&shared);
        std::thread::Builder::new().name("clock".into()).spawn(move || ringer.run())?;
        Ok(Self { timer: Arc::new(Timer(shared)) })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.timer.0.now()
    }

    fn sleep_until(&self, deadline: Timestamp) -> Sleep {
        Box::pin(Sleeper { clock: Arc::clone(&self.timer), deadline, place: None })
    }
}

/// Stops the clock's thread when nobody needs it any more.
#[derive(Debug)]
struct Timer(Arc<Shared>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.stopped.store(true, Ordering::SeqCst);
        let _last_to_arm = self.0.sleepers();
        self.0.arm(SOON);
    }
}

impl Sleepable for Timer {
    const GOES_BACK: bool = false;

    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.0.sleepers()
    }

    fn earliest_changed(&self, deadline: Timestamp) {
        self.0.arm(self.0.boot_time_of(deadline));
    }
}

/// A boot time that is always past: one nanosecond, because zero would switch the timer off.
const SOON: i64 = 1;

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const NANOS_PER_MILLI: i64 = 1_000_000;

/// What the thread shares with the handles.
#[derive(Debug)]
struct Shared {
    wall_at_start: Timestamp,
    /// In nanoseconds, like all boot times here: they last for 292 years.
    boot_at_start: i64,
    timer: OwnedFd,
    sleepers: Mutex<Sleepers>,
    stopped: AtomicBool,
}

impl Shared {
    fn now(&self) -> Timestamp {
        self.wall_at_start + Millis((boot_time() - self.boot_at_start) / NANOS_PER_MILLI)
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first boot time at which `now` is `deadline`.
    fn boot_time_of(&self, deadline: Timestamp) -> i64 {
        let ahead = (deadline - self.wall_at_start).0.saturating_mul(NANOS_PER_MILLI);
        self.boot_at_start.saturating_add(ahead).max(SOON)
    }

    fn arm(&self, boot_time: i64) {
        let at =
            Timespec { tv_sec: boot_time / NANOS_PER_SECOND, tv_nsec: (boot_time % NANOS_PER_SECOND) as _ };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: at };
        if let Err(error) = timerfd_settime(self.timer.as_fd(), TimerfdTimerFlags::ABSTIME, &once) {
            tracing::error!(code = error.raw_os_error(), "the system's timer could not be set");
        }
    }

    /// Waits for the timer and wakes who is due, until stopped.
    fn run(&self) {
        let mut wall_step_seen = false;
        loop {
            match rustix::io::read(&self.timer, &mut [0; 8]) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => {
                    tracing::error!(
                        code = error.raw_os_error(),
                        "the system's timer failed: nothing sleeps now"
                    );
                    return;
                }
            }
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            self.wake_due();
            if !wall_step_seen && is_step(wall_time() - self.now()) {
                wall_step_seen = true;
                tracing::warn!("the wall clock was set while running; session time ignores that");
            }
        }
    }

    fn wake_due(&self) {
        let due = {
            let mut sleepers = self.sleepers();
            let due = sleepers.take_due(self.now());
            // Under the same lock as every other arming, so that an older setting never follows a newer one.
            if let Some(next) = sleepers.earliest() {
                self.arm(self.boot_time_of(next));
            }
            due
        };
        due.into_iter().for_each(Waker::wake);
    }
}

/// Whether wall time moved by itself, rather than being slewed as time services do all day.
fn is_step(difference: Millis) -> bool {
    difference.0.abs() > 5_000
}

fn wall_time() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = since_epoch.map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX));
    Timestamp(0) + Millis(millis)
}

fn boot_time() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec * NANOS_PER_SECOND + time.tv_nsec
}

/// Measures how long something takes, for figures only: nothing is ever decided by it.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    started_at: i64,
}

impl Stopwatch {
    /// Begins to measure.
    pub fn start() -> Self {
        Self { started_at: boot_time() }
    }

    /// What has passed since, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "a figure needs no more than 52 bits")]
    pub fn seconds(self) -> f64 {
        (boot_time() - self.started_at) as f64 / NANOS_PER_SECOND as f64
    }
}

/// A clock that stands still until it is moved by hand. Clones are handles to the same clock.
#[derive(Clone, Debug)]
pub struct ManualClock {
    shared: Arc<Manual>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { shared: Arc::new(Manual { now: AtomicI64::new(start.0), sleepers: Mutex::default() }) }
    }

    /// Moves the clock on by `length` and wakes who is due then.
    pub fn advance(&self, length: Millis) {
        self.step(|now| now + length);
    }

    /// Puts the clock at `now`, which may be earlier than it was, and wakes who is due then.
    pub fn set(&self, now: Timestamp) {
        self.step(|_| now);
    }

    /// The earliest moment that anybody sleeps until. Lets a test wait until a sleep has begun.
    pub fn earliest_sleeper(&self) -> Option<Timestamp> {
        self.shared.sleepers().earliest()
    }

    fn step(&self, change: impl FnOnce(Timestamp) -> Timestamp) {
        let due = {
            let mut sleepers = self.shared.sleepers();
            let now = change(self.now());
            self.shared.now.store(now.0, Ordering::SeqCst);
            sleepers.take_due(now)
        };
        due.into_iter().for_each(Waker::wake);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.shared.now()
    }

    fn sleep_until(&self, deadline: Timestamp) -> Sleep {
        Box::pin(Sleeper { clock: Arc::clone(&self.shared), deadline, place: None })
    }
}

#[derive(Debug)]
struct Manual {
    now: AtomicI64,
    sleepers: Mutex<Sleepers>,
}

impl Sleepable for Manual {
    const GOES_BACK: bool = true;

    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn sleepers(&self) -> MutexGuard<'_, Sleepers> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn earliest_changed(&self, _: Timestamp) {}
}

/// What a [`Sleeper`] needs of its clock.
trait Sleepable {
    /// Whether it can be earlier than it was: then who was woken may have to be listed again.
    const GOES_BACK: bool;

    fn now(&self) -> Timestamp;
    fn sleepers(&self) -> MutexGuard<'_, Sleepers>;
    /// Called under the lock, when `deadline` has become the earliest.
    fn earliest_changed(&self, deadline: Timestamp);
}

/// Who sleeps, the earliest first. The number tells apart those with the same deadline.
#[derive(Default, Debug)]
struct Sleepers {
    wakers: BTreeMap<(Timestamp, u64), Waker>,
    next: u64,
}

impl Sleepers {
    fn earliest(&self) -> Option<Timestamp> {
        self.wakers.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    fn take_due(&mut self, now: Timestamp) -> Vec<Waker> {
        let mut due = Vec::new();
        while self.earliest().is_some_and(|deadline| deadline <= now) {
            due.extend(self.wakers.pop_first().map(|(_, waker)| waker));
        }
        due
    }
}

struct Sleeper<C: Sleepable> {
    clock: Arc<C>,
    deadline: Timestamp,
    /// Where it stands among the sleepers, and who is woken.
    place: Option<(u64, Waker)>,
}

impl<C: Sleepable> Future for Sleeper<C> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        // A task polls its sleep whenever anything else wakes it: that it stands in the list already is the usual case.
        if !C::GOES_BACK && this.place.as_ref().is_some_and(|(_, waker)| waker.will_wake(context.waker())) {
            return if this.clock.now() >= this.deadline { Poll::Ready(()) } else { Poll::Pending };
        }
        let mut sleepers = this.clock.sleepers();
        if this.clock.now() >= this.deadline {
            return Poll::Ready(());
        }
        let place = match &this.place {
            Some((place, _)) => *place,
            None => {
                sleepers.next += 1;
                sleepers.next
            }
        };
        let before = sleepers.earliest();
        let replaced = (
            sleepers.wakers.insert((this.deadline, place), context.waker().clone()),
            this.place.replace((place, context.waker().clone())),
        );
        if before.is_none_or(|earliest| this.deadline < earliest) {
            this.clock.earliest_changed(this.deadline);
        }
        // A waker may be the last to hold a task, and that task a sleep of its own: never drop one under the lock.
        drop(sleepers);
        drop(replaced);
        Poll::Pending
    }
}

impl<C: Sleepable> Drop for Sleeper<C> {
    fn drop(&mut self) {
        if let Some((place, _)) = self.place {
            // The kernel's timer stays as it is: one idle wake-up costs less than setting it again each time.
            let mut sleepers = self.clock.sleepers();
            let removed = sleepers.wakers.remove(&(self.deadline, place));
            drop(sleepers);
            drop(removed);
        }
    }
}

#[cfg(test)]
mod tests;
