//! Events that structs of the program's own state by the derive, beside those of the generated types: every signal, and
//! every problem, is the same.
#![deny(warnings)]

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use slo::testing::Recorder;
use slo::{Event, Moment, Running, SloAttributes, SpanContexts, Text};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_shop::{
    AcmeMethod, Checkout as Generated, CheckoutLater, CheckoutOutcome, Return as GeneratedReturn,
    ReturnLater, Stock, Visit as GeneratedVisit,
};

/// What is said of the events that `state` states, and the problems that were told of.
fn said(state: impl FnOnce()) -> String {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(state);
    let said = recorder.recorded();
    let problems: String = recorder.problems().iter().map(|problem| format!("{problem:?}\n")).collect();
    format!("{said}{problems}")
}

fn orders() -> SpanContexts {
    let context = SpanContext::new(
        TraceId::from(7_u128),
        SpanId::from(9_u64),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    );
    vec![context].into()
}

const TOOK: Duration = Duration::from_millis(40);

fn generated(later: CheckoutLater) -> Generated {
    let method = AcmeMethod::Transfer;
    Generated { method, amount: 4_200, shop: "north".into(), express: true, orders: orders(), later }
}

/// Every field, in types that the standard library has, but for meanings and contexts.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Whole {
    #[slo("outcome")]
    outcome: CheckoutOutcome,
    #[slo("stock")]
    stock: Option<Stock>,
    #[slo("method")]
    method: String,
    #[slo("amount")]
    amount: u32,
    #[slo("shop")]
    shop: String,
    #[slo("express")]
    express: bool,
    #[slo("retries")]
    retries: Option<u8>,
    #[slo("weight")]
    weight: f32,
    #[slo("coupon")]
    coupon: Option<String>,
    #[slo("currency")]
    currency: Option<Cow<'static, str>>,
    #[slo("zones")]
    zones: Vec<&'static str>,
    #[slo("orders")]
    orders: SpanContexts,
    // Neither is telemetry.
    #[slo(skip)]
    _card: &'static str,
    _note: (),
}

fn whole() -> Whole {
    Whole {
        outcome: CheckoutOutcome::Refused { code: 5 },
        stock: Some(Stock::Short { due: Duration::from_secs(30) }),
        method: "bank-transfer".to_owned(),
        amount: 4_200,
        shop: "north".to_owned(),
        express: true,
        retries: Some(2),
        weight: 1.5,
        coupon: Some("SPRING".to_owned()),
        currency: Some("SEK".into()),
        zones: vec!["a", "b"],
        orders: orders(),
        _card: "4242",
        _note: (),
    }
}

fn generated_whole() -> Generated {
    generated(CheckoutLater {
        outcome: Some(CheckoutOutcome::Refused { code: 5 }),
        stock: Some(Stock::Short { due: Duration::from_secs(30) }),
        retries: Some(2),
        weight: Some(1.5),
        coupon: Some("SPRING".into()),
        currency: Some("SEK".into()),
        zones: Some(vec!["a".into(), "b".into()]),
    })
}

#[test]
fn a_struct_of_the_programs_own_says_what_the_generated_one_says() {
    let own = said(|| whole().record(TOOK));
    assert_eq!(own, said(|| generated_whole().record(TOOK)));
    for part in ["acme.checkouts", "acme.checkout.steps", "4200 in north, 1.5 kg", "checkout north", "SPRING"]
    {
        assert!(own.contains(part), "{part} is not in:\n{own}");
    }
}

#[test]
fn one_that_runs_says_the_same_at_its_end() {
    assert_eq!(said(|| whole().begin().end()), said(|| generated_whole().begin().end()));
    // What may be said later is `()`: the whole event is known when it begins.
    let () = whole().later();
    let () = whole().later_mut();
}

/// What is optional or has an `unset=` needs no field.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Least(
    #[slo("method")] AcmeMethod,
    #[slo("amount")] i64,
    #[slo("shop")] Text,
    #[slo("express")] bool,
    #[slo("orders")] SpanContexts,
);

fn least() -> Least {
    Least(AcmeMethod::Transfer, 4_200, Text::from("north"), true, orders())
}

#[test]
fn what_a_struct_has_no_field_for_is_what_the_contract_says_of_what_is_unset() {
    let own = said(|| least().record(TOOK));
    assert_eq!(own, said(|| generated(CheckoutLater::default()).record(TOOK)));
    assert!(own.contains("unsaid") && own.contains("EUR"), "{own}");
    assert_eq!(said(|| drop(least().begin())), said(|| drop(generated(CheckoutLater::default()).begin())));
}

