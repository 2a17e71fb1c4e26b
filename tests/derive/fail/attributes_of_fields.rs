#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo(key = "service.name")]
    named: String,
    #[slo]
    nothing: String,
    #[slo()]
    empty: String,
    #[slo = "service.name"]
    assigned: String,
    #[slo(5)]
    number: String,
    #[slo(b"service.name")]
    bytes: String,
    #[slo(required)]
    option: String,
    #[slo(flatten, required)]
    flattened: String,
    #[slo("service.name")]
    #[slo("service.version")]
    twice: String,
    #[slo("acme.shard", default = 5u8)]
    suffix: i64,
    #[slo("acme.size", max = (5))]
    bracket: i64,
}

fn main() {}
