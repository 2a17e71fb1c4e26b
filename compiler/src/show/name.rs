//! Names: what has one, and which one was meant.

use std::collections::BTreeSet;
use std::fmt;

use slo_stdlib_mappings::VOCABULARIES;

use crate::ir::{ContainerKind, Contract, Event, Instrument};
use crate::measure::kind_of;
use crate::text::{list, nearest};

use super::known::{self, Known, What};
use super::prometheus::is_called;
use super::sheet::{
    AttributeSheet, ContainerSheet, DeclaredSheet, EventSheet, MeaningSheet, MetricSheet, Sheet,
};
use crate::text::visible;

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
    /// Nothing has a name that this pattern matches.
    Unmatched {
        /// The pattern.
        pattern: String,
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
                "the contract has nothing that is called `{}`; name a meaning, a view, an event, a resource, a scope, a metric, one of its series, a log, a declared span, an entity or a key",
                visible(name)
            ),
            ShowError::Unmatched { pattern } => write!(
                formatter,
                "nothing of the contract has a name like `{}`; `*` stands for any text, as in `payment.*`",
                visible(pattern)
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

/// What a declaration that has a full name says.
fn sheet(contract: &Contract, what: &What<'_>) -> Option<Sheet> {
    Some(match what {
        What::Container(container) => {
            let sheet = ContainerSheet::of(contract, container);
            match container.kind {
                ContainerKind::Resource => Sheet::Resource(sheet),
                ContainerKind::Scope => Sheet::Scope(sheet),
            }
        }
        What::Meaning(meaning) => {
            let sheet = MeaningSheet::of(contract, meaning);
            if meaning.view.is_some() { Sheet::View(sheet) } else { Sheet::Meaning(sheet) }
        }
        What::Event(event) => Sheet::Event(Box::new(EventSheet::of(contract, event))),
        _ => return None,
    })
}

/// What has this name, or, where `*` stands for any text in it, whatever has a name that it matches.
pub(super) fn sheets(contract: &Contract, name: &str) -> Result<Vec<Sheet>, ShowError> {
    if !name.contains('*') {
        return named(contract, name);
    }
    // Of declarations the full names.
    let names: BTreeSet<_> = known::of_contract(contract).map(|known| known.name).collect();
    let mut sheets: Vec<Sheet> = Vec::new();
    for known in names.iter().filter(|known| matches(name, known)) {
        // An event has its own name and its log's, and is shown once.
        for sheet in named(contract, known)? {
            if !sheets.contains(&sheet) {
                sheets.push(sheet);
            }
        }
    }
    match sheets.is_empty() {
        true => Err(ShowError::Unmatched { pattern: name.to_owned() }),
        false => Ok(sheets),
    }
}

/// Whether a name matches a pattern in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(end)
}

/// The names of the metrics that have this series or this family under Prometheus.
pub(super) fn of_series<'c>(contract: &'c Contract, series: &str) -> BTreeSet<&'c str> {
    let has = |metric: &&Instrument| {
        let Some(kind) = kind_of(metric) else { return false };
        is_called(contract.naming(metric), (&metric.name, &metric.unit, kind), series)
    };
    contract.all_instruments().filter(has).map(|metric| metric.name.as_str()).collect()
}

/// What has this name.
fn named(contract: &Contract, name: &str) -> Result<Vec<Sheet>, ShowError> {
    let (full, bare): (Vec<Known<'_>>, Vec<Known<'_>>) = known::with_full_name(contract)
        .filter(|one| one.name == name || one.bare == Some(name))
        .partition(|one| one.name == name);
    let meant = if full.is_empty() { bare } else { full };
    let mut full_names: Vec<String> = meant.iter().map(|one| one.name.to_string()).collect();
    // What is declared twice has one full name; that was reported, and both are shown.
    full_names.sort();
    full_names.dedup();
    if full_names.len() > 1 {
        return Err(ShowError::Several { name: name.to_owned(), full_names });
    }
    let mut sheets: Vec<Sheet> = meant.iter().filter_map(|one| sheet(contract, &one.what)).collect();
    sheets.extend(MetricSheet::of(contract, name).map(Sheet::Metric));
    let logged = |event: &&Event| event.logs.iter().any(|log| log.name.as_deref() == Some(name));
    let events = contract.events.iter().filter(logged);
    sheets.extend(events.map(|event| Sheet::Event(Box::new(EventSheet::of(contract, event)))));
    sheets.extend(DeclaredSheet::span(contract, name).map(Sheet::Span));
    sheets.extend(DeclaredSheet::log(contract, name).map(Sheet::Log));
    sheets.extend(DeclaredSheet::entity(contract, name).map(Sheet::Entity));
    sheets.extend(AttributeSheet::of(contract, name).map(Sheet::Attribute));
    if sheets.is_empty() {
        let metrics = of_series(contract, name);
        sheets = metrics
            .into_iter()
            .filter_map(|name| MetricSheet::of(contract, name))
            .map(Sheet::Metric)
            .collect();
    }
    if sheets.is_empty() {
        sheets = of_vocabularies(contract, name);
    }
    if sheets.is_empty() {
        return Err(ShowError::Unknown { name: name.to_owned(), nearest: meant_by(contract, name) });
    }
    Ok(sheets)
}

/// What a built-in vocabulary calls so, and the contract has no part of.
fn of_vocabularies(contract: &Contract, name: &str) -> Vec<Sheet> {
    let sheets = VOCABULARIES.iter().flat_map(|table| {
        let metric = table.metric(name).map(|metric| Sheet::Metric(MetricSheet::of_table(table, metric)));
        let attribute = table.attribute(name);
        let attribute = attribute.map(|attribute| AttributeSheet::of_table(contract, table, attribute));
        let of = |declared| DeclaredSheet::of_table(table, declared);
        let span = table.span(name).map(|span| Sheet::Span(of(span)));
        let log = table.log(name).map(|log| Sheet::Log(of(log)));
        let entity = table.entity(name).map(|entity| Sheet::Entity(of(entity)));
        metric.into_iter().chain(span).chain(log).chain(entity).chain(attribute.map(Sheet::Attribute))
    });
    sheets.collect()
}

/// The nearest of all names that can be asked for, the contract's own before those of vocabularies.
fn meant_by(contract: &Contract, name: &str) -> Option<String> {
    let own: Vec<Known<'_>> = known::of_contract(contract).collect();
    let names = own.iter().flat_map(|one| [Some(&*one.name), one.bare].into_iter().flatten());
    let tables: Vec<Known<'_>> = known::of_tables(VOCABULARIES).collect();
    let of_tables = || nearest(name, tables.iter().map(|one| &*one.name));
    nearest(name, names).or_else(of_tables).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name) in [
            ("*", "a.b"),
            ("a.*", "a.b"),
            ("*.b", "a.b"),
            ("a*b", "ab"),
            ("a*b*c", "a.bb.c"),
            ("*duration*", "http.server.request.duration"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a.*", "b.a"), ("*.b", "a.bc"), ("a*a", "a"), ("a*b*b", "ab")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
