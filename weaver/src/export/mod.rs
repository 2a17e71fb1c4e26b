//! A registry as files in the newer form of the format, a file for each namespace, with a manifest.

mod yaml;

use std::collections::BTreeMap;

use crate::definition::{About, Association, Deprecated, Level, Member, Role, SignalLevel, Type, Visibility};
use crate::left::Left;
use crate::place::{Place, Placed, shown};
use crate::registry::{Attribute, Registry, Signal, Use};
use crate::value::Value;

use yaml::Yaml;

/// Files of a registry.
#[derive(Debug)]
pub struct Exported {
    /// The files, by their paths from the registry's folder.
    pub files: BTreeMap<String, String>,
    /// How many of each kind were written.
    pub counts: BTreeMap<&'static str, usize>,
    /// What the newer form can't say, by place; what the registry itself left is among it.
    pub left: Vec<Left>,
}

/// Why something is left.
const NO_FIELD: &str = "the newer form has no field for it";
const NEEDED: &str = "the newer form needs it";
const WRITTEN_OUT: &str = "what it has of that is written out";

/// Writes a registry. What it takes from others is left to these, which the manifest names.
#[must_use]
pub fn export(registry: &Registry) -> Exported {
    let mut exporter =
        Exporter { files: BTreeMap::new(), counts: BTreeMap::new(), left: registry.left.clone() };
    for attribute in registry.attributes.iter().filter(|attribute| attribute.origin.is_none()) {
        exporter.attribute(attribute);
    }
    for group in &registry.groups {
        exporter.group(group);
    }
    for entity in registry.entities.iter().filter(|entity| entity.signal.origin.is_none()) {
        exporter.entity(&entity.signal);
    }
    for metric in registry.metrics.iter().filter(|metric| metric.signal.origin.is_none()) {
        exporter.metric(metric);
    }
    for span in registry.spans.iter().filter(|span| span.signal.origin.is_none()) {
        exporter.span(span);
    }
    for event in registry.events.iter().filter(|event| event.signal.origin.is_none()) {
        exporter.event(event);
    }
    let Exporter { files, counts, mut left } = exporter;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (namespace, lists) in files {
        let mut fields = vec![("file_format".to_owned(), Yaml::text("definition/2"))];
        fields.extend(LISTS.iter().filter_map(|name| {
            let list = lists.get(name)?;
            Some(((*name).to_owned(), Yaml::List(list.clone())))
        }));
        texts.insert(format!("{namespace}.yaml"), Yaml::Map(fields).to_string());
    }
    if let Some(manifest) = manifest(registry) {
        texts.insert("manifest.yaml".to_owned(), manifest);
    }
    left.sort();
    Exported { files: texts, counts, left }
}

/// What a list of attributes is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Definition,
    Refinement,
    Span,
}

/// The lists of a file, in their order.
const LISTS: [&str; 10] = [
    "attributes",
    "attribute_groups",
    "entities",
    "entity_refinements",
    "metrics",
    "metric_refinements",
    "spans",
    "span_refinements",
    "events",
    "event_refinements",
];

fn manifest(registry: &Registry) -> Option<String> {
    let manifest = registry.manifest.as_ref()?;
    let url = manifest.schema_url.as_ref().map_or_else(
        || format!("https://{}/{}", manifest.name, manifest.version.as_deref().unwrap_or("0.0.0")),
        |url| url.value.clone(),
    );
    let mut fields = vec![("schema_url".to_owned(), Yaml::text(&url))];
    fields.extend(
        manifest.description.as_ref().map(|text| ("description".to_owned(), Yaml::text(&text.value))),
    );
    fields.extend(
        manifest.stability.as_ref().map(|one| ("stability".to_owned(), Yaml::text(one.value.word()))),
    );
    let dependencies: Vec<Yaml> = manifest
        .dependencies
        .iter()
        .map(|dependency| {
            let version = dependency.version.as_deref().unwrap_or("unknown");
            let url = format!("https://{}/{version}", dependency.name);
            let mut fields = vec![("schema_url".to_owned(), Yaml::text(&url))];
            let path =
                dependency.path.as_ref().map(|path| ("registry_path".to_owned(), Yaml::text(&path.value)));
            fields.extend(path);
            Yaml::Map(fields)
        })
        .collect();
    if !dependencies.is_empty() {
        fields.push(("dependencies".to_owned(), Yaml::List(dependencies)));
    }
    Some(Yaml::Map(fields).to_string())
}

