#![allow(dead_code)]
use slo::SloAttributes;
use slo::value::{Element, Literal, Member, ToValue, Unfit, Value, ValueType};

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Typed")]
struct Known {
    #[slo("acme.text")]
    text: u8,
    #[slo("acme.shard")]
    shard: f64,
    #[slo("acme.ratio")]
    ratio: bool,
    #[slo("acme.canary")]
    canary: String,
    #[slo("acme.zones")]
    zones: String,
    #[slo("acme.ports")]
    ports: Vec<String>,
    #[slo("acme.weights")]
    weights: std::time::Duration,
    #[slo("acme.flags")]
    flags: Option<Vec<u8>>,
}

/// An enum of the program's own with a value that the contract doesn't list.
enum Tier {
    Backend,
    Middle,
}

impl ToValue for Tier {
    const TYPE: ValueType = ValueType::String;
    const MEMBERS: Option<&'static [Member<'static>]> = Some(&[
        Member { name: "backend", wire: Literal::String("back-end") },
        Member { name: "middle", wire: Literal::String("middle") },
    ]);

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        let wire = match self {
            Tier::Backend => "back-end",
            Tier::Middle => "middle",
        };
        Ok(Some(Value::String(wire.into())))
    }
}

impl Element for Tier {}

#[derive(SloAttributes)]
#[slo(scope = "acme.shop.Library")]
struct Library<'a> {
    #[slo("acme.tier")]
    tier: &'a Tier,
    #[slo("acme.shard")]
    shard: Vec<Tier>,
}

fn main() {
    let _ = (Tier::Backend, Tier::Middle);
}
