//! Faults of the keys of records, and of what stands under them.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, Recording, any, found, mixed, pair, reach, text};

/// A key of a record.
struct Key {
    key: &'static str,
    /// The field that it shows.
    field: &'static str,
    /// Values of other types.
    wrong: Vec<Any>,
    /// Values that it can't have.
    outside: Vec<Any>,
    /// Another that it can have.
    other: Option<Any>,
    /// Whether its values may be cut.
    cut: bool,
}

fn order(key: &'static str) -> Key {
    Key {
        key,
        field: "order",
        wrong: vec![Any::IntValue(7), Any::BoolValue(true)],
        outside: vec![text("o-00000000000000001")],
        other: Some(text("o-9999")),
        cut: true,
    }
}

fn whole(key: &'static str, field: &'static str, outside: [i64; 2], other: i64) -> Key {
    Key {
        key,
        field,
        wrong: vec![text("2"), Any::DoubleValue(2.5), Any::DoubleValue(2.0)],
        outside: outside.into_iter().map(Any::IntValue).collect(),
        other: Some(Any::IntValue(other)),
        cut: false,
    }
}

fn amount(key: &'static str) -> Key {
    Key {
        key,
        field: "amount",
        wrong: vec![text("12.5"), Any::BoolValue(false)],
        outside: vec![Any::DoubleValue(-0.5), Any::DoubleValue(10_001.0), Any::DoubleValue(f64::NAN)],
        other: Some(Any::DoubleValue(99.25)),
        cut: false,
    }
}

fn method(key: &'static str) -> Key {
    Key {
        key,
        field: "method",
        wrong: vec![Any::IntValue(0)],
        outside: vec![text("Card"), text("cheque"), text("")],
        other: None,
        cut: false,
    }
}

fn outcome(key: &'static str) -> Key {
    Key {
        key,
        field: "outcome",
        wrong: vec![Any::IntValue(0), Any::BoolValue(true)],
        outside: vec![text("PLACED"), text("lost")],
        other: None,
        cut: false,
    }
}

fn span_keys(event: Event) -> Vec<Key> {
    match event {
        Event::Checkout => vec![
            order("shop.order.id"),
            whole("shop.order.items", "items", [0, 101], 77),
            method("shop.payment.method"),
            outcome("shop.checkout.outcome"),
        ],
        Event::Payment => vec![
            order("shop.order.id"),
            whole("shop.payment.attempt", "attempt", [0, 4], 3),
            amount("shop.payment.amount"),
            method("shop.payment.method"),
            outcome("shop.payment.outcome"),
        ],
    }
}

fn log_keys(event: Event) -> Vec<Key> {
    match event {
        Event::Checkout => {
            vec![order("order"), whole("items", "items", [0, 101], 77), method("method"), outcome("outcome")]
        }
        Event::Payment => vec![
            order("order"),
            whole("attempt", "attempt", [0, 4], 3),
            amount("amount"),
            method("method"),
            outcome("outcome"),
        ],
    }
}

/// A list of attributes in a recording.
type List = fn(&mut Recording, Event) -> Option<&mut Vec<KeyValue>>;

fn of_span(all: &mut Recording, event: Event) -> Option<&mut Vec<KeyValue>> {
    reach::span(all, event, event.well()).map(|span| &mut span.attributes)
}

fn of_log(all: &mut Recording, event: Event) -> Option<&mut Vec<KeyValue>> {
    reach::log(all, event, event.well()).map(|log| &mut log.attributes)
}

fn of_counter(all: &mut Recording, event: Event) -> Option<&mut Vec<KeyValue>> {
    reach::labels(all, super::metric::counter(event))
}

fn of_histogram(all: &mut Recording, event: Event) -> Option<&mut Vec<KeyValue>> {
    reach::labels(all, super::metric::histogram(event))
}

/// What changes the pair of a key.
fn at(
    list: List,
    event: Event,
    key: &'static str,
    change: impl Fn(&mut KeyValue) + 'static,
) -> impl Fn(&mut Recording) -> bool + 'static {
    move |all| {
        let pair = list(all, event).and_then(|list| list.iter_mut().find(|pair| pair.key == key));
        pair.map(&change).is_some()
    }
}

