//! What `slo verify` understands.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use slo_verify::Part;

use super::ways::duration;
use super::{Findings, Ways};

/// Ends with 0 where nothing contradicts the contract, 1 where something does, 2 where the request could not be carried out; with
/// `--exec`, with the command's own code where that is not 0.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The contract root or the workspace first, a folder with `slo.toml` or one that has it as `slo`, unless it is found from here upwards.
    /// Then files with telemetry, and folders of them; `-` is standard input. OTLP as protobuf and JSON, Prometheus text, JSON lines and logfmt, also
    /// packed by gzip or zstd, are told by their content.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) ways: Ways,
    /// Judge telemetry whose resource no contract has as this resource, by its full name or the last part of it: of tests, whose service is
    /// called `unknown_service`.
    #[arg(long = "as", value_name = "RESOURCE")]
    pub(crate) resource: Option<String>,
    /// Judge by the contract as this revision of git has it what a scope sends that names that contract's version: of the pods of a roll-out that
    /// are still the old ones.
    #[arg(long, value_name = "REVISION")]
    pub(crate) previous: Vec<String>,
    /// Ask for the keys too that the environment or a detector gives, as it does where the service is deployed.
    #[arg(long)]
    pub(crate) deployed: bool,
    /// Hold what is of no contract to the semantic conventions, in the version of its schema URL: notes.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) judge: Option<Judge>,
    /// How long the log and the span of one event wait for each other, by the times that stand in them.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub(crate) window: Duration,
    /// Fail where less was seen, such as `variants=80%`: of events, records, or variants.
    #[arg(long, value_name = "WHAT=PERCENT", value_parser = share)]
    pub(crate) require_coverage: Vec<(Part, u8)>,
    /// Write what was seen, joined and found as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Answer questions at the address of `--otlp`, or at port 4318: `GET /verdict`, `POST /stop`, `GET /metrics`, `GET /healthz`. Contracts that
    /// are changed are read again, and judge what comes then.
    #[arg(long)]
    pub(crate) serve: bool,
    /// Send each finding as an OTLP log record to this endpoint, over HTTP.
    #[arg(long, value_name = "URL")]
    pub(crate) send_findings: Option<String>,
    /// Keep what was seen, joined and found in this file, for `--merge` and for `slo baseline add --run`.
    #[arg(long, value_name = "RUN")]
    pub(crate) save: Option<PathBuf>,
    /// Judge these runs, which `--save` kept, and what is read now as one.
    #[arg(long, value_name = "RUN", num_args = 1..)]
    pub(crate) merge: Vec<PathBuf>,
    /// Take what is found now into the baseline, where that has no finding of telemetry yet.
    #[arg(long, conflicts_with = "previous")]
    pub(crate) write_baseline: bool,
    #[command(flatten)]
    pub(crate) findings: Findings,
}

/// What is judged besides the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Judge {
    /// Telemetry of no contract, by OpenTelemetry's semantic conventions.
    Conventions,
}

fn share(text: &str) -> Result<(Part, u8), String> {
    let wanted = || "write it like `variants=80%`, of `events`, `records` or `variants`".to_owned();
    let (part, percent) = text.split_once('=').ok_or_else(wanted)?;
    let part = Part::ALL.into_iter().find(|one| one.name() == part).ok_or_else(wanted)?;
    let percent = percent.strip_suffix('%').unwrap_or(percent).parse().map_err(|_| wanted())?;
    if percent > 100 { Err("there are no more than 100 of 100".to_owned()) } else { Ok((part, percent)) }
}