type Fields = Vec<(String, Yaml)>;

struct Exporter {
    files: BTreeMap<String, BTreeMap<&'static str, Vec<Yaml>>>,
    counts: BTreeMap<&'static str, usize>,
    left: Vec<Left>,
}

impl Exporter {
    fn left(&mut self, place: &Place, what: String, why: &'static str) {
        self.left.push(Left { place: place.clone(), what, why });
    }

    fn put(&mut self, name: &str, list: &'static str, fields: Fields) {
        let namespace = crate::write::namespace(name);
        self.files.entry(namespace).or_default().entry(list).or_default().push(Yaml::Map(fields));
        *self.counts.entry(list).or_default() += 1;
    }

    fn attribute(&mut self, attribute: &Attribute) {
        let key = &attribute.key.value;
        let what = format!("the attribute `{}`", shown(key));
        let mut fields =
            vec![("key".to_owned(), Yaml::text(key)), ("type".to_owned(), self.type_of(&attribute.value))];
        self.needed(&mut fields, &what, &attribute.about, &attribute.place);
        fields.extend(attribute.examples.as_ref().map(|one| ("examples".to_owned(), Yaml::of(&one.value))));
        if let Some(level) = &attribute.level {
            self.left(&level.place, format!("the level of {what}"), NO_FIELD);
        }
        self.put(key, "attributes", fields);
    }

    fn type_of(&mut self, value: &Placed<Type>) -> Yaml {
        match &value.value {
            Type::Basic(basic) => Yaml::text(basic.name()),
            Type::Template(basic) => Yaml::text(&format!("template[{}]", basic.name())),
            Type::Enum(members) => {
                let members = members.iter().map(member).collect();
                Yaml::Map(vec![("members".to_owned(), Yaml::List(members))])
            }
        }
    }

    /// What each definition says. A brief and a stability are needed.
    fn needed(&mut self, fields: &mut Fields, what: &str, about: &About, place: &Place) {
        let brief = about.brief.as_ref().map_or("", |brief| &brief.value);
        fields.push(("brief".to_owned(), Yaml::text(brief)));
        if about.stability.is_none() {
            self.left(place, format!("`stability: development` of {what}"), NEEDED);
            fields.push(("stability".to_owned(), Yaml::text("development")));
        }
        fields.extend(said(about).into_iter().filter(|(name, _)| name != "brief"));
    }

    /// What a refinement says of itself.
    fn may_say(fields: &mut Fields, about: &About) {
        fields.extend(said(about));
    }

    fn group(&mut self, group: &crate::registry::AttributeGroup) {
        let signal = &group.signal;
        let what = format!("the attribute group `{}`", shown(&signal.id));
        if group.visibility != Visibility::Public || signal.origin.is_some() {
            return self.left(&signal.place, what, WRITTEN_OUT);
        }
        let mut fields =
            vec![("id".to_owned(), Yaml::text(&signal.id)), ("visibility".to_owned(), Yaml::text("public"))];
        self.needed(&mut fields, &what, &signal.about, &signal.place);
        self.uses(&mut fields, "attributes", &what, signal.uses.iter(), Of::Definition);
        self.put(&signal.id, "attribute_groups", fields);
    }

    fn entity(&mut self, signal: &Signal) {
        let what = format!("the entity `{}`", shown(&signal.name.value));
        let mut fields = self.head(signal, &what, "type", "entity.");
        let identifies =
            |usage: &&Use| usage.role.as_ref().is_none_or(|role| role.value == Role::Identifying);
        let of = if signal.refines.is_some() { Of::Refinement } else { Of::Definition };
        self.uses(&mut fields, "identity", &what, signal.uses.iter().filter(identifies), of);
        self.uses(
            &mut fields,
            "description",
            &what,
            signal.uses.iter().filter(|usage| !identifies(usage)),
            of,
        );
        if signal.refines.is_none() && !fields.iter().any(|(name, _)| name == "identity") {
            fields.push(("identity".to_owned(), Yaml::List(Vec::new())));
        }
        let list = if signal.refines.is_some() { "entity_refinements" } else { "entities" };
        self.put(&signal.name.value, list, fields);
    }

