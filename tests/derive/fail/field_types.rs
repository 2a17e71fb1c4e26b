#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(transparent)]
struct Number(i64);

struct Unknown;

#[derive(SloAttributes)]
struct Known {
    #[slo("service.name")]
    name: u32,
    #[slo("process.pid")]
    pid: f64,
    #[slo("process.command_args")]
    arguments: Option<String>,
}

/// What only the compiler knows.
#[derive(SloAttributes)]
struct Named<'a> {
    #[slo("service.name")]
    name: Number,
    #[slo("service.version")]
    version: Option<&'a Number>,
    #[slo("process.pid")]
    fits: Number,
}

#[derive(SloAttributes)]
struct Defaults {
    #[slo("acme.number", env = NUMBER, default = 5)]
    number: Number,
}

#[derive(SloAttributes)]
struct NoValue {
    #[slo("acme.unknown")]
    unknown: Unknown,
    #[slo("acme.list")]
    list: Vec<Option<String>>,
    #[slo("acme.constant,static=5")]
    _free: Unknown,
}

fn main() {}
