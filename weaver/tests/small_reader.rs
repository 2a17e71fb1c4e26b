//! A reader of registries that knows nothing of the crate: it walks untyped values, and gives facts. It takes a
//! registry to be right, and knows no other registries.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::facts::{Facts, put, text};

type Map = BTreeMap<String, Value>;

pub(crate) fn facts(folder: &Path) -> Facts {
    let mut groups: BTreeMap<String, Map> = BTreeMap::new();
    let mut definitions: BTreeMap<String, Map> = BTreeMap::new();
    for file in files(folder) {
        let text = fs::read_to_string(&file).unwrap();
        let top: Value = serde_saphyr::from_str(&text).unwrap();
        let top = map(top);
        for (list, kind, name, prefix) in LISTS {
            for group in top.get(list).map(items).unwrap_or_default() {
                let mut group = map(group);
                if list == "attributes" {
                    definitions.insert(string(&group["key"]), group);
                    continue;
                }
                let id = if list.ends_with("refinements") || list == "groups" || list == "attribute_groups" {
                    string(&group[name])
                } else {
                    format!("{prefix}{}", string(&group[name]))
                };
                let kind = if list == "groups" { string(&group["type"]) } else { kind.to_owned() };
                group.insert("kind of".to_owned(), word(kind));
                if let Some(of) = group.get("ref").map(string) {
                    group.insert("refines".to_owned(), word(format!("{prefix}{of}")));
                }
                for attribute in group.get("attributes").map(items).unwrap_or_default() {
                    let attribute = map(attribute);
                    if let Some(id) = attribute.get("id") {
                        definitions.insert(string(id), attribute.clone());
                    }
                }
                groups.insert(id, group);
            }
        }
    }
    let mut facts = Facts::new();
    for (key, definition) in &definitions {
        facts.insert(format!("attribute {key}"), attribute(definition));
    }
    for (id, group) in &groups {
        let kind = string(&group["kind of"]);
        let kind = match kind.as_str() {
            "attribute_group" => "group",
            "resource" => "entity",
            other => other,
        };
        facts.insert(format!("{kind} {id}"), signal(kind, id, group, &groups));
    }
    facts
}

/// The lists of a file: the kind, the field that names a thing, and what its id begins with.
const LISTS: [(&str, &str, &str, &str); 11] = [
    ("groups", "", "id", ""),
    ("attributes", "", "key", ""),
    ("attribute_groups", "attribute_group", "id", ""),
    ("metrics", "metric", "name", "metric."),
    ("metric_refinements", "metric", "id", "metric."),
    ("spans", "span", "type", "span."),
    ("span_refinements", "span", "id", "span."),
    ("events", "event", "name", "event."),
    ("event_refinements", "event", "id", "event."),
    ("entities", "entity", "type", "entity."),
    ("entity_refinements", "entity", "id", "entity."),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.contains("manifest.yaml") {
            files.push(path);
        }
    }
    files
}

fn map(yaml: Value) -> Map {
    let Value::Object(mapping) = yaml else { return Map::new() };
    mapping.into_iter().collect()
}

fn items(yaml: &Value) -> Vec<Value> {
    yaml.as_array().cloned().unwrap_or_default()
}

fn string(yaml: &Value) -> String {
    yaml.as_str().unwrap_or_else(|| panic!("{yaml:?} is no text")).to_owned()
}

fn value(yaml: &Value) -> String {
    match yaml {
        Value::Array(values) => format!("[{}]", values.iter().map(value).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, one)| format!("{key:?}: {}", value(one))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::String(value) => text(value),
        other => other.to_string(),
    }
}

fn about(facts: &mut BTreeMap<String, String>, before: &str, of: &Map) {
    for field in ["brief", "note", "annotations"] {
        put(facts, &format!("{before}{field}"), of.get(field).map(value));
    }
    // `experimental` is what `development` was called once.
    let stability = of.get("stability").map(|one| value(one).replace("experimental", "development"));
    put(facts, &format!("{before}stability"), stability);
    put(facts, &format!("{before}deprecated"), of.get("deprecated").map(deprecated));
}

fn deprecated(yaml: &Value) -> String {
    if let Some(note) = yaml.as_str() {
        return format!("unspecified: {:?}", Some(note));
    }
    let of = map(yaml.clone());
    let reason = string(&of["reason"]);
    let to = of.get("renamed_to").map(|to| format!(" to {}", string(to))).unwrap_or_default();
    format!("{reason}{to}: {:?}", of.get("note").map(string))
}

fn attribute(of: &Map) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    about(&mut facts, "", of);
    put(&mut facts, "examples", of.get("examples").map(value));
    if let Some(name) = of["type"].as_str() {
        facts.insert("type".to_owned(), name.to_owned());
        return facts;
    }
    facts.insert("type".to_owned(), "enum".to_owned());
    let members = map(of["type"].clone()).get("members").map(items).unwrap_or_default();
    for (number, member) in members.into_iter().enumerate() {
        let member = map(member);
        let before = format!("member {} ", string(&member["id"]));
        facts.insert(format!("{before}value"), value(member.get("value").unwrap_or(&member["id"])));
        facts.insert(format!("{before}number"), number.to_string());
        about(&mut facts, &before, &member);
    }
    facts
}

