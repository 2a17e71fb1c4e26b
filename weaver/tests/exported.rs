//! Registries that are written in the newer form and read again say the same, but for what that form has no field for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use slo_weaver::{Dependencies, Exported, Left, Registry, Style, export, read, registry_of, write};

use crate::facts::{self, Facts, text};
use crate::support;

/// Writes the files into a folder of their own, and reads them.
pub(crate) fn read_again(exported: &Exported) -> Registry {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in &exported.files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    read(folder.path(), &Dependencies::new()).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}\n{:#?}", problems.join("\n"), exported.files)
    })
}

/// The facts that the newer form has, by the ids that it gives.
pub(crate) fn facts(registry: &Registry) -> Facts {
    let all = facts::of(registry);
    let mut normal = Facts::new();
    for (name, mut facts) in all {
        let (kind, id) = name.split_once(' ').unwrap();
        facts.retain(|fact, _| fact != "body" && fact != "display_name" && !fact.ends_with(" tag"));
        if kind != "span" {
            facts.retain(|fact, _| !fact.ends_with(" sampling"));
        }
        if kind == "group" && facts["visibility"] != "public" {
            continue;
        }
        let is_refinement = facts.contains_key("refines");
        if !is_refinement {
            facts.entry("brief".to_owned()).or_insert_with(|| text(""));
            facts.entry("stability".to_owned()).or_insert_with(|| text("development"));
        }
        if kind == "entity" {
            let keys = facts.keys().filter_map(|fact| fact.strip_suffix(" level")?.strip_prefix("use "));
            let keys: Vec<String> = keys.map(str::to_owned).collect();
            for key in keys {
                facts.entry(format!("use {key} role")).or_insert_with(|| text("identifying"));
            }
        }
        let own = facts.get("name").map(|name| name.trim_matches('"').to_owned());
        let id = match own.filter(|_| !is_refinement && kind != "span") {
            Some(own) => format!("{kind}.{own}"),
            None if kind == "span" && !is_refinement => {
                format!("span.{}", id.strip_prefix("span.").unwrap_or(id))
            }
            None => id.to_owned(),
        };
        if kind == "span" && !is_refinement {
            let own = text(id.strip_prefix("span.").unwrap());
            facts.entry("name note".to_owned()).or_insert(own);
        }
        if let Some(refines) = facts.get("refines").filter(|_| kind == "span") {
            let base = text(refines.trim_matches('"').strip_prefix("span.").unwrap());
            facts.entry("name note".to_owned()).or_insert(base);
        }
        let name = if kind == "attribute" { name.clone() } else { format!("{kind} {id}") };
        normal.insert(name, facts);
    }
    normal
}

pub(crate) fn differences(one: &Facts, other: &Facts) -> String {
    let empty = BTreeMap::new();
    let mut lines = Vec::new();
    for name in one.keys().chain(other.keys().filter(|name| !one.contains_key(*name))) {
        let (one, other) = (one.get(name).unwrap_or(&empty), other.get(name).unwrap_or(&empty));
        for fact in one.keys().chain(other.keys().filter(|fact| !one.contains_key(*fact))) {
            if one.get(fact) != other.get(fact) {
                lines.push(format!("{name}: {fact}: {:?} became {:?}", one.get(fact), other.get(fact)));
            }
        }
    }
    lines.truncate(40);
    lines.join("\n")
}

