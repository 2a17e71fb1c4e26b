//! The vocabulary `std.otel` is what the conventions say, fact by fact: its tables, held to the small reader. Names, types,
//! members, units, instruments, kinds, levels, stability, successors and entities are there, and no sentence.

use std::collections::BTreeMap;

use slo_stdlib_mappings::{Declaration, Deprecation, Entities, Type, VOCABULARIES, Vocabulary, Wire};

use crate::exported::differences;
use crate::facts::Facts;
use crate::{small_reader, support};

fn vocabulary() -> &'static Vocabulary {
    VOCABULARIES.iter().find(|vocabulary| vocabulary.name == "std.otel").unwrap()
}

fn put(facts: &mut BTreeMap<String, String>, name: &str, value: Option<String>) {
    facts.extend(value.map(|value| (name.to_owned(), value)));
}

/// The facts of the tables.
fn of_tables(vocabulary: &Vocabulary) -> Facts {
    let mut all = Facts::new();
    for attribute in vocabulary.attributes {
        let mut facts = BTreeMap::new();
        let name = if attribute.members.is_some() { "enum".to_owned() } else { type_name(attribute.value) };
        facts.insert("type".to_owned(), name);
        put(&mut facts, "open", attribute.members.map(|_| attribute.open.to_string()));
        for member in attribute.members.unwrap_or_default() {
            let wire = match member.wire {
                Wire::String(text) => format!("{text:?}"),
                Wire::Int(number) => number.to_string(),
            };
            facts.insert(format!("member {}", member.name), wire);
        }
        put(&mut facts, "stability", attribute.stability.map(str::to_owned));
        put(&mut facts, "deprecated", attribute.deprecated.map(deprecation));
        all.insert(format!("attribute {}", attribute.key), facts);
    }
    for metric in vocabulary.metrics {
        let mut facts = BTreeMap::new();
        facts.insert("instrument".to_owned(), metric.kind.to_owned());
        facts.insert("unit".to_owned(), metric.unit.to_owned());
        put(&mut facts, "stability", metric.stability.map(str::to_owned));
        put(&mut facts, "deprecated", metric.deprecated.map(deprecation));
        put(&mut facts, "entities", metric.entities.map(entities));
        facts.extend(levels(metric.labels));
        all.insert(format!("metric {}", metric.name), facts);
    }
    for (kind, list) in
        [("span", vocabulary.spans), ("event", vocabulary.logs), ("entity", vocabulary.entities)]
    {
        all.extend(list.iter().map(|one| (format!("{kind} {}", one.name), of_declaration(one))));
    }
    all
}

fn of_declaration(declaration: &Declaration) -> BTreeMap<String, String> {
    let mut facts = levels(declaration.keys);
    put(&mut facts, "kind", declaration.kind.map(str::to_owned));
    put(&mut facts, "stability", declaration.stability.map(str::to_owned));
    put(&mut facts, "deprecated", declaration.deprecated.map(deprecation));
    put(&mut facts, "entities", declaration.entities.map(entities));
    facts
}

fn levels(keys: &[(&str, &str, &str)]) -> BTreeMap<String, String> {
    let level = |(key, level, condition): &(&str, &str, &str)| {
        let condition = if condition.is_empty() || *level == "if" { "" } else { " if" };
        (format!("use {key}"), format!("{level}{condition}"))
    };
    keys.iter().map(level).collect()
}

fn deprecation(deprecation: Deprecation) -> String {
    match deprecation {
        Deprecation::Successor(name) => format!("renamed to {name}"),
        Deprecation::Reason("obsoleted") => "obsoleted".to_owned(),
        Deprecation::Reason(_) => "uncategorized".to_owned(),
        Deprecation::NotYet { .. } => panic!("the newest version has all of its names"),
    }
}

fn type_name(value: Type) -> String {
    match value {
        Type::String => "string".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Double => "double".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::StringArray => "string[]".to_owned(),
        Type::IntArray => "int[]".to_owned(),
        Type::DoubleArray => "double[]".to_owned(),
        Type::BoolArray => "boolean[]".to_owned(),
        Type::Any => "any".to_owned(),
        Type::Map(inner) => format!("template[{}]", type_name(*inner)),
        other => format!("{other:?}"),
    }
}

fn entities(of: Entities) -> String {
    let list = |all: &[Entities]| all.iter().map(|one| entities(*one)).collect::<Vec<_>>().join(", ");
    match of {
        Entities::Entity(name) => name.to_owned(),
        Entities::OneOf([one]) | Entities::AllOf([one]) => entities(*one),
        Entities::OneOf(all) => format!("one_of({})", list(all)),
        Entities::AllOf(all) => format!("all_of({})", list(all)),
    }
}

