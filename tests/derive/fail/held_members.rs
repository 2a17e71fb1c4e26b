#![allow(dead_code)]
use slo::SloAttributes;

/// In a tag a word may be a member's name or what stands on the wire: here it is both, of two members.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Signals")]
struct Ambiguous {
    #[slo("acme.signal,static=stop")]
    _signal: (),
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct Members {
    #[slo("service.name")]
    name: String,
    #[slo("acme.tier,static=backed")]
    near: (),
    #[slo("acme.priority", default = "normal")]
    name_in_quotes: i64,
    #[slo("acme.region", only = [west])]
    outside: String,
}

fn main() {}
