//! An HTTP client for requests without a body.

use std::time::Duration;

use axum::http::{Request, StatusCode};
use http_body_util::Empty;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// A request, which has no body.
pub(crate) type Bodyless = Request<Empty<&'static [u8]>>;

/// An HTTP client that keeps its connections.
#[derive(Clone, Debug)]
pub(crate) struct Client(Pool<HttpConnector, Empty<&'static [u8]>>);

/// Why there is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// It did not come in time.
    Late,
    /// There was no connection, or it broke.
    Broken,
}

impl Client {
    pub(crate) fn new() -> Client {
        // A connector of its own: the default one's sockets wait before they send what is small.
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Client(Pool::builder(TokioExecutor::new()).build(connector))
    }

    /// Sends a request, and gives the status of the answer.
    pub(crate) async fn send(&self, request: Bodyless, within: Duration) -> Result<StatusCode, NoAnswer> {
        match tokio::time::timeout(within, self.0.request(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(_)) => Err(NoAnswer::Broken),
            Err(_) => Err(NoAnswer::Late),
        }
    }
}
