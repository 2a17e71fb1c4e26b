//! A contract of a workspace as a whole.

use slo_grammar::Place;

use super::change::{Audience, Change, Kind, Verdict};

/// That a contract is in one of two workspaces alone: in the new one, unless it is `gone`.
#[must_use]
pub fn whole_contract(name: &str, gone: bool, old: Option<Place>, new: Option<Place>) -> Change {
    let thing = format!("the contract `{name}`");
    let (kind, verdict, word) = match gone {
        true => (Kind::Gone, Verdict::Broken, "gone"),
        false => (Kind::New, Verdict::More, "new"),
    };
    Change {
        kind,
        names: vec![name.to_owned()],
        verdicts: Audience::ALL.map(|audience| (audience, verdict)).into(),
        message: format!("{thing} is {word}"),
        thing,
        old,
        new,
    }
}
