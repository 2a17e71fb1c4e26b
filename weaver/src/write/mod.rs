//! A registry as a contract root of the language: a package for each namespace, in the style of `slo fmt`.

mod attribute;
mod manifest;
mod packages;
mod signal;
mod text;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use slo_grammar::FileId;

use crate::definition::Type;
use crate::left::Left;
use crate::place::{Place, shown};
use crate::problem::{Kind, Problem};
use crate::registry::Registry;

pub use manifest::package_prefix;
pub(crate) use text::{OBSOLETED, is_in_registry, namespace};

/// How a registry is written.
#[derive(Clone, Debug)]
pub struct Style {
    /// What the packages' names begin with, which is the contract's name, too.
    pub name: String,
    /// Whether sentences are written: docs, examples, conditions and reasons. Without them a condition is there, and not what it is.
    pub docs: bool,
}

/// A contract root.
#[derive(Debug)]
pub struct Written {
    /// Its files, by their paths from the root.
    pub files: BTreeMap<String, String>,
    /// How many of each kind were written.
    pub counts: BTreeMap<&'static str, usize>,
    /// What can't be carried over, by place; what the registry itself left is among it.
    pub left: Vec<Left>,
}

/// Writes a registry.
///
/// # Errors
/// Says what of it can't be written at all: a text that is longer than the language reads.
pub fn write(registry: &Registry, style: &Style) -> Result<Written, Vec<Problem>> {
    let mut writer = Writer::of(registry, style);
    writer.attributes();
    writer.signals();
    let Writer { pieces, mut left, counts, .. } = writer;
    left.extend(registry.left.iter().cloned());
    left.extend(manifest::left(registry, style));
    left.sort();
    let mut files = BTreeMap::new();
    files.insert("slo.toml".to_owned(), manifest::slo_toml(registry, style));
    let about = manifest::about(registry);
    let mut problems = Vec::new();
    for (package, text) in packages::files(pieces, &style.name, &about) {
        let path = format!("{package}/{package}.slo");
        match slo_grammar::format(FileId(0), Arc::from(text.as_str())) {
            Ok(text) => {
                files.insert(path, text);
            }
            Err(errors) => problems.extend(errors.first().map(|error| too_long(&path, &text, error))),
        }
    }
    if problems.is_empty() { Ok(Written { files, counts, left }) } else { Err(problems) }
}

/// What is written is right but for how long it is.
fn too_long(path: &str, text: &str, error: &slo_grammar::SyntaxError) -> Problem {
    let before = text.get(..error.place.start as usize).unwrap_or(text);
    let line = u32::try_from(before.matches('\n').count().saturating_add(1)).unwrap_or(u32::MAX);
    let place = Place { file: Arc::from(path), line, column: 1 };
    Problem::new(
        Kind::Limit,
        place,
        format!("what would be written can't be read: {}", shown(&format!("{:?}", error.kind))),
        "shorten it in the registry",
    )
}

/// A declaration as text, and what it stands on.
#[derive(Debug)]
struct Piece {
    /// What its namespace is called.
    namespace: String,
    /// What it is, in the order in which a file has them, and its name.
    rank: (Rank, String),
    /// The namespaces of the keys that it lists.
    keys: BTreeSet<String>,
    /// The entities that it names.
    entities: BTreeSet<String>,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Attribute,
    Entity,
    Metric,
    Span,
    Log,
}

struct Writer<'a> {
    registry: &'a Registry,
    style: &'a Style,
    pieces: Vec<Piece>,
    left: Vec<Left>,
    counts: BTreeMap<&'static str, usize>,
    /// The attributes that were written, with their types.
    keys: HashMap<&'a str, &'a Type>,
    /// The entities that are written.
    entities: BTreeSet<&'a str>,
    /// What was said to be left of attributes in lists: signals inherit them from one place.
    told: BTreeSet<(Place, &'static str)>,
}

impl<'a> Writer<'a> {
    fn of(registry: &'a Registry, style: &'a Style) -> Writer<'a> {
        Writer {
            registry,
            style,
            pieces: Vec::new(),
            left: Vec::new(),
            counts: BTreeMap::new(),
            keys: HashMap::new(),
            entities: BTreeSet::new(),
            told: BTreeSet::new(),
        }
    }

    fn left(&mut self, place: &Place, what: impl Into<String>, why: &'static str) {
        self.left.push(Left { place: place.clone(), what: what.into(), why });
    }

    fn count(&mut self, kind: &'static str) {
        *self.counts.entry(kind).or_default() += 1;
    }
}
