//! An event that shows one meaning by one face on all signals, and what the real exporters' encodings hold of it.

pub(crate) mod pairs;

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::logs::{InMemoryLogExporter, LogBatch, SdkLoggerProvider};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use prost::Message;
use slo::__private::v8::tables::{
    Buckets, Event as Table, Field, FieldKind, InstrumentKind, Log, Metric, NumberType, Severity, Slot, Span,
    SpanKind, TextPart, Writer, WriterValue,
};
use slo::__private::v8::{Container, ContainerKind, Emitters, Range, Values};
use slo::decode::Projection;
use slo::value::{Literal, Value, ValueType};
use slo::{Event, Moment, Telemetry};

use pairs::{Pairs, pairs};

/// A event that is one meaning, shown by one face.
pub(crate) struct Probe<F: Projection> {
    meaning: F::Of,
}

impl<F: Projection + 'static> Probe<F> {
    pub(crate) fn of(meaning: F::Of) -> Probe<F> {
        Probe { meaning }
    }

    const WRITERS: &'static [Writer<'static>] =
        &[Writer { key: "", value: WriterValue::Meaning(0, F::TABLE) }];
}

impl<F: Projection + 'static> Event for Probe<F> {
    type When = Moment;
    type Later = ();
    const TABLE: &'static Table<'static> = &Table {
        name: "probe",
        place: "",
        scope: &Container {
            name: "probe",
            kind: ContainerKind::Scope,
            scope_name: "probe",
            schema_url: None,
            closed: false,
            keys: &[],
            flattened: &[],
        },
        fields: &[Field {
            name: "meaning",
            kind: FieldKind::Meaning { meaning: <F::Of as Projection>::TABLE, unset: None },
            at: 0,
            at_begin: true,
        }],
        values: 8,
        elapsed: None,
        drop_invalid: false,
        span_events: &[],
        metrics: &[Metric {
            scope: None,
            name: "probe.events",
            description: "",
            unit: "{event}",
            kind: InstrumentKind::Counter,
            number: NumberType::Int,
            value: None,
            buckets: Buckets::None,
            points: 1_000,
            limit: None,
            until: None,
            when: &[],
            labels: Self::WRITERS,
        }],
        running: &[],
        logs: &[Log {
            scope: None,
            name: Some("probe"),
            levels: &[],
            severity: Some(Severity::Info),
            severity_text: None,
            body: &[],
            until: None,
            when: &[],
            attributes: Self::WRITERS,
        }],
        span: Some(Span {
            scope: None,
            name: Some(&[TextPart::Text("probe")]),
            kind: SpanKind::Internal,
            levels: &[],
            links: None,
            when: &[],
            attributes: Self::WRITERS,
        }),
    };

    fn values<'a>(&'a self, values: &mut Values<'_, 'a>) {
        values.meaning(0, Some(&self.meaning));
    }

    fn later(&self) -> &() {
        &()
    }

    fn later_mut(&mut self) -> &mut () {
        Box::leak(Box::new(()))
    }

    /// One for each face: a static in a generic function is one for all.
    fn emitters() -> &'static Emitters {
        static ALL: OnceLock<Mutex<HashMap<TypeId, &'static Emitters>>> = OnceLock::new();
        let mut all = ALL.get_or_init(Mutex::default).lock().unwrap();
        all.entry(TypeId::of::<F>()).or_insert_with(|| Box::leak(Box::new(Emitters::new())))
    }
}

/// What came out of the exporters' encodings.
pub(crate) struct Shown {
    pub(crate) labels: Pairs,
    pub(crate) fields: Pairs,
    pub(crate) attributes: Pairs,
    pub(crate) prometheus: Vec<(String, String)>,
}

impl Shown {
    pub(crate) fn of<F: Projection + 'static>(event: Probe<F>) -> Shown {
        let (spans, logs, metrics) = (
            InMemorySpanExporter::default(),
            InMemoryLogExporter::default(),
            InMemoryMetricExporter::default(),
        );
        let registry = prometheus::Registry::new();
        let scraped = opentelemetry_prometheus::exporter().with_registry(registry.clone()).build().unwrap();
        let traces = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
        let loggers = SdkLoggerProvider::builder().with_simple_exporter(logs.clone()).build();
        let meters =
            SdkMeterProvider::builder().with_periodic_exporter(metrics.clone()).with_reader(scraped).build();
        let telemetry = Telemetry::builder().metrics(meters.clone()).traces(traces).logs(loggers).build();
        telemetry.in_scope(|| event.record(Moment::Now));
        meters.force_flush().unwrap();

