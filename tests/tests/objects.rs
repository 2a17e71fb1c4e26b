//! Objects, which log records hold: stated, recorded by the SDK, sent over OTLP, read back.

use std::time::Duration;

use slo::decode::Lookup as _;
use slo::testing::Recorder;
use slo::value::{ObjectBuilder, ToValue, Unfit, Value, ValueType};
use slo::{Event, Moment, SloAttributes};
use slo_interpreter::{Given, Interpreter, Occurrence};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::{
    Packed, PackedFirst, PackedLater, PackedOnce, PackedOnceOrder, PackedOnceOrderToGo, PackedOrder,
    PackedOrderLines, PackedOrderToGo,
};

/// An order of a program's own.
struct Order {
    id: &'static str,
    lines: Vec<PackedOrderLines>,
    tags: [&'static str; 2],
    to_go: Option<PackedOrderToGo>,
}

fn order(to_go: Option<&'static str>) -> Order {
    let to_go = to_go.map(|town| PackedOrderToGo { town: town.into(), hours: None });
    Order { id: "own", lines: Vec::new(), tags: ["one", "two"], to_go }
}

impl ToValue for Order {
    const TYPE: ValueType = ValueType::Object;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        let mut object = ObjectBuilder::default();
        object.value("id", self.id)?;
        object.value("lines", &self.lines)?;
        object.value("tags", &self.tags)?;
        object.value("to go", &self.to_go)?;
        Ok(Some(object.finish()))
    }
}

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Packed")]
struct Parcel {
    #[slo("order")]
    order: Order,
    #[slo("first")]
    first: Option<PackedFirst>,
}

fn packed() -> Packed {
    Packed {
        order: PackedOrder {
            id: "a-1".into(),
            gift: Some(true),
            to_go: PackedOrderToGo { town: "Ystad".into(), hours: Some(Duration::from_secs(5_400)) },
            lines: vec![
                PackedOrderLines { sku: "x".into(), count: 2 },
                PackedOrderLines { sku: "y".into(), count: 1 },
            ],
            tags: vec!["new".into()],
        },
        later: PackedLater { first: Some(PackedFirst { sku: "x".into(), count: 2 }) },
    }
}

fn recorded(record: impl FnOnce()) -> Vec<String> {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(record);
    recorder.recorded().logs
}

#[test]
fn an_object_stands_on_the_log_and_not_on_the_span() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| packed().record(Moment::Now));
    insta::assert_snapshot!(recorder.recorded().to_string());
}

#[test]
fn a_specialized_event_has_objects_too() {
    let order = PackedOnceOrder { id: "b".into(), to_go: vec![PackedOnceOrderToGo { town: "Lund".into() }] };
    insta::assert_snapshot!(recorded(|| PackedOnce { order }.record(Moment::Now)).join("\n"));
}

#[test]
fn a_type_of_the_programs_own_is_held_to_the_contract() {
    insta::assert_snapshot!(
        recorded(|| Parcel { order: order(Some("Lund")), first: None }.record(Moment::Now)).join("\n")
    );
    // A member is missing: the object is left out, counted and told of.
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| Parcel { order: order(None), first: None }.record(Moment::Now));
    assert_eq!(recorder.recorded().logs.iter().filter(|line| line.contains("order")).count(), 0);
    let problems: Vec<String> = recorder.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"));
}

#[test]
fn an_object_comes_back_from_the_sdk_and_from_otlp() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| packed().record(Moment::Now));
    let logs = recorder.logs();
    let (record, _) = logs.iter().find(|(record, _)| record.event_name() == Some("acme.packed")).unwrap();
    let from_sdk = record.value("order").unwrap().into_owned();
    let resource = opentelemetry_sdk::Resource::builder_empty().build();
    let batch = [(record, &opentelemetry::InstrumentationScope::builder("x").build())];
    let sent = opentelemetry_proto::transform::logs::tonic::group_logs_by_resource_and_scope(
        &opentelemetry_sdk::logs::LogBatch::new(&batch),
        &opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema::from(&resource),
    );
    let from_otlp = sent[0].scope_logs[0].log_records[0].value("order").unwrap().into_owned();
    assert_eq!(from_sdk, from_otlp);
    assert_eq!(
        from_sdk.to_string(),
        "{gift: true, id: a-1, lines: {count: 2, sku: x}, {count: 1, sku: y}, tags: new, to go: {hours: 1.5, town: Ystad}}"
    );
}

#[test]
fn the_interpreter_says_the_same() {
    let event = packed();
    let given = |value: &dyn ToValueOf| Given::Value(value.owned());
    let occurrence = Occurrence {
        fields: vec![given(&event.order), given(event.later.first.as_ref().unwrap())],
        ..Occurrence::default()
    };
    let telemetry = Interpreter::new(Packed::TABLE).record(&occurrence);
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| packed().record(Moment::Now));
    let sorted = |value: &Value<'_>| sorted(value.clone().into_owned()).to_string();
    for (log, (record, _)) in telemetry.logs.iter().zip(recorder.logs()) {
        assert_eq!(log.name, record.event_name());
        for (key, value) in &log.attributes {
            assert_eq!(sorted(value), sorted(&record.value(key).unwrap()), "{key}");
        }
        assert_eq!(log.attributes.len(), record.attributes_iter().count());
    }
    assert_eq!(telemetry.span.map(|span| span.attributes.len()), Some(0));
}

trait ToValueOf {
    fn owned(&self) -> Value<'static>;
}

impl<T: ToValue> ToValueOf for T {
    fn owned(&self) -> Value<'static> {
        self.to_value().unwrap().unwrap().into_owned()
    }
}

/// The members of objects by their names, since records have them in no order.
fn sorted(value: Value<'static>) -> Value<'static> {
    let members = |object: slo::value::Object<'static>| {
        let mut members: slo::value::Object<'static> =
            object.into_iter().map(|(name, value)| (name, sorted(value))).collect();
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        members
    };
    match value {
        Value::Object(object) => Value::Object(members(object)),
        Value::ObjectArray(list) => Value::ObjectArray(list.into_iter().map(members).collect()),
        other => other,
    }
}
