//! `slo check`

use super::{Failure, compile, findings, outcome};
use crate::Outcome;
use crate::arguments::Check;
use crate::output::{self, Stream};

pub(crate) fn run(check: &Check) -> Result<Outcome, Failure> {
    let (_, compilation) = compile(&check.root)?;
    // The findings are the result that was asked for.
    output::result(&findings(&compilation, &check.findings, Stream::Out))?;
    output::summary(&compilation, &check.findings);
    let outcome = outcome(&compilation, &check.findings);
    // The program ends here, and the system takes the memory back at once.
    std::mem::forget(compilation);
    Ok(outcome)
}
