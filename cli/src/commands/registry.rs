//! What commands that bring registries, or write them, have in common.

use std::collections::BTreeMap;
use std::path::Path;

use slo_compiler::save::{self, Over, SaveError};
use slo_compiler::target::File;
use slo_weaver::Left;

use super::Failure;

/// What can't be carried over, a line for each.
pub(super) fn told(left: &[Left], folder: &Path) -> String {
    left.iter().map(|left| format!("{}\n", left.below(folder))).collect()
}

/// What can't be carried over, by its reason.
pub(super) fn summed(left: &[Left]) -> String {
    if left.is_empty() {
        return "slo: all of it is carried over\n".to_owned();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for left in left {
        *counts.entry(left.why).or_default() += 1;
    }
    let mut text = format!("slo: not carried over, {} in all:\n", left.len());
    for (why, count) in counts {
        text.push_str(&format!("{count:7}  {why}\n"));
    }
    text
}

/// A count with the name of what is counted, which is that of several.
pub(super) fn counted(count: usize, kind: &str) -> String {
    match (count, kind) {
        (1, "entities") => "1 entity".to_owned(),
        (1, kind) => format!("1 {}", kind.trim_end_matches('s')),
        (count, kind) => format!("{count} {kind}"),
    }
}

/// Writes files, all or none, and over what is there by force alone.
pub(super) fn save(out: &Path, files: &BTreeMap<String, String>, force: bool) -> Result<(), Failure> {
    let files: Vec<File> =
        files.iter().map(|(path, text)| File { path: path.clone(), text: text.clone() }).collect();
    let over = if force { Over::Anything } else { Over::Nothing };
    save::save(out, &files.iter().collect::<Vec<_>>(), &[], over).map_err(|error| match error {
        SaveError::InTheWay(_) => {
            Failure::from(format!("{error}; nothing was written: `--force` writes over what is there"))
        }
        other => other.into(),
    })
}
