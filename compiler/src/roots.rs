//! The roots of a run: the contract's own, and those of its vocabularies. Each is read once, whatever stands on it, and
//! sees what it stands on and nothing else.

pub(crate) mod built_in;
mod elsewhere;

pub(crate) use built_in::all as built_in;
#[cfg(feature = "fleet")]
pub(crate) use elsewhere::fleet_not_there;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxTree, limits, parse_all};
use slo_stdlib_mappings::{VOCABULARIES, Vocabulary, vocabulary};

use crate::accept::{self, Acceptance};
use crate::diagnostic::{Class, Code, Diagnostic, Severity};
use crate::hash::HashMap;
use crate::input::{Input, InputFile, Problem, Root};
use crate::manifest::{Manifest, Reading, VocabularySource};
use crate::session::Session;
use crate::source::{BUILT_IN, SourceFile, SourceMap};
use crate::text::list_of;

/// The roots of a run; or those that one of them stands on, with that one first, as [`Roots::of`] gives them.
pub(crate) struct Roots {
    pub(crate) list: Vec<RootText>,
    /// The trees, root by root.
    pub(crate) trees: Vec<Arc<SyntaxTree>>,
    /// The root of each tree.
    of_tree: Vec<usize>,
}

/// What was read of a root.
#[derive(Clone)]
pub(crate) struct RootText {
    /// Its number in the whole run.
    pub(crate) number: usize,
    /// None where too little of it can be read to go on.
    pub(crate) manifest: Option<Manifest>,
    /// Whether it comes with the compiler: a test of the project holds it to be sound.
    pub(crate) is_built_in: bool,
    /// The folder, as a person would name it.
    folder: String,
    /// The numbers of its files, the manifest's first.
    files: Range<u32>,
    /// The numbers of its trees.
    pub(crate) trees: Range<usize>,
    /// What its baseline accepts.
    pub(crate) baseline: Vec<Acceptance>,
    /// The roots that its manifest names, by the places where it does.
    named: Vec<(usize, Place)>,
    /// All roots that it stands on, itself included.
    pub(crate) reach: BTreeSet<usize>,
    /// The built-in vocabularies that it stands on.
    pub(crate) tables: Vec<&'static Vocabulary>,
    /// How the packages' names begin of vocabularies that are not there: in any way where it is empty.
    pub(crate) missing: Vec<String>,
}

impl RootText {
    /// The number of the manifest's file.
    pub(crate) fn first_file(&self) -> FileId {
        FileId(self.files.start)
    }
}

/// What was found, by the roots whose mistakes it is.
pub(crate) struct Findings(Vec<Vec<Diagnostic>>);

impl Findings {
    /// Nothing yet, for so many roots.
    pub(crate) fn of(roots: &Roots) -> Findings {
        Findings(vec![Vec::new(); roots.list.len()])
    }

    /// Gives each finding to the root that its first place is in.
    pub(crate) fn distribute(&mut self, roots: &Roots, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            self.put(roots.of_finding(&diagnostic), [diagnostic]);
        }
    }

    pub(crate) fn put(&mut self, root: usize, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        if let Some(found) = self.0.get_mut(root) {
            found.extend(diagnostics);
        }
    }

    pub(crate) fn take(&mut self, root: usize) -> Vec<Diagnostic> {
        self.0.get_mut(root).map(std::mem::take).unwrap_or_default()
    }
}

impl Roots {
    /// Reads all manifests and all files.
    pub(crate) fn read(
        input: &Input<'_>,
        session: Option<&mut Session>,
        sources: &mut SourceMap,
    ) -> (Roots, Findings) {
        let mut files = Vec::new();
        let mut found = Findings(Vec::new());
        let mut list: Vec<RootText> = Vec::new();
        for (number, root) in input.roots.iter().enumerate() {
            let mut of_root = Vec::new();
            list.push(read_root(root, Some(number), number, sources, &mut files, &mut of_root));
            found.0.push(of_root);
        }
        built_in::add(&mut list, sources, &mut files, &mut found.0);
        let mut roots = Roots { list, trees: Vec::new(), of_tree: Vec::new() };
        for (number, root) in input.roots.iter().enumerate() {
            if let Some((file, problem)) = &root.bad_lock {
                found.put(number, [elsewhere::bad_lock(file, number, problem, sources)]);
            }
        }
        found.distribute(&roots, elsewhere::two_revisions(&input.roots, &roots.list));
        for root in 0..roots.list.len() {
            roots.reach(root);
        }
        found.distribute(&roots, elsewhere::two_versions(&input.roots, &roots.list));
        roots.trees = match session {
            Some(session) => session.trees(&files),
            // Nobody else holds them: what is turned in them is turned in place.
            None => parse_all(&files).into_iter().map(Arc::new).collect(),
        };
        roots.of_tree = roots.trees.iter().map(|tree| roots.of_file(tree.file)).collect();
        let errors = roots.trees.iter().flat_map(|tree| &tree.errors);
        found.distribute(&roots, errors.map(crate::syntax::syntax_diagnostic).collect());
        (roots, found)
    }