/// OpenTelemetry Weaver is the judge where it is on the path: 0.25.1 was seen to take each.
#[test]
fn weaver_takes_what_is_exported() {
    let is_there = Command::new("weaver").arg("--version").output().is_ok_and(|run| run.status.success());
    if !is_there {
        eprintln!("not held to OpenTelemetry Weaver: there is no `weaver` on the path");
        return;
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = fs::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path().join("registry"));
    let mut refused = Vec::new();
    for folder in folders.chain(support::conventions()) {
        let Ok(registry) = read(&folder, &Dependencies::new()) else { continue };
        let exported = export(&registry);
        let depends = registry.manifest.as_ref().is_some_and(|manifest| !manifest.dependencies.is_empty());
        if depends || exported.files.is_empty() {
            continue;
        }
        let written = tempfile::tempdir().unwrap();
        for (path, text) in &exported.files {
            fs::write(written.path().join(path), text).unwrap();
        }
        let mut weaver = Command::new("weaver");
        let run = weaver.args(["registry", "check", "--v2", "-r"]).arg(written.path()).output().unwrap();
        if !run.status.success() {
            refused.push(format!("{}\n{}", folder.display(), String::from_utf8_lossy(&run.stderr)));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn what_is_exported_reads_as_what_it_was() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = fs::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path().join("registry"));
    let mut count = 0;
    for folder in folders.chain(support::conventions()) {
        let Ok(registry) = read(&folder, &Dependencies::new()) else { continue };
        // What is taken from other registries needs these.
        if registry.manifest.as_ref().is_some_and(|manifest| !manifest.dependencies.is_empty()) {
            continue;
        }
        let exported = export(&registry);
        if exported.files.is_empty() {
            continue;
        }
        let again = read_again(&exported);
        let told = differences(&facts(&registry), &facts(&again));
        assert!(told.is_empty(), "{}\n{told}", folder.display());
        assert!(again.left.is_empty(), "{}: {:?}", folder.display(), again.left);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn a_registry_in_the_newer_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/version_2_everything/registry");
    let exported = export(&read(&folder, &Dependencies::new()).unwrap());
    let files = exported.files.iter().map(|(path, text)| format!("=== {path} ===\n{text}"));
    let left = exported.left.iter().map(|left| format!("left: {left}\n"));
    insta::assert_snapshot!(files.chain(left).collect::<String>());
}

/// Texts that other readers could take for something else.
#[test]
fn each_text_is_read_as_it_was() {
    let texts = [
        "",
        " ",
        "true",
        "No",
        "~",
        "null",
        "1",
        "1e3",
        "0x1f",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "'",
        "\"",
        "\\",
        "*a",
        "&a",
        "!a",
        "a\tb",
        "two\nlines",
        "two\nlines\n",
        "two\n\n\nlines\n",
        "\nfirst is empty\nlast",
        "last is empty\n\n",
        " begins\nwith a blank",
        "ends \nwith a blank",
        "2024-01-01",
        "é",
        "\u{1f600}",
        "a\u{7f}b",
        "\u{2028}",
        "\u{feff}a",
        "a\r\nb",
        "[a]",
        "{a}",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "a:",
        ":a",
        "-",
        "?",
        "<<",
        "=",
        "a, b",
        "...",
        "---\nb",
        "a\n---\nb",
        "a\n...\nb",
        "\u{202e}abc",
        ".inf",
        "1_000",
    ];
    let escaped = |text: &str| {
        let units = text.encode_utf16().collect::<Vec<_>>();
        let is_pair = units.iter().any(|unit| (0xd800..0xe000).contains(unit));
        let units: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{}\"", if is_pair { text.to_owned() } else { units })
    };
    let list: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut file = "file_format: definition/2\nattributes:\n".to_owned();
    for (number, text) in list.iter().enumerate() {
        file.push_str(&format!(
            "  - {{key: a.k{number}, type: string, brief: {text}, note: {text}, stability: stable, examples: [{text}]}}\n"
        ));
    }
    fs::write(folder.path().join("a.yaml"), file).unwrap();
    let registry = read(folder.path(), &Dependencies::new()).unwrap();
    let again = read_again(&export(&registry));
    for (number, text) in texts.iter().enumerate() {
        let attribute = again.attributes.iter().find(|one| one.key.value == format!("a.k{number}")).unwrap();
        assert_eq!(attribute.about.brief.as_ref().unwrap().value, *text);
        assert_eq!(attribute.about.note.as_ref().unwrap().value, *text);
    }
}

/// The facts that a contract has of a registry, in the form that the way back gives them.
fn sayable(registry: &Registry, left: &[Left]) -> Facts {
    let mut all = facts(registry);
    // A family of keys that identifies is listed, and describes.
    for left in left.iter().filter(|left| left.why == "a family of keys identifies nothing") {
        let mut names = left.what.split('`').skip(1).step_by(2);
        let (key, entity) = (names.next().unwrap(), names.next().unwrap());
        all.get_mut(&format!("entity entity.{entity}"))
            .unwrap()
            .insert(format!("use {key} role"), text("descriptive"));
    }
    all.retain(|name, facts| {
        let is_refinement = facts.contains_key("refines");
        !name.starts_with("group ")
            && !(is_refinement && (name.starts_with("metric ") || name.starts_with("event ")))
    });
    // A refinement of a span or an entity is declared by its own name.
    let mut named = Facts::new();
    for (name, mut facts) in all {
        let (kind, id) = name.split_once(' ').unwrap();
        let name = match (kind, id.strip_prefix(&format!("{kind}."))) {
            ("attribute", _) | (_, Some(_)) => name.clone(),
            (_, None) => format!("{kind} {kind}.{id}"),
        };
        if kind == "entity" {
            facts.insert("name".to_owned(), text(name.split_once('.').unwrap().1));
            let identifying: Vec<String> = facts
                .iter()
                .filter(|(fact, value)| fact.ends_with(" role") && value.contains("identifying"))
                .map(|(fact, _)| fact.replace(" role", " level"))
                .collect();
            for level in identifying {
                facts.insert(level, "recommended".to_owned());
            }
        }
        named.insert(name, facts);
    }
    for facts in named.values_mut() {
        facts.retain(|fact, _| is_sayable(fact));
        let value = facts.get("type").cloned().unwrap_or_default();
        for (fact, said) in facts.iter_mut() {
            let last = fact.rsplit(' ').next().unwrap();
            *said = match last {
                "brief" => words(said),
                "note" => lines(said),
                "deprecated" => deprecated(said),
                "level" => said.replace("\\n\"", "\""),
                "examples" => examples(&value, said),
                _ => said.clone(),
            };
        }
    }
    named
}

fn is_sayable(fact: &str) -> bool {
    let last = fact.rsplit(' ').next().unwrap();
    let of_use = ["level", "role"];
    let of_member = ["value", "brief", "note"];
    match fact.split(' ').next().unwrap() {
        "use" => of_use.contains(&last),
        "member" => of_member.contains(&last),
        _ => {
            !["annotations", "level", "refines"].contains(&fact)
                && fact != "value type"
                && fact != "name note"
        }
    }
}

fn unquoted(said: &str) -> String {
    serde_json::from_str(&said.replace("\\'", "'").replace("\\u{", "\\\\u{"))
        .unwrap_or_else(|_| panic!("{said}"))
}

fn words(said: &str) -> String {
    text(&unquoted(said).split_whitespace().collect::<Vec<_>>().join(" "))
}

fn lines(said: &str) -> String {
    let lines: Vec<String> =
        unquoted(said).trim_matches('\n').lines().map(|line| line.trim_end().to_owned()).collect();
    text(&lines.join("\n"))
}

/// Of another name the name, of a reason its words.
fn deprecated(said: &str) -> String {
    let (reason, note) = said.split_once(": ").unwrap();
    if reason.starts_with("renamed") {
        return reason.to_owned();
    }
    let note = note.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')')).map(unquoted);
    format!("{:?}", note.map(|note| note.trim().to_owned()))
}

