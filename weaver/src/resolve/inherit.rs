//! What groups hand on: their attributes, and in the newer form what a refinement doesn't say itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::definition::{
    About, AttributeSpec, Group, GroupKind, Item, Role, Signal, SignalLevel, Visibility,
};
use crate::fields::Found;
use crate::limits;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::value::Value;

use super::{Resolved, may_use_private};

/// A group with all that it has, its own and what it inherits.
#[derive(Clone, Debug)]
pub(crate) struct Inherited {
    pub(crate) id: Placed<String>,
    pub(crate) kind: GroupKind,
    pub(crate) name: Option<Placed<String>>,
    /// The name on the wire, which a refinement has of what it refines.
    pub(crate) wire: Option<String>,
    pub(crate) place: Place,
    pub(crate) about: About,
    pub(crate) level: Option<Placed<SignalLevel>>,
    pub(crate) refines: Option<Placed<String>>,
    pub(crate) is_private: bool,
    pub(crate) visibility: Visibility,
    pub(crate) attributes: Vec<AttributeSpec>,
    pub(crate) signal: Signal,
}

/// Writes out what each group inherits.
pub(super) fn inherit(
    groups: Vec<Group>,
    order: Vec<usize>,
    dependencies: &[Arc<Resolved>],
    found: &mut Found,
) -> BTreeMap<String, Inherited> {
    // What stands in a circle is declared, and was told of.
    let declared: HashSet<String> = groups.iter().map(|group| group.id.value.clone()).collect();
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let mut done: BTreeMap<String, Inherited> = BTreeMap::new();
    let mut count: usize = 0;
    for number in order {
        let Some(group) = groups.get_mut(number).and_then(Option::take) else {
            continue;
        };
        let id = group.id.value.clone();
        let inherited = one(group, Groups { done: &done, declared: &declared, dependencies }, found);
        count += inherited.attributes.len();
        if count > limits::ALL_ATTRIBUTES {
            let message = format!("the groups have more than {} attributes together", limits::ALL_ATTRIBUTES);
            found.problem(Problem::new(Kind::Limit, inherited.place, message, "split the registry"));
            return done;
        }
        done.insert(id, inherited);
    }
    done
}

/// The groups that another one may stand on.
#[derive(Clone, Copy)]
struct Groups<'a> {
    done: &'a BTreeMap<String, Inherited>,
    declared: &'a HashSet<String>,
    dependencies: &'a [Arc<Resolved>],
}

/// Finds a group by its id: here, or in what this registry depends on.
fn parent<'a>(
    id: &Placed<String>,
    by: &Inherited,
    groups: Groups<'a>,
    found: &mut Found,
) -> Option<&'a Inherited> {
    let what = format!("the {} `{}`", by.kind.name(), shown(&by.id.value));
    if let Some(parent) = groups.done.get(&id.value) {
        if parent.is_private && !may_use_private(by) {
            found.problem(private(id, &parent.id.place, &format!("`{}`", shown(&id.value)), &what));
        }
        return Some(parent);
    }
    if groups.declared.contains(&id.value) {
        return None;
    }
    let others = groups.dependencies.iter().filter_map(|other| other.groups.get(&id.value));
    let (private_ones, public): (Vec<&Inherited>, Vec<&Inherited>) =
        others.partition(|parent| parent.is_private);
    match (public.first(), private_ones.first()) {
        (Some(parent), _) => Some(parent),
        (None, Some(hidden)) => {
            found.problem(private(id, &hidden.id.place, &format!("`{}`", shown(&id.value)), &what));
            None
        }
        (None, None) => {
            let message = format!("{what} stands on `{}`, which nothing declares", shown(&id.value));
            let help = "see to the id; of another registry, name it among the manifest's dependencies";
            found.problem(Problem::new(Kind::Unknown, id.place.clone(), message, help));
            None
        }
    }
}

/// Something is used that its registry keeps for itself.
pub(super) fn private(by: &Placed<String>, declared: &Place, what: &str, user: &str) -> Problem {
    let message = format!("{user} uses {what}, which its registry keeps for itself");
    let help = "take `dependency_resolution: exclude` away from it, or keep what uses it as well";
    Problem::new(Kind::Private, by.place.clone(), message, help).with(declared.clone(), "it is kept here")
}

