//! `slo import weaver`, and `slo export weaver`, the way back.

use crate::support::{Folder, Run};

const MANIFEST: &str = "schema_url: https://shop.example/schemas/1.2.0\n";

const REGISTRY: &str = r#"groups:
  - id: registry.shop
    type: attribute_group
    brief: What a shop has.
    attributes:
      - id: shop.name
        type: string
        stability: stable
        brief: The shop's name.
        examples: ["corner"]
  - id: metric.shop.visits
    type: metric
    metric_name: shop.visits
    brief: Visits.
    stability: stable
    instrument: counter
    unit: "{visit}"
    attributes:
      - ref: shop.name
        requirement_level: {conditionally_required: if it has one}
        note: As above the door.
"#;

fn registry() -> Folder {
    let folder = Folder::new();
    folder.write("registry/manifest.yaml", MANIFEST);
    folder.write("registry/shop.yaml", REGISTRY);
    folder
}

fn import(folder: &Folder, more: &[&str]) -> Run {
    let mut arguments = vec!["import", "weaver", "registry", "--out", "slo"];
    arguments.extend(more);
    folder.slo(&arguments)
}

fn shown(run: &Run) -> String {
    format!("{}{}ends with {}", run.out, run.error, run.code)
}

#[test]
fn a_registry_becomes_a_root_that_is_sound() {
    let folder = registry();
    insta::assert_snapshot!(shown(&import(&folder, &[])));
    insta::assert_snapshot!("the_root", folder.read("slo/shop/shop.slo") + &folder.read("slo/slo.toml"));
    assert_eq!(folder.slo(&["check", "slo", "--deny-warnings"]).code, 0);
    assert_eq!(folder.slo(&["fmt", "--check", "slo"]).code, 0);
}

#[test]
fn without_docs_names_and_levels_are_written() {
    let folder = registry();
    assert_eq!(import(&folder, &["--no-docs", "--name", "house.keys"]).code, 0);
    insta::assert_snapshot!(folder.read("slo/shop/shop.slo"));
}

#[test]
fn nothing_is_written_over_what_is_there_but_by_force() {
    let folder = registry();
    folder.write("slo/shop/shop.slo", "package mine\n");
    let refused = import(&folder, &[]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.error.contains("shop.slo` is there already; nothing was written: `--force`"),
        "{}",
        refused.error
    );
    assert!(!folder.path().join("slo/slo.toml").exists());
    folder.write("slo/old/old.slo", "package shop.old\n");
    let forced = import(&folder, &["--force"]);
    assert_eq!(forced.code, 0, "{}", forced.error);
    assert!(forced.error.contains("slo: note: `slo/old/old.slo` was not written now"), "{}", forced.error);
    assert!(folder.read("slo/shop/shop.slo").contains("metric shop.visits"));
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = registry();
    let run = import(&folder, &["--dry-run"]);
    assert_eq!(run.code, 0);
    assert!(
        run.error.ends_with("slo: would write 2 files to `slo`: 1 attribute, 1 metric\n"),
        "{}",
        run.error
    );
    assert!(!folder.path().join("slo").exists());
}

#[test]
fn what_is_wrong_is_told_with_its_places_and_nothing_is_written() {
    let folder = registry();
    folder.write("registry/again.yaml", REGISTRY);
    folder.write("registry/bytes.yaml", b"groups: \xff\n");
    insta::assert_snapshot!(shown(&import(&folder, &[])));
    assert!(!folder.path().join("slo").exists());
}

#[test]
fn another_registry_is_given_by_its_name() {
    let folder = registry();
    folder.write(
        "registry/manifest.yaml",
        format!(
            "{MANIFEST}dependencies:\n  - schema_url: https://base.example/keys/1.0.0\n    registry_path: https://base.example/keys.zip\n"
        ),
    );
    folder.write("keys/manifest.yaml", "schema_url: https://base.example/keys/1.0.0\n");
    folder.write("keys/keys.yaml", "file_format: definition/2\nattributes: []\n");
    insta::assert_snapshot!(shown(&import(&folder, &[])));
    assert_eq!(import(&folder, &["--dependency", "keys=keys"]).code, 0);
    assert_eq!(import(&folder, &["--dependency", "keys"]).code, 2);
}

#[test]
fn a_registry_without_a_name_asks_for_one() {
    let folder = Folder::new();
    folder.write("registry/shop.yaml", REGISTRY);
    insta::assert_snapshot!(shown(&import(&folder, &[])));
    assert_eq!(import(&folder, &["--name", "no-name"]).code, 2);
    assert_eq!(import(&folder, &["--name", "shop"]).code, 0);
}

