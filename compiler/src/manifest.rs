//! `slo.toml`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use slo_grammar::{FileId, Place};
use slo_model::names::{MetricKind, TranslationStrategy, prometheus_label, prometheus_reserved};
use toml::Spanned;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Prometheus, Target};
use crate::text::{list, nearest};

/// The version of the language that this compiler speaks, as `slo.toml` names it.
pub const LANGUAGE_VERSION: &str = "0.1";

/// The name of the manifest's file.
pub const FILE_NAME: &str = "slo.toml";

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
    /// The vocabularies, with the places where they are named.
    pub vocabularies: Vec<(String, VocabularySource, Place)>,
    /// Whether Rust is made of it: there is a table `[rust]`.
    pub rust: bool,
    /// The crates whose Rust sources are read for the derive, as paths from the root.
    pub crates: Vec<(String, Place)>,
}

/// Where a vocabulary is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VocabularySource {
    /// In the compiler, in this version.
    BuiltIn(String),
    /// In another root, at this path.
    Path(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    name: Spanned<String>,
    version: String,
    owner: Option<String>,
    slo: Spanned<String>,
    schema_url: Option<Spanned<String>>,
    targets: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    vocabularies: BTreeMap<Spanned<String>, RawVocabulary>,
    #[serde(default)]
    prometheus: RawPrometheus,
    rust: Option<RawRust>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawVocabulary {
    BuiltIn(String),
    Path { path: String },
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPrometheus {
    translation_strategy: Option<Spanned<String>>,
    #[serde(default)]
    promote_resource_attributes: Vec<Spanned<String>>,
    scrape: Option<Spanned<bool>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRust {
    #[serde(default)]
    crates: Vec<Spanned<String>>,
}

impl Manifest {
    /// Reads the manifest. None where too little of it can be read to go on.
    #[must_use]
    pub fn parse(file: FileId, text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
        let at = |range: std::ops::Range<usize>| Place::new(file, range.start as u32, range.end as u32);
        let raw: RawManifest = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let place = at(error.span().unwrap_or(0..0));
                let diagnostic = Diagnostic::new(Code::Manifest, place, error.message().replace('\n', " "));
                if text.parse::<toml::Table>().is_err() {
                    let help =
                        "this is no TOML: texts such as a version stand in quotes, and a key stands once";
                    return (None, vec![diagnostic.help(help)]);
                }
                let diagnostic = diagnostic
                    .help("a contract's `slo.toml` says `name`, `version` and `slo`; `owner`, `schema_url`, `targets`, `[vocabularies]`, `[prometheus]` and `[rust]` may follow");
                return (None, vec![diagnostic]);
            }
        };
        let mut diagnostics = Vec::new();
        if raw.slo.get_ref() != LANGUAGE_VERSION {
            diagnostics.push(
                Diagnostic::new(
                    Code::OtherVersion,
                    at(raw.slo.span()),
                    format!(
                        "the contract is written for slo `{}`, this compiler speaks `{LANGUAGE_VERSION}`",
                        raw.slo.get_ref()
                    ),
                )
                .help(format!(
                    "use a compiler that speaks `{}`, or move the contract to `slo = \"{LANGUAGE_VERSION}\"`",
                    raw.slo.get_ref()
                )),
            );
            return (None, diagnostics);
        }
        if raw.name.get_ref().is_empty() {
            diagnostics.push(
                Diagnostic::new(Code::Manifest, at(raw.name.span()), "the contract's name is empty")
                    .help("name what it describes, such as `payments`"),
            );
        }
        let mut targets = Vec::new();
        for name in raw.targets.iter().flatten() {
            match Target::ALL.into_iter().find(|target| target.name() == name.get_ref()) {
                Some(target) => targets.push(target),
                None => {
                    let known = Target::ALL.map(Target::name);
                    diagnostics.push(
                        Diagnostic::new(
                            Code::Manifest,
                            at(name.span()),
                            format!("there is no target `{}`", name.get_ref()),
                        )
                        .help(format!("the targets are {}", list(&known))),
                    );
                }
            }
        }
        if raw.targets.is_none() {
            targets = Target::ALL.to_vec();
        }
        if let Some(url) = &raw.schema_url
            && !(url.get_ref().starts_with("https://") || url.get_ref().starts_with("http://"))
        {
            diagnostics.push(
                Diagnostic::new(Code::Manifest, at(url.span()), "the schema URL is no URL")
                    .help("a schema URL reads like `https://example.com/schemas/1.0.0`"),
            );
        }
        let strategy = raw.prometheus.translation_strategy.as_ref();
        let names = TranslationStrategy::ALL.map(TranslationStrategy::name);
        if let Some(strategy) = strategy
            && !names.contains(&strategy.get_ref().as_str())
        {
            let near = nearest(strategy.get_ref(), names.into_iter());
            let help = near.map_or_else(
                || format!("they are {}", list(&names)),
                |near| format!("did you mean `{near}`?"),
            );
            diagnostics.push(
                Diagnostic::new(
                    Code::Manifest,
                    at(strategy.span()),
                    format!("Prometheus has no translation strategy `{}`", strategy.get_ref()),
                )
                .help(help),
            );
        }
        let prometheus = Prometheus {
            translation_strategy: strategy.map_or(names[0].to_owned(), |strategy| strategy.get_ref().clone()),
            promote_resource_attributes: raw
                .prometheus
                .promote_resource_attributes
                .iter()
                .map(|key| key.get_ref().clone())
                .collect(),
            scrape: raw.prometheus.scrape.as_ref().is_some_and(|scrape| *scrape.get_ref()),
        };
        if let Some(scrape) = raw.prometheus.scrape.as_ref().filter(|scrape| *scrape.get_ref())
            && !targets.contains(&Target::Prometheus)
            // One that is not known may have been meant for it.
            && raw.targets.iter().flatten().count() == targets.len()
        {
            diagnostics.push(
                Diagnostic::new(
                    Code::Manifest,
                    at(scrape.span()),
                    "the program is scraped, and the contract is not checked for `prometheus`",
                )
                .help("add `\"prometheus\"` to `targets`, or take `scrape` out"),
            );
        }
        let promoted = raw.prometheus.promote_resource_attributes.iter();
        let promoted: Vec<(&str, Place)> =
            promoted.map(|key| (key.get_ref().as_str(), at(key.span()))).collect();
        if targets.contains(&Target::Prometheus) {
            promotable(&promoted, &prometheus, &mut diagnostics);
        }
        let manifest = Manifest {
            name: raw.name.into_inner(),
            version: raw.version,
            owner: raw.owner,
            schema_url: raw.schema_url.map(Spanned::into_inner),
            targets,
            prometheus,
            vocabularies: raw
                .vocabularies
                .into_iter()
                .map(|(name, source)| {
                    let place = at(name.span());
                    let source = match source {
                        RawVocabulary::BuiltIn(version) => VocabularySource::BuiltIn(version),
                        RawVocabulary::Path { path } => VocabularySource::Path(path),
                    };
                    (name.into_inner(), source, place)
                })
                .collect(),
            rust: raw.rust.is_some(),
            crates: raw
                .rust
                .unwrap_or_default()
                .crates
                .into_iter()
                .map(|path| {
                    let place = at(path.span());
                    (path.into_inner(), place)
                })
                .collect(),
        };
        (Some(manifest), diagnostics)
    }
}

/// Promoted attributes each become a label of their own: of two that become one the server keeps the last, and one that has no
/// label takes every metric with it. Where the program is scraped, it writes these labels itself, and the text has some of
/// its own.
fn promotable(keys: &[(&str, Place)], prometheus: &Prometheus, diagnostics: &mut Vec<Diagnostic>) {
    let strategy = prometheus.strategy();
    let mut seen: HashMap<String, (&str, Place)> = HashMap::new();
    for (key, place) in keys {
        let label = prometheus_label(key, strategy).filter(|label| label.bytes().any(|byte| byte != b'_'));
        let Some(label) = label else {
            diagnostics.push(
                Diagnostic::new(
                    Code::Unnameable,
                    *place,
                    format!("Prometheus has no label for `{key}` under {strategy}: nothing is left of it"),
                )
                .about(*key)
                .help("take it out of the list: the server refuses whatever comes with it"),
            );
            continue;
        };
        let reserved = label.starts_with('_') || prometheus_reserved(&label, MetricKind::Histogram);
        if prometheus.scrape && reserved {
            diagnostics.push(
                Diagnostic::new(
                    Code::Reserved,
                    *place,
                    match *key == label {
                        true => format!("`{label}` is a label that no series of a scraped program may have"),
                        false => format!(
                            "`{key}` becomes the label `{label}`, which no series of a scraped program may have"
                        ),
                    },
                )
                .about(*key)
                .help("take it out of the list, or take `scrape` out"),
            );
            continue;
        }
        match seen.get(&label) {
            Some((first, at)) => diagnostics.push(
                Diagnostic::new(
                    Code::Collision,
                    *place,
                    format!("`{first}` and `{key}` are promoted to one label `{label}` under {strategy}"),
                )
                .about(*key)
                .about(*first)
                .and(*at, "the other key")
                .help("take one of them out: the server keeps the last one without a word"),
            ),
            None => {
                seen.insert(label, (key, *place));
            }
        }
    }
}
