//! An event.

use slo_grammar::quote;

use super::{Block, Cell, Page, Phrase, Table, code, codes, declared, instrument};
use crate::ir::Literal;
use crate::show::sheet::{
    Constant, EventSheet, FieldSheet, GridCell, GridRow, LogSheet, SPAN_EVERY, SignalName, SpanSheet,
    VariantTextSheet,
};
use crate::show::words::first_few;

pub(super) fn page(event: &EventSheet) -> Page {
    let mut page = Page::titled("event", &event.name, event.place.as_ref(), &event.docs);
    let invalid = if event.drop_invalid {
        "the event goes out on no signal"
    } else {
        "what doesn't fit is left out and counted"
    };
    let mut properties = Vec::new();
    properties.extend(event.scope.as_ref().map(|scope| ("scope", Phrase::code(scope))));
    properties.push(match event.external {
        true => ("recorded by", Phrase::words("code that slo doesn't make")),
        false => ("invalid", Phrase::words(invalid)),
    });
    page.properties(properties);
    let fields = event
        .fields
        .iter()
        .map(|field| vec![code(&field.name), code(&field.key), vec![holds(field)], presence(field)]);
    page.section("fields", &["field", "key", "holds", "presence"], fields.collect());
    let mut columns = vec![Phrase::words("field")];
    columns.extend(event.signals.columns.iter().map(|signal| Phrase::code(signal.to_string())));
    let rows: Vec<Vec<Cell>> = event.signals.rows.iter().map(row).collect();
    if columns.len() > 1 && !rows.is_empty() {
        page.heading(Phrase::words("signals"));
        page.blocks.push(Block::Table(Table { columns, rows }));
    }
    for metric in &event.metrics {
        let heading = Phrase::words("metric ").and_code(&metric.name).and_place(metric.place.as_ref());
        page.heading(heading);
        instrument::add(&mut page, metric, event.scope.as_ref() != Some(&metric.scope));
    }
    for log in &event.logs {
        add_log(&mut page, log);
    }
    if let Some(span) = &event.span {
        add_span(&mut page, span);
    }
    let onto = if event.span.as_ref().is_some_and(|span| span.name.is_some()) {
        "the event's own span"
    } else {
        "the span that is running"
    };
    for one in &event.span_events {
        let name = SignalName { signal: "span event", name: Some(one.name.clone()) }.to_string();
        page.heading(Phrase::code(name).and_place(one.place.as_ref()));
        page.docs(&one.docs);
        let mut properties = vec![("onto", Phrase::words(onto))];
        properties.extend(one.when.as_ref().map(|when| ("when", Phrase::code(&when.text))));
        page.properties(properties);
    }
    page
}

fn holds(field: &FieldSheet) -> Phrase {
    match (&field.meaning, &field.face, &field.values) {
        (Some(meaning), Some(face), _) if meaning != face => {
            Phrase::code(meaning).and_words(" via ").and_code(face)
        }
        (Some(meaning), ..) => Phrase::code(meaning),
        (None, _, Some(values)) => Phrase::code(&values.text),
        (None, _, None) => Phrase::code("context[]"),
    }
}

fn presence(field: &FieldSheet) -> Cell {
    let mut cell = Vec::new();
    if field.unproved {
        cell.push(Phrase::words("its bound is said, not proved"));
    }
    if field.optional {
        cell.push(Phrase::words("optional"));
    }
    cell.extend(
        field.constant.as_ref().map(|constant| Phrase::words("always ").and_code(constant.to_string())),
    );
    cell.extend(field.unset.as_ref().map(|unset| {
        let unset = match unset {
            Constant(Literal::String(variant)) if field.meaning.is_some() => variant.clone(),
            other => other.to_string(),
        };
        Phrase::code(format!("unset={unset}"))
    }));
    if field.sensitive {
        cell.push(Phrase::words(if field.clear { "sensitive, shown all the same" } else { "sensitive" }));
    }
    cell
}

fn row(row: &GridRow) -> Vec<Cell> {
    let first = match (&row.field, &row.constant) {
        (Some(field), _) => code(field),
        (None, Some(constant)) => code(constant.to_string()),
        (None, None) => Vec::new(),
    };
    std::iter::once(first)
        .chain(row.cells.iter().map(|cell| cell.as_ref().map(shown).unwrap_or_default()))
        .collect()
}

