#![deny(warnings)]
use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(transparent)]
struct Text<'a>(&'a str);

struct NoValue;

#[derive(SloAttributes)]
struct Service<'a> {
    #[slo("service.name")]
    name: Option<Text<'a>>,
    #[slo("process.pid")]
    pid: u32,
    #[slo("process.command_args")]
    arguments: &'a [Text<'a>],
    #[slo("acme.constant,static=5")]
    not_read: NoValue,
    #[slo("acme.other,static=backend")]
    another_type: u8,
    #[slo("acme.defaults,env=DEFAULTS,default=text")]
    defaults: Text<'a>,
}

fn main() {
    let service = Service {
        name: Some(Text("users")),
        pid: 1,
        arguments: &[],
        not_read: NoValue,
        another_type: 0,
        defaults: Text(""),
    };
    let _ = service.assemble();
}
