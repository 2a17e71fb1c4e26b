//! For tests of a program: where events go that a test looks at.
//!
//! An [`Recorder`] needs no runtime and no network, touches nothing global, and has a clock and identifiers of its own, so that
//! tests run side by side and say the same each time.

mod clock;
mod ids;
mod lines;
mod memory;
mod points;
mod recorder;

pub use clock::TestClock;
pub use ids::SequentialIds;
pub use lines::Recorded;
pub use points::Point;
pub use recorder::{Recorder, RecorderBuilder};