    fn metric(&mut self, metric: &crate::registry::Metric) {
        let signal = &metric.signal;
        let what = format!("the metric `{}`", shown(&signal.name.value));
        let mut fields = self.head(signal, &what, "name", "metric.");
        if signal.refines.is_none() {
            fields.push(("instrument".to_owned(), Yaml::text(metric.instrument.value.word())));
            fields.push(("unit".to_owned(), Yaml::text(&metric.unit.value)));
        }
        self.rest(&mut fields, signal, &what, Of::Definition);
        let list = if signal.refines.is_some() { "metric_refinements" } else { "metrics" };
        self.put(&metric.metric, list, fields);
    }

    fn span(&mut self, span: &crate::registry::Span) {
        let signal = &span.signal;
        let what = format!("the span `{}`", shown(&signal.name.value));
        let mut fields = self.head(signal, &what, "type", "span.");
        if signal.refines.is_none() {
            fields.push(("kind".to_owned(), Yaml::text(span.kind.value.word())));
        }
        let note = match (&span.name_note, &signal.refines) {
            (Some(note), _) => Some(note.value.as_str()),
            (None, Some(_)) => None,
            (None, None) => {
                self.left(&signal.place, format!("how {what} is named"), NEEDED);
                Some(signal.name.value.as_str())
            }
        };
        if let Some(note) = note {
            let name = Yaml::Map(vec![("note".to_owned(), Yaml::text(note))]);
            fields.push(("name".to_owned(), name));
        }
        for event in &span.events {
            self.left(&event.place, format!("the event `{}` on {what}", shown(&event.value)), NO_FIELD);
        }
        self.rest(&mut fields, signal, &what, Of::Span);
        let list = if signal.refines.is_some() { "span_refinements" } else { "spans" };
        self.put(&signal.name.value, list, fields);
    }

    fn event(&mut self, event: &crate::registry::Event) {
        let signal = &event.signal;
        let what = format!("the event `{}`", shown(&signal.name.value));
        let mut fields = self.head(signal, &what, "name", "event.");
        if let Some(body) = &event.body {
            self.left(&body.place, format!("the body of {what}"), NO_FIELD);
        }
        self.rest(&mut fields, signal, &what, Of::Definition);
        let list = if signal.refines.is_some() { "event_refinements" } else { "events" };
        self.put(&event.event, list, fields);
    }

    /// How a signal is called, and what is said of it.
    fn head(&mut self, signal: &Signal, what: &str, name: &str, prefix: &str) -> Fields {
        let Some(refines) = &signal.refines else {
            let mut fields = vec![(name.to_owned(), Yaml::text(&signal.name.value))];
            self.needed(&mut fields, what, &signal.about, &signal.place);
            if let Some(level) = &signal.level {
                let word = match level.value {
                    SignalLevel::Recommended => "recommended",
                    SignalLevel::OptIn => "opt_in",
                };
                fields.push(("requirement_level".to_owned(), Yaml::text(word)));
            }
            return fields;
        };
        let refined = refines.value.strip_prefix(prefix).unwrap_or(&refines.value);
        let mut fields =
            vec![("id".to_owned(), Yaml::text(&signal.id)), ("ref".to_owned(), Yaml::text(refined))];
        Self::may_say(&mut fields, &signal.about);
        fields
    }

    fn rest(&mut self, fields: &mut Fields, signal: &Signal, what: &str, of: Of) {
        let of = if signal.refines.is_some() && of == Of::Definition { Of::Refinement } else { of };
        self.uses(fields, "attributes", what, signal.uses.iter(), of);
        if let Some(association) = &signal.associations {
            let list = match association {
                Association::OneOf(all) => all.iter().map(expression).collect(),
                other => vec![expression(other)],
            };
            fields.push(("entity_associations".to_owned(), Yaml::List(list)));
        }
    }

