//! The service with the contract: what happens is stated once, and one builder sends it out.

use std::convert::Infallible;
use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::routing::{get, post};
use slo::{Event, Running, Started};
use slo_export::{Otlp, Pipeline, Prometheus};
use tokio::sync::mpsc;

use super::bank::{Bank, Said};
use super::parent::parent;
use super::request::{Charge, LEDGER, Method};
use crate::arguments::Serve;
use crate::contracts::CONTRACT;
use crate::contracts::fin_pay::{PaymentAttempt, PaymentMethod, PaymentOutcome, PaymentService};
use crate::contracts::fin_pay_service::{
    DeductionOutcome, HttpRequestMethod, PaymentDeduction, PaymentDeductionLater, PaymentRequest,
    PaymentRequestLater, RequestOutcome,
};

const PAY: &str = "/pay/{order}";
const OLD: &str = "/old";

#[derive(Clone, Debug)]
struct Service {
    bank: Bank,
    /// Each task that runs on after its request holds one: the service ends when the last of them has.
    running: mpsc::Sender<Infallible>,
}

pub(super) async fn serve(settings: &Serve) -> Result<(), Box<dyn Error>> {
    // One resource, on all pipeline.
    let resource = PaymentService::new("fin-pay-prod").assemble().build()?.to_resource();
    let pipeline = Pipeline::builder(&CONTRACT, resource).otlp(Otlp::grpc().endpoint(&settings.otlp));
    let pipeline = match settings.prometheus {
        Some(address) => pipeline.prometheus(Prometheus::at(address.to_string())),
        None => pipeline,
    };
    let pipeline = pipeline.start()?;

    let (running, mut over) = mpsc::channel(1);
    super::listen(router(Service { bank: Bank::new(&settings.bank), running })).await?;
    // Nobody sends anything: this is over when nobody could any more.
    over.recv().await;
    let report = pipeline.shutdown(Duration::from_secs(5)).await;
    crate::note(&report);
    Ok(())
}

fn router(service: Service) -> Router {
    Router::new().route(PAY, post(pay)).route(OLD, get(old)).with_state(service)
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
        later: PaymentRequestLater { order: Some(order.clone().into()), ..PaymentRequestLater::default() },
    }
    .begin_under(&parent(&headers));
    let outcome = request.run(service.charge(order, &charge)).await;
    let status = status(&outcome);
    request.outcome = Some(outcome);
    status
}

impl Service {
    /// Runs under the request: what is stated here is in its trace.
    async fn charge(&self, order: String, charge: &Charge) -> RequestOutcome {
        if !charge.is_valid() {
            return RequestOutcome::Invalid;
        }
        let started = Started::now();
        let (outcome, answer) = match self.bank.charge(charge).await {
            Said::Charged => (PaymentOutcome::Succeeded, RequestOutcome::Answered),
            Said::Refused => (PaymentOutcome::Rejected, RequestOutcome::Refused),
            Said::Nothing => (PaymentOutcome::Timeout, RequestOutcome::TimedOut),
            // The bank is broken: that is no outcome of a payment, and the contract has no word for it.
            Said::Broken => return RequestOutcome::Failed,
        };
        let method = match charge.method {
            Method::Card => PaymentMethod::Card,
            Method::Wallet => PaymentMethod::Wallet,
            Method::Transfer => PaymentMethod::Transfer,
        };
        PaymentAttempt { outcome, method, amount: charge.amount, route: PAY.into() }.record(&started);
        if answer == RequestOutcome::Answered {
            slo::tasks::tokio::spawn(deduct(order, self.running.clone()));
        }
        answer
    }
}

async fn deduct(order: String, _running: mpsc::Sender<Infallible>) {
    let mut deduction =
        PaymentDeduction { order: order.into(), later: PaymentDeductionLater::default() }.begin();
    deduction.run(tokio::time::sleep(LEDGER)).await;
    deduction.outcome = Some(DeductionOutcome::Deducted);
}

async fn old(headers: HeaderMap) -> (StatusCode, [(HeaderName, &'static str); 1]) {
    let mut request = PaymentRequest {
        method: HttpRequestMethod::Get,
        route: OLD.into(),
        later: PaymentRequestLater::default(),
    }
    .begin_under(&parent(&headers));
    let outcome = RequestOutcome::Redirected;
    let status = status(&outcome);
    request.outcome = Some(outcome);
    (status, [(header::LOCATION, "/")])
}

/// The status code that a request is answered with: the one that its outcome says on every signal.
fn status(outcome: &RequestOutcome) -> StatusCode {
    match outcome {
        RequestOutcome::Answered => StatusCode::OK,
        RequestOutcome::Redirected => StatusCode::FOUND,
        RequestOutcome::Invalid => StatusCode::BAD_REQUEST,
        RequestOutcome::Refused => StatusCode::PAYMENT_REQUIRED,
        RequestOutcome::Failed | RequestOutcome::HungUp => StatusCode::INTERNAL_SERVER_ERROR,
        RequestOutcome::TimedOut => StatusCode::GATEWAY_TIMEOUT,
    }
}
