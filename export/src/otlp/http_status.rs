//! What a status of HTTP says of a request.

use std::time::{Duration, SystemTime};

use ::http::{HeaderMap, StatusCode, header};

use crate::delivery::answer::{Answer, Retry};

/// A receiver is not obeyed beyond this: a batch would only grow old.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The answer of a receiver that says by its status that it did not take a request. `words` is what else it said.
///
/// | status | |
/// |---|---|
/// | 429, 503 | refused; may be sent again, after what `Retry-After` says (OTLP specification, "OTLP/HTTP Throttling") |
/// | 502, 504 | unanswered: something in between gave up waiting, and may have handed the request on before; may be sent again likewise |
/// | 408 | unanswered, for the same reason; not sent again (section "Retryable Response Codes") |
/// | all others, redirects among them | refused; sent again, it would be refused again |
pub(super) fn answer(status: StatusCode, headers: &HeaderMap, words: &str, now: SystemTime) -> Answer {
    let mut why = format!("answered {status}");
    if status.is_redirection() {
        why.push_str(", which is not followed; set the endpoint to where it leads");
    }
    if !words.is_empty() {
        why.push_str(": ");
        why.push_str(words);
    }
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Answer::Refused { why, retry: Retry::After(retry_after(headers, now)) }
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            Answer::Unanswered { why, retry: Retry::After(retry_after(headers, now)) }
        }
        StatusCode::REQUEST_TIMEOUT => Answer::Unanswered { why, retry: Retry::Never },
        _ => Answer::Refused { why, retry: Retry::Never },
    }
}

/// The pause that a receiver asks for, in seconds or until a date (RFC 9110, section 10.2.3). None where it asks for none,
/// or for none that can be understood.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).ok()?,
    };
    bounded(pause)
}

/// A pause, as far as it is obeyed. None at all is no pause that was asked for: the sender's own keeps it from hurrying.
pub(super) fn bounded(pause: Duration) -> Option<Duration> {
    (!pause.is_zero()).then_some(pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::UNIX_EPOCH;

    use super::*;

    fn after(text: &'static str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]);
        retry_after(&headers, UNIX_EPOCH + Duration::from_secs(784_111_770))
    }

    #[test]
    fn a_pause_is_in_seconds_or_until_a_date() {
        assert_eq!(after("120"), Some(Duration::from_secs(120)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:00 GMT"), None, "it is past");
        assert_eq!(after("0"), None);
        assert_eq!(after("-1"), None);
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn a_receiver_can_not_keep_a_batch_for_ever() {
        assert_eq!(after("18446744073709551615"), Some(LONGEST_PAUSE));
        assert_eq!(after("99999999999999999999999"), None);
    }
}
