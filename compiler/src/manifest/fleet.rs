//! The table `[fleet]` of `slo.toml`: the others that a contract is held to.

use slo_grammar::Place;
use toml::de::DeTable;

use super::table::{Table, at};
use super::{TABLES, elsewhere};
use crate::diagnostic::{Code, Diagnostic};
use crate::pinned::{Elsewhere, is_sha256};
use crate::text::list;

/// The others that a contract is held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// Where their indexes are.
    pub source: FleetSource,
    /// Where that stands.
    pub place: Place,
    /// The SHA-256 of what is at a path of this disk, with its place.
    pub sha256: Option<(String, Place)>,
}

/// Where the indexes of the others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FleetSource {
    /// A folder of indexes, or a file, from the root.
    Path(String),
    /// In a repository or an archive, which `slo fetch` brings.
    Elsewhere(Elsewhere),
}

/// The keys that each way to name the others takes, the one that it is known by first.
const WAYS: [(&str, &[&str]); 3] = [
    ("git", &["git", "tag", "rev", "path"]),
    ("archive", &["archive", "sha256", "path"]),
    ("path", &["path", "sha256"]),
];

/// Reads the table, where there is one.
pub(super) fn read(
    raw: Option<&DeTable<'_>>,
    place: Option<Place>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Fleet> {
    let (raw, whole) = (raw?, place?);
    let before = diagnostics.len();
    let table = Table::read(raw, "fleet", TABLES, diagnostics);
    if diagnostics.len() > before {
        return None;
    }
    match of(raw, &table, whole) {
        Ok(fleet) => Some(fleet),
        Err(finding) => {
            diagnostics.push(*finding);
            None
        }
    }
}

fn of(raw: &DeTable<'_>, table: &Table<'_>, whole: Place) -> Result<Fleet, Box<Diagnostic>> {
    let way = WAYS.iter().find(|(way, _)| table.place(way).is_some());
    let Some((way, known)) = way else {
        let message = "`[fleet]` doesn't say where the indexes of the others are";
        let help = "write `path = \"../fleet\"`, a folder of indexes from this root; or `git = \"https://…\"` with `tag` or `rev`, or `archive = \"https://…\"` with `sha256`, which `slo fetch` brings";
        return Err(Box::new(Diagnostic::new(Code::Manifest, whole, message).help(help)));
    };
    if let Some((key, _)) = raw.iter().find(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
        let key_place = at(key.span());
        let key = key.get_ref();
        let message = match *way {
            "path" => format!("the fleet is named by its path, without `{key}`"),
            _ => format!("the fleet is named by {}, without `{key}`", list(known)),
        };
        let finding = Diagnostic::new(Code::Manifest, key_place, message).about(key.as_ref());
        return Err(Box::new(finding.help(format!("take `{key}` out"))));
    }
    let named = named(table.place(way).unwrap_or(whole));
    let place = named.place;
    let source = match *way {
        "git" => FleetSource::Elsewhere(named.git(raw)?),
        "archive" => FleetSource::Elsewhere(named.archive(raw)?),
        _ => {
            let path = named.text(raw, "path")?.map(|(path, _)| path).unwrap_or_default();
            FleetSource::Path(path.to_owned())
        }
    };
    let sha256 = table.text("sha256").filter(|_| matches!(source, FleetSource::Path(_)));
    if let Some((_, place)) = sha256.as_ref().filter(|(said, _)| !is_sha256(said)) {
        return Err(Box::new(
            Diagnostic::new(Code::Manifest, *place, "this is no SHA-256: it has 64 digits, `0` to `9` and `a` to `f`")
                .help("write what `sha256sum` prints of the file; of a folder, of the list that `sha256sum *.json` prints there"),
        ));
    }
    Ok(Fleet { source, place, sha256 })
}

fn named(place: Place) -> elsewhere::Named {
    elsewhere::Named {
        called: "the fleet".to_owned(),
        place,
        git: "write `git = \"https://…/fleet.git\"`, and `rev = \"…\"` with a commit's full hash, or `tag = \"…\"`".to_owned(),
        archive: "write `archive = \"https://…/indexes.tar.gz\"`, and `sha256 = \"…\"` with the 64 digits that `sha256sum` prints of it".to_owned(),
        path: "write `path = \"../fleet\"`, a folder of indexes from this root".to_owned(),
        inner_path: "name the folder of the indexes by its path from the top of what is fetched, such as `path = \"indexes\"`",
    }
}
