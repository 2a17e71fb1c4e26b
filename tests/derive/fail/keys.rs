#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("service.name")]
    name: String,
    #[slo("service.name")]
    twice: String,
    #[slo("acme.user.id")]
    user: String,
    #[slo("acme.user_id")]
    same_label: String,
    #[slo("acme.user")]
    parent: String,
    #[slo("job")]
    reserved: String,
    #[slo("service.nmae")]
    misspelled: String,
    #[slo("名前")]
    nameless: String,
}

fn main() {}
