//! Why a vocabulary of another root is not there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use slo_grammar::Place;

use super::{RootText, built_in};
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
            let help = "let both lines name one revision: where one of them is another team's, take a release of it that does";
            found.extend(meeting("revisions", name, ways, others).map(|diagnostic| {
                let diagnostic = match *other == own {
                    true => diagnostic.note("the other one is the contract itself"),
                    false => diagnostic,
                };
                diagnostic.help(help)
            }));
        }
    }
    found
}

/// Where two versions of one built-in vocabulary come together, each with both ways from the contract's own manifest.
pub(super) fn two_versions(roots: &[Root], list: &[RootText]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (own, root) in list.iter().enumerate() {
        let mut known: BTreeMap<&str, (&str, usize, Place)> = BTreeMap::new();
        for (number, other) in root.reach.iter().filter_map(|number| Some((*number, list.get(*number)?))) {
            for (name, source, place) in other.manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
                let VocabularySource::BuiltIn(version) = source else { continue };
                // What isn't there at all is told at its own line.
                if !built_in::is_there(name, version) {
                    continue;
                }
                let (first, namer, at) = *known.entry(name).or_insert((version, number, *place));
                if first == version {
                    continue;
                }
                let [ways, others] = [(number, *place, version.as_str()), (namer, at, first)].map(
                    |(namer, place, version)| {
                        let mut way = way(roots, list, own, namer);
                        way.push((place, format!("takes version {version}")));
                        way
                    },
                );
                let comes_with_slo =
                    [number, namer].iter().any(|of| list.get(*of).is_some_and(|of| of.is_built_in));
                let help = match comes_with_slo {
                    true => {
                        "what comes with slo stands on the newest version: take that one, or take out what stands on it"
                    }
                    false => "let both lines name one version",
                };
                found.extend(meeting("versions", name, ways, others).map(|diagnostic| diagnostic.help(help)));
            }
        }
    }
    found
}

/// That two of something come together in a contract, by two ways; a part that both share is said once.
fn meeting(
    what: &str,
    name: &str,
    ways: Vec<(Place, String)>,
    mut others: Vec<(Place, String)>,
) -> Option<Diagnostic> {
    others.retain(|(place, _)| !ways.iter().any(|(known, _)| known == place));
    let mut all = ways.into_iter().chain(others);
    let (primary, text) = all.next()?;
    let message = format!("the contract stands on two {what} of the vocabulary `{name}`");
    let diagnostic = Diagnostic::new(Code::TwoRevisions, primary, message).about(name).here(text);
    Some(all.fold(diagnostic, |diagnostic, (place, text)| diagnostic.and(place, text)))
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
    let mut reached: BTreeMap<usize, Option<(usize, Place)>> = BTreeMap::from([(own, None)]);
    let mut open = VecDeque::from([own]);
    while let Some(namer) = open.pop_front().filter(|_| !reached.contains_key(&root)) {
        let named = list.get(namer).into_iter().flat_map(|root| root.named.iter().copied());
        let links = roots.get(namer).into_iter().flat_map(|root| root.vocabularies.iter().enumerate());
        // The line leads there all the same; behind it, what was found is known of whom it leads to.
        let others = links.filter_map(|(at, (_, link))| match link {
            Err(NotThere::OtherRevision { leads_to: Some((through, _)), .. }) => {
                Some((*through, line(roots, list, namer, at)?.1))
            }
            _ => None,
        });
        for (next, place) in named.chain(others) {
            if let Entry::Vacant(vacant) = reached.entry(next) {
                vacant.insert(Some((namer, place)));
                open.push_back(next);
            }
        }
    }
    let mut way = Vec::new();
    let mut at = root;
    while let Some(Some((namer, place))) = reached.get(&at) {
        way.push((*place, "leads to one of them".to_owned()));
        at = *namer;
    }
    way.reverse();
    way
}
