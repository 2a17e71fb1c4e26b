//! The service: it takes payments, and records what happens.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry::{Context, global};
use opentelemetry_http::HeaderExtractor;
use slo::Running;
use slo::{Event, Started};

use crate::bank::{Bank, BankError, Charge};
use crate::contracts::fin_pay::{
    HttpRequestMethod, PaymentAttempt, PaymentOutcome, PaymentRequest, PaymentRequestLater, RequestOutcome,
};

const PAY: &str = "/pay/{order}";

#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) bank: Bank,
}

pub(crate) fn router() -> Router {
    Router::new().route(PAY, post(pay)).with_state(Service::new())
}

/// The context that the request's headers carry, by the program's propagators.
fn parent(headers: &HeaderMap) -> Context {
    global::get_text_map_propagator(|propagator| propagator.extract(&HeaderExtractor(headers)))
}

async fn pay(
    State(service): State<Service>,
    Path(order): Path<String>,
    Query(charge): Query<Charge>,
    headers: HeaderMap,
) -> StatusCode {
    let mut request = PaymentRequest {
        method: HttpRequestMethod::Post,
        route: PAY.into(),
        order: order.into(),
        later: PaymentRequestLater::default(),
    }
    .begin_under(&parent(&headers));
    let (status, outcome) = match request.run(service.charge(&charge)).await {
        Ok(()) => (StatusCode::OK, RequestOutcome::Paid),
        Err(BankError::Declined) => (StatusCode::PAYMENT_REQUIRED, RequestOutcome::Declined),
        Err(BankError::Late) => (StatusCode::GATEWAY_TIMEOUT, RequestOutcome::TimedOut),
    };
    request.outcome = Some(outcome);
    request.end();
    status
}

impl Service {
    pub(crate) fn new() -> Service {
        Service { bank: Bank }
    }

    /// Runs under the request: what is recorded here is in its trace.
    pub(crate) async fn charge(&self, charge: &Charge) -> Result<(), BankError> {
        let started = Started::now();
        let answer = self.bank.charge(charge).await;
        let outcome = match answer {
            Ok(()) => PaymentOutcome::Succeeded,
            Err(BankError::Late) => PaymentOutcome::Timeout,
            Err(BankError::Declined) => PaymentOutcome::Declined,
        };
        PaymentAttempt { outcome, method: charge.method.into() }.record(&started);
        answer
    }
}

#[cfg(test)]
mod tests;
