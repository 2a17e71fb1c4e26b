//! Limits of attributes (OpenTelemetry specification, "Attribute Limits"), which programs ask for by `OTEL_*` variables.
//!
//! Keys that the contract declares are left whole: it bounds them itself, by `max=` and by what an event may have, and
//! what was proved of them stands on it. What libraries and hands write beside it is cut.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider};
use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::logs::{SdkLogRecord, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::trace::SpanData;
use slo_model::event::Contract;

/// The limits of one program.
#[derive(Debug)]
pub(crate) struct AttributeLimits {
    contract: &'static Contract<'static>,
    most: Most,
    /// Makes records: the SDK lets nobody take an attribute out of one.
    logger: SdkLogger,
    /// How many values were cut, of log records and of spans.
    pub(crate) truncated: [AtomicU64; 2],
    /// How many attributes of log records were left out. The SDK counts those of spans.
    pub(crate) dropped: AtomicU64,
}

/// How much a signal may have; none where that isn't limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Most {
    /// Characters of a value of a span.
    pub(crate) span_value: Option<usize>,
    /// Characters of a value of a log record.
    pub(crate) log_value: Option<usize>,
    /// Attributes of a log record, beside those of the contract.
    pub(crate) log_attributes: Option<usize>,
}

impl AttributeLimits {
    /// None where nothing is limited.
    pub(crate) fn new(contract: &'static Contract<'static>, most: Most) -> Option<AttributeLimits> {
        (most != Most::default()).then(|| AttributeLimits {
            contract,
            most,
            logger: SdkLoggerProvider::builder().build().logger(""),
            truncated: Default::default(),
            dropped: AtomicU64::new(0),
        })
    }

    fn is_declared(&self, key: &str) -> bool {
        self.contract.keys.binary_search_by(|declared| declared.name.cmp(key)).is_ok()
    }

    /// The record within the limits; none where it is.
    pub(crate) fn log(&self, record: &SdkLogRecord) -> Option<SdkLogRecord> {
        let Most { log_value, log_attributes, .. } = self.most;
        let is_long = |value: &AnyValue| log_value.is_some_and(|most| is_longer(value, most));
        let undeclared = || record.attributes_iter().filter(|(key, _)| !self.is_declared(key.as_str()));
        let is_beyond = undeclared().any(|(_, value)| is_long(value))
            || log_attributes.is_some_and(|most| undeclared().count() > most);
        is_beyond.then(|| self.rebuilt(record, log_value, log_attributes.unwrap_or(usize::MAX)))
    }

