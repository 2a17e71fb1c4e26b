//! The IR as JSON: what is written reads back equal, and keeps to the schema that is checked in.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use slo_compiler::ir::{
    Attribute, Bounded, Container, ContainerKind, Contract, Declaration, Deprecation, Domain, Entities,
    EventId, FORMAT, Instrument, IrError, Leaf, ListedKey, Literal, Logs, Member, Metric, Node, NodePlace,
    Package, Places, Prometheus, Range, Scalar, Source, Target, Template, TemplatePart, Traces, Type, Writer,
};
use slo_tests::compile_text;

mod domains;
mod signals;
use signals::{event, instrument, meaning};

fn scalar() -> impl Strategy<Value = Scalar> {
    use Scalar::{Bool, Bytes, Double, Int, String};
    proptest::sample::select(vec![String, Int, Double, Bool, Bytes])
}

fn type_of() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        scalar().prop_map(Type::Scalar),
        scalar().prop_map(Type::Array),
        Just(Type::Any),
        any::<String>().prop_map(Type::Timestamp),
        any::<String>().prop_map(Type::Duration),
    ];
    leaf.prop_recursive(2, 4, 1, |inner| inner.prop_map(|inner| Type::Map(Box::new(inner))))
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("a contract holds finite numbers", |number| number.is_finite())
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::String),
        any::<i64>().prop_map(Literal::Int),
        finite().prop_map(Literal::Double),
        any::<bool>().prop_map(Literal::Bool),
        vec(any::<String>(), 0..3).prop_map(Literal::StringArray),
        vec(any::<i64>(), 0..3).prop_map(Literal::IntArray),
        vec(finite(), 0..3).prop_map(Literal::DoubleArray),
        vec(any::<bool>(), 0..3).prop_map(Literal::BoolArray),
    ]
}

fn member() -> impl Strategy<Value = Member> {
    (any::<(String, String, Option<String>)>(), literal()).prop_map(|((name, docs, until), wire)| Member {
        name,
        wire,
        docs,
        until,
    })
}

fn range() -> impl Strategy<Value = Range> {
    prop_oneof![
        any::<(i64, i64)>().prop_map(|(low, high)| Range::Int(low, high)),
        (finite(), finite()).prop_map(|(low, high)| Range::Double(low, high)),
    ]
}

/// What a contract says is known.
fn known<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Leaf<T>> {
    value.prop_map(Leaf::Known)
}

fn domain() -> impl Strategy<Value = Domain> {
    let bounded = (any::<u64>(), literal()).prop_map(|(values, other)| Bounded { values, other });
    (
        type_of(),
        option::of(vec(member(), 0..3)),
        any::<(bool, bool)>(),
        option::of(range()),
        vec(literal(), 0..3),
        any::<Option<u32>>(),
        any::<Option<String>>(),
        option::of(bounded),
        option::of(literal()),
    )
        .prop_map(|(value, members, (listed, open), range, except, max_length, unit, bounded, other)| {
            let members = members.map(Vec::into);
            Domain { value, members, listed, open, range, except, max_length, unit, bounded, other }
        })
}

fn node() -> impl Strategy<Value = Node> {
    any::<u32>().prop_map(Node)
}

fn template() -> impl Strategy<Value = Template> {
    let part = prop_oneof![
        any::<String>().prop_map(TemplatePart::Text),
        any::<String>().prop_map(TemplatePart::Hole),
        any::<String>().prop_map(TemplatePart::Key),
    ];
    vec(part, 0..4).prop_map(|parts| Template { parts })
}

fn writer() -> impl Strategy<Value = Writer> {
    let source = prop_oneof![
        Just(Source::Required),
        Just(Source::Optional),
        Just(Source::Auto),
        literal().prop_map(Source::Static),
        vec(any::<String>(), 0..3).prop_map(Source::Environment),
    ];
    (
        (node(), any::<String>(), option::of(node()), any::<String>(), known(domain()), known(source)),
        (
            option::of(literal()),
            option::of(template()),
            option::of(node()),
            option::of(node()),
            option::of(node()),
        ),
        vec(node(), 0..3),
    )
        .prop_map(|((node, key, declaration, docs, domain, source), values, through)| {
            let (default, matches, value_node, default_node, matches_node) = values;
            Writer {
                node,
                key,
                declaration,
                docs,
                domain,
                source,
                default,
                matches,
                value_node,
                default_node,
                matches_node,
                through,
            }
        })
}

