//! What `#[derive(SloAttributes)]` makes of a struct, seen as it goes over the wire: encoded as OTLP and decoded again.
#![deny(warnings)]

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use prost::Message;
use slo::SloAttributes;
use slo::resource::{AttributesBuilder, ContractError, Resource, Scope};

use crate::generated::contracts::acme_shop::{AcmePriority, AcmeRegion, AcmeTier, DeploymentEnvironmentName};
use crate::generated::contracts::{acme_shop, fin_pay};

/// The attributes that a resource sends, a line each, with these variables in its environment.
fn sent(resource: AttributesBuilder<'_, Resource>, variables: &[(&str, &str)]) -> Vec<String> {
    let bytes = built(resource, variables).unwrap().to_otlp().encode_to_vec();
    let message = opentelemetry_proto::tonic::resource::v1::Resource::decode(bytes.as_slice()).unwrap();
    lines(&message.attributes)
}

/// What a scope sends: its name, its version, and its attributes.
fn sent_scope(
    scope: AttributesBuilder<'_, Scope>,
    variables: &[(&str, &str)],
) -> (String, String, Vec<String>) {
    let built = scope.environment(|name| variable(variables, name)).build().unwrap();
    let message = InstrumentationScope::decode(built.to_otlp().encode_to_vec().as_slice()).unwrap();
    (message.name, message.version, lines(&message.attributes))
}

fn built<'a>(
    resource: AttributesBuilder<'a, Resource>,
    variables: &'a [(&str, &str)],
) -> Result<slo::resource::Attributes<'a, Resource>, ContractError> {
    resource.environment(|name| variable(variables, name)).build()
}