/// What a field of a group says: of a refinement what it refines says it where it doesn't.
fn field(name: &str, group: &Map, groups: &BTreeMap<String, Map>) -> Option<Value> {
    let own = group.get(name).cloned();
    let base = group.get("refines").map(|of| &groups[&string(of)]).and_then(|base| field(name, base, groups));
    match (own, base) {
        (Some(own), Some(base)) if name == "annotations" => Some(merged(base, own)),
        (own, base) => own.or(base),
    }
}

fn merged(base: Value, own: Value) -> Value {
    let (Value::Object(mut below), Value::Object(above)) = (base, own.clone()) else { return own };
    for (key, one) in above {
        let merged = match below.remove(&key) {
            Some(old) => merged(old, one),
            None => one,
        };
        below.insert(key, merged);
    }
    Value::Object(below)
}

/// The attributes of a group, by key: what is said nearest to it holds.
fn uses(group: &Map, groups: &BTreeMap<String, Map>) -> BTreeMap<String, Map> {
    let mut uses = BTreeMap::new();
    for parent in ["extends", "refines"].iter().filter_map(|field| group.get(*field)) {
        uses.extend(self::uses(&groups[&string(parent)], groups));
    }
    let mut own = Vec::new();
    for (list, role) in
        [("attributes", None), ("identity", Some("identifying")), ("description", Some("descriptive"))]
    {
        for attribute in group.get(list).map(items).unwrap_or_default() {
            let mut attribute = map(attribute);
            if let Some(id) = attribute.get("ref_group") {
                uses.extend(self::uses(&groups[&string(id)], groups));
                continue;
            }
            if let Some(role) = role {
                attribute.insert("role".to_owned(), word(role.to_owned()));
            }
            own.push(attribute);
        }
    }
    for attribute in own {
        let key = string(attribute.get("ref").unwrap_or_else(|| &attribute["id"]));
        let all: &mut Map = uses.entry(key).or_default();
        all.extend(attribute);
    }
    uses
}

fn signal(kind: &str, id: &str, group: &Map, groups: &BTreeMap<String, Map>) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    let said = |name: &str| field(name, group, groups);
    let mut all = Map::new();
    for name in ["brief", "note", "stability", "annotations", "deprecated"] {
        all.extend(said(name).map(|one| (name.to_owned(), one)));
    }
    about(&mut facts, "", &all);
    put(&mut facts, "refines", group.get("refines").map(value));
    put(&mut facts, "level", said("requirement_level").as_ref().map(value));
    put(&mut facts, "entities", group.get("entity_associations").map(|list| entities(&items(list))));
    match kind {
        "group" => {
            let visibility = group.get("visibility").map_or("unsaid".to_owned(), string);
            facts.insert("visibility".to_owned(), visibility);
            put(&mut facts, "display_name", group.get("display_name").map(value));
        }
        "metric" => {
            let name = said("metric_name").or_else(|| said("name"));
            put(&mut facts, "name", name.as_ref().map(value));
            put(&mut facts, "instrument", said("instrument").as_ref().map(value));
            put(&mut facts, "unit", said("unit").as_ref().map(value));
            let annotations = map(said("annotations").unwrap_or(word(String::new())));
            let generation = annotations.get("code_generation").cloned().map(map).unwrap_or_default();
            put(&mut facts, "value type", generation.get("metric_value_type").map(value));
        }
        "span" => {
            put(&mut facts, "kind", said("span_kind").or_else(|| said("kind")).as_ref().map(value));
            let name = said("name").map(map).and_then(|mut name| name.remove("note"));
            put(&mut facts, "name note", name.as_ref().map(value));
        }
        "event" => {
            put(&mut facts, "name", said("name").as_ref().map(value));
            put(&mut facts, "body", group.get("body").map(value));
        }
        _ => {
            let named = group.get("name").or_else(|| group.get("type")).map(value);
            let named = if group.contains_key("refines") { None } else { named };
            put(&mut facts, "name", named.or_else(|| Some(text(id.trim_start_matches("entity.")))));
        }
    }
    for (key, attribute) in uses(group, groups) {
        let before = format!("use {key} ");
        let level = match attribute.get("requirement_level") {
            None => "recommended".to_owned(),
            Some(level) => match level.as_str() {
                Some(word) => word.to_owned(),
                None => {
                    let (word, condition) = map(level.clone()).into_iter().next().unwrap();
                    format!("{word} {}", value(&condition))
                }
            },
        };
        facts.insert(format!("{before}level"), level);
        if !attribute.contains_key("id") {
            about(&mut facts, &before, &attribute);
            put(&mut facts, &format!("{before}examples"), attribute.get("examples").map(value));
        }
        put(&mut facts, &format!("{before}sampling"), attribute.get("sampling_relevant").map(value));
        put(&mut facts, &format!("{before}tag"), attribute.get("tag").map(value));
        put(&mut facts, &format!("{before}role"), attribute.get("role").map(value));
    }
    facts
}

fn entities(list: &[Value]) -> String {
    match list {
        [one] => entity(one),
        several => format!("one_of({})", several.iter().map(entity).collect::<Vec<_>>().join(", ")),
    }
}

fn entity(yaml: &Value) -> String {
    if let Some(name) = yaml.as_str() {
        return name.to_owned();
    }
    let (name, list) = map(yaml.clone()).into_iter().next().unwrap();
    if let [one] = items(&list).as_slice() {
        return entity(one);
    }
    format!("{name}({})", items(&list).iter().map(entity).collect::<Vec<_>>().join(", "))
}

fn word(text: String) -> Value {
    Value::String(text)
}
