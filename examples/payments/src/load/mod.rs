//! Sends requests at a rate, for so long and so many at most, and keeps what the service answered.

mod mix;

use std::time::Duration;

use axum::http::{Method, Request};
use http_body_util::Empty;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

pub use mix::Wish;
use mix::{Mix, Numbers};

use crate::bank::Behaviour;
use crate::client::{Bodyless, Client};
use crate::fact::{Answer, Began, Fact, wall};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many requests are sent, how fast, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Requests in a second. They are sent whether or not earlier ones have been answered.
    pub rate: u32,
    /// For how long they are sent.
    pub lasts: Duration,
    /// How many are sent at most.
    pub requests: u64,
}

impl Load {
    /// How many requests are sent.
    #[must_use]
    pub fn count(&self) -> u64 {
        let in_time = self.lasts.as_millis().saturating_mul(u128::from(self.rate)).div_ceil(1_000);
        self.requests.min(u64::try_from(in_time).unwrap_or(u64::MAX))
    }

    /// Sends the requests until it is enough, or interrupted, waits for the last answer, and gives what happened in the order in which it was sent.
    pub(crate) async fn send(&self, began: Began, url: &str, sent: impl Fn()) -> Vec<Fact> {
        let client = Client::new();
        // The mix is the same in each run, the traces are not: a Collector may see several runs.
        let mut ids = Numbers(wall());
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / self.rate.max(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut asking = JoinSet::new();
        for (number, wish) in (0..self.count()).zip(Mix::new()) {
            tokio::select! {
                _ = ticks.tick() => {}
                // What has happened until then is judged all the same.
                _ = tokio::signal::ctrl_c() => break,
            }
            let (client, url) = (client.clone(), url.to_owned());
            let mut fact = fact(number, wish, &mut ids);
            asking.spawn(async move {
                fact.sent = began.elapsed();
                if let Some(request) = request(&url, &fact) {
                    let answer = client.send(request, PATIENCE).await;
                    fact.answer = answer.ok().map(|status| Answer {
                        status: status.as_u16(),
                        at: began.elapsed(),
                        wall: wall(),
                    });
                }
                fact
            });
            sent();
        }
        let mut facts = asking.join_all().await;
        facts.sort_by_key(|fact| fact.sent);
        facts
    }
}

/// A fact that is about to be.
fn fact(number: u64, wish: Wish, ids: &mut Numbers) -> Fact {
    let mut trace_id = [0; 16];
    let (high, low) = trace_id.split_at_mut(8);
    high.copy_from_slice(&ids.next().to_be_bytes());
    low.copy_from_slice(&ids.next().to_be_bytes());
    let span_id = ids.next().to_be_bytes();
    Fact { trace_id, span_id, order: format!("order-{number}"), wish, sent: Duration::ZERO, answer: None }
}

fn request(url: &str, fact: &Fact) -> Option<Bodyless> {
    let order = &fact.order;
    let pay = |behaviour: Behaviour, amount: i64| {
        format!("{url}/pay/{order}?behave={}&amount={amount}&method=card", behaviour.name())
    };
    let (method, uri) = match fact.wish {
        Wish::Pay(behaviour) => (Method::POST, pay(behaviour, 4_200)),
        Wish::Invalid => (Method::POST, pay(Behaviour::Ok, -1)),
        Wish::Old => (Method::GET, format!("{url}/old")),
    };
    let request = Request::builder().method(method).uri(uri).header("traceparent", fact.traceparent());
    request.body(Empty::new()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_ends_by_its_time_or_by_its_count() {
        let load = Load { rate: 40, lasts: Duration::from_millis(1_510), requests: 100 };
        assert_eq!(load.count(), 61);
        assert_eq!(Load { requests: 7, ..load }.count(), 7);
    }

    #[test]
    fn each_request_says_which_fact_it_is() {
        let mut ids = Numbers(1);
        let (one, other) = (fact(0, Wish::Invalid, &mut ids), fact(1, Wish::Old, &mut ids));
        assert_ne!((one.trace_id, one.span_id), (other.trace_id, other.span_id));
        let request = request("http://127.0.0.1:1", &one).unwrap();
        assert_eq!(request.uri().path(), "/pay/order-0");
        assert_eq!(request.uri().query(), Some("behave=ok&amount=-1&method=card"));
        assert_eq!(request.headers()["traceparent"], one.traceparent());
    }
}
