//! What a registry takes in from those that it depends on, by patterns of names.

use std::sync::Arc;

use glob::Pattern;

use crate::definition::{GroupKind, Imports, Visibility};
use crate::fields::Found;
use crate::place::shown;
use crate::problem::{Kind, Problem};
use crate::registry::{Registry, Signal};
use crate::value::Value;

use super::Resolved;
use super::attributes::{Catalog, find};

/// Adds what the imports name, with the attributes that it uses.
pub(super) fn add(
    registry: &mut Registry,
    imports: &Imports,
    dependencies: &[Arc<Resolved>],
    catalog: &mut Catalog,
    found: &mut Found,
) {
    for (kind, text) in &imports.patterns {
        let pattern = match Pattern::new(&text.value) {
            Ok(pattern) => pattern,
            Err(error) => {
                let message = format!("`{}` is no pattern: {error}", shown(&text.value));
                found.problem(Problem::new(
                    Kind::Field,
                    text.place.clone(),
                    message,
                    "`*` stands for any text",
                ));
                continue;
            }
        };
        let mut matches = 0;
        for other in dependencies {
            matches += of_kind(registry, *kind, &pattern, other, catalog);
        }
        if matches == 0 {
            let message =
                format!("nothing that is imported matches `{}` of {}s", shown(&text.value), kind.name());
            let help = "see to the pattern, and to the manifest's dependencies";
            found.problem(Problem::new(Kind::Unknown, text.place.clone(), message, help));
        }
    }
}

fn of_kind(
    registry: &mut Registry,
    kind: GroupKind,
    pattern: &Pattern,
    other: &Resolved,
    catalog: &mut Catalog,
) -> usize {
    let mut taker = Taker { pattern, other, catalog, matches: 0 };
    let theirs = &other.registry;
    match kind {
        GroupKind::Attributes => {
            for group in theirs.groups.iter().filter(|group| group.visibility != Visibility::Internal) {
                let known = registry.groups.iter().map(|group| &group.signal);
                if let Some(signal) = taker.take(&group.signal, known) {
                    registry.groups.push(crate::registry::AttributeGroup { signal, ..group.clone() });
                }
            }
        }
        GroupKind::Metric | GroupKind::MetricGroup => {
            for metric in &theirs.metrics {
                let known = registry.metrics.iter().map(|metric| &metric.signal);
                if let Some(signal) = taker.take(&metric.signal, known) {
                    registry.metrics.push(crate::registry::Metric { signal, ..metric.clone() });
                }
            }
        }
        GroupKind::Span => {
            for span in &theirs.spans {
                let known = registry.spans.iter().map(|span| &span.signal);
                if let Some(signal) = taker.take(&span.signal, known) {
                    registry.spans.push(crate::registry::Span { signal, ..span.clone() });
                }
            }
        }
        GroupKind::Event => {
            for event in &theirs.events {
                let known = registry.events.iter().map(|event| &event.signal);
                if let Some(signal) = taker.take(&event.signal, known) {
                    registry.events.push(crate::registry::Event { signal, ..event.clone() });
                }
            }
        }
        GroupKind::Entity => {
            for entity in &theirs.entities {
                let known = registry.entities.iter().map(|entity| &entity.signal);
                if let Some(signal) = taker.take(&entity.signal, known) {
                    registry.entities.push(crate::registry::Entity { signal });
                }
            }
        }
        GroupKind::Scope => {}
    }
    taker.matches
}

struct Taker<'a> {
    pattern: &'a Pattern,
    other: &'a Resolved,
    catalog: &'a mut Catalog,
    matches: usize,
}

impl Taker<'_> {
    /// A signal of the other registry, if it is one that is taken in and isn't here yet.
    fn take<'a>(&mut self, signal: &Signal, mut known: impl Iterator<Item = &'a Signal>) -> Option<Signal> {
        let is_private =
            signal.about.annotation(&["dependency_resolution", "exclude"]) == Some(&Value::Boolean(true));
        let is_named = self.pattern.matches(&signal.name.value) || self.pattern.matches(&signal.id);
        if is_private || !is_named {
            return None;
        }
        self.matches += 1;
        let origin = signal.origin.clone().unwrap_or_else(|| Arc::clone(&self.other.name));
        // Two ways through the registries may lead to the same one.
        if known.any(|known| known.name.value == signal.name.value && known.origin.as_ref() == Some(&origin))
        {
            return None;
        }
        for usage in &signal.uses {
            if let Some(attribute) = find(&self.other.registry.attributes, &usage.key) {
                self.catalog.bring(attribute, &self.other.name);
            }
        }
        Some(Signal { origin: Some(origin), ..signal.clone() })
    }
}