fn variable(variables: &[(&str, &str)], name: &str) -> Option<String> {
    variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

/// What is wrong with a resource, a line each.
fn violations(resource: AttributesBuilder<'_, Resource>, variables: &[(&str, &str)]) -> Vec<String> {
    let error = built(resource, variables).unwrap_err();
    error.violations().iter().map(ToString::to_string).collect()
}

fn lines(attributes: &[KeyValue]) -> Vec<String> {
    attributes
        .iter()
        .map(|attribute| format!("{} = {}", attribute.key, shown(attribute.value.as_ref())))
        .collect()
}

fn shown(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => format!("{text:?}"),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::DoubleValue(number)) => format!("{number:?}"),
        Some(any_value::Value::BoolValue(truth)) => truth.to_string(),
        Some(any_value::Value::ArrayValue(list)) => {
            format!("[{}]", list.values.iter().map(|value| shown(Some(value))).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

// ── The seed: one struct, held to a contract and without one ─────────────────────────────────────────────────────────

mod held {
    use slo::SloAttributes;

    #[derive(SloAttributes)]
    #[slo(resource = "fin.pay.PaymentService")]
    pub(crate) struct UserService {
        #[slo("service.name", required)]
        pub(crate) name: String,
        #[slo("service.version", env = "SERVICE_VERSION")]
        pub(crate) version: String,
        // Nothing reads it, and nothing warns.
        #[slo("service.tier,static=backend")]
        tier: String,
    }

    pub(crate) fn user_service(name: &str, version: &str) -> UserService {
        UserService { name: name.to_owned(), version: version.to_owned(), tier: "never read".to_owned() }
    }
}

mod free {
    use slo::SloAttributes;

    #[derive(SloAttributes)]
    pub(crate) struct UserService {
        #[slo("service.name,required")]
        pub(crate) name: String,
        #[slo("service.version,env=SERVICE_VERSION,default=0.0.0")]
        pub(crate) version: String,
        #[slo("service.tier,static=backend")]
        tier: &'static str,
    }

    pub(crate) fn user_service(name: &str, version: &str) -> UserService {
        UserService { name: name.to_owned(), version: version.to_owned(), tier: "never read" }
    }
}

#[test]
fn a_struct_gives_exactly_its_keys_with_and_without_a_contract() {
    let expected =
        ["service.name = \"fin-pay-prod\"", "service.tier = \"backend\"", "service.version = \"1.2.3\""];
    let variables = [("SERVICE_VERSION", "1.2.3")];
    assert_eq!(sent(free::user_service("fin-pay-prod", "").assemble(), &variables), expected);
    // The contract expects one more of the SDK, and needs no field for it.
    let mut held = sent(held::user_service("fin-pay-prod", "").assemble(), &variables);
    assert_eq!(held.pop().unwrap(), "telemetry.sdk.language = \"rust\"");
    assert_eq!(held, expected);
}

#[test]
fn the_field_goes_before_the_variable_and_the_variable_before_the_default() {
    let version = |field: &str, variables: &[(&str, &str)]| {
        sent(held::user_service("a-b-c", field).assemble(), variables)[2].clone()
    };
    assert_eq!(version("3.0.0", &[("SERVICE_VERSION", "2.0.0")]), "service.version = \"3.0.0\"");
    assert_eq!(version("", &[("SERVICE_VERSION", "2.0.0")]), "service.version = \"2.0.0\"");
    assert_eq!(version("", &[("SERVICE_VERSION", "")]), "service.version = \"0.0.0\"");
    assert_eq!(version("", &[]), "service.version = \"0.0.0\"");
}

#[test]
fn a_required_field_that_is_empty_is_missing() {
    let missing = violations(held::user_service("", "").assemble(), &[]);
    assert_eq!(
        missing,
        ["`service.name` (pay/pay.slo:11): there is no value; the program gives it, or `OTEL_SERVICE_NAME`"]
    );
    assert_eq!(violations(free::user_service("", "").assemble(), &[]).len(), 1);
}

#[test]
fn what_the_environment_injects_comes_beside_it() {
    let variables = [("OTEL_RESOURCE_ATTRIBUTES", "host.name=a1,service.tier=frontend")];
    assert_eq!(
        sent(free::user_service("users", "1").assemble(), &variables),
        [
            "host.name = \"a1\"",
            "service.name = \"users\"",
            "service.tier = \"backend\"",
            "service.version = \"1\""
        ]
    );
}

#[test]
fn a_value_is_held_to_the_contract_at_run_time() {
    assert_eq!(
        violations(held::user_service("payments", "").assemble(), &[]),
        [
            "`service.name` (pay/pay.slo:11): `payments` does not match `{team}-{product}-{env}`; it came from the program"
        ]
    );
}

#[test]
fn a_struct_knows_its_contract() {
    let variables = [];
    let service = held::user_service("a-b-c", "1");
    let held = built(service.assemble(), &variables).unwrap();
    assert_eq!(held.contract(), "fin.pay.PaymentService");
    assert_eq!(held.schema_url(), Some("https://example.com/schemas/tests/1.2.0"));
    let service = free::user_service("a-b-c", "1");
    let free = built(service.assemble(), &variables).unwrap();
    assert_eq!((free.contract(), free.schema_url()), ("UserService", None));
}

// ── Spellings ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Options behind the key, as Rust writes them.
#[derive(SloAttributes)]
#[slo(resource)]
struct AsRust {
    #[slo("service.name", required, matches = "{team}-{product}")]
    name: String,
    #[slo("service.version", env = ["SERVICE_VERSION", "VERSION"], default = "0, or nothing")]
    version: Option<String>,
    #[slo("acme.shard", env = SHARD, default = -1, range = -1..=1_023)]
    shard: Option<i64>,
    #[slo("acme.ratio", env = "RATIO", default = 0.5)]
    ratio: Option<f64>,
    #[slo("acme.canary", env = "CANARY", default = true)]
    canary: Option<bool>,
    #[slo("acme.zones", static = ["a", "b,c"])]
    _zones: (),
}

/// Options in the tag, as the contract's files write them.
#[derive(SloAttributes)]
#[slo(resource)]
struct AsTag {
    #[slo("service.name, required, matches={team}-{product}")]
    name: String,
    #[slo("service.version,env=[SERVICE_VERSION, VERSION],default=\"0, or nothing\"")]
    version: Option<String>,
    #[slo(r#"acme.shard,env=SHARD,default=-1,range=-1..=1_023"#)]
    shard: Option<i64>,
    #[slo("acme.ratio,env=RATIO,default=0.5")]
    ratio: Option<f64>,
    #[slo("acme.canary,env=CANARY,default=true")]
    canary: Option<bool>,
    #[slo(r#"acme.zones,static=["a", "b,c"]"#)]
    _zones: (),
}

#[test]
fn both_spellings_say_the_same() {
    let rust =
        AsRust { name: "a-b".into(), version: None, shard: None, ratio: None, canary: None, _zones: () };
    let tag = AsTag { name: "a-b".into(), version: None, shard: None, ratio: None, canary: None, _zones: () };
    let keys = |container: &slo::__private::v8::Container<'static>| format!("{:?}", container.keys);
    assert_eq!(keys(AsRust::CONTAINER), keys(AsTag::CONTAINER));
    assert_eq!(
        sent(rust.assemble(), &[]),
        [
            "acme.canary = true",
            "acme.ratio = 0.5",
            "acme.shard = -1",
            "acme.zones = [\"a\", \"b,c\"]",
            "service.name = \"a-b\"",
            "service.version = \"0, or nothing\"",
        ]
    );
    let variables = [("VERSION", "7"), ("SHARD", "9"), ("RATIO", "1"), ("CANARY", "false")];
    assert_eq!(sent(rust.assemble(), &variables), sent(tag.assemble(), &variables));
}

macro_rules! service {
    ($name:ident, $key:literal, $variable:literal, $member:ident: $type:ty) => {
        #[derive(SloAttributes)]
        struct $name {
            #[slo($key, env = $variable)]
            $member: $type,
        }
    };
}

service!(FromMacro, "service.instance.id", "INSTANCE", id: Option<String>);

#[test]
fn a_macro_may_write_the_struct() {
    assert_eq!(
        sent(FromMacro { id: None }.assemble(), &[("INSTANCE", "7")]),
        ["service.instance.id = \"7\""]
    );
}

// ── Types ────────────────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(SloAttributes)]
struct Texts<'a> {
    #[slo("texts.owned")]
    owned: String,
    #[slo("texts.borrowed")]
    borrowed: &'a str,
    #[slo("texts.cow")]
    cow: Cow<'a, str>,
    #[slo("texts.boxed")]
    boxed: Box<str>,
    #[slo("texts.shared")]
    shared: Arc<str>,
    #[slo("texts.counted")]
    counted: Rc<String>,
    #[slo("texts.maybe")]
    maybe: Option<&'a str>,
    #[slo("texts.absent")]
    absent: Option<String>,
    #[slo("texts.empty")]
    empty: &'a str,
}

#[derive(SloAttributes)]
struct Numbers {
    #[slo("numbers.i8")]
    i8: i8,
    #[slo("numbers.i16")]
    i16: i16,
    #[slo("numbers.i32")]
    i32: i32,
    #[slo("numbers.i64")]
    i64: i64,
    #[slo("numbers.i128")]
    i128: i128,
    #[slo("numbers.isize")]
    isize: isize,
    #[slo("numbers.u8")]
    u8: u8,
    #[slo("numbers.u16")]
    u16: u16,
    #[slo("numbers.u32")]
    u32: u32,
    #[slo("numbers.u64")]
    u64: u64,
    #[slo("numbers.u128")]
    u128: u128,
    #[slo("numbers.usize")]
    usize: usize,
    #[slo("numbers.f32")]
    f32: f32,
    #[slo("numbers.f64")]
    f64: f64,
    #[slo("numbers.bool")]
    bool: bool,
}

#[derive(SloAttributes)]
struct Lists<'a> {
    #[slo("lists.texts")]
    texts: Vec<String>,
    #[slo("lists.slice")]
    slice: &'a [&'a str],
    #[slo("lists.array")]
    array: [u16; 2],
    #[slo("lists.doubles")]
    doubles: Vec<f32>,
    #[slo("lists.flags")]
    flags: Option<Vec<bool>>,
    #[slo("lists.cow")]
    cow: Cow<'a, [i64]>,
    #[slo("lists.empty")]
    empty: Vec<i64>,
}