fn one(group: Group, groups: Groups<'_>, found: &mut Found) -> Inherited {
    let Group {
        id,
        kind,
        name,
        place,
        about,
        level,
        extends,
        is_refinement,
        is_version2,
        visibility,
        items,
        ..
    } = group;
    let mut inherited = Inherited {
        wire: if is_refinement { None } else { name.as_ref().map(|name| name.value.clone()) },
        is_private: about.is_private(),
        refines: if is_refinement { extends.clone() } else { None },
        id,
        kind,
        name,
        place,
        about,
        level,
        visibility,
        attributes: Vec::new(),
        signal: group.signal,
    };
    let mut merged = Merged::default();
    if let Some(extends) = &extends
        && let Some(parent) = parent(extends, &inherited, groups, found)
    {
        if is_refinement {
            refine(&mut inherited, parent, extends, found);
        }
        merged.take(&parent.attributes);
        if is_version2 && kind == GroupKind::Entity {
            same_identity(&inherited, &items, parent, extends, found);
        }
    }
    let mut own = Vec::new();
    let mut included: HashMap<String, Placed<String>> = HashMap::new();
    for item in items {
        match item {
            Item::Attribute(attribute) => own.push(*attribute),
            Item::Group(id) => {
                let Some(parent) = parent(&id, &inherited, groups, found) else {
                    continue;
                };
                for attribute in &parent.attributes {
                    if let Some(first) = included.insert(attribute.key.value.clone(), id.clone()) {
                        found.problem(two_groups(&inherited, attribute, &id, &first));
                    }
                }
                merged.take(&parent.attributes);
            }
        }
    }
    let mut seen: HashMap<String, Place> = HashMap::with_capacity(own.len());
    for attribute in own {
        if let Some(first) = seen.insert(attribute.key.value.clone(), attribute.place.clone()) {
            let owner = format!("the {} `{}`", inherited.kind.name(), shown(&inherited.id.value));
            let message = format!("{owner} lists the attribute `{}` twice", shown(&attribute.key.value));
            let problem =
                Problem::new(Kind::Duplicate, attribute.place.clone(), message, "take one of them out");
            found.problem(problem.with(first, "it is listed here already"));
            continue;
        }
        merged.add(attribute);
    }
    if merged.attributes.len() > limits::SIGNAL_ATTRIBUTES {
        let message = format!(
            "the {} `{}` has more than {} attributes, with those that it inherits",
            inherited.kind.name(),
            shown(&inherited.id.value),
            limits::SIGNAL_ATTRIBUTES
        );
        found.problem(Problem::new(Kind::Limit, inherited.place.clone(), message, "split it"));
        merged.attributes.truncate(limits::SIGNAL_ATTRIBUTES);
    }
    inherited.attributes = merged.attributes;
    inherited
}

fn two_groups(
    of: &Inherited,
    attribute: &AttributeSpec,
    id: &Placed<String>,
    first: &Placed<String>,
) -> Problem {
    let message = format!(
        "the {} `{}` takes the attribute `{}` from two groups, `{}` and `{}`",
        of.kind.name(),
        shown(&of.id.value),
        shown(&attribute.key.value),
        shown(&first.value),
        shown(&id.value)
    );
    let help = "which of them holds isn't said: take one group, and list what is needed of the other";
    Problem::new(Kind::Conflict, id.place.clone(), message, help)
        .with(first.place.clone(), "the first group is taken here")
        .with(attribute.place.clone(), "the second group has it from here")
}

