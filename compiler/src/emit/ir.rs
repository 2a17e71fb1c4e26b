//! The IR itself, as JSON.

use super::EmittedFile;
use crate::CheckedContract;

/// The file `contract.json`.
#[must_use]
pub fn emit(contract: &CheckedContract) -> EmittedFile {
    EmittedFile { path: "contract.json".to_owned(), text: contract.contract().to_json() }
}
