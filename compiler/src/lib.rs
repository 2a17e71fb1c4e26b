//! The compiler of the slo language.
//!
//! [`compile`] runs these stages, each with a type of its own, so that an unresolved name or an unchecked contract
//! can't reach a back end:
//!
//! | stage | from | to | where |
//! |---|---|---|---|
//! | parse | text | `SyntaxTree`, every node with its place | crate `slo-grammar` |
//! | resolve | syntax trees of all packages | names bound to declarations | `resolve` |
//! | lower | resolved trees | [`ir::Contract`], the typed IR | `lower` |
//! | check | [`ir::Contract`] | diagnostics; a [`CheckedContract`] where there is no error | `check` |
//! | plan | [`CheckedContract`] | numbers of fields and values, what is known when | [`plan`] |
//! | target | [`CheckedContract`] | files as text, a folder per target | [`target`] |
//!
//! The compiler is pure: strings in, strings and diagnostics out. Only [`load`], [`mod@save`] and [`build_script`] touch
//! files and environment.

#[cfg(feature = "rust")]
pub mod build_script;
mod check;
pub mod derive;
pub mod diagnostic;
mod input;
pub mod ir;
pub mod load;
mod lower;
mod manifest;
pub mod plan;
mod resolve;
#[cfg(feature = "rust")]
pub mod save;
#[cfg(feature = "human")]
pub mod show;
pub mod source;
mod syntax;
pub mod target;
mod text;

pub use check::{CheckedContract, Count, Factor, Points, kind_of, points, series};
pub use input::{Input, InputFile, Problem, ReadData, Root};
pub use manifest::{FILE_NAME, LANGUAGE_VERSION, Manifest, VocabularySource};

use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxTree, parse_all};
use slo_stdlib_mappings::{VOCABULARIES, Vocabulary};

use diagnostic::{Code, Diagnostic, Severity};
use ir::Contract;
use manifest::Reading;
use source::{SourceFile, SourceMap};

/// What a run of the compiler gives.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
    /// The findings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The manifest, where it can be read.
    pub manifest: Option<Manifest>,
    /// The contract as far as it can be known.
    pub contract: Option<Arc<Contract>>,
    /// The contract, where there is no error.
    pub checked: Option<CheckedContract>,
}

impl Compilation {
    /// How many findings of this severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Holds the contract to what Rust can be made of, as whoever makes Rust of it must. Where `slo.toml` has a table
    /// `[rust]`, [`compile`] does.
    pub fn hold_to_rust(&mut self) {
        let Some(contract) = &self.contract else { return };
        let mut found = Vec::new();
        target::rust::refuse::refuse(contract, &mut found);
        if found.iter().any(|finding| finding.severity == Severity::Error) {
            self.checked = None;
        }
        self.diagnostics.append(&mut found);
        diagnostic::arrange(&mut self.diagnostics, &self.sources);
    }
}

/// Compiles a contract root.
#[must_use]
pub fn compile(input: &Input<'_>) -> Compilation {
    let mut sources = SourceMap::default();
    let mut diagnostics = Vec::new();
    let Parsed { manifest, tables, missing, trees, own } = parse(input, &mut sources, &mut diagnostics);
    let Some(manifest) = manifest else {
        diagnostic::arrange(&mut diagnostics, &sources);
        return Compilation { sources, diagnostics, manifest: None, contract: None, checked: None };
    };
    let folders = folders(&sources);
    let resolved = resolve::resolve(&trees, own, tables.clone(), &missing, &folders, &mut diagnostics);
    let roots: Vec<usize> = sources.files().map(|(_, file)| file.root).collect();
    let data = |file: FileId, path: &str| match (&input.data, roots.get(file.0 as usize)) {
        (Some(read), Some(root)) => read(*root, path),
        _ => Err("there are no other files here".to_owned()),
    };
    let lowered = lower::lower(&resolved, &manifest, &data, &mut sources, &mut diagnostics);
    let contract = Arc::new(lowered.contract);
    let checked = check::check(&contract, &lowered.policies, &tables, &mut diagnostics);
    let for_rust = manifest.rust;
    let mut compilation =
        Compilation { sources, diagnostics, manifest: Some(manifest), contract: Some(contract), checked };
    if for_rust {
        compilation.hold_to_rust();
    } else {
        diagnostic::arrange(&mut compilation.diagnostics, &compilation.sources);
    }
    compilation
}

struct Parsed {
    manifest: Option<Manifest>,
    tables: Vec<&'static Vocabulary>,
    /// How the packages' names begin of vocabularies that are not there: in any way where it is empty.
    missing: Vec<String>,
    /// The trees, the contract's own first.
    trees: Vec<SyntaxTree>,
    /// How many of the trees are the contract's own.
    own: usize,
}

