#![allow(dead_code)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Host {
    #[slo("host.name")]
    name: String,
}

#[derive(SloAttributes)]
struct Rack<'a> {
    #[slo(flatten)]
    host: Host,
    #[slo("acme.rack_id")]
    id: &'a str,
}

#[derive(SloAttributes)]
#[slo(scope)]
struct Library {
    #[slo("acme.library")]
    name: String,
}

struct Plain;

/// A key that stands deeper, and one that is the same label.
#[derive(SloAttributes)]
struct Service<'a> {
    #[slo("host.name")]
    host: String,
    #[slo("acme.rack.id")]
    rack_id: i64,
    #[slo(flatten)]
    rack: Rack<'a>,
}

/// Two that bring the same.
#[derive(SloAttributes)]
struct Twice<'a> {
    #[slo(flatten)]
    host: Host,
    #[slo(flatten)]
    rack: Rack<'a>,
}

#[derive(SloAttributes)]
struct OtherKind {
    #[slo(flatten)]
    library: Library,
}

#[derive(SloAttributes)]
struct Underived {
    #[slo(flatten)]
    plain: Plain,
}

fn main() {}
