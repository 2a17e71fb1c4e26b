//! A service that counts, and logs with `tracing`.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "code that the contract takes the place of is only compiled"
)]

use std::sync::LazyLock;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use prometheus::IntCounterVec;
use tokio::net::TcpListener;
use tracing::{error, info};

use crate::bank::Charge;
use crate::service::Service;

static PAYMENTS: LazyLock<IntCounterVec> =
    LazyLock::new(|| IntCounterVec::new(prometheus::opts!("payments", "payments"), &["status"]).unwrap());

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().init();
    let app = Router::new().route("/pay/{order}", post(pay)).with_state(Service::new());
    axum::serve(TcpListener::bind("0.0.0.0:8080").await.unwrap(), app).await.unwrap();
}

async fn pay(
    State(service): State<Service>,
    Path(order): Path<String>,
    Query(charge): Query<Charge>,
) -> StatusCode {
    let started = Instant::now();
    match service.bank.charge(&charge).await {
        Ok(()) => {
            PAYMENTS.with_label_values(&["ok"]).inc();
            info!(order, took = started.elapsed().as_millis(), "paid");
            StatusCode::OK
        }
        Err(error) => {
            PAYMENTS.with_label_values(&["failed"]).inc();
            error!(order, %error, "payment failed");
            StatusCode::BAD_GATEWAY
        }
    }
}
