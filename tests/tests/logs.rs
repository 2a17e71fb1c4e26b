//! Logs as loggers write them: without a name, several of an event, with texts of what became of it.

use slo::testing::Recorder;
use slo::{Event, Moment, SloAttributes};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::{
    Delivered, Delivery, DeliveryOnce, DeliveryOnceLater, Weighing, WeighingLater, WeighingOnce,
    WeighingOnceLater,
};

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Delivery")]
struct Round {
    #[slo("outcome")]
    outcome: Delivered,
    #[slo("parcel")]
    parcel: u8,
}

fn recorded(record: impl FnOnce()) -> String {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(record);
    recorder.recorded().to_string()
}

fn outcomes() -> [Delivered; 3] {
    [Delivered::Left { with: "a neighbour".into() }, Delivered::Lost { weeks: 3 }, Delivered::Late]
}

#[test]
fn each_log_has_its_severity_and_its_text() {
    let generated = recorded(|| {
        for (parcel, outcome) in (1..).zip(outcomes()) {
            Delivery { outcome, parcel }.record(Moment::Now);
        }
    });
    insta::assert_snapshot!(generated);
    let derived = recorded(|| {
        for (parcel, outcome) in (1..).zip(outcomes()) {
            Round { outcome, parcel }.record(Moment::Now);
        }
    });
    assert_eq!(derived, generated);
}

#[test]
fn a_specialized_event_says_the_same() {
    insta::assert_snapshot!(recorded(|| {
        for (parcel, outcome) in (1..).zip(outcomes()) {
            DeliveryOnce { parcel, later: DeliveryOnceLater { outcome: Some(outcome) } }.record(Moment::Now);
        }
        DeliveryOnce { parcel: 4, later: DeliveryOnceLater::default() }.record(Moment::Now);
    }));
}

#[test]
fn a_log_without_a_name_has_none_in_the_sdk() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| Delivery { outcome: Delivered::Late, parcel: 1 }.record(Moment::Now));
    let names: Vec<Option<&str>> = recorder.logs().iter().map(|(record, _)| record.event_name()).collect();
    assert_eq!(names, [None, None]);
}

#[test]
fn numbers_stand_as_text_where_the_list_says_so() {
    insta::assert_snapshot!(recorded(|| {
        let later = WeighingLater { fair: Some(true), grams: Some(4) };
        Weighing { scale: 2.5, later }.record(Moment::Now);
        Weighing { scale: 1.0, later: WeighingLater::default() }.record(Moment::Now);
        let later = WeighingOnceLater { fair: Some(true), grams: Some(4) };
        WeighingOnce { scale: 2.5, later }.record(Moment::Now);
    }));
}
