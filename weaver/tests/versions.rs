//! The built-in vocabulary under the names of earlier versions: its renames are those of the conventions' schema file, and
//! each version calls things as it did.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use slo_stdlib_mappings::{Attribute, Deprecation, Metric, Type, Vocabulary, versions, vocabulary};

use crate::support;

fn at(version: &str) -> &'static Vocabulary {
    vocabulary("std.otel", version).unwrap()
}

fn attribute(version: &str, key: &str) -> Option<&'static Attribute> {
    at(version).attribute(key)
}

fn metric(version: &str, name: &str) -> &'static Metric {
    at(version).metric(name).unwrap()
}

/// What a version has for a name that came later.
fn called(deprecated: Option<Deprecation>) -> Vec<&'static str> {
    match deprecated {
        Some(Deprecation::NotYet { names, .. }) => names.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// `stdlib-mappings/src/renames.rs`, from the schema file; `SLO_UPDATE=1` writes it.
#[test]
fn the_renames_are_those_of_the_schema_file() {
    let Some(file) = support::schema_file() else { return };
    let made = renames(&fs::read_to_string(file).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib-mappings/src/renames.rs");
    if std::env::var_os("SLO_UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), made);
}

fn renames(schema: &str) -> String {
    let top: Map<String, Value> = serde_saphyr::from_str(schema).unwrap();
    let mut versions: Vec<(Vec<u32>, &String, &Value)> = top["versions"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(version, changes)| (numbers(version), version, changes))
        .collect();
    versions.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut made = String::from(
        "// @generated from the schema file of the OpenTelemetry semantic conventions; do not edit.\n\n\
         use crate::names::{Renames, Version};\n\n",
    );
    writeln!(made, "pub(crate) static VERSIONS: [Version; {}] = [", versions.len()).unwrap();
    for (_, version, changes) in versions {
        let mut lines = String::new();
        let sections = changes.as_object().into_iter().flatten();
        for change in sections.flat_map(|(_, section)| section["changes"].as_array().unwrap()) {
            for (kind, change) in change.as_object().unwrap() {
                let (of, pairs) = match (kind.as_str(), change.get("apply_to_metrics")) {
                    ("rename_metrics", None) => ("Metrics(".to_owned(), change),
                    ("rename_attributes", None) => ("Attributes(".to_owned(), &change["attribute_map"]),
                    ("rename_attributes", Some(metrics)) => {
                        (format!("Labels(&{metrics}, "), &change["attribute_map"])
                    }
                    other => panic!("{other:?}"),
                };
                let pairs: Vec<String> = pairs
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(before, since)| format!("({before:?}, {since})"))
                    .collect();
                writeln!(lines, "Renames::{of}&[{}]),", pairs.join(", ")).unwrap();
            }
        }
        writeln!(made, "Version {{ version: {version:?}, renames: &[{lines}] }},").unwrap();
    }
    made.push_str("];\n");
    formatted(&made)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap()).collect()
}

/// As rustfmt writes it.
fn formatted(text: &str) -> String {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let configuration = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml");
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition=2024", "--config-path"]).arg(configuration);
    let mut rustfmt = rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    rustfmt.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let written = rustfmt.wait_with_output().unwrap();
    assert!(written.status.success());
    String::from_utf8(written.stdout).unwrap()
}

#[test]
fn a_key_that_was_renamed_later_is_in_use_before() {
    assert!(attribute("1.38.0", "rpc.system").unwrap().deprecated.is_none());
    assert_eq!(
        attribute("1.39.0", "rpc.system").unwrap().deprecated,
        Some(Deprecation::Successor("rpc.system.name"))
    );
}

#[test]
fn a_key_that_came_later_says_what_it_was_called() {
    assert_eq!(called(attribute("1.38.0", "rpc.system.name").unwrap().deprecated), ["rpc.system"]);
    assert!(attribute("1.39.0", "rpc.system.name").unwrap().deprecated.is_none());
    let two = called(attribute("1.38.0", "rpc.request.metadata").unwrap().deprecated);
    assert_eq!(two, ["rpc.connect_rpc.request.metadata", "rpc.grpc.request.metadata"]);
}

#[test]
fn a_chain_of_renames_is_followed_to_its_link() {
    let before = |version| called(attribute(version, "http.request.resend_count").unwrap().deprecated);
    assert_eq!(before("1.21.0"), ["http.resend_count"]);
    assert_eq!(before("1.14.0"), ["http.retry_count"]);
    assert!(attribute("1.22.0", "http.request.resend_count").unwrap().deprecated.is_none());
    let old = attribute("1.14.0", "http.retry_count").unwrap();
    assert_eq!((old.value, old.package, old.deprecated), (Type::Int, "std.otel.http", None));
    assert!(attribute("1.15.0", "http.retry_count").is_none(), "no longer, and not declared today");
}

/// The schema file has no rename of what was deprecated without a new name, or in favour of a name that was there: since when it is,
/// nothing says.
#[test]
fn what_was_not_renamed_is_in_use_in_earlier_versions() {
    for key in ["http.target", "net.peer.name"] {
        assert_eq!(attribute("1.11.0", key).unwrap().deprecated, None, "{key}");
        assert!(attribute("1.44.0", key).unwrap().deprecated.is_some(), "{key}");
    }
}

/// `user.id` was to take the place of `enduser.id`, which is in use today.
#[test]
fn a_rename_that_was_taken_back_is_none() {
    for version in versions("std.otel") {
        for key in ["enduser.id", "user.id"] {
            assert_eq!(attribute(version, key).unwrap().deprecated, None, "{version} {key}");
        }
    }
}

/// `system.cpu.time` was `cpu.time` from 1.31.0 to 1.33.0.
#[test]
fn a_metric_that_went_and_came_back_has_its_name_of_each_version() {
    for version in ["1.30.0", "1.34.0", "1.44.0"] {
        assert_eq!(metric(version, "system.cpu.time").deprecated, None, "{version}");
    }
    for version in ["1.31.0", "1.33.0"] {
        assert_eq!(called(metric(version, "system.cpu.time").deprecated), ["cpu.time"], "{version}");
        assert!(at(version).metric("cpu.time").is_none_or(|metric| metric.deprecated.is_none()), "{version}");
    }
}

#[test]
fn the_labels_of_a_metric_have_their_keys_of_each_version() {
    let has = |version, name, label| metric(version, name).labels.iter().any(|(key, ..)| *key == label);
    assert!(has("1.27.0", "system.memory.usage", "system.memory.state"));
    assert!(has("1.21.0", "system.memory.usage", "state"));
    assert!(has("1.21.0", "system.cpu.time", "state") && has("1.24.0", "process.cpu.time", "state"));
    // The schema file names three keys that this label can have had.
    assert!(!has("1.26.0", "process.cpu.time", "cpu.mode") && has("1.27.0", "process.cpu.time", "cpu.mode"));
    // Several metrics had a label `state`, each with other members: of these nothing is known.
    let state = attribute("1.21.0", "state").unwrap();
    assert_eq!((state.value, state.members.is_none(), state.deprecated), (Type::String, true, None));
    assert!(has("1.24.0", "jvm.gc.duration", "jvm.gc.name"));
    assert!(has("1.21.0", "jvm.gc.duration", "name"));
}

#[test]
fn every_version_is_whole() {
    let newest = at("1.44.0");
    assert_eq!(versions("std.otel").next_back(), Some("1.44.0"));
    for version in versions("std.otel") {
        let vocabulary = at(version);
        assert!(std::ptr::eq(vocabulary, at(version)), "{version} is made twice");
        assert!(vocabulary.attributes.is_sorted_by(|one, other| one.key < other.key), "{version}");
        assert_eq!(vocabulary.metrics.len(), newest.metrics.len());
        assert!(vocabulary.attributes.len() >= newest.attributes.len());
        for metric in vocabulary.metrics {
            for (key, ..) in metric.labels {
                assert!(vocabulary.attribute(key).is_some(), "{version} {} {key}", metric.name);
            }
        }
        for declared in [vocabulary.spans, vocabulary.logs, vocabulary.entities].into_iter().flatten() {
            for (key, ..) in declared.keys {
                let attribute = vocabulary.attribute(key).unwrap();
                let is_not_yet = matches!(attribute.deprecated, Some(Deprecation::NotYet { .. }));
                assert!(!is_not_yet, "{version} {} {key}", declared.name);
            }
        }
    }
    assert_eq!(at("1.30.0").schema_url, "https://opentelemetry.io/schemas/1.30.0");
    assert!(vocabulary("std.otel", "1.44.1").is_none() && vocabulary("std", "1.44.0").is_none());
}