fn set(list: List, event: Event, key: &'static str, value: Any) -> impl Fn(&mut Recording) -> bool + 'static {
    at(list, event, key, move |pair| pair.value = any(value.clone()))
}

/// The faults of a key of a record, whatever it is.
fn of_key(list: List, event: Event, record: &str, what: &str, key: &Key) -> Vec<Mutation> {
    let name = key.key;
    let called = |change: &str| format!("{what}: `{name}` {change}");
    let told = |code: Code| vec![found(code, event, record, name)];
    let mut all = Vec::new();
    for value in key.wrong.iter().cloned().chain([Any::BytesValue(vec![1, 2]), mixed()]) {
        let shown = format!("{value:?}");
        all.push(Mutation::new(
            called(&format!("of another type, {shown}")),
            told(Code::TelemetryType),
            set(list, event, name, value),
        ));
    }
    for value in &key.outside {
        all.push(Mutation::new(
            called(&format!("that can't be, {value:?}")),
            told(Code::TelemetryValue),
            set(list, event, name, value.clone()),
        ));
    }
    all.push(Mutation::new(called("removed"), told(Code::TelemetryKeyMissing), move |all| {
        let Some(list) = list(all, event) else { return false };
        let before = list.len();
        list.retain(|pair| pair.key != name);
        list.len() < before
    }));
    for renamed in [name.to_uppercase(), format!("{name}s")] {
        all.push(Mutation::new(
            called(&format!("renamed to `{renamed}`")),
            told(Code::TelemetryKeyMissing),
            at(list, event, name, move |pair| pair.key = renamed.clone()),
        ));
    }
    for same in [true, false] {
        let how = if same { "twice, with the same value" } else { "twice, with another" };
        all.push(Mutation::new(called(how), told(Code::TelemetryKeyTwice), move |all| {
            let Some(list) = list(all, event) else { return false };
            let Some(mut again) = list.iter().find(|pair| pair.key == name).cloned() else { return false };
            if !same {
                again.value = any(text("another"));
            }
            list.push(again);
            true
        }));
    }
    all.push(Mutation::new(
        called("with an empty value"),
        told(Code::TelemetryEmpty),
        at(list, event, name, |pair| {
            pair.value = Some(opentelemetry_proto::tonic::common::v1::AnyValue { value: None });
        }),
    ));
    all.push(Mutation::new(
        called("without a value"),
        told(Code::TelemetryEmpty),
        at(list, event, name, |pair| pair.value = None),
    ));
    all
}

/// What one signal says otherwise than the other.
fn of_one_signal(list: List, event: Event, what: &str, key: &Key) -> Vec<Mutation> {
    let (name, field) = (key.key, key.field);
    let told = |code: Code| -> Vec<Found> { vec![found(code, event, "event", field)] };
    let mut all = Vec::new();
    if let Some(other) = &key.other {
        all.push(Mutation::new(
            format!("{what}: `{name}` is another than on the other signal"),
            told(Code::TelemetryContradiction),
            set(list, event, name, other.clone()),
        ));
    }
    if key.cut {
        all.push(Mutation::new(
            format!("{what}: `{name}` is cut"),
            told(Code::TelemetryCut),
            at(list, event, name, |pair| pair.value = any(text("o-0"))),
        ));
    }
    all
}

/// A key that the contract doesn't have.
fn of_unknown(list: List, event: Event, record: &str, what: &str) -> Vec<Mutation> {
    let add = |key: &'static str| {
        Mutation::new(
            format!("{what}: with `{key}`"),
            vec![found(Code::TelemetryKey, event, record, key)],
            move |all| {
                let Some(list) = list(all, event) else { return false };
                list.push(pair(key, text("x")));
                true
            },
        )
    };
    vec![add("made.up.here"), add("user_id")]
}

/// The keys of the event on a span.
fn of_exceptions(language: &str) -> Vec<Mutation> {
    let keys: &[&str] = match language {
        "go" => &["exception.type", "exception.message"],
        _ => &["exception.type", "exception.message", "exception.stacktrace"],
    };
    let exception = |all: &mut Recording, change: &dyn Fn(&mut Vec<KeyValue>)| {
        let span = reach::span(all, Event::Checkout, "failed");
        let event = span.and_then(|span| span.events.iter_mut().find(|event| event.name == "exception"));
        event.map(|event| change(&mut event.attributes)).is_some()
    };
    let mut all = Vec::new();
    for key in keys.iter().copied() {
        let told = |code| vec![found(code, Event::Checkout, "exception", key)];
        all.push(Mutation::new(
            format!("exception: `{key}` a number"),
            told(Code::TelemetryType),
            move |all| {
                exception(all, &|list| {
                    list.iter_mut()
                        .filter(|pair| pair.key == key)
                        .for_each(|pair| pair.value = any(Any::IntValue(5)));
                })
            },
        ));
        all.push(Mutation::new(
            format!("exception: `{key}` twice"),
            told(Code::TelemetryKeyTwice),
            move |all| exception(all, &|list| list.push(pair(key, text("x")))),
        ));
        all.push(Mutation::new(
            format!("exception: `{key}` empty"),
            told(Code::TelemetryEmpty),
            move |all| {
                exception(all, &|list| {
                    list.iter_mut().filter(|pair| pair.key == key).for_each(|pair| pair.value = None)
                })
            },
        ));
        // Without it nothing is wrong: each of them is optional.
        all.push(Mutation::new(format!("exception: without `{key}`"), Vec::new(), move |all| {
            exception(all, &|list| list.retain(|pair| pair.key != key))
        }));
    }
    all.push(Mutation::new(
        "exception: with `made.up.here`",
        vec![found(Code::TelemetryKey, Event::Checkout, "exception", "made.up.here")],
        move |all| exception(all, &|list| list.push(pair("made.up.here", text("x")))),
    ));
    all
}

pub(super) fn mutations(language: &str) -> Vec<Mutation> {
    let mut all = Vec::new();
    for event in Event::ALL {
        let what = format!("span `{}`", event.span());
        for key in span_keys(event) {
            all.extend(of_key(of_span, event, event.span(), &what, &key));
            // The log of Java's checkout has no attributes.
            if language != "java" || event == Event::Payment {
                all.extend(of_one_signal(of_span, event, &what, &key));
            }
        }
        all.extend(of_unknown(of_span, event, event.span(), &what));
        let what = format!("log of {event:?}");
        if language != "java" || event == Event::Payment {
            for key in log_keys(event) {
                all.extend(of_key(of_log, event, event.log(language), &what, &key));
                all.extend(of_one_signal(of_log, event, &what, &key));
            }
        }
        all.extend(of_unknown(of_log, event, event.log(language), &what));
        for (list, metric) in [
            (of_counter as List, super::metric::counter(event)),
            (of_histogram, super::metric::histogram(event)),
        ] {
            let what = format!("metric `{metric}`");
            for key in [outcome(event.outcome_key()), method("shop.payment.method")] {
                all.extend(of_key(list, event, metric, &what, &key));
            }
            all.extend(of_unknown(list, event, metric, &what));
        }
    }
    all.extend(of_exceptions(language));
    all
}