/// Reads the manifests and all files.
fn parse(input: &Input<'_>, sources: &mut SourceMap, diagnostics: &mut Vec<Diagnostic>) -> Parsed {
    let (manifest, mut files) = read_root(&input.root, 0, sources, diagnostics);
    let own = files.len();
    let mut tables = Vec::new();
    let mut missing = Vec::new();
    for (name, source, place) in manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
        match source {
            VocabularySource::BuiltIn(version) => {
                match VOCABULARIES.iter().find(|table| table.name == name) {
                    Some(table) if table.version == version => tables.push(*table),
                    found => {
                        diagnostics.push(no_vocabulary(name, version, *place, found.copied()));
                        // Another version's names are good enough to go on with.
                        tables.extend(found);
                        missing.push(name.clone());
                    }
                }
            }
            // Whether there is a root at a path is for whoever read the files to say.
            VocabularySource::Path(_) => {}
        }
    }
    for (number, (_, root)) in input.vocabularies.iter().enumerate() {
        let (manifest, texts) = read_root(root, number + 1, sources, diagnostics);
        if manifest.is_none() {
            missing.push(String::new());
        }
        files.extend(texts);
    }
    // A vocabulary may stand on a built-in one that the contract doesn't name itself.
    for (_, root) in &input.vocabularies {
        let reading = Reading::of(&root.manifest.text);
        for (name, source, _) in reading.manifest.iter().flat_map(|manifest| &manifest.vocabularies) {
            let known = |table: &&&Vocabulary| {
                table.name == name && *source == VocabularySource::BuiltIn(table.version.to_owned())
            };
            if let Some(table) = VOCABULARIES.iter().find(known)
                && !tables.iter().any(|other| other.name == table.name)
            {
                tables.push(table);
            }
        }
    }
    let mut trees = parse_all(&files);
    syntax::fields_of_groups(&mut trees, &tables);
    for tree in &trees {
        diagnostics.extend(tree.errors.iter().map(syntax::syntax_diagnostic));
    }
    if own == 0 && manifest.is_some() {
        diagnostics.push(
            Diagnostic::new(
                Code::EmptyRoot,
                Place::new(FileId(0), 0, 0),
                "the contract root holds no `.slo` file",
            )
            .help("add one that begins with `package NAME`"),
        );
    }
    Parsed { manifest, tables, missing, trees, own }
}

/// Adds a root's texts to the run's; a file that has none is reported.
fn read_root(
    root: &Root,
    number: usize,
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Manifest>, Vec<(FileId, Arc<str>)>) {
    let mut add = |file: &InputFile, owner: Option<String>, diagnostics: &mut Vec<Diagnostic>| {
        let text: Arc<str> = Arc::from(file.text.as_str());
        let (name, path) = (file.name.clone(), file.path.clone());
        let source = SourceFile { name, path, root: number, text: Arc::clone(&text), owner };
        let id = sources.add(source);
        if let Some(problem) = &file.problem {
            diagnostics.push(problem_diagnostic(id, file, problem));
        }
        (id, text)
    };
    let owner = Reading::of(&root.manifest.text).manifest.and_then(|manifest| manifest.owner);
    let (id, text) = add(&root.manifest, owner.clone(), diagnostics);
    if root.manifest.problem.is_some() {
        return (None, Vec::new());
    }
    let Reading { manifest, diagnostics: found } = Reading::of(&text).in_file(id);
    diagnostics.extend(found);
    let mut files = Vec::new();
    for file in &root.files {
        let entry = add(file, owner.clone(), diagnostics);
        if file.problem.is_none() {
            files.push(entry);
        }
    }
    (manifest, files)
}

fn problem_diagnostic(id: FileId, file: &InputFile, problem: &Problem) -> Diagnostic {
    let name = &file.name;
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
            format!(
                "`{name}` has {size} bytes, more than the {} that a file may have",
                slo_grammar::limits::FILE_BYTES
            ),
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

fn no_vocabulary(name: &str, version: &str, place: Place, found: Option<&Vocabulary>) -> Diagnostic {
    let message = match found {
        Some(_) => format!("there is no version `{version}` of the vocabulary `{name}`"),
        None => format!("there is no built-in vocabulary `{name}`"),
    };
    let known: Vec<String> =
        VOCABULARIES.iter().map(|table| format!("\"{}\" = \"{}\"", table.name, table.version)).collect();
    Diagnostic::new(Code::UnknownVocabulary, place, message).about(name).help(format!(
        "this compiler has {}; another root is named by its path: {{ path = \"…\" }}",
        known.join(", ")
    ))
}

/// The root and the folder in it that a tree's file stands in.
fn folders(sources: &SourceMap) -> impl Fn(&SyntaxTree) -> (usize, String) + use<> {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let folders: Vec<(usize, String)> =
        sources.files().map(|(_, file)| (file.root, folder(&file.path))).collect();
    move |tree: &SyntaxTree| folders.get(tree.file.0 as usize).cloned().unwrap_or_default()
}
