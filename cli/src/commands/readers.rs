//! `--readers` of `slo check` and `slo diff`.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use slo_compiler::diagnostic::Diagnostic;
use slo_compiler::fleet::{AllSeries, Fleet, FleetInput};
use slo_compiler::source::SourceMap;
use slo_compiler::text::some_of;
use slo_readers::{Found, Progress, Readers};

use super::Failure;

/// Adds what is found of the rules and dashboards of a folder, and gives the last lines for people.
pub(super) fn of_fleet(folder: &Path, fleet: &mut Fleet, input: &FleetInput) -> Result<String, Failure> {
    let (readers, found) = find(folder, fleet, input)?;
    fleet.take_readers(found.diagnostics);
    let mut lines = counted(&readers);
    let others = Vec::from_iter(found.of_others);
    let named = some_of(&others);
    match others.len() {
        0 => {}
        1 => lines.push_str(&format!(
            "slo: a series is taken for that of others, as no member has its namespace: {named}\n"
        )),
        count => lines.push_str(&format!(
            "slo: {count} series are taken for those of others, as no member has their namespaces: {named}\n"
        )),
    }
    Ok(lines)
}

/// What is found of the rules and dashboards of a folder and nobody has accepted.
pub(super) fn new_of_fleet(
    folder: &Path,
    fleet: &mut Fleet,
    input: &FleetInput,
) -> Result<Vec<Diagnostic>, Failure> {
    let mut found = find(folder, fleet, input)?.1.diagnostics;
    fleet.accept_of_readers(&mut found);
    Ok(found)
}

fn find(folder: &Path, fleet: &mut Fleet, input: &FleetInput) -> Result<(Readers, Found), Failure> {
    let readers = read(folder)?;
    let written = AllSeries::of(fleet, input);
    if written.by_name.is_empty() {
        return Err("`--readers` is for series of Prometheus, and no member writes any".into());
    }
    let found = slo_readers::find(&readers, &written, None, &mut fleet.sources);
    Ok((readers, found))
}

/// Adds what a change takes away from the rules and dashboards of a folder: whether it is anything, and the last line for people.
pub(super) fn broken(
    folder: &Path,
    (old, new): (&AllSeries, &AllSeries),
    sources: &mut SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(bool, String), Failure> {
    let readers = read(folder)?;
    let found = slo_readers::find(&readers, new, Some(old), sources).diagnostics;
    let is_broken = !found.is_empty();
    diagnostics.extend(found);
    Ok((is_broken, counted(&readers)))
}

/// After how long a terminal is shown how far reading is: what takes less is over before anybody has read it.
const SHOWN_AFTER: Duration = Duration::from_millis(300);

fn read(folder: &Path) -> Result<Readers, Failure> {
    let line = Line { begun: Instant::now(), bar: Mutex::default() };
    let readers = slo_readers::read_with(folder, &|progress| line.show(progress));
    line.clear();
    readers.map_err(|error| format!("`{}` can't be read: {error}", folder.display()).into())
}

/// A line on the standard error that says how far reading is; none where that is no terminal.
struct Line {
    begun: Instant,
    bar: Mutex<Option<ProgressBar>>,
}

impl Line {
    fn show(&self, progress: Progress) {
        if self.begun.elapsed() < SHOWN_AFTER {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(progress.of as u64);
            // The template is a constant; where it weren't one, the bar would have its usual form.
            if let Ok(style) = ProgressStyle::with_template("slo: reading {wide_bar} {pos} of {len} files") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(progress.files as u64);
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

/// How much was read, and how much could not be.
fn counted(readers: &Readers) -> String {
    let of = |count: usize, one: &str, several: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    };
    let mut lines = format!(
        "slo: {} of {} of rules and dashboards",
        of(readers.expression_count(), "expression", "expressions"),
        of(readers.file_count(), "file", "files"),
    );
    lines.push_str(" read");
    match readers.other_count() {
        0 => {}
        1 => lines.push_str("; 1 file holds neither"),
        count => lines.push_str(&format!("; {count} files hold neither")),
    }
    lines.push('\n');
    let (unread, files) = readers.unread_count();
    if unread > 0 {
        let parts = of(unread, "part", "parts");
        lines.push_str(&format!("slo: {parts} of {} could not be read\n", of(files, "file", "files")));
    }
    lines
}
