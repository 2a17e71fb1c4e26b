//! The program `slo`.
//!
//! Results stand on standard output, the rest on standard error. It ends with 0 where all is sound, 1 where there are
//! findings or stale files, 2 where the request itself failed, and as a command does that was run for it and failed.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks")]

mod arguments;
mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, BaselineCommand, Command};

/// How a request ended.
pub(crate) enum Outcome {
    /// All is sound and up to date.
    Sound,
    /// There are findings, or files on disk are stale.
    Findings,
    /// The command that was run for it ended with this code.
    #[cfg(feature = "verify")]
    Code(u8),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Command::New(new) => commands::new::run(new),
        Command::Check(check) => commands::check::run(check),
        Command::Baseline { command: BaselineCommand::Add(add) } => commands::baseline::add(add),
        Command::Build(build) => commands::build::run(build),
        Command::Fmt(fmt) => commands::fmt::run(fmt),
        #[cfg(feature = "fetch")]
        Command::Fetch(fetch) => commands::fetch::run(fetch),
        #[cfg(feature = "weaver")]
        Command::Export { command: arguments::ExportCommand::Weaver(weaver) } => {
            commands::export::run(weaver)
        }
        #[cfg(feature = "weaver")]
        Command::Import { command: arguments::ImportCommand::Weaver(weaver) } => {
            commands::import::run(weaver)
        }
        #[cfg(feature = "verify")]
        Command::Verify(verify) => commands::verify::run(verify),
        Command::Diff(diff) => commands::diff::run(diff),
        Command::Show(show) => commands::show::run(show),
        Command::Lookup(lookup) => commands::lookup::run(lookup),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Completions { shell } => commands::completions::run(*shell),
    };
    match outcome {
        Ok(Outcome::Sound) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        #[cfg(feature = "verify")]
        Ok(Outcome::Code(code)) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("slo: {failure}");
            ExitCode::from(2)
        }
    }
}