    /// What one root stands on, itself included and first: what it sees of the run.
    pub(crate) fn of(&self, root: usize) -> Roots {
        let own = self.list.get(root).map(|own| &own.reach);
        let others = own.into_iter().flatten().copied().filter(|other| *other != root);
        let numbers: Vec<usize> = std::iter::once(root).chain(others).collect();
        let here = |number: &usize| numbers.iter().position(|other| other == number);
        let mut roots = Roots { list: Vec::new(), trees: Vec::new(), of_tree: Vec::new() };
        for text in numbers.iter().filter_map(|number| self.list.get(*number)) {
            let first = roots.trees.len();
            roots.trees.extend(self.trees.get(text.trees.clone()).unwrap_or_default().iter().cloned());
            roots.of_tree.resize(roots.trees.len(), roots.list.len());
            let mut text = text.clone();
            text.trees = first..roots.trees.len();
            text.named = text.named.iter().filter_map(|(number, at)| Some((here(number)?, *at))).collect();
            text.reach = text.reach.iter().filter_map(here).collect();
            roots.list.push(text);
        }
        roots
    }

    pub(crate) fn manifest(&self, root: usize) -> Option<&Manifest> {
        self.list.get(root)?.manifest.as_ref()
    }

    /// The built-in vocabularies that a root stands on.
    pub(crate) fn tables(&self, root: usize) -> &[&'static Vocabulary] {
        self.list.get(root).map_or(&[], |root| &root.tables)
    }

    /// What the baseline of a root accepts.
    pub(crate) fn baseline(&self, root: usize) -> &[Acceptance] {
        self.list.get(root).map_or(&[], |root| &root.baseline)
    }

    /// The root of a file; the first one where it is of none.
    pub(crate) fn of_file(&self, file: FileId) -> usize {
        self.list.iter().position(|root| root.files.contains(&file.0)).unwrap_or_default()
    }

    /// The root of the file that a finding's first place stands in.
    pub(crate) fn of_finding(&self, finding: &Diagnostic) -> usize {
        finding.place().map_or(0, |place| self.of_file(place.file))
    }

    /// The root of a tree.
    pub(crate) fn of_tree(&self, tree: usize) -> usize {
        self.of_tree.get(tree).copied().unwrap_or_default()
    }

    /// What a root stands on, itself included.
    pub(crate) fn reached(&self, root: usize) -> impl Iterator<Item = (usize, &RootText)> {
        let reach = self.list.get(root).map(|root| &root.reach);
        reach.into_iter().flatten().filter_map(|number| Some((*number, self.list.get(*number)?)))
    }

    /// Whether a root stands on another one, or is it.
    pub(crate) fn reaches(&self, root: usize, other: usize) -> bool {
        self.list.get(root).is_some_and(|root| root.reach.contains(&other))
    }

