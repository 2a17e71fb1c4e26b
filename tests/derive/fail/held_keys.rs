#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Sealed")]
struct Unknown {
    #[slo("service.nmae", required)]
    near: String,
    #[slo("cloud.region")]
    far: String,
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Sealed")]
struct Twice {
    #[slo("service.name")]
    name: String,
    #[slo("service.name")]
    again: String,
}

/// One that is required and lacks a field is reported at the struct's name.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Common")]
struct Missing {
    #[slo("host.name")]
    host: String,
}

fn main() {}
