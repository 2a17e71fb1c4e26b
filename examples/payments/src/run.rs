//! What the program does.

use std::error::Error;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::net::TcpListener;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Arguments, Command, Compare, Instrumentation};
use crate::comparison::{Comparison, Run, counted};
use crate::joins::judge;
use crate::load::Load;
use crate::machine::Machine;
use crate::trial::Trial;
use crate::{picture, resource, service, table};

/// Does what was asked for.
///
/// # Errors
/// What went wrong, for people.
pub fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    match arguments.command {
        Some(Command::Resource { name }) => resource::show(name),
        Some(Command::Serve(settings)) => runtime()?.block_on(service::serve(settings)),
        None => runtime()?.block_on(compare_and_show(&arguments.compare)),
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn compare_and_show(asked: &Compare) -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    // What can't be at the end is better known at the beginning.
    if let Some(address) = asked.prometheus {
        TcpListener::bind(address).map_err(|error| format!("nobody can scrape at {address}: {error}"))?;
    }
    if let Some(path) = &asked.svg {
        write(path, "")?;
    }
    let progress = progress(asked.load().count() * asked.instrumentations().len() as u64);
    let sent = || progress.inc(1);
    let trial = |instrumentation| Trial {
        program: &program,
        instrumentation,
        load: asked.load(),
        prometheus: asked.prometheus.filter(|_| instrumentation == Instrumentation::Contract),
        sent: &sent,
    };
    if let Some(url) = &asked.otlp {
        for instrumentation in asked.instrumentations() {
            begin(&progress, *instrumentation);
            let ran = trial(*instrumentation).run(url).await?;
            let (sent, answered) = counted(&ran.facts);
            progress.suspend(|| {
                say(&format_args!("{}: {sent} requests, {answered} answered", instrumentation.name()));
                relay(*instrumentation, &ran.said);
            });
        }
        progress.finish_and_clear();
        say(&format_args!("what was said was meant for {url}; what came there can't be seen from here"));
        return Ok(());
    }
    let mut comparison = Comparison { runs: Vec::new(), machine: Machine::this() };
    for instrumentation in asked.instrumentations() {
        begin(&progress, *instrumentation);
        comparison.runs.push(judged(&trial(*instrumentation)).await?);
    }
    progress.finish_and_clear();
    for run in &comparison.runs {
        relay(run.instrumentation, &run.said);
    }
    say(&table(&comparison).trim_end());
    if let Some(path) = &asked.svg {
        write(path, &picture(&comparison))?;
    }
    Ok(())
}

fn write(path: &Path, picture: &str) -> Result<(), String> {
    std::fs::write(path, picture)
        .map_err(|error| format!("the picture can't be written to `{}`: {error}", path.display()))
}

/// Runs the service with each instrumentation, and compares what could be joined. The program is the one of this example.
///
/// # Errors
/// Where a run did not come about: a port or a process that can't be had, a service that fails.
pub async fn compare(
    program: &Path,
    instrumentations: &[Instrumentation],
    load: Load,
) -> Result<Comparison, Box<dyn Error>> {
    let mut comparison = Comparison { runs: Vec::new(), machine: Machine::this() };
    for instrumentation in instrumentations {
        let trial =
            Trial { program, instrumentation: *instrumentation, load, prometheus: None, sent: &|| () };
        comparison.runs.push(judged(&trial).await?);
    }
    Ok(comparison)
}

async fn judged(trial: &Trial<'_>) -> Result<Run, Box<dyn Error>> {
    let (evidence, said) = trial.judged().await?;
    let (sent, answered) = counted(&evidence.facts);
    let rows = judge(&evidence, trial.instrumentation);
    Ok(Run { instrumentation: trial.instrumentation, sent, answered, rows, said })
}

/// A bar on the standard error; none where that is no terminal.
fn progress(requests: u64) -> ProgressBar {
    let bar = ProgressBar::new(requests);
    // The template is a constant; where it weren't one, the bar would have its usual form.
    if let Ok(style) = ProgressStyle::with_template("{msg:>8} {wide_bar} {pos} of {len} requests") {
        bar.set_style(style);
    }
    bar
}

/// Says which run begins: at the bar, or in a line where there is none.
fn begin(progress: &ProgressBar, instrumentation: Instrumentation) {
    progress.set_message(instrumentation.name());
    if !std::io::stderr().is_terminal() {
        note(&format_args!("running the service of `{}`", instrumentation.name()));
    }
}

/// Passes on what a service said on its standard error.
fn relay(instrumentation: Instrumentation, said: &str) {
    let said = said.trim_end();
    if !said.is_empty() {
        note(&format_args!("the service of `{}` said:\n{said}\n", instrumentation.name()));
    }
}

/// Shows what the program is run for. Who reads no further, such as `head`, has what it wants.
pub(crate) fn say(text: &dyn Display) {
    _ = writeln!(std::io::stdout(), "{text}");
}

/// Says something beside what the program is run for.
#[allow(clippy::print_stderr, reason = "a program says such things there")]
pub(crate) fn note(text: &dyn Display) {
    eprintln!("{text}");
}

/// Says what went wrong.
pub fn complain(error: &dyn Error) {
    note(&format_args!("payments: {error}"));
}