fn shown(cell: &GridCell) -> Cell {
    let (first, more) = first_few(&cell.keys);
    let mut shown = codes(first);
    shown.extend(more.map(Phrase::words));
    // A meaning of which no variant writes a key here.
    if shown.is_empty() && cell.roles.is_empty() {
        shown.push(Phrase::faint("none"));
    }
    shown.extend(cell.face.as_ref().map(|face| Phrase::words("via ").and_code(face)));
    shown.extend(cell.roles.iter().map(|role| Phrase::words(format!("({role})"))));
    shown
}

/// The meanings that give a signal its severity or its status.
fn given(levels: &[String], max: bool) -> Option<Phrase> {
    let fields = Phrase::joined(levels.iter().map(Phrase::code), ", ");
    let words = if max { "the greatest of " } else { "that of " };
    (!fields.0.is_empty()).then(|| Phrase::words(words).then(fields))
}

fn add_log(page: &mut Page, log: &LogSheet) {
    let heading = match &log.name {
        Some(name) => Phrase::words("log ").and_code(name),
        None => Phrase::words("log ").and_code("_").and_words(", without a name"),
    };
    page.heading(heading.and_place(log.place.as_ref()));
    page.docs(&log.docs);
    let given = given(&log.levels, log.max);
    let own = log.severity.map(Phrase::code);
    let severity = match (given, own) {
        (Some(given), Some(own)) => given.and_words(", else ").then(own),
        (Some(given), None) => given,
        (None, Some(own)) => own,
        (None, None) => Phrase::faint("?"),
    };
    let mut properties = Vec::new();
    properties.extend(log.scope.as_ref().map(|scope| ("scope", Phrase::code(scope))));
    properties.push(("severity", severity));
    properties.extend(log.severity_text.as_ref().map(|text| ("severity text", Phrase::code(quote(text)))));
    properties.extend(log.held_to.iter().flat_map(declared::held));
    properties.extend(log.closed.then(closed));
    properties
        .extend(log.opt_in.then(|| ("opt-in", Phrase::words("written where configuration asks for it"))));
    properties.extend(log.texts.iter().map(|text| ("body", of_variant(text))));
    let word = if log.texts.is_empty() { "" } else { "else " };
    properties
        .extend(log.body.as_ref().map(|body| ("body", Phrase::words(word).then(Phrase::code(quote(body))))));
    properties.extend(log.when.as_ref().map(|when| ("when", Phrase::code(&when.text))));
    properties.extend(log.until.as_ref().map(|day| ("until", Phrase::code(day))));
    page.properties(properties);
}

/// A text with the variant that gives it.
fn of_variant(text: &VariantTextSheet) -> Phrase {
    let of = Phrase::code(quote(&text.text)).and_words(" of ").and_code(&text.variant);
    match text.level {
        Some(level) => of.and_words(", ").and_code(level),
        None => of,
    }
}

/// What `closed` says.
fn closed() -> (&'static str, Phrase) {
    ("closed", Phrase::words("no keys but these"))
}

fn add_span(page: &mut Page, span: &SpanSheet) {
    let signal = if span.every { SPAN_EVERY } else { "span" };
    let name = SignalName { signal, name: span.name.clone() }.to_string();
    page.heading(Phrase::code(name).and_place(span.place.as_ref()));
    page.docs(&span.docs);
    let mut properties = Vec::new();
    properties.extend(span.scope.as_ref().map(|scope| ("scope", Phrase::code(scope))));
    match span.name {
        Some(_) => properties.push(("kind", Phrase::code(span.span_kind))),
        None if span.every => {
            properties.push(("kind", Phrase::words("each span that the program opens, by a processor")))
        }
        None => properties.push(("kind", Phrase::words("the span that is running"))),
    }
    properties.extend(span.held_to.iter().flat_map(declared::held));
    properties.extend(span.closed.then(closed));
    properties.extend(given(&span.levels, span.max).map(|given| ("status", given)));
    properties.extend(span.texts.iter().map(|text| ("description", of_variant(text))));
    properties.extend(span.links.as_ref().map(|field| ("links", Phrase::words("field ").and_code(field))));
    properties.extend(span.when.as_ref().map(|when| ("when", Phrase::code(&when.text))));
    page.properties(properties);
}