/// One example is a list of one, and a number is one of its type.
fn examples(value: &str, said: &str) -> String {
    let is_list = said.starts_with('[')
        && (!value.ends_with("[]") && !value.ends_with("[]]") || said.starts_with("[["));
    let said = if is_list { said.to_owned() } else { format!("[{said}]") };
    if value != "double" {
        return said;
    }
    let numbers =
        said.trim_matches(['[', ']']).split(", ").map(|one| format!("{:?}", one.parse::<f64>().unwrap()));
    format!("[{}]", numbers.collect::<Vec<_>>().join(", "))
}

/// From the registry to a contract, from that back to a registry, and from its files again: equal but for what is listed.
#[test]
fn the_conventions_come_back_from_a_contract() {
    let Some(model) = support::conventions() else { return };
    let registry = read(&model, &Dependencies::new()).unwrap();
    let written = write(&registry, &Style { name: "std.otel".to_owned(), docs: true }).unwrap();
    let compilation = crate::written::checked(&written);
    let back = registry_of(compilation.contract.as_ref().unwrap(), &compilation.stands_on);
    assert!(back.left.is_empty(), "{:?}", back.left);
    let mut before = sayable(&registry, &written.left);
    // A member that has another one's value is listed, and not there.
    for left in written.left.iter().filter(|left| left.why == "another member has its value") {
        let mut names = left.what.split('`').skip(1).step_by(2);
        let (member, key) = (names.next().unwrap(), names.next().unwrap());
        before
            .get_mut(&format!("attribute {key}"))
            .unwrap()
            .retain(|fact, _| !fact.starts_with(&format!("member {member} ")));
    }
    let told = differences(&before, &sayable(&back, &[]));
    assert!(told.is_empty(), "{told}");
    let again = read_again(&export(&back));
    let told = differences(&facts(&back), &facts(&again));
    assert!(told.is_empty(), "{told}");
    assert_eq!(again.manifest.unwrap().name, "opentelemetry.io/schemas");
}
