#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("deployment.environment", required)]
    deprecated: String,
    #[slo("http.route")]
    of_spans: Option<String>,
}

fn main() {}
