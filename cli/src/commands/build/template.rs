//! `slo build --template`: reads a folder of templates, and finds what it made before.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use slo_compiler::plan::Plan;
use slo_compiler::source::SourceMap;
use slo_compiler::target::File;
use slo_compiler::target::template::{
    self, ENDING, MOST_BYTES, MOST_FILES, Rendered, SETTINGS_NAME, TemplateFile, is_same_origin,
};

use super::super::Failure;
use crate::arguments::Findings;
use crate::output::{self, Stream};

/// How deep folders may nest.
const MOST_FOLDERS: usize = 16;

/// How many files of the folder that is written into are looked at for what an earlier run made.
const MOST_LOOKED_AT: usize = 100_000;

/// The files that the templates make; none where they have findings, which are shown.
pub(super) fn rendered(
    folder: &Path,
    plan: &Plan<'_>,
    findings: &Findings,
) -> Result<Option<Rendered>, Failure> {
    let files = read(folder)?;
    let mut sources = SourceMap::default();
    match template::render(plan, &files, &mut sources) {
        Ok(rendered) => Ok(Some(rendered)),
        Err(found) => {
            let text =
                output::rendered(&found, &sources, &findings.shown, findings.deny_warnings, Stream::Error);
            output::aside(&text);
            output::more(&found, &findings.shown);
            Ok(None)
        }
    }
}

/// `template.toml` and the templates of a folder and those in it, sorted. The folder may be a link, but what is in it may not: it
/// would bring files from anywhere.
fn read(folder: &Path) -> Result<Vec<TemplateFile>, Failure> {
    if !folder.join(SETTINGS_NAME).is_file() {
        return Err(format!(
            "`{}` is no folder of templates: it has no `{SETTINGS_NAME}`; docs/templates.md says how one is made",
            folder.display()
        )
        .into());
    }
    let mut found = Found::default();
    walk(folder, 0, MOST_FILES + 1, &mut found);
    if found.files.len() > MOST_FILES {
        return Err(format!("`{}` has more than {MOST_FILES} files", folder.display()).into());
    }
    if let Some((path, why)) = found.passed_over.first() {
        return Err(format!("`{}` can't be read: {why}", path.display()).into());
    }
    let mut files = Vec::new();
    for path in found.files {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<String> =
            below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let below = parts.join("/");
        if below != SETTINGS_NAME && !below.ends_with(ENDING) {
            continue;
        }
        let mut bytes = Vec::new();
        let shown = path.display();
        fs::File::open(&path)
            .and_then(|file| file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| format!("`{shown}` can't be read: {error}"))?;
        if bytes.len() > MOST_BYTES {
            return Err(format!("`{shown}` is longer than {MOST_BYTES} bytes").into());
        }
        let text = String::from_utf8(bytes).map_err(|_| format!("`{shown}` is not UTF-8"))?;
        files.push(TemplateFile { path: below, name: shown.to_string(), text });
    }
    Ok(files)
}

/// What a folder has.
#[derive(Default)]
struct Found {
    /// The files of it and of the folders in it, sorted, hidden ones left out.
    files: Vec<PathBuf>,
    /// What was not looked into, and why.
    passed_over: Vec<(PathBuf, String)>,
}

fn walk(folder: &Path, depth: usize, most: usize, found: &mut Found) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<fs::DirEntry>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.passed_over.push((folder.to_owned(), error.to_string())),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') || found.files.len() >= most {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MOST_FOLDERS => walk(&entry.path(), depth + 1, most, found),
            Ok(kind) if kind.is_file() => found.files.push(entry.path()),
            Ok(kind) => {
                let why = if kind.is_dir() { "folders nest too deep" } else { "it is a link, or no file" };
                found.passed_over.push((entry.path(), why.to_owned()));
            }
            Err(error) => found.passed_over.push((entry.path(), error.to_string())),
        }
    }
}

/// Files that an earlier run made of this contract by these templates, and that this one doesn't make, known by their first lines.
pub(super) fn superseded(out: &Path, files: &[File], first_line: &str) -> Vec<PathBuf> {
    let made: BTreeSet<PathBuf> = files.iter().map(|file| out.join(&file.path)).collect();
    let mut found = Found::default();
    walk(out, 0, MOST_LOOKED_AT, &mut found);
    found.files.retain(|path| !made.contains(path) && is_ours(path, first_line));
    found.files
}

fn is_ours(path: &Path, made: &str) -> bool {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(1024).read_to_end(&mut bytes));
    read.is_ok() && is_same_origin(&String::from_utf8_lossy(&bytes), made)
}
