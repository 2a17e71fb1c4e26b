//! Logs and spans written by hand are held to the contract.
//! Which call sites are switched on is known of the whole process, so that this stands alone.
#![allow(clippy::unwrap_used, reason = "tests")]

mod events;

use std::sync::{Arc, Barrier, Mutex};

use events::CONTRACT;
use opentelemetry::Context;
use slo::testing::Recorder;
use slo::{Problem, ProblemKind};
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Level, debug, info, info_span, trace};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;
use tracing_subscriber::registry::LookupSpan;

/// What was told, without the places in this file.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Problem>>>);

impl Told {
    /// Has `work` log to the layer. What it told of, a line each.
    fn by(work: impl FnOnce()) -> Vec<String> {
        let told = Told::default();
        tracing::dispatcher::with_default(&told.dispatch(), work);
        told.lines()
    }

    fn layer<S: tracing::Subscriber + for<'s> LookupSpan<'s>>(&self) -> impl Layer<S> + Send + Sync {
        let all = Arc::clone(&self.0);
        slo::tracing::layer_telling(&CONTRACT, move |problem| all.lock().unwrap().push(problem.clone()))
    }

    fn dispatch(&self) -> Dispatch {
        Dispatch::new(registry().with(self.layer()))
    }

    fn lines(&self) -> Vec<String> {
        let line = |problem: &Problem| {
            let why = problem.why.split(", at ").next().unwrap();
            format!("{:?} {}: {why}", problem.kind, problem.what)
        };
        self.0.lock().unwrap().iter().map(line).collect()
    }
}

#[test]
fn a_name_that_is_nearly_a_key_is_told_once_for_each_call_site() {
    let told = Told::by(|| {
        for _ in 0..3 {
            info!(http_route = "/pay", "charged");
        }
        info!(http_route = "/pay", order.di = "1", "charged again");
    });
    assert_eq!(
        told,
        [
            "Misspelt http_route: write `http.route`",
            "Misspelt http_route: write `http.route`",
            "Misspelt order.di: write `order.id`",
        ]
    );
}

#[test]
fn a_problem_says_where() {
    let told = Told::default();
    tracing::dispatcher::with_default(&told.dispatch(), || {
        info!(http_route = "/pay");
        info!(name: "charged", http_route = "/pay");
        info_span!("request", http.status = "ok");
    });
    let said: Vec<String> = told.0.lock().unwrap().iter().map(ToString::to_string).collect();
    let line = line!();
    let at = |before: u32| format!("{}:{}", file!(), line - before);
    assert_eq!(
        said,
        [
            format!("`http_route` of `event {}` is nearly a key of the contract: write `http.route`", at(5)),
            format!(
                "`http_route` of `charged` is nearly a key of the contract: write `http.route`, at {}",
                at(4)
            ),
            format!(
                "`http.status` of `request` does not fit its key: expected `int`, found a `string`, at {}",
                at(3)
            ),
        ]
    );
}

#[test]
fn a_key_and_any_other_name_are_fine() {
    let told = Told::by(|| {
        info!(http.route = "/pay", http.status = 200, payment.share = 0.5, retried = false);
        info!(order.id = %1, payment.method = "card", "a message, though no key");
        info!(route = "/pay", user = "ann", colour = 3, "names that are nobody's business");
        info_span!("request", otel.name = "GET /pay", otel.kind = "server", order.id = ?1);
    });
    assert_eq!(told, [] as [&str; 0]);
}

#[test]
fn a_value_that_does_not_fit_its_key_is_told_once_for_each_call_site_and_field() {
    let told = Told::by(|| {
        for status in [99, 600, 200] {
            info!(http.status = status, payment.method = "cash");
        }
        info!(http.status = 99);
    });
    assert_eq!(
        told,
        [
            "Misfit http.status: `99` is outside the range `100..=599`",
            "Misfit payment.method: `cash` is none of `card`, `wallet`",
            "Misfit http.status: `99` is outside the range `100..=599`",
        ]
    );
}

