//! `slo check`

use super::{Failure, compile, outcome};
use crate::Outcome;
use crate::arguments::Check;
use crate::output;

pub(crate) fn run(check: &Check) -> Result<Outcome, Failure> {
    let (_, compilation) = compile(&check.root)?;
    // The findings are the result that was asked for.
    output::result(&output::rendered(&compilation, &check.findings, output::Stream::Out))?;
    output::summary(&compilation, &check.findings);
    let outcome = outcome(&compilation, &check.findings);
    // The program ends here, and the system takes the memory back at once.
    std::mem::forget(compilation);
    Ok(outcome)
}
