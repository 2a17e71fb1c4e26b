#![deny(warnings)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo()]
#[slo(resource, crate = slo)]
struct Service {
    #[slo("service.name")]
    name: String,
    #[slo(r"service.version")]
    version: String,
    #[slo("acme.shard", default = 5, env = SHARD)]
    shard: i64,
    #[slo(skip)]
    skipped: std::time::Duration,
    nothing: std::time::Duration,
}

#[derive(SloAttributes)]
#[slo(transparent)]
struct Single {
    name: String,
}

#[derive(SloAttributes)]
#[slo(scope)]
struct Empty;

fn main() {
    let service = Service {
        name: Single { name: "users".into() }.name,
        version: String::new(),
        shard: 0,
        skipped: std::time::Duration::ZERO,
        nothing: std::time::Duration::ZERO,
    };
    let _ = (service.assemble(), Empty.assemble(), service.skipped, service.nothing);
}
