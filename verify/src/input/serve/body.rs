//! A request's body as it comes: bounded in length, in time and in memory.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body, Frame};
use hyper::body::{Buf, Bytes, Incoming};
use tokio::time::Sleep;

use super::Shared;
use super::budget::Hold;
use crate::input::limits::LARGEST_REQUEST;
use crate::input::refusal::{Problem, Wrong};

/// Why a request can't be read, for whoever answers it.
pub(super) type Fault = Arc<OnceLock<Problem>>;

/// The body. Past a limit it fails, and the fault is known.
pub(super) struct Bounded {
    body: Incoming,
    end: Pin<Box<Sleep>>,
    time: Duration,
    taken: usize,
    most: usize,
    hold: Hold,
    /// The first bytes of a message over gRPC, which say how long it is.
    prefix: Option<Vec<u8>>,
    fault: Fault,
}

impl Bounded {
    pub(super) fn new(body: Incoming, shared: &Shared, is_grpc: bool, fault: &Fault) -> Bounded {
        // What never fits isn't to be sent again.
        let most = LARGEST_REQUEST.min(shared.budget.whole());
        Bounded {
            body,
            end: Box::pin(tokio::time::sleep(shared.body_time)),
            time: shared.body_time,
            taken: 0,
            // A message over gRPC has a prefix.
            most: if is_grpc { most.saturating_add(5) } else { most },
            hold: shared.budget.hold(),
            prefix: is_grpc.then(Vec::new),
            fault: Arc::clone(fault),
        }
    }

    fn fail(&self, problem: Problem) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        _ = self.fault.set(problem);
        Poll::Ready(Some(Err(Broken)))
    }

    /// What is wrong with it so far.
    fn look(&mut self, data: &Bytes) -> Result<(), Problem> {
        self.taken = self.taken.saturating_add(data.len());
        let mut wanted = self.taken;
        if let Some(prefix) = &mut self.prefix {
            let missing = 5_usize.saturating_sub(prefix.len());
            prefix.extend(data.iter().take(missing));
            if let [_, length @ ..] = prefix.as_slice()
                && let Ok(length) = <[u8; 4]>::try_from(length)
            {
                // Whoever reads it makes room for all of it at once.
                wanted = wanted.max(usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX));
            }
        }
        if wanted > self.most {
            return Err(Problem::new(Wrong::TooLarge, format!("more than {} bytes", self.most)));
        }
        if !self.hold.grow_to(wanted) {
            return Err(Problem::new(Wrong::Full, "requests fill the memory that they may take"));
        }
        Ok(())
    }
}

impl Body for Bounded {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let body = &mut *self;
        if body.end.as_mut().poll(context).is_ready() {
            let detail = format!("the body had {} bytes after {:?}", body.taken, body.time);
            return body.fail(Problem::new(Wrong::Slow, detail));
        }
        match Pin::new(&mut body.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => match frame.data_ref().map_or(Ok(()), |data| body.look(data)) {
                Ok(()) => Poll::Ready(Some(Ok(frame))),
                Err(problem) => body.fail(problem),
            },
            Poll::Ready(Some(Err(error))) => {
                body.fail(Problem::new(Wrong::Truncated, format!("the body breaks off: {error}")))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// All that is left of bytes.
pub(super) fn rest(mut bytes: impl Buf) -> Bytes {
    bytes.copy_to_bytes(bytes.remaining())
}

/// That a body can't be read on. What the matter is stands in its fault.
#[derive(Debug)]
pub(super) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body can't be read")
    }
}

impl std::error::Error for Broken {}
