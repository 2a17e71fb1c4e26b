//! A length of time is a `std::time::Duration` in the program, and a number of the contract's unit wherever it is written.

use std::collections::BTreeMap;
use std::time::Duration;

use slo::decode::Projection;
use slo::testing::Recorder;
use slo::value::Value;
use slo::{Event, Moment};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::{Rented, Stock, Visit};

fn short(due: Duration) -> Visit {
    Visit { stock: Stock::Short { due }, path: "/".into(), depth: 1 }
}

#[test]
fn a_payload_is_written_in_the_contracts_unit_and_comes_back() {
    let recorder = Recorder::new(&CONTRACT);
    let due = Duration::from_millis(90_500);
    recorder.in_scope(|| short(due).record(Moment::Now));
    let said = recorder.recorded().to_string();
    assert!(said.contains("due=1.5083333333333333"), "{said}");

    let fields = BTreeMap::from([
        ("stock".to_owned(), Value::String("short".into())),
        ("due".to_owned(), Value::Double(1.508_333_333_333_333_3)),
    ]);
    assert_eq!(Stock::from_log(&fields).known(), Some(Stock::Short { due }));
}

#[test]
fn a_number_that_is_no_length_of_time_is_none() {
    let fields = BTreeMap::from([
        ("stock".to_owned(), Value::String("short".into())),
        ("due".to_owned(), Value::Double(-1.0)),
    ]);
    assert_eq!(Stock::from_log(&fields).known(), None);
}

#[test]
fn an_attribute_of_a_resource_takes_one() {
    let resource = Rented::new(Duration::from_secs(5_400));
    let resource = resource.assemble().environment(|_| None).build().unwrap().to_resource();
    assert_eq!(resource.get(&"acme.lease".into()), Some(1.5.into()));
}