    /// Follows what a root names, and notes what comes with it.
    fn reach(&mut self, root: usize) {
        let mut reach = BTreeSet::from([root]);
        let mut open = vec![root];
        while let Some(number) = open.pop() {
            let named = self.list.get(number).map_or(&[][..], |root| &root.named);
            open.extend(named.iter().map(|(other, _)| *other).filter(|other| reach.insert(*other)));
        }
        let mut tables: Vec<&'static Vocabulary> = Vec::new();
        let mut missing = Vec::new();
        for number in &reach {
            let Some(other) = self.list.get(*number) else { continue };
            let manifest = other.manifest.as_ref();
            if manifest.is_none() && *number != root {
                missing.push(String::new());
            }
            for (name, source, _) in manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
                let named = match source {
                    VocabularySource::BuiltIn(version) => Some(version),
                    VocabularySource::Path(_) | VocabularySource::Elsewhere(_) => None,
                };
                let Some(version) = named else { continue };
                let table = vocabulary(name, version);
                // Of a version that isn't there, the newest names are good enough to go on with.
                let newest = || VOCABULARIES.iter().find(|table| table.name == name).copied();
                if let Some(table) = table.or_else(newest)
                    && !tables.iter().any(|other| other.name == table.name)
                {
                    tables.push(table);
                }
                if table.is_none() && !built_in::is_text(name, version) {
                    missing.push(name.clone());
                }
            }
            missing.extend(other.missing.iter().cloned());
        }
        if let Some(root) = self.list.get_mut(root) {
            (root.reach, root.tables, root.missing) = (reach, tables, missing);
        }
    }

    /// How many errors each root has that is not sound, but for the first: of what each finds by itself, by the roots'
    /// numbers in the whole run. A rule that one breaks is for whoever keeps it. What one finds in another that is not sound by itself is that one's matter.
    pub(crate) fn unsound(&self, found: &HashMap<usize, Vec<Diagnostic>>) -> BTreeMap<usize, usize> {
        // The root that each stands in, and how many it is told for.
        let errors = |number: usize| -> Vec<(usize, usize)> {
            let found = self.list.get(number).and_then(|root| found.get(&root.number));
            let is_error =
                |finding: &&Diagnostic| finding.severity == Severity::Error && finding.class() != Class::Rule;
            let errors = found.into_iter().flatten().filter(is_error);
            errors.map(|finding| (self.of_finding(finding), finding.more.max(1))).collect()
        };
        let errors: Vec<Vec<(usize, usize)>> =
            (0..self.list.len()).map(|root| if root == 0 { Vec::new() } else { errors(root) }).collect();
        let by_itself: Vec<bool> = errors
            .iter()
            .enumerate()
            .map(|(root, errors)| errors.iter().any(|(place, _)| *place == root))
            .collect();
        let counts = errors.iter().enumerate().map(|(root, errors)| {
            let is_own = |place: usize| place == root || !by_itself.get(place).copied().unwrap_or_default();
            (root, errors.iter().filter(|(place, _)| is_own(*place)).map(|(_, count)| count).sum())
        });
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// One finding for each line of the contract's manifest that names what is not sound, or what stands on it.
    pub(crate) fn name_unsound(&self, errors: &BTreeMap<usize, usize>) -> Vec<Diagnostic> {
        let Some(own) = self.list.first() else { return Vec::new() };
        let mut named = own.named.clone();
        crate::sort::by_key(&mut named, |(_, place)| *place);
        // What the manifest names itself belongs to its own line, and to no other that leads to it as well.
        let direct: BTreeSet<usize> = named.iter().map(|(number, _)| *number).collect();
        let mut left: BTreeMap<usize, usize> = errors.clone();
        let mut diagnostics = Vec::new();
        for (number, place) in named {
            let here = self.reached(number).filter(|(other, _)| *other == number || !direct.contains(other));
            let here: Vec<(usize, usize, &str)> = here
                .filter_map(|(other, text)| Some((other, left.remove(&other)?, text.folder.as_str())))
                .collect();
            if !here.is_empty() {
                diagnostics.push(self.unsound_vocabulary(number, place, &here));
            }
        }
        diagnostics
    }

    /// That a vocabulary is not sound, or stands on what is not: each such root, with its errors and its folder.
    fn unsound_vocabulary(
        &self,
        number: usize,
        place: Place,
        unsound: &[(usize, usize, &str)],
    ) -> Diagnostic {
        let manifest = self.manifest(0).into_iter().flat_map(|manifest| &manifest.vocabularies);
        let name = manifest.filter(|(.., at)| *at == place).map(|(name, ..)| name.as_str()).next();
        let name = name.unwrap_or_default();
        let why = unsound.iter().map(|(other, errors, folder)| {
            let errors = match errors {
                1 => "an error".to_owned(),
                several => format!("{several} errors"),
            };
            match *other == number {
                true => format!("it has {errors}"),
                false => format!("`{folder}`, on which it stands, has {errors}"),
            }
        });
        let why: Vec<String> = why.collect();
        let commands: Vec<String> =
            unsound.iter().map(|(.., folder)| format!("`slo check {folder}`")).collect();
        let verb = if commands.len() == 1 { "shows" } else { "show" };
        let message = format!("the vocabulary `{name}` is not sound: {}", list_of(&why));
        Diagnostic::new(Code::UnsoundVocabulary, place, message)
            .about(name)
            .help(format!("{} {verb} what is wrong", list_of(&commands)))
    }
}

