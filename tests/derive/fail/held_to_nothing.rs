#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Sevrice")]
struct Misspelled {
    #[slo("service.name")]
    name: String,
}

#[derive(SloAttributes)]
#[slo(resource = "Service")]
struct WithoutPackage {
    #[slo("service.name")]
    name: String,
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Library")]
struct OtherKind {
    #[slo("acme.tier")]
    tier: String,
}

fn main() {
    let service = Misspelled { name: String::new() };
    let _ = service.assemble();
}
