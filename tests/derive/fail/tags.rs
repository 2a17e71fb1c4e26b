#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("")]
    empty: String,
    #[slo("service.name,")]
    comma: String,
    #[slo("service..name")]
    part: String,
    #[slo("service.version, env=")]
    value: String,
    #[slo("acme.zones,default=[a")]
    list: Vec<String>,
    #[slo("acme.text,default=\"a")]
    text: String,
    #[slo("acme.other", required env = A)]
    no_comma: String,
    #[slo("acme.\u{202e}")]
    turned: String,
}

fn main() {}
