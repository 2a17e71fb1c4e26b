//! The service: it takes payments, once with usual instrumentation and once with the contract.
//!
//! It is a process of its own, because the globals of OpenTelemetry and of `tracing` are set once in a process.

mod bank;
mod contract;
mod parent;
mod plain;
mod request;

use std::error::Error;
use std::io::Write;
use std::net::Ipv4Addr;

use axum::Router;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::arguments::{Instrumentation, Serve};

/// Serves until the standard input closes, and shuts down as the instrumentation does it.
pub(crate) async fn serve(settings: Serve) -> Result<(), Box<dyn Error>> {
    match settings.which.get() {
        Instrumentation::Plain => plain::serve(&settings).await,
        Instrumentation::Contract => contract::serve(&settings).await,
    }
}

/// Listens at a free port, says where on the standard output, and serves until the standard input closes. Requests that
/// are being answered then are answered.
async fn listen(router: Router) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    // An interrupt is for the program that runs this one: it ends the requests, and then closes the input.
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    axum::serve(listener, router).with_graceful_shutdown(input_closes()).await?;
    Ok(())
}

async fn input_closes() {
    let (mut input, mut read) = (tokio::io::stdin(), [0; 256]);
    while let Ok(1..) = input.read(&mut read).await {}
}