/// The same facts of the conventions, as the small reader finds them.
fn of_conventions(found: &Facts) -> Facts {
    let unquoted = |text: &String| text.trim_matches('"').to_owned();
    let mut all = Facts::new();
    for (name, said) in found {
        let (kind, id) = name.split_once(' ').unwrap();
        let is_refinement = said.contains_key("refines");
        let name = match kind {
            "attribute" => id.to_owned(),
            "metric" | "event" if !is_refinement => unquoted(&said["name"]),
            "entity" => unquoted(&said["name"]),
            "span" => id.strip_prefix("span.").unwrap_or(id).to_owned(),
            _ => continue,
        };
        let mut facts = BTreeMap::new();
        for (fact, value) in said {
            let parts: Vec<&str> = fact.split(' ').collect();
            match parts.as_slice() {
                ["type" | "entities"] => put(&mut facts, fact, Some(value.clone())),
                ["stability" | "instrument" | "unit" | "kind"] => {
                    put(&mut facts, fact, Some(unquoted(value)))
                }
                ["deprecated"] => {
                    let reason = value.split_once(':').unwrap().0;
                    let reason = if reason == "unspecified" { "uncategorized" } else { reason };
                    put(&mut facts, fact, Some(reason.to_owned()));
                }
                ["member", id, "value"] => put(&mut facts, &format!("member {id}"), Some(value.clone())),
                ["use", key, "level"] => {
                    put(&mut facts, &format!("use {key}"), Some(level(kind, key, value, said, found)))
                }
                _ => {}
            }
        }
        if said.get("type").is_some_and(|value| value == "enum") {
            facts.insert("open".to_owned(), "true".to_owned());
            one_of_each(&mut facts, said);
        }
        all.insert(format!("{kind} {name}"), facts);
    }
    all
}

/// How far a key is asked for, without the words of a condition. What identifies an entity has the level `id`, but for families.
fn level(kind: &str, key: &str, value: &str, said: &BTreeMap<String, String>, found: &Facts) -> String {
    let is_family = found[&format!("attribute {key}")]["type"].starts_with("template");
    let role = said.get(&format!("use {key} role"));
    if kind == "entity" && !is_family && role.is_none_or(|role| role == "\"identifying\"") {
        return "id".to_owned();
    }
    match value.split_once(' ') {
        Some(("conditionally_required", _)) => "if".to_owned(),
        Some((word, _)) => format!("{word} if"),
        None => value.to_owned(),
    }
}

/// Of members with one value the first is there.
fn one_of_each(facts: &mut BTreeMap<String, String>, said: &BTreeMap<String, String>) {
    let number = |fact: &str| said[&format!("{fact} number")].parse::<usize>().unwrap();
    let mut members: Vec<(usize, String, String)> = facts
        .iter()
        .filter(|(fact, _)| fact.starts_with("member "))
        .map(|(fact, value)| (number(fact), fact.clone(), value.clone()))
        .collect();
    members.sort();
    let mut seen = std::collections::BTreeSet::new();
    for (_, fact, _) in members.into_iter().filter(|(.., value)| !seen.insert(value.clone())) {
        facts.remove(&fact);
    }
}

#[test]
fn each_fact_of_the_vocabulary_is_that_of_the_conventions() {
    let Some(model) = support::conventions() else { return };
    let told = differences(&of_conventions(&small_reader::facts(&model)), &of_tables(vocabulary()));
    assert!(told.is_empty(), "{told}");
}

#[test]
fn the_vocabulary_has_all_of_the_conventions() {
    let vocabulary = vocabulary();
    let counts = [
        vocabulary.attributes.len(),
        vocabulary.metrics.len(),
        vocabulary.spans.len(),
        vocabulary.logs.len(),
        vocabulary.entities.len(),
    ];
    assert_eq!(counts, [940, 541, 113, 32, 64]);
}

/// The vocabulary holds facts: no docs, no examples, and the importer's own words where there would be a sentence.
#[test]
fn the_vocabulary_has_no_sentence_of_the_conventions() {
    let vocabulary = vocabulary();
    let ours = |reason: &str| {
        reason == "obsoleted" || reason == "the registry of the OpenTelemetry semantic conventions says why"
    };
    let is_ours = |deprecated: Option<Deprecation>| match deprecated {
        Some(Deprecation::Reason(reason)) => ours(reason),
        _ => true,
    };
    let conditions = |keys: &[(&str, &str, &str)]| {
        keys.iter().all(|(.., condition)| ["", "its condition is in the conventions"].contains(condition))
    };
    for attribute in vocabulary.attributes {
        assert!(attribute.docs.is_empty() && attribute.examples.is_empty(), "{}", attribute.key);
        assert!(
            attribute.members.unwrap_or_default().iter().all(|member| member.docs.is_empty()),
            "{}",
            attribute.key
        );
        assert!(is_ours(attribute.deprecated), "{}", attribute.key);
    }
    for metric in vocabulary.metrics {
        let is_fact = metric.docs.is_empty() && is_ours(metric.deprecated) && conditions(metric.labels);
        assert!(is_fact, "{}", metric.name);
    }
    for one in vocabulary.spans.iter().chain(vocabulary.logs).chain(vocabulary.entities) {
        assert!(one.docs.is_empty() && is_ours(one.deprecated) && conditions(one.keys), "{}", one.name);
    }
}

/// The files are what `slo import weaver` writes, but for who keeps them.
#[test]
fn the_files_are_those_of_the_import() {
    let Some(model) = support::conventions() else { return };
    let registry = slo_weaver::read(&model, &slo_weaver::Dependencies::new()).unwrap();
    let style = slo_weaver::Style { name: "std.otel".to_owned(), docs: false };
    let mut written = slo_weaver::write(&registry, &style).unwrap().files;
    written.remove("slo.toml");
    let files: BTreeMap<String, String> =
        vocabulary().files.iter().map(|file| (file.path.to_owned(), file.text.to_owned())).collect();
    assert!(written.keys().eq(files.keys()), "other files");
    for (path, text) in &files {
        assert_eq!(text, &written[path], "{path}");
    }
}
