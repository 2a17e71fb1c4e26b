//! The service as services usually are: three teams have each instrumented it, with good tools and a good reason for each
//! name, and none of them has asked the others. Nothing here is made worse than it is found in fleets; each gap is one of
//! the project's [scenarios](../../../../../tests/scenarios/mod.rs), and stands where it comes from.
//!
//! | team | file | speaks as |
//! |---|---|---|
//! | metrics: dashboards and alerts | `metrics` | `payment-service` |
//! | logs: search, and whoever is on call | `logs` | `payment` |
//! | traces: the platform | `traces` | `payment-svc-v2` |

mod logs;
mod metrics;
mod traces;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::bank::{Bank, Said};
use super::request::{Charge, LEDGER};
use crate::arguments::Serve;
use metrics::Metrics;

#[derive(Clone, Debug)]
struct Service {
    bank: Bank,
    metrics: Metrics,
    requests: Arc<AtomicU64>,
}

pub(super) async fn serve(settings: &Serve) -> Result<(), Box<dyn Error>> {
    let metrics = metrics::set_up(&settings.otlp)?;
    let logs = logs::set_up(&settings.otlp)?;
    let traces = traces::set_up(&settings.otlp)?;
    tracing_subscriber::registry().with(traces::layer(&traces)).with(logs::layer(&logs)).try_init()?;

    let service = Service { bank: Bank::new(&settings.bank), metrics, requests: Arc::default() };
    super::listen(router(service)).await?;
    // The tracing guide says to shut its provider down, and that was done. Nobody thought of the other two: what logs and
    // metrics still hold goes with the process (row 11).
    if let Err(error) = traces.shutdown() {
        crate::note(&format_args!("the tracer provider did not shut down: {error}"));
    }
    Ok(())
}

fn router(service: Service) -> Router {
    let count = || from_fn_with_state(service.metrics.clone(), metrics::count);
    // The old pages came from another service, with the filter that they had there.
    let old = Router::new().route("/old", get(old)).layer(count());
    Router::new()
        .route("/pay/{order}", post(pay))
        .merge(old)
        // So that a page that moved is counted by this one as well (row 9).
        .layer(count())
        .layer(from_fn(traces::trace))
        .with_state(service)
}

async fn pay(
    State(service): State<Service>,
    Path(order): Path<String>,
    Query(charge): Query<Charge>,
) -> StatusCode {
    // The request's id is made here: this layer knows of none that the caller may have.
    let req_id = format!("req-{:06x}", service.requests.fetch_add(1, Ordering::Relaxed));
    let begun = Instant::now();
    let status = service.charge(&order, &charge).await;
    let is_paid = status == StatusCode::OK;
    service.metrics.payment(is_paid, begun.elapsed());
    if is_paid {
        tracing::info!(event = "payment_ok", status_code = 200, req_id, order_id = order);
    } else {
        // To whoever reads this log a payment that fails is one that fails: 500, an error (rows 2 and 13).
        tracing::error!(event = "payment_failed", status_code = 500, req_id, order_id = order);
    }
    status
}

impl Service {
    async fn charge(&self, order: &str, charge: &Charge) -> StatusCode {
        if !charge.is_valid() {
            return StatusCode::BAD_REQUEST;
        }
        match self.bank.charge(charge).await {
            Said::Charged => {
                // A task of its own, which leaves the request's context behind (row 4).
                tokio::spawn(deduct(self.metrics.clone(), order.to_owned()));
                StatusCode::OK
            }
            Said::Refused => StatusCode::PAYMENT_REQUIRED,
            Said::Nothing => StatusCode::GATEWAY_TIMEOUT,
            Said::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

async fn deduct(metrics: Metrics, order: String) {
    let begun = Instant::now();
    tokio::time::sleep(LEDGER).await;
    metrics.deduction(begun.elapsed());
    tracing::info!(event = "deducted", order_id = order);
}

async fn old() -> (StatusCode, [(HeaderName, &'static str); 1]) {
    tracing::info!(event = "redirected", status_code = 302);
    (StatusCode::FOUND, [(header::LOCATION, "/")])
}
