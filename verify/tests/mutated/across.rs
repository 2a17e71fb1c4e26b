//! Faults that only many records show.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, NumberDataPoint};
use opentelemetry_proto::tonic::resource::v1::Resource;
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, Recording, any, found, pair, reach, text};

/// Numbers that the networks of cards give for tests, with sixteen digits.
const CARDS: [&str; 4] = ["4111111111111111", "5555555555554444", "6011111111111117", "3530111333300000"];

/// A token as RFC 7519 shows one.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn of_resource(code: Code) -> Vec<Found> {
    vec![(code, vec!["shop.checkout.Service".to_owned()])]
}

fn set(resource: &mut Resource, key: &str, value: &str) {
    resource.attributes.retain(|pair| pair.key != key);
    resource.attributes.push(pair(key, text(value)));
}

fn of_signals() -> Vec<Mutation> {
    let mut all = Vec::new();
    for (number, signal) in ["spans", "logs", "metrics"].into_iter().enumerate() {
        all.push(Mutation::new(
            format!("resource: {signal} have another host"),
            of_resource(Code::TelemetryResources),
            move |all| {
                let Some(resource) = reach::resources(all).into_iter().nth(number) else { return false };
                set(resource, "host.name", "another-host");
                true
            },
        ));
    }
    let by_signal = |all: &mut Recording, key: &str| {
        let values = ["one", "two", "three"];
        reach::resources(all).into_iter().zip(values).for_each(|(resource, value)| set(resource, key, value));
        true
    };
    all.push(Mutation::new(
        "resource: each signal has an instance of its own",
        of_resource(Code::TelemetryResources),
        move |all| by_signal(all, "service.instance.id"),
    ));
    // A program that has one resource on all signals may have others beside it.
    all.push(Mutation::new("resource: spans of another host as well", Vec::new(), |all| {
        let Some(mut again) = all.traces.first().cloned() else { return false };
        for resource in again.resource_spans.iter_mut().filter_map(|one| one.resource.as_mut()) {
            set(resource, "host.name", "another-host");
        }
        for span in again
            .resource_spans
            .iter_mut()
            .flat_map(|one| &mut one.scope_spans)
            .flat_map(|one| &mut one.spans)
        {
            span.trace_id.reverse();
        }
        all.traces.push(again);
        true
    }));
    // What an agent reads from files has what the agent knows.
    all.push(Mutation::new("resource: logs by an agent", Vec::new(), |all| {
        let Some(resource) = reach::resources(all).into_iter().nth(1) else { return false };
        resource.attributes.retain(|pair| matches!(pair.key.as_str(), "service.name" | "service.version"));
        set(resource, "k8s.pod.name", "checkout-1");
        true
    }));
    all
}

/// Sends the metrics again, with the starts and the times of their points so many seconds later.
fn again(all: &mut Recording, start: u64, time: u64) -> bool {
    let Some(mut again) = all.metrics.first().cloned() else { return false };
    let later = |one: &mut u64, by: u64| *one += by * 1_000_000_000;
    let groups = again.resource_metrics.iter_mut().flat_map(|one| &mut one.scope_metrics);
    for metric in groups.flat_map(|group| &mut group.metrics) {
        match metric.data.as_mut() {
            Some(Data::Sum(sum)) => sum.data_points.iter_mut().for_each(|point| {
                later(&mut point.start_time_unix_nano, start);
                later(&mut point.time_unix_nano, time);
            }),
            Some(Data::Histogram(histogram)) => histogram.data_points.iter_mut().for_each(|point| {
                later(&mut point.start_time_unix_nano, start);
                later(&mut point.time_unix_nano, time);
            }),
            _ => {}
        }
    }
    all.metrics.push(again);
    true
}

fn of_processes() -> Vec<Mutation> {
    vec![
        Mutation::new("processes: one that started anew", Vec::new(), |all| {
            again(all, 10, 20) && again(all, 10, 30)
        }),
        Mutation::new("processes: two in turn", of_resource(Code::TelemetryProcesses), |all| {
            again(all, 10, 20) && again(all, 0, 30)
        }),
        Mutation::new(
            "processes: two in turn, again and again",
            of_resource(Code::TelemetryProcesses),
            |all| again(all, 10, 20) && again(all, 0, 30) && again(all, 10, 40) && again(all, 0, 50),
        ),
        // A request that is sent again holds nothing new.
        Mutation::new("processes: one that started anew, and a request sent twice", Vec::new(), |all| {
            again(all, 10, 20) && again(all, 0, 0)
        }),
    ]
}

