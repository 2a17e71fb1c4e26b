#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Tags {
    #[slo("outcmoe")]
    outcome: u8,
    #[slo("acme.method")]
    method: String,
    #[slo("amount", required, range = "0..=5")]
    amount: i64,
    #[slo("shop", "north")]
    shop: String,
    #[slo("customer")]
    customer: String,
    #[slo("coupon,max=8")]
    coupon: String,
    #[slo("coupon")]
    again: String,
    #[slo("region")]
    region: String,
    #[slo("step")]
    step: i64,
    #[slo("elapsed")]
    elapsed: f64,
}

/// What must be known is reported at the struct's name.
#[derive(SloAttributes)]
#[slo(event = "acme.shop.Visit")]
struct Missing {
    #[slo("path")]
    path: String,
}

#[derive(SloAttributes)]
#[slo(event = "acme.shop.Checkout")]
struct Types {
    #[slo("outcome")]
    outcome: String,
    #[slo("method")]
    method: Option<String>,
    #[slo("amount")]
    amount: f64,
    #[slo("shop")]
    shop: Vec<String>,
    #[slo("express")]
    express: u8,
    #[slo("orders")]
    orders: Vec<u8>,
    #[slo("weight")]
    weight: std::time::Duration,
}

fn main() {}
