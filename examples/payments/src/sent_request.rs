//! What happened, as the caller saw it: what everything that was received is held to.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::contracts::fin_pay::PaymentOutcome;
use crate::load::Wish;

/// A request that was sent. Its trace and its order are its own: by these it is found in what was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRequest {
    /// The trace that the caller began for it.
    pub trace_id: [u8; 16],
    /// The caller's span, which is the parent of the service's.
    pub span_id: [u8; 8],
    /// The order.
    pub order: String,
    /// What was asked for.
    pub wish: Wish,
    /// When it was sent.
    pub sent: Duration,
    /// What the service answered; `None` where it didn't.
    pub answer: Option<Answer>,
}

/// What the service answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code of HTTP.
    pub status: u16,
    /// When the caller had it.
    pub at: Duration,
    /// The same by the system's clock, in nanoseconds since 1970: to compare with times that points of metrics have.
    pub wall: u64,
}

/// When a run began. All times of a run are since then, by a clock that is never set.
#[derive(Clone, Copy, Debug)]
pub struct Began(Instant);

impl Began {
    /// Now.
    #[must_use]
    pub fn now() -> Began {
        Began(Instant::now())
    }

    pub(crate) fn until(self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.0)
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The system's clock, in nanoseconds since 1970.
pub(crate) fn wall() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

impl SentRequest {
    /// The `traceparent` that the request carries (W3C Trace Context): of the version 00, sampled.
    pub(crate) fn traceparent(&self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("00-{}-{}-01", hex(&self.trace_id), hex(&self.span_id))
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.answer.map(|answer| answer.status)
    }

    /// Whether it is about a payment.
    pub(crate) fn is_payment(&self) -> bool {
        self.wish != Wish::Old
    }

    /// The outcome of the payment, where it is one of what the reference contract knows. It is told by what the service
    /// answered, not by what was wished for: on a busy machine a bank that isn't slow may be late.
    pub(crate) fn outcome(&self) -> Option<PaymentOutcome> {
        match self.status() {
            Some(200) if self.is_payment() => Some(PaymentOutcome::Succeeded),
            Some(402) => Some(PaymentOutcome::Rejected),
            Some(504) => Some(PaymentOutcome::Timeout),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_traceparent_of_its_own() {
        let request = SentRequest {
            trace_id: *b"0123456789abcdef",
            span_id: [1; 8],
            order: "1".to_owned(),
            wish: Wish::Old,
            sent: Duration::ZERO,
            answer: None,
        };
        assert_eq!(request.traceparent(), "00-30313233343536373839616263646566-0101010101010101-01");
    }
}
