//! What a contract declares for others as a registry: the way back.

use std::collections::BTreeSet;
use std::sync::Arc;

use slo_compiler::ir::{
    self, Contract, Declaration, Deprecation, Domain, Entities, Leaf, ListedKey, Literal, Node, Scalar,
};

use crate::definition::{
    About, Association, Basic, Dependency, Deprecated, Instrument, Level, Manifest, Member, Role, SpanKind,
    Stability, Type,
};
use crate::left::Left;
use crate::place::{Place, Placed, shown};
use crate::registry::{Attribute, Entity, Event, Metric, Registry, Signal, Span, Use};
use crate::value::Value;
use crate::write::{OBSOLETED, is_in_registry};

/// Why something is left.
const CONSTRAINT: &str = "a registry says types, and no constraints";
const OWN: &str = "a registry says what others write, not how this program does";
const NO_WORD: &str = "a registry has no word for it";

/// Makes a registry of what a contract declares itself; what it takes from vocabularies is named, and left to these.
#[must_use]
pub fn registry_of(contract: &Contract, stands_on: &[(String, String)]) -> Registry {
    let mut reader = Reader { contract, left: Vec::new(), unwritten: BTreeSet::new() };
    let mut registry = Registry { manifest: Some(reader.manifest(stands_on)), ..Registry::default() };
    for attribute in contract.attributes.iter().filter_map(Leaf::known) {
        if contract.owns(&attribute.package) {
            match reader.attribute(attribute) {
                Some(attribute) => registry.attributes.push(attribute),
                None => drop(reader.unwritten.insert(attribute.key.clone())),
            }
        }
    }
    let own = |package: &str| contract.owns(package);
    registry.metrics = contract
        .metrics
        .iter()
        .filter(|metric| own(&metric.package))
        .filter_map(|metric| reader.metric(metric))
        .collect();
    let spans = contract.declared_spans.iter().filter(|span| own(&span.package));
    registry.spans = spans.map(|span| reader.span(span)).collect();
    let logs = contract.declared_logs.iter().filter(|log| own(&log.package));
    registry.events = logs.map(|log| reader.event(log)).collect();
    let entities = contract.entities.iter().filter(|entity| own(&entity.package));
    registry.entities = entities.map(|entity| reader.entity(entity)).collect();
    reader.others();
    registry.left = reader.left;
    sorted(&mut registry);
    registry
}

fn sorted(registry: &mut Registry) {
    registry.attributes.sort_by(|one, other| one.key.value.cmp(&other.key.value));
    registry.metrics.sort_by(|one, other| one.metric.cmp(&other.metric));
    registry.spans.sort_by(|one, other| one.signal.name.value.cmp(&other.signal.name.value));
    registry.events.sort_by(|one, other| one.event.cmp(&other.event));
    registry.entities.sort_by(|one, other| one.signal.name.value.cmp(&other.signal.name.value));
    registry.left.sort();
}

struct Reader<'c> {
    contract: &'c Contract,
    left: Vec<Left>,
    /// The keys of attributes that a registry can't have.
    unwritten: BTreeSet<String>,
}