/// What holds nothing is what has no field.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Nothing {
    #[slo("outcome")]
    outcome: Option<CheckoutOutcome>,
    #[slo("method")]
    method: AcmeMethod,
    #[slo("amount")]
    amount: i64,
    #[slo("shop")]
    shop: Text,
    #[slo("express")]
    express: bool,
    #[slo("orders")]
    orders: SpanContexts,
    #[slo("currency")]
    currency: Option<Text>,
    #[slo("coupon")]
    coupon: Option<String>,
}

#[test]
fn what_holds_nothing_is_what_has_no_field() {
    let Least(method, amount, shop, express, orders) = least();
    let nothing =
        Nothing { outcome: None, method, amount, shop, express, orders, currency: None, coupon: None };
    assert_eq!(said(|| nothing.record(TOOK)), said(|| least().record(TOOK)));
}

/// Values that do not fit, one in each way.
#[test]
fn what_does_not_fit_is_told_of_alike() {
    let mut own = whole();
    own.amount = 100_001;
    own.retries = Some(6);
    own.coupon = Some("AUTUMN-2026".to_owned());
    own.currency = Some("USD".into());
    own.weight = f32::NAN;
    own.outcome = CheckoutOutcome::Refused { code: 10 };
    let mut other = generated_whole();
    other.amount = 100_001;
    other.later.retries = Some(6);
    other.later.coupon = Some("AUTUMN-2026".into());
    other.later.currency = Some("USD".into());
    other.later.weight = Some(f64::NAN);
    other.later.outcome = Some(CheckoutOutcome::Refused { code: 10 });
    let said_by_own = said(|| own.record(TOOK));
    assert_eq!(said_by_own, said(|| other.record(TOOK)));
    assert!(said_by_own.contains("11 characters"), "{said_by_own}");
    // Numbers that are left out of a range do not fit either.
    own.retries = Some(4);
    own.outcome = CheckoutOutcome::Refused { code: 7 };
    other.later.retries = Some(4);
    other.later.outcome = Some(CheckoutOutcome::Refused { code: 7 });
    let said_by_own = said(|| own.record(TOOK));
    assert_eq!(said_by_own, said(|| other.record(TOOK)));
    assert!(
        said_by_own.contains("`4` is excepted") && said_by_own.contains("`7` is excepted"),
        "{said_by_own}"
    );
    // Text is one of the listed ones, or does not fit; the generated enum has no other.
    own.method = "barter".to_owned();
    let barter = said(|| own.record(TOOK));
    assert!(barter.contains("barter"), "{barter}");
}

/// A bound on a label's values is shared by all events of a type.
#[test]
fn what_is_beyond_a_bound_gives_way_alike() {
    let shops = ["a", "b", "c", "d", "e"];
    let own = said(|| {
        for shop in shops {
            Whole { shop: shop.to_owned(), ..whole() }.record(TOOK);
        }
    });
    let other = said(|| {
        for shop in shops {
            Generated { shop: shop.into(), ..generated_whole() }.record(TOOK);
        }
    });
    assert_eq!(own, other);
    assert!(own.contains("_OTHER"), "{own}");
}

/// Numbers of the members of an enum of the program's own, in an order of its own.
#[derive(Clone, Copy)]
enum Method {
    Transfer,
    Card,
}

impl slo::value::ToValue for Method {
    const TYPE: slo::value::ValueType = slo::value::ValueType::String;
    const MEMBERS: Option<&'static [slo::value::Member<'static>]> = Some(&[
        slo::value::Member { name: "transfer", wire: slo::value::Literal::String("bank-transfer") },
        slo::value::Member { name: "card", wire: slo::value::Literal::String("card") },
    ]);

    fn to_value(&self) -> Result<Option<slo::value::Value<'_>>, slo::value::Unfit> {
        let wire = match self {
            Method::Transfer => "bank-transfer",
            Method::Card => "card",
        };
        Ok(Some(slo::value::Value::String(wire.into())))
    }

    fn to_field(&self) -> slo::__private::v8::FieldValue<'_> {
        slo::__private::v8::FieldValue::Member(match self {
            Method::Transfer => 0,
            Method::Card => 1,
        })
    }
}

#[derive(SloAttributes)]
#[slo(transparent)]
struct Amount(i64);

