//! Which severities of a log record stand beside which status of its event's span.

use super::finding;
use crate::check::is_own;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashSet;
use crate::ir::draft::{Contract, Leaf, Meaning, Node, Variant};
use crate::ir::{self, Status};
use crate::policy::Rule;
use crate::text::either;

/// The severity of a log record is one of those that may stand beside the status of its event's span. Without a status a span's is
/// unset; a variant that says both is judged whether an event lists it or not.
pub(super) fn check(
    contract: &Contract,
    rule: &Rule,
    levels: &[(Status, Vec<ir::Severity>)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let own = |meaning: &Meaning| is_own(contract, &meaning.package);
    let mut found: Vec<(&Meaning, &Variant, ir::Severity, Status)> = Vec::new();
    for meaning in contract.meanings.iter().filter(|meaning| own(meaning)) {
        let said = meaning.variants.iter().filter_map(|one| Some((meaning, one, one.severity?, one.status?)));
        found.extend(said);
    }
    // One that says both is the same wherever it is listed; of another one each event may make something else.
    let whole: HashSet<Node> = found.iter().map(|(_, variant, ..)| variant.node).collect();
    let mut told: HashSet<(Node, ir::Severity, Status)> = HashSet::default();
    for event in &contract.events {
        let Some(span) = &event.span else { continue };
        let levels =
            event.logs.iter().flat_map(|log| log.levels.iter().map(move |level| (log, level.known())));
        for (log, on_log) in levels {
            let mut of_span = span.levels.iter().filter_map(Leaf::known);
            let Some(on_log) = on_log else { continue };
            let Some(on_span) = of_span.find(|other| other.field == on_log.field) else { continue };
            let (log_face, span_face) = (contract.meaning(on_log.face), contract.meaning(on_span.face));
            if !own(log_face) || !own(span_face) {
                continue;
            }
            for variant in &log_face.variants {
                let Some(severity) = variant.severity.or(log.severity) else { continue };
                let Some(of_span) = span_face.variant(&variant.name) else { continue };
                let status = of_span.status.unwrap_or(Status::Unset);
                if !whole.contains(&variant.node) && told.insert((variant.node, severity, status)) {
                    found.push((log_face, variant, severity, status));
                }
            }
        }
    }
    for (meaning, variant, severity, status) in found {
        let Some((_, allowed)) = levels.iter().find(|(of, _)| *of == status) else { continue };
        if allowed.contains(&severity) {
            continue;
        }
        let names: Vec<&str> = allowed.iter().map(|severity| severity.name()).collect();
        let message = format!(
            "`{}` of `{}` has the severity `{}` and the status `{}`",
            variant.name,
            meaning.name,
            severity.name(),
            status.name()
        );
        diagnostics.push(
            finding(rule, Code::Levels, contract.places.place(variant.node), message)
                .about(format!("{}.{}", meaning.name, variant.name))
                .about(meaning.full_name())
                .about_all([severity.name(), status.name()])
                .and(rule.place, "wanted here")
                .help(format!("beside this status stands {}; or give it another status", either(&names))),
        );
    }
}
