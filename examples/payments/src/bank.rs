//! A bank that isn't one: it is slow, refuses and fails when it is asked to.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How long the bank takes where it is not slow.
const USUAL: Duration = Duration::from_millis(2);

/// How long it takes where it is: more than anybody waits.
const SLOW: Duration = Duration::from_secs(2);

/// How the bank behaves, as the caller asks it to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Behaviour {
    /// It takes the money.
    #[default]
    Ok,
    /// It takes the money, after everybody has given up.
    Slow,
    /// Its risk control says no.
    Refuse,
    /// It breaks.
    Fail,
}

impl Behaviour {
    /// As it stands in a query.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Behaviour::Ok => "ok",
            Behaviour::Slow => "slow",
            Behaviour::Refuse => "refuse",
            Behaviour::Fail => "fail",
        }
    }
}

#[derive(Debug, Deserialize)]
struct Charge {
    #[serde(default)]
    behave: Behaviour,
}

/// A bank that is open until it is dropped.
#[derive(Debug)]
pub(crate) struct Bank {
    url: String,
    serving: JoinHandle<io::Result<()>>,
}

impl Bank {
    /// Opens at a free port of this machine.
    pub(crate) async fn open() -> io::Result<Bank> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let router = Router::new().route("/charge", post(charge));
        let serving = tokio::spawn(axum::serve(listener, router).into_future());
        Ok(Bank { url, serving })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn charge(Query(charge): Query<Charge>) -> StatusCode {
    let (takes, answer) = match charge.behave {
        Behaviour::Ok => (USUAL, StatusCode::OK),
        Behaviour::Slow => (SLOW, StatusCode::OK),
        Behaviour::Refuse => (USUAL, StatusCode::FORBIDDEN),
        Behaviour::Fail => (USUAL, StatusCode::INTERNAL_SERVER_ERROR),
    };
    tokio::time::sleep(takes).await;
    answer
}