/// What a refinement has of what it refines.
fn refine(refinement: &mut Inherited, parent: &Inherited, extends: &Placed<String>, found: &mut Found) {
    if refinement.kind != parent.kind {
        let message = format!(
            "`{}` refines `{}`, which is no {} but {}",
            shown(&refinement.id.value),
            shown(&extends.value),
            refinement.kind.name(),
            parent.kind.name()
        );
        let problem =
            Problem::new(Kind::Conflict, extends.place.clone(), message, "refine one of the same kind");
        found.problem(problem.with(parent.id.place.clone(), "it is declared here"));
        return;
    }
    refinement.wire.clone_from(&parent.wire);
    refinement.signal.instrument.clone_from(&parent.signal.instrument);
    refinement.signal.unit.clone_from(&parent.signal.unit);
    refinement.signal.span_kind.clone_from(&parent.signal.span_kind);
    refinement.level.clone_from(&parent.level);
    let (own, base) = (&mut refinement.about, &parent.about);
    own.stability = own.stability.take().or_else(|| base.stability.clone());
    own.deprecated = own.deprecated.take().or_else(|| base.deprecated.clone());
    own.brief = own.brief.take().or_else(|| base.brief.clone());
    own.note = own.note.take().or_else(|| base.note.clone());
    refinement.signal.span_name =
        refinement.signal.span_name.take().or_else(|| parent.signal.span_name.clone());
    own.annotations = merged_annotations(base.annotations.as_ref(), own.annotations.take());
    refinement.is_private = refinement.about.is_private();
}

fn merged_annotations(base: Option<&Placed<Value>>, own: Option<Placed<Value>>) -> Option<Placed<Value>> {
    match (base, own) {
        (Some(base), Some(own)) => {
            Some(Placed { value: base.value.clone().merged(own.value), place: own.place })
        }
        (base, own) => own.or_else(|| base.cloned()),
    }
}

/// An entity is told by its identity: a refinement may not change it.
fn same_identity(
    refinement: &Inherited,
    items: &[Item],
    parent: &Inherited,
    extends: &Placed<String>,
    found: &mut Found,
) {
    for item in items {
        let Item::Attribute(attribute) = item else {
            continue;
        };
        let base = parent.attributes.iter().find(|base| base.key.value == attribute.key.value);
        let role = attribute.role.as_ref().map_or(Role::Identifying, |role| role.value);
        let old = base.map_or(Role::Descriptive, |base| {
            base.role.as_ref().map_or(Role::Identifying, |role| role.value)
        });
        if role == old {
            continue;
        }
        let message = format!(
            "`{}` changes what tells one `{}` from another: `{}`",
            shown(&refinement.id.value),
            shown(&extends.value),
            shown(&attribute.key.value)
        );
        let help = "a refinement describes more; its identity is that of what it refines";
        let declared = base.map_or(&parent.id.place, |base| &base.place);
        let problem = Problem::new(Kind::Conflict, attribute.place.clone(), message, help);
        found.problem(problem.with(declared.clone(), "what it refines"));
    }
}

/// Attributes by their keys, in the order in which they first come.
#[derive(Default)]
struct Merged {
    attributes: Vec<AttributeSpec>,
    at: HashMap<String, usize>,
}

impl Merged {
    fn take(&mut self, attributes: &[AttributeSpec]) {
        for attribute in attributes {
            self.add(attribute.clone());
        }
    }

    /// Adds an attribute: what it says holds over what was said before.
    fn add(&mut self, over: AttributeSpec) {
        let Some(base) = self.at.get(&over.key.value).and_then(|at| self.attributes.get_mut(*at)) else {
            self.at.insert(over.key.value.clone(), self.attributes.len());
            self.attributes.push(over);
            return;
        };
        if over.value.is_some() {
            *base = over;
            return;
        }
        let common = over.about;
        base.about.brief = common.brief.or_else(|| base.about.brief.take());
        base.about.note = common.note.or_else(|| base.about.note.take());
        base.about.stability = common.stability.or_else(|| base.about.stability.take());
        base.about.deprecated = common.deprecated.or_else(|| base.about.deprecated.take());
        let below = base.about.annotations.take();
        base.about.annotations = merged_annotations(below.as_ref(), common.annotations);
        base.examples = over.examples.or_else(|| base.examples.take());
        base.level = over.level.or_else(|| base.level.take());
        base.sampling_relevant = over.sampling_relevant.or_else(|| base.sampling_relevant.take());
        base.role = over.role.or_else(|| base.role.take());
        base.tag = over.tag.or_else(|| base.tag.take());
        base.place = over.place;
    }
}