#[test]
fn every_text_is_a_string() {
    let texts = Texts {
        owned: "a".into(),
        borrowed: "b",
        cow: "c".into(),
        boxed: "d".into(),
        shared: "e".into(),
        counted: Rc::new("f".into()),
        maybe: Some("g"),
        absent: None,
        empty: "",
    };
    assert_eq!(
        sent(texts.assemble(), &[]),
        [
            "texts.borrowed = \"b\"",
            "texts.boxed = \"d\"",
            "texts.counted = \"f\"",
            "texts.cow = \"c\"",
            "texts.maybe = \"g\"",
            "texts.owned = \"a\"",
            "texts.shared = \"e\"",
        ]
    );
}

#[test]
fn every_width_of_number_is_an_int_or_a_double() {
    let mut numbers = Numbers {
        i8: i8::MIN,
        i16: i16::MIN,
        i32: i32::MIN,
        i64: i64::MIN,
        i128: -1,
        isize: -1,
        u8: u8::MAX,
        u16: u16::MAX,
        u32: u32::MAX,
        u64: 1,
        u128: 1,
        usize: 1,
        f32: 0.1,
        f64: 0.2,
        bool: true,
    };
    assert_eq!(
        sent(numbers.assemble(), &[]),
        [
            "numbers.bool = true",
            "numbers.f32 = 0.1",
            "numbers.f64 = 0.2",
            "numbers.i128 = -1",
            "numbers.i16 = -32768",
            "numbers.i32 = -2147483648",
            "numbers.i64 = -9223372036854775808",
            "numbers.i8 = -128",
            "numbers.isize = -1",
            "numbers.u128 = 1",
            "numbers.u16 = 65535",
            "numbers.u32 = 4294967295",
            "numbers.u64 = 1",
            "numbers.u8 = 255",
            "numbers.usize = 1",
        ]
    );
    // What doesn't fit is refused, never cut.
    numbers.u64 = u64::MAX;
    assert_eq!(violations(numbers.assemble(), &[]).len(), 1);
}

