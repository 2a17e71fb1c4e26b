//! Sends requests at a rate, for so long and so many at most, and keeps what the service answered.

mod mix;

use std::time::Duration;

use axum::http::{Method, Request};
use http_body_util::Empty;
use tokio::task::{JoinError, JoinSet};
use tokio::time::MissedTickBehavior;

use mix::Mix;
pub use mix::Wish;

use crate::bank::Behaviour;
use crate::client::{Bodyless, Client};
use crate::interrupt::Interrupt;
use crate::sent_request::{Answer, Began, SentRequest, wall};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long a machine that is too slow may catch up with the rate.
const CATCH_UP: Duration = Duration::from_secs(5);

/// How many requests may wait for their answer at once. Each takes two sockets of this process and two of the service, of the
/// 1,024 that a process usually may have.
const OPEN: usize = 300;

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

    /// Sends the requests until it is enough, too late, or interrupted, waits for the last answer, and gives what happened in
    /// the order in which it was sent.
    pub(crate) async fn send(
        &self,
        began: Began,
        url: &str,
        interrupt: &Interrupt,
        sent: impl Fn(),
    ) -> Result<Vec<SentRequest>, JoinError> {
        let client = Client::new();
        // The mix is the same in each run, the traces are not: a Collector may see several runs.
        let mut ids = fastrand::Rng::new();
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / self.rate.max(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let too_late = began.elapsed().saturating_add(self.lasts).saturating_add(CATCH_UP);
        let mut requests = Vec::new();
        let mut asking = JoinSet::new();
        for (number, wish) in (0..self.count()).zip(Mix::new()) {
            tokio::select! {
                // What has happened until then is judged all the same.
                () = interrupt.asked() => break,
                _ = ticks.tick() => {}
            }
            while asking.len() >= OPEN {
                requests.extend(asking.join_next().await.transpose()?);
            }
            if began.elapsed() >= too_late {
                break;
            }
            let (client, url) = (client.clone(), url.to_owned());
            let mut request = request(number, wish, &mut ids);
            asking.spawn(async move {
                request.sent = began.elapsed();
                if let Some(message) = message(&url, &request) {
                    let answer = client.send(message, PATIENCE).await;
                    request.answer = answer.ok().map(|status| Answer {
                        status: status.as_u16(),
                        at: began.elapsed(),
                        wall: wall(),
                    });
                }
                request
            });
            sent();
        }
        while let Some(request) = asking.join_next().await {
            requests.push(request?);
        }
        requests.sort_by_key(|request| request.sent);
        Ok(requests)
    }
}

/// A request that is about to be.
fn request(number: u64, wish: Wish, ids: &mut fastrand::Rng) -> SentRequest {
    // Identifiers of zeros are none (W3C Trace Context).
    let trace_id = ids.u128(1..).to_be_bytes();
    let span_id = ids.u64(1..).to_be_bytes();
    SentRequest {
        trace_id,
        span_id,
        order: format!("order-{number}"),
        wish,
        sent: Duration::ZERO,
        answer: None,
    }
}

/// The request as HTTP has it.
fn message(url: &str, request: &SentRequest) -> Option<Bodyless> {
    let order = &request.order;
    let pay = |behaviour: Behaviour, amount: i64| {
        format!("{url}/pay/{order}?behave={}&amount={amount}&method=card", behaviour.name())
    };
    let (method, uri) = match request.wish {
        Wish::Pay(behaviour) => (Method::POST, pay(behaviour, 4_200)),
        Wish::Invalid => (Method::POST, pay(Behaviour::Ok, -1)),
        Wish::Old => (Method::GET, format!("{url}/old")),
    };
    let request = Request::builder().method(method).uri(uri).header("traceparent", request.traceparent());
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

    /// What can't be sent in time is not sent at all, and nobody waits for more than a few hundred at once.
    #[tokio::test]
    async fn a_service_that_does_not_answer_ends_the_load() {
        // It is connected to, and never read from.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let load = Load { rate: 10_000, lasts: Duration::from_millis(100), requests: 1_000 };
        let requests = load.send(Began::now(), &url, &Interrupt::never(), || ()).await.unwrap();
        assert!((OPEN..1_000).contains(&requests.len()), "{} were sent", requests.len());
        assert!(requests.iter().all(|request| request.answer.is_none()));
    }

    #[test]
    fn each_request_says_which_request_it_is() {
        let mut ids = fastrand::Rng::with_seed(1);
        let (one, other) = (request(0, Wish::Invalid, &mut ids), request(1, Wish::Old, &mut ids));
        assert_ne!((one.trace_id, one.span_id), (other.trace_id, other.span_id));
        let request = message("http://127.0.0.1:1", &one).unwrap();
        assert_eq!(request.uri().path(), "/pay/order-0");
        assert_eq!(request.uri().query(), Some("behave=ok&amount=-1&method=card"));
        assert_eq!(request.headers()["traceparent"], one.traceparent());
    }
}