        let resource = ResourceAttributesWithSchema::default();
        let spans = group_spans_by_resource_and_scope(spans.get_finished_spans().unwrap(), &resource);
        let logs = logs.get_emitted_logs().unwrap();
        let records: Vec<_> = logs.iter().map(|log| (&log.record, &log.instrumentation)).collect();
        let logs = group_logs_by_resource_and_scope(&LogBatch::new(&records), &resource);
        let metrics = ExportMetricsServiceRequest::from(&metrics.get_finished_metrics().unwrap()[0]);

        Shown {
            labels: pairs(&points(&again(&metrics))),
            fields: pairs(&again(&logs[0]).scope_logs[0].log_records[0].attributes),
            attributes: pairs(&again(&spans[0]).scope_spans[0].spans[0].attributes),
            prometheus: scrape(&registry),
        }
    }
}

/// A message, encoded and decoded again.
fn again<M: Message + Default>(message: &M) -> M {
    M::decode(message.encode_to_vec().as_slice()).unwrap()
}

fn points(request: &ExportMetricsServiceRequest) -> Vec<KeyValue> {
    let metrics =
        request.resource_metrics.iter().flat_map(|all| &all.scope_metrics).flat_map(|scope| &scope.metrics);
    let own = metrics.into_iter().find(|metric| metric.name == "probe.events").unwrap();
    match own.data.as_ref().unwrap() {
        Data::Sum(sum) => sum.data_points[0].attributes.clone(),
        other => panic!("no sum: {other:?}"),
    }
}

/// The labels of the probe's series in Prometheus's text.
fn scrape(registry: &prometheus::Registry) -> Vec<(String, String)> {
    let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
    let line = text.lines().find(|line| line.starts_with("probe_events")).unwrap();
    let Some((_, rest)) = line.split_once('{') else { return Vec::new() };
    let mut labels = Vec::new();
    let mut rest = rest;
    while let Some((name, after)) = rest.split_once("=\"") {
        let mut value = String::new();
        let mut characters = after.chars();
        loop {
            match characters.next().unwrap() {
                '\\' => value.push(match characters.next().unwrap() {
                    'n' => '\n',
                    other => other,
                }),
                '"' => break,
                other => value.push(other),
            }
        }
        if !name.starts_with("otel_scope") {
            labels.push((name.to_owned(), value));
        }
        rest = characters.as_str().trim_start_matches(',');
    }
    labels
}

/// A value that fits a slot.
pub(crate) fn arbitrary(slot: &Slot<'static>, runner: &mut TestRunner) -> Value<'static> {
    let key = &slot.key;
    let mut make = |strategy: BoxedStrategy<Value<'static>>| strategy.new_tree(runner).unwrap().current();
    if let Some(members) = key.members {
        let allowed: Vec<Literal<'static>> = match slot.only {
            Some(only) => only.iter().map(|number| members[usize::from(*number)].wire).collect(),
            None => members.iter().map(|member| member.wire).collect(),
        };
        return make(proptest::sample::select(allowed).prop_map(Value::from).boxed());
    }
    make(match (key.value_type, key.range) {
        (ValueType::Int, Some(Range::Int(low, high))) => {
            let left = |number: &i64| !key.except.contains(&Literal::Int(*number));
            (low..=high).prop_filter("it is left out", left).prop_map(Value::Int).boxed()
        }
        (ValueType::Int, _) => any::<i64>().prop_map(Value::Int).boxed(),
        (ValueType::Double, Some(Range::Double(low, high))) => (low..=high).prop_map(Value::Double).boxed(),
        (ValueType::Double, _) => (-1e9..1e9_f64).prop_map(Value::Double).boxed(),
        (ValueType::Bool, _) => any::<bool>().prop_map(Value::Bool).boxed(),
        _ => "[a-zA-Z0-9 \"\\\\._-]{1,12}".prop_map(|text| Value::String(text.into())).boxed(),
    })
}