#[test]
fn every_list_is_an_array() {
    let lists = Lists {
        texts: vec!["a".into(), "b".into()],
        slice: &["c"],
        array: [80, 443],
        doubles: vec![0.1],
        flags: Some(vec![true, false]),
        cow: Cow::Borrowed(&[1, 2]),
        empty: Vec::new(),
    };
    assert_eq!(
        sent(lists.assemble(), &[]),
        [
            "lists.array = [80, 443]",
            "lists.cow = [1, 2]",
            "lists.doubles = [0.1]",
            "lists.flags = [true, false]",
            "lists.slice = [\"c\"]",
            "lists.texts = [\"a\", \"b\"]",
        ]
    );
}

/// Where nobody declared a key, the Rust type says what its values are, whatever its name.
#[derive(SloAttributes)]
struct Ports {
    #[slo("ports.main", env = "PORT")]
    main: Option<Port>,
    #[slo("ports.others", env = "PORTS")]
    others: Vec<Port>,
    #[slo("ports.layer", env = "LAYER")]
    layer: Option<AcmePriority>,
}

#[derive(SloAttributes)]
#[slo(transparent)]
struct Port(u16);

#[test]
fn a_variable_is_read_as_the_fields_type() {
    let ports = Ports { main: None, others: vec![Port(80)], layer: None };
    let variables = [("PORT", "8080"), ("LAYER", "9")];
    assert_eq!(
        sent(ports.assemble(), &variables),
        ["ports.layer = 9", "ports.main = 8080", "ports.others = [80]"]
    );
    assert_eq!(violations(ports.assemble(), &[("PORT", "http"), ("LAYER", "2")]).len(), 2);
}

/// The contract's types, by Rust types that fit them.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Typed")]
struct Typed<'a> {
    #[slo("acme.text")]
    text: Cow<'a, str>,
    #[slo("acme.shard")]
    shard: u16,
    /// An integer is a double without loss.
    #[slo("acme.ratio")]
    ratio: u8,
    #[slo("acme.canary")]
    canary: Option<bool>,
    #[slo("acme.zones")]
    zones: &'a [&'a str],
    #[slo("acme.ports")]
    ports: Vec<u16>,
    #[slo("acme.weights")]
    weights: [f32; 2],
    #[slo("acme.flags")]
    flags: Vec<bool>,
    #[slo("acme.anything")]
    anything: Vec<i32>,
}

#[test]
fn each_type_of_a_contract_has_rust_types_that_fit() {
    let typed = Typed {
        text: "twelve_bytes".into(),
        shard: 1023,
        ratio: 1,
        canary: Some(false),
        zones: &["a"],
        ports: vec![80],
        weights: [0.5, 1.5],
        flags: vec![true],
        anything: vec![1, 2],
    };
    assert_eq!(
        sent(typed.assemble(), &[]),
        [
            "acme.anything = [1, 2]",
            "acme.canary = false",
            "acme.flags = [true]",
            "acme.ports = [80]",
            "acme.ratio = 1.0",
            "acme.shard = 1023",
            "acme.text = \"twelve_bytes\"",
            "acme.weights = [0.5, 1.5]",
            "acme.zones = [\"a\"]",
        ]
    );
    let unfit = Typed { text: "thirteen bytes".into(), shard: 1024, ratio: 2, canary: None, ..typed };
    assert_eq!(
        violations(unfit.assemble(), &[]),
        [
            "`acme.text` (shop/shop.slo:23): 14 characters are more than the 12 that are allowed; it came from the program",
            "`acme.shard` (shop/shop.slo:24): `1024` is outside the range `0..=1023`; it came from the program",
            "`acme.ratio` (shop/shop.slo:25): `2` is outside the range `0.0..=1.0`; it came from the program",
            "`acme.canary` (shop/shop.slo:26): there is no value; the program gives it, or `OTEL_RESOURCE_ATTRIBUTES`",
        ]
    );
}

