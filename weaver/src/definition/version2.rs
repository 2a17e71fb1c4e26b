//! The newer form: a list for each kind.

use crate::fields::Fields;
use crate::place::Placed;
use crate::yaml::Node;

use super::attribute::{Form, Item, Role, SignalLevel, attribute, items};
use super::common::{About, associations, span_kind};
use super::{Definitions, Group, GroupKind, Visibility, imports};

/// The lists of signals and of refinements: the kind, the field that names what a definition declares, and what ids of the kind
/// begin with.
const LISTS: [(&str, GroupKind, &str, &str, bool); 8] = [
    ("entities", GroupKind::Entity, "type", "entity.", false),
    ("entity_refinements", GroupKind::Entity, "id", "entity.", true),
    ("events", GroupKind::Event, "name", "event.", false),
    ("event_refinements", GroupKind::Event, "id", "event.", true),
    ("metrics", GroupKind::Metric, "name", "metric.", false),
    ("metric_refinements", GroupKind::Metric, "id", "metric.", true),
    ("spans", GroupKind::Span, "type", "span.", false),
    ("span_refinements", GroupKind::Span, "id", "span.", true),
];

/// Reads a file.
pub(crate) fn file(mut fields: Fields<'_>, definitions: &mut Definitions) {
    for node in fields.list("attributes") {
        if let Some(fields) = Fields::of(node, "an attribute", fields.found) {
            definitions.attributes.extend(attribute(fields, Form::Version2));
        }
    }
    for node in fields.list("attribute_groups") {
        definitions.groups.extend(attribute_group(node, &mut fields));
    }
    for (list, kind, name, prefix, is_refinement) in LISTS {
        for node in fields.list(list) {
            definitions.groups.extend(signal(node, kind, name, prefix, is_refinement, &mut fields));
        }
    }
    imports(&mut fields, &mut definitions.imports);
    fields.end();
}

fn attribute_group(node: Node, file: &mut Fields<'_>) -> Option<Group> {
    let mut fields = Fields::of(node, "an attribute group", file.found)?;
    let id = fields.name("id")?;
    fields.named("attribute group", &id.value);
    if !fields.has("visibility") {
        fields.missing("visibility");
    }
    let words = [("public", Visibility::Public), ("internal", Visibility::Internal)];
    let visibility = fields.word("visibility", &words);
    let place = fields.place.clone();
    let mut group = Group::new(id, GroupKind::Attributes, place);
    group.is_version2 = true;
    group.visibility = visibility.map_or(Visibility::Internal, |word| word.value);
    group.about = About::of(&mut fields);
    let owner = fields.owner.clone();
    let nodes = fields.list("attributes");
    group.items = items(nodes, Form::Reference, &owner, fields.found);
    fields.end();
    Some(group)
}

fn signal(
    node: Node,
    kind: GroupKind,
    name: &str,
    prefix: &str,
    is_refinement: bool,
    file: &mut Fields<'_>,
) -> Option<Group> {
    let owner = if is_refinement {
        "a refinement".to_owned()
    } else {
        format!("a definition of the kind {}", kind.name())
    };
    let mut fields = Fields::of(node, owner, file.found)?;
    let named = fields.name(name)?;
    fields.named(kind.name(), &named.value);
    let place = fields.place.clone();
    // A refinement is referred to by its own id.
    let id = if is_refinement { named.clone() } else { named.clone().map(|name| format!("{prefix}{name}")) };
    let mut group = Group::new(id, kind, place);
    group.is_version2 = true;
    group.is_refinement = is_refinement;
    group.about = About::of(&mut fields);
    let owner = fields.owner.clone();
    if is_refinement {
        group.extends = fields.name("ref").map(|name| name.map(|name| format!("{prefix}{name}")));
        let own = named.value.strip_prefix(prefix).unwrap_or(&named.value).to_owned();
        group.name = Some(Placed { value: own, place: named.place });
    } else {
        group.name = Some(named);
        let words = [("recommended", SignalLevel::Recommended), ("opt_in", SignalLevel::OptIn)];
        group.level = fields.word("requirement_level", &words);
    }
    if kind == GroupKind::Entity {
        for (list, role) in [("identity", Role::Identifying), ("description", Role::Descriptive)] {
            let nodes = fields.list(list);
            let listed = items(nodes, Form::Reference, &owner, fields.found);
            group.items.extend(listed.into_iter().map(|item| with_role(item, role)));
        }
    } else {
        let nodes = fields.list("attributes");
        group.items = items(nodes, Form::Reference, &owner, fields.found);
        group.signal.associations = associations(&mut fields);
    }
    match kind {
        GroupKind::Metric if !is_refinement => {
            group.signal.measured(&mut fields);
        }
        GroupKind::Span => {
            if !is_refinement {
                group.signal.span_kind = span_kind(&mut fields, "kind");
            }
            if let Some(node) = fields.node("name") {
                let mut inner = Fields::of(node, format!("`name` of {owner}"), fields.found)?;
                group.signal.span_name = inner.needed("note");
                inner.end();
            }
        }
        _ => {}
    }
    fields.end();
    Some(group)
}

fn with_role(mut item: Item, role: Role) -> Item {
    if let Item::Attribute(attribute) = &mut item {
        attribute.role = Some(Placed { value: role, place: attribute.place.clone() });
    }
    item
}
