#![deny(warnings)]
use slo::SloAttributes;

/// Values at the very end of what is allowed, and sources that go together.
#[derive(SloAttributes)]
struct Service {
    #[slo("process.pid,static=1")]
    _pid: i64,
    #[slo("acme.shard", env = SHARD, default = 9_223_372_036_854_775_807)]
    shard: i64,
    #[slo("acme.least", env = LEAST, default = -9_223_372_036_854_775_808)]
    least: i64,
    #[slo("acme.ratio", env = RATIO, default = 1.0, range = 0.0..=1.0)]
    ratio: f64,
    #[slo("acme.text", env = TEXT, default = "fünfe", max = 5)]
    text: String,
    #[slo("acme.host,env=HOST,default=a.b-c_1,matches={name}-{zone}")]
    host: String,
    #[slo("acme.braces,matches={{{name}}}")]
    braces: String,
    #[slo("acme.span", range = 5..=5)]
    span: i64,
    #[slo("acme.color", env = COLOR, only = ["red", "green"], default = green)]
    color: String,
    #[slo("acme.ports", env = PORTS, default = [80, 443])]
    ports: Vec<i64>,
    #[slo("telemetry.sdk.language", auto, default = "rust")]
    language: Option<String>,
    #[slo("acme.region", default = "north")]
    region: Option<String>,
}

fn main() {
    let _: fn(&Service) -> slo::resource::AttributesBuilder<'_, slo::resource::Resource> = Service::assemble;
}
