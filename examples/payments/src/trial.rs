//! One run: the service, its bank, its callers, and who receives what it says.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use slo_receiver::{Everything, Keep, Receiver};

use crate::arguments::Instrumentation;
use crate::bank::Bank;
use crate::interrupt::Interrupt;
use crate::intervals;
use crate::joins::Evidence;
use crate::load::Load;
use crate::process::{Process, Surroundings};
use crate::received::Received;
use crate::sent_request::{Began, SentRequest};

/// How long requests that are on their way when the service has ended are waited for.
const SETTLE: Duration = Duration::from_secs(5);

/// What is run.
#[derive(Clone, Copy)]
pub(crate) struct Trial<'t> {
    pub(crate) program: &'t Path,
    pub(crate) instrumentation: Instrumentation,
    pub(crate) load: Load,
    pub(crate) prometheus: Option<std::net::SocketAddr>,
    pub(crate) interrupt: &'t Interrupt,
    /// Told of each request that was sent.
    pub(crate) sent: &'t dyn Fn(),
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) requests: Vec<SentRequest>,
    began: Began,
    /// When the service was told to end.
    end: Duration,
    /// What the service said on its standard error.
    pub(crate) said: String,
}

impl Trial<'_> {
    /// Runs it with the receiver that is included; also gives what that received, as it came.
    pub(crate) async fn judged(&self) -> Result<(Evidence, String, Everything), Box<dyn Error>> {
        let receiver = Receiver::builder().keep(Keep::everything()).start()?;
        let ran = self.run(&receiver.grpc_endpoint()).await?;
        // Nobody sends any more. What isn't over by then was not taken, and is not there: that is judged.
        let _ = receiver.settle(SETTLE);
        let everything = receiver.everything()?;
        let received = Received::of(everything.clone(), ran.began);
        let evidence =
            Evidence { requests: ran.requests, received, end: ran.end, interval: intervals::RECORDS };
        Ok((evidence, ran.said, everything))
    }

    /// Runs it with another receiver.
    pub(crate) async fn run(&self, otlp: &str) -> Result<Ran, Box<dyn Error>> {
        let bank = Bank::open().await?;
        let around = Surroundings { bank: bank.url(), otlp, prometheus: self.prometheus };
        let process = Process::start(self.program, self.instrumentation, around).await?;
        let began = Began::now();
        let requests = self.load.send(began, process.url(), self.interrupt, self.sent).await?;
        let end = began.elapsed();
        let said = process.end().await?;
        Ok(Ran { requests, began, end, said })
    }
}
