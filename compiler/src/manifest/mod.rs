//! `slo.toml`.

mod elsewhere;
mod fleet;
mod membership;
mod prometheus;
mod table;
mod verify;
mod vocabulary;
#[cfg(feature = "fleet")]
mod workspace;

pub use fleet::{Fleet, FleetSource};
pub(crate) use membership::Membership;
#[cfg(feature = "fleet")]
pub(crate) use membership::PATTERNS;
#[cfg(feature = "fleet")]
pub use workspace::ServerKind;
#[cfg(feature = "fleet")]
pub(crate) use workspace::{Server, Workspace};

use slo_grammar::{FileId, Place};
use slo_stdlib_mappings::schema_version;
use toml::de::DeTable;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{Logs, Prometheus, Target, Traces};
use crate::pinned::{Elsewhere, MANIFEST_NAME};
use crate::text::{is_hostile, list, list_of};
use table::{Key, Kind, Table, Tables, Text, at};

/// The version of the language that this compiler speaks, as `slo.toml` names it.
pub const LANGUAGE_VERSION: &str = "0.1";

/// The name of the manifest's file.
pub const FILE_NAME: &str = MANIFEST_NAME;

/// The table by which a `slo.toml` is a workspace's.
const WORKSPACE: &str = "workspace";

/// What `slo.toml` says.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The contract's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who keeps it.
    pub owner: Option<String>,
    /// The schema URL of what it describes.
    pub schema_url: Option<String>,
    /// The targets that it is checked for; all where nothing is said.
    pub targets: Vec<Target>,
    /// What Prometheus's server is told.
    pub prometheus: Prometheus,
    /// The scopes for which a way to that server is named, with the places of their names; `default` is among them.
    pub ways: Vec<(String, Place)>,
    /// The labels that series get from what scrapes or sends them on: those who ask for one ask for no label of the contract.
    pub target_labels: Vec<String>,
    /// Where the keys stand of what it says of servers and stores.
    pub(crate) settings: Vec<(&'static str, Place)>,
    /// What is said of the stores of logs.
    pub logs: Logs,
    /// What is said of the store of traces.
    pub traces: Traces,
    /// The vocabularies, with the places where they are named.
    pub vocabularies: Vec<(String, VocabularySource, Place)>,
    /// Whether Rust is made of it: there is a table `[rust]`.
    pub rust: bool,
    /// The crates whose Rust sources are read for the derive, as paths from the root.
    pub crates: Vec<(String, Place)>,
    /// The others that `slo check` holds it to.
    pub fleet: Option<Fleet>,
    /// The levels of what `slo verify` finds that are other than the codes' own.
    pub levels: Vec<(Code, Severity)>,
}

/// Where a vocabulary is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VocabularySource {
    /// In the compiler, in this version.
    BuiltIn(String),
    /// In another root, at this path.
    Path(String),
    /// In a repository or an archive, which `slo fetch` brings.
    Elsewhere(Elsewhere),
}

