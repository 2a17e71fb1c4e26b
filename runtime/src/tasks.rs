//! Threads, tasks and jobs that carry OpenTelemetry's current context with them.

#[cfg(feature = "rayon")]
pub use crate::context::rayon;
#[cfg(feature = "tokio")]
pub use crate::context::tokio;
pub use crate::context::{Carried, carry, carry_each, carry_future, thread};
