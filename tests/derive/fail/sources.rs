#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("service.name", required, static = "users")]
    name: String,
    #[slo("service.version,env=A,auto")]
    version: String,
    #[slo("acme.tier,required,default=backend")]
    tier: String,
}

fn main() {}
