//! `slo check`

use super::{Failure, baseline, compile, findings, outcome};
use crate::Outcome;
use crate::arguments::Check;
use crate::output::{self, Stream};

pub(crate) fn run(check: &Check) -> Result<Outcome, Failure> {
    let today = baseline::today(check.today.as_ref())?;
    let (root, mut compilation) = compile(&check.root)?;
    if check.write_baseline {
        baseline::write_baseline(&compilation, &root)?;
        // What it accepts now is what the file says.
        (_, compilation) = compile(&check.root)?;
    }
    let mut past = compilation.past(&today);
    compilation.diagnostics.append(&mut past);
    // The findings are the result that was asked for.
    output::result(&findings(&compilation, &check.findings, Stream::Out))?;
    output::summary(&compilation, &check.findings);
    let outcome = outcome(&compilation, &check.findings);
    // The program ends here, and the system takes the memory back at once.
    std::mem::forget(compilation);
    Ok(outcome)
}
