//! Counter and span count different things: a filter counts a redirected request twice, the tracer once.

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, Tracer};
use slo::Running;
use slo::testing::Recorder;

use super::attributes;
use super::contracts::{CONTRACT, scenarios};
use super::ordinary::Ordinary;
use scenarios::{Answer, Redirect, RedirectLater};

const REQUESTS: usize = 100;

#[test]
fn an_ordinary_filter_counts_a_redirect_twice() {
    let ordinary = Ordinary::new();
    let counter = ordinary.meter.u64_counter("http_requests").build();
    for _ in 0..REQUESTS {
        // The filter runs for the request, and again for what it is dispatched to.
        let filter = || counter.add(1, &[KeyValue::new("code", 302_i64)]);
        filter();
        let mut span = ordinary.tracer.start("GET /old");
        filter();
        span.end();
    }
    let counted: u64 = ordinary.counter("http_requests").iter().map(|(_, count)| count).sum();
    assert_eq!((counted, ordinary.spans().len()), (200, 100));
}

/// Every way out of a handler.
#[derive(Clone, Copy)]
enum Way {
    End,
    Return,
    Question,
    Panic,
    Cancelled,
}

async fn handle(way: Way) -> Result<(), std::num::ParseIntError> {
    let mut redirect = Redirect { later: RedirectLater::default() }.begin();
    redirect.run(tokio::task::yield_now()).await;
    match way {
        Way::End => {
            redirect.answer = Some(Answer::Redirected);
            redirect.end();
            Ok(())
        }
        Way::Return => Ok(()),
        Way::Question => "no number".parse::<u32>().map(drop),
        Way::Panic => panic!("the handler gave up"),
        Way::Cancelled => std::future::pending().await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_contract_counter_and_span_have_one_boundary() {
    let recorder = Recorder::new(&CONTRACT);
    let ways = [Way::End, Way::Return, Way::Question, Way::Panic, Way::Cancelled];
    let mut tasks = Vec::new();
    for number in 0..REQUESTS {
        let way = ways[number % ways.len()];
        tasks.push((way, tokio::spawn(recorder.run(handle(way)))));
    }
    for (way, task) in tasks {
        match way {
            Way::Cancelled => {
                tokio::task::yield_now().await;
                task.abort();
                assert!(task.await.is_err());
            }
            Way::Panic => assert!(task.await.is_err()),
            _ => drop(task.await.unwrap()),
        }
    }
    let (spans, logs, points) = (recorder.spans(), recorder.logs(), recorder.points());
    let counted: f64 =
        points.iter().filter(|point| point.metric == "http.redirects").map(|point| point.value).sum();
    // A task that is cancelled before it first ran never began its event: then nothing counts it.
    assert_eq!(counted as usize, spans.len());
    assert_eq!(logs.len(), spans.len());
    assert!(spans.len() >= REQUESTS - REQUESTS / ways.len(), "{}", spans.len());
    let redirected = spans.iter().filter(|span| {
        attributes(&span.attributes).iter().any(|(key, _)| key == "http.response.status_code")
    });
    assert_eq!(redirected.count(), REQUESTS / ways.len());
}
