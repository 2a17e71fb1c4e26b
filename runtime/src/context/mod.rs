//! The context goes along: OpenTelemetry's context of the code that spawns, with the span that runs and the telemetry
//! that events go to, becomes that of what is spawned.
//!
//! Whatever is carried runs under exactly the context of the code that carried it, an empty one too, and the thread has
//! its own context back afterwards, on a panic as well. So nothing that is carried ever sees the identifiers of what ran
//! on the thread before, or waits on it.

mod carried;
#[cfg(feature = "rayon")]
pub mod rayon;
pub mod thread;
#[cfg(feature = "tokio")]
pub mod tokio;

pub use carried::{Carried, carry, carry_each, carry_future};
