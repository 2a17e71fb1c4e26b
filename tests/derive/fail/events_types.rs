#![allow(dead_code)]
use slo::__private::v8::tables::{Meaning as Table, Shown, Variant};
use slo::{Meaning, SloAttributes, SpanContexts};
use slo::__private::v8::{Values, Variants};
use slo::decode::Projection;
use slo::value::{Literal, Member, ToValue, Unfit, Value, ValueType};

/// A meaning with the name of the contract's, and with other variants.
enum Stock {
    Held,
}

impl Projection for Stock {
    type Of = Self;
    const TABLE: &'static Table<'static> = &Table {
        name: "acme.shop.Stock",
        variants: &[Variant {
            name: "Held",
            payload: &[],
            metric: Shown::None,
            log: Shown::None,
            span: Shown::None,
            severity: None,
            status: None,
        }],
        lossy: &[],
        until: None,
    };
}

impl Meaning for Stock {
    fn values<'a>(&'a self, at: usize, values: &mut Values<'_, 'a>) {
        values.put(at, slo::__private::v8::FieldValue::Variant(0));
    }

    fn visit<'a, V: Variants<'a>>(&'a self, variants: &mut V) {
        variants.variant::<0>();
    }

    fn from_parts(_: u16, _: &[Option<Value<'static>>]) -> Option<Self> {
        Some(Stock::Held)
    }
}

/// An enum with a value that the contract doesn't list.
enum Method {
    Barter,
}

impl ToValue for Method {
    const TYPE: ValueType = ValueType::String;
    const MEMBERS: Option<&'static [Member<'static>]> =
        Some(&[Member { name: "barter", wire: Literal::String("barter") }]);

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        Ok(Some(Value::String("barter".into())))
    }
}

struct Shop;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Checkout {
    #[slo("outcome")]
    outcome: Stock,
    #[slo("stock")]
    stock: Option<Stock>,
    #[slo("method")]
    method: Method,
    #[slo("amount")]
    amount: Box<Method>,
    #[slo("shop")]
    shop: String,
    #[slo("express")]
    express: bool,
    #[slo("orders")]
    orders: SpanContexts,
}

/// Types of which the Rust compiler says what is wrong.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct OfNoValue {
    #[slo("outcome")]
    outcome: Method,
    #[slo("method")]
    method: Method,
    #[slo("amount")]
    amount: i64,
    #[slo("shop")]
    shop: Shop,
    #[slo("express")]
    express: bool,
    #[slo("orders")]
    orders: Shop,
}

fn main() {}