// ── Enums ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Generated enums as fields: over text, open, over numbers.
#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Service")]
struct Service {
    #[slo("service.name")]
    name: String,
    #[slo("deployment.environment.name")]
    environment: &'static str,
    #[slo("acme.region")]
    region: Option<AcmeRegion>,
    #[slo("acme.priority")]
    priority: Option<AcmePriority>,
    #[slo("acme.endpoint")]
    endpoint: Option<String>,
}

fn service(region: Option<AcmeRegion>, priority: Option<AcmePriority>) -> Service {
    Service { name: "shop".into(), environment: "production", region, priority, endpoint: None }
}

#[test]
fn generated_enums_are_fields() {
    let sent = |service: Service| sent(service.assemble(), &[])[..2].to_vec();
    assert_eq!(
        sent(service(Some(AcmeRegion::North), Some(AcmePriority::High))),
        ["acme.priority = 9", "acme.region = \"eu-north-1\""]
    );
    let beyond = AcmeRegion::from_wire("us-east-1");
    assert_eq!(sent(service(beyond, None)), ["acme.priority = 5", "acme.region = \"us-east-1\""]);
}

#[test]
fn a_variable_gives_an_enum_as_the_wire_has_it() {
    let low = service(None, None);
    assert!(sent(low.assemble(), &[("PRIORITY", "1")]).contains(&"acme.priority = 1".to_owned()));
    assert_eq!(
        violations(low.assemble(), &[("PRIORITY", "low")]),
        [
            "`acme.priority` (shop/shop.slo:41): expected `int`, found text that is no integer; it came from `PRIORITY`"
        ]
    );
}

#[test]
fn a_template_may_name_another_key() {
    let mut shop = service(None, None);
    shop.endpoint = Some("api.production.example.com".into());
    assert!(
        sent(shop.assemble(), &[]).contains(&"acme.endpoint = \"api.production.example.com\"".to_owned())
    );
    shop.environment = "test";
    assert_eq!(violations(shop.assemble(), &[]).len(), 1);
}

/// An enum of the program's own, for a key whose members are listed.
enum Layer {
    Front,
    Back,
}

impl slo::value::ToValue for Layer {
    const TYPE: slo::value::ValueType = slo::value::ValueType::String;
    const MEMBERS: Option<&'static [slo::value::Member<'static>]> = Some(&[
        slo::value::Member { name: "front", wire: slo::value::Literal::String("front-end") },
        slo::value::Member { name: "back", wire: slo::value::Literal::String("back-end") },
    ]);

    fn to_value(&self) -> Result<Option<slo::value::Value<'_>>, slo::value::Unfit> {
        let wire = match self {
            Layer::Front => "front-end",
            Layer::Back => "back-end",
        };
        Ok(Some(slo::value::Value::String(wire.into())))
    }
}

#[derive(SloAttributes)]
#[slo(scope = "acme.shop.Library")]
struct Layered {
    #[slo("acme.tier")]
    layer: Layer,
}

#[test]
fn an_enum_of_ones_own_fits_where_its_values_are_members() {
    let attributes = |layer| sent_scope(Layered { layer }.assemble(), &[]).2;
    assert_eq!(attributes(Layer::Front), ["acme.tier = \"front-end\""]);
    assert_eq!(attributes(Layer::Back), ["acme.tier = \"back-end\""]);
}

// ── Newtypes, generics ───────────────────────────────────────────────────────────────────────────────────────────────

#[derive(SloAttributes)]
#[slo(transparent)]
struct Name(String);

#[derive(SloAttributes)]
#[slo(transparent)]
struct Tagged<T> {
    inner: T,
}

#[derive(SloAttributes)]
#[slo(transparent)]
struct Short<'a, T: ?Sized>(&'a T)
where
    T: 'a;

#[derive(SloAttributes)]
struct Newtypes<'a> {
    #[slo("service.name", required)]
    name: Name,
    #[slo("newtypes.names")]
    names: Vec<Name>,
    #[slo("newtypes.tagged")]
    tagged: Tagged<Option<u8>>,
    #[slo("newtypes.short")]
    short: Option<Short<'a, str>>,
    #[slo("newtypes.tier")]
    tier: Tagged<AcmeTier>,
}

