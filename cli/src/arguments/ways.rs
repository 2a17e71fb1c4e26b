//! The ways by which telemetry comes.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// The ways by which telemetry comes, besides files.
#[derive(Debug, Args)]
pub(crate) struct Ways {
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
    /// End after this time.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub(crate) for_time: Option<Duration>,
    /// End when nothing new has come for this time. Points that come again are nothing new.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) until_idle: Option<Duration>,
    /// Keep what comes in this file, so that the same can be read again.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Start the command behind `--` with OpenTelemetry's variables set to send here, each unless it is set, and wait for its end.
    #[arg(long, requires = "command")]
    pub(crate) exec: bool,
    /// The command of `--exec`, and its arguments.
    #[arg(last = true, value_name = "COMMAND", requires = "exec")]
    pub(crate) command: Vec<OsString>,
}

impl Ways {
    /// Whether anything comes but files.
    pub(crate) fn are_any(&self) -> bool {
        self.otlp.is_some() || self.exec || !self.scrape.is_empty()
    }
}

/// A length of time, as `10s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration: write it like `10s`, `500ms` or `2m`");
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| wanted())?;
    Duration::try_from(parsed).ok().filter(|duration| *duration <= MOST).ok_or_else(wanted)
}

/// The longest time that is waited: a year.
const MOST: Duration = Duration::from_secs(366 * 86_400);
