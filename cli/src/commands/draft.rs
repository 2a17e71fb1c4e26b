//! `slo new --from`

use slo_compiler::save::{self, Over, SaveError};
use slo_compiler::target::File;
use slo_verify::{Draft, Drafted};

use super::{Failure, ways};
use crate::Outcome;
use crate::arguments::New;
use crate::output;

/// How many of what was left out is listed.
const MOST_LISTED: usize = 20;

/// How many kinds of what can't be read are listed.
const MOST_UNREAD: usize = 8;

pub(crate) fn run(new: &New) -> Result<Outcome, Failure> {
    ways::check(&new.ways, &ways::Served::default())?;
    let ended = ways::read(&new.ways, &new.from, Draft::default())?;
    for refusal in ended.unread.refusals.iter().take(MOST_UNREAD) {
        output::aside(&format!("slo: {refusal}\n"));
    }
    let unread = ended.unread.refusals.len().saturating_sub(MOST_UNREAD) as u64 + ended.unread.beyond;
    if unread > 0 {
        output::aside(&format!("slo: {unread} kinds more of what can't be read\n"));
    }
    let records = ended.takes.records();
    let drafted = ended.takes.contracts();
    if drafted.is_empty() {
        return Err("no telemetry came, and no contract was drafted".into());
    }
    let files = files(&drafted);
    save::save(&new.path, &files.iter().collect::<Vec<_>>(), &[], Over::Nothing).map_err(
        |error| match error {
            SaveError::InTheWay(_) => Failure::from(format!("{error}; nothing was written")),
            other => other.into(),
        },
    )?;
    for file in &files {
        output::aside(&format!("slo: made `{}`\n", new.path.join(&file.path).display()));
    }
    let services =
        if drafted.len() == 1 { "a contract".to_owned() } else { format!("{} contracts", drafted.len()) };
    output::aside(&format!("slo: drafted {services} of {records} records\n"));
    let left_out: Vec<&String> = drafted.iter().flat_map(|one| &one.left_out).collect();
    for left_out in left_out.iter().take(MOST_LISTED) {
        output::aside(&format!("slo: left out: {left_out}\n"));
    }
    if left_out.len() > MOST_LISTED {
        output::aside(&format!("slo: left out: {} more\n", left_out.len() - MOST_LISTED));
    }
    output::aside(&format!(
        "slo: next, read its guesses and questions: `grep -rn -e guess: -e question: {0}`; then `slo check {0}`\n",
        new.path.display()
    ));
    Ok(ended.code.filter(|code| *code != 0).map_or(Outcome::Sound, Outcome::Code))
}

/// The files of all contracts: of one in the folder itself, of several in a folder each, with a workspace above them.
fn files(drafted: &[Drafted]) -> Vec<File> {
    if let [one] = drafted {
        return one.files.clone();
    }
    let workspace = File {
        path: slo_compiler::FILE_NAME.to_owned(),
        text: "[workspace]\nmembers = [\"*\"]\n".to_owned(),
    };
    let of_members = drafted.iter().flat_map(|one| {
        one.files
            .iter()
            .map(|file| File { path: format!("{}/{}", one.folder, file.path), text: file.text.clone() })
    });
    std::iter::once(workspace).chain(of_members).collect()
}
