//! Metrics that count what runs: the event can be begun, and stands in their scope.

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Event, Hindrance, Metric, Plan};

pub(super) fn check(plan: &Plan<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for event in plan.events() {
        for (table, metric) in event.table.running.iter().zip(&event.running) {
            diagnostics.extend(elsewhere(plan, table.name, metric, event));
            diagnostics.extend(never_begun(plan, table.name, metric, event));
        }
    }
}

/// A metric of what nothing can begin.
fn never_begun(plan: &Plan<'_>, name: &str, metric: &Metric<'_>, event: &Event<'_>) -> Option<Diagnostic> {
    let hindrance = event.hindrances.first()?;
    let at = |number: usize| event.fields.get(number).map(|field| plan.places.place(field.said.node));
    let named = |number: usize| event.table.fields.get(number).map_or("", |field| field.name);
    let of = event.table.name.rsplit('.').next().unwrap_or_default();
    let diagnostic = Diagnostic::new(
        Code::NeverRuns,
        plan.places.place(metric.node),
        format!("`{name}` counts while `{of}` runs, and nothing can begin `{of}`"),
    )
    .about(name)
    .about(event.table.name);
    Some(match *hindrance {
        Hindrance::Unsaid(field) => diagnostic.and_maybe(at(field), "known when it ends").help(format!(
            "say what `{}` is if nobody sets it before the end: `unset=VARIANT`",
            named(field)
        )),
        Hindrance::Ambiguous(one, other) => diagnostic
            .and_maybe(at(one), "may be the time from begin to end")
            .and_maybe(at(other), "and so may this")
            .help("name one of them `elapsed`, or let the other be absent: `?` behind its type"),
        Hindrance::DropsInvalid => diagnostic
            .and(plan.places.place(event.node), "says `invalid=drop`")
            .help("take `invalid=drop` out: what runs can't be taken back"),
        Hindrance::SpanWaits(field) => diagnostic
            .and_maybe(at(field), "known when it ends")
            .help(format!("take `{}` out of the `when` of its span, which opens at the begin", named(field))),
    })
}

/// A metric in another scope than the event that it counts.
fn elsewhere(plan: &Plan<'_>, name: &str, metric: &Metric<'_>, event: &Event<'_>) -> Option<Diagnostic> {
    let (own, of_event) = (metric.scope, event.table.scope.name);
    (own != of_event).then(|| {
        Diagnostic::new(
            Code::NeverRuns,
            plan.places.place(metric.node),
            format!("`{name}` is in the scope `{own}`, and what it counts in `{of_event}`"),
        )
        .about(name)
        .about(event.table.name)
        .and(plan.places.place(event.node), "counted while it runs")
        .help("take `in` and the scope out: what runs is counted in its own scope")
    })
}
