#![deny(warnings)]
use slo::SloAttributes;

#[derive(SloAttributes)]
struct Service {
    #[slo("  service.name ,  required  ")]
    blanks: String,
    #[slo("service.version,env=[A, B],default=a value = with [signs]")]
    raw: String,
    #[slo("acme.zones,env=ZONES,default=[\"a,b\", \"c\"]",)]
    list: Vec<String>,
    #[slo(r#"acme.text,env=TEXT,default="a, b""#)]
    text: String,
    #[slo("acme.\"content-type\"")]
    quoted: String,
    #[slo("acme.ключ")]
    letters: String,
    #[slo("acme.shard", env = "SHARD", default = -0x10)]
    number: i64,
    #[slo("acme.span", range = -5..=5)]
    span: i64,
    #[slo("acme.ratio", range = 0.0..=1.0, env = RATIO, default = 1)]
    ratio: f32,
    #[slo("acme.optional", optional)]
    optional: Option<String>,
}

fn main() {
    let _: fn(&Service) -> slo::resource::AttributesBuilder<'_, slo::resource::Resource> = Service::assemble;
}
