//! A `slo.toml` that is a workspace's: which contracts belong together, and which servers they meet in.

use slo_grammar::{FileId, Place};
use toml::de::DeTable;

use super::table::{self, Key, Kind, Table, Tables, Text, at, what};
use super::{WORKSPACE, prometheus};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{list, nearest};

/// What the `slo.toml` of a workspace says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    /// The patterns of its members, with their places.
    pub(crate) members: Vec<(String, Place)>,
    /// The servers in which members meet.
    pub(crate) servers: Vec<Server>,
}

/// A server in which members meet.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Its name.
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Place,
    /// What it is.
    pub(crate) kind: ServerKind,
    /// The patterns of the members that meet there; all where nothing is said.
    pub(crate) members: Option<Vec<(String, Place)>>,
    /// `otlp.translation_strategy` of a Prometheus server, where it isn't what each member says.
    pub(crate) translation_strategy: Option<String>,
    /// The ways of scopes to a Prometheus server, before what each member says.
    pub(crate) ways: Vec<(String, String)>,
    /// The labels that series get in a Prometheus server beside their own, with what each member says.
    pub(crate) target_labels: Vec<String>,
    /// Whether each log has a store of its own, where it isn't what each member says.
    pub(crate) separate_stores: Option<bool>,
    /// The names that a store of logs keeps for itself.
    pub(crate) reserved: Vec<String>,
    /// Whether a store of traces holds keys as paths, where it isn't what each member says.
    pub(crate) nests: Option<bool>,
}

/// What a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ServerKind {
    /// A Prometheus server.
    Prometheus,
    /// A store of logs.
    Logs,
    /// A store of traces.
    Traces,
}

impl ServerKind {
    /// All kinds.
    pub const ALL: [ServerKind; 3] = [ServerKind::Prometheus, ServerKind::Logs, ServerKind::Traces];

    /// The name in `slo.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ServerKind::Prometheus => "prometheus",
            ServerKind::Logs => "logs",
            ServerKind::Traces => "traces",
        }
    }

    /// What it is called in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            ServerKind::Prometheus => "Prometheus server",
            ServerKind::Logs => "store of logs",
            ServerKind::Traces => "store of traces",
        }
    }

    /// The keys that a server of this kind may have beside those of all.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            ServerKind::Prometheus => &["translation_strategy", "ways", "target_labels"],
            ServerKind::Logs => &["separate_stores", "reserved"],
            ServerKind::Traces => &["nests"],
        }
    }
}

/// How a server's table is called where its keys are said.
const SERVER: &str = "servers.NAME";

