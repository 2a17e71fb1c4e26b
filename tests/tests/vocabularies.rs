//! A contract is as sound as what it stands on: whatever is wrong in a vocabulary is one error where the contract names it.

use slo_compiler::Compilation;
use slo_compiler::diagnostic::{Code, Severity};
use slo_tests::compile_text;

const SERVICE: &str = "=== slo.toml ===\nname = \"service\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = { path = \"../house\" }\n=== service.slo ===\npackage service\n\nuse house\n\nscope Service {}\n\nevent Call in Service {\n    code: house.code\n    metric service.calls: counter, points=9 { code }\n    log service.call: info\n    span \"call\": server\n}\n";

const HOUSE: &str = "name = \"house\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n";

const CODE: &str = "package house\n\nattribute house.code: int, range=1..=9\n";

/// Another file of the house, wrong in one way each.
const WRONG: &[(&str, &str)] = &[
    ("a file that is no contract", "package house\n\nattribute {\n"),
    ("a word that begins no declaration", "package house\n\natribute house.x: int\n"),
    ("a file without a package", "attribute house.x: int\n"),
    ("a type that is not there", "package house\n\nattribute house.x: strnig\n"),
    ("a range the wrong way round", "package house\n\nattribute house.x: int, range=9..=0\n"),
    ("an option that is not there", "package house\n\nattribute house.x: int, rnage=0..=9\n"),
    ("a key that is declared twice", "package house\n\nattribute house.x: int\nattribute house.x: int\n"),
    ("a list that is no file", "package house\n\nattribute house.x: string, values=\"none.txt\"\n"),
    ("a use of nothing", "package house\n\nuse houses\n"),
    ("a refine that widens", "package house.b\n\nuse house\n\nrefine house.code: range=0..=99\n"),
    ("a group", "package house\n\ngroup Common {\n    house.code: required, static=1\n}\n"),
    ("a group that takes itself in", "package house\n\ngroup Common {\n    ...Common\n}\n"),
    ("a meaning without variants", "package house\n\nmeaning Outcome {\n}\n"),
    (
        "a meaning that can't be told",
        "package house\n\nmeaning Outcome {\n    Won \"it was won\" { all { result = \"over\" }, log info }\n    Lost \"it was lost\" { all { result = \"over\" }, log info }\n}\n",
    ),
    ("a view of nothing", "package house\n\nview Short of Outcome {\n    Won { all { r = \"w\" } }\n}\n"),
    ("a scope", "package house\n\nscope Library {\n    house.code: required\n    house.code: optional\n}\n"),
    ("a resource", "package house\n\nresource Machine {\n    house.code: static=\"nine\"\n}\n"),
    ("a metric of two kinds", "package house\n\nmetric house.calls: counter, gauge\n"),
    ("an event without a scope", "package house\n\nevent Call in Nowhere {\n    log house.call: info\n}\n"),
    (
        "an event whose label has no bound",
        "package house\n\nscope Library {}\n\nevent Call in Library {\n    user: string\n    metric house.calls: counter { user }\n    log house.call: info\n}\n",
    ),
    ("a rule that is not there", "package house\n\npolicy {\n    keys.colour: error\n}\n"),
    ("a rule that is broken", "package house\n\npolicy {\n    keys.prefix: error, deny=[house]\n}\n"),
];

fn compiled(manifest: &str, more: &str) -> Compilation {
    compile_text(&format!(
        "{SERVICE}=== house/slo.toml ===\n{manifest}=== house/code.slo ===\n{CODE}=== house/b/more.slo ===\n{more}"
    ))
}

/// What `slo check` finds in the house alone.
fn alone(manifest: &str, more: &str) -> Compilation {
    compile_text(&format!("=== slo.toml ===\n{manifest}=== code.slo ===\n{CODE}=== b/more.slo ===\n{more}"))
}

/// The contract has one error, at its own manifest, with as many errors as the vocabulary has by itself.
fn assert_told_once(what: &str, found: &Compilation, errors: usize) {
    let all: Vec<_> =
        found.diagnostics.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let [one] = all.as_slice() else { panic!("{what}: {all:#?}") };
    assert_eq!(one.code, Code::UnsoundVocabulary, "{what}");
    assert_eq!(found.sources.name(one.place().unwrap().file), "slo.toml", "{what}");
    let count = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
    assert!(one.message.ends_with(&format!("it has {count}")), "{what}: {}", one.message);
    assert_eq!(one.help.as_deref(), Some("`slo check house` shows what is wrong"), "{what}");
    assert!(found.checked.is_none(), "{what}: no code is made");
}

#[test]
fn whatever_is_wrong_in_a_vocabulary_is_told_once() {
    // Each file stands in a folder of its own: what belongs to `house` is moved beside the rest.
    for (what, more) in WRONG {
        let more = more.replacen("package house\n", "package house.more\n\nuse house\n", 1);
        let errors = alone(HOUSE, &more).count(Severity::Error);
        assert!(errors > 0, "{what} is an error by itself");
        assert_told_once(what, &compiled(HOUSE, &more), errors);
    }
}

