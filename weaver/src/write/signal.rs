//! Metrics, spans, logs and entities.

use std::collections::BTreeSet;

use crate::definition::{Association, Level, Role, SignalLevel, Type};
use crate::place::{Placed, shown};
use crate::registry::{Signal, Use};

use super::text::{CONDITION, ENTITIES, ENTITY_DEPTH, docs, name, namespace, options, quoted};
use super::{Piece, Rank, Writer};

/// Why a part of a signal is left.
const ITEM: &str = "a signal says of an attribute how far it asks for it, and no more";
const SIGNAL: &str = "the language has no word for it";
const ONCE: &str = "a name is declared once, and what it refines is declared";
const WRITTEN_OUT: &str = "what it has of that is written out";

impl<'a> Writer<'a> {
    pub(super) fn signals(&mut self) {
        let registry = self.registry;
        let entities = registry.entities.iter().map(|entity| &entity.signal);
        self.entities = entities
            .filter(|signal| {
                name(&signal.name.value).is_some() && signal.uses.iter().any(|usage| self.identifies(usage))
            })
            .map(|signal| signal.name.value.as_str())
            .collect();
        for entity in &registry.entities {
            self.entity(&entity.signal);
        }
        for metric in &registry.metrics {
            if self.is_once("metric", &metric.signal) {
                self.metric(metric);
            }
        }
        for span in &registry.spans {
            self.span(span);
        }
        for event in &registry.events {
            if self.is_once("event", &event.signal) {
                self.event(event);
            }
        }
        for group in &registry.groups {
            let what = format!("the attribute group `{}`", shown(&group.signal.id));
            self.left(&group.signal.place, what, "what takes it in has its attributes");
        }
    }

    /// A refinement of a metric or an event has the name of what it refines on the wire.
    fn is_once(&mut self, kind: &str, signal: &Signal) -> bool {
        if let Some(refines) = &signal.refines {
            let what = format!(
                "the refinement `{}` of the {kind} `{}`",
                shown(&signal.name.value),
                shown(&refines.value)
            );
            self.left(&signal.place, what, ONCE);
        }
        signal.refines.is_none()
    }

    /// Whether an attribute identifies an entity, as far as the language has it: a family of keys doesn't.
    fn identifies(&self, usage: &Use) -> bool {
        let role = usage.role.as_ref().map_or(Role::Identifying, |role| role.value);
        let is_key =
            self.keys.get(usage.key.as_str()).is_some_and(|value| !matches!(value, Type::Template(_)));
        role == Role::Identifying && is_key
    }

    fn entity(&mut self, signal: &'a Signal) {
        let what = format!("the entity `{}`", shown(&signal.name.value));
        if !self.entities.contains(signal.name.value.as_str()) {
            return self.left(&signal.place, what, "an entity has a name, and a key that identifies it");
        }
        let entities = self.registry.entities.iter().map(|entity| &entity.signal);
        let names: BTreeSet<&str> = entities.map(|signal| signal.name.value.as_str()).collect();
        self.declare(Rank::Entity, "entity", &what, signal, Vec::new(), &names);
        self.count("entities");
    }

    fn metric(&mut self, metric: &'a crate::registry::Metric) {
        let signal = &metric.signal;
        let what = format!("the metric `{}`", shown(&metric.metric));
        let mut first = vec![metric.instrument.value.word().to_owned()];
        let unit = &metric.unit;
        if unit.value.is_empty() || unit.value.contains(char::is_whitespace) {
            self.left(&unit.place, format!("the unit of {what}"), "a unit is not empty, and has no blanks");
        } else {
            first.push(format!("unit={}", quoted(&unit.value, &unit.place, &mut self.left)));
        }
        if let Some(annotations) = &signal.about.annotations
            && metric.value_type().is_some()
        {
            let why = "whoever records a metric says the type of its numbers";
            self.left(&annotations.place, format!("the type of the numbers of {what}"), why);
        }
        let names: BTreeSet<&str> =
            self.registry.metrics.iter().map(|metric| metric.metric.as_str()).collect();
        if self.declare(Rank::Metric, "metric", &what, signal, first, &names) {
            self.count("metrics");
        }
    }

