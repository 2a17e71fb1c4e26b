//! A metric by its name.

use super::attribute::deprecated;
use super::{Page, Phrase, code, instrument, words};
use crate::show::sheet::{Measured, MetricDeclaration, MetricSheet};

pub(super) fn page(metric: &MetricSheet) -> Page {
    let mut page = Page::titled("metric", &metric.name, None, "");
    for declaration in &metric.declared {
        add_declaration(&mut page, declaration);
    }
    for recorded in &metric.recorded {
        let heading = match (&recorded.event, &recorded.value) {
            (Some(event), _) => Phrase::words("recorded by ").and_code(event),
            (None, Measured::Running(event)) => Phrase::words("runs with ").and_code(event),
            (None, _) => Phrase::words("stands for itself"),
        };
        page.heading(heading.and_place(recorded.place.as_ref()));
        instrument::add(&mut page, recorded, true);
    }
    if metric.recorded.is_empty() {
        page.remark(Phrase::words("nothing of the contract records it"));
    }
    page
}

fn add_declaration(page: &mut Page, declaration: &MetricDeclaration) {
    let heading = Phrase::words("declared by ").and_code(&declaration.package);
    page.heading(heading.and_place(declaration.place.as_ref()));
    page.docs(&declaration.docs);
    let mut properties = vec![("kind", Phrase::code(&declaration.instrument))];
    if !declaration.unit.is_empty() {
        properties.push(("unit", Phrase::code(&declaration.unit)));
    }
    properties.extend(declaration.entities.as_ref().map(|entities| ("about", Phrase::code(entities))));
    properties
        .extend(declaration.stability.as_ref().map(|stability| ("stability", Phrase::words(stability))));
    properties.extend(declaration.deprecated.as_ref().map(|why| ("deprecated", deprecated(why))));
    page.properties(properties);
    let labels = declaration
        .labels
        .iter()
        .map(|label| vec![code(&label.key), code(&label.level), words(&label.condition)]);
    page.section("labels that it lists", &["label", "level", "condition"], labels.collect());
}
