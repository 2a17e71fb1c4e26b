//! `slo completions`

use std::io;

use clap::CommandFactory;

use super::Failure;
use crate::Outcome;
use crate::arguments::Arguments;

pub(crate) fn run(shell: clap_complete::Shell) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "slo", &mut script);
    // Written in one piece: a reader that has seen enough is no failure.
    match io::Write::write_all(&mut io::stdout(), &script) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(Outcome::Sound),
    }
}