    fn span(&mut self, span: &'a crate::registry::Span) {
        let signal = &span.signal;
        let what = format!("the span `{}`", shown(&signal.name.value));
        if let Some(note) = span.name_note.as_ref().filter(|_| self.style.docs) {
            self.left(&note.place, format!("how {what} is named"), "an event says the name of its span");
        }
        for event in &span.events {
            self.left(&event.place, format!("the event `{}` on {what}", shown(&event.value)), SIGNAL);
        }
        let names: BTreeSet<&str> =
            self.registry.spans.iter().map(|span| span.signal.name.value.as_str()).collect();
        let first = vec![span.kind.value.word().to_owned()];
        if self.declare(Rank::Span, "span", &what, signal, first, &names) {
            self.count("spans");
        }
    }

    fn event(&mut self, event: &'a crate::registry::Event) {
        let signal = &event.signal;
        let what = format!("the event `{}`", shown(&event.event));
        if let Some(body) = &event.body {
            self.left(
                &body.place,
                format!("the body of {what}"),
                "a log lists keys; what is in its body isn't said",
            );
        }
        let names: BTreeSet<&str> = self.registry.events.iter().map(|event| event.event.as_str()).collect();
        if self.declare(Rank::Log, "log", &what, signal, Vec::new(), &names) {
            self.count("logs");
        }
    }

    /// Writes a declaration; says whether it could.
    fn declare(
        &mut self,
        rank: Rank,
        word: &str,
        what: &str,
        signal: &'a Signal,
        first: Vec<String>,
        names: &BTreeSet<&str>,
    ) -> bool {
        let Some(written) = name(&signal.name.value) else {
            self.left(&signal.name.place, what, "the language has no such name");
            return false;
        };
        let mut all = first;
        let entities = self.associations(what, signal);
        if let Some((expression, _)) = &entities {
            all.push(format!("entities={expression}"));
        }
        all.extend(options(what, &signal.about, |name| names.contains(name), self.style, &mut self.left));
        self.annotations(
            what,
            signal.about.annotations.as_ref(),
            &[("code_generation", "metric_value_type")],
        );
        if let Some(level) = signal.level.as_ref().filter(|level| level.value == SignalLevel::OptIn) {
            self.left(&level.place, format!("that {what} is opt-in"), SIGNAL);
        }
        if let Some(refines) = &signal.refines {
            let refined = format!("that {what} refines `{}`", shown(&refines.value));
            self.left(&refines.place, refined, WRITTEN_OUT);
        }
        let mut keys = BTreeSet::new();
        let mut items = String::new();
        for usage in &signal.uses {
            let Some(item) = self.item(what, usage, rank == Rank::Entity) else {
                continue;
            };
            keys.insert(namespace(&usage.key));
            items.push_str(&format!("    {item}\n"));
        }
        let about = &signal.about;
        let docs = docs(about.brief.as_ref(), about.note.as_ref(), 0, self.style, &mut self.left);
        let options = if all.is_empty() { String::new() } else { format!(": {}", all.join(", ")) };
        let list = if items.is_empty() { "{}".to_owned() } else { format!("{{\n{items}}}") };
        self.pieces.push(Piece {
            namespace: namespace(&signal.name.value),
            rank: (rank, signal.name.value.clone()),
            keys,
            entities: entities.map(|(_, names)| names).unwrap_or_default(),
            text: format!("{docs}{word} {written}{options} {list}\n"),
        });
        true
    }

    /// An attribute in a list, with how far it is asked for.
    fn item(&mut self, what: &str, usage: &Use, of_entity: bool) -> Option<String> {
        let user = format!("`{}` of {what}", shown(&usage.key));
        let key = name(&usage.key).filter(|_| self.keys.contains_key(usage.key.as_str()));
        let Some(key) = key else {
            self.left(&usage.place, user, "the attribute could not be written");
            return None;
        };
        self.item_left(&user, usage);
        let is_id = of_entity && self.identifies(usage);
        if of_entity && !is_id && usage.role.as_ref().is_none_or(|role| role.value == Role::Identifying) {
            self.left(
                &usage.place,
                format!("that {user} identifies it"),
                "a family of keys identifies nothing",
            );
        }
        if is_id {
            if !matches!(usage.level, Level::Recommended(None)) {
                self.left(
                    &usage.place,
                    format!("how far {user} is asked for"),
                    "what identifies an entity is `id`",
                );
            }
            return Some(format!("{key} id"));
        }
        let level = match &usage.level {
            Level::Required => " required".to_owned(),
            Level::Recommended(None) => String::new(),
            Level::OptIn(None) => " opt_in".to_owned(),
            Level::ConditionallyRequired(condition) => format!(" if {}", self.condition(condition, usage)),
            Level::Recommended(Some(condition)) => {
                format!(" recommended if {}", self.condition(condition, usage))
            }
            Level::OptIn(Some(condition)) => format!(" opt_in if {}", self.condition(condition, usage)),
        };
        Some(format!("{key}{level}"))
    }

