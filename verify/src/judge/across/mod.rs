//! What only many records tell together. What is left of it at the end of a run is told then.

mod counted;
mod counts;
mod processes;
mod secrets;
mod signals;
mod units;

use std::collections::BTreeSet;

use counted::Counted;
use counts::Counts;
pub(crate) use counts::{Source as CountSource, TooFew};
use processes::Processes;
pub(crate) use secrets::Record;
use secrets::Secrets;
use signals::Signals;
use units::Units;

use crate::tables::Tables;
use crate::tally::Tally;

/// What is remembered of many records.
#[derive(Debug, Default)]
pub(crate) struct Across {
    pub(crate) counted: Counted,
    pub(crate) counts: Counts,
    pub(crate) processes: Processes,
    pub(crate) secrets: Secrets,
    pub(crate) signals: Signals,
    pub(crate) units: Units,
}

impl Across {
    /// Tells what all records show that came.
    pub(crate) fn tell(&self, contracts: &[Tables<'_>], apart: &BTreeSet<(u32, u32)>, tally: &mut Tally) {
        self.signals.end(contracts, apart, tally);
        self.secrets.end(contracts, tally);
        self.units.end(contracts, tally);
    }
}
