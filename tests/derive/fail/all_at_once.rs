//! Mistakes of every kind in one struct, which stays what it is.
#![allow(dead_code)]
use slo::SloAttributes;

#[derive(Clone, Debug, Default, SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct Service {
    #[slo("service.name", requird)]
    name: String,
    #[slo("service.version", env = "OTHER")]
    version: String,
    #[slo("acme.regoin")]
    region: Option<String>,
    #[slo(acme.priority)]
    priority: i64,
    #[slo("acme.endpoint,")]
    endpoint: String,
}

fn main() {
    let service = Service::default();
    let copy = service.clone();
    assert_eq!(copy.assemble().build().is_ok(), false);
    println!("{service:?} {}", copy.name);
}
