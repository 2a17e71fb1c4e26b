//! A worker whose events go out by exporters of OpenTelemetry's SDK: its OTLP exporter, and the one for standard output.
//! `slo-export` hands each what waits for it, and counts to the end what became of every event.
//!
//! Without `--endpoint` a receiver of its own takes what comes, and refuses one request in five.
#![allow(clippy::print_stdout, reason = "what a person is shown")]

mod contracts {
    //! What the build script generated from `slo/`.
    #![allow(missing_docs, reason = "the contract says what has something to say")]

    slo::include_contracts!();
}

use std::error::Error;
use std::time::Duration;

use clap::Parser;
use contracts::CONTRACT;
use contracts::post::{Letter, LetterOutcome, Worker};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter, WithExportConfig};
use slo::Event;
use slo_export::{Pipeline, Report};
use slo_receiver::{Digest, Keep, Plan, Reaction, Receiver, Refusal};

/// Hands letters over, and says what became of each one's telemetry.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many letters
    #[arg(long, default_value_t = 10_000)]
    letters: u64,
    /// A receiver of OTLP over gRPC, instead of the program's own
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Write log records to standard output as well
    #[arg(long)]
    stdout: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(endpoint) = &arguments.endpoint {
        println!("{}", run(endpoint, &arguments).await?);
        return Ok(());
    }
    let receiver = Receiver::builder().plan(refusals()).keep(Keep::digest_by("letter.id")).start()?;
    let report = run(&receiver.grpc_endpoint(), &arguments).await?;
    // What is under way when its answer was given up may still arrive.
    let has_settled = receiver.settle(Duration::from_secs(10));
    println!("{report}\n\n{}", received(&receiver.digest()?));
    if has_settled { Ok(()) } else { Err("the receiver has not come to its end".into()) }
}

/// One request in five is refused.
fn refusals() -> Plan {
    Plan::seeded(1, [(0.2, Reaction::Refuse(Refusal::invalid()))])
}

/// Hands letters over, and shuts down.
async fn run(endpoint: &str, arguments: &Arguments) -> Result<Report, Box<dyn Error>> {
    let resource = Worker::new("post-prod").assemble().build()?.to_resource();
    let pipeline = Pipeline::builder(&CONTRACT, resource)
        .log_exporter("otlp", LogExporter::builder().with_tonic().with_endpoint(endpoint).build()?)
        .span_exporter("otlp", SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?)
        .metric_exporter("otlp", MetricExporter::builder().with_tonic().with_endpoint(endpoint).build()?);
    let pipeline = match arguments.stdout {
        true => pipeline.log_exporter("stdout", opentelemetry_stdout::LogExporter::default()),
        false => pipeline,
    };
    let pipeline = pipeline.without_globals().start()?;
    pipeline.telemetry().run(hand_over_all(arguments.letters)).await;
    Ok(pipeline.shutdown(Duration::from_secs(30)).await)
}

async fn hand_over_all(letters: u64) {
    for number in 0..letters {
        hand_over(number);
        if number % 20 == 0 {
            // No faster than a queue of the default size empties.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn hand_over(number: u64) {
    let outcome = match number % 20 {
        0 => LetterOutcome::Bounced { code: 550 },
        1..=3 => LetterOutcome::Deferred { code: 451 },
        _ => LetterOutcome::Accepted,
    };
    Letter { outcome, id: number.to_string().into() }.record(Duration::from_millis(number % 900));
}

/// What the receiver has, each record once.
fn received(digest: &Digest) -> String {
    let letters: f64 = digest
        .metrics
        .of("post.letters")
        .map(|series| match &series.reading {
            slo_receiver::Reading::Number(number) => *number,
            _ => 0.0,
        })
        .sum();
    format!(
        "the receiver has {} log records, {} spans, and counted {letters} letters",
        digest.logs.distinct(),
        digest.traces.distinct()
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_receiver_has_is_what_was_counted() {
        let receiver =
            Receiver::builder().plan(refusals()).keep(Keep::digest_by("letter.id")).start().unwrap();
        let arguments = Arguments { letters: 20_000, endpoint: None, stdout: false };
        let report = run(&receiver.grpc_endpoint(), &arguments).await.unwrap();
        assert!(receiver.settle(Duration::from_secs(30)));
        let digest = receiver.digest().unwrap();
        for (counts, received) in
            [(&report.counts.logs, digest.logs.distinct()), (&report.counts.spans, digest.traces.distinct())]
        {
            assert!(counts.add_up(), "{report}");
            assert_eq!(counts.recorded, 20_000);
            let exporter = counts.exporter("otlp").unwrap();
            assert!(exporter.delivered > 0 && exporter.pending == 0, "{report}");
            assert!(
                exporter.delivered <= received && received <= exporter.delivered + exporter.unconfirmed,
                "the receiver has {received} of {report}"
            );
        }
    }
}
