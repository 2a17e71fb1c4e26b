//! How the service asks the bank.

use std::time::Duration;

use axum::http::{Method, Request, StatusCode};
use http_body_util::Empty;

use super::request::Charge;
use crate::client::{Client, NoAnswer};

/// How long the bank is waited for.
const TIME_LIMIT: Duration = Duration::from_millis(100);

/// The bank, as the service knows it.
#[derive(Clone, Debug)]
pub(super) struct Bank {
    client: Client,
    url: String,
}

/// What the bank says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Charged,
    /// Its risk control says no.
    Refused,
    /// Nothing, in time.
    Nothing,
    /// It is broken, or can't be reached.
    Broken,
}

impl Bank {
    pub(super) fn new(url: &str) -> Bank {
        Bank { client: Client::new(), url: url.to_owned() }
    }

    pub(super) async fn charge(&self, charge: &Charge) -> Said {
        let uri = format!("{}/charge?behave={}", self.url, charge.behave.name());
        let Ok(request) = Request::builder().method(Method::POST).uri(uri).body(Empty::new()) else {
            return Said::Broken;
        };
        match self.client.send(request, TIME_LIMIT).await {
            Ok(StatusCode::OK) => Said::Charged,
            Ok(StatusCode::FORBIDDEN) => Said::Refused,
            Err(NoAnswer::Late) => Said::Nothing,
            Ok(_) | Err(NoAnswer::Broken) => Said::Broken,
        }
    }
}