fn container() -> impl Strategy<Value = Container> {
    let kind = proptest::sample::select(vec![ContainerKind::Resource, ContainerKind::Scope]);
    (node(), kind, any::<(String, String, String, bool)>(), vec(writer(), 0..3)).prop_map(
        |(node, kind, (package, name, docs, closed), writers)| Container {
            node,
            kind,
            package,
            name,
            docs,
            closed,
            schema_url: None,
            of: None,
            writers,
        },
    )
}

fn deprecation() -> impl Strategy<Value = Deprecation> {
    prop_oneof![
        any::<String>().prop_map(Deprecation::Successor),
        any::<String>().prop_map(Deprecation::Reason),
        (any::<String>(), any::<Vec<String>>())
            .prop_map(|(version, names)| Deprecation::NotYet { version, names })
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    (
        option::of(node()),
        any::<(String, String, String, bool)>(),
        domain(),
        any::<(Option<String>, Option<String>)>(),
        option::of(deprecation()),
        vec(literal(), 0..3),
    )
        .prop_map(
            |(node, (package, key, docs, sensitive), domain, (stability, until), deprecated, examples)| {
                Attribute {
                    node,
                    package: package.into(),
                    key,
                    docs,
                    domain,
                    stability,
                    sensitive,
                    deprecated,
                    until,
                    examples,
                }
            },
        )
}

fn listed() -> impl Strategy<Value = ListedKey> {
    any::<(String, String, String)>().prop_map(|(key, level, condition)| ListedKey { key, level, condition })
}

fn entities() -> impl Strategy<Value = Entities> {
    any::<String>().prop_map(Entities::Entity).prop_recursive(3, 12, 3, |part| {
        let parts = vec(part, 0..3);
        prop_oneof![parts.clone().prop_map(Entities::OneOf), parts.prop_map(Entities::AllOf)]
    })
}

fn declaration() -> impl Strategy<Value = Declaration> {
    (
        node(),
        any::<(String, String, String, Option<String>, bool)>(),
        any::<Option<String>>(),
        option::of(deprecation()),
        vec(listed(), 0..3),
        option::of(entities()),
    )
        .prop_map(
            |(node, (package, name, docs, kind, closed), stability, deprecated, keys, entities)| {
                Declaration { node, package, name, docs, kind, closed, stability, deprecated, keys, entities }
            },
        )
}

fn metric() -> impl Strategy<Value = Metric> {
    (
        node(),
        any::<(String, String, String, String, String)>(),
        any::<Option<String>>(),
        option::of(deprecation()),
        vec(listed(), 0..3),
        option::of(entities()),
    )
        .prop_map(
            |(node, (package, name, docs, kind, unit), stability, deprecated, labels, entities)| Metric {
                node,
                package,
                name,
                docs,
                kind,
                unit,
                stability,
                deprecated,
                labels,
                entities,
            },
        )
}

/// A metric that runs while an event does: one that is observed has no fields to name.
fn running() -> impl Strategy<Value = Instrument> {
    instrument().prop_map(|metric| Instrument { during: Some(EventId::at(0)), ..metric })
}

fn contract() -> impl Strategy<Value = Contract> {
    let place = any::<(u32, u32, u32, u32)>().prop_map(|(file, start, end, line)| NodePlace {
        file,
        start,
        end,
        line,
    });
    let places =
        (vec(any::<String>(), 0..3), vec(place, 0..3)).prop_map(|(files, nodes)| Places { files, nodes });
    let ways = proptest::collection::btree_map(any::<String>(), any::<String>(), 0..3);
    let prometheus = (any::<(String, bool)>(), ways, vec(any::<String>(), 0..3)).prop_map(
        |((translation_strategy, keep_identifying_resource_attributes), ways, promoted)| Prometheus {
            translation_strategy,
            promote_resource_attributes: promoted,
            keep_identifying_resource_attributes,
            ways,
        },
    );
    let logs = (any::<bool>(), vec(any::<String>(), 0..3))
        .prop_map(|(separate_stores, reserved)| Logs { separate_stores, reserved });
    (
        any::<(String, String, Option<String>, Option<String>)>(),
        proptest::sample::subsequence(Target::ALL.to_vec(), 0..=3),
        (prometheus, logs, any::<bool>().prop_map(|nests| Traces { nests })),
        vec(any::<(String, String)>().prop_map(|(name, docs)| Package { name, docs }), 0..3),
        vec(attribute(), 0..3),
        vec(container(), 1..3),
        (vec(metric(), 0..3), [(); 3].map(|()| vec(declaration(), 0..2))),
        (vec(meaning(), 1..3), vec(event(), 1..3), vec(running(), 0..2)),
        places,
    )
        .prop_map(
            |(
                names,
                targets,
                (prometheus, logs, traces),
                packages,
                attributes,
                containers,
                (metrics, [declared_spans, declared_logs, entities]),
                signals,
                places,
            )| {
                let (meanings, events, instruments) = signals;
                let (name, version, owner, schema_url) = names;
                Contract {
                    format: FORMAT,
                    name,
                    version,
                    owner,
                    schema_url,
                    targets,
                    prometheus,
                    logs,
                    traces,
                    packages,
                    attributes: attributes.into_iter().map(std::sync::Arc::new).map(Leaf::Known).collect(),
                    containers,
                    metrics,
                    declared_spans,
                    declared_logs,
                    entities,
                    meanings,
                    events,
                    instruments,
                    places,
                }
            },
        )
}

/// The checked-in schema, for the crate that publishes it.
fn schema_path() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/contract.schema.json")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_reads_back_equal(contract in contract()) {
        let json = contract.to_json();
        let back = Contract::from_json(&json).unwrap();
        prop_assert_eq!(&back, &contract);
        // Equality leaves the places out; the text doesn't.
        prop_assert_eq!(back.to_json(), json);
    }

    #[test]
    fn what_is_written_keeps_to_the_schema(contract in contract()) {
        let schema = serde_json::from_str(&std::fs::read_to_string(schema_path()).unwrap()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let json: serde_json::Value = serde_json::from_str(&contract.to_json()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
    }
}

/// The schema is written by hand of nobody: `SLO_UPDATE=1 cargo test -p slo-tests ir::` brings it up to date.
#[test]
fn the_schema_is_up_to_date() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Contract)).unwrap();
    schema.push('\n');
    if std::env::var_os("SLO_UPDATE").is_some() {
        std::fs::write(schema_path(), &schema).unwrap();
    }
    let on_disk = std::fs::read_to_string(schema_path()).unwrap_or_default();
    assert!(on_disk == schema, "compiler/contract.schema.json is stale: run this test with SLO_UPDATE=1");
}

#[test]
fn places_are_no_part_of_what_a_contract_says() {
    let text = "package shop\n\nuse std.otel\n\nresource Shop {\n    service.name: required\n}\n";
    let moved = format!("// A comment moves everything.\n\n{text}");
    let (one, other) = (compile_text(text).contract.unwrap(), compile_text(&moved).contract.unwrap());
    assert_eq!(one, other);
    assert_eq!(one.hash(), other.hash());
    assert_ne!(one.to_json(), other.to_json());
    let renamed = compile_text(&text.replace("Shop", "Store")).contract.unwrap();
    assert_ne!(one, renamed);
    assert_ne!(one.hash(), renamed.hash());
}

#[test]
fn another_format_is_refused_by_its_number() {
    let contract = compile_text("package shop\nscope Shop {}\n").contract.unwrap();
    let other = contract.to_json().replacen(&format!("\"format\": {FORMAT}"), "\"format\": 99", 1);
    assert!(matches!(Contract::from_json(&other), Err(IrError::Format(99))));
    assert!(matches!(Contract::from_json("{"), Err(IrError::Json(_))));
}
