//! Sending something until it is known what became of it.

pub(crate) mod answer;
pub(crate) mod backoff;
pub(crate) mod orders;
pub(crate) mod trouble;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::delivery::answer::{Answer, Retry};
use crate::delivery::backoff::Backoff;
use crate::delivery::orders::Orders;

/// The outcome of something that was sent, once or more often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The receiver has it, but for so many that it rejected.
    pub(crate) taken: Option<u64>,
    /// A try got no answer: the receiver may have it from that one.
    pub(crate) is_doubtful: bool,
    /// Whether there was time for a try.
    pub(crate) is_tried: bool,
    /// The receiver asks to be left alone for so long, which is longer than it could be waited for here.
    pub(crate) pause: Option<Duration>,
}

impl Delivery {
    const UNTRIED: Delivery = Delivery { taken: None, is_doubtful: false, is_tried: false, pause: None };
}

/// How long something is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// In all.
    pub(crate) whole: Duration,
    /// Each time.
    pub(crate) timeout: Duration,
}

/// What a delivery is told by and tells.
pub(crate) struct Delivering<'d> {
    pub(crate) patience: Patience,
    pub(crate) orders: &'d Orders,
    /// Is told before and after each try whether the receiver may have it.
    pub(crate) may_have_arrived: &'d dyn Fn(bool),
    /// Is told of trouble.
    pub(crate) trouble: &'d dyn Fn(&str),
}

impl Delivering<'_> {
    /// Sends until it is known what became of it, or for as long as it may be tried.
    pub(crate) fn deliver(&self, mut send: impl FnMut(Duration) -> Answer) -> Delivery {
        let patience = Instant::now() + self.patience.whole;
        let mut backoff = Backoff::default();
        let mut delivery = Delivery::UNTRIED;
        loop {
            let until = self.orders.until().map_or(patience, |until| until.min(patience));
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return delivery;
            }
            delivery.is_tried = true;
            (self.may_have_arrived)(true);
            let within = left.min(self.patience.timeout);
            let answer = catch_unwind(AssertUnwindSafe(|| send(within)));
            let (why, retry) = match answer {
                Ok(Answer::Taken { rejected, why }) => {
                    if rejected > 0 {
                        (self.trouble)(&format!("{rejected} rejected: {why}"));
                    } else if !why.is_empty() {
                        // A receiver may warn (OTLP specification, "Partial Success").
                        (self.trouble)(&format!("taken: {why}"));
                    }
                    return Delivery { taken: Some(rejected), ..delivery };
                }
                Ok(Answer::Refused { why, retry }) => (why, retry),
                Ok(Answer::Unanswered { why, retry }) => {
                    delivery.is_doubtful = true;
                    (why, retry)
                }
                Err(panic) => {
                    delivery.is_doubtful = true;
                    (panicked(panic.as_ref()), Retry::Never)
                }
            };
            (self.may_have_arrived)(delivery.is_doubtful);
            (self.trouble)(&why);
            let Retry::After(asked) = retry else { return delivery };
            let pause = asked.unwrap_or_else(|| backoff.next());
            // Where there is no time left for another try there is none to wait for either.
            if Instant::now() + pause >= until {
                return Delivery { pause: asked, ..delivery };
            }
            self.orders.sleep(pause);
        }
    }
}

/// That something panicked, and what it said.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> String {
    format!("panicked: {}", last_words(panic))
}

/// What a panic says.
pub(crate) fn last_words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test of one")]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn deliver(patience: Duration, answers: &[Answer]) -> (Delivery, usize) {
        let orders = Orders::default();
        let delivering = Delivering {
            patience: Patience { whole: patience, timeout: HOUR },
            orders: &orders,
            may_have_arrived: &|_| {},
            trouble: &|_| {},
        };
        let mut tries = 0;
        let delivery = delivering.deliver(|_| {
            tries += 1;
            answers.get(tries - 1).cloned().unwrap_or_else(|| panic!("one try too many"))
        });
        (delivery, tries)
    }

    fn refused(retry: Retry) -> Answer {
        Answer::Refused { why: String::new(), retry }
    }

    fn taken(rejected: u64) -> Answer {
        Answer::Taken { rejected, why: String::new() }
    }

    #[test]
    fn what_is_refused_for_good_is_not_sent_again() {
        let delivery = Delivery { is_tried: true, ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[refused(Retry::Never)]), (delivery, 1));
    }

    #[test]
    fn what_is_refused_for_now_is_sent_again() {
        let again = refused(Retry::After(Some(Duration::ZERO)));
        let delivery = Delivery { taken: Some(0), is_tried: true, ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[again.clone(), again, taken(0)]), (delivery, 3));
    }

    #[test]
    fn a_lost_answer_stays_in_doubt_whatever_comes_after_it() {
        let unanswered = Answer::lost(String::new());
        let doubt = Delivery { is_doubtful: true, is_tried: true, ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[unanswered.clone(), refused(Retry::Never)]), (doubt, 2));
        let part = Delivery { taken: Some(3), ..doubt };
        assert_eq!(deliver(HOUR, &[unanswered, taken(3)]), (part, 2));
    }

    #[test]
    fn what_was_answered_in_words_that_nobody_understands_is_not_sent_again() {
        let unread = Answer::Unanswered { why: String::new(), retry: Retry::Never };
        let doubt = Delivery { is_doubtful: true, is_tried: true, ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[unread]), (doubt, 1));
    }

    #[test]
    fn a_panic_is_a_lost_answer() {
        let doubt = Delivery { is_doubtful: true, is_tried: true, ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[]), (doubt, 1));
    }

    #[test]
    fn without_time_nothing_is_tried() {
        assert_eq!(deliver(Duration::ZERO, &[]), (Delivery::UNTRIED, 0));
    }

    #[test]
    fn who_is_told_to_come_back_too_late_is_not_waited_for() {
        let late = refused(Retry::After(Some(2 * HOUR)));
        let delivery = Delivery { is_tried: true, pause: Some(2 * HOUR), ..Delivery::UNTRIED };
        assert_eq!(deliver(HOUR, &[late]), (delivery, 1));
    }
}
