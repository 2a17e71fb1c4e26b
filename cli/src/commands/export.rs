//! `slo export`

use slo_weaver::{Exported, export, registry_of};

use super::Failure;
use super::registry::{counted, save, summed, told};
use crate::Outcome;
use crate::arguments::ExportWeaver;
use crate::output::{self, Stream};

pub(crate) fn run(request: &ExportWeaver) -> Result<Outcome, Failure> {
    let (path, compilation) = super::compile(&request.root)?;
    let sound = compilation.contract.as_ref().filter(|_| compilation.checked.is_some());
    let Some(contract) = sound else {
        let (diagnostics, sources) = (&compilation.diagnostics, &compilation.sources);
        output::aside(&output::rendered(diagnostics, sources, &request.shown, false, Stream::Error));
        output::aside("slo: the contract is not sound: nothing was written\n");
        return Ok(Outcome::Findings);
    };
    let registry = registry_of(contract, &compilation.stands_on);
    let Exported { files, counts, left } = export(&registry);
    output::result(&told(&left, &path))?;
    if !request.dry_run {
        save(&request.out, &files, request.force)?;
    }
    output::aside(&summed(&left));
    let counts: Vec<String> =
        counts.iter().map(|(kind, count)| counted(*count, &kind.replace('_', " "))).collect();
    let verb = if request.dry_run { "would write" } else { "wrote" };
    let out = request.out.display();
    output::aside(&format!("slo: {verb} {} files to `{out}`: {}\n", files.len(), counts.join(", ")));
    Ok(Outcome::Sound)
}
