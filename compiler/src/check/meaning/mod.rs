//! Proof 3 for one meaning or view by itself: each variant can be told from every other one by what it shows, on every
//! signal that the meaning writes, and no payload is lost.

mod index;
mod invertible;
mod near;
mod overlap;
mod payload;
mod report;
mod search;
mod shape;
#[cfg(test)]
mod tests;
mod witness;

use crate::hash::HashMap;

use crate::diagnostic::Diagnostic;
use crate::ir::draft::{Contract, Signal};
use crate::measure::map;

/// Checks every meaning and every view, used or not.
pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut reported = report::Reported::default();
    let mut lost = payload::Lost::default();
    // Meanings before views: what a view inherits is reported where it stands.
    let (views, meanings): (Vec<_>, Vec<_>) =
        contract.meanings.iter().partition(|meaning| meaning.view.is_some());
    for face in meanings.into_iter().chain(views) {
        // What only looks wrong in another's meaning was for them to see. What is wrong may be so under our targets alone.
        let own = contract.owns(&face.package);
        let mut space = map::Space::new(contract.prometheus.naming(""));
        let findings = Signal::ALL.map(|signal| {
            let reading = map::Reading::of(contract, signal);
            (signal, reading, invertible::findings(face, signal, reading, &mut space))
        });
        for (signal, reading, of_signal) in &findings {
            if own {
                near::check(contract, face, *signal, &mut reported, diagnostics);
            }
            let (signal, reading, space, findings) = (*signal, *reading, &mut space, &findings);
            let proposed = HashMap::default();
            let mut reporter =
                report::Reporter { contract, face, signal, reading, space, findings, proposed };
            reporter.report(of_signal, &mut reported, diagnostics);
            if own {
                reporter.idle(of_signal, diagnostics);
            }
        }
        payload::check(contract, face, &mut lost, diagnostics);
    }
}
