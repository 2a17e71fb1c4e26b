#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo("service.name")]
struct Tagged {
    #[slo("service.name")]
    name: String,
}

#[derive(SloAttributes)]
#[slo(resource = "fin.pay.PaymentService", scope)]
struct Both;

#[derive(SloAttributes)]
#[slo(resource = 5)]
struct Numbered;

#[derive(SloAttributes)]
#[slo(resourse = "fin.pay.PaymentService")]
struct Misspelled;

#[derive(SloAttributes)]
#[slo(transparent)]
struct Pair(String, String);

#[derive(SloAttributes)]
#[slo(transparent)]
struct Keyed(#[slo("service.name")] String);

#[derive(SloAttributes)]
enum Tier {
    Frontend,
}

#[derive(SloAttributes)]
union Bits {
    int: i64,
    double: f64,
}

fn main() {}
