//! Contracts that belong together: what two contradict each other in is found, with both owners, and nothing else is.

mod input;
mod pairs;
mod workspace;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::{Code, Diagnostic, Severity, render};
use slo_compiler::fleet::{self, Fleet, Said};
use slo_compiler::index::Index;
use slo_compiler::load;
use slo_compiler::target;

use pairs::{NEAR, PAIRS};

/// A folder of contract roots.
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A workspace with these files; lines `=== PATH ===` stand above each.
    pub(super) fn of(text: &str) -> Folder {
        let folder = Folder::new();
        for (path, text) in slo_tests::sections(text) {
            folder.write(&path, &text);
        }
        folder
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A contract root.
    pub(super) fn member(&self, path: &str, contract: &str) {
        let name = path.rsplit('/').next().unwrap();
        let manifest = format!(
            "name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n"
        );
        self.write(&format!("{path}/slo.toml"), &manifest);
        self.write(&format!("{path}/contract.slo"), contract);
    }

    /// What is found of the workspace.
    pub(super) fn check(&self) -> Fleet {
        fleet::check(&load::workspace(self.path(), &[], None).unwrap(), &Said::All)
    }

    /// All findings, as a line for each place; the folder's own name is left out.
    pub(super) fn short(&self) -> String {
        let fleet = self.check();
        let found: Vec<Diagnostic> = fleet.all().cloned().collect();
        let folder = format!("{}/", self.path().display());
        render::short(&found, &fleet.sources).replace(&folder, "")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// How many members the workspace has.
const MEMBERS: usize = 200;

/// The contracts of the corpus that services are made of, and whether they stand on the house.
const SHAPES: [&str; 4] = ["real/checkout", "real/currency", "real/vector", "contracts"];

/// A workspace of two hundred contracts: a pair for each contradiction, one for each near miss, and services as there are.
fn two_hundred() -> Folder {
    let folder = Folder::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&corpus.join("real/house"), &folder.path().join("house"));
    for pair in PAIRS.iter().chain(NEAR) {
        for (side, contract) in [("a", pair.one), ("b", pair.other)] {
            folder.member(&format!("pairs/{}-{side}", pair.name), contract);
        }
    }
    let pairs = 2 * (PAIRS.len() + NEAR.len());
    for number in 0..MEMBERS - pairs {
        let shape = SHAPES[number % SHAPES.len()];
        let of = shape.rsplit('/').next().unwrap();
        let to = folder.path().join(format!("services/{of}-{number:03}"));
        copy(&corpus.join(shape), &to);
        let manifest = fs::read_to_string(to.join("slo.toml")).unwrap();
        let lines = manifest.lines().map(|line| match line.split_once(" = ") {
            Some(("name", _)) => format!("name = \"{of}-{number:03}\"\n"),
            Some(("owner", _)) => format!("owner = \"team-{number:03}\"\n"),
            _ => format!("{}\n", line.replace("../house", "../../house")),
        });
        fs::write(to.join("slo.toml"), lines.collect::<String>()).unwrap();
    }
    let workspace = "members = [\"services/*\", \"pairs/*\"]";
    folder.write("slo.toml", &format!("[workspace]\n{workspace}\n{SERVERS}"));
    folder
}

/// Vector and the shops write their log lines elsewhere, and of one pair each has a store.
const SERVERS: &str = r#"
[servers.main]
kind = "prometheus"

[servers.lines]
kind = "logs"
members = ["services/ch*", "services/cu*", "pairs/[!n]*", "pairs/near-*-a", "pairs/near-[!m]*-b"]

[servers.vector]
kind = "logs"
members = ["services/vector-*"]

[servers.shops]
kind = "logs"
members = ["services/contracts-*"]

[servers.apart]
kind = "logs"
members = ["pairs/near-meet-b"]
"#;

/// A contradiction: its code and what it is about.
type Told = (Code, Vec<String>);

fn told(fleet: &Fleet) -> Vec<(Told, String)> {
    let of = |finding: &Diagnostic| ((finding.code, finding.names.clone()), finding.message.clone());
    fleet.diagnostics.iter().map(of).collect()
}

fn expected() -> BTreeSet<Told> {
    let told = |pair: &pairs::Pair| {
        let members = ["b", "a"].map(|side| format!("{}-{side}", pair.name));
        let names = pair.about.iter().map(|name| (*name).to_owned()).chain(members).collect();
        (pair.code.unwrap(), names)
    };
    PAIRS.iter().map(told).collect()
}

/// Both owners stand in a finding's labels, and the one whose contract differs is named as the one to change it.
fn has_both_owners(finding: &Diagnostic) -> bool {
    let members: Vec<&String> = finding.names.iter().rev().take(2).collect();
    let texts: String = finding.labels.iter().map(|label| label.text.as_str()).collect();
    members.iter().all(|member| texts.contains(&format!("`{member}`, kept by team-{member}")))
        && finding.owner.as_deref() == Some(format!("team-{}", members[1]).as_str())
}

#[test]
fn of_two_hundred_contracts_each_contradiction_is_told_and_no_near_miss() {
    let folder = two_hundred();
    let fleet = folder.check();
    assert_eq!(fleet.members.len(), MEMBERS);
    let all: Vec<String> =
        fleet.members.iter().filter(|member| member.index.is_none()).map(|one| one.name.clone()).collect();
    assert!(all.is_empty(), "each contract of the corpus is known: {all:?}");
    let found: BTreeSet<Told> = told(&fleet).into_iter().map(|(told, _)| told).collect();
    assert_eq!(found, expected());
    assert_eq!(fleet.diagnostics.len(), found.len(), "each is told once");
    for finding in &fleet.diagnostics {
        assert!(has_both_owners(finding), "{finding:#?}");
        assert_eq!((finding.severity, finding.labels.len()), (Severity::Error, 2));
    }
    // What is wrong with a pair by itself would hide what it shows.
    for member in fleet.members.iter().filter(|member| member.path.starts_with("pairs/")) {
        let errors = member.diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        assert_eq!(errors.map(|finding| &finding.message).collect::<Vec<_>>(), Vec::<&String>::new());
    }
    // The same as indexes.
    let indexes = Folder::new();
    for member in &fleet.members {
        // Lines are only in what is built.
        let index = match &member.checked {
            Some(checked) => {
                let stands_on = member.index.as_ref().unwrap().head.stands_on.clone();
                let stands_on: Vec<(String, String)> = stands_on.into_iter().collect();
                target::index::print(checked, &stands_on).text
            }
            None => member.index.as_ref().unwrap().to_json(),
        };
        indexes.write(&format!("{}.json", member.path), &index);
    }
    let servers =
        SERVERS.replace("*\"", "*.json\"").replace("-a\"", "-a.json\"").replace("-b\"", "-b.json\"");
    let workspace = "members = [\"services/*.json\", \"pairs/*.json\"]";
    indexes.write("slo.toml", &format!("[workspace]\n{workspace}\n{servers}"));
    let of_indexes = indexes.check();
    assert_eq!(told(&of_indexes), told(&fleet));
    assert!(of_indexes.diagnostics.iter().all(has_both_owners));
    let lines = |fleet: &Fleet| -> Vec<PathBuf> {
        let place = |finding: &Diagnostic| {
            let place = finding.place().unwrap();
            PathBuf::from(fleet.sources.name(place.file))
        };
        fleet.diagnostics.iter().map(place).collect()
    };
    assert!(lines(&of_indexes).iter().all(|file| file.extension().unwrap() == "json"));
    assert!(
        of_indexes
            .diagnostics
            .iter()
            .all(|finding| { finding.labels.iter().all(|label| label.text.contains("contract.slo:")) })
    );
}

#[test]
fn an_index_is_read_back_as_it_was_written_and_keeps_its_schema() {
    let schema = serde_json::from_str(&fs::read_to_string(schema_path()).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = two_hundred();
    for member in folder.check().members.iter().filter(|member| member.path.starts_with("services/")).take(8)
    {
        let index = member.index.as_ref().unwrap();
        let indexes = Folder::new();
        indexes.write("one.json", &index.to_json());
        indexes.write("slo.toml", "[workspace]\nmembers = [\"*.json\"]\n");
        let read = indexes.check();
        assert_eq!(read.members[0].index.as_ref(), Some(index));
        assert!(!index.to_json().contains("docs"), "what people read is left out");
        let json = serde_json::from_str(&index.to_json()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

fn schema_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/index.schema.json")
}

/// `SLO_UPDATE=1 cargo test -p slo-tests fleet::` brings it up to date.
#[test]
fn the_schema_of_an_index_is_up_to_date() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Index)).unwrap();
    schema.push('\n');
    if std::env::var_os("SLO_UPDATE").is_some() {
        fs::write(schema_path(), &schema).unwrap();
    }
    let on_disk = fs::read_to_string(schema_path()).unwrap_or_default();
    assert!(on_disk == schema, "compiler/index.schema.json is stale: run this test with SLO_UPDATE=1");
}
