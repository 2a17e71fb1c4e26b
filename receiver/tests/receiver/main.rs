//! What senders see of a receiver, over both protocols, and what it counts and keeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod grpc;
mod http;
mod keeping;
mod messages;
mod outages;

use std::time::Duration;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Long enough to send a request, and shorter than a receiver that never answers.
const IMPATIENCE: Duration = Duration::from_millis(500);
