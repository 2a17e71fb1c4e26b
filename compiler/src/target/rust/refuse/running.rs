//! Metrics that count what runs: the event can be begun, and stands in their scope.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Instrument};
use crate::plan::{Hindrance, Layout};

pub(super) fn check(contract: &Contract, layouts: &[Layout<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for metric in &contract.instruments {
        let Some(layout) = metric.during.and_then(|id| layouts.get(id.index())) else { continue };
        elsewhere(contract, metric, layout, diagnostics);
        let hindrances = layout.hindrances();
        let Some(first) = hindrances.first() else { continue };
        let place = |node| contract.places.place(node);
        let name = &layout.event.name;
        let diagnostic = Diagnostic::new(
            Code::NeverRuns,
            place(metric.node),
            format!("`{}` counts while `{name}` runs, and nothing can begin `{name}`", metric.name),
        )
        .about(&metric.name)
        .about(layout.event.full_name());
        diagnostics.push(match first {
            Hindrance::Unsaid(field) => diagnostic.and(place(field.node), "known when it ends").help(
                format!("say what `{}` is if nobody sets it before the end: `unset=VARIANT`", field.name),
            ),
            Hindrance::Ambiguous(one, other) => diagnostic
                .and(place(one.node), "may be the time from begin to end")
                .and(place(other.node), "and so may this")
                .help("name one of them `elapsed`, or let the other be absent: `?` behind its type"),
            Hindrance::DropsInvalid => diagnostic
                .and(place(layout.event.node), "says `invalid=drop`")
                .help("take `invalid=drop` out: what runs can't be taken back"),
            Hindrance::SpanWaits(field) => diagnostic.and(place(field.node), "known when it ends").help(
                format!("take `{}` out of the `when` of its span, which opens at the begin", field.name),
            ),
        });
    }
}

/// A metric in another scope than the event that it counts.
fn elsewhere(
    contract: &Contract,
    metric: &Instrument,
    layout: &Layout<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (Some(own), Some(of_event)) = (metric.scope, layout.event.scope) else { return };
    if own == of_event {
        return;
    }
    let [own, of_event] = [own, of_event].map(|scope| contract.container(scope).full_name());
    diagnostics.push(
        Diagnostic::new(
            Code::NeverRuns,
            contract.places.place(metric.node),
            format!("`{}` is in the scope `{own}`, and what it counts in `{of_event}`", metric.name),
        )
        .about(&metric.name)
        .about(layout.event.full_name())
        .and(contract.places.place(layout.event.node), "counted while it runs")
        .help("take `in` and the scope out: what runs is counted in its own scope"),
    );
}
