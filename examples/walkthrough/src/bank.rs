//! The bank that the service asks. This one is a stand-in: the amount decides what it answers.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use crate::contracts::fin_pay::PaymentMethod;

/// The query of a payment.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Charge {
    /// In minor units.
    pub(crate) amount: u32,
    #[serde(default)]
    pub(crate) method: Method,
}

/// By what is paid.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Method {
    #[default]
    Card,
    Wallet,
    Transfer,
}

impl From<Method> for PaymentMethod {
    fn from(method: Method) -> PaymentMethod {
        match method {
            Method::Card => PaymentMethod::Card,
            Method::Wallet => PaymentMethod::Wallet,
            Method::Transfer => PaymentMethod::Transfer,
        }
    }
}

/// Why a charge fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BankError {
    Declined,
    Late,
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BankError::Declined => "the bank said no",
            BankError::Late => "the bank did not answer in time",
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Bank;

impl Bank {
    pub(crate) async fn charge(&self, charge: &Charge) -> Result<(), BankError> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        match charge.amount {
            0 => Err(BankError::Late),
            1..10_000 => Ok(()),
            _ => Err(BankError::Declined),
        }
    }
}
