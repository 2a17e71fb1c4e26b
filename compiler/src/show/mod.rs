//! What a contract says of one name: its signals side by side, as people draw them by hand.
//!
//! [`find`] looks a name up in a contract in which nothing is unknown, whether or not it is sound, and gives a [`Found`]: plain data
//! ([`sheet`]) with three renderings, [`Found::terminal`], [`Found::markdown`] and [`Found::json`].
//!
//! The JSON is the data itself. Its field names are those of the types in [`sheet`], and keep their meaning for
//! as long as [`FORMAT`] keeps its number. A value of the contract is a string, a number, a boolean or a list of
//! these; a place is `{"file": …, "line": …}`; an unlimited count is `"unlimited"`. What a contract does not say, and
//! flags that are not set, are left out; lists never are.

mod accepted;
mod known;
pub mod lookup;
mod name;
mod page;
mod prometheus;
mod render;
pub mod sheet;
mod words;

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::accept::Accepted;
use crate::ir::Contract;

pub use accepted::AcceptedFinding;
pub use known::Kind;
pub use name::ShowError;
use sheet::Sheet;

/// The number of the JSON's format. Another number is another format.
pub const FORMAT: u32 = 1;

/// What a contract says of one name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The format's number, [`FORMAT`].
    pub format: u32,
    /// The contract's name.
    pub contract: String,
    /// Its version.
    pub version: String,
    /// The name that was asked for.
    pub name: String,
    /// What it names: several where a declaration, a metric and a key share it, never none.
    pub sheets: Vec<Sheet>,
    /// What is accepted about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedFinding>,
}

/// What the contract says of a meaning, a view, an event, a resource or a scope, by its full or its bare name, of a
/// metric, by its own name or that of its family or of one of its series under Prometheus, of a log by its event name, of a
/// span, a log or an entity that is declared for others, or of a key. In a name with `*`, which stands for any text, it is what the contract says of all that it matches.
///
/// # Errors
/// Says that nothing has this name, or that several declarations do.
pub fn find(contract: &Contract, name: &str) -> Result<Found, ShowError> {
    Ok(Found {
        format: FORMAT,
        contract: contract.name.clone(),
        version: contract.version.clone(),
        name: name.to_owned(),
        sheets: name::sheets(contract, name)?,
        accepted: Vec::new(),
    })
}

impl Found {
    /// Marks what is accepted about what was found.
    #[must_use]
    pub fn with_accepted(mut self, all: &[Accepted]) -> Found {
        self.accepted = accepted::about(all, &self.name);
        self
    }

    /// For people at a terminal of so many columns: with bold and faint text if `color`, else plain.
    ///
    /// Nothing is cut off, and nothing in it steers a terminal but what `color` asks for.
    #[must_use]
    pub fn terminal(&self, color: bool, width: usize) -> String {
        render::terminal(&self.pages(), color, width)
    }

    /// As GitHub's Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        render::markdown(&self.pages())
    }

    /// As JSON, on lines for people.
    #[must_use]
    pub fn json(&self) -> String {
        render::json(self)
    }

    fn pages(&self) -> Vec<page::Page> {
        self.sheets.iter().map(page::page).chain(accepted::page(&self.accepted)).collect()
    }
}
