#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct Service {
    #[slo("service.name", optional)]
    name: String,
    #[slo("service.version", env = ["SERVICE_VERSION"], default = "1.0.0")]
    version: String,
    #[slo("deployment.environment.name", default = "test")]
    environment: String,
    #[slo("acme.tier,static=frontend")]
    tier: String,
    #[slo("acme.region", only = [north])]
    region: String,
    #[slo("acme.priority", env = PRIORITY, default = 9)]
    priority: i64,
    #[slo("acme.endpoint", matches = "{host}.example.com")]
    endpoint: String,
    #[slo("telemetry.sdk.language", static = rust)]
    language: String,
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Typed")]
struct Typed {
    #[slo("acme.text", max = 13)]
    text: String,
    #[slo("acme.shard", range = 0..=1_024)]
    shard: i64,
    #[slo("acme.ratio", range = 0.5..=1.0)]
    ratio: f64,
    #[slo("acme.canary")]
    canary: bool,
    #[slo("acme.zones", max = 3)]
    zones: Vec<String>,
    #[slo("acme.ports")]
    ports: Vec<i64>,
    #[slo("acme.weights")]
    weights: Vec<f64>,
    #[slo("acme.flags")]
    flags: Vec<bool>,
}

fn main() {}
