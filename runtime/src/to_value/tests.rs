#![allow(clippy::unwrap_used)]

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use slo_model::{Literal, Member, Unfit, Value, ValueType};

use super::{Element, ToValue};

fn value<T: ToValue + ?Sized>(value: &T) -> Option<Value<'_>> {
    let found = value.to_value().unwrap();
    if let Some(found) = &found {
        assert_eq!(found.value_type(), T::TYPE);
    }
    found
}

fn text(text: &str) -> Option<Value<'_>> {
    Some(Value::String(text.into()))
}

#[test]
fn text_is_a_string_whatever_holds_it() {
    assert_eq!(value("a"), text("a"));
    assert_eq!(value(&"a"), text("a"));
    assert_eq!(value(&String::from("a")), text("a"));
    assert_eq!(value(&Cow::Borrowed("a")), text("a"));
    assert_eq!(value(&Box::<str>::from("a")), text("a"));
    assert_eq!(value(&Rc::<str>::from("a")), text("a"));
    assert_eq!(value(&Arc::new(String::from("a"))), text("a"));
    assert_eq!(value(&Some("a")), text("a"));
    assert_eq!(value(&None::<String>), None);
}

#[test]
fn an_integer_fits_64_bits_with_a_sign_or_is_refused() {
    assert_eq!(value(&7_u8), Some(Value::Int(7)));
    assert_eq!(value(&-7_i128), Some(Value::Int(-7)));
    assert_eq!(value(&7_usize), Some(Value::Int(7)));
    assert_eq!(u64::MAX.to_value(), Err(Unfit::TooLarge { value: "18446744073709551615".into() }));
    assert_eq!(
        (i128::from(i64::MIN) - 1).to_value(),
        Err(Unfit::TooLarge { value: "-9223372036854775809".into() })
    );
}

#[test]
fn a_short_float_keeps_its_decimal_text() {
    assert_eq!(value(&0.1_f32), Some(Value::Double(0.1)));
    assert_eq!(value(&f32::MAX), Some(Value::Double(3.402_823_5e38)));
    assert_eq!(value(&f32::NEG_INFINITY), Some(Value::Double(f64::NEG_INFINITY)));
    assert!(matches!(value(&f32::NAN), Some(Value::Double(number)) if number.is_nan()));
}

#[test]
fn a_list_is_a_list_whatever_holds_it() {
    let numbers = Some(Value::IntArray(vec![1, 2]));
    assert_eq!(value(&vec![1_u8, 2]), numbers);
    assert_eq!(value(&[1_i64, 2]), numbers);
    assert_eq!(value([1_i32, 2].as_slice()), numbers);
    assert_eq!(value(&Cow::Borrowed([1_u16, 2].as_slice())), numbers);
    assert_eq!(value(&Some(Box::new([1_u16, 2]))), numbers);
    assert_eq!(value(&vec![true]), Some(Value::BoolArray(vec![true])));
    assert_eq!(value(&vec![0.1_f32]), Some(Value::DoubleArray(vec![0.1])));
    assert_eq!(value(&vec!["a", "b"]), Some(Value::StringArray(vec!["a".into(), "b".into()])));
    assert_eq!(value(&vec![Arc::<str>::from("a")]), Some(Value::StringArray(vec!["a".into()])));
    assert_eq!(vec![1, u64::MAX].to_value(), Err(Unfit::TooLarge { value: u64::MAX.to_string() }));
}

enum Tier {
    Backend,
}

impl ToValue for Tier {
    const TYPE: ValueType = ValueType::String;
    const MEMBERS: Option<&'static [Member<'static>]> =
        Some(&[Member { name: "backend", wire: Literal::String("back-end") }]);

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        let Tier::Backend = self;
        Ok(Some(Value::String(Cow::Borrowed("back-end"))))
    }
}

impl Element for Tier {}

#[test]
fn an_enum_and_a_list_of_it_know_their_members() {
    assert_eq!(value(&Some(Tier::Backend)), text("back-end"));
    assert_eq!(value(&vec![Tier::Backend]), Some(Value::StringArray(vec!["back-end".into()])));
    assert_eq!(<Option<Vec<&Tier>> as ToValue>::MEMBERS, Tier::MEMBERS);
}