impl Reader<'_> {
    fn place(&self, node: Node) -> Place {
        let places = &self.contract.places;
        let found = places.nodes.get(usize::try_from(node.0).unwrap_or(usize::MAX));
        let file =
            found.and_then(|place| places.files.get(usize::try_from(place.file).unwrap_or(usize::MAX)));
        Place {
            file: Arc::from(file.map_or(".", String::as_str)),
            line: found.map_or(1, |place| place.line.max(1)),
            column: 1,
        }
    }

    fn left(&mut self, place: &Place, what: String, why: &'static str) {
        self.left.push(Left { place: place.clone(), what, why });
    }

    fn manifest(&self, stands_on: &[(String, String)]) -> Manifest {
        let contract = self.contract;
        let place = Place { file: Arc::from("slo.toml"), line: 1, column: 1 };
        let dependencies = stands_on
            .iter()
            .map(|(name, version)| {
                let is_conventions = name == "std.otel";
                let path = is_conventions.then(|| {
                    let at = "https://github.com/open-telemetry/semantic-conventions/archive/refs/tags";
                    Placed { value: format!("{at}/v{version}.zip[model]"), place: place.clone() }
                });
                Dependency {
                    name: if is_conventions { "opentelemetry.io/schemas".to_owned() } else { name.clone() },
                    version: Some(version.clone()),
                    path,
                    place: place.clone(),
                }
            })
            .collect();
        Manifest {
            name: contract.name.clone(),
            version: Some(contract.version.clone()),
            schema_url: contract.schema_url.clone().map(|value| Placed { value, place: place.clone() }),
            description: None,
            stability: None,
            dependencies,
            place,
        }
    }

    fn attribute(&mut self, attribute: &ir::Attribute) -> Option<Attribute> {
        let place = self.place(attribute.node?);
        let what = format!("the attribute `{}`", shown(&attribute.key));
        let value = self.type_of(&what, &place, &attribute.domain)?;
        if attribute.sensitive {
            self.left(&place, format!("that {what} is sensitive"), NO_WORD);
        }
        if attribute.until.is_some() {
            self.left(&place, format!("the day of {what}"), NO_WORD);
        }
        let examples: Vec<Value> = attribute.examples.iter().map(literal).collect();
        Some(Attribute {
            key: Placed { value: attribute.key.clone(), place: place.clone() },
            value: Placed { value, place: place.clone() },
            about: about(
                &attribute.docs,
                attribute.stability.as_deref(),
                attribute.deprecated.as_ref(),
                &place,
            ),
            examples: (!examples.is_empty())
                .then(|| Placed { value: Value::List(examples), place: place.clone() }),
            level: None,
            origin: None,
            place,
        })
    }

    /// The type; what a registry can't say of it is listed.
    fn type_of(&mut self, what: &str, place: &Place, domain: &Domain) -> Option<Type> {
        let constraints = [
            (domain.listed, "`only` or `values`"),
            (domain.range.is_some(), "`range`"),
            (!domain.except.is_empty(), "`except`"),
            (domain.max_length.is_some(), "`max`"),
            (domain.unit.is_some(), "`unit`"),
            (domain.bounded.is_some(), "`bounded`"),
            (domain.other.is_some(), "`other`"),
        ];
        for (_, name) in constraints.into_iter().filter(|(is_said, _)| *is_said) {
            self.left(place, format!("{name} of {what}"), CONSTRAINT);
        }
        if domain.is_enum() {
            if !domain.open {
                self.left(place, format!("that {what} has no other values"), "an enum of a registry is open");
            }
            for member in domain.members.iter().flatten().filter(|member| member.until.is_some()) {
                self.left(
                    place,
                    format!("the day of the member `{}` of {what}", shown(&member.name)),
                    NO_WORD,
                );
            }
            if let ir::Type::Scalar(_) = domain.value {
                let members =
                    domain.members.iter().flatten().map(|member| self.member(member, place)).collect();
                return Some(Type::Enum(members));
            }
        }
        let (basic, is_family) = match &domain.value {
            ir::Type::Map(inner) => (basic(inner), true),
            other => (basic(other), false),
        };
        match basic {
            Some((basic, is_plain)) => {
                if !is_plain || (domain.is_enum() && domain.members.is_some()) {
                    self.left(place, format!("the exact type of {what}"), "a registry has the plain types");
                }
                Some(if is_family { Type::Template(basic) } else { Type::Basic(basic) })
            }
            None => {
                self.left(place, what.to_owned(), "a registry has no such type");
                None
            }
        }
    }

    fn member(&self, member: &ir::Member, place: &Place) -> Member {
        Member {
            id: member.name.clone(),
            value: literal(&member.wire),
            about: about(&member.docs, None, None, place),
            place: place.clone(),
        }
    }

    fn metric(&mut self, metric: &ir::Metric) -> Option<Metric> {
        let place = self.place(metric.node);
        let what = format!("the metric `{}`", shown(&metric.name));
        let words =
            [Instrument::Counter, Instrument::UpDownCounter, Instrument::Gauge, Instrument::Histogram];
        let instrument = words.into_iter().find(|one| one.word() == metric.kind)?;
        let about = about(&metric.docs, metric.stability.as_deref(), metric.deprecated.as_ref(), &place);
        let signal = self.signal(
            &what,
            "metric.",
            &metric.name,
            about,
            &metric.labels,
            metric.entities.as_ref(),
            &place,
        );
        Some(Metric {
            signal,
            metric: metric.name.clone(),
            instrument: Placed { value: instrument, place: place.clone() },
            unit: Placed { value: metric.unit.clone(), place },
        })
    }

    fn span(&mut self, span: &Declaration) -> Span {
        let (signal, place, what) = self.declaration(span, "span");
        let words =
            [SpanKind::Internal, SpanKind::Client, SpanKind::Server, SpanKind::Producer, SpanKind::Consumer];
        let kind = words.into_iter().find(|one| Some(one.word()) == span.kind.as_deref());
        if kind.is_none() {
            self.left(
                &place,
                format!("that {what} has any kind"),
                "a span of a registry has a kind: it is `internal`",
            );
        }
        let kind = Placed { value: kind.unwrap_or(SpanKind::Internal), place };
        Span { signal, kind, name_note: None, events: Vec::new() }
    }

    fn event(&mut self, log: &Declaration) -> Event {
        let (signal, place, what) = self.declaration(log, "event");
        if log.kind.is_some() {
            self.left(&place, format!("the severity of {what}"), NO_WORD);
        }
        Event { event: log.name.clone(), signal, body: None }
    }

    fn entity(&mut self, entity: &Declaration) -> Entity {
        let (signal, ..) = self.declaration(entity, "entity");
        Entity { signal }
    }

    fn declaration(&mut self, declaration: &Declaration, kind: &str) -> (Signal, Place, String) {
        let place = self.place(declaration.node);
        let what = format!("the {kind} `{}`", shown(&declaration.name));
        if declaration.closed {
            self.left(&place, format!("that {what} is closed"), CONSTRAINT);
        }
        let about = about(
            &declaration.docs,
            declaration.stability.as_deref(),
            declaration.deprecated.as_ref(),
            &place,
        );
        let (keys, entities) = (&declaration.keys, declaration.entities.as_ref());
        let signal =
            self.signal(&what, &format!("{kind}."), &declaration.name, about, keys, entities, &place);
        (signal, place, what)
    }

    #[allow(clippy::too_many_arguments, reason = "each is a part of the signal")]
    fn signal(
        &mut self,
        what: &str,
        prefix: &str,
        name: &str,
        about: About,
        keys: &[ListedKey],
        entities: Option<&Entities>,
        place: &Place,
    ) -> Signal {
        let of_entity = prefix == "entity.";
        let uses = keys.iter().filter_map(|key| self.usage(what, key, of_entity, place)).collect();
        Signal {
            name: Placed { value: name.to_owned(), place: place.clone() },
            id: format!("{prefix}{name}"),
            about,
            level: None,
            refines: None,
            uses,
            associations: entities.map(|entities| association(entities, place)),
            origin: None,
            place: place.clone(),
        }
    }

    fn usage(&mut self, what: &str, key: &ListedKey, of_entity: bool, place: &Place) -> Option<Use> {
        if self.unwritten.contains(&key.key) {
            self.left(
                place,
                format!("`{}` of {what}", shown(&key.key)),
                "the attribute could not be written",
            );
            return None;
        }
        let condition = (!key.condition.is_empty()).then(|| key.condition.clone());
        let level = match key.level.as_str() {
            "required" => Level::Required,
            "if" => Level::ConditionallyRequired(condition.unwrap_or_default()),
            "opt_in" => Level::OptIn(condition),
            "recommended" | "id" => Level::Recommended(condition),
            other => {
                self.left(place, format!("the level `{}` of {what}", shown(other)), NO_WORD);
                Level::Recommended(None)
            }
        };
        let role = if key.level == "id" { Role::Identifying } else { Role::Descriptive };
        Some(Use {
            key: key.key.clone(),
            level,
            about: About::default(),
            examples: None,
            sampling_relevant: None,
            role: of_entity.then(|| Placed { value: role, place: place.clone() }),
            tag: None,
            place: place.clone(),
        })
    }

    /// What a contract has and a registry doesn't.
    fn others(&mut self) {
        let contract = self.contract;
        let mut others: BTreeSet<(Place, String)> = BTreeSet::new();
        for container in contract.containers.iter().filter(|one| contract.owns(&one.package)) {
            others.insert((self.place(container.node), format!("`{}`", shown(&container.name))));
        }
        for meaning in &contract.meanings {
            others.insert((self.place(meaning.node), format!("the meaning `{}`", shown(&meaning.name))));
        }
        for event in &contract.events {
            others.insert((self.place(event.node), format!("the event `{}`", shown(&event.name))));
        }
        for instrument in &contract.instruments {
            others.insert((self.place(instrument.node), format!("the metric `{}`", shown(&instrument.name))));
        }
        for (place, what) in others {
            self.left(&place, what, OWN);
        }
    }
}

