//! The table `[fleet]` of `slo.toml`: the others that a contract is held to.

use slo_grammar::Place;

use super::TABLES;
use super::table::Table;
use crate::diagnostic::{Code, Diagnostic};
use toml::de::DeTable;

/// The others that a contract is held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// A folder of indexes, or a file, from the root.
    pub path: String,
    /// Where the path stands.
    pub place: Place,
    /// The SHA-256 that is to be found there, with its place.
    pub sha256: Option<(String, Place)>,
}

/// Reads the table, where there is one.
pub(super) fn read(
    table: Option<&DeTable<'_>>,
    place: Option<Place>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Fleet> {
    let (table, whole) = (table?, place?);
    let before = diagnostics.len();
    let table = Table::read(table, "fleet", TABLES, diagnostics);
    if diagnostics.len() > before {
        return None;
    }
    let sha256 = table.text("sha256");
    if let Some((said, place)) = &sha256
        && !(said.len() == 64 && said.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    {
        diagnostics.push(
            Diagnostic::new(Code::Manifest, *place, "this is no SHA-256: it has 64 digits, `0` to `9` and `a` to `f`")
                .help("write what `sha256sum` prints of the file; of a folder, of the list that `sha256sum *.json` prints there"),
        );
        return None;
    }
    let path = table.text("path").filter(|(path, _)| !path.is_empty());
    let Some((path, place)) = path else {
        let place = table.place("path").unwrap_or(whole);
        let message = "`[fleet]` doesn't say where the indexes of the others are";
        diagnostics.push(
            Diagnostic::new(Code::Manifest, place, message)
                .help("write `path = \"../fleet\"`, a folder of indexes from this root"),
        );
        return None;
    };
    Some(Fleet { path, place, sha256 })
}