#[test]
fn a_newtype_is_the_value_that_it_holds() {
    let newtypes = Newtypes {
        name: Name("users".into()),
        names: vec![Name("a".into()), Name("b".into())],
        tagged: Tagged { inner: Some(7) },
        short: Some(Short("s")),
        tier: Tagged { inner: AcmeTier::Backend },
    };
    assert_eq!(
        sent(newtypes.assemble(), &[]),
        [
            "newtypes.names = [\"a\", \"b\"]",
            "newtypes.short = \"s\"",
            "newtypes.tagged = 7",
            "newtypes.tier = \"back-end\"",
            "service.name = \"users\"",
        ]
    );
    assert_eq!(
        violations(Newtypes { name: Name(String::new()), ..newtypes }.assemble(), &[]).len(),
        1,
        "an empty newtype is missing"
    );
}

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Sealed")]
struct Generic<N, H = Option<String>>
where
    N: Clone,
{
    #[slo("service.name")]
    name: N,
    #[slo("host.name")]
    host: H,
    /// No telemetry, and of no type that could be.
    #[slo(skip)]
    _nothing: Vec<std::time::Instant>,
    _nothing_either: (),
}

#[derive(SloAttributes)]
struct Positional<'a, const N: usize>(
    #[slo("service.name", required)] &'a str,
    #[slo("positional.list")] [i64; N],
);

#[test]
fn a_struct_may_be_generic() {
    let generic =
        Generic { name: "users", host: None::<Arc<str>>, _nothing: Vec::new(), _nothing_either: () };
    assert_eq!(sent(generic.assemble(), &[]), ["service.name = \"users\""]);
    let generic =
        Generic { name: Name2("users"), host: Some("a1".to_owned()), _nothing: vec![], _nothing_either: () };
    assert_eq!(sent(generic.assemble(), &[]), ["host.name = \"a1\"", "service.name = \"users\""]);
    assert_eq!(
        sent(Positional("users", [1, 2]).assemble(), &[]),
        ["positional.list = [1, 2]", "service.name = \"users\""]
    );
}

#[derive(Clone, SloAttributes)]
#[slo(transparent)]
struct Name2(&'static str);

#[test]
fn a_closed_resource_lets_nothing_else_in() {
    let generic = Generic { name: "users", host: None::<&str>, _nothing: Vec::new(), _nothing_either: () };
    let variables = [("OTEL_RESOURCE_ATTRIBUTES", "host.name=a1,cloud.region=north")];
    assert_eq!(sent(generic.assemble(), &variables), ["host.name = \"a1\"", "service.name = \"users\""]);
}

// ── Flattened structs ────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(SloAttributes)]
#[slo(resource = "acme.shop.Common")]
struct Outer<H> {
    #[slo("service.name")]
    name: &'static str,
    #[slo(flatten)]
    build: Build,
    #[slo(flatten)]
    host: H,
}

/// Gives a key that the outer struct's contract requires.
#[derive(SloAttributes)]
struct Build {
    #[slo("service.version", required)]
    version: &'static str,
}

#[derive(SloAttributes)]
struct Host<'a> {
    #[slo("host.name")]
    name: Option<&'a str>,
}

#[test]
fn a_flattened_struct_may_give_what_the_contract_requires() {
    let outer = Outer { name: "users", build: Build { version: "1" }, host: Host { name: Some("a1") } };
    assert_eq!(
        sent(outer.assemble(), &[]),
        ["host.name = \"a1\"", "service.name = \"users\"", "service.version = \"1\""]
    );
}

#[derive(SloAttributes)]
struct Container<'a> {
    #[slo(flatten)]
    host: Host<'a>,
    #[slo("container.name", env = "CONTAINER", default = "none")]
    name: &'a str,
}

#[derive(SloAttributes)]
struct Pod<'a>(#[slo(flatten)] Container<'a>, #[slo("k8s.pod.name", required)] &'a str);

#[test]
fn a_flattened_struct_brings_its_keys_and_their_sources() {
    let pod = Pod(Container { host: Host { name: None }, name: "" }, "pod-7");
    assert_eq!(sent(pod.assemble(), &[]), ["container.name = \"none\"", "k8s.pod.name = \"pod-7\""]);
    assert_eq!(
        sent(pod.assemble(), &[("CONTAINER", "web")]),
        ["container.name = \"web\"", "k8s.pod.name = \"pod-7\""]
    );
}

#[derive(SloAttributes)]
struct Deep<'a> {
    #[slo("deep.level")]
    level: i64,
    #[slo(flatten)]
    outer: Outer<Host<'a>>,
}