fn put(list: &mut [KeyValue], key: &str, value: &str) -> bool {
    list.iter_mut().filter(|pair| pair.key == key).map(|pair| pair.value = any(text(value))).count() > 0
}

fn of_tokens(language: &str) -> Vec<Mutation> {
    let secret = |kind: &str, key: &str| found(Code::TelemetrySecret, Event::Checkout, kind, key);
    let mut all = vec![
        Mutation::new(
            "secrets: a token in the message of an exception",
            vec![secret("span event", "exception.message")],
            |all| {
                let span = reach::span(all, Event::Checkout, "failed");
                let event =
                    span.and_then(|span| span.events.iter_mut().find(|event| event.name == "exception"));
                event.is_some_and(|event| {
                    put(&mut event.attributes, "exception.message", &format!("Unauthorized: Bearer {TOKEN}"))
                })
            },
        ),
        Mutation::new(
            "secrets: a token in the message of a log",
            vec![secret("log", "exception.message")],
            |all| {
                reach::log(all, Event::Checkout, "failed").is_some_and(|log| {
                    put(&mut log.attributes, "exception.message", &format!("Unauthorized: Bearer {TOKEN}"))
                })
            },
        ),
    ];
    // Each form, under a key that the contract doesn't have.
    let forms = [
        ("a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
        ("an access key of AWS", "id=AKIAIOSFODNN7EXAMPLE"),
        ("a token of GitHub", "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB"),
        ("a token of GitLab", "glpat-0123456789abcdefghij"),
        (
            "a webhook of Slack",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        ),
    ];
    for (what, value) in forms {
        all.push(Mutation::new(
            format!("secrets: {what}"),
            vec![
                secret("span", "made.up.here"),
                found(Code::TelemetryKey, Event::Checkout, "checkout", "made.up.here"),
            ],
            move |all| {
                let Some(span) = reach::span(all, Event::Checkout, "placed") else { return false };
                span.attributes.push(pair("made.up.here", text(value)));
                true
            },
        ));
    }
    for harmless in
        ["eyJhbGciOi.is.none", "00000000-0000-4000-8000-000000000001", "a key of AKIA, and no more"]
    {
        all.push(Mutation::new(
            format!("secrets: none in `{harmless}`"),
            vec![found(Code::TelemetryKey, Event::Checkout, "checkout", "made.up.here")],
            move |all| {
                let Some(span) = reach::span(all, Event::Checkout, "placed") else { return false };
                span.attributes.push(pair("made.up.here", text(harmless)));
                true
            },
        ));
    }
    if language == "java" {
        all.push(Mutation::new(
            "secrets: a token as a body",
            vec![found(Code::TelemetrySecret, Event::Payment, "log", "body")],
            |all| {
                let log = reach::log(all, Event::Payment, "charged");
                log.map(|log| log.body = any(text(TOKEN))).is_some()
            },
        ));
    }
    all
}

/// Makes each order a number, on all signals.
fn orders(all: &mut Recording, number: impl Fn(usize) -> String) -> bool {
    let change = |value: &mut String| {
        let Some(at) = value.find("o-00") else { return };
        let order: usize = value.get(at + 2..at + 6).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        value.replace_range(at..at + 6, &number(order));
    };
    let in_list = |list: &mut Vec<KeyValue>| {
        for pair in list.iter_mut().filter(|pair| matches!(pair.key.as_str(), "order" | "shop.order.id")) {
            if let Some(Any::StringValue(value)) = pair.value.as_mut().and_then(|value| value.value.as_mut())
            {
                change(value);
            }
        }
    };
    let spans =
        all.traces.iter_mut().flat_map(|one| &mut one.resource_spans).flat_map(|one| &mut one.scope_spans);
    spans.flat_map(|one| &mut one.spans).for_each(|span| in_list(&mut span.attributes));
    let logs = all.logs.iter_mut().flat_map(|one| &mut one.resource_logs).flat_map(|one| &mut one.scope_logs);
    for log in logs.flat_map(|one| &mut one.log_records) {
        in_list(&mut log.attributes);
        if let Some(Any::StringValue(value)) = log.body.as_mut().and_then(|value| value.value.as_mut()) {
            change(value);
        }
    }
    true
}

fn of_cards(language: &str) -> Vec<Mutation> {
    let mut told = Vec::new();
    for event in Event::ALL {
        told.push(found(Code::TelemetrySecret, event, "span", "shop.order.id"));
        if language != "java" || event == Event::Payment {
            told.push(found(Code::TelemetrySecret, event, "log", "order"));
        }
    }
    let card = |order: usize| CARDS.iter().cycle().nth(order).copied().unwrap_or_default().to_owned();
    vec![
        Mutation::new("secrets: orders that are numbers of cards", told, move |all| orders(all, card)),
        // A check digit alone is right for one in ten numbers.
        Mutation::new("secrets: orders that are other numbers", Vec::new(), |all| {
            orders(all, |order| format!("{}", 4_000_000_000_000_000_u64 + order as u64 * 7_919))
        }),
        Mutation::new("secrets: orders of no issuer with the right check digits", Vec::new(), |all| {
            orders(all, |_| "1111111111111117".to_owned())
        }),
        Mutation::new("secrets: a few orders that are numbers of cards", Vec::new(), move |all| {
            orders(all, |order| if order % 4 == 0 { card(order) } else { format!("o-{order:04}") })
        }),
    ]
}

/// Counters that count otherwise than spans, and are collected again when all of these are over.
fn of_counts(language: &str) -> Vec<Mutation> {
    let counts = |all: &mut Recording, change: &dyn Fn(&mut NumberDataPoint)| {
        let changed = reach::number(all, "shop.checkouts").map(change).is_some();
        changed && again(all, 0, 10)
    };
    let less = |point: &mut NumberDataPoint| match point.value.as_mut() {
        Some(Number::AsInt(number)) => *number -= 1,
        Some(Number::AsDouble(number)) => *number -= 1.0,
        None => {}
    };
    let more = |point: &mut NumberDataPoint| match point.value.as_mut() {
        Some(Number::AsInt(number)) => *number += 5,
        Some(Number::AsDouble(number)) => *number += 5.0,
        None => {}
    };
    let gone = |all: &mut Recording, outcome: &str| {
        let Some(Data::Sum(sum)) =
            reach::metric(all, "shop.payments").and_then(|metric| metric.data.as_mut())
        else {
            return false;
        };
        let before = sum.data_points.len();
        let is = |pair: &KeyValue| pair.value == any(text(outcome));
        sum.data_points.retain(|point| !point.attributes.iter().any(is));
        sum.data_points.len() < before && again(all, 0, 10)
    };
    // Go's resource has no instance: another process may have made the spans.
    let told = |event, metric: &str, variant: &str| match language {
        "go" => Vec::new(),
        _ => vec![found(Code::TelemetryCounts, event, metric, variant)],
    };
    let mut all = vec![
        // Spans may be sampled.
        Mutation::new("counts: more than spans", Vec::new(), move |all| counts(all, &more)),
        Mutation::new(
            "counts: none of what was declined",
            told(Event::Payment, "shop.payments", "Declined"),
            move |all| gone(all, "declined"),
        ),
        Mutation::new(
            "counts: none of what timed out",
            told(Event::Payment, "shop.payments", "TimedOut"),
            move |all| gone(all, "timeout"),
        ),
        Mutation::new("counts: fewer spans, as sampling leaves", Vec::new(), |all| {
            let groups = all.traces.iter_mut().flat_map(|one| &mut one.resource_spans);
            for group in groups.flat_map(|one| &mut one.scope_spans) {
                group.spans.truncate(group.spans.len() / 2);
            }
            again(all, 0, 10)
        }),
        Mutation::new("counts: spans that were sent twice", Vec::new(), |all| {
            let Some(again_sent) = all.traces.first().cloned() else { return false };
            all.traces.push(again_sent);
            again(all, 0, 10)
        }),
        Mutation::new(
            "counts: none of what was declined, beside logs alone",
            told(Event::Payment, "shop.payments", "Declined"),
            move |all| {
                all.traces.clear();
                gone(all, "declined")
            },
        ),
        Mutation::new("counts: logs that were sent twice", Vec::new(), |all| {
            let Some(again_sent) = all.logs.first().cloned() else { return false };
            all.traces.clear();
            all.logs.push(again_sent);
            again(all, 0, 10)
        }),
        Mutation::new("counts: one that started anew", Vec::new(), |all| {
            again(all, 10, 20) && again(all, 10, 40)
        }),
    ];
    // The variant is that of the first point.
    for (outcome, variant) in [("placed", "Placed"), ("refused", "Refused"), ("failed", "Failed")] {
        all.push(Mutation::new(
            format!("counts: one {outcome} less than spans"),
            told(Event::Checkout, "shop.checkouts", variant),
            move |all| {
                let Some(Data::Sum(sum)) =
                    reach::metric(all, "shop.checkouts").and_then(|metric| metric.data.as_mut())
                else {
                    return false;
                };
                let is = |pair: &KeyValue| pair.value == any(text(outcome));
                let point = sum.data_points.iter_mut().find(|point| point.attributes.iter().any(is));
                point.map(less).is_some() && again(all, 0, 10)
            },
        ));
    }
    all
}

/// Gives a point of a counter of what was placed an exemplar, which names a span with the same method of payment and this outcome.
fn exemplar(all: &mut Recording, outcome: &str, change: impl Fn(&mut Exemplar)) -> bool {
    let Some(span) = reach::span(all, Event::Checkout, outcome) else { return false };
    let method = reach::value(&span.attributes, "shop.payment.method").cloned();
    let mut exemplar = Exemplar {
        time_unix_nano: span.end_time_unix_nano,
        trace_id: span.trace_id.clone(),
        span_id: span.span_id.clone(),
        ..Exemplar::default()
    };
    change(&mut exemplar);
    let Some(Data::Sum(sum)) = reach::metric(all, "shop.checkouts").and_then(|metric| metric.data.as_mut())
    else {
        return false;
    };
    let is_of = |point: &&mut NumberDataPoint| {
        let has = |value: &Any| {
            point
                .attributes
                .iter()
                .any(|pair| pair.value.as_ref().and_then(|one| one.value.as_ref()) == Some(value))
        };
        has(&text("placed")) && method.as_ref().is_some_and(has)
    };
    let Some(point) = sum.data_points.iter_mut().find(is_of) else { return false };
    point.exemplars.push(exemplar);
    true
}

fn of_exemplars() -> Vec<Mutation> {
    let other = || vec![found(Code::TelemetryContradiction, Event::Checkout, "metric", "outcome")];
    vec![
        Mutation::new("exemplars: of its own span", Vec::new(), |all| exemplar(all, "placed", |_| {})),
        Mutation::new("exemplars: of a span that didn't come", Vec::new(), |all| {
            exemplar(all, "failed", |one| one.span_id.reverse())
        }),
        Mutation::new("exemplars: without a span", Vec::new(), |all| {
            exemplar(all, "failed", |one| (one.trace_id, one.span_id) = (Vec::new(), Vec::new()))
        }),
        Mutation::new("exemplars: of a span with another outcome", other(), |all| {
            exemplar(all, "failed", |_| {})
        }),
        Mutation::new("exemplars: of a span with another outcome, before it came", other(), |all| {
            let is_there = exemplar(all, "failed", |_| {});
            all.is_metrics_first = true;
            is_there
        }),
        Mutation::new(
            "exemplars: a span id of seven bytes",
            vec![found(Code::TelemetryIdentity, Event::Checkout, "shop.checkouts", "")],
            |all| exemplar(all, "placed", |one| one.span_id.truncate(7)),
        ),
    ]
}

/// Has the log of what was placed written in a span below that of its event, and sends logs before spans.
fn below(all: &mut Recording) -> bool {
    let Some(own) = reach::span(all, Event::Payment, "charged").cloned() else { return false };
    let Some(log) = reach::log_of(all, &own.span_id) else { return false };
    let mut inner = own.clone();
    inner.name = "inner".to_owned();
    inner.parent_span_id = own.span_id;
    inner.span_id.reverse();
    log.span_id.clone_from(&inner.span_id);
    inner.attributes.clear();
    inner.events.clear();
    let groups =
        all.traces.iter_mut().flat_map(|one| &mut one.resource_spans).flat_map(|one| &mut one.scope_spans);
    let mut others =
        groups.filter(|group| group.scope.as_ref().is_none_or(|scope| scope.name != "shop.checkout"));
    let Some(group) = others.next() else { return false };
    group.spans.push(inner);
    all.is_metrics_first = true;
    true
}

fn of_spans_below() -> Vec<Mutation> {
    vec![
        Mutation::new("joins: a log in a span below its event's", Vec::new(), below),
        Mutation::new(
            "joins: a log in a span below its event's, of another order",
            vec![found(Code::TelemetryContradiction, Event::Payment, "event", "order")],
            |all| {
                let Some(id) = reach::span(all, Event::Payment, "charged").map(|span| span.span_id.clone())
                else {
                    return false;
                };
                let log = reach::log_of(all, &id);
                log.is_some_and(|log| put(&mut log.attributes, "order", "o-other")) && below(all)
            },
        ),
    ]
}

pub(super) fn mutations(language: &str) -> Vec<Mutation> {
    let mut all = of_signals();
    all.extend(of_counts(language));
    all.extend(of_exemplars());
    all.extend(of_spans_below());
    all.extend(of_processes());
    all.extend(of_tokens(language));
    all.extend(of_cards(language));
    all
}