#[test]
fn a_value_has_the_type_that_goes_out_of_tracing() {
    let told = Told::by(|| {
        info!(http.status = %200);
        info!(http.status = 200.0);
        info!(http.status = u64::MAX);
        info!(http.route = 7_u8);
        info!(retried = "false");
        info!(payment.share = 1);
        info!(payment.tags = ?["a", "b"]);
        info!(payment.method = ?"card");
        info!(payment.method = %"card");
        info!(order.id = &std::io::Error::other("no order") as &(dyn std::error::Error + 'static));
    });
    assert_eq!(
        told,
        [
            "Misfit http.status: expected `int`, found text, by `%` or `?`",
            "Misfit http.status: expected `int`, found a `double`",
            "Misfit http.status: `18446744073709551615` does not fit a signed integer of 64 bits",
            "Misfit http.route: expected `string`, found an `int`",
            "Misfit retried: expected `bool`, found a `string`",
            "Misfit payment.share: expected `double`, found an `int`",
            "Misfit payment.tags: expected `string[]`, found text, by `%` or `?`",
            "Misfit payment.method: `\\\"card\\\"` is none of `card`, `wallet`",
        ]
    );
}

#[test]
fn a_field_is_looked_at_when_it_first_has_a_value() {
    let told = Told::by(|| {
        for status in [None, None, Some(7), Some(8)] {
            info!(http.status = status);
        }
        let span = info_span!("request", http.status = tracing::field::Empty, retried = 0);
        span.record("http.status", 7);
        span.record("http.status", 8);
    });
    assert_eq!(
        told,
        [
            "Misfit http.status: `7` is outside the range `100..=599`",
            "Misfit retried: expected `bool`, found an `int`",
            "Misfit http.status: `7` is outside the range `100..=599`",
        ]
    );
}

#[test]
fn what_exporters_and_the_sdk_say_is_left_alone() {
    let told = Told::by(|| {
        info!(target: "opentelemetry_sdk", http_route = "/v1/traces");
        info!(target: "opentelemetry-otlp", http_route = "/v1/traces");
        info!(target: "h2::client", retried = "no");
        info_span!(target: "tonic::transport", "export", http.status = "ok");
        {
            let _suppressed = Context::enter_telemetry_suppressed_scope();
            info!(http_route = "/v1/traces");
        }
        info!(target: "tower_http::trace", http_route = "/pay");
    });
    assert_eq!(told, ["Misspelt http_route: write `http.route`"]);
}

#[test]
fn many_threads_at_one_call_site_tell_once() {
    const THREADS: usize = 8;
    let told = Told::default();
    let (dispatch, all) = (told.dispatch(), Barrier::new(THREADS));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                tracing::dispatcher::with_default(&dispatch, || {
                    all.wait();
                    info!(http_route = "/pay", http.status = 7);
                });
            });
        }
    });
    let mut told = told.lines();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "Misfit http.status: `7` is outside the range `100..=599`",
            "Misspelt http_route: write `http.route`"
        ]
    );
}

#[test]
fn problems_go_where_those_of_facts_go() {
    let recorder = Recorder::new(&CONTRACT);
    let dispatch = Dispatch::new(registry().with(slo::tracing::layer(&CONTRACT)));
    tracing::dispatcher::with_default(&dispatch, || {
        let log = || info!(http_route = "/pay");
        // There is no telemetry yet.
        log();
        recorder.in_scope(log);
    });
    let problems = recorder.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].kind, problems[0].what), (ProblemKind::Misspelt, "http_route"));
    recorder.assert_nothing_recorded();
}

/// A layer that keeps the levels that it sees.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Level>>>);

impl<S: tracing::Subscriber> Layer<S> for Seen {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        self.0.lock().unwrap().push(*event.metadata().level());
    }
}

#[test]
fn it_switches_nothing_on_for_other_layers() {
    let (told, seen) = (Told::default(), Seen::default());
    let other = seen.clone().with_filter(LevelFilter::INFO);
    let raised = Mutex::new(Vec::new());
    let raise = |name| {
        raised.lock().unwrap().push(name);
        7
    };
    tracing::dispatcher::with_default(&Dispatch::new(registry().with(other).with(told.layer())), || {
        trace!(colour = raise("no key"));
        trace!(http.status = raise("a key"));
        info!(http.status = raise("a key, at info"));
    });
    assert_eq!(told.lines().len(), 2);
    assert_eq!(*seen.0.lock().unwrap(), [Level::INFO]);
    assert_eq!(*raised.lock().unwrap(), ["a key", "a key, at info"]);
}

#[test]
fn it_may_have_a_level_of_its_own() {
    let (told, seen) = (Told::default(), Seen::default());
    let other = seen.clone().with_filter(LevelFilter::DEBUG);
    let own = told.layer().with_filter(LevelFilter::INFO);
    tracing::dispatcher::with_default(&Dispatch::new(registry().with(other).with(own)), || {
        debug!(http.status = 7);
        info!(http.status = 7);
    });
    assert_eq!(told.lines().len(), 1);
    assert_eq!(*seen.0.lock().unwrap(), [Level::DEBUG, Level::INFO]);
}
