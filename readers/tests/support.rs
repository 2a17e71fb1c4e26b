//! Contracts and readers in folders.

use std::fs;
use std::path::Path;

use slo_compiler::diagnostic::render;
use slo_compiler::fleet::{self, AllSeries, Said};
use slo_compiler::load;
use slo_readers::{find, read};

pub(crate) const CONTRACT: &str = include_str!("contract/shop.slo");
pub(crate) const MANIFEST: &str = include_str!("contract/slo.toml");

/// The series that a contract writes.
pub(crate) fn series_of(contract: &str) -> AllSeries {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slo.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("shop.slo"), contract).unwrap();
    let input = load::roots(&[folder.path().to_owned()], None).unwrap();
    let fleet = fleet::check(&input, &Said::All);
    let found: Vec<_> = fleet.all().cloned().collect();
    let errors = found.iter().any(|one| one.severity == slo_compiler::diagnostic::Severity::Error);
    assert!(!errors, "{}", render::short(&found, &fleet.sources));
    AllSeries::of(&fleet, &input)
}

/// All that is found of the readers in a folder, as a person sees it.
pub(crate) fn found(folder: &Path, written: &AllSeries, before: Option<&AllSeries>) -> String {
    let readers = read(folder).unwrap();
    let mut sources = slo_compiler::source::SourceMap::default();
    let found = find(&readers, written, before, &mut sources);
    let mut text = String::new();
    for finding in &found.diagnostics {
        let place = finding.place().unwrap();
        let at = sources.line_column(place);
        let file = &sources.file(place.file).unwrap().path;
        let marked = sources.text(place);
        text += &format!("{file}:{}:{} {} {}\n", at.line, at.column, finding.code, finding.message);
        text += &format!("    at `{marked}`\n");
        for line in finding.notes.iter().chain(&finding.help).filter(|line| !line.contains("target_labels")) {
            text += &format!("    {line}\n");
        }
    }
    if !found.of_others.is_empty() {
        text += &format!("of others: {:?}\n", found.of_others);
    }
    let (unread, files) = readers.unread_count();
    text += &format!(
        "{} expressions of {} files read, {} files hold neither, {unread} parts of {files} files not read\n",
        readers.expression_count(),
        readers.file_count(),
        readers.other_count()
    );
    text
}