    fn rebuilt(&self, record: &SdkLogRecord, value: Option<usize>, attributes: usize) -> SdkLogRecord {
        let mut within = self.logger.create_log_record();
        if let Some(name) = record.event_name() {
            within.set_event_name(name);
        }
        if let Some(target) = record.target() {
            within.set_target(target.clone());
        }
        if let Some(time) = record.timestamp() {
            within.set_timestamp(time);
        }
        if let Some(time) = record.observed_timestamp() {
            within.set_observed_timestamp(time);
        }
        if let Some(text) = record.severity_text() {
            within.set_severity_text(text);
        }
        if let Some(number) = record.severity_number() {
            within.set_severity_number(number);
        }
        if let Some(body) = record.body() {
            within.set_body(body.clone());
        }
        if let Some(context) = record.trace_context() {
            within.set_trace_context(context.trace_id, context.span_id, context.trace_flags);
        }
        let mut undeclared = 0;
        for (key, of_key) in record.attributes_iter() {
            if self.is_declared(key.as_str()) {
                within.add_attribute(key.clone(), of_key.clone());
                continue;
            }
            undeclared += 1;
            if undeclared > attributes {
                self.dropped.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let mut of_key = of_key.clone();
            if let Some(most) = value
                && cut_any(&mut of_key, most)
            {
                self.truncated[0].fetch_add(1, Ordering::Relaxed);
            }
            within.add_attribute(key.clone(), of_key);
        }
        within
    }

    /// Cuts the values of a span, of its events and of its links.
    pub(crate) fn span(&self, span: &mut SpanData) {
        let Some(most) = self.most.span_value else { return };
        self.cut(&mut span.attributes, most);
        for event in &mut span.events.events {
            self.cut(&mut event.attributes, most);
        }
        for link in &mut span.links.links {
            self.cut(&mut link.attributes, most);
        }
    }

    fn cut(&self, attributes: &mut [KeyValue], most: usize) {
        for attribute in attributes.iter_mut().filter(|attribute| !self.is_declared(attribute.key.as_str())) {
            if cut_value(&mut attribute.value, most) {
                self.truncated[1].fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// So many characters of the text; none where it has no more.
fn shorter(text: &str, most: usize) -> Option<&str> {
    if text.len() <= most {
        return None;
    }
    let (end, _) = text.char_indices().nth(most)?;
    text.get(..end)
}

fn cut_text(text: &mut StringValue, most: usize) -> bool {
    let Some(shorter) = shorter(text.as_str(), most).map(str::to_owned) else { return false };
    *text = shorter.into();
    true
}

fn cut_value(value: &mut Value, most: usize) -> bool {
    match value {
        Value::String(text) => cut_text(text, most),
        Value::Array(Array::String(texts)) => {
            texts.iter_mut().fold(false, |is_cut, text| cut_text(text, most) | is_cut)
        }
        _ => false,
    }
}

fn is_longer(value: &AnyValue, most: usize) -> bool {
    match value {
        AnyValue::String(text) => shorter(text.as_str(), most).is_some(),
        AnyValue::Bytes(bytes) => bytes.len() > most,
        AnyValue::ListAny(values) => values.iter().any(|value| is_longer(value, most)),
        AnyValue::Map(map) => map.values().any(|value| is_longer(value, most)),
        _ => false,
    }
}

fn cut_any(value: &mut AnyValue, most: usize) -> bool {
    match value {
        AnyValue::String(text) => cut_text(text, most),
        AnyValue::Bytes(bytes) if bytes.len() > most => {
            bytes.truncate(most);
            true
        }
        AnyValue::ListAny(values) => {
            values.iter_mut().fold(false, |is_cut, value| cut_any(value, most) | is_cut)
        }
        AnyValue::Map(map) => map.values_mut().fold(false, |is_cut, value| cut_any(value, most) | is_cut),
        _ => false,
    }
}

/// The record itself, or what is left of it.
pub(crate) fn within<'r>(
    limits: Option<&AttributeLimits>,
    record: &'r SdkLogRecord,
) -> Cow<'r, SdkLogRecord> {
    match limits.and_then(|limits| limits.log(record)) {
        Some(within) => Cow::Owned(within),
        None => Cow::Borrowed(record),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use slo_model::{Key, ValueType};

    use super::*;

    static CONTRACT: Contract<'static> =
        Contract { keys: &[Key::new("payment.id", ValueType::String, "pay.slo:1")], ..Contract::EMPTY };

    fn limits(most: Most) -> AttributeLimits {
        AttributeLimits::new(&CONTRACT, most).unwrap()
    }

    fn attributes(record: &SdkLogRecord) -> Vec<String> {
        record.attributes_iter().map(|(key, value)| format!("{key}={value:?}")).collect()
    }

    #[test]
    fn a_record_within_the_limits_is_the_same_record() {
        let limits = limits(Most { log_value: Some(4), log_attributes: Some(1), ..Most::default() });
        let mut record = limits.logger.create_log_record();
        record.add_attribute("payment.id", "longer than four");
        record.add_attribute("peer", "ünïc");
        assert!(limits.log(&record).is_none());
        assert!(AttributeLimits::new(&CONTRACT, Most::default()).is_none());
    }

    #[test]
    fn what_the_contract_declares_stays_whole_and_the_rest_is_cut_and_counted() {
        let limits = limits(Most { log_value: Some(2), log_attributes: Some(2), ..Most::default() });
        let mut record = limits.logger.create_log_record();
        record.set_event_name("pay");
        record.add_attribute("peer", "ünïc");
        record.add_attribute("list", AnyValue::ListAny(Box::new(vec!["abc".into(), 7.into()])));
        record.add_attribute("third", true);
        record.add_attribute("payment.id", "p-4711");
        let within = limits.log(&record).unwrap();
        assert_eq!(within.event_name(), Some("pay"));
        let text = |key: &str| {
            let found = within.attributes_iter().find(|(own, _)| own.as_str() == key);
            found.map(|(_, value)| value.clone())
        };
        assert_eq!(text("peer"), Some(AnyValue::from("ün")));
        assert_eq!(text("list"), Some(AnyValue::ListAny(Box::new(vec!["ab".into(), 7.into()]))));
        assert_eq!(text("payment.id"), Some(AnyValue::from("p-4711")));
        assert_eq!(attributes(&within).len(), 3);
        let counts = [limits.truncated[0].load(Ordering::Relaxed), limits.dropped.load(Ordering::Relaxed)];
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn values_of_spans_are_cut_to_characters() {
        let limits = limits(Most { span_value: Some(3), ..Most::default() });
        let mut attributes = [
            KeyValue::new("payment.id", "p-4711"),
            KeyValue::new("peer", "ünïcode"),
            KeyValue::new("peers", Value::Array(Array::String(vec!["abcd".into(), "e".into()]))),
            KeyValue::new("attempts", 12_345),
        ];
        limits.cut(&mut attributes, 3);
        let shown: Vec<String> = attributes.iter().map(|attribute| attribute.value.to_string()).collect();
        assert_eq!(shown, ["p-4711", "ünï", "[\"abc\",\"e\"]", "12345"]);
        assert_eq!(limits.truncated[1].load(Ordering::Relaxed), 2);
    }
}
