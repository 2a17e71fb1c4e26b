//! What the files of a registry say, before anything in it is resolved. Both forms of files become the same definitions.

mod attribute;
mod common;
mod manifest;
mod version1;
mod version2;

pub use attribute::{Basic, Level, Member, Role, SignalLevel, Type};
pub use common::{About, Association, Deprecated, Instrument, SpanKind, Stability};
pub use manifest::{Dependency, Manifest};

pub(crate) use attribute::{AttributeSpec, Item};

use crate::fields::{Fields, Found};
use crate::files::Text;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::value::Value;
use crate::yaml::{self, Data};

/// What a group is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GroupKind {
    Attributes,
    Metric,
    MetricGroup,
    Span,
    Event,
    Entity,
    Scope,
}

impl GroupKind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            GroupKind::Attributes => "attribute group",
            GroupKind::Metric => "metric",
            GroupKind::MetricGroup => "metric group",
            GroupKind::Span => "span",
            GroupKind::Event => "event",
            GroupKind::Entity => "entity",
            GroupKind::Scope => "scope",
        }
    }
}

/// Who sees an attribute group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// All.
    Public,
    /// The registry itself.
    Internal,
    /// The older form doesn't say.
    Unsaid,
}

/// What is said of a signal beside its attributes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signal {
    pub(crate) associations: Option<Association>,
    pub(crate) instrument: Option<Placed<Instrument>>,
    pub(crate) unit: Option<Placed<String>>,
    pub(crate) span_kind: Option<Placed<SpanKind>>,
    pub(crate) span_name: Option<Placed<String>>,
    pub(crate) span_events: Vec<Placed<String>>,
    pub(crate) body: Option<Placed<Value>>,
    pub(crate) display_name: Option<Placed<String>>,
}

impl Signal {
    /// What a metric says: its instrument and its unit.
    fn measured(&mut self, fields: &mut Fields<'_>) {
        for name in ["instrument", "unit"] {
            if !fields.has(name) {
                fields.missing(name);
            }
        }
        self.instrument = common::instrument(fields);
        self.unit = fields.text("unit");
    }
}

/// A group of attributes, or a signal.
#[derive(Debug)]
pub(crate) struct Group {
    /// What others refer to it by.
    pub(crate) id: Placed<String>,
    pub(crate) kind: GroupKind,
    /// The name on the wire, or of the type.
    pub(crate) name: Option<Placed<String>>,
    pub(crate) place: Place,
    pub(crate) about: About,
    pub(crate) level: Option<Placed<SignalLevel>>,
    pub(crate) extends: Option<Placed<String>>,
    pub(crate) is_refinement: bool,
    /// Whether it is in the form that hands on more than attributes.
    pub(crate) is_version2: bool,
    pub(crate) visibility: Visibility,
    pub(crate) items: Vec<Item>,
    pub(crate) signal: Signal,
}

impl Group {
    pub(crate) fn new(id: Placed<String>, kind: GroupKind, place: Place) -> Group {
        Group {
            id,
            kind,
            name: None,
            place,
            about: About::default(),
            level: None,
            extends: None,
            is_refinement: false,
            is_version2: false,
            visibility: Visibility::Unsaid,
            items: Vec::new(),
            signal: Signal::default(),
        }
    }
}

/// What is taken from other registries: of each kind of group, patterns of names.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    pub(crate) patterns: Vec<(GroupKind, Placed<String>)>,
}

/// All that the files of a registry say.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    pub(crate) manifest: Option<Manifest>,
    pub(crate) attributes: Vec<AttributeSpec>,
    pub(crate) groups: Vec<Group>,
    pub(crate) imports: Imports,
}

/// Reads the files of a registry.
pub(crate) fn definitions(folder: crate::files::Folder, found: &mut Found) -> Definitions {
    let mut definitions = Definitions::default();
    if let Some(text) = folder.manifest {
        definitions.manifest = manifest::manifest(&text, found);
    }
    for text in &folder.texts {
        file(text, &mut definitions, found);
    }
    definitions
}

fn file(text: &Text, definitions: &mut Definitions, found: &mut Found) {
    let node = match yaml::parse(&text.text, &text.file) {
        Ok(node) => node,
        Err(problems) => return problems.into_iter().for_each(|problem| found.problem(problem)),
    };
    if matches!(node.data, Data::Null) {
        return;
    }
    let Some(mut fields) = Fields::of(node, "the file", found) else {
        return;
    };
    // `version: 1` is how the first files said it.
    let format = fields.node("file_format").or_else(|| fields.node("version"));
    match format.as_ref().map(|node| &node.data) {
        None | Some(Data::Integer(1)) => version1::file(fields, definitions),
        Some(Data::Text(name)) if name == "definition/1" || name == "1" => {
            version1::file(fields, definitions)
        }
        Some(Data::Text(name)) if name == "definition/2" || name == "2" => {
            version2::file(fields, definitions)
        }
        Some(other) => {
            let name = if let Data::Text(name) = other { shown(name) } else { other.what().to_owned() };
            let place = format.as_ref().map_or_else(|| Place::start(&text.file), |node| node.place.clone());
            let message = format!("the file is in the form `{name}`");
            let help = "the forms that are read are `definition/1`, which needs no `file_format`, and `definition/2`";
            found.problem(Problem::new(Kind::Field, place, message, help));
        }
    }
}

/// What is taken from other registries.
fn imports(fields: &mut Fields<'_>, imports: &mut Imports) {
    let Some(node) = fields.node("imports") else {
        return;
    };
    let Some(mut fields) = Fields::of(node, "`imports`", fields.found) else {
        return;
    };
    let kinds = [
        ("attribute_groups", GroupKind::Attributes),
        ("entities", GroupKind::Entity),
        ("events", GroupKind::Event),
        ("metrics", GroupKind::Metric),
        ("spans", GroupKind::Span),
    ];
    for (name, kind) in kinds {
        imports.patterns.extend(fields.texts(name).into_iter().map(|text| (kind, text)));
    }
    fields.end();
}