#[test]
fn flattened_structs_may_flatten() {
    let outer = Outer { name: "users", build: Build { version: "1" }, host: Host { name: Some("b2") } };
    let deep = Deep { level: 3, outer };
    assert_eq!(
        sent(deep.assemble(), &[]),
        ["deep.level = 3", "host.name = \"b2\"", "service.name = \"users\"", "service.version = \"1\""]
    );
    assert_eq!(violations(Deep { outer: Outer { name: "", ..deep.outer }, ..deep }.assemble(), &[]).len(), 1);
}

// ── Scopes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The name is the contract's constant, and needs no field.
#[derive(SloAttributes)]
#[slo(scope = "acme.shop.Library")]
struct Library {
    #[slo("otel.scope.version")]
    version: Option<&'static str>,
    #[slo("acme.tier", required)]
    tier: AcmeTier,
    #[slo("acme.shard")]
    shard: Option<u8>,
}

#[derive(SloAttributes)]
#[slo(scope = "fin.pay.PaymentScope")]
struct PaymentScope;

#[derive(SloAttributes)]
#[slo(scope)]
struct FreeScope {
    #[slo("otel.scope.name", required)]
    name: &'static str,
    #[slo("otel.scope.version")]
    version: Option<&'static str>,
    #[slo("free.plugin")]
    plugin: bool,
}

#[test]
fn a_scope_has_a_name_a_version_and_attributes() {
    let library = Library { version: None, tier: AcmeTier::Batch, shard: Some(3) };
    let attributes = vec!["acme.shard = 3".to_owned(), "acme.tier = \"batch\"".to_owned()];
    assert_eq!(
        sent_scope(library.assemble(), &[]),
        ("acme.shop.checkout".to_owned(), "2.0.0".to_owned(), attributes.clone())
    );
    assert_eq!(sent_scope(library.assemble(), &[("LIBRARY_VERSION", "2.1.0")]).1, "2.1.0");
    assert_eq!(sent_scope(Library { version: Some("3.0.0"), ..library }.assemble(), &[]).1, "3.0.0");
}

#[test]
fn a_scope_without_a_name_has_its_packages() {
    assert_eq!(
        sent_scope(PaymentScope.assemble(), &[]),
        ("fin.pay".to_owned(), "1.4.0".to_owned(), Vec::new())
    );
}

#[test]
fn a_scope_needs_no_contract() {
    let scope = FreeScope { name: "free", version: None, plugin: true };
    // The environment's resource attributes are none of a scope's.
    let sent = sent_scope(scope.assemble(), &[("OTEL_RESOURCE_ATTRIBUTES", "a=b")]);
    assert_eq!(sent, ("free".to_owned(), String::new(), vec!["free.plugin = true".to_owned()]));
    let sent = sent_scope(FreeScope { version: Some("1"), ..scope }.assemble(), &[]);
    assert_eq!(sent.1, "1");
}

// ── The generated builders ───────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn struct_and_builder_give_equal_output() {
    for variables in [&[][..], &[("SERVICE_VERSION", "1.2.3"), ("OTEL_RESOURCE_ATTRIBUTES", "host.name=a1")]]
    {
        assert_eq!(
            sent(held::user_service("fin-pay-prod", "").assemble(), variables),
            sent(fin_pay::PaymentService::new("fin-pay-prod").assemble(), variables)
        );
    }
    let builder = acme_shop::Service::new("shop")
        .deployment_environment_name(DeploymentEnvironmentName::Production)
        .acme_region(AcmeRegion::South)
        .acme_priority(AcmePriority::Low)
        .acme_endpoint("api.production.example.com");
    let mut own = service(Some(AcmeRegion::South), Some(AcmePriority::Low));
    own.endpoint = Some("api.production.example.com".into());
    assert_eq!(sent(own.assemble(), &[]), sent(builder.assemble(), &[]));

    let builder = acme_shop::Library::new(AcmeTier::Frontend).acme_shard(3);
    let own = Library { version: None, tier: AcmeTier::Frontend, shard: Some(3) };
    assert_eq!(sent_scope(own.assemble(), &[]), sent_scope(builder.assemble(), &[]));
}

#[test]
fn struct_and_builder_break_the_contract_alike() {
    let wrong = built(held::user_service("payments", "").assemble(), &[]).unwrap_err();
    let builder = fin_pay::PaymentService::new("payments");
    assert_eq!(wrong, built(builder.assemble(), &[]).unwrap_err());
}

// ── Surroundings ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// The crate under another name.
mod renamed {
    extern crate slo as telemetry;

    #[derive(telemetry::SloAttributes)]
    #[slo(crate = telemetry)]
    pub(super) struct ByPath {
        #[slo("service.name", required)]
        pub(super) name: String,
    }

