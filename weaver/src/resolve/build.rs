//! From groups to the signals of a registry.

use std::collections::HashMap;

use crate::definition::{About, AttributeSpec, GroupKind, Level};
use crate::fields::Found;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::registry::{AttributeGroup, Entity, Event, Metric, Registry, Signal, Span, Use};

use super::attributes::Catalog;
use super::inherit::Inherited;

/// Adds a group to what it is one of.
pub(super) fn add(registry: &mut Registry, group: &Inherited, catalog: &Catalog, found: &mut Found) {
    match group.kind {
        GroupKind::Attributes => registry.groups.push(AttributeGroup {
            signal: signal(group, catalog),
            visibility: group.visibility,
            display_name: group.signal.display_name.clone(),
        }),
        GroupKind::Metric => {
            if let (Some(instrument), Some(unit), Some(metric)) =
                (&group.signal.instrument, &group.signal.unit, &group.wire)
            {
                let (instrument, unit, metric) = (instrument.clone(), unit.clone(), metric.clone());
                registry.metrics.push(Metric { signal: signal(group, catalog), metric, instrument, unit });
            }
        }
        GroupKind::Span => {
            if let Some(kind) = &group.signal.span_kind {
                registry.spans.push(Span {
                    signal: signal(group, catalog),
                    kind: kind.clone(),
                    name_note: group.signal.span_name.clone(),
                    events: group.signal.span_events.clone(),
                });
            }
        }
        GroupKind::Event => {
            if let Some(event) = &group.wire {
                let (event, body) = (event.clone(), group.signal.body.clone());
                registry.events.push(Event { signal: signal(group, catalog), event, body });
            }
        }
        GroupKind::Entity => registry.entities.push(Entity { signal: signal(group, catalog) }),
        GroupKind::MetricGroup | GroupKind::Scope => {
            let what = format!("the {} `{}`", group.kind.name(), shown(&group.id.value));
            found.left(group.place.clone(), what, "it is no signal; what stands on it has its attributes");
        }
    }
}

fn signal(group: &Inherited, catalog: &Catalog) -> Signal {
    Signal {
        name: group.name.clone().unwrap_or_else(|| group.id.clone()),
        id: group.id.value.clone(),
        about: group.about.clone(),
        level: group.level.clone(),
        refines: group.refines.clone(),
        uses: group.attributes.iter().map(|attribute| usage(attribute, catalog)).collect(),
        associations: group.signal.associations.clone(),
        origin: None,
        place: group.place.clone(),
    }
}

fn usage(spec: &AttributeSpec, catalog: &Catalog) -> Use {
    let attribute = catalog.get(&spec.key.value);
    let base = attribute.and_then(|attribute| attribute.level.clone());
    let level = spec.level.clone().or(base).map_or(Level::Recommended(None), |level| level.value);
    // What a definition says is what the attribute says.
    let is_definition = spec.value.is_some();
    Use {
        key: spec.key.value.clone(),
        level,
        about: if is_definition { About::default() } else { spec.about.clone() },
        examples: spec.examples.clone().filter(|_| !is_definition),
        sampling_relevant: spec.sampling_relevant.clone(),
        role: spec.role.clone(),
        tag: spec.tag.clone(),
        place: spec.place.clone(),
    }
}

/// Puts everything into the order of its name.
pub(super) fn sort(registry: &mut Registry) {
    let key = |signal: &Signal| (signal.name.value.clone(), signal.id.clone());
    registry.groups.sort_by_cached_key(|group| key(&group.signal));
    registry.metrics.sort_by_cached_key(|metric| key(&metric.signal));
    registry.spans.sort_by_cached_key(|span| key(&span.signal));
    registry.events.sort_by_cached_key(|event| key(&event.signal));
    registry.entities.sort_by_cached_key(|entity| key(&entity.signal));
}

/// Tells of names that are given twice.
pub(super) fn unique(registry: &Registry, found: &mut Found) {
    names("metric", registry.metrics.iter().map(|metric| &metric.signal), found);
    names("span", registry.spans.iter().map(|span| &span.signal), found);
    names("event", registry.events.iter().map(|event| &event.signal), found);
    names("entity", registry.entities.iter().map(|entity| &entity.signal), found);
    names("attribute group", registry.groups.iter().map(|group| &group.signal), found);
}

fn names<'a>(kind: &str, signals: impl Iterator<Item = &'a Signal>, found: &mut Found) {
    let mut seen: HashMap<&str, &Placed<String>> = HashMap::new();
    for signal in signals {
        let Some(first) = seen.insert(&signal.name.value, &signal.name) else {
            continue;
        };
        let places: (&Place, &Place) = (&first.place, &signal.name.place);
        let (first, second) = if places.0 <= places.1 { places } else { (places.1, places.0) };
        let message = format!("the {kind} `{}` is declared twice", shown(&signal.name.value));
        let problem = Problem::new(Kind::Duplicate, second.clone(), message, "give one of them another name");
        found.problem(problem.with(first.clone(), "it is declared here already"));
    }
}