#[test]
fn what_was_imported_goes_back() {
    let folder = registry();
    assert_eq!(import(&folder, &[]).code, 0);
    let run = folder.slo(&["export", "weaver", "slo", "--out", "back"]);
    insta::assert_snapshot!(shown(&run));
    insta::assert_snapshot!(
        "the_registry",
        folder.read("back/shop.yaml") + &folder.read("back/manifest.yaml")
    );
    let again = folder.slo(&["import", "weaver", "back", "--out", "again"]);
    assert_eq!(again.code, 0, "{}", again.error);
    assert_eq!(folder.read("again/shop/shop.slo"), folder.read("slo/shop/shop.slo"));
    assert_eq!(folder.slo(&["export", "weaver", "slo", "--out", "back"]).code, 2);
    assert_eq!(folder.slo(&["export", "weaver", "slo", "--out", "back", "--force"]).code, 0);
}

#[test]
fn what_a_registry_does_not_have_is_told() {
    let contract = r#"package shop

use std.otel

/// How a bill is paid.
attribute shop.rail: string, only=["card", "cash"]
attribute shop.total: int, range=0..=100, sensitive, until="2027-06-30"
attribute shop.since: timestamp(ms)
attribute shop.raw: bytes

span shop.pay { shop.rail required, http.route }
log shop.paid: info, closed { shop.rail }

resource Shop { service.name: required }
"#;
    let folder = Folder::with(&[("shop.slo", contract)]);
    let run = folder.slo(&["export", "weaver", "slo", "--out", "back"]);
    insta::assert_snapshot!(shown(&run));
    insta::assert_snapshot!(
        "with_what_is_left",
        folder.read("back/shop.yaml") + &folder.read("back/manifest.yaml")
    );
}

#[test]
fn nothing_is_exported_of_what_is_not_sound() {
    let folder = Folder::with(&[("shop.slo", "package shop\n\nattribute shop.a: shop.b\n")]);
    let run = folder.slo(&["export", "weaver", "slo", "--out", "back"]);
    assert_eq!(run.code, 1);
    assert!(run.error.ends_with("slo: the contract is not sound: nothing was written\n"), "{}", run.error);
    assert!(!folder.path().join("back").exists());
}

const PAGE: &str = include_str!("../../docs/weaver.md");

/// The texts of the page's blocks in a language.
fn blocks(language: &str) -> impl Iterator<Item = &'static str> {
    let begin = format!("```{language}\n");
    PAGE.split("\n\n").filter_map(move |block| block.strip_prefix(&begin)?.strip_suffix("\n```"))
}

#[test]
fn the_page_s_commands_do_what_it_says() {
    let folder = Folder::new();
    folder.write("model/manifest.yaml", MANIFEST);
    folder.write("model/shop.yaml", REGISTRY);
    let others = "dependencies:\n  - schema_url: https://base.example/base/1.0.0\n    registry_path: https://base.example/base.git\n";
    folder.write("shop/model/manifest.yaml", format!("{MANIFEST}{others}"));
    let (declared, used) = REGISTRY.split_once("  - id: metric").unwrap();
    folder.write("shop/model/shop.yaml", format!("groups:\n  - id: metric{used}"));
    folder.write("base/model/manifest.yaml", "schema_url: https://base.example/base/1.0.0\n");
    folder.write("base/model/base.yaml", declared);
    let commands: Vec<&str> = blocks("sh").flat_map(str::lines).collect();
    assert_eq!(commands.len(), 4, "{commands:?}");
    for command in commands {
        let arguments: Vec<&str> = command.split(' ').collect();
        assert_eq!(arguments[0], "slo", "{command}");
        let run = folder.slo(&arguments[1..]);
        assert_eq!(run.code, 0, "{command}: {}{}", run.out, run.error);
    }
    assert!(folder.read("shop/conventions/shop/shop.slo").contains("shop.name if \"if it has one\""));
    assert!(folder.read("exported/shop.yaml").contains("file_format: definition/2"));
}

#[test]
fn the_page_s_mistake_is_told_as_it_says() {
    let folder = registry();
    let again = REGISTRY.split_once("  - id: metric").unwrap().0;
    folder.write("registry/again.yaml", again.replace("registry.shop", "registry.again"));
    let run = import(&folder, &[]);
    assert_eq!(run.code, 1);
    let texts: Vec<&str> = blocks("text").collect();
    assert_eq!(texts.len(), 1);
    assert!(shown(&run).contains(texts[0]), "{}", shown(&run));
    assert!(!folder.path().join("slo").exists());
}
