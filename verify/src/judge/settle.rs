//! Records that waited for the span that they name.

use super::verifier::{Recorded, Verifier, path_of};
use crate::join::Named;
use crate::tables::scope_name;
use crate::tally::At;

impl Verifier<'_> {
    /// Judges the records that have waited long enough for the span that they name, and lets go of the spans that have. At the end of a run all
    /// have.
    pub(crate) fn settle(&mut self, is_end: bool) {
        while let Some(ripe) = self.joins.ripe(is_end) {
            let (contract, number) = ripe.event();
            let event = self.contracts.get(contract).and_then(|tables| tables.events.get(number));
            let Some(event) = event else { continue };
            let table = &event.event.table;
            let path = || {
                let (trace, span) = ripe.ids();
                let log = match ripe.named() {
                    Named::Log(number) => table.logs.get(number),
                    Named::Exemplar => None,
                };
                let scope = log.and_then(|log| log.scope).unwrap_or(table.scope);
                let scope = scope_name(scope).unwrap_or_default();
                let (kind, name) = match log {
                    Some(log) => ("log record", log.name.unwrap_or_default()),
                    None => ("exemplar", table.name),
                };
                path_of(ripe.shown(), scope, kind, name, &trace, &span)
            };
            let at = At { time: ripe.time(), version: ripe.version(), path: &path };
            self.joins.settle(&ripe, event, &mut Recorded { tally: &mut self.tally, at });
        }
        self.joins.let_go();
    }
}
