//! How many findings are kept: of one code in one file so many that a person reads them, and how many more there are.

use super::{Class, Code, Diagnostic, Severity};
use crate::hash::HashMap;

/// How many findings of one code are shown of one file.
pub const MOST_SHOWN: usize = 100;

/// How many are kept that may be accepted, until that is known.
const MOST_KEPT: usize = 5_000;

/// Keeps a growing list of findings within memory, before it is whole.
#[derive(Default)]
pub(crate) struct Limit {
    next: usize,
}

impl Limit {
    /// Drops what will not be shown, each time that the list has doubled. Of what can't be accepted only the number counts.
    pub(crate) fn apply(&mut self, findings: &mut Vec<Diagnostic>) {
        if findings.len() > self.next.max(2 * MOST_KEPT) {
            keep(findings, |finding| if finding.class() == Class::Invalid { MOST_SHOWN } else { MOST_KEPT });
            self.next = 2 * findings.len();
        }
    }
}

/// Keeps those that are shown. The list is in the order of the text.
pub(super) fn show(findings: &mut Vec<Diagnostic>) {
    if findings.len() > MOST_SHOWN {
        keep(findings, |_| MOST_SHOWN);
    }
    for more in findings.iter_mut().filter(|finding| finding.more > 0) {
        let (count, code) = (more.more, more.code);
        let (what, are) = if count == 1 { ("finding", "is") } else { ("findings", "are") };
        more.message = format!("{count} more {what} of {code} {are} in this file, from here on");
        more.help = Some("mend those above first".to_owned());
    }
}

/// Keeps the first ones of each code and file, and behind them one that counts the others.
fn keep(findings: &mut Vec<Diagnostic>, most: impl Fn(&Diagnostic) -> usize) {
    let mut kept: HashMap<(Code, Severity, Option<u32>), usize> = HashMap::default();
    let mut more: HashMap<(Code, Severity, Option<u32>), Diagnostic> = HashMap::default();
    findings.retain_mut(|finding| {
        let of = (finding.code, finding.severity, finding.place().map(|place| place.file.0));
        let kept = kept.entry(of).or_default();
        if finding.more == 0 && *kept < most(finding) {
            *kept += 1;
            return true;
        }
        let count = finding.more.max(1);
        if let Some(place) = finding.place() {
            let other = || Diagnostic::new(finding.code, place, "").severity(finding.severity);
            more.entry(of).or_insert_with(other).more += count;
        }
        false
    });
    findings.extend(more.into_values());
}
