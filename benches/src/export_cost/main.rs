//! What recording an event costs while exporters are at work: the pipeline of `slo-export`, beside the same calls by hand on
//! the SDK's own batch processors and periodic reader with OpenTelemetry's OTLP exporter. Both send over gRPC, with queues,
//! batches and delays of the same sizes, to a receiver in a process of its own.
//!
//!     cargo run --release -p slo-benches --bin export-cost [ROUNDS [SECONDS]]
//!
//! Each set-up is a program of its own for so many seconds (2), and they take turns for so many rounds (5). Events are recorded at a
//! pace that the queues hold: 20,000 a second, in groups, by one thread and by four; metrics are collected once a minute, which is
//! never, and ten times a second. Shown are the median of the nanoseconds an event, of groups that are timed as a whole, and the
//! 99.9th percentile of events that are timed one by one; and each beside the bound form by hand.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]

mod measured;
mod setup;
mod turn;

use std::process::{Command, Stdio};

use slo_receiver::{Receiver, Signal};

use measured::Measured;
use setup::{BESIDE, SETUPS, Setup};
use turn::KINDS;

const ROUNDS: usize = 5;
const SECONDS: f64 = 2.0;

/// By how many threads events are recorded, and how often metrics are collected, in milliseconds.
const SITUATIONS: [(usize, u64); 4] = [(1, 60_000), (1, 100), (4, 60_000), (4, 100)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "turn") {
        return turn::run(&arguments[1..]);
    }
    let number = |at: usize, default: f64| {
        arguments.get(at).map_or(default, |text| text.parse().expect("numbers: ROUNDS and SECONDS"))
    };
    let (rounds, seconds) = (number(0, ROUNDS as f64) as usize, number(1, SECONDS));
    for (threads, interval) in SITUATIONS {
        let mut all: Vec<Measured> = SETUPS.iter().map(|_| Measured::default()).collect();
        for _ in 0..rounds {
            for (setup, measured) in SETUPS.iter().zip(&mut all) {
                take_turn(setup, threads, interval, seconds, measured);
            }
        }
        table(threads, interval, &all);
    }
}

/// Runs a program of this set-up.
fn take_turn(setup: &Setup, threads: usize, interval: u64, seconds: f64, measured: &mut Measured) {
    let receiver = Receiver::builder().start().unwrap();
    let mut program = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_")) {
        program.env_remove(name);
    }
    let output = program
        .args(["turn", setup.name, &threads.to_string(), &seconds.to_string(), &receiver.grpc_endpoint()])
        .env("NO_PROXY", "127.0.0.1")
        .env("OTEL_METRIC_EXPORT_INTERVAL", interval.to_string())
        .envs(setup.variables.iter().copied())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{} failed", setup.name);
    measured.read(&String::from_utf8(output.stdout).unwrap());
    measured.arrived += receiver.done(Signal::Logs).taken.records;
}

fn table(threads: usize, interval: u64, all: &[Measured]) {
    let by = if threads == 1 { "one thread".to_owned() } else { format!("{threads} threads") };
    println!("\n{by}, metrics collected each {interval} ms, nanoseconds an event\n");
    print!("| |");
    for kind in KINDS {
        print!(" {kind} | to by hand | 99.9th percentile | to by hand |");
    }
    println!("\n|---{}|", "|---".repeat(4 * KINDS.len()));
    let at = SETUPS.iter().position(|setup| setup.name == BESIDE).unwrap();
    for (setup, measured) in SETUPS.iter().zip(all) {
        print!("| {} |", setup.name);
        for kind in 0..KINDS.len() {
            for figure in [Measured::median, Measured::tail] {
                let (own, beside) = (figure(measured, kind), figure(&all[at], kind));
                print!(" {own:.0} | {:.2} |", own / beside);
            }
        }
        println!();
    }
    for (setup, Measured { recorded, arrived, .. }) in SETUPS.iter().zip(all) {
        if arrived < recorded {
            println!("\n{}: of {recorded} events {arrived} arrived: a queue was full", setup.name);
        }
    }
}
