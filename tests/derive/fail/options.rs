#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("service.name", requird)]
    near: String,
    #[slo("acme.far,colour=red")]
    far: String,
    #[slo("acme.twice", env = A, env = B)]
    twice: String,
    #[slo("acme.missing", env)]
    missing: String,
    #[slo("acme.needless", required = true)]
    needless: String,
    #[slo("acme.elsewhere,bounded=5")]
    elsewhere: String,
    #[slo("acme.variable", env = "NOT A NAME")]
    variable: String,
    #[slo("acme.longest", max = "long")]
    longest: String,
    #[slo("acme.span", range = 5)]
    span: i64,
}

fn main() {}
