//! What only many records tell together. What is left of it at the end of a run is told then.

mod counts;
mod processes;
mod secrets;
mod signals;
mod units;

use counts::Counts;
pub(crate) use counts::{Source as CountSource, TooFew};
use processes::Processes;
pub(crate) use secrets::Record;
use secrets::Secrets;
use signals::Signals;
use units::Units;

use super::verifier::Verifier;

/// What is remembered of many records.
#[derive(Debug, Default)]
pub(crate) struct Across {
    pub(crate) counts: Counts,
    pub(crate) processes: Processes,
    pub(crate) secrets: Secrets,
    pub(crate) signals: Signals,
    pub(crate) units: Units,
}

impl Verifier<'_> {
    /// Tells what the end of a run shows.
    pub(crate) fn end(&mut self) {
        self.across.signals.end(&self.contracts, &self.joins.apart, &mut self.tally);
        self.across.secrets.end(&self.contracts, &mut self.tally);
        self.across.units.end(&self.contracts, &mut self.tally);
    }
}
