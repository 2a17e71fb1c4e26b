//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::Uri;
use clap::{Args, Parser, Subcommand};

use crate::load::Load;

/// Runs a payment service twice, with usual instrumentation and with a contract, sends it the same requests, receives its
/// logs, spans and metrics, and shows how much of what happened can be joined across them.
#[derive(Clone, Debug, Parser)]
#[command(name = "payments", args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) compare: Compare,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints the OTLP Resource that a struct and the contract's builder give, and one request on three signals
    Resource {
        /// The service's name, to see what the contract says of it
        #[arg(default_value = "fin-pay-prod")]
        name: String,
    },
    /// Serves until its standard input closes; its first line of output is its address
    #[command(hide = true)]
    Serve(Serve),
}

/// What is compared.
#[derive(Clone, Debug, Args)]
pub(crate) struct Compare {
    /// Runs the service with usual instrumentation alone
    #[arg(long, conflicts_with = "contract")]
    plain: bool,
    /// Runs the service with the contract alone
    #[arg(long)]
    contract: bool,
    /// For how many seconds requests are sent, each time
    #[arg(long, value_name = "S", default_value_t = 5.0, value_parser = seconds)]
    seconds: f64,
    /// How many requests are sent in a second
    #[arg(long, value_name = "R", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: u32,
    /// How many requests are sent at most, each time
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    requests: u64,
    /// Writes the comparison as a picture, too
    #[arg(long, value_name = "PATH")]
    pub(crate) svg: Option<PathBuf>,
    /// Sends everything to a Collector by OTLP over gRPC, such as http://127.0.0.1:4317, instead of to the receiver that
    /// is included. What a Collector has can't be seen from here, so nothing is judged
    #[arg(long, value_name = "URL", conflicts_with = "svg", value_parser = endpoint)]
    pub(crate) otlp: Option<String>,
    /// Has the service with the contract listen here for a Prometheus server, such as 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS", conflicts_with = "plain")]
    pub(crate) prometheus: Option<SocketAddr>,
}

/// What the service is told.
#[derive(Clone, Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The bank's URL
    #[arg(long, value_name = "URL")]
    pub(crate) bank: String,
    /// Where logs, spans and metrics go, by OTLP over gRPC
    #[arg(long, value_name = "URL")]
    pub(crate) otlp: String,
    /// Where a Prometheus server may scrape
    #[arg(long, value_name = "ADDRESS", conflicts_with = "plain")]
    pub(crate) prometheus: Option<SocketAddr>,
}

/// Which of the two.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// With usual instrumentation
    #[arg(long)]
    plain: bool,
    /// With the contract
    #[arg(long)]
    contract: bool,
}

/// How a service is instrumented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrumentation {
    /// As usual.
    Plain,
    /// With the contract.
    Contract,
}

impl Instrumentation {
    /// The option that asks for it.
    pub(crate) const fn option(self) -> &'static str {
        match self {
            Instrumentation::Plain => "--plain",
            Instrumentation::Contract => "--contract",
        }
    }

    /// As it is called in what is shown.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Instrumentation::Plain => "plain",
            Instrumentation::Contract => "contract",
        }
    }
}

impl Which {
    pub(crate) const fn get(&self) -> Instrumentation {
        if self.plain { Instrumentation::Plain } else { Instrumentation::Contract }
    }
}

impl Compare {
    /// Which services are run, in this order.
    pub(crate) const fn instrumentations(&self) -> &'static [Instrumentation] {
        match (self.plain, self.contract) {
            (true, _) => &[Instrumentation::Plain],
            (false, true) => &[Instrumentation::Contract],
            (false, false) => &[Instrumentation::Plain, Instrumentation::Contract],
        }
    }

    /// What each is sent.
    pub(crate) fn load(&self) -> Load {
        Load { rate: self.rate, lasts: Duration::from_secs_f64(self.seconds), requests: self.requests }
    }
}

/// Reads the address of a Collector.
fn endpoint(text: &str) -> Result<String, String> {
    let uri: Uri = text.parse().map_err(|_| "it is no URL, such as http://127.0.0.1:4317".to_owned())?;
    match uri.scheme_str() {
        Some("http") => Ok(text.to_owned()),
        Some("https") => Err("this example has no TLS; give a Collector that takes `http`".to_owned()),
        _ => Err("it begins with `http://`, such as http://127.0.0.1:4317".to_owned()),
    }
}

/// Reads a number of seconds, an hour at most.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("`{text}` is no number of seconds"))?;
    if (0.001..=3_600.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err("it is from 0.001 to 3600 seconds".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn both_are_run_unless_one_is_asked_for() {
        let run = |options: &[&str]| {
            let arguments = Arguments::try_parse_from([&["payments"], options].concat()).unwrap();
            arguments.compare.instrumentations().to_vec()
        };
        assert_eq!(run(&[]), [Instrumentation::Plain, Instrumentation::Contract]);
        assert_eq!(run(&["--plain"]), [Instrumentation::Plain]);
        assert_eq!(run(&["--contract"]), [Instrumentation::Contract]);
        for wrong in [
            ["--otlp", "127.0.0.1:4317"],
            ["--otlp", "https://collector:4317"],
            ["--plain", "--contract"],
            ["--seconds", "NaN"],
            ["--rate", "0"],
            ["--seconds", "1e9"],
        ] {
            assert!(Arguments::try_parse_from([&["payments"][..], &wrong].concat()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_load_is_a_rate_and_two_bounds() {
        let arguments = ["payments", "--seconds", "2.5", "--rate", "10", "--requests", "7"];
        let load = Arguments::try_parse_from(arguments).unwrap().compare.load();
        assert_eq!(load, Load { rate: 10, lasts: Duration::from_millis(2_500), requests: 7 });
    }
}
