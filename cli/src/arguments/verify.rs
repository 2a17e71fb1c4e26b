//! What `slo verify` understands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use slo_verify::Part;

use super::Findings;

/// Ends with 0 where nothing contradicts the contract, 1 where something does, 2 where the request could not be carried out; with
/// `--exec`, with the command's own code where that is not 0.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The contract root or the workspace first, a folder with `slo.toml` or one that has it as `slo`, unless it is found from here upwards.
    /// Then files with telemetry, and folders of them; `-` is standard input. OTLP as protobuf and JSON, Prometheus text, JSON lines and logfmt, also
    /// packed by gzip or zstd, are told by their content.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take OTLP at this port or address, over gRPC and HTTP. A port alone is that of this machine, which others don't reach.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) otlp: Option<String>,
    /// Send on over HTTP what comes over OTLP, to this endpoint.
    #[arg(long, value_name = "URL")]
    pub(crate) forward: Option<String>,
    /// Scrape this Prometheus endpoint.
    #[arg(long, value_name = "URL")]
    pub(crate) scrape: Vec<String>,
    /// How often endpoints are scraped.
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    pub(crate) every: Duration,
    /// Judge telemetry whose resource no contract has as this resource, by its full name or the last part of it: of tests, whose service is
    /// called `unknown_service`.
    #[arg(long = "as", value_name = "RESOURCE")]
    pub(crate) resource: Option<String>,
    /// Ask for the keys too that the environment or a detector gives, as it does where the service is deployed.
    #[arg(long)]
    pub(crate) deployed: bool,
    /// Hold what is of no contract to the semantic conventions, in the version of its schema URL: notes.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) judge: Option<Judge>,
    /// How long the log and the span of one event wait for each other, by the times that stand in them.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub(crate) window: Duration,
    /// End after this time.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub(crate) for_time: Option<Duration>,
    /// End when nothing new has come for this time. Points that come again are nothing new.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) until_idle: Option<Duration>,
    /// Fail where less was seen, such as `variants=80%`: of events, records, or variants.
    #[arg(long, value_name = "WHAT=PERCENT", value_parser = share)]
    pub(crate) require_coverage: Vec<(Part, u8)>,
    /// Write what was seen, joined and found as JSON into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Start the command behind `--` with OpenTelemetry's variables set for this verifier, each unless it is set; wait for its end, and judge.
    #[arg(long, requires = "command")]
    pub(crate) exec: bool,
    /// The command of `--exec`, and its arguments.
    #[arg(last = true, value_name = "COMMAND", requires = "exec")]
    pub(crate) command: Vec<OsString>,
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

fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration: write it like `10s`, `500ms` or `2m`");
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| wanted())?;
    Duration::try_from(parsed).ok().filter(|duration| *duration <= MOST).ok_or_else(wanted)
}

/// The longest time that is waited: a year.
const MOST: Duration = Duration::from_secs(366 * 86_400);
