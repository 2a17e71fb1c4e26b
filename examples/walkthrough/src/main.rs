//! The payment service of the documentation: what `README.md`, `docs/adoption.md`, `docs/emission.md` and `docs/services.md`
//! show of Rust and of contracts stands here.
#![allow(clippy::print_stderr, reason = "what the operator is told")]
#![allow(
    unreachable_pub,
    reason = "the items are as the documentation shows them, whatever crate they stand in"
)]

mod bank;
mod config;
mod contracts;
mod logs;
mod resource;
mod service;

#[cfg(test)]
mod before;

use std::time::Duration;

use config::Config;
use contracts::CONTRACT;
use resource::resource;
use slo_export::{Otlp, Pipeline, Prometheus};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        service: "fin-pay-prod".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        environment: "production".to_owned(),
        listen: "0.0.0.0:8080".to_owned(),
    };
    let pipeline = Pipeline::builder(&CONTRACT, resource(&config)?)
        .otlp(Otlp::grpc())
        .prometheus(Prometheus::at("0.0.0.0:9464"))
        .json_lines(std::io::stdout())
        .on_problem(|problem| eprintln!("{problem}"))
        .start()?;
    logs::start(&pipeline);

    let listener = TcpListener::bind(&config.listen).await?;
    axum::serve(listener, service::router()).with_graceful_shutdown(stop()).await?;

    let report = pipeline.shutdown(Duration::from_secs(5)).await;
    eprintln!("{report}");
    Ok(())
}

/// Until the operator ends the service.
async fn stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
