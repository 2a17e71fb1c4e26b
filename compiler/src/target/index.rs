//! What other contracts must know of one, as a small file: the index by which contracts of several repositories are compared.

use super::File;
use crate::CheckedContract;
use crate::index::Index;

/// The file `NAME.json`, by the contract's name.
#[must_use]
pub fn print(contract: &CheckedContract, stands_on: &[(String, String)]) -> File {
    let mut index = Index::of(contract.contract());
    index.head.stands_on = stands_on.iter().cloned().collect();
    let fits = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    let name: String =
        index.head.name.chars().map(|character| if fits(character) { character } else { '_' }).collect();
    // A hidden file is no member of a workspace.
    let name = name.trim_start_matches('.');
    File { path: format!("{}.json", if name.is_empty() { "index" } else { name }), text: index.to_json() }
}

/// Whether a text is an index of this or another format.
pub(super) fn is_index(text: &str) -> bool {
    text.starts_with("{\n\"index_format\": ")
}
