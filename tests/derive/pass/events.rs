#![deny(warnings, clippy::all)]
#![allow(dead_code)]
//! A struct that states a event, and that nothing else reads.
use slo::{Event, SloAttributes, Text};

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Checkout {
    #[slo("method")]
    method: String,
    #[slo("amount")]
    amount: u16,
    #[slo("shop")]
    shop: Text,
    #[slo("express")]
    express: bool,
    #[slo("orders")]
    orders: slo::SpanContexts,
}

fn main() {
    let _ = <Checkout as Event>::TABLE;
}
