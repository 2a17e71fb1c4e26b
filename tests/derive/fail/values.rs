#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("process.pid,static=many")]
    pid: i64,
    #[slo("acme.shard", env = SHARD, default = 9_223_372_036_854_775_808)]
    shard: i64,
    #[slo("acme.ratio", env = RATIO, default = 1.5, range = 0.0..=1.0)]
    ratio: f64,
    #[slo("acme.text", env = TEXT, default = "too long", max = 5)]
    text: String,
    #[slo("acme.host,env=HOST,default=a.b,matches={name}-{zone}")]
    host: String,
    #[slo("acme.template,matches={name")]
    template: String,
    #[slo("acme.span", range = 0..=5)]
    span: String,
    #[slo("acme.backwards", range = 5..=0)]
    backwards: i64,
    #[slo("acme.color", env = COLOR, only = ["red", "green"], default = blue)]
    color: String,
    #[slo("acme.ports", env = PORTS, default = [80, "https"])]
    ports: Vec<i64>,
}

fn main() {}
