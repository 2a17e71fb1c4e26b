//! A run over contract roots: each is read once, and made and checked once, by itself, with what it stands on; then what is
//! found of each is told of those that stand on it.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use slo_grammar::{FileId, Place, SyntaxTree};

use crate::accept::{self, Acceptance, Accepted, Applied};
use crate::check::{self, CheckedContract};
use crate::diagnostic::{self, Class, Code, Diagnostic, Reported, Severity};
use crate::hash::{HashMap, HashSet};
use crate::house;
use crate::input::Input;
use crate::ir::Contract;
use crate::ir::draft::{self, Draft};
use crate::lower;
use crate::manifest::Manifest;
use crate::plan::{Arena, Plan};
use crate::policy::{Announced, Notice, Policies};
use crate::resolve;
use crate::roots::{Findings, Roots};
use crate::session::{Kept, Session};
use crate::source::{Additions, SourceMap};
use crate::target;

/// What is asked of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What is found of it, and its contract.
    Checked,
    /// Its contract, of a root in which this compiler has found no error, nor in what it stands on: neither is checked again.
    Sound,
    /// What is asked of its contract alone, as far as that can be made.
    #[cfg_attr(not(feature = "fleet"), allow(dead_code, reason = "a contract by itself is always checked"))]
    Made,
}

/// What is known of a root after a run.
#[derive(Debug)]
pub(crate) struct Judged<T> {
    /// The findings, in the order of the text: none of a root that was only made.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The manifest, where it can be read.
    pub(crate) manifest: Option<Manifest>,
    /// The contract, where nothing in it is unknown.
    pub(crate) contract: Option<Arc<Contract>>,
    /// The contract, where there is no error.
    pub(crate) checked: Option<CheckedContract>,
    /// The findings that the contract accepts, and those that what it stands on accepts of itself.
    pub(crate) accepted: Vec<Accepted>,
    /// What accepts nothing here and stays.
    pub(crate) outgrown: Vec<Acceptance>,
    /// The root's own rules that are to be errors from a day on.
    pub(crate) announced: Vec<Announced>,
    pub(crate) notices: Vec<Notice>,
    /// Where more is found than is shown, all of it that can be accepted.
    pub(crate) acceptable: Vec<Diagnostic>,
    /// What the root stands on: vocabularies by their own names, with their versions.
    pub(crate) stands_on: Vec<(String, String)>,
    /// What was asked of the contract.
    #[cfg_attr(not(feature = "fleet"), allow(dead_code, reason = "a contract by itself is asked nothing"))]
    pub(crate) answer: Option<T>,
}

/// A root by itself.
struct Made<T> {
    /// What is found in it, before what it stands on is known.
    found: Vec<Diagnostic>,
    /// What of that is accepted.
    applied: Applied,
    /// Its own rules that are to be errors from a day on.
    announced: Vec<Announced>,
    notices: Vec<Notice>,
    /// What Rust can't be made of.
    for_rust: Vec<Diagnostic>,
    /// The contract, or why it can't be known; none without a manifest.
    contract: Option<Result<Contract, Reported>>,
    answer: Option<T>,
    /// The texts that join the run with it.
    added: SourceMap,
    kept: Kept,
}

/// Judges the roots of these numbers; of each contract that can be made something may be asked right away.
pub(crate) fn run<T: Send>(
    input: &Input<'_>,
    asked: &[(usize, Asked)],
    mut session: Option<&mut Session>,
    ask: &(dyn Fn(&Contract) -> T + Sync),
) -> (SourceMap, Vec<Judged<T>>) {
    let mut sources = SourceMap::default();
    let (mut roots, read) = Roots::read(input, session.as_deref_mut(), &mut sources);
    resolve::fields_of_groups(&mut roots);
    let jobs = jobs(&roots, asked);
    let kept = session.as_deref_mut().map(|session| std::mem::take(&mut session.attributes));
    // What is kept is the first contract's.
    let kept = Mutex::new(kept);
    let read = Mutex::new(read);
    let made = in_parallel(&jobs, |place, (root, what)| {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner).take_if(|_| place == 0);
        let found = read.lock().unwrap_or_else(PoisonError::into_inner).take(*root);
        let roots = roots.of(*root);
        make(&Job { roots, input, sources: &sources, what: *what, ask }, kept, found)
    });
    let mut tables: HashMap<String, FileId> = HashMap::default();
    let mut found: HashMap<usize, Vec<Diagnostic>> = HashMap::default();
    let mut of_root: HashMap<usize, Made<T>> = HashMap::default();
    let checked = asked.iter().filter(|(_, what)| *what == Asked::Checked);
    let stood_on: BTreeSet<usize> = checked
        .flat_map(|(root, _)| roots.reached(*root).map(|(other, _)| other).filter(move |other| other != root))
        .collect();
    let first = sources.files().len();
    for ((root, _), mut made) in jobs.iter().zip(made) {
        join(&mut made, first, &mut sources, &mut tables);
        if stood_on.contains(root) {
            found.insert(*root, made.found.iter().chain(&made.for_rust).cloned().collect());
        }
        of_root.insert(*root, made);
    }
    if let (Some(session), Some((first, _))) = (session, asked.first()) {
        session.attributes =
            of_root.get_mut(first).map(|made| std::mem::take(&mut made.kept)).unwrap_or_default();
    }
    // What a root that a contract stands on leaves unknown.
    let is_unknown =
        |made: &Made<T>| made.contract.as_ref().and_then(|contract| contract.as_ref().err().copied());
    let unknown: HashMap<usize, Reported> =
        of_root.iter().filter_map(|(root, made)| Some((*root, is_unknown(made)?))).collect();
    let judged = asked.iter().map(|(root, what)| {
        let roots_of = roots.of(*root);
        let made = of_root.remove(root);
        let unknown = roots_of.list.iter().skip(1).find_map(|other| unknown.get(&other.number)).copied();
        settle(made, *what, &roots_of, &found, unknown, &sources)
    });
    let judged = judged.collect();
    (sources, judged)
}