/// What `slo.toml` may say.
const TABLES: Tables = &[
    (
        "",
        &[
            Key { name: "name", kind: Kind::Text, example: r#"name = "payments""# },
            Key { name: "version", kind: Kind::Text, example: r#"version = "1.0.0""# },
            Key { name: "slo", kind: Kind::Text, example: r#"slo = "0.1""# },
            Key { name: "owner", kind: Kind::Text, example: r#"owner = "team-payments""# },
            Key {
                name: "schema_url",
                kind: Kind::Text,
                example: r#"schema_url = "https://example.com/schemas/1.0.0""#,
            },
            Key {
                name: "targets",
                kind: Kind::Texts,
                example: r#"targets = ["otlp", "prometheus", "logs"]"#,
            },
            Key { name: "vocabularies", kind: Kind::Table, example: "[vocabularies]" },
            Key { name: "prometheus", kind: Kind::Table, example: "[prometheus]" },
            Key { name: "logs", kind: Kind::Table, example: "[logs]" },
            Key { name: "traces", kind: Kind::Table, example: "[traces]" },
            Key { name: "rust", kind: Kind::Table, example: "[rust]" },
            Key { name: "fleet", kind: Kind::Table, example: "[fleet]" },
            Key { name: "verify", kind: Kind::Table, example: "[verify]" },
        ],
    ),
    (
        "prometheus",
        &[
            Key {
                name: "translation_strategy",
                kind: Kind::Text,
                example: r#"translation_strategy = "UnderscoreEscapingWithSuffixes""#,
            },
            Key {
                name: "promote_resource_attributes",
                kind: Kind::Texts,
                example: r#"promote_resource_attributes = ["service.namespace"]"#,
            },
            Key {
                name: "keep_identifying_resource_attributes",
                kind: Kind::Truth,
                example: "keep_identifying_resource_attributes = true",
            },
            Key {
                name: "ways",
                kind: Kind::NamedTexts,
                example: r#"ways = { default = "otlp", "shop.checkout.Meter" = "go" }"#,
            },
            Key {
                name: "target_labels",
                kind: Kind::Texts,
                example: r#"target_labels = ["cluster", "pod"]"#,
            },
        ],
    ),
    (
        "logs",
        &[
            Key { name: "separate_stores", kind: Kind::Truth, example: "separate_stores = true" },
            Key { name: "reserved", kind: Kind::Texts, example: r#"reserved = ["message", "level"]"# },
        ],
    ),
    ("traces", &[Key { name: "nests", kind: Kind::Truth, example: "nests = true" }]),
    ("rust", &[Key { name: "crates", kind: Kind::Texts, example: r#"crates = [".."]"# }]),
    (
        "verify",
        &[Key { name: "levels", kind: Kind::NamedTexts, example: r#"levels = { SLO1904 = "error" }"# }],
    ),
    (
        "fleet",
        &[
            Key { name: "path", kind: Kind::Text, example: r#"path = "../fleet""# },
            Key { name: "git", kind: Kind::Text, example: r#"git = "https://…/fleet.git""# },
            Key { name: "tag", kind: Kind::Text, example: r#"tag = "v1""# },
            Key { name: "rev", kind: Kind::Text, example: r#"rev = "0d9c1a7e…""# },
            Key { name: "archive", kind: Kind::Text, example: r#"archive = "https://…/indexes.tar.gz""# },
            Key { name: "sha256", kind: Kind::Text, example: r#"sha256 = "e3b0c442…""# },
        ],
    ),
];

/// The keys of stores and of the server, which bind whoever takes the root in.
const LOGS_KEYS: &[&str] = &["separate_stores", "reserved"];
const TRACES_KEYS: &[&str] = &["nests"];
const PROMETHEUS_KEYS: &[&str] =
    &["translation_strategy", "promote_resource_attributes", "keep_identifying_resource_attributes", "ways"];

/// What could be read of a `slo.toml`.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// None where too little of it can be read to go on.
    pub(crate) manifest: Option<Manifest>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Reads the text of a manifest. It has no number yet: its places have that of the first file.
    pub(crate) fn of(text: &str) -> Reading {
        let mut diagnostics = Vec::new();
        let manifest = match DeTable::parse(text) {
            Ok(whole) => Manifest::read(text, whole.get_ref(), &mut diagnostics),
            Err(error) => {
                diagnostics.push(table::syntax(text, &error));
                None
            }
        };
        Reading { manifest, diagnostics }
    }

    /// The same in the file with this number.
    pub(crate) fn in_file(&self, file: FileId) -> Reading {
        let mut reading = self.clone();
        let vocabularies = reading.manifest.iter_mut().flat_map(|manifest| {
            let places = manifest.vocabularies.iter_mut().map(|(_, _, place)| place);
            let scopes = manifest.ways.iter_mut().map(|(_, place)| place);
            let scopes = scopes.chain(manifest.settings.iter_mut().map(|(_, place)| place));
            let fleet = manifest.fleet.iter_mut();
            let fleet = fleet.flat_map(|fleet| {
                std::iter::once(&mut fleet.place).chain(fleet.sha256.iter_mut().map(|(_, place)| place))
            });
            places.chain(manifest.crates.iter_mut().map(|(_, place)| place)).chain(scopes).chain(fleet)
        });
        let labels = reading.diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels);
        for place in vocabularies.chain(labels.map(|label| &mut label.place)) {
            place.file = file;
        }
        reading
    }
}

impl Manifest {
    /// What a text says; none where too little of it can be read.
    #[must_use]
    pub fn of(text: &str) -> Option<Manifest> {
        Reading::of(text).manifest
    }

    fn read(text: &str, whole: &DeTable<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Manifest> {
        if let Some((name, _)) = whole.get_key_value(WORKSPACE) {
            *diagnostics = vec![no_contract(at(name.span()))];
            return None;
        }
        let top = Table::read(whole, "", TABLES, diagnostics);
        // What another version of the language may say is not for this compiler to judge.
        if let Some((version, place)) = top.text("slo").filter(|(version, _)| version != LANGUAGE_VERSION) {
            *diagnostics = vec![other_version(&version, place)];
            return None;
        }
        diagnostics.extend(missing(whole));
        let empty = DeTable::new();
        let mut table =
            |name: &str| Table::read(top.table(name).unwrap_or(&empty), name, TABLES, diagnostics);
        let [prometheus, logs, traces, rust, verify] =
            ["prometheus", "logs", "traces", "rust", "verify"].map(&mut table);
        let vocabularies = vocabulary::read(text, top.table("vocabularies").unwrap_or(&empty), diagnostics);
        let names = top.texts("targets", diagnostics);
        let promoted = prometheus.texts("promote_resource_attributes", diagnostics).unwrap_or_default();
        let target_labels = prometheus.texts("target_labels", diagnostics).unwrap_or_default();
        let crates = rust.texts("crates", diagnostics).unwrap_or_default();
        let fleet = fleet::read(top.table("fleet"), top.place("fleet"), diagnostics);
        let reserved = logs.texts("reserved", diagnostics).unwrap_or_default();
        let levels = verify::levels(&verify, diagnostics);
        let (Some((name, name_place)), Some((version, _)), true) =
            (top.text("name"), top.text("version"), diagnostics.is_empty())
        else {
            return None;
        };
        let owner = top.text("owner");
        for (what, said) in [
            ("name", Some((&name, name_place))),
            ("owner", owner.as_ref().map(|(text, place)| (text, *place))),
        ] {
            if let Some((_, place)) = said.filter(|(text, _)| text.chars().any(is_hostile)) {
                diagnostics.push(
                    Diagnostic::new(
                        Code::Manifest,
                        place,
                        format!("the {what} holds a character that can't be seen"),
                    )
                    .help("take it out: it stands in reports and in files that are made"),
                );
            }
        }
        if name.is_empty() {
            diagnostics.push(
                Diagnostic::new(Code::Manifest, name_place, "the contract's name is empty")
                    .help("name what it describes, such as `payments`"),
            );
        }
        let schema_url = top.text("schema_url");
        if let Some((url, place)) = schema_url.as_ref().filter(|(url, _)| !is_schema_url(url)) {
            diagnostics.push(no_schema_url(Code::Manifest, *place, url));
        }
        diagnostics.extend(schema_url.as_ref().and_then(|said| other_schema(said, &vocabularies)));
        let targets = targets(names.as_deref(), diagnostics);
        let prometheus_table = prometheus;
        let strategy = prometheus::strategy(prometheus_table.text("translation_strategy"), diagnostics);
        let ways = prometheus::ways(text, &prometheus_table, diagnostics);
        let prometheus = Prometheus {
            translation_strategy: strategy,
            promote_resource_attributes: promoted.iter().map(|(key, _)| key.clone()).collect(),
            keep_identifying_resource_attributes: said(
                &prometheus_table,
                "keep_identifying_resource_attributes",
            ),
            ways: ways.iter().map(|way| (way.scope.clone(), way.way.name().to_owned())).collect(),
        };
        let known = names.as_deref().is_none_or(|names| names.len() == targets.len());
        let is_scraped = ways.iter().any(|way| way.way.is_scraped());
        let unchecked = [
            (logs.place("reserved"), Target::Logs, "reserved"),
            (
                prometheus_table.place("keep_identifying_resource_attributes"),
                Target::Prometheus,
                "keep_identifying_resource_attributes",
            ),
            // The default may be said.
            (prometheus_table.place("ways").filter(|_| is_scraped), Target::Prometheus, "ways"),
            (prometheus_table.place("target_labels"), Target::Prometheus, "target_labels"),
        ];
        for (place, target, key) in unchecked {
            if let Some(place) = place.filter(|_| known && !targets.contains(&target)) {
                let message =
                    format!("`{key}` is said, and the contract is not checked for `{}`", target.name());
                diagnostics.push(
                    Diagnostic::new(Code::Manifest, place, message)
                        .help(format!("add `\"{}\"` to `targets`, or take `{key}` out", target.name())),
                );
            }
        }
        if let Some((_, place)) = reserved.iter().find(|(name, _)| name.is_empty()) {
            diagnostics.push(
                Diagnostic::new(Code::Manifest, *place, "a reserved name is empty")
                    .help("name what the store keeps, such as `\"message\"`"),
            );
        }
        if targets.contains(&Target::Prometheus) {
            prometheus::promotable(&promoted, &prometheus, diagnostics);
        }
        let stores = [(&logs, LOGS_KEYS), (&traces, TRACES_KEYS), (&prometheus_table, PROMETHEUS_KEYS)];
        let settings = stores
            .into_iter()
            .flat_map(|(table, keys)| keys.iter().filter_map(|key| Some((*key, table.place(key)?))));
        let manifest = Manifest {
            settings: settings.collect(),
            name,
            version,
            owner: owner.map(|(owner, _)| owner),
            schema_url: schema_url.map(|(url, _)| url),
            targets,
            prometheus,
            ways: ways.into_iter().map(|way| (way.scope, way.place)).collect(),
            target_labels: target_labels.into_iter().map(|(label, _)| label).collect(),
            logs: Logs {
                separate_stores: said(&logs, "separate_stores"),
                reserved: reserved.iter().map(|(name, _)| name.clone()).collect(),
            },
            traces: Traces { nests: said(&traces, "nests") },
            vocabularies,
            rust: top.table("rust").is_some(),
            crates,
            fleet,
            levels,
        };
        Some(manifest)
    }
}

/// Whether a text can be a schema URL.
pub(crate) fn is_schema_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// That it can't.
pub(crate) fn no_schema_url(code: Code, place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(code, place, "the schema URL is no URL")
        .about(text)
        .help("a schema URL reads like `https://example.com/schemas/1.0.0`")
}

/// The schema URL of a version of OpenTelemetry's conventions, where the contract takes its keys from another version of them.
fn other_schema(
    (url, place): &Text,
    vocabularies: &[(String, VocabularySource, Place)],
) -> Option<Diagnostic> {
    let said = schema_version("std.otel", url)?;
    let (version, named) = vocabularies.iter().find_map(|(name, source, place)| match source {
        VocabularySource::BuiltIn(version) if name == "std.otel" => Some((version, *place)),
        _ => None,
    })?;
    (said != version).then(|| {
        let message =
            format!("the schema URL says version {said} of the conventions, and the keys are those of {version}");
        Diagnostic::new(Code::OtherSchema, *place, message)
            .about(url)
            .and(named, "this version is taken in")
            .help(format!(
                "write `schema_url = \"https://opentelemetry.io/schemas/{version}\"`: by it a backend renames keys of one version to those of another"
            ))
    })
}

/// Whether a table says `true` of something.
fn said(table: &Table<'_>, name: &str) -> bool {
    matches!(table.truth(name), Some((true, _)))
}

/// That this is a workspace, where a contract was asked for.
fn no_contract(place: Place) -> Diagnostic {
    Diagnostic::new(Code::Manifest, place, "this is a workspace, and no contract root by itself")
        .help("name the folder of one of its members; `slo check` takes the workspace itself")
}

fn other_version(version: &str, place: Place) -> Diagnostic {
    let message =
        format!("the contract is written for slo `{version}`, this compiler speaks `{LANGUAGE_VERSION}`");
    Diagnostic::new(Code::OtherVersion, place, message).help(format!(
        "use a compiler that speaks `{version}`, or move the contract to `slo = \"{LANGUAGE_VERSION}\"`"
    ))
}

/// The keys that must be there and are not.
fn missing(whole: &DeTable<'_>) -> Option<Diagnostic> {
    let below = |table: &str, name: &str| {
        let table = whole.get(table).and_then(|table| table.get_ref().as_table());
        table.is_some_and(|table| table.contains_key(name))
    };
    // Where one stands in another table, that is reported there; but any name may be a vocabulary's.
    let missing: Vec<&Key> = required()
        .filter(|key| !whole.contains_key(key.name))
        .filter(|key| {
            !["prometheus", "logs", "traces", "rust", "verify"]
                .into_iter()
                .any(|table| below(table, key.name))
        })
        .collect();
    let first = missing.first()?;
    let names: Vec<&str> = missing.iter().map(|key| key.name).collect();
    let help = match below("vocabularies", first.name) {
        true => format!("`{}` stands below `[vocabularies]`: move it above the first table", first.name),
        false => {
            let examples: Vec<String> = missing.iter().map(|key| format!("`{}`", key.example)).collect();
            format!("add {}, above the first table", list_of(&examples))
        }
    };
    let message = format!("`slo.toml` doesn't say {}", list(&names));
    Some(Diagnostic::new(Code::Manifest, at(0..0), message).help(help))
}

fn required() -> impl Iterator<Item = &'static Key> {
    let top = TABLES.first().map_or(&[][..], |(_, keys)| keys);
    top.iter().filter(|key| ["name", "version", "slo"].contains(&key.name))
}

fn targets(names: Option<&[Text]>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Target> {
    let Some(names) = names else { return Target::ALL.to_vec() };
    let mut targets = Vec::new();
    for (name, place) in names {
        match Target::ALL.into_iter().find(|target| target.name() == name) {
            Some(target) => targets.push(target),
            None => {
                let known = Target::ALL.map(Target::name);
                diagnostics.push(
                    Diagnostic::new(Code::Manifest, *place, format!("there is no target `{name}`"))
                        .help(format!("the targets are {}", list(&known))),
                );
            }
        }
    }
    targets
}