fn about(docs: &str, stability: Option<&str>, deprecated: Option<&Deprecation>, place: &Place) -> About {
    let placed = |value: String| Placed { value, place: place.clone() };
    // The first paragraph is the brief, and the rest is the note.
    let (brief, note) = docs.split_once("\n\n").unwrap_or((docs, ""));
    let brief = brief.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = [
        Stability::Stable,
        Stability::ReleaseCandidate,
        Stability::Beta,
        Stability::Alpha,
        Stability::Development,
    ];
    let stability = words.into_iter().find(|one| Some(one.word()) == stability);
    About {
        brief: (!brief.is_empty()).then(|| placed(brief)),
        note: (!note.is_empty()).then(|| placed(note.to_owned())),
        stability: stability.map(|value| Placed { value, place: place.clone() }),
        deprecated: deprecated.and_then(deprecation).map(|value| Placed { value, place: place.clone() }),
        annotations: None,
    }
}

fn deprecation(deprecation: &Deprecation) -> Option<Deprecated> {
    Some(match deprecation {
        Deprecation::Successor(to) => Deprecated::Renamed { to: to.clone(), note: None },
        Deprecation::Reason(reason) if reason == OBSOLETED => Deprecated::Obsoleted { note: None },
        Deprecation::Reason(reason) if reason.is_empty() || is_in_registry(reason) => {
            Deprecated::Uncategorized { note: None }
        }
        Deprecation::Reason(reason) => Deprecated::Uncategorized { note: Some(reason.clone()) },
        // A root's own declarations have no version but its own.
        Deprecation::NotYet { .. } => return None,
    })
}

