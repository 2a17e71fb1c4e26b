//! Why a vocabulary of another root is not there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use slo_grammar::Place;
use slo_stdlib_mappings::vocabulary;

use super::RootText;
use crate::diagnostic::{Code, Diagnostic};
use crate::input::{InputFile, NotThere, Revision, Root};
use crate::manifest::VocabularySource;
use crate::pinned::LockProblem;
use crate::source::{SourceFile, SourceMap};

const FETCH: &str = "run `slo fetch` in the root that is checked: nothing else fetches";

const STALE: &str =
    "run `slo fetch`, and commit what it writes; `slo fetch --update` takes what a tag says today";

/// Why the vocabulary on this line is not there; none where that is said elsewhere.
pub(super) fn not_there(
    name: &str,
    source: &VocabularySource,
    place: Place,
    why: Option<&NotThere>,
) -> Option<Diagnostic> {
    let told = |code, message: String, help: &str| {
        Some(Diagnostic::new(code, place, message).about(name).help(help))
    };
    let by_path = "a path leads from this root to the folder of another one, which holds its `slo.toml`";
    let by_path_there =
        "the root's folder is named by its path from the top of what is fetched: `path = \"slo\"`";
    let unknown = |why: &str| format!("the vocabulary `{name}` is not there: {why}");
    match (why, source) {
        (None, VocabularySource::Path(path)) => {
            told(Code::UnknownVocabulary, unknown(&format!("nothing was read of `{path}`")), by_path)
        }
        (None, VocabularySource::Elsewhere(elsewhere)) => {
            let why = format!("`{}` is not fetched", elsewhere.source);
            told(Code::UnknownVocabulary, unknown(&why), FETCH)
        }
        (None, VocabularySource::BuiltIn(_))
        | (Some(NotThere::BadLock | NotThere::OtherRevision { .. }), _) => None,
        (Some(NotThere::Because(why)), VocabularySource::Elsewhere(_)) => {
            told(Code::UnknownVocabulary, unknown(why), by_path_there)
        }
        (Some(NotThere::Because(why)), _) => told(Code::UnknownVocabulary, unknown(why), by_path),
        (Some(NotThere::NotFetched(why)), _) => told(Code::UnknownVocabulary, unknown(why), FETCH),
        (Some(NotThere::Stale(why)), _) => {
            told(Code::StaleLock, format!("the vocabulary `{name}` is not as it is locked: {why}"), STALE)
        }
    }
}

/// Why the indexes that `[fleet]` names are not there; none where that is said elsewhere.
#[cfg(feature = "fleet")]
pub(crate) fn fleet_not_there(place: Place, why: &NotThere) -> Option<Diagnostic> {
    let (code, message, help) = match why {
        NotThere::BadLock | NotThere::OtherRevision { .. } => return None,
        NotThere::Because(why) | NotThere::NotFetched(why) => {
            (Code::UnknownVocabulary, format!("the indexes of the fleet are not there: {why}"), FETCH)
        }
        NotThere::Stale(why) => (Code::StaleLock, format!("the fleet is not as it is locked: {why}"), STALE),
    };
    Some(Diagnostic::new(code, place, message).about("fleet").help(help))
}

/// That `slo.lock` can't be used. Its text is one of the run's then.
pub(super) fn bad_lock(
    file: &InputFile,
    root: usize,
    problem: &LockProblem,
    sources: &mut SourceMap,
) -> Diagnostic {
    let (name, path, text) = (file.name.clone(), file.path.clone(), Arc::clone(&file.text));
    let id = sources.add(SourceFile { name, path, root, text, owner: None });
    let place = Place::new(id, problem.place.start as u32, problem.place.end as u32);
    Diagnostic::new(Code::StaleLock, place, &problem.message).help(&problem.help)
}