#[test]
fn what_is_wrong_in_its_manifest_is_told_once() {
    for more in ["targets = [\"otlp\", \"lgos\"]\n", "ownr = \"team-house\"\n", "[vocabularies]\nx = \"9\"\n"]
    {
        let manifest = format!("{HOUSE}{more}");
        let errors = alone(&manifest, "package house.b\n").count(Severity::Error);
        assert_told_once(more, &compiled(&manifest, "package house.b\n"), errors);
    }
}

#[test]
fn a_sound_vocabulary_is_no_finding() {
    let found = compiled(HOUSE, "package house.b\n\nattribute house.x: int\n");
    assert!(found.checked.is_some(), "{:#?}", found.diagnostics);
    assert_eq!(found.diagnostics, []);
    // Its warnings are for those who keep it.
    let warned = "package house.b\n\nuse house\n\nattribute house.x: int\n";
    assert_eq!(alone(HOUSE, warned).count(Severity::Warning), 1);
    assert_eq!(compiled(HOUSE, warned).diagnostics, []);
}

#[test]
fn a_vocabulary_sees_what_it_stands_on_itself_and_nothing_else() {
    // The service has the conventions, the house does not.
    let service = SERVICE.replace("house = {", "\"std.otel\" = \"1.44.0\"\nhouse = {");
    let text = format!(
        "{service}=== house/slo.toml ===\n{HOUSE}=== house/code.slo ===\n{CODE}=== house/b/more.slo ===\npackage house.b\n\nuse std.otel\n\nresource Machine {{\n    service.name: required\n}}\n"
    );
    assert_told_once("conventions of another root", &compile_text(&text), 1);
}

#[test]
fn vocabularies_may_stand_on_each_other() {
    let circle = format!("{HOUSE}\n[vocabularies]\nhouse = {{ path = \"../house\" }}\n");
    assert!(compiled(&circle, "package house.b\n").checked.is_some());
}

/// A service and its house, which both stand on the conventions, each in a version.
fn with_conventions(service: &str, house: &str, key: &str, text: &str) -> Compilation {
    let service = SERVICE.replace("house = {", &format!("\"std.otel\" = \"{service}\"\nhouse = {{"));
    let house = format!("{HOUSE}\n[vocabularies]\n\"std.otel\" = \"{house}\"\n");
    compile_text(&format!(
        "{service}=== service/more.slo ===\n{text}=== house/slo.toml ===\n{house}=== house/code.slo ===\n{CODE}=== house/b/keys.slo ===\npackage house.b\n\nuse std.otel\n\n{key}\n"
    ))
}

const USER: &str = "package more\n\nuse std.otel\nuse house\n\nscope More {}\n\nevent Seen in More {\n    user: user.id, clear\n    name: user.name\n    span \"seen\" { user, name }\n    log more.seen: info\n}\n";

#[test]
fn what_a_house_declares_counts_before_what_is_built_in() {
    let found = with_conventions("1.44.0", "1.44.0", "attribute user.id: string, sensitive", USER);
    assert_eq!(found.count(Severity::Error), 0, "{:#?}", found.diagnostics);
    let checked = found.checked.unwrap();
    let mut attributes = checked.contract().attributes.iter();
    let of_house = attributes.find(|attribute| attribute.key == "user.id").unwrap();
    assert!(of_house.sensitive && &*of_house.package == "house.b");
}

#[test]
fn one_key_has_one_type_all_the_same() {
    let found = with_conventions("1.44.0", "1.44.0", "attribute user.id: int, sensitive", USER);
    assert!(found.diagnostics.iter().any(|finding| finding.code.to_string() == "SLO0401"));
    assert!(found.checked.is_none());
}

#[test]
fn two_versions_of_the_conventions_do_not_come_together() {
    let key = "attribute user.id: string, sensitive";
    let found = with_conventions("1.44.0", "1.30.0", key, USER);
    let findings: Vec<String> =
        found.diagnostics.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect();
    assert_eq!(findings, ["SLO0211 the contract stands on two versions of the vocabulary `std.otel`"]);
    assert!(with_conventions("1.30.0", "1.30.0", key, USER).checked.is_some());
}

/// What comes with slo as text stands on a version as any root does.
#[test]
fn what_comes_with_slo_stands_on_one_version_of_the_conventions() {
    let of = |version: &str| {
        compile_text(&format!(
            "=== slo.toml ===\nname = \"a\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.otel\" = \"{version}\"\n\"std.rpc\" = \"1.44.0\"\n=== a.slo ===\npackage a\n\nuse std.rpc\n\nscope S {{}}\n\nevent Call in S {{\n    outcome: GrpcOutcome\n    span \"call\": server {{ outcome }}\n}}\n"
        ))
    };
    assert!(of("1.44.0").checked.is_some());
    let found = of("1.30.0");
    assert!(found.checked.is_none());
    assert!(
        found.diagnostics.iter().any(|finding| finding.code == Code::TwoRevisions),
        "{:#?}",
        found.diagnostics
    );
}
