//! The plan itself, as JSON: for a language that has no target here, and for whoever asks what generated code is made of.

use serde::{Deserialize, Serialize};

use super::File;
use crate::plan::Plan;

/// The number of the format. Another number is another format.
pub const FORMAT: u32 = 1;

/// The plan with its number and its hash.
#[derive(Serialize)]
pub(super) struct Printed<'p> {
    /// The format's number, [`FORMAT`]: by this name a file is known as ours.
    plan_format: u32,
    /// A hash of all that the contract says.
    hash: String,
    #[serde(flatten)]
    plan: &'p Plan<'p>,
}

impl<'p> Printed<'p> {
    pub(super) fn of(plan: &'p Plan<'p>) -> Printed<'p> {
        Printed { plan_format: FORMAT, hash: plan.hash(), plan }
    }
}

/// The file `plan.json`.
#[must_use]
pub fn print(plan: &Plan<'_>) -> File {
    // Texts, numbers and lists always serialise; a double is never NaN, the checks see to that.
    let mut text = serde_json::to_string_pretty(&Printed::of(plan)).unwrap_or_default();
    text.push('\n');
    File { path: "plan.json".to_owned(), text }
}

/// Whether a text is a plan of this or another format.
pub(super) fn is_plan(text: &str) -> bool {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "that it is there is what is asked")]
    struct Head {
        plan_format: u32,
    }
    text.starts_with('{') && serde_json::from_str::<Head>(text).is_ok()
}
