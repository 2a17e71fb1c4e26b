//! Names: what has one, and which one was meant.

use std::fmt;

use slo_stdlib_mappings::VOCABULARIES;

use crate::ir::{ContainerKind, Contract, Event};
use crate::text::{list, nearest};

use super::render::visible;
use super::sheet::{AttributeSheet, ContainerSheet, EventSheet, MeaningSheet, MetricSheet, Sheet};

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShowError {
    /// Nothing has this name.
    Unknown {
        /// The name.
        name: String,
        /// The known name that was most likely meant.
        nearest: Option<String>,
    },
    /// Several declarations have this bare name.
    Several {
        /// The name.
        name: String,
        /// Their full names.
        full_names: Vec<String>,
    },
}

impl fmt::Display for ShowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShowError::Unknown { name, nearest: Some(nearest) } => write!(
                formatter,
                "the contract has nothing that is called `{}`; did you mean `{}`?",
                visible(name),
                visible(nearest)
            ),
            ShowError::Unknown { name, nearest: None } => write!(
                formatter,
                "the contract has nothing that is called `{}`; name a meaning, a view, an event, a resource, a scope, a metric, a log or a key",
                visible(name)
            ),
            ShowError::Several { name, full_names } => write!(
                formatter,
                "`{}` is the name of {} declarations; write the full name of one: {}",
                visible(name),
                full_names.len(),
                visible(&list(full_names))
            ),
        }
    }
}

impl std::error::Error for ShowError {}

/// A declaration that has a full name.
struct Declared<'c> {
    full_name: String,
    name: &'c str,
    sheet: Box<dyn Fn() -> Sheet + 'c>,
}

fn declared(contract: &Contract) -> Vec<Declared<'_>> {
    let containers = contract.containers.iter().map(|container| Declared {
        full_name: container.full_name(),
        name: &container.name,
        sheet: Box::new(move || {
            let sheet = ContainerSheet::of(contract, container);
            match container.kind {
                ContainerKind::Resource => Sheet::Resource(sheet),
                ContainerKind::Scope => Sheet::Scope(sheet),
            }
        }),
    });
    let meanings = contract.meanings.iter().map(|meaning| Declared {
        full_name: meaning.full_name(),
        name: &meaning.name,
        sheet: Box::new(move || {
            let sheet = MeaningSheet::of(contract, meaning);
            if meaning.view.is_some() { Sheet::View(sheet) } else { Sheet::Meaning(sheet) }
        }),
    });
    let events = contract.events.iter().map(|event| Declared {
        full_name: event.full_name(),
        name: &event.name,
        sheet: Box::new(move || Sheet::Event(Box::new(EventSheet::of(contract, event)))),
    });
    containers.chain(meanings).chain(events).collect()
}

/// What has this name.
pub(super) fn sheets(contract: &Contract, name: &str) -> Result<Vec<Sheet>, ShowError> {
    let declared = declared(contract);
    let full: Vec<&Declared<'_>> = declared.iter().filter(|one| one.full_name == name).collect();
    let bare: Vec<&Declared<'_>> = declared.iter().filter(|one| one.name == name).collect();
    let meant = if full.is_empty() { bare } else { full };
    let mut full_names: Vec<String> = meant.iter().map(|one| one.full_name.clone()).collect();
    // What is declared twice has one full name; that was reported, and both are shown.
    full_names.sort();
    full_names.dedup();
    if full_names.len() > 1 {
        return Err(ShowError::Several { name: name.to_owned(), full_names });
    }
    let mut sheets: Vec<Sheet> = meant.iter().map(|one| (one.sheet)()).collect();
    sheets.extend(MetricSheet::of(contract, name).map(Sheet::Metric));
    let logged = |event: &&Event| event.log.as_ref().is_some_and(|log| log.name == name);
    let events = contract.events.iter().filter(logged);
    sheets.extend(events.map(|event| Sheet::Event(Box::new(EventSheet::of(contract, event)))));
    sheets.extend(AttributeSheet::of(contract, name).map(Sheet::Attribute));
    if sheets.is_empty() {
        sheets = of_vocabularies(contract, name);
    }
    if sheets.is_empty() {
        return Err(ShowError::Unknown {
            name: name.to_owned(),
            nearest: meant_by(contract, &declared, name),
        });
    }
    Ok(sheets)
}

/// What a built-in vocabulary calls so, and the contract has no part of.
fn of_vocabularies(contract: &Contract, name: &str) -> Vec<Sheet> {
    let sheets = VOCABULARIES.iter().flat_map(|table| {
        let metric = table.metric(name).map(|metric| Sheet::Metric(MetricSheet::of_table(table, metric)));
        let attribute = table.attribute(name);
        let attribute = attribute.map(|attribute| AttributeSheet::of_table(contract, table, attribute));
        metric.into_iter().chain(attribute.map(Sheet::Attribute))
    });
    sheets.collect()
}

/// The nearest of all names that can be asked for, the contract's own before those of vocabularies.
fn meant_by(contract: &Contract, declared: &[Declared<'_>], name: &str) -> Option<String> {
    let declared = declared.iter().flat_map(|one| [one.full_name.as_str(), one.name]);
    let metrics = contract.all_instruments().map(|metric| &metric.name);
    let metrics = metrics.chain(contract.metrics.iter().map(|metric| &metric.name)).map(String::as_str);
    let logs = contract.events.iter().filter_map(|event| event.log.as_ref()).map(|log| log.name.as_str());
    let keys = contract.attributes.iter().map(|attribute| attribute.key.as_str());
    let own = nearest(name, declared.chain(metrics).chain(logs).chain(keys));
    let known = || {
        let tables = VOCABULARIES.iter();
        nearest(
            name,
            tables.flat_map(|table| {
                let metrics = table.metrics.iter().map(|metric| metric.name);
                metrics.chain(table.attributes.iter().map(|attribute| attribute.key))
            }),
        )
    };
    own.or_else(known).map(str::to_owned)
}
