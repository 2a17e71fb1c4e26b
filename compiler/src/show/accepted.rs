//! What is accepted about what is shown: the contract says it, and it is not proved, or breaks a rule.

use serde::Serialize;

use super::page::{Block, Page, Phrase};
use crate::accept::{AcceptanceKind, Accepted};

/// A finding about what is shown that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AcceptedFinding {
    /// Its code.
    pub code: String,
    /// `unproved` where something doesn't hold that slo proves, or `rule`.
    pub class: &'static str,
    /// What is found.
    pub message: String,
    /// `allow`, or `baseline`.
    pub by: &'static str,
    /// Why, where somebody said so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whose debt it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day until which it is to be mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Those that are about a name, with or without its package.
pub(super) fn about(accepted: &[Accepted], name: &str) -> Vec<AcceptedFinding> {
    let is = |own: &String| {
        own == name
            || own.strip_suffix(name).is_some_and(|package| package.ends_with('.'))
            || own.strip_prefix(name).is_some_and(|field| field.starts_with('.'))
    };
    let about = accepted.iter().filter(|one| one.finding.names.iter().any(is));
    let made = about.map(|Accepted { finding, acceptance }| {
        let (by, owner, until) = match &acceptance.kind {
            AcceptanceKind::Allow => ("allow", None, None),
            AcceptanceKind::Baseline { owner, until } => ("baseline", owner.clone(), until.clone()),
        };
        AcceptedFinding {
            code: finding.code.id().to_owned(),
            class: finding.class().name(),
            message: finding.message.clone(),
            by,
            reason: acceptance.reason.clone(),
            owner,
            until,
        }
    });
    made.collect()
}

/// A page of them; none where there are none.
pub(super) fn page(accepted: &[AcceptedFinding]) -> Option<Page> {
    if accepted.is_empty() {
        return None;
    }
    let remarks = accepted.iter().map(|one| {
        let what = match one.class {
            "unproved" => ", not proved: ",
            _ => ": ",
        };
        let by = match one.by {
            "allow" => "; accepted by `allow`".to_owned(),
            _ => "; a debt in the baseline".to_owned(),
        };
        let owner = one.owner.iter().map(|owner| format!(", of {owner}"));
        let until = one.until.iter().map(|until| format!(", until {until}"));
        let reason = (!one.reason.is_empty()).then(|| format!(": {}", one.reason));
        let rest: String = owner.chain(until).chain(reason).collect();
        Block::Remark(Phrase::code(&one.code).and_words(format!("{what}{}{by}{rest}", one.message)))
    });
    let heading = Block::Heading(Phrase::words("what is accepted"));
    Some(Page { blocks: std::iter::once(heading).chain(remarks).collect() })
}
