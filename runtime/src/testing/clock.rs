//! A clock that stands still.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Clock;

/// A clock for tests, which stands still until the test moves it. It begins at 2026-01-01T00:00:00Z.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<Mutex<Times>>);

#[derive(Clone, Copy, Debug)]
struct Times {
    wall: SystemTime,
    elapsed: Duration,
}

/// 2026-01-01T00:00:00Z.
const BEGIN: Duration = Duration::from_secs(1_767_225_600);

impl Default for TestClock {
    fn default() -> TestClock {
        TestClock(Arc::new(Mutex::new(Times { wall: UNIX_EPOCH + BEGIN, elapsed: Duration::ZERO })))
    }
}

impl TestClock {
    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.change(|times| {
            times.wall = times.wall.checked_add(by).unwrap_or(times.wall);
            times.elapsed = times.elapsed.saturating_add(by);
        });
    }

    /// Sets the wall clock alone, back too, as an administrator or a time server does.
    pub fn set(&self, wall: SystemTime) {
        self.change(|times| times.wall = wall);
    }

    fn change(&self, change: impl FnOnce(&mut Times)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn times(&self) -> Times {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.times().wall
    }

    fn elapsed(&self) -> Duration {
        self.times().elapsed
    }
}