fn association(entities: &Entities, place: &Place) -> Association {
    let list = |all: &[Entities]| all.iter().map(|one| association(one, place)).collect();
    match entities {
        Entities::Entity(name) => Association::Entity(Placed { value: name.clone(), place: place.clone() }),
        Entities::OneOf(all) => Association::OneOf(list(all)),
        Entities::AllOf(all) => Association::AllOf(list(all)),
    }
}

/// The plain type, and whether it is all that the type says.
fn basic(value: &ir::Type) -> Option<(Basic, bool)> {
    Some(match value {
        ir::Type::Scalar(Scalar::String) => (Basic::String, true),
        ir::Type::Scalar(Scalar::Int) => (Basic::Int, true),
        ir::Type::Scalar(Scalar::Double) => (Basic::Double, true),
        ir::Type::Scalar(Scalar::Bool) => (Basic::Boolean, true),
        ir::Type::Array(Scalar::String) => (Basic::Strings, true),
        ir::Type::Array(Scalar::Int) => (Basic::Ints, true),
        ir::Type::Array(Scalar::Double) => (Basic::Doubles, true),
        ir::Type::Array(Scalar::Bool) => (Basic::Booleans, true),
        ir::Type::Any => (Basic::Any, true),
        ir::Type::Timestamp(unit) if unit == "rfc3339" => (Basic::String, false),
        ir::Type::Timestamp(_) => (Basic::Int, false),
        ir::Type::Duration(_) => (Basic::Double, false),
        ir::Type::Scalar(Scalar::Bytes)
        | ir::Type::Array(Scalar::Bytes)
        | ir::Type::Map(_)
        | ir::Type::Object(_)
        | ir::Type::ObjectArray(_) => return None,
    })
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::Text(text.clone()),
        Literal::Int(value) => Value::Integer(*value),
        Literal::Double(value) => Value::Number(*value),
        Literal::Bool(value) => Value::Boolean(*value),
        Literal::StringArray(list) => Value::List(list.iter().cloned().map(Value::Text).collect()),
        Literal::IntArray(list) => Value::List(list.iter().copied().map(Value::Integer).collect()),
        Literal::DoubleArray(list) => Value::List(list.iter().copied().map(Value::Number).collect()),
        Literal::BoolArray(list) => Value::List(list.iter().copied().map(Value::Boolean).collect()),
    }
}