    #[derive(telemetry::SloAttributes)]
    #[slo(resource = "acme.shop.Sealed", crate = "telemetry")]
    pub(super) struct ByText {
        #[slo("service.name", required)]
        pub(super) name: Name,
    }

    #[derive(telemetry::SloAttributes)]
    #[slo(transparent)]
    #[slo(crate = self::telemetry)]
    pub(super) struct Name(pub(super) String);
}

#[test]
fn the_crate_may_have_another_name() {
    let expected = ["service.name = \"users\""];
    assert_eq!(sent(renamed::ByPath { name: "users".into() }.assemble(), &[]), expected);
    let by_text = renamed::ByText { name: renamed::Name("users".into()) };
    assert_eq!(sent(by_text.assemble(), &[]), expected);
}

/// A module in which every common name means something else.
#[allow(dead_code, non_camel_case_types, non_upper_case_globals, unused_macros, clippy::disallowed_names)]
mod shadowed {
    pub(super) struct Option;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Result;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Vec;
    pub(super) struct String;
    pub(super) struct Box;
    pub(super) struct Value;
    pub(super) struct Key;
    pub(super) struct Container;
    pub(super) struct Source;
    pub(super) struct Kind;
    pub(super) trait Visitor {}
    pub(super) trait ToValue {}
    pub(super) trait Sized {}
    pub(super) trait Copy {}
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod slo {}
    pub(super) type str = ();
    pub(super) type bool = ();
    pub(super) type i64 = ();
    pub(super) type u8 = ();
    pub(super) const visitor: () = ();
    pub(super) const value: () = ();
    pub(super) const CONTAINER: () = ();

    macro_rules! assert {
        ($($any:tt)*) => {
            compile_error!("a macro of the surroundings")
        };
    }
    macro_rules! compile_error {
        ($($any:tt)*) => { 1 + };
    }

    #[derive(::slo::SloAttributes)]
    #[slo(resource = "acme.shop.Service")]
    pub(super) struct Service<P, V> {
        #[slo("service.name")]
        pub(super) name: ::std::string::String,
        #[slo("deployment.environment.name", env = "DEPLOYMENT_ENVIRONMENT")]
        pub(super) r#type: Text,
        #[slo("acme.priority", default = normal)]
        pub(super) visitor: ::core::option::Option<P>,
        #[slo("acme.region")]
        pub(super) value: V,
        #[slo(flatten)]
        pub(super) endpoint: Endpoint,
    }

    #[derive(::slo::SloAttributes)]
    pub(super) struct Endpoint {
        #[slo("acme.endpoint", max = 40)]
        pub(super) endpoint: &'static ::core::primitive::str,
        #[slo("acme.tier", static = "back-end")]
        _tier: (),
        #[slo("service.version", env = ["SERVICE_VERSION", "VERSION"], default = "0.0.0")]
        version: ::core::option::Option<::std::string::String>,
    }

    impl Endpoint {
        pub(super) const fn new() -> Self {
            Self { endpoint: "api.production.example.com", _tier: (), version: ::core::option::Option::None }
        }
    }

    #[derive(::slo::SloAttributes)]
    #[slo(transparent)]
    pub(super) struct Text(pub(super) &'static ::core::primitive::str);
}

#[test]
fn what_names_mean_around_a_struct_does_not_matter() {
    let service = shadowed::Service {
        name: "shop".into(),
        r#type: shadowed::Text("production"),
        visitor: Some(AcmePriority::Low),
        value: Some(AcmeRegion::North),
        endpoint: shadowed::Endpoint::new(),
    };
    assert_eq!(
        sent(service.assemble(), &[]),
        [
            "acme.endpoint = \"api.production.example.com\"",
            "acme.priority = 1",
            "acme.region = \"eu-north-1\"",
            "acme.tier = \"back-end\"",
            "deployment.environment.name = \"production\"",
            "service.name = \"shop\"",
            "service.version = \"0.0.0\"",
            "telemetry.sdk.language = \"rust\"",
        ]
    );
}

/// A private struct in a function, with private types in it.
#[test]
fn a_private_struct_stays_private() {
    #[derive(SloAttributes)]
    #[slo(transparent)]
    struct Secret(&'static str);

    #[derive(SloAttributes)]
    #[slo(resource = "acme.shop.Sealed")]
    struct Hidden {
        #[slo("service.name")]
        name: Secret,
    }

    assert_eq!(sent(Hidden { name: Secret("users") }.assemble(), &[]), ["service.name = \"users\""]);
}
