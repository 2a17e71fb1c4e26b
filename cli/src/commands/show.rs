//! `slo show`

use std::io::IsTerminal;

use slo_compiler::Compilation;
use slo_compiler::diagnostic::Severity;
use slo_compiler::show;

use super::{Failure, compile};
use crate::Outcome;
use crate::arguments::{Show, ShowFormat};
use crate::output;

pub(crate) fn run(show: &Show) -> Result<Outcome, Failure> {
    let (root, compilation) = compile(&show.root)?;
    let sound = compilation.count(Severity::Error) == 0;
    if !sound {
        output::aside(&findings(&compilation, &root.display().to_string()));
    }
    let Some(contract) = &compilation.contract else { return Ok(Outcome::Findings) };
    let found = show::find(contract, &show.name)?.with_accepted(&compilation.accepted);
    let text = match show.format {
        ShowFormat::Terminal => {
            let stream = output::Stream::Out;
            found.terminal(output::is_colored(show.color, stream), width())
        }
        ShowFormat::Markdown => found.markdown(),
        ShowFormat::Json => found.json(),
    };
    output::result(&text)?;
    Ok(if sound { Outcome::Sound } else { Outcome::Findings })
}

/// How wide a line may be: what doesn't go to a terminal keeps a line for each row, however long.
pub(super) fn width() -> usize {
    let asked = std::env::var_os("COLUMNS").is_some();
    if asked || std::io::stdout().is_terminal() { output::width() } else { usize::MAX }
}

/// What is shown may be less than what is meant, where the contract isn't sound; nothing is where some of it can't be known.
fn findings(compilation: &Compilation, root: &str) -> String {
    let counts = output::counts(compilation);
    format!("slo: the contract is not sound ({counts}); `slo check {root}` shows the findings\n")
}
