//! A span, a log or an entity that is declared for others, and what of the contract is held to it.

use serde::Serialize;
use slo_stdlib_mappings::Vocabulary;

use crate::ir::{Contract, Declaration, Entities, ListedKey, Node, Places, Signal};

use super::attribute::{Deprecated, place_in_table};
use super::metric::ConventionLabel;
use super::{Place, is_false};

/// A span, a log or an entity by its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeclaredSheet {
    /// Its name.
    pub name: String,
    /// What vocabularies, or the contract itself, declare of it.
    pub declared: Vec<SignalDeclaration>,
    /// Of a span and a log the events that write it, of an entity what is about it.
    pub uses: Vec<DeclaredUse>,
}

/// A declaration of a span, a log or an entity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalDeclaration {
    /// The package that declares it.
    pub package: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What is said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// A span's kind or a log's severity, where it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Whether what is written has no keys but these.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Its stability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<String>,
    /// Why it should not be used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecated>,
    /// What it is about, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<String>,
    /// The keys that it lists.
    pub keys: Vec<ConventionLabel>,
}

/// What is held to a declaration, or about an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeclaredUse {
    /// `event`, `metric`, `span` or `log`.
    #[serde(rename = "in")]
    pub owner_kind: &'static str,
    /// Its name: of an event the full one.
    pub name: String,
    /// Where.
    pub place: Option<Place>,
}

/// What a span or a log of an event is held to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldTo {
    /// The name of the declared span or log.
    pub name: String,
    /// The package that declares it.
    pub package: String,
    /// The keys that every record has, which the compiler proves.
    pub proved: Vec<String>,
    /// The keys that are asked for under a condition in words, which nothing proves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<ConventionLabel>,
}

impl HeldTo {
    pub(in crate::show) fn of(convention: &Declaration) -> HeldTo {
        let (required, others): (Vec<&ListedKey>, Vec<&ListedKey>) =
            convention.keys.iter().partition(|key| key.is_required());
        let said = others.into_iter().filter(|key| !key.condition.is_empty());
        HeldTo {
            name: convention.name.clone(),
            package: convention.package.clone(),
            proved: required.into_iter().map(|key| key.key.clone()).collect(),
            said: said.map(ConventionLabel::from).collect(),
        }
    }
}

impl SignalDeclaration {
    fn of(declared: &Declaration, place: Option<Place>) -> SignalDeclaration {
        SignalDeclaration {
            package: declared.package.clone(),
            place,
            docs: declared.docs.clone(),
            says: declared.kind.clone(),
            closed: declared.closed,
            stability: declared.stability.clone(),
            deprecated: declared.deprecated.as_ref().map(Deprecated::from),
            entities: declared.entities.as_ref().map(Entities::to_string),
            keys: declared.keys.iter().map(ConventionLabel::from).collect(),
        }
    }
}

impl DeclaredSheet {
    /// The span of this name, if it is declared.
    pub(in crate::show) fn span(contract: &Contract, name: &str) -> Option<DeclaredSheet> {
        let spans = contract.events.iter().filter_map(|event| {
            let convention = event.span.as_ref()?.convention.as_ref()?;
            Some((convention, event.full_name(), event.node))
        });
        DeclaredSheet::of_signal(contract, &contract.declared_spans, spans, name)
    }

    /// The log of this name, if it is declared.
    pub(in crate::show) fn log(contract: &Contract, name: &str) -> Option<DeclaredSheet> {
        let logs = contract.events.iter().flat_map(|event| {
            let held = event.logs.iter().filter_map(|log| log.convention.as_ref());
            held.map(|convention| (convention, event.full_name(), event.node))
        });
        DeclaredSheet::of_signal(contract, &contract.declared_logs, logs, name)
    }

    fn of_signal<'c>(
        contract: &'c Contract,
        own: &'c [Declaration],
        held: impl Iterator<Item = (&'c Declaration, String, Node)>,
        name: &str,
    ) -> Option<DeclaredSheet> {
        let places = &contract.places;
        let mut all: Vec<&Declaration> = own.iter().filter(|declared| declared.name == name).collect();
        let mut uses = Vec::new();
        for (convention, event, node) in held.filter(|(convention, ..)| convention.name == name) {
            all.push(convention);
            uses.push(DeclaredUse { owner_kind: "event", name: event, place: Place::of(places, node) });
        }
        DeclaredSheet::of(places, name, &all, uses)
    }

    /// The entity of this name, if the contract declares it.
    pub(in crate::show) fn entity(contract: &Contract, name: &str) -> Option<DeclaredSheet> {
        let all: Vec<&Declaration> =
            contract.entities.iter().filter(|declared| declared.name == name).collect();
        let is_about = |entities: &Option<Entities>| entities.as_ref().is_some_and(|one| one.names(name));
        let metrics = contract.metrics.iter().filter(|metric| is_about(&metric.entities));
        let metrics = metrics.map(|metric| ("metric", &metric.name, metric.node));
        let signals = [(Signal::Span, &contract.declared_spans), (Signal::Log, &contract.declared_logs)];
        let signals = signals.into_iter().flat_map(|(signal, declared)| {
            let about = declared.iter().filter(|declared| is_about(&declared.entities));
            about.map(move |declared| (signal.name(), &declared.name, declared.node))
        });
        let uses = metrics.chain(signals).map(|(owner_kind, name, node)| DeclaredUse {
            owner_kind,
            name: name.clone(),
            place: Place::of(&contract.places, node),
        });
        DeclaredSheet::of(&contract.places, name, &all, uses.collect())
    }

    /// What is declared once a package, whoever has it from there.
    fn of(
        places: &Places,
        name: &str,
        all: &[&Declaration],
        uses: Vec<DeclaredUse>,
    ) -> Option<DeclaredSheet> {
        let mut declared: Vec<SignalDeclaration> = Vec::new();
        for one in all {
            if !declared.iter().any(|known| known.package == one.package) {
                declared.push(SignalDeclaration::of(one, Place::of(places, one.node)));
            }
        }
        (!declared.is_empty()).then(|| DeclaredSheet { name: name.to_owned(), declared, uses })
    }

    /// One of a built-in vocabulary that nothing of the contract takes up.
    pub(in crate::show) fn of_table(
        table: &Vocabulary,
        declared: &slo_stdlib_mappings::Declaration,
    ) -> DeclaredSheet {
        let place = place_in_table(table, declared.place);
        let declaration = SignalDeclaration::of(&Declaration::of_table(declared, Node(u32::MAX)), place);
        DeclaredSheet { name: declared.name.to_owned(), declared: vec![declaration], uses: Vec::new() }
    }
}
