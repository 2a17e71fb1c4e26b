#![allow(clippy::unwrap_used)]

use slo_model::{Literal, Member, Range, ValueType};

use super::*;
use crate::resource::{Resource, Visitor};
use crate::value::ToValue;

/// A resource with these keys, which the program gives these values in this environment.
struct Case<'c> {
    keys: &'c [Key<'static>],
    closed: bool,
    program: &'c [(&'static str, &'c str)],
    variables: &'c [(&'c str, &'c str)],
}

/// A case's outcome as text: what is in the resource, what is wrong, what was noticed.
#[derive(Debug, Default, PartialEq)]
struct Lines {
    resource: Vec<String>,
    wrong: Vec<String>,
    noticed: Vec<String>,
}

impl Case<'_> {
    fn run(&self) -> Lines {
        // A contract lives as long as the program.
        let container = Box::leak(Box::new(Container {
            name: "Service",
            kind: ContainerKind::Resource,
            scope_name: "",
            schema_url: None,
            closed: self.closed,
            keys: self.keys.to_vec().leak(),
            flattened: &[],
        }));
        let mut program = Program::default();
        for (key, value) in self.program {
            program.value(key, value);
        }
        let (built, wrong) = crate::resource::AttributesBuilder::<Resource>::new(container, program)
            .environment(|wanted| {
                self.variables.iter().find(|(name, _)| *name == wanted).map(|(_, text)| (*text).to_owned())
            })
            .build_lenient();
        Lines {
            resource: built.attributes().map(|(key, value)| format!("{key}={value}")).collect(),
            wrong: wrong.iter().map(ToString::to_string).collect(),
            noticed: built.notices().iter().map(ToString::to_string).collect(),
        }
    }
}

const CASE: Case<'static> = Case { keys: &[], closed: false, program: &[], variables: &[] };

fn lines<const N: usize>(lines: [&str; N]) -> Vec<String> {
    lines.map(str::to_owned).into()
}

const NAME: Key<'static> =
    Key { source: Source::Required, ..Key::new("service.name", ValueType::String, "pay.slo:1") };
const PORT: Key<'static> = Key {
    source: Source::Environment(&["PORT", "HTTP_PORT"]),
    range: Some(Range::Int(1, 65535)),
    ..Key::new("server.port", ValueType::Int, "pay.slo:2")
};
const ZONE: Key<'static> = Key {
    members: Some(&[
        Member { name: "eu", wire: Literal::String("eu-1") },
        Member { name: "us", wire: Literal::String("us-1") },
    ]),
    ..Key::new("zone", ValueType::String, "")
};

#[test]
fn the_environment_is_read_by_the_key_s_type() {
    let port = |text| Case { keys: &[PORT], variables: &[("HTTP_PORT", text)], ..CASE }.run();
    assert_eq!(port("8080").resource, ["server.port=8080"]);
    assert_eq!(
        port("http").wrong,
        [
            "`server.port` (pay.slo:2): expected `int`, found text that is no integer; it came from `HTTP_PORT`"
        ]
    );
    assert_eq!(
        port("0").wrong,
        ["`server.port` (pay.slo:2): `0` is outside the range `1..=65535`; it came from `HTTP_PORT`"]
    );
}

#[test]
fn a_value_that_does_not_fit_does_not_give_way_to_the_next() {
    let key = Key { default: Some(Literal::Int(80)), ..PORT };
    let variables = &[("PORT", "x"), ("HTTP_PORT", "8080"), ("OTEL_RESOURCE_ATTRIBUTES", "server.port=8081")];
    let outcome = Case { keys: &[key], variables, ..CASE }.run();
    assert_eq!(outcome.resource, lines([]));
    assert_eq!(
        outcome.wrong,
        ["`server.port` (pay.slo:2): expected `int`, found text that is no integer; it came from `PORT`"]
    );
}

#[test]
fn a_missing_value_is_wrong_where_one_is_wanted() {
    let tags = Key { source: Source::Required, ..Key::new("tags", ValueType::StringArray, "") };
    let auto = Key { source: Source::Auto, ..Key::new("host.name", ValueType::String, "pay.slo:3") };
    let outcome = Case {
        keys: &[ZONE, NAME, PORT, tags, auto],
        program: &[("service.name", "")],
        variables: &[("PORT", ""), ("OTEL_RESOURCE_ATTRIBUTES", "service.name=,tags= ")],
        ..CASE
    }
    .run();
    assert_eq!(outcome.resource, lines([]));
    assert_eq!(
        outcome.wrong,
        [
            "`service.name` (pay.slo:1): there is no value; the program gives it, or `OTEL_SERVICE_NAME`",
            "`server.port` (pay.slo:2): there is no value; set `PORT` or `HTTP_PORT`",
            "`tags`: there is no value; the program gives it, or `OTEL_RESOURCE_ATTRIBUTES`",
        ]
    );
    assert_eq!(outcome.noticed, ["`host.name` (pay.slo:3): nothing detects it"]);
}

