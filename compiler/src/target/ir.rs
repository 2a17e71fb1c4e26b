//! The IR itself, as JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::File;
use crate::CheckedContract;

/// The file `contract.json`.
#[must_use]
pub fn print(contract: &CheckedContract) -> File {
    File { path: "contract.json".to_owned(), text: contract.contract().to_json() }
}

/// Whether a text is a contract of this or another format: JSON holds no comment that could say so.
pub(super) fn is_contract(text: &str) -> bool {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "that they are there is what is asked")]
    struct Contract {
        format: u32,
        packages: Vec<IgnoredAny>,
        containers: Vec<IgnoredAny>,
        places: IgnoredAny,
    }
    text.starts_with('{') && serde_json::from_str::<Contract>(text).is_ok()
}
