#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Host<'a> {
    #[slo("host.name")]
    name: &'a str,
}

#[derive(SloAttributes)]
struct Cloud {
    #[slo("cloud.region")]
    region: String,
}

#[derive(SloAttributes)]
struct Version {
    #[slo("service.version", env = "SERVICE_VERSION")]
    version: String,
}

/// Nobody gives `service.version`.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Common")]
struct Missing<'a> {
    #[slo("service.name")]
    name: String,
    #[slo(flatten)]
    host: Host<'a>,
}

/// Brings a key that the contract doesn't have, and one of which it says something else.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Common")]
struct Other {
    #[slo("service.name")]
    name: String,
    #[slo(flatten)]
    cloud: Cloud,
    #[slo(flatten)]
    version: Version,
}

fn main() {}
