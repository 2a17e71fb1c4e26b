//! What the program does.

use std::error::Error;
use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::net::TcpListener;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use slo_receiver::Everything;

use crate::arguments::{Arguments, Command, Compare, Instrumentation};
use crate::comparison::{Comparison, Run};
use crate::interrupt::Interrupt;
use crate::joins::judge;
use crate::load::Load;
use crate::machine::Machine;
use crate::sent_request::SentRequest;
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
        // What is there stays until there is something in its place.
        OpenOptions::new().create(true).append(true).open(path).map_err(|error| unwritable(path, &error))?;
    }
    let progress = progress(asked.load().count() * asked.instrumentations().len() as u64);
    let bar = progress.clone();
    let interrupt = Interrupt::listen(move || {
        bar.suspend(|| note(&"no more requests are sent; Ctrl-C once more ends it at once"));
    });
    let sent = || progress.inc(1);
    let trial = |instrumentation| Trial {
        program: &program,
        instrumentation,
        load: asked.load(),
        prometheus: asked.prometheus.filter(|_| instrumentation == Instrumentation::Contract),
        interrupt: &interrupt,
        sent: &sent,
    };
    let mut runs = Vec::new();
    for instrumentation in asked.instrumentations() {
        if interrupt.is_asked() {
            break;
        }
        begin(&progress, *instrumentation);
        let trial = trial(*instrumentation);
        match &asked.otlp {
            Some(url) => {
                let ran = trial.run(url).await?;
                runs.push(Run::of(&trial, &ran.requests, Vec::new(), ran.said));
            }
            None => runs.push(judged(&trial).await?),
        }
    }
    progress.finish_and_clear();
    for run in &runs {
        relay(run.instrumentation, &run.said);
    }
    let comparison = Comparison { runs, machine: Machine::this() };
    if let Some(url) = &asked.otlp {
        say(&comparison.loads());
        say(&format_args!("what was said was meant for {url}; what came there can't be seen from here"));
        return Ok(());
    }
    say(&table(&comparison).trim_end());
    if let Some(path) = &asked.svg {
        std::fs::write(path, picture(&comparison)).map_err(|error| unwritable(path, &error))?;
    }
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> String {
    format!("the picture can't be written to `{}`: {error}", path.display())
}

/// Runs the service with an instrumentation, and says what could be joined. The program is the one of this example.
///
/// # Errors
/// Where the run did not come about: a port or a process that can't be had, a service that fails.
pub async fn trial(
    program: &Path,
    instrumentation: Instrumentation,
    load: Load,
) -> Result<Tried, Box<dyn Error>> {
    let interrupt = Interrupt::never();
    let trial =
        Trial { program, instrumentation, load, prometheus: None, interrupt: &interrupt, sent: &|| () };
    let (evidence, said, received) = trial.judged().await?;
    let rows = judge(&evidence, instrumentation);
    Ok(Tried { run: Run::of(&trial, &evidence.requests, rows, said), received, requests: evidence.requests })
}

/// A run, and what was received in it.
#[derive(Debug)]
pub struct Tried {
    /// The run.
    pub run: Run,
    /// What the caller sent.
    pub requests: Vec<SentRequest>,
    /// What the service sent, as it came.
    pub received: Everything,
}

async fn judged(trial: &Trial<'_>) -> Result<Run, Box<dyn Error>> {
    let (evidence, said, _) = trial.judged().await?;
    let rows = judge(&evidence, trial.instrumentation);
    Ok(Run::of(trial, &evidence.requests, rows, said))
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