/// Types of the program's own, and pointers.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Wrapped {
    #[slo("method")]
    method: Method,
    #[slo("amount")]
    amount: Box<Amount>,
    #[slo("shop")]
    shop: Arc<str>,
    #[slo("express")]
    express: Arc<bool>,
    #[slo("orders")]
    orders: slo::SpanContexts,
    #[slo("retries")]
    retries: Option<Box<u64>>,
    #[slo("zones")]
    zones: Option<Arc<Vec<String>>>,
}

#[test]
fn types_of_the_programs_own_give_their_values() {
    for (method, of_generated) in [(Method::Transfer, AcmeMethod::Transfer), (Method::Card, AcmeMethod::Card)]
    {
        let own = Wrapped {
            method,
            amount: Box::new(Amount(4_200)),
            shop: "north".into(),
            express: Arc::new(true),
            orders: orders(),
            retries: Some(Box::new(5)),
            zones: Some(Arc::new(vec!["a".to_owned()])),
        };
        let later =
            CheckoutLater { retries: Some(5), zones: Some(vec!["a".into()]), ..CheckoutLater::default() };
        let other = Generated { method: of_generated, ..generated(later) };
        assert_eq!(said(|| own.record(TOOK)), said(|| other.record(TOOK)));
    }
}

/// One without an elapsed time, in a module that has taken every name.
mod taken {
    #![allow(dead_code, non_camel_case_types)]
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) mod std {}
    pub(crate) mod core {}
    pub(crate) mod slo {}

    #[derive(::slo::SloAttributes)]
    #[slo(event = "acme.shop.Visit", crate = ::slo)]
    pub(crate) struct Visit {
        #[slo("stock")]
        pub(crate) r#type: super::Stock,
        #[slo("path")]
        pub(crate) path: String,
        #[slo("depth")]
        pub(crate) depth: u16,
    }
}

#[test]
fn an_event_without_an_elapsed_time_takes_a_moment() {
    let own = taken::Visit { r#type: Stock::Held, path: "/shop".to_owned(), depth: 3 };
    let other = GeneratedVisit { stock: Stock::Held, path: "/shop".into(), depth: 3 };
    assert_eq!(said(|| own.record(Moment::Now)), said(|| other.record(Moment::Now)));
}

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Return")]
struct Return {
    #[slo("outcome")]
    outcome: CheckoutOutcome,
    #[slo("stock")]
    stock: Option<Stock>,
    #[slo("method")]
    method: AcmeMethod,
    #[slo("loss")]
    loss: i8,
    #[slo("packed")]
    packed: Duration,
    #[slo("waited")]
    waited: Option<Duration>,
    #[slo("share")]
    share: f64,
    #[slo("note")]
    note: String,
}

#[test]
fn conditions_and_what_runs_are_those_of_the_generated_type() {
    let outcomes = [CheckoutOutcome::Sold, CheckoutOutcome::Refused { code: 3 }, CheckoutOutcome::Unsaid];
    for outcome in outcomes {
        for method in [AcmeMethod::Card, AcmeMethod::Transfer] {
            let own = || Return {
                outcome: outcome.clone(),
                stock: Some(Stock::Held),
                method,
                loss: -4,
                packed: Duration::from_micros(2_500),
                waited: Some(Duration::from_secs(90)),
                share: -0.25,
                note: "ö".to_owned(),
            };
            let other = || GeneratedReturn {
                method,
                loss: -4,
                packed: Duration::from_micros(2_500),
                later: ReturnLater {
                    waited: Some(Duration::from_secs(90)),
                    outcome: Some(outcome.clone()),
                    stock: Some(Stock::Held),
                    share: Some(-0.25),
                    note: Some("ö".into()),
                },
            };
            assert_eq!(said(|| own().record(TOOK)), said(|| other().record(TOOK)));
            assert_eq!(said(|| own().begin().end()), said(|| other().begin().end()));
            let whole = said(|| own().record(TOOK));
            if method == AcmeMethod::Transfer {
                assert!(whole.contains("packed=2.5") && whole.contains("waited=1.5"), "{whole}");
            }
        }
    }
}

/// A table that is read from the derive's text, beside the same table as the generated code writes it.
#[test]
fn a_tables_text_holds_the_whole_table() {
    fn same<Derived: Event, Generated: Event>() {
        assert_eq!(format!("{:#?}", Derived::TABLE), format!("{:#?}", Generated::TABLE));
    }
    same::<Whole, Generated>();
    same::<Least, Generated>();
    same::<Return, GeneratedReturn>();
    same::<taken::Visit, GeneratedVisit>();
}
