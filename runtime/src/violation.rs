//! A value that breaks the contract.

use std::fmt;

use slo_model::{ContainerKind, Key, Source, Unfit};

use crate::resource::Origin;

/// A violation: a value of an attribute that is missing, or does not fit its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    key: &'static str,
    contract: &'static str,
    place: &'static str,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq)]
enum Problem {
    Unfit { unfit: Unfit, origin: Origin },
    Missing { help: String },
    Undeclared,
}

impl Violation {
    pub(crate) fn unfit(
        contract: &'static str,
        key: &Key<'static>,
        origin: Origin,
        unfit: Unfit,
    ) -> Violation {
        Violation { key: key.name, contract, place: key.place, problem: Problem::Unfit { unfit, origin } }
    }

    pub(crate) fn missing(contract: &'static str, kind: ContainerKind, key: &Key<'static>) -> Violation {
        let help = how_to_give(kind, key);
        Violation { key: key.name, contract, place: key.place, problem: Problem::Missing { help } }
    }

    pub(crate) fn undeclared(contract: &'static str, key: &'static str) -> Violation {
        Violation { key, contract, place: "", problem: Problem::Undeclared }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The resource or scope of the contract that the key stands in.
    #[must_use]
    pub fn contract(&self) -> &'static str {
        self.contract
    }

    /// Where the contract declares the key, as `pay.slo:25`; empty if it doesn't say.
    #[must_use]
    pub fn place(&self) -> &'static str {
        self.place
    }

    /// Where the value came from; `None` if there is none.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        match &self.problem {
            Problem::Unfit { origin, .. } => Some(*origin),
            Problem::Missing { .. } => None,
            Problem::Undeclared => Some(Origin::Program),
        }
    }

    /// Why the value doesn't fit its key; `None` if the contract doesn't declare the key.
    #[must_use]
    pub fn why(&self) -> Option<&Unfit> {
        match &self.problem {
            Problem::Unfit { unfit, .. } => Some(unfit),
            Problem::Missing { .. } => Some(&Unfit::Missing),
            Problem::Undeclared => None,
        }
    }

    /// What to do about a missing value.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match &self.problem {
            Problem::Missing { help } => Some(help),
            Problem::Unfit { .. } | Problem::Undeclared => None,
        }
    }
}

fn how_to_give(kind: ContainerKind, key: &Key<'_>) -> String {
    match (key.source, kind) {
        (Source::Environment(variables @ [_, ..]), _) => {
            let names: Vec<String> = variables.iter().map(|name| format!("`{name}`")).collect();
            format!("set {}", names.join(" or "))
        }
        (_, ContainerKind::Scope) => "the program gives it".to_owned(),
        (_, ContainerKind::Resource) if key.name == "service.name" => {
            "the program gives it, or `OTEL_SERVICE_NAME`".to_owned()
        }
        (_, ContainerKind::Resource) => "the program gives it, or `OTEL_RESOURCE_ATTRIBUTES`".to_owned(),
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.key)?;
        if !self.place.is_empty() {
            write!(formatter, " ({})", self.place)?;
        }
        match &self.problem {
            Problem::Unfit { unfit, origin } => write!(formatter, ": {unfit}; it came from {origin}"),
            Problem::Missing { help } => write!(formatter, ": {}; {help}", Unfit::Missing),
            Problem::Undeclared => {
                write!(formatter, ": the contract does not declare it; it came from the program")
            }
        }
    }
}
