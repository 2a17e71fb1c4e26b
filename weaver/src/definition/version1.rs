//! The older form: a list of groups, each with its type.

use crate::fields::Fields;
use crate::place::Placed;
use crate::yaml::Node;

use super::attribute::{Form, items};
use super::common::{About, associations, span_kind};
use super::{Definitions, Group, GroupKind, imports};

/// Reads a file.
pub(crate) fn file(mut fields: Fields<'_>, definitions: &mut Definitions) {
    for node in fields.list("groups") {
        definitions.groups.extend(group(node, &mut fields));
    }
    imports(&mut fields, &mut definitions.imports);
    fields.end();
}

const KINDS: [(&str, GroupKind); 8] = [
    ("attribute_group", GroupKind::Attributes),
    ("metric", GroupKind::Metric),
    ("metric_group", GroupKind::MetricGroup),
    ("span", GroupKind::Span),
    ("event", GroupKind::Event),
    ("entity", GroupKind::Entity),
    // What entities were called once.
    ("resource", GroupKind::Entity),
    ("scope", GroupKind::Scope),
];

fn group(node: Node, file: &mut Fields<'_>) -> Option<Group> {
    let mut fields = Fields::of(node, "a group", file.found)?;
    let id = fields.name("id")?;
    fields.named("group", &id.value);
    if !fields.has("type") {
        fields.missing("type");
    }
    let kind = fields.word("type", &KINDS)?.value;
    let place = fields.place.clone();
    let mut group = Group::new(id, kind, place);
    group.about = About::of(&mut fields);
    group.extends = fields.any_name("extends");
    group.signal.display_name = fields.text("display_name");
    let owner = fields.owner.clone();
    let nodes = fields.list("attributes");
    group.items = items(nodes, Form::Version1, &owner, fields.found);
    match kind {
        GroupKind::Metric => {
            group.name = fields.name("metric_name");
            group.signal.measured(&mut fields);
        }
        GroupKind::Span => {
            group.signal.span_kind = span_kind(&mut fields, "span_kind");
            group.signal.span_events = fields.texts("events");
            group.name = Some(without(&group.id, &["span."]));
        }
        GroupKind::Event => {
            group.name =
                if fields.has("name") { fields.name("name") } else { Some(without(&group.id, &["event."])) };
            group.signal.body = fields.value("body");
        }
        GroupKind::Entity => {
            let named = fields.any_name("name");
            group.name = Some(named.unwrap_or_else(|| without(&group.id, &["entity.", "resource."])));
        }
        GroupKind::Attributes | GroupKind::MetricGroup | GroupKind::Scope => {}
    }
    if matches!(kind, GroupKind::Metric | GroupKind::Span | GroupKind::Event) {
        group.signal.associations = associations(&mut fields);
    }
    fields.end();
    Some(group)
}

/// An id without what says its kind.
fn without(id: &Placed<String>, prefixes: &[&str]) -> Placed<String> {
    let name = prefixes.iter().find_map(|prefix| id.value.strip_prefix(prefix)).unwrap_or(&id.value);
    Placed { value: name.to_owned(), place: id.place.clone() }
}