/// The roots to make, in a fixed order: those that were asked for, and what those stand on whose findings are asked for.
fn jobs(roots: &Roots, asked: &[(usize, Asked)]) -> Vec<(usize, Asked)> {
    let mut jobs = asked.to_vec();
    let mut numbers: BTreeSet<usize> = asked.iter().map(|(root, _)| *root).collect();
    for (root, _) in asked.iter().filter(|(_, what)| *what == Asked::Checked) {
        for (other, text) in roots.reached(*root) {
            if text.is_built_in {
                continue;
            }
            if numbers.insert(other) {
                jobs.push((other, Asked::Checked));
            } else if let Some(job) = jobs.iter_mut().find(|(root, _)| *root == other) {
                job.1 = Asked::Checked;
            }
        }
    }
    jobs
}

/// Does all jobs, and gives what comes of them in their order.
pub(crate) fn in_parallel<J: Sync, R: Send>(jobs: &[J], work: impl Fn(usize, &J) -> R + Sync) -> Vec<R> {
    /// A thread costs about as much as a few small roots.
    const JOBS_A_THREAD: usize = 4;
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(jobs.len() / JOBS_A_THREAD);
    if threads <= 1 {
        return jobs.iter().enumerate().map(|(place, job)| work(place, job)).collect();
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(place) else { return done };
            done.push((place, work(place, job)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let done = workers.into_iter().map(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.flatten().collect()
    });
    crate::sort::by_key(&mut done, |(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

struct Job<'j, 'i, T> {
    /// What the root sees, itself first.
    roots: Roots,
    input: &'j Input<'i>,
    sources: &'j SourceMap,
    what: Asked,
    ask: &'j (dyn Fn(&Contract) -> T + Sync),
}

/// Makes a root by itself, and checks it where that is asked.
fn make<T>(job: &Job<'_, '_, T>, kept: Option<Kept>, mut found: Vec<Diagnostic>) -> Made<T> {
    let Job { roots, input, sources, what, ask } = job;
    let Some(manifest) = roots.manifest(0) else {
        let (added, kept) = (SourceMap::default(), Kept::default());
        return Made {
            found,
            applied: Applied::default(),
            announced: Vec::new(),
            notices: Vec::new(),
            for_rust: Vec::new(),
            contract: None,
            answer: None,
            added,
            kept,
        };
    };
    let folders = folders(job);
    let mut resolving = Findings::of(roots);
    let resolved = resolve::resolve(roots, &folders, &mut resolving);
    found.extend(resolving.take(0));
    let data = |file: FileId, path: &str| {
        let root = roots.list.get(roots.of_file(file)).map_or(0, |root| root.number);
        match &input.data {
            Some(read) => read(root, path),
            None => Err("there are no other files here".to_owned()),
        }
    };
    let mut lowered = lower::lower(&resolved, 0, manifest, &data, kept, sources, &mut found);
    let sources = Additions::to(sources, lowered.added);
    lowered.draft.places.finish(&sources, |root| roots.list.iter().any(|other| other.number == root));
    let mut applied = Applied::default();
    let (mut announced, mut notices) = (Vec::new(), Vec::new());
    if *what == Asked::Checked {
        let mut of_others = Vec::new();
        let policies: Vec<Policies> = (0..roots.list.len())
            .map(|root| Policies::of(&resolved, root, if root == 0 { &mut found } else { &mut of_others }))
            .collect();
        let metrics = resolved.vocabularies.seen_metrics(0);
        let taken_in = check::TakenIn { tables: roots.tables(0).to_vec(), metrics };
        applied = check_own(roots, &policies, &lowered.draft, &taken_in, &mut found);
        announced = policies.first().map(Policies::announced).unwrap_or_default();
        notices = policies.first().map(Policies::notices).unwrap_or_default();
        applied.accepted.extend(accept_in_vocabularies(roots, &policies, &mut found));
    }
    let contract = lowered.draft.total();
    let answer = contract.as_ref().ok().map(ask);
    if *what == Asked::Made {
        // Nobody needs more of it: it is gone before the next one is made.
        let (added, kept) = (SourceMap::default(), Kept::default());
        let found = Vec::new();
        return Made {
            found,
            applied,
            announced,
            notices,
            for_rust: Vec::new(),
            contract: None,
            answer,
            added,
            kept,
        };
    }
    let (contract, for_rust) = match contract {
        Ok(contract) if manifest.rust && *what == Asked::Checked => {
            let contract = Arc::new(contract);
            let for_rust = match CheckedContract::new(&contract, &found) {
                Some(checked) => target::rust::refuse(&Plan::of(&Arena::default(), &checked)),
                None => Vec::new(),
            };
            (Ok(Arc::unwrap_or_clone(contract)), for_rust)
        }
        contract => (contract, Vec::new()),
    };
    let (contract, added, kept) = (Some(contract), sources.added(), lowered.kept);
    Made { found, applied, announced, notices, for_rust, contract, answer, added, kept }
}

/// Checks the draft of the first root by its own rules and settings and those of its vocabularies, and takes out what it
/// accepts.
fn check_own(
    roots: &Roots,
    policies: &[Policies],
    draft: &draft::Contract,
    taken_in: &check::TakenIn<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Applied {
    let rules = house::rules(policies, roots, 0, diagnostics);
    let settings = house::settings(roots, 0, diagnostics);
    let before = diagnostics.len();
    check::check(draft, &rules, taken_in, diagnostics);
    if let Some(house::Settings { prometheus, logs, traces }) = settings {
        let together = draft::Contract { prometheus, logs, traces, ..draft.clone() };
        let mut found = Vec::new();
        check::check(&together, &[], taken_in, &mut found);
        let key = |finding: &Diagnostic| (finding.code, finding.place(), finding.message.clone());
        let together: HashSet<_> = found.iter().map(key).collect();
        for finding in diagnostics.iter_mut().skip(before).filter(|finding| !together.contains(&key(finding)))
        {
            if finding.code.class() == Class::Unproved {
                finding.notes.push(
                    "it is not found under the settings of a vocabulary that the contract stands on: say them in `slo.toml`, too"
                        .to_owned(),
                );
            }
        }
        let known: HashSet<_> = diagnostics.iter().map(key).collect();
        let new = found.into_iter().filter(|finding| !known.contains(&key(finding)));
        diagnostics.extend(new.map(|finding| {
            finding.of_house().note("a vocabulary that the contract stands on says so, in its `slo.toml`")
        }));
    }
    let acceptances = policies.first().map_or(&[][..], |policies| &policies.acceptances);
    accept::apply(acceptances, diagnostics, |code| code.is_asked_for() || code.is_of_fleet())
}

/// Takes out what the vocabularies of the first root have accepted of themselves.
fn accept_in_vocabularies(
    roots: &Roots,
    policies: &[Policies],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Accepted> {
    let others = roots.reached(0).map(|(other, _)| other).filter(|other| *other != 0);
    let accepted = others.flat_map(|other| {
        let acceptances = policies.get(other).map_or(&[][..], |policies| &policies.acceptances);
        accept::of_vocabulary(acceptances, &|finding| roots.of_finding(finding) == other, diagnostics)
    });
    accepted.collect()
}

/// The root and the folder in it that a tree's file stands in.
fn folders<T>(job: &Job<'_, '_, T>) -> impl Fn(&SyntaxTree) -> (usize, String) {
    move |tree: &SyntaxTree| {
        let path = job.sources.file(tree.file).map_or("", |file| file.path.as_str());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        (job.roots.of_file(tree.file), folder.to_owned())
    }
}

/// Has the texts join the run that came with a root: those of a built-in vocabulary once, however many roots took it in.
fn join<T>(made: &mut Made<T>, first: usize, sources: &mut SourceMap, tables: &mut HashMap<String, FileId>) {
    let added = std::mem::take(&mut made.added);
    let numbers: Vec<FileId> = added
        .into_files()
        .map(|file| match tables.get(&file.path) {
            Some(number) => *number,
            None => {
                let path = file.path.clone();
                let number = sources.add(file);
                tables.insert(path, number);
                number
            }
        })
        .collect();
    if numbers.iter().zip(first..).all(|(number, same)| number.0 as usize == same) {
        return;
    }
    if let Some(Ok(contract)) = &mut made.contract {
        contract.places.renumber(first, &numbers);
    }
    let accepted = made.applied.accepted.iter_mut().map(|accepted| &mut accepted.finding);
    for finding in made.found.iter_mut().chain(&mut made.for_rust).chain(accepted) {
        let labels = finding.labels.iter_mut().map(|label| &mut label.place);
        for place in labels.chain(finding.fixes.iter_mut().map(|fix| &mut fix.place)) {
            let number = (place.file.0 as usize).checked_sub(first).and_then(|index| numbers.get(index));
            place.file = number.copied().unwrap_or(place.file);
        }
    }
}

/// What is known of a root, now that what it stands on is.
fn settle<T>(
    made: Option<Made<T>>,
    what: Asked,
    roots: &Roots,
    found: &HashMap<usize, Vec<Diagnostic>>,
    unknown: Option<Reported>,
    sources: &SourceMap,
) -> Judged<T> {
    let mut judged = Judged {
        diagnostics: Vec::new(),
        manifest: roots.manifest(0).cloned(),
        contract: None,
        checked: None,
        accepted: Vec::new(),
        outgrown: Vec::new(),
        announced: Vec::new(),
        notices: Vec::new(),
        acceptable: Vec::new(),
        stands_on: stands_on(roots),
        answer: None,
    };
    let Some(Made {
        found: mut diagnostics, applied, announced, notices, for_rust, contract, answer, ..
    }) = made
    else {
        return judged;
    };
    judged.answer = answer;
    if what == Asked::Made {
        return judged;
    }
    let own = roots.list.first().map_or(FileId(0), |root| root.first_file());
    let Some(contract) = contract else {
        diagnostic::arrange(&mut diagnostics, sources, own);
        return Judged { diagnostics, manifest: None, ..judged };
    };
    if what == Asked::Sound {
        // What can be accepted was accepted, where it is an error.
        diagnostics.retain(|finding| finding.class() == Class::Invalid);
    }
    let unsound = roots.unsound(found);
    // What is wrong in a vocabulary by itself is told once, by its name.
    diagnostics.retain(|finding| !unsound.contains_key(&roots.of_finding(finding)));
    diagnostics.extend(roots.name_unsound(&unsound));
    judged.contract = match unknown.map_or(contract, Err) {
        Ok(contract) => Some(Arc::new(contract)),
        Err(reported) => {
            reported.is_among(&mut diagnostics);
            None
        }
    };
    let contract = judged.contract.as_ref();
    judged.checked = contract.and_then(|contract| CheckedContract::new(contract, &diagnostics));
    if judged.checked.is_some() {
        if for_rust.iter().any(|finding| finding.severity == Severity::Error) {
            judged.checked = None;
        }
        diagnostics.extend(for_rust);
    }
    let behind = take_behind(&mut diagnostics);
    let acceptable = match diagnostics.len() > diagnostic::MOST_SHOWN || !behind.is_empty() {
        true => {
            let all = diagnostics.iter().chain(&behind);
            all.filter(|finding| finding.class() != Class::Invalid).cloned().collect()
        }
        false => Vec::new(),
    };
    diagnostic::arrange(&mut diagnostics, sources, own);
    let Applied { accepted, outgrown } = applied;
    Judged { diagnostics, accepted, outgrown, announced, notices, acceptable, ..judged }
}

/// Takes out what stands behind another finding; where that one is accepted, it stands by itself.
fn take_behind(diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.iter().all(|finding| finding.behind.is_none()) {
        return Vec::new();
    }
    let told: HashSet<(Code, Place)> =
        diagnostics.iter().filter_map(|finding| Some((finding.code, finding.place()?))).collect();
    let is_behind =
        |finding: &Diagnostic| finding.behind.as_ref().is_some_and(|other| told.contains(&**other));
    let (behind, mut rest): (Vec<_>, Vec<_>) = std::mem::take(diagnostics).into_iter().partition(is_behind);
    rest.iter_mut().for_each(|finding| finding.behind = None);
    *diagnostics = rest;
    behind
}

/// What the first root stands on.
fn stands_on(roots: &Roots) -> Vec<(String, String)> {
    let built_in = roots.tables(0).iter().map(|table| (table.name.to_owned(), table.version.to_owned()));
    let others = roots.list.iter().skip(1).filter_map(|root| root.manifest.as_ref());
    let others = others.map(|manifest| (manifest.name.clone(), manifest.version.clone()));
    built_in.chain(others).collect()
}
