//! The derive in crates of their own: how it finds its contract, and that a changed contract is seen.

use serde_json::Value;
use slo_tests::project::{Project, is_compiler_of_snapshots};

const MANIFEST: &str =
    "name = \"shop\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n";

const CONTRACT: &str = "package shop\n\nuse std.otel\n\nresource Service {\n    service.name: required\n}\n";

const STRUCT: &str = r#"//! A service.

/// The service that sends the telemetry.
#[derive(slo::SloAttributes)]
#[slo(resource = "shop.Service")]
pub struct Service {
    /// Its name.
    #[slo("service.name")]
    pub name: String,
}
"#;

const BUILD: &str = "fn main() {\n    slo_compiler::build_script::contracts(\"slo\");\n}\n";

/// A crate with a contract, as an earlier run didn't leave it.
fn project(name: &str, build_script: bool) -> Project {
    let project = Project::new(name, build_script);
    project.remove("slo");
    project.write("slo/slo.toml", MANIFEST);
    project.write("slo/shop.slo", CONTRACT);
    project.write("src/lib.rs", STRUCT);
    if build_script {
        project.write("build.rs", BUILD);
    }
    project
}

/// What `cargo check` says; nothing where all is well.
fn check(project: &Project) -> String {
    said(project, "check")
}

fn said(project: &Project, command: &str) -> String {
    let output = project.cargo(&[command, "--lib", "--message-format=json"]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let messages = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // What is said of the crates that it depends on is none of its own.
    let own = messages
        .filter(|message| message["manifest_path"] == project.folder.join("Cargo.toml").to_str().unwrap());
    let mut text: String =
        own.filter_map(|message| message["message"]["rendered"].as_str().map(str::to_owned)).collect();
    // What the build script says comes from Cargo.
    let of_cargo = String::from_utf8(output.stderr).unwrap();
    text.extend(of_cargo.lines().filter(|line| line.contains(": error[")).map(|line| format!("{line}\n")));
    assert_eq!(output.status.success(), !text.contains("error"), "{text}{of_cargo}");
    project.plain(&text)
}

fn a_changed_contract_is_seen(project: &Project) {
    assert_eq!(check(project), "");
    project.write("slo/shop.slo", &CONTRACT.replace("required\n", "required\n    host.name: required\n"));
    let said = check(project);
    assert!(said.contains("`host.name` is required, and no field gives it [SLO0803]"), "{said}");
    assert!(said.contains("┌─ slo/shop.slo:7:5"), "{said}");
    project.write("slo/shop.slo", CONTRACT);
    assert_eq!(check(project), "");
    project.write("slo/slo.toml", &MANIFEST.replace("1.44.0", "0.0.1"));
    assert!(check(project).contains("[SLO0203]"));
    project.write("slo/slo.toml", MANIFEST);
    assert_eq!(check(project), "");
}

#[test]
fn without_a_build_script_a_changed_contract_is_seen() {
    a_changed_contract_is_seen(&project("derive-alone", false));
}

#[test]
fn with_a_build_script_a_changed_contract_is_seen_and_a_new_file_too() {
    let project = project("derive-built", true);
    assert_eq!(check(&project), "");
    project.write("slo/more.slo", "package shop\n\nresource Service {}\n");
    let twice = check(&project);
    assert!(twice.contains("SLO0304"), "{twice}");
    project.write("slo/more.slo", "package shop\n\nresource Other {}\n");
    project.write("src/lib.rs", &STRUCT.replace("shop.Service", "shop.Another"));
    let unknown = check(&project);
    assert!(unknown.contains("the contract `shop` has no resource `shop.Another`"), "{unknown}");
    assert!(unknown.contains("[SLO0802]"), "{unknown}");
    project.write(
        "slo/more.slo",
        "package shop\n\nuse std.otel\n\nresource Another {\n    service.name: required\n}\n",
    );
    assert_eq!(check(&project), "");
}

#[test]
fn a_list_of_values_is_a_file_of_the_contract() {
    let project = project("derive-list", false);
    let contract = "package shop\n\nattribute shop.region: string, values=\"regions.txt\"\n\nresource Service {\n    shop.region: static=\"north\"\n}\n";
    project.write("slo/shop.slo", contract);
    project.write("slo/regions.txt", "north\nsouth\n");
    project.write("src/lib.rs", &STRUCT.replace("service.name", "shop.region"));
    assert_eq!(check(&project), "");
    project.write("slo/regions.txt", "south\n");
    let said = check(&project);
    assert!(said.contains("`north` is none of `south`"), "{said}");
}

#[test]
fn a_contract_that_is_not_sound_is_shown_where_it_is_named() {
    let project = project("derive-unsound", false);
    project.write("slo/shop.slo", &CONTRACT.replace("required", "required, static=\"shop\""));
    let said = check(&project);
    assert!(said.contains("[SLO0806]"), "{said}");
    if is_compiler_of_snapshots() {
        insta::assert_snapshot!(said);
    }
}

#[test]
fn without_a_contract_there_is_nothing_to_hold_a_struct_to() {
    let project = project("derive-nothing", false);
    project.remove("slo");
    let said = check(&project);
    assert!(said.contains("[SLO0806]"), "{said}");
    if is_compiler_of_snapshots() {
        insta::assert_snapshot!(said);
    }
}

/// What a generic struct's types are is known where it is used: what is wrong then is found when code is made of it.
#[test]
fn a_generic_struct_is_held_to_its_contract_where_it_is_used() {
    let project = project("derive-generic", false);
    let generic = STRUCT.replace("struct Service", "struct Service<N>").replace("name: String", "name: N");
    let used = |value: &str| {
        format!(
            "{generic}\n/// Uses it.\npub fn used() -> bool {{\n    use slo::SloAttributes;\n    Service {{ name: {value} }}.assemble().build().is_ok()\n}}\n"
        )
    };
    project.write("src/lib.rs", &used("\"shop\""));
    assert_eq!(said(&project, "build"), "");
    project.write("src/lib.rs", &used("5"));
    let said = said(&project, "build");
    assert!(said.contains("a field of this type can't give `service.name`"), "{said}");
    assert!(said.contains("[SLO0804]"), "{said}");
}

/// What is flattened brings a key that one strategy makes one label of, and one that nested logs can't hold beside another.
#[test]
fn flattened_structs_go_where_the_contract_says() {
    let project = project("derive-flattened", false);
    project.write(
        "slo/shop.slo",
        "package shop\n\nattribute shop.rack.id: string\nattribute shop.rack_id: string\nattribute shop.rack: string\n\nresource Service {\n    shop.rack.id: required\n    shop.rack_id: required\n    shop.rack: required\n}\n",
    );
    project.write(
        "src/lib.rs",
        r#"//! A service.

/// Where it runs.
#[derive(slo::SloAttributes)]
pub struct Rack {
    /// Its number.
    #[slo("shop.rack_id")]
    pub id: String,
    /// Its name.
    #[slo("shop.rack")]
    pub name: String,
}

/// The service that sends the telemetry.
#[derive(slo::SloAttributes)]
#[slo(resource = "shop.Service")]
pub struct Service {
    /// The same number, for those who look for it by its old key.
    #[slo("shop.rack.id")]
    pub id: String,
    /// Where it runs.
    #[slo(flatten)]
    pub rack: Rack,
}

/// One without a contract.
#[derive(slo::SloAttributes)]
pub struct Loose {
    /// The number.
    #[slo("shop.rack.id")]
    pub id: String,
    /// Where it runs.
    #[slo(flatten)]
    pub rack: Rack,
}
"#,
    );
    for settings in [
        "targets = [\"otlp\"]\n",
        "targets = [\"otlp\", \"prometheus\"]\n[prometheus]\ntranslation_strategy = \"NoTranslation\"\n",
    ] {
        let manifest = format!("name = \"shop\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n{settings}");
        project.write("slo/slo.toml", &manifest);
        assert_eq!(check(&project), "", "{settings}");
    }
    // Without a contract beside them they go to every target, and Prometheus translates as it does by default.
    project.remove("slo");
    let lib = std::fs::read_to_string(project.folder.join("src/lib.rs")).unwrap();
    project.write("src/lib.rs", &lib.replace("#[slo(resource = \"shop.Service\")]\n", ""));
    let said = check(&project);
    assert_eq!(said.matches("or a key that a target takes for it [SLO0402]").count(), 2, "{said}");
}
