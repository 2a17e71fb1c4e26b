//! What a change of a contract breaks, and for whom.
//!
//! A change breaks the readers of a signal exactly where a record that the old contract writes can't come from the new one, or one
//! that the new one writes has a value, a type or a unit that readers of the old could not meet. A greater set is more.

mod boxes;
mod change;
mod containers;
mod declared;
mod domains;
mod emitters;
mod indexes;
mod logs;
mod meanings;
mod members;
mod notice;
mod paired;
mod past;
mod readers;
mod records;
mod report;
mod rules;
mod schema_file;
mod signals;
mod successors;
mod values;

use crate::CheckedContract;
use crate::ir::Contract;

pub use change::{Audience, Change, Kind, Verdict};
pub use indexes::{NOT_IN_INDEXES, compare_indexes};
pub use members::whole_contract;
pub use notice::notices;
pub use report::{Texts, code_of, report};
pub use schema_file::schema_file;

/// Two contracts, and what was to go by now.
struct Sides<'c> {
    old: &'c Contract,
    new: &'c Contract,
    past: past::Past<'c>,
    successors: successors::Successors<'c>,
}

/// What changes from the old contract to the new one, where `today` is the day that it is, such as `2027-06-30`.
#[must_use]
pub fn compare(old: &CheckedContract, new: &CheckedContract, today: &str) -> Vec<Change> {
    let (old, new) = (old.contract(), new.contract());
    let (past, successors) = (past::Past::of(old, today), successors::Successors::of(old, new));
    let sides = Sides { old, new, past, successors };
    let (was, is) = (signals::of(sides.old, None), signals::of(sides.new, None));
    let stays = signals::of(sides.old, Some(signals::Going { past: &sides.past, new: &is }));
    let mut changes = Vec::new();
    readers::compare(&sides, &was, &stays, &is, &mut changes);
    logs::compare(&sides, &was, &stays, &is, &mut changes);
    rules::compare(&sides, &was, &stays, &is, &mut changes);
    meanings::compare(&sides, &mut changes);
    emitters::compare(&sides, &mut changes);
    containers::compare(&sides, &mut changes);
    declared::compare(&sides, &was, &is, &mut changes);
    together(changes)
}

/// One change for several audiences is told once.
fn together(changes: Vec<Change>) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut known = crate::hash::HashMap::default();
    for change in changes {
        let key = (change.kind, change.thing.clone(), change.names.clone());
        match known.get(&key).and_then(|number: &usize| all.get_mut(*number)) {
            None => {
                known.insert(key, all.len());
                all.push(change);
            }
            Some(first) => {
                for (audience, verdict) in change.verdicts {
                    match first.verdicts.iter_mut().find(|(own, _)| *own == audience) {
                        Some((_, own)) => *own = verdict.max(*own),
                        None => first.verdicts.push((audience, verdict)),
                    }
                }
            }
        }
    }
    for change in &mut all {
        change.verdicts.sort();
    }
    all
}
