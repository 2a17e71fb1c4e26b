//! What is known of a request that was handed to a connection.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use http_body::{Body, Frame};
use prost::bytes::Bytes;

use crate::delivery::answer::{Answer, Retry};

/// So many bytes are handed over at once.
const PIECE: usize = 16 * 1024;

const SENDING: u8 = 0;
const WHOLE: u8 = 1;
const WITHDRAWN: u8 = 2;

/// Whether the last byte of a request was handed to the connection, or will never be. A server can't process a message
/// whose end it does not have.
#[derive(Debug, Default)]
pub(super) struct Handover(AtomicU8);

impl Handover {
    /// The request's body: this message.
    pub(super) fn body(self: &Arc<Handover>, message: Bytes) -> tonic::body::Body {
        tonic::body::Body::new(Handed { rest: message, handover: Arc::clone(self) })
    }

    /// The outcome of a request to which no answer came, and none can come any more.
    pub(super) fn broken(&self, why: String) -> Answer {
        match self.change(WITHDRAWN) {
            Ok(_) | Err(WITHDRAWN) => not_sent(&why),
            Err(_) => Answer::lost(why),
        }
    }

    /// From `SENDING` to this; else what it is.
    fn change(&self, to: u8) -> Result<u8, u8> {
        self.0.compare_exchange(SENDING, to, Ordering::SeqCst, Ordering::SeqCst)
    }
}

/// The outcome of a request that the receiver does not have.
pub(super) fn not_sent(why: &str) -> Answer {
    Answer::Refused { why: format!("not sent: {why}"), retry: Retry::After(None) }
}

/// The body of a request, and what is left of it.
struct Handed {
    rest: Bytes,
    handover: Arc<Handover>,
}

impl Body for Handed {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        if self.rest.is_empty() && self.handover.change(WHOLE).is_err() {
            // The sender no longer waits, and has counted the request as not sent.
            return Poll::Ready(Some(Err(std::io::ErrorKind::TimedOut.into())));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }
}