#[test]
fn a_default_stands_in_whatever_the_source() {
    let auto = Key {
        source: Source::Auto,
        default: Some(Literal::Int(1)),
        ..Key::new("ratio", ValueType::Double, "")
    };
    let optional = Key { default: Some(Literal::String("eu-1")), ..ZONE };
    let outcome = Case { keys: &[auto, optional], ..CASE }.run();
    assert_eq!(outcome, Lines { resource: lines(["ratio=1.0", "zone=eu-1"]), ..Lines::default() });
}

#[test]
fn a_constant_is_the_contract_s_whatever_the_program_says() {
    let tier = Key { source: Source::Static(Literal::String("eu-1")), ..ZONE };
    let outcome = Case { keys: &[tier], program: &[("zone", "us-1")], ..CASE }.run();
    assert_eq!(outcome, Lines { resource: lines(["zone=eu-1"]), ..Lines::default() });
}

#[test]
fn a_program_s_value_needs_a_key() {
    let outcome = Case { keys: &[NAME], program: &[("service.nam", "a"), ("zone", "eu-1")], ..CASE }.run();
    assert_eq!(
        outcome.wrong,
        [
            "`service.name` (pay.slo:1): there is no value; the program gives it, or `OTEL_SERVICE_NAME`",
            "`service.nam`: the contract does not declare it; it came from the program",
            "`zone`: the contract does not declare it; it came from the program",
        ]
    );
}

#[test]
fn a_template_sees_the_values_of_other_keys() {
    let parts = &[Part::Hole("team"), Part::Text("-"), Part::Key("zone")];
    let keys = &[Key { matches: Some(Template { parts }), ..NAME }, ZONE];
    let named = |name, zone| {
        let program = &[("service.name", name), ("zone", zone)];
        Case { keys, program, ..CASE }.run()
    };
    assert_eq!(named("pay-eu-1", "eu-1").resource, ["service.name=pay-eu-1", "zone=eu-1"]);
    assert_eq!(
        named("pay-us-1", "eu-1").wrong,
        [
            "`service.name` (pay.slo:1): `pay-us-1` does not match `{team}-{zone}`, where `{zone}` is `eu-1`; it came from the program"
        ]
    );
    // Where the other key has no value that fits, any text will do.
    assert_eq!(named("pay-somewhere", "").wrong, lines([]));
    assert_eq!(
        named("pay-somewhere", "cn").wrong,
        ["`zone`: `cn` is none of `eu-1`, `us-1`; it came from the program"]
    );
}

#[test]
fn a_template_describes_each_element_of_a_list() {
    let parts = &[Part::Text("t-"), Part::Hole("tag")];
    let tags = Key { matches: Some(Template { parts }), ..Key::new("tags", ValueType::StringArray, "") };
    let variables = &[("OTEL_RESOURCE_ATTRIBUTES", "tags=t-a%2Cb")];
    assert_eq!(
        Case { keys: &[tags], variables, ..CASE }.run().wrong,
        ["`tags`: `b` does not match `t-{tag}`; it came from `OTEL_RESOURCE_ATTRIBUTES`"]
    );
}

