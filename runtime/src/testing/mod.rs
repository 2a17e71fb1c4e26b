//! For tests of a program: where facts go that a test looks at.
//!
//! An [`Exit`] needs no runtime and no network, touches nothing global, and has a clock and identifiers of its own, so that
//! tests run side by side and say the same each time.

mod clock;
mod exit;
mod ids;
mod lines;
mod memory;
mod points;

pub use clock::TestClock;
pub use exit::{Exit, ExitBuilder};
pub use ids::CountedIds;
pub use lines::Said;
pub use points::Point;