/// Adds a root's texts to the run's; a file that has none is reported. One that is none of the input comes with the compiler.
fn read_root(
    root: &Root,
    input: Option<usize>,
    number: usize,
    sources: &mut SourceMap,
    files: &mut Vec<(FileId, Arc<str>)>,
    found: &mut Vec<Diagnostic>,
) -> RootText {
    let owner = root.reading().manifest.as_ref().and_then(|manifest| manifest.owner.clone());
    let first_file = sources.files().len() as u32;
    let of = input.unwrap_or(BUILT_IN);
    let mut add = |file: &InputFile, found: &mut Vec<Diagnostic>| {
        let text = Arc::clone(&file.text);
        let (name, path, owner) = (file.name.clone(), file.path.clone(), owner.clone());
        let id = sources.add(SourceFile { name, path, root: of, text: Arc::clone(&text), owner });
        found.extend(file.problem.as_ref().map(|problem| problem_diagnostic(id, &file.name, problem)));
        (id, text)
    };
    let (id, _) = add(&root.manifest, found);
    let unreadable = root.manifest.problem.is_some();
    let Reading { manifest, diagnostics } = match unreadable {
        true => Reading { manifest: None, diagnostics: Vec::new() },
        false => root.reading().in_file(id),
    };
    found.extend(diagnostics);
    let first = files.len();
    // What has no manifest has no files that could be judged.
    for file in root.files.iter().filter(|_| !unreadable) {
        let entry = add(file, found);
        if file.problem.is_none() {
            files.push(entry);
        }
    }
    // A file that can't be read is one all the same.
    if root.files.is_empty() && manifest.is_some() {
        found.push(
            Diagnostic::new(Code::EmptyRoot, Place::new(id, 0, 0), "the contract root holds no `.slo` file")
                .help("add one that begins with `package NAME`"),
        );
    }
    let mut named = Vec::new();
    let mut missing = Vec::new();
    for (name, source, place) in manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
        match source {
            VocabularySource::BuiltIn(version) => found.extend(built_in::told(name, version, *place)),
            VocabularySource::Path(_) | VocabularySource::Elsewhere(_) => {
                let link = root.vocabularies.iter().find(|(other, _)| other == name);
                match link.map(|(_, link)| link) {
                    Some(Ok(number)) => named.push((*number, *place)),
                    link => {
                        let why = link.and_then(|link| link.as_ref().err());
                        found.extend(elsewhere::not_there(name, source, *place, why));
                        missing.push(String::new());
                    }
                }
            }
        }
    }
    let mut baseline = Vec::new();
    if let Some(file) = &root.baseline {
        let (id, text) = add(file, found);
        if file.problem.is_none() {
            baseline = accept::baseline::read(&text, id, found);
        }
    }
    let folder = match root.folder.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => root.folder.display().to_string(),
    };
    RootText {
        number,
        is_built_in: input.is_none(),
        manifest,
        folder,
        files: first_file..sources.files().len() as u32,
        trees: first..files.len(),
        baseline,
        named,
        reach: BTreeSet::new(),
        tables: Vec::new(),
        missing,
    }
}

/// Why a file can't be read.
pub(crate) fn problem_diagnostic(id: FileId, name: &str, problem: &Problem) -> Diagnostic {
    let at = |code, message: String| Diagnostic::new(code, Place::new(id, 0, 0), message);
    match problem {
        Problem::Unreadable(why) => {
            at(Code::UnreadableFile, format!("`{name}` can't be read: {why}")).help("see to its permissions")
        }
        Problem::NotUtf8(offset) => at(
            Code::NotUtf8,
            format!("`{name}` is not UTF-8: the byte at offset {offset} belongs to no character"),
        )
        .help("save the file as UTF-8"),
        Problem::TooLarge(size) => at(
            Code::TooLarge,
            format!("`{name}` has {size} bytes, more than the {} that a file may have", limits::FILE_BYTES),
        )
        .help("split it into several files of one package"),
        Problem::NotAFile => at(Code::UnreadableFile, format!("`{name}` is no file"))
            .help("name folders otherwise than `*.slo`"),
        Problem::OutsideRoot => {
            at(Code::OutsideRoot, format!("`{name}` is a link that leads out of the contract root"))
                .help("copy the file, or name its root as a vocabulary in `slo.toml`")
        }
        Problem::TooManyFiles(most) => {
            at(Code::TooLarge, format!("the contract root holds more than {most} files"))
                .help("is this the folder that was meant?")
        }
    }
}
