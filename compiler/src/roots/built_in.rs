//! The vocabularies that come with the compiler.

use std::collections::BTreeMap;
use std::sync::Arc;

use slo_grammar::{FileId, Place};
use slo_stdlib_mappings::{MEANINGS, Meanings, VOCABULARIES, versions};

use super::{RootText, read_root};
use crate::diagnostic::{Code, Diagnostic};
use crate::input::{InputFile, Root};
use crate::manifest::VocabularySource;
use crate::source::SourceMap;
use crate::text::list_of;

/// Their names, with their versions.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tables = VOCABULARIES.iter().map(|table| (table.name, table.version));
    tables.chain(MEANINGS.iter().map(|meanings| (meanings.name, meanings.version)))
}

/// Whether a package is of one of them.
pub(crate) fn has(package: &str) -> bool {
    all().any(|(name, _)| {
        package.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether one is text, and is there in this version.
pub(super) fn is_text(name: &str, version: &str) -> bool {
    MEANINGS.iter().any(|meanings| (meanings.name, meanings.version) == (name, version))
}

/// Whether one is there in this version.
pub(super) fn is_there(name: &str, version: &str) -> bool {
    is_text(name, version) || versions(name).any(|known| known == version)
}

/// Why one is not there in this version, or what is not known of it.
pub(super) fn told(name: &str, version: &str, place: Place) -> Option<Diagnostic> {
    let newest = all().find(|(known, _)| *known == name).map(|(_, version)| version);
    if newest == Some(version) {
        return None;
    }
    if let Some(newest) = newest.filter(|_| is_there(name, version)) {
        let message = format!("of version {version} of `{name}` only the names are known");
        return Some(Diagnostic::new(Code::EarlierConventions, place, message).about(name).help(format!(
            "types, members, units and levels are those of {newest}; `slo import weaver` makes a vocabulary of {version} itself"
        )));
    }
    let message = match newest {
        Some(_) => format!("there is no version `{version}` of the vocabulary `{name}`"),
        None => format!("there is no built-in vocabulary `{name}`"),
    };
    let known: Vec<String> = all()
        .map(|(name, version)| {
            let first = versions(name).next().filter(|first| *first != version);
            let earlier = first.map(|first| format!(" and its versions from {first} on")).unwrap_or_default();
            format!("\"{name}\" = \"{version}\"{earlier}")
        })
        .collect();
    Some(Diagnostic::new(Code::UnknownVocabulary, place, message).about(name).help(format!(
        "this compiler has {}; another root is named by its path: {{ path = \"…\" }}",
        list_of(&known)
    )))
}

/// A vocabulary that is text, as a root.
pub(crate) fn root_of_meanings(meanings: &'static Meanings) -> Root {
    let file = |path: &str, text: &'static str| InputFile {
        name: format!("{}/{path}", meanings.name),
        ..InputFile::new(path, text)
    };
    let text = vec![file(meanings.file.path, meanings.file.text)];
    Root::new(file("slo.toml", meanings.manifest), text)
}

/// Adds the roots that are text, of those that manifests name, and links who names them to them.
pub(super) fn add(
    list: &mut Vec<RootText>,
    sources: &mut SourceMap,
    files: &mut Vec<(FileId, Arc<str>)>,
    found: &mut Vec<Vec<Diagnostic>>,
) {
    let mut numbers: BTreeMap<&'static str, usize> = BTreeMap::new();
    // Those that are added name others in turn.
    let mut at = 0;
    while let Some(root) = list.get(at) {
        let named = root.manifest.iter().flat_map(|manifest| &manifest.vocabularies);
        let named = named.filter_map(|(name, source, place)| match source {
            VocabularySource::BuiltIn(_) => {
                Some((MEANINGS.iter().find(|meanings| meanings.name == name)?, *place))
            }
            VocabularySource::Path(_) | VocabularySource::Elsewhere(_) => None,
        });
        for (meanings, place) in named.collect::<Vec<_>>() {
            let number = *numbers.entry(meanings.name).or_insert_with(|| {
                let root = root_of_meanings(meanings);
                let mut of_root = Vec::new();
                let number = list.len();
                list.push(read_root(&root, None, number, sources, files, &mut of_root));
                found.push(of_root);
                number
            });
            if let Some(root) = list.get_mut(at) {
                root.named.push((number, place));
            }
        }
        at += 1;
    }
}
