//! Reads the indexes of the others that a contract is held to.
#![allow(clippy::disallowed_methods, reason = "this is part of the module that touches files")]

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::elsewhere::{Pins, file_of};
use super::workspace::{INDEX, MOST_MEMBERS, Unpack, index_texts, is_archive, read_bytes};
use super::{canonical, shown};
use crate::diagnostic::{Code, Diagnostic};
use crate::fleet::{FleetInput, Member, MemberSource};
use crate::input::{Input, InputFile, NotThere};
use crate::manifest::{Fleet, FleetSource};
use crate::pinned::{Elsewhere, index_files};
use crate::roots::fleet_not_there;

/// A contract root that was read, with the others that its `slo.toml` names under `[fleet]`.
///
/// # Errors
/// Gives the root back where it names none.
pub fn held_to_others(
    input: Input<'static>,
    unpack: Option<Unpack<'_>>,
) -> Result<FleetInput, Box<Input<'static>>> {
    let pins = input.roots.first().map(|own| Pins::of(&own.folder)).unwrap_or_default();
    held_to_others_with(input, &pins, unpack)
}

/// The same with what `slo fetch` brought of the others at other revisions, or from other folders.
///
/// # Errors
/// As those of [`held_to_others`].
pub fn held_to_others_with(
    input: Input<'static>,
    pins: &Pins,
    unpack: Option<Unpack<'_>>,
) -> Result<FleetInput, Box<Input<'static>>> {
    let own = input.roots.first();
    let named =
        own.and_then(|own| Some((own.folder.clone(), own.reading().manifest.as_ref()?.fleet.clone()?)));
    let Some((folder, fleet)) = named else { return Err(Box::new(input)) };
    let mut members = vec![Member { path: ".".to_owned(), place: None, source: MemberSource::Root(0) }];
    let mut problems = Vec::new();
    let texts = match &fleet.source {
        FleetSource::Path(path) => indexes(&folder.join(path), path, &fleet, unpack),
        FleetSource::Elsewhere(elsewhere) => brought(elsewhere, pins).or_else(|why| {
            let finding = fleet_not_there(fleet.place, &why);
            finding.map_or(Ok(Vec::new()), |finding| Err(Box::new(finding)))
        }),
    };
    match texts {
        Ok(texts) => {
            let source =
                |(path, text)| Member { path, place: Some(fleet.place), source: MemberSource::Index(text) };
            members.extend(texts.into_iter().map(source));
        }
        Err(finding) => problems.push(*finding),
    }
    Ok(FleetInput { input, members, problems, of_one: true, ..FleetInput::default() })
}

/// The indexes that `slo fetch` brought, by their paths in there.
fn brought(elsewhere: &Elsewhere, pins: &Pins) -> Result<Vec<(String, InputFile)>, NotThere> {
    let locked = pins.locked_fleet(elsewhere)?;
    let (folder, tree) = pins.tree(locked)?;
    // Another revision may have them elsewhere: what is locked says where.
    let at = match locked.indexes.first() {
        Some(path) if !locked.indexes.contains(&elsewhere.path) => {
            Elsewhere { source: locked.source.clone(), path: path.clone() }
        }
        _ => Elsewhere { source: locked.source.clone(), path: elsewhere.path.clone() },
    };
    let paths = index_files(tree.paths(), &at);
    if !(1..=MOST_MEMBERS).contains(&paths.len()) {
        let source = &locked.source;
        return Err(NotThere::Stale(format!("what is locked of `{source}` holds {} indexes", paths.len())));
    }
    let texts = paths.into_iter().filter_map(|path| {
        let mut file = file_of(&tree, "", path, &folder)?;
        file.name = shown(&folder.join(path));
        Some((path.to_owned(), file))
    });
    Ok(texts.collect())
}

/// The indexes at a path, if they are those that were meant.
fn indexes(
    path: &Path,
    shown: &str,
    fleet: &Fleet,
    unpack: Option<Unpack<'_>>,
) -> Result<Vec<(String, InputFile)>, Box<Diagnostic>> {
    let wrong = |message: String, help: &str| {
        Box::new(Diagnostic::new(Code::Manifest, fleet.place, message).about(shown).help(help))
    };
    let unreadable = |error: std::io::Error| {
        wrong(
            format!("`{shown}` can't be read: {error}"),
            "name a folder of indexes, or an index, as a path from this root",
        )
    };
    let is_folder = fs::metadata(path).map_err(unreadable)?.is_dir();
    let files: Vec<PathBuf> = match is_folder {
        true => folder(path).map_err(unreadable)?,
        false => vec![path.to_owned()],
    };
    if files.is_empty() {
        let help = "an index is a file `*.json`, which `slo build --target index` makes";
        return Err(wrong(format!("`{shown}` holds no index"), help));
    }
    if files.len() > MOST_MEMBERS {
        let help = "is this the folder that was meant?";
        return Err(wrong(format!("`{shown}` holds more than {MOST_MEMBERS} indexes"), help));
    }
    let name =
        |file: &Path| file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut texts: Vec<(String, InputFile)> = Vec::new();
    for file in &files {
        texts.extend(index_texts(&name(file), file, unpack).map_err(|(message, help)| wrong(message, help))?);
    }
    let hash =
        |bytes: &[u8]| -> String { Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect() };
    let found = match (is_folder, texts.first()) {
        (false, _) if is_archive(path) => {
            let folder = path.parent().map_or_else(PathBuf::new, canonical);
            hash(&read_bytes(path, &folder).unwrap_or_default())
        }
        (false, Some((_, file))) => hash(file.text.as_bytes()),
        _ => {
            let lines = texts.iter().map(|(name, file)| format!("{}  {name}\n", hash(file.text.as_bytes())));
            hash(lines.collect::<String>().as_bytes())
        }
    };
    match &fleet.sha256 {
        Some((said, place)) if *said != found => {
            let message = format!("`{shown}` is not what `slo.toml` says: its SHA-256 is {found}");
            let finding = Diagnostic::new(Code::OtherFleet, *place, message).about(shown);
            Err(Box::new(
                finding.help("take the indexes that were meant, or, where these are, write their hash here"),
            ))
        }
        _ => Ok(texts),
    }
}

/// The indexes in a folder, by their names.
fn folder(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let is_hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && file.extension().is_some_and(|ending| ending == INDEX) && file.is_file() {
            files.push(file);
        }
        if files.len() > MOST_MEMBERS {
            break;
        }
    }
    crate::sort::by(&mut files, Ord::cmp);
    Ok(files)
}
