//! Where contracts and structs use something.

use serde::Serialize;

use super::{Ground, Kind, What};
use crate::ir::Contract;
use crate::show::sheet::{AttributeSheet, DeclaredSheet, MeaningSheet, Place, Use};

/// A struct with the derive that writes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StructUse {
    /// Its name.
    pub name: String,
    /// What it stands for: `resource`, `scope` or `event`.
    pub kind: &'static str,
    /// Where.
    pub place: Place,
}

/// Where a contract uses something.
pub(super) fn of_contract(contract: &Contract, kind: Kind, name: &str, what: &What<'_>) -> Vec<Use> {
    let place = |node| Place::of(&contract.places, node);
    let used = |owner_kind, name: String, part: String, place| Use {
        owner_kind,
        name,
        part,
        key: None,
        value: String::new(),
        place,
    };
    let mut uses = Vec::new();
    match kind {
        Kind::Attribute => return AttributeSheet::uses_of(contract, name),
        Kind::Metric => {
            for event in &contract.events {
                let metrics = event.metrics.iter().filter(|metric| metric.name == name);
                uses.extend(
                    metrics.map(|one| {
                        used("event", event.full_name(), format!("metric {name}"), place(one.node))
                    }),
                );
            }
            let alone = contract.instruments.iter().filter(|metric| metric.name == name);
            uses.extend(alone.map(|one| used("metric", name.to_owned(), String::new(), place(one.node))));
        }
        Kind::Span => {
            let sheet = DeclaredSheet::span(contract, name).map(|sheet| sheet.uses).unwrap_or_default();
            uses.extend(
                sheet.into_iter().map(|one| used(one.owner_kind, one.name, "span".to_owned(), one.place)),
            );
        }
        Kind::Log => {
            for event in &contract.events {
                let logs = event.logs.iter().filter(|log| log.name.as_deref() == Some(name));
                uses.extend(
                    logs.map(|log| used("event", event.full_name(), format!("log {name}"), place(log.node))),
                );
            }
        }
        Kind::Entity => {
            let sheet = DeclaredSheet::entity(contract, name).map(|sheet| sheet.uses).unwrap_or_default();
            uses.extend(
                sheet.into_iter().map(|one| used(one.owner_kind, one.name, String::new(), one.place)),
            );
        }
        Kind::Meaning | Kind::View => {
            if let What::Meaning(meaning) = what {
                let sheet = MeaningSheet::of(contract, meaning);
                uses.extend(
                    sheet
                        .used_by
                        .into_iter()
                        .map(|one| used("event", one.event, format!("field {}", one.field), one.place)),
                );
            }
        }
        Kind::Scope => {
            for event in &contract.events {
                let scope = event.scope.as_ref().map(|scope| contract.container(**scope).full_name());
                let is_in = scope.as_deref() == Some(name);
                uses.extend(
                    is_in.then(|| used("event", event.full_name(), String::new(), place(event.node))),
                );
            }
        }
        Kind::Event | Kind::Resource => {}
    }
    uses
}

/// The structs that write a key, or that are held to something.
pub(super) fn of_structs(ground: &Ground<'_>, kind: Kind, name: &str) -> Vec<StructUse> {
    let mut uses = Vec::new();
    for one in ground.structs {
        let line = match kind {
            Kind::Attribute if one.kind != "event" => {
                one.keys.iter().find(|(key, _)| key == name).map(|(_, line)| *line)
            }
            Kind::Event | Kind::Resource | Kind::Scope => {
                (one.held_to.as_deref() == Some(name)).then_some(one.line)
            }
            _ => None,
        };
        uses.extend(line.map(|line| StructUse {
            name: one.name.clone(),
            kind: one.kind,
            place: Place { file: one.file.clone(), line: u32::try_from(line).unwrap_or(u32::MAX) },
        }));
    }
    uses
}
