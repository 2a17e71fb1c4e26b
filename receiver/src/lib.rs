//! A receiver of logs, spans and metrics over OTLP, by gRPC and by HTTP, on real sockets: for tests of what sends them. It
//! keeps what it took, fails as a [`Plan`] says, and counts what it did, so that a test has something to hold the
//! sender's own account to.
//!
//! ```
//! use slo_receiver::{Plan, Reaction, Receiver, Refusal, Signal};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let receiver = Receiver::start(Plan::script([Reaction::Refuse(Refusal::unavailable()), Reaction::Take]))?;
//! let endpoint = receiver.http_endpoint();
//! // … send one log record to the endpoint, until it is taken …
//! # let _ = endpoint;
//! let done = receiver.done(Signal::Logs);
//! assert_eq!(done.taken.records, receiver.digest()?.logs.records());
//! # Ok(())
//! # }
//! ```

mod arrival;
mod digest;
mod done;
mod error;
mod everything;
mod export;
mod keep;
mod moment;
mod plan;
mod reaction;
mod receiver;
mod refusal;
mod server;
mod signal;
mod store;

pub use arrival::Arrival;
pub use digest::{Context, Digest, Exemplar, Id, Kind, Metrics, Reading, Records, Seen, Series};
pub use done::{Count, Done};
pub use error::Error;
pub use everything::{Everything, Received};
pub use hyper::{HeaderMap, StatusCode};
pub use keep::Keep;
pub use moment::Moment;
pub use plan::Plan;
pub use reaction::{Reaction, Silence};
pub use receiver::{Receiver, ReceiverBuilder};
pub use refusal::Refusal;
pub use signal::{Protocol, Signal};
pub use tonic::Code;