/// Where two revisions of one root come together, each with both ways from the contract's own manifest.
pub(super) fn two_revisions(roots: &[Root], list: &[RootText]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (own, root) in roots.iter().enumerate() {
        for (at, (_, link)) in root.vocabularies.iter().enumerate() {
            let Err(NotThere::OtherRevision { root: other, leads_to, first, second }) = link else {
                continue;
            };
            let (namer, at) = leads_to.unwrap_or((own, at));
            let Some((name, place)) = line(roots, list, namer, at) else { continue };
            let said = |revision: &Option<Revision>| match revision {
                Some(revision) => format!("takes the revision {revision}"),
                None => "takes a folder of this disk".to_owned(),
            };
            let mut ways = way(roots, list, own, namer);
            ways.push((place, said(second)));
            let mut others = way(roots, list, own, *other);
            if let Some((_, text)) = others.last_mut() {
                *text = said(first);
            }
            // A part that both ways share is said once.
            others.retain(|(place, _)| !ways.iter().any(|(known, _)| known == place));
            let mut all = ways.into_iter().chain(others);
            let Some((primary, text)) = all.next() else { continue };
            let message = format!("the contract stands on two revisions of the vocabulary `{name}`");
            let diagnostic = Diagnostic::new(Code::TwoRevisions, primary, message).about(name).here(text);
            let diagnostic = all.fold(diagnostic, |diagnostic, (place, text)| diagnostic.and(place, text));
            let diagnostic = match *other == own {
                true => diagnostic.note("the other one is the contract itself"),
                false => diagnostic,
            };
            found.push(diagnostic.help(
                "let both lines name one revision: where one of them is another team's, take a release of it that does",
            ));
        }
    }
    found
}

/// Where two versions of one built-in vocabulary come together, each with both ways from the contract's own manifest.
pub(super) fn two_versions(roots: &[Root], list: &[RootText]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (own, root) in list.iter().enumerate() {
        let mut versions: BTreeMap<&str, (&str, usize, Place)> = BTreeMap::new();
        for (number, other) in root.reach.iter().filter_map(|number| Some((*number, list.get(*number)?))) {
            for (name, source, place) in other.manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
                let VocabularySource::BuiltIn(version) = source else { continue };
                let (first, namer, at) = *versions.entry(name).or_insert((version, number, *place));
                // What isn't there at all is told at its own line.
                let are_there = [first, version].iter().all(|version| vocabulary(name, version).is_some());
                if first == version || !are_there {
                    continue;
                }
                let ways = [(number, *place, version.as_str()), (namer, at, first)].map(
                    |(namer, place, version)| {
                        let mut way = way(roots, list, own, namer);
                        way.push((place, format!("takes version {version}")));
                        way
                    },
                );
                let mut seen = Vec::new();
                let mut all = ways.into_iter().flatten().filter(|(place, _)| {
                    let is_new = !seen.contains(place);
                    seen.push(*place);
                    is_new
                });
                let Some((primary, text)) = all.next() else { continue };
                let message = format!("the contract stands on two versions of the vocabulary `{name}`");
                let diagnostic = Diagnostic::new(Code::TwoRevisions, primary, message).about(name).here(text);
                let diagnostic =
                    all.fold(diagnostic, |diagnostic, (place, text)| diagnostic.and(place, text));
                found.push(diagnostic.help("let both lines name one version"));
            }
        }
    }
    found
}

/// The name of a vocabulary of a root, and its line.
fn line<'r>(roots: &'r [Root], list: &[RootText], namer: usize, at: usize) -> Option<(&'r str, Place)> {
    let (name, _) = roots.get(namer)?.vocabularies.get(at)?;
    let manifest = list.get(namer)?.manifest.as_ref()?;
    let (.., place) = manifest.vocabularies.iter().find(|(named, ..)| named == name)?;
    Some((name, *place))
}

/// The lines that lead from a contract's own manifest to a root, by the shortest way.
fn way(roots: &[Root], list: &[RootText], own: usize, root: usize) -> Vec<(Place, String)> {
    // By which root, and which line of it, each was reached first.
    let mut reached: BTreeMap<usize, Option<(usize, usize)>> = BTreeMap::from([(own, None)]);
    let mut open = VecDeque::from([own]);
    while let Some(namer) = open.pop_front().filter(|_| !reached.contains_key(&root)) {
        let named = roots.get(namer).into_iter().flat_map(|root| root.vocabularies.iter().enumerate());
        for (at, (_, link)) in named {
            let next = match link {
                Ok(number) => *number,
                // The line leads there all the same; behind it, what was found is known of whom it leads to.
                Err(NotThere::OtherRevision { leads_to: Some((through, _)), .. }) => *through,
                Err(_) => continue,
            };
            if let Entry::Vacant(vacant) = reached.entry(next) {
                vacant.insert(Some((namer, at)));
                open.push_back(next);
            }
        }
    }
    let mut way = Vec::new();
    let mut at = root;
    while let Some(Some((namer, line_at))) = reached.get(&at) {
        let place = line(roots, list, *namer, *line_at);
        way.extend(place.map(|(_, place)| (place, "leads to one of them".to_owned())));
        at = *namer;
    }
    way.reverse();
    way
}
