#![deny(warnings)]
use slo::SloAttributes;

/// Everything that the contract says, said again.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct Repeats {
    #[slo("service.name", required)]
    name: String,
    #[slo("service.version", env = ["SERVICE_VERSION", "VERSION"], default = "0.0.0")]
    version: String,
    #[slo("deployment.environment.name,env=DEPLOYMENT_ENVIRONMENT")]
    environment: String,
    #[slo("acme.tier,static=backend")]
    by_name: (),
    #[slo("acme.region", optional)]
    region: Option<String>,
    #[slo("acme.priority", default = normal)]
    priority: Option<i64>,
    #[slo("acme.endpoint,matches={host}.{deployment.environment.name}.example.com")]
    endpoint: Option<String>,
    #[slo("telemetry.sdk.language", auto)]
    language: Option<String>,
}

/// The same constant as it stands on the wire; and of all else nothing is said.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct ByWire {
    #[slo("service.name")]
    name: &'static str,
    #[slo("acme.tier", static = "back-end")]
    _tier: (),
    #[slo("acme.priority,default=5")]
    priority: Option<u8>,
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Signals")]
struct Quoted {
    #[slo("acme.signal", static = "stop")]
    _signal: (),
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Common")]
struct Flattens {
    #[slo(flatten)]
    names: Names,
    #[slo("host.name")]
    host: String,
}

#[derive(SloAttributes)]
struct Names {
    #[slo("service.name", required)]
    name: String,
    #[slo("service.version")]
    version: String,
}

fn main() {
    let names = Names { name: "users".into(), version: "1".into() };
    let flattens = Flattens { names, host: "a1".into() };
    let repeats = Repeats {
        name: "users".into(),
        version: String::new(),
        environment: String::new(),
        by_name: (),
        region: None,
        priority: None,
        endpoint: None,
        language: None,
    };
    let by_wire = ByWire { name: "users", _tier: (), priority: None };
    let _ = (flattens.assemble(), repeats.assemble(), by_wire.assemble(), Quoted { _signal: () }.assemble());
}