    fn uses<'u>(
        &mut self,
        fields: &mut Fields,
        name: &str,
        what: &str,
        uses: impl Iterator<Item = &'u Use>,
        of: Of,
    ) {
        let list: Vec<Yaml> = uses.map(|usage| self.usage(usage, what, of)).collect();
        if !list.is_empty() {
            fields.push((name.to_owned(), Yaml::List(list)));
        }
    }

    fn usage(&mut self, usage: &Use, what: &str, of: Of) -> Yaml {
        let mut fields = vec![("ref".to_owned(), Yaml::text(&usage.key))];
        let condition =
            |name: &str, condition: &str| Yaml::Map(vec![(name.to_owned(), Yaml::text(condition))]);
        let level = match &usage.level {
            Level::Required => Yaml::text("required"),
            Level::ConditionallyRequired(text) => condition("conditionally_required", text),
            Level::Recommended(None) => Yaml::text("recommended"),
            Level::Recommended(Some(text)) => condition("recommended", text),
            Level::OptIn(None) => Yaml::text("opt_in"),
            Level::OptIn(Some(text)) => condition("opt_in", text),
        };
        // It is the default, but of what a refinement refines another level may be known.
        if usage.level != Level::Recommended(None) || of != Of::Definition {
            fields.push(("requirement_level".to_owned(), level));
        }
        fields.extend(said(&usage.about));
        fields.extend(usage.examples.as_ref().map(|one| ("examples".to_owned(), Yaml::of(&one.value))));
        if let Some(relevant) = &usage.sampling_relevant {
            if of == Of::Span {
                fields.push(("sampling_relevant".to_owned(), Yaml::Boolean(relevant.value)));
            } else if relevant.value {
                let user = format!("the relevance for sampling of `{}` of {what}", shown(&usage.key));
                self.left(&relevant.place, user, NO_FIELD);
            }
        }
        if let Some(tag) = &usage.tag {
            self.left(&tag.place, format!("the tag of `{}` of {what}", shown(&usage.key)), NO_FIELD);
        }
        Yaml::Map(fields)
    }
}

fn member(member: &Member) -> Yaml {
    let mut fields =
        vec![("id".to_owned(), Yaml::text(&member.id)), ("value".to_owned(), Yaml::of(&member.value))];
    fields.extend(said(&member.about));
    Yaml::Map(fields)
}

fn said(about: &About) -> Fields {
    let mut fields = Fields::new();
    fields.extend(about.brief.as_ref().map(|one| ("brief".to_owned(), Yaml::text(&one.value))));
    fields.extend(about.note.as_ref().map(|one| ("note".to_owned(), Yaml::text(&one.value))));
    fields.extend(about.stability.as_ref().map(|one| ("stability".to_owned(), Yaml::text(one.value.word()))));
    fields.extend(about.deprecated.as_ref().map(|one| ("deprecated".to_owned(), deprecated(&one.value))));
    fields.extend(about.annotations.as_ref().map(|one| ("annotations".to_owned(), Yaml::of(&one.value))));
    fields
}

fn deprecated(deprecated: &Deprecated) -> Yaml {
    let (reason, to) = match deprecated {
        Deprecated::Renamed { to, .. } => ("renamed", Some(to)),
        Deprecated::Obsoleted { .. } => ("obsoleted", None),
        Deprecated::Uncategorized { .. } => ("uncategorized", None),
        Deprecated::Unspecified { .. } => ("unspecified", None),
    };
    let note = deprecated.note().filter(|note| !note.is_empty()).or(deprecated.stand_in());
    let mut fields = vec![("reason".to_owned(), Yaml::text(reason))];
    fields.extend(to.map(|to| ("renamed_to".to_owned(), Yaml::text(to))));
    fields.extend(note.map(|note| ("note".to_owned(), Yaml::text(note))));
    Yaml::Map(fields)
}

fn expression(association: &Association) -> Yaml {
    let list = |name: &str, all: &[Association]| {
        Yaml::Map(vec![(name.to_owned(), Yaml::List(all.iter().map(expression).collect()))])
    };
    match association {
        Association::Entity(name) => Yaml::text(&name.value),
        Association::OneOf(all) => list("one_of", all),
        Association::AllOf(all) => list("all_of", all),
    }
}

impl Yaml {
    fn of(value: &Value) -> Yaml {
        match value {
            Value::Null => Yaml::Null,
            Value::Boolean(value) => Yaml::Boolean(*value),
            Value::Integer(value) => Yaml::Integer(*value),
            Value::Number(value) => Yaml::Number(*value),
            Value::Text(value) => Yaml::text(value),
            Value::List(values) => Yaml::List(values.iter().map(Yaml::of).collect()),
            Value::Map(entries) => {
                Yaml::Map(entries.iter().map(|(key, value)| (key.clone(), Yaml::of(value))).collect())
            }
        }
    }
}