#[test]
fn what_the_environment_says_in_vain_is_noticed() {
    let outcome = Case {
        keys: &[NAME, PORT],
        program: &[("service.name", "pay")],
        variables: &[
            ("OTEL_SERVICE_NAME", "other"),
            ("PORT", "8080"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=pay,server.port=no number,server.port=81"),
        ],
        ..CASE
    }
    .run();
    assert_eq!(outcome.wrong, lines([]));
    assert_eq!(
        outcome.noticed,
        [
            "`service.name`: the value in `OTEL_SERVICE_NAME` is not used, the program goes before it",
            "`server.port`: `OTEL_RESOURCE_ATTRIBUTES` holds it 2 times, the last one counts",
            "`server.port`: the value in `OTEL_RESOURCE_ATTRIBUTES` is not used, `PORT` goes before it",
        ]
    );
}

#[test]
fn undeclared_keys_of_the_environment_are_kept_as_text() {
    let outcome = Case {
        variables: &[("OTEL_SERVICE_NAME", "pay"), ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,b=,a=1,a=2")],
        ..CASE
    }
    .run();
    assert_eq!(outcome.resource, ["a=2", "b=", "service.name=pay"]);
    assert_eq!(
        outcome.noticed,
        [
            "`a`: `OTEL_RESOURCE_ATTRIBUTES` holds it 2 times, the last one counts",
            "`service.name`: the value in `OTEL_RESOURCE_ATTRIBUTES` is not used, `OTEL_SERVICE_NAME` goes before it",
        ]
    );
}

#[test]
fn undeclared_keys_that_collide_with_a_declared_one_are_left_out() {
    let key = Key { default: Some(Literal::String("x")), ..Key::new("host.name", ValueType::String, "") };
    let attributes = "host_name=1,host=2,host.name.full=3,hostname=4,host.names=5,名前=6,a%0Ab=7";
    let outcome = Case { keys: &[key], variables: &[("OTEL_RESOURCE_ATTRIBUTES", attributes)], ..CASE }.run();
    assert_eq!(outcome.resource, ["a\nb=7", "host.name=x", "host.names=5", "hostname=4", "名前=6"]);
    assert_eq!(
        outcome.noticed,
        [
            "`host` from `OTEL_RESOURCE_ATTRIBUTES` is left out: nested JSON can't hold both it and `host.name`",
            "`host.name.full` from `OTEL_RESOURCE_ATTRIBUTES` is left out: \
             nested JSON can't hold both it and `host.name`",
            "`host_name` from `OTEL_RESOURCE_ATTRIBUTES` is left out: Prometheus makes one label of it and `host.name`",
        ]
    );
}

#[test]
fn a_closed_resource_lets_nothing_in() {
    let variables = &[("OTEL_RESOURCE_ATTRIBUTES", "zone=eu-1,a%0Ab=1")];
    let outcome = Case { keys: &[ZONE], closed: true, variables, ..CASE }.run();
    assert_eq!(outcome.resource, ["zone=eu-1"]);
    assert_eq!(
        outcome.noticed,
        [
            r"`a\nb` from `OTEL_RESOURCE_ATTRIBUTES` is left out: the contract lets in no key that it does not declare"
        ]
    );
}

#[test]
fn a_flood_of_undeclared_keys_is_bounded_and_counted() {
    let attributes: Vec<String> = (0..140).map(|number| format!("key{number:03}=x")).collect();
    let variables = &[("OTEL_RESOURCE_ATTRIBUTES", &*attributes.join(","))];
    let outcome = Case { variables, ..CASE }.run();
    assert_eq!(outcome.resource.len(), 128);
    assert_eq!(
        outcome.noticed,
        ["12 more keys that the contract does not declare are left out: \
          `key128`, `key129`, `key130`, `key131`, `key132`, `key133`, `key134`, `key135` and 4 more"]
    );

    let attributes = format!("{}=x,{}=x", "k".repeat(255), "l".repeat(256));
    let outcome = Case { variables: &[("OTEL_RESOURCE_ATTRIBUTES", &attributes)], ..CASE }.run();
    assert_eq!(outcome.resource, [format!("{}=x", "k".repeat(255))]);
    let shown = format!("{}…", "l".repeat(80));
    assert_eq!(
        outcome.noticed,
        [format!("`{shown}` from `OTEL_RESOURCE_ATTRIBUTES` is left out: the key is longer than 255 bytes")]
    );

    let attributes = format!("zone=eu-1,a={},b=1,c=2", "x".repeat(65536));
    let outcome =
        Case { keys: &[ZONE], variables: &[("OTEL_RESOURCE_ATTRIBUTES", &attributes)], ..CASE }.run();
    assert_eq!(outcome.resource, ["zone=eu-1"]);
    assert_eq!(outcome.noticed, ["`OTEL_RESOURCE_ATTRIBUTES` is too long: its last 3 entries are left out"]);
}

#[test]
fn a_broken_variable_is_discarded_as_a_whole() {
    let variables = &[("OTEL_SERVICE_NAME", "pay"), ("OTEL_RESOURCE_ATTRIBUTES", "zone=eu-1,b")];
    let outcome = Case { keys: &[NAME, ZONE], variables, ..CASE }.run();
    assert_eq!(outcome.resource, ["service.name=pay"]);
    assert_eq!(outcome.noticed, ["`OTEL_RESOURCE_ATTRIBUTES` is discarded as a whole: entry 2 has no `=`"]);
}

/// A number that fits no attribute.
#[test]
fn what_can_not_become_a_value_is_wrong_too() {
    let container: &'static Container<'static> = Box::leak(Box::new(Container {
        name: "Service",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[Key { name: "count", ..PORT }],
        flattened: &[],
    }));
    let mut program = Program::default();
    program.value("count", &u64::MAX);
    let error = crate::resource::AttributesBuilder::<Resource>::new(container, program)
        .environment(|_| None)
        .build()
        .unwrap_err();
    assert_eq!(
        error.violations()[0].to_string(),
        "`count` (pay.slo:2): `18446744073709551615` does not fit a signed integer of 64 bits; it came from the program"
    );
}

/// A value of a generated enum is a constant of the program, and is held as one.
#[test]
fn a_member_is_held_as_a_constant() {
    struct Eu;

    impl ToValue for Eu {
        const TYPE: ValueType = ValueType::String;
        const MEMBERS: Option<&'static [Member<'static>]> = ZONE.members;

        fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
            Ok(Some(Value::String("eu-1".into())))
        }
    }

    let mut program = Program::default();
    program.value("zone", &Eu);
    let Some(Ok(Held::Static(Value::String(Cow::Borrowed(text))))) = program.take("zone") else {
        unreachable!("the member is not a constant")
    };
    assert_eq!(text, "eu-1");
}
