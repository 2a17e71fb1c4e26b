//! Runs a payment service twice, with usual instrumentation and with a contract, and shows what could be joined.

use std::process::ExitCode;

use clap::Parser;
use payments::Arguments;

fn main() -> ExitCode {
    match payments::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            payments::complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}
