//! What becomes of a request that could be read.

use std::sync::Arc;

use hyper::{HeaderMap, StatusCode};
use tonic::Code;

use super::shared::Shared;
use crate::done::End;
use crate::export::{Export, drop_last, records};
use crate::{Arrival, Error, Protocol, Reaction, Refusal, Signal, Silence};

/// What is said of a request.
pub(super) enum Verdict<R> {
    Answer(R),
    Refuse(Refusal),
    Silence(Silence),
}

/// Does with a request what the plan says.
pub(super) async fn deal<M: Export>(
    shared: &Arc<Shared>,
    protocol: Protocol,
    headers: &HeaderMap,
    mut message: M,
) -> Verdict<M::Response> {
    let records = records(&mut message);
    let mut open = Open::new(shared, M::SIGNAL, records);
    let (plan, number) = shared.next(M::SIGNAL);
    let arrival = Arrival { signal: M::SIGNAL, protocol, number, records, headers };
    let reaction = plan.reaction(&arrival);
    let rejected = match reaction {
        Reaction::RejectLast(count) => Some(drop_last(&mut message, count)),
        _ => None,
    };
    match reaction {
        Reaction::Refuse(refusal) => {
            open.end(End::Refused);
            return Verdict::Refuse(refusal);
        }
        Reaction::DropUnanswered(silence) => {
            open.end(End::UnansweredDropped);
            return Verdict::Silence(silence);
        }
        Reaction::Take | Reaction::TakeLate(_) | Reaction::RejectLast(_) | Reaction::TakeUnanswered(_) => {}
    }
    if let Err(error) = shared.store().keep(message, protocol, headers) {
        open.end(End::Refused);
        return Verdict::Refuse(full(&error));
    }
    open.is_kept = true;
    match reaction {
        Reaction::TakeUnanswered(silence) => {
            open.end(End::UnansweredTaken);
            return Verdict::Silence(silence);
        }
        Reaction::TakeLate(pause) => tokio::time::sleep(pause).await,
        _ => {}
    }
    open.end(End::Taken { rejected: rejected.unwrap_or(0) });
    Verdict::Answer(M::response(rejected))
}

/// What is said where no more is kept: sending it again does not help.
fn full(error: &Error) -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Code::ResourceExhausted).message(error.to_string())
}

/// A request that has no end yet. Where the sender stops waiting, what would have answered is dropped, and this with it.
struct Open<'a> {
    shared: &'a Shared,
    signal: Signal,
    records: u64,
    is_kept: bool,
    is_over: bool,
}

impl<'a> Open<'a> {
    fn new(shared: &'a Shared, signal: Signal, records: u64) -> Open<'a> {
        shared.receive(signal, records);
        Open { shared, signal, records, is_kept: false, is_over: false }
    }

    fn end(&mut self, end: End) {
        self.is_over = true;
        self.shared.end(self.signal, end, self.records);
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.end(if self.is_kept { End::UnansweredTaken } else { End::UnansweredDropped });
        }
    }
}