const TABLES: Tables = &[
    (
        "",
        &[
            Key { name: WORKSPACE, kind: Kind::Table, example: "[workspace]" },
            Key { name: "servers", kind: Kind::Table, example: "[servers.main]" },
        ],
    ),
    (WORKSPACE, &[Key { name: "members", kind: Kind::Texts, example: r#"members = ["services/*"]"# }]),
    (
        SERVER,
        &[
            Key { name: "kind", kind: Kind::Text, example: r#"kind = "prometheus""# },
            Key { name: "members", kind: Kind::Texts, example: r#"members = ["services/*"]"# },
            Key {
                name: "translation_strategy",
                kind: Kind::Text,
                example: r#"translation_strategy = "UnderscoreEscapingWithSuffixes""#,
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
            Key { name: "separate_stores", kind: Kind::Truth, example: "separate_stores = true" },
            Key { name: "reserved", kind: Kind::Texts, example: r#"reserved = ["message", "level"]"# },
            Key { name: "nests", kind: Kind::Truth, example: "nests = true" },
        ],
    ),
];

impl Workspace {
    /// Reads the text of a `slo.toml` that has this number in the run.
    pub(crate) fn read(text: &str, file: FileId) -> (Workspace, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mut workspace = match DeTable::parse(text) {
            Ok(whole) => Workspace::of(text, whole.get_ref(), &mut diagnostics),
            Err(error) => {
                diagnostics.push(table::syntax(text, &error));
                Workspace::default()
            }
        };
        let servers = workspace.servers.iter_mut();
        let of_servers = servers.flat_map(|server| {
            let members = server.members.iter_mut().flatten().map(|(_, place)| place);
            members.chain(std::iter::once(&mut server.place))
        });
        let members = workspace.members.iter_mut().map(|(_, place)| place);
        let labels = diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels);
        for place in members.chain(of_servers).chain(labels.map(|label| &mut label.place)) {
            place.file = file;
        }
        (workspace, diagnostics)
    }

    fn of(text: &str, whole: &DeTable<'_>, diagnostics: &mut Vec<Diagnostic>) -> Workspace {
        if let Some((name, _)) = ["name", "version"].into_iter().find_map(|key| whole.get_key_value(key)) {
            let message = "`slo.toml` says a workspace and a contract, and is one of the two".to_owned();
            diagnostics.push(
                Diagnostic::new(Code::Manifest, at(name.span()), message).help(
                    "move the contract into a folder of its own, and name that folder among the members",
                ),
            );
            return Workspace::default();
        }
        let top = Table::read(whole, "", TABLES, diagnostics);
        let empty = DeTable::new();
        let workspace = Table::read(top.table(WORKSPACE).unwrap_or(&empty), WORKSPACE, TABLES, diagnostics);
        let members = workspace.texts("members", diagnostics);
        if members.as_ref().is_none_or(Vec::is_empty) && diagnostics.is_empty() {
            let place = workspace.place("members").or(top.place(WORKSPACE)).unwrap_or(at(0..0));
            diagnostics.push(
                Diagnostic::new(Code::Manifest, place, "the workspace has no members")
                    .help("name the folders of contract roots: `members = [\"services/*\"]`"),
            );
        }
        let mut servers = Vec::new();
        for (name, value) in top.table("servers").into_iter().flatten() {
            let place = at(name.span());
            match value.get_ref().as_table() {
                Some(table) => servers.extend(server(
                    text,
                    (name.get_ref().clone().into_owned(), place),
                    table,
                    diagnostics,
                )),
                None => {
                    let message = format!("a server is a table, and this is {}", what(value.get_ref()));
                    diagnostics.push(
                        Diagnostic::new(Code::Manifest, at(value.span()), message)
                            .about(name.get_ref().as_ref())
                            .help(format!("write `[servers.{}]` and its keys below it", name.get_ref())),
                    );
                }
            }
        }
        Workspace { members: members.unwrap_or_default(), servers }
    }
}

fn server(
    text: &str,
    (name, place): Text,
    table: &DeTable<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Server> {
    let table = Table::read(table, SERVER, TABLES, diagnostics);
    let names = ServerKind::ALL.map(ServerKind::name);
    let Some((said, at_kind)) = table.text("kind") else {
        if table.place("kind").is_none() {
            diagnostics.push(
                Diagnostic::new(Code::Manifest, place, format!("the server `{name}` doesn't say its kind"))
                    .about(&name)
                    .help("write `kind = \"prometheus\"`, `\"logs\"` or `\"traces\"`"),
            );
        }
        return None;
    };
    let Some(kind) = ServerKind::ALL.into_iter().find(|kind| kind.name() == said) else {
        let near = nearest(&said, names.into_iter()).map(|near| format!("did you mean `{near}`? "));
        diagnostics.push(
            Diagnostic::new(Code::Manifest, at_kind, format!("there is no kind of server `{said}`"))
                .about(&said)
                .help(format!("{}the kinds are {}", near.unwrap_or_default(), list(&names))),
        );
        return None;
    };
    for other in ServerKind::ALL.into_iter().filter(|other| *other != kind) {
        for key in other.keys() {
            let Some(place) = table.place(key) else { continue };
            diagnostics.push(
                Diagnostic::new(
                    Code::Manifest,
                    place,
                    format!("`{key}` is said of a {}, and is for a {}", kind.words(), other.words()),
                )
                .about(*key)
                .help(format!("take it out, or write `kind = \"{}\"`", other.name())),
            );
        }
    }
    let strategy = table.text("translation_strategy");
    let reserved = table.texts("reserved", diagnostics).unwrap_or_default();
    let ways = prometheus::ways(text, &table, diagnostics);
    let target_labels = table.texts("target_labels", diagnostics).unwrap_or_default();
    Some(Server {
        kind,
        members: table.texts("members", diagnostics),
        translation_strategy: strategy.is_some().then(|| prometheus::strategy(strategy, diagnostics)),
        ways: ways.into_iter().map(|way| (way.scope, way.way.name().to_owned())).collect(),
        target_labels: target_labels.into_iter().map(|(label, _)| label).collect(),
        separate_stores: table.truth("separate_stores").map(|(said, _)| said),
        reserved: reserved.into_iter().map(|(name, _)| name).collect(),
        nests: table.truth("nests").map(|(said, _)| said),
        name,
        place,
    })
}
