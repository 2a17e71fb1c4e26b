//! What a payment's request says.

use std::time::Duration;

use serde::Deserialize;

use crate::bank::Behaviour;

/// How long the ledger takes to note a deduction.
pub(super) const LEDGER: Duration = Duration::from_millis(10);

/// The query of a payment.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Charge {
    /// How the bank is to behave.
    #[serde(default)]
    pub(super) behave: Behaviour,
    /// In minor units.
    pub(super) amount: i64,
    #[serde(default)]
    pub(super) method: Method,
}

/// By what is paid.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Method {
    #[default]
    Card,
    Wallet,
    Transfer,
}

impl Charge {
    /// Whether the amount can be charged at all.
    pub(super) fn is_valid(&self) -> bool {
        (1..=100_000_000).contains(&self.amount)
    }
}
