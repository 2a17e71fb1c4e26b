//! A resource or a scope: its keys, and where each value comes from.

use std::fmt;

use serde::Serialize;
use slo_grammar::quote;

use crate::ir::{Container, ContainerId, ContainerKind, Contract, Event, Source, Writer};
use crate::show::words::template;

use super::{Constant, Place, Values, is_false};

/// A resource or a scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContainerSheet {
    /// Its full name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// Whether keys that nobody declared are kept out.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// The schema URL of what a scope records, where it is another one than the contract's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_url: Option<String>,
    /// The full name of the resource that a scope is of, where it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its keys, in the order of the text.
    pub keys: Vec<KeySheet>,
    /// The full names of the events and metrics of a scope; of a resource those of its scopes, and of the events that set keys on
    /// each of its spans.
    pub used_by: Vec<String>,
}

/// A key of a resource or a scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeySheet {
    /// The key.
    pub key: String,
    /// Where it is written.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// Its values.
    pub values: Values,
    /// Where its value comes from.
    pub source: ValueSource,
    /// The value if no source gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Constant>,
    /// The template that the value follows, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// Where the `...NAME` stand through which it came.
    pub through: Vec<Place>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueSource {
    /// The program gives it and must.
    Required,
    /// The program gives it if it can.
    Optional,
    /// It is a constant.
    Static(Constant),
    /// It stands in the first of these variables that is set.
    Env(Vec<String>),
    /// The SDK's detectors give it.
    Auto,
}

impl From<&Source> for ValueSource {
    fn from(source: &Source) -> ValueSource {
        match source {
            Source::Required => ValueSource::Required,
            Source::Optional => ValueSource::Optional,
            Source::Static(literal) => ValueSource::Static(literal.into()),
            Source::Environment(variables) => ValueSource::Env(variables.clone()),
            Source::Auto => ValueSource::Auto,
        }
    }
}

/// Shows the source as the language writes it.
impl fmt::Display for ValueSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueSource::Required => formatter.write_str("required"),
            ValueSource::Optional => formatter.write_str("optional"),
            ValueSource::Static(constant) => write!(formatter, "static={constant}"),
            ValueSource::Env(variables) => match variables.as_slice() {
                [one] => write!(formatter, "env={one}"),
                several => write!(formatter, "env=[{}]", several.join(", ")),
            },
            ValueSource::Auto => formatter.write_str("auto"),
        }
    }
}

impl ContainerSheet {
    pub(in crate::show) fn of(contract: &Contract, container: &Container) -> ContainerSheet {
        let name = container.full_name();
        let is_it = |scope: ContainerId| contract.container(scope).node == container.node;
        let is_in = |event: &&Event| {
            let signals = event.metrics.iter().map(|metric| *metric.scope);
            let signals = signals.chain(event.logs.iter().map(|log| *log.scope));
            let of_span = event.span.iter().filter_map(|span| span.scope.as_ref());
            let mut scopes = signals.chain(of_span.chain(&event.scope).map(|scope| **scope));
            scopes.any(is_it)
        };
        let events = contract.events.iter().filter(is_in);
        let metrics = contract.instruments.iter().filter(|metric| is_it(*metric.scope));
        let used_by = match container.kind {
            ContainerKind::Scope => {
                events.map(Event::full_name).chain(metrics.map(|metric| metric.name.clone())).collect()
            }
            // Of a resource the scopes that say so.
            ContainerKind::Resource => {
                let of = contract.containers.iter();
                let of = of
                    .filter(|scope| scope.of.is_some_and(|of| contract.container(of).node == container.node));
                let sets = |event: &&Event| {
                    let scope =
                        event.scope.as_ref().filter(|_| event.span.as_ref().is_some_and(|span| span.every));
                    let of = scope.and_then(|scope| contract.container(**scope).of);
                    of.is_some_and(|of| contract.container(of).node == container.node)
                };
                let sets = contract.events.iter().filter(sets);
                of.map(Container::full_name).chain(sets.map(Event::full_name)).collect()
            }
        };
        ContainerSheet {
            place: Place::of(&contract.places, container.node),
            docs: container.docs.clone(),
            closed: container.closed,
            schema_url: container.schema_url.clone(),
            of: container.of.map(|of| contract.container(of).full_name()),
            keys: container.writers.iter().map(|writer| KeySheet::of(contract, writer)).collect(),
            used_by,
            name,
        }
    }
}

impl KeySheet {
    fn of(contract: &Contract, writer: &Writer) -> KeySheet {
        KeySheet {
            key: writer.key.clone(),
            place: Place::of(&contract.places, writer.node),
            docs: writer.docs.clone(),
            values: Values::from(&*writer.domain),
            source: ValueSource::from(&*writer.source),
            default: writer.default.as_ref().map(Constant::from),
            matches: writer.matches.as_ref().map(template),
            through: writer.through.iter().filter_map(|node| Place::of(&contract.places, *node)).collect(),
        }
    }

    /// Source, default and template as the language writes them.
    pub(in crate::show) fn options(&self) -> Vec<String> {
        let mut options = vec![self.source.to_string()];
        options.extend(self.default.iter().map(|default| format!("default={default}")));
        options.extend(self.matches.iter().map(|matches| format!("matches={}", quote(matches))));
        options
    }
}