    fn condition(&mut self, condition: &str, usage: &Use) -> String {
        let is_said = self.style.docs && !condition.trim().is_empty();
        quoted(if is_said { condition } else { CONDITION }, &usage.place, &mut self.left)
    }

    /// Lists what a signal says of an attribute otherwise than the attribute itself.
    fn item_left(&mut self, user: &str, usage: &Use) {
        let about = &usage.about;
        let sentences = [
            (about.brief.as_ref().map(|one| &one.place), "the brief"),
            (about.note.as_ref().map(|one| &one.place), "the note"),
            (usage.examples.as_ref().map(|one| &one.place), "the examples"),
        ];
        let facts = [
            (about.stability.as_ref().map(|one| &one.place), "the stability"),
            (about.deprecated.as_ref().map(|one| &one.place), "the deprecation"),
            (
                usage.sampling_relevant.as_ref().filter(|one| one.value).map(|one| &one.place),
                "the relevance for sampling",
            ),
            (usage.tag.as_ref().map(|one| &one.place), "the tag"),
        ];
        let sentences = sentences.into_iter().filter(|_| self.style.docs);
        let said: Vec<_> =
            sentences.chain(facts).filter_map(|(place, name)| Some((place?.clone(), name))).collect();
        for (place, name) in said {
            if !self.told.insert((place.clone(), name)) {
                continue;
            }
            self.left(&place, format!("{name} of {user}"), ITEM);
        }
        if about
            .annotations
            .as_ref()
            .is_some_and(|one| self.told.insert((one.place.clone(), "the annotations")))
        {
            self.annotations(user, about.annotations.as_ref(), &[]);
        }
    }

    /// The entities as an expression, with their names.
    fn associations(&mut self, what: &str, signal: &Signal) -> Option<(String, BTreeSet<String>)> {
        let association = signal.associations.as_ref()?;
        let names = association.entities();
        let place = names.first().map_or(&signal.place, |name| &name.place);
        let missing = |name: &&&Placed<String>| !self.entities.contains(name.value.as_str());
        if let Some(missing) = names.iter().find(missing) {
            let of = format!("the entities of {what}");
            let place = missing.place.clone();
            self.left(&place, of, "one of them is not written");
            return None;
        }
        let depth = depth(association);
        if depth > ENTITY_DEPTH || names.len() > ENTITIES {
            let place = place.clone();
            self.left(
                &place,
                format!("the entities of {what}"),
                "they are more, or nest deeper, than the language reads",
            );
            return None;
        }
        let list = |all: &[Association]| all.iter().map(expression).collect::<Option<Vec<String>>>();
        let written = match association {
            Association::OneOf(all) if all.iter().all(|one| matches!(one, Association::Entity(_))) => {
                list(all).map(|all| format!("[{}]", all.join(", ")))
            }
            other => expression(other),
        };
        Some((written?, names.into_iter().map(|name| name.value.clone()).collect()))
    }
}

fn depth(association: &Association) -> usize {
    match association {
        Association::Entity(_) => 0,
        Association::OneOf(all) | Association::AllOf(all) => 1 + all.iter().map(depth).max().unwrap_or(0),
    }
}

fn expression(association: &Association) -> Option<String> {
    let list = |all: &[Association]| {
        all.iter().map(expression).collect::<Option<Vec<String>>>().filter(|all| !all.is_empty())
    };
    match association {
        Association::Entity(entity) => name(&entity.value),
        Association::OneOf(all) => list(all).map(|all| format!("one_of({})", all.join(", "))),
        Association::AllOf(all) => list(all).map(|all| format!("all_of({})", all.join(", "))),
    }
}
