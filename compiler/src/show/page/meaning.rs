//! A meaning or a view.

use slo_grammar::quote;

use crate::ir::Signal;

use super::{Block, Cell, Page, Phrase, Table, code, codes, place, words};
use crate::show::sheet::{MeaningSheet, PayloadSheet, ProjectionSheet, VariantSheet};

pub(super) fn page(kind: &str, meaning: &MeaningSheet) -> Page {
    let mut page = Page::titled(kind, &meaning.name, meaning.place.as_ref(), &meaning.docs);
    let mut properties = Vec::new();
    properties.extend(meaning.view_of.as_ref().map(|of| ("of", Phrase::code(of))));
    properties.extend(meaning.until.as_ref().map(|day| ("until", Phrase::code(day))));
    page.properties(properties);
    let mut columns = vec![Phrase::words("variant")];
    columns.extend(Signal::ALL.map(|signal| Phrase::words(signal.name())));
    let rows = meaning.variants.iter().map(|variant| {
        let mut row = vec![code(&variant.name)];
        row.extend(Signal::ALL.map(|signal| projection(variant, signal)));
        row
    });
    page.blocks.push(Block::Table(Table { columns, rows: rows.collect() }));
    let unsaid =
        |variant: &VariantSheet| Signal::ALL.iter().any(|signal| variant.projection(*signal).is_none());
    if meaning.variants.iter().any(unsaid) {
        page.remark(Phrase::code("?").and_words(": the contract does not say"));
    }
    let lossy = meaning.lossy.iter().map(|lossy| {
        vec![
            code(lossy.signal),
            codes(&lossy.variants),
            words(&lossy.reason),
            words(if lossy.inherited { "inherited" } else { "" }),
            place(lossy.place.as_ref()),
        ]
    });
    page.section(
        "merged on purpose",
        &["signal", "variants", "reason", "inherited", "place"],
        lossy.collect(),
    );
    described(&mut page, meaning);
    let views = meaning.views.iter().map(|view| {
        vec![code(&view.name), code(view.until.clone().unwrap_or_default()), place(view.place.as_ref())]
    });
    let heading = if meaning.view_of.is_some() { "other views" } else { "views" };
    page.section(heading, &["view", "until", "place"], views.collect());
    let uses = meaning.used_by.iter().map(|usage| {
        vec![
            code(&usage.event),
            code(format!("{}{}", usage.field, if usage.optional { "?" } else { "" })),
            code(&usage.face),
            codes(usage.signals.iter().map(ToString::to_string)),
            place(usage.place.as_ref()),
        ]
    });
    page.section("used by", &["event", "field", "shows as", "on", "place"], uses.collect());
    if meaning.used_by.is_empty() {
        page.remark(Phrase::words("no event uses it"));
    }
    page
}

/// What the variants mean and carry, where the contract says so.
fn described(page: &mut Page, meaning: &MeaningSheet) {
    let says = |variant: &VariantSheet| !variant.description.is_empty() || !variant.payload.is_empty();
    let go = meaning.variants.iter().any(|variant| variant.until.is_some());
    if !go && !meaning.variants.iter().any(says) {
        return;
    }
    let rows = meaning.variants.iter().map(|variant| {
        let payload = variant.payload.iter().map(payload).collect();
        let mut row = vec![code(&variant.name), payload, words(&variant.description)];
        row.extend(go.then(|| code(variant.until.clone().unwrap_or_default())));
        row
    });
    let mut columns = vec!["variant", "carries", "means"];
    columns.extend(go.then_some("until"));
    page.section("variants", &columns, rows.collect());
}

fn payload(payload: &PayloadSheet) -> Phrase {
    let phrase = Phrase::code(format!("{}: {}", payload.name, payload.values.text));
    match (payload.sensitive, payload.clear) {
        (true, false) => phrase.and_words(" (sensitive)"),
        (true, true) => phrase.and_words(" (sensitive, clear)"),
        (false, _) => phrase,
    }
}

/// Severity or status with the first pair, then the other pairs.
fn projection(variant: &VariantSheet, signal: Signal) -> Cell {
    let mut cell = match variant.projection(signal) {
        None => vec![Phrase::faint("?")],
        Some(ProjectionSheet::None) => vec![Phrase::faint("none")],
        Some(ProjectionSheet::Pairs(pairs)) if pairs.is_empty() => vec![Phrase::faint("{}")],
        Some(ProjectionSheet::Pairs(pairs)) => codes(pairs.iter().map(ToString::to_string)),
    };
    if let (Some(word), Some(first)) = (variant.word(signal), cell.first_mut()) {
        let level = Phrase::words(format!("{word} "));
        let level = match variant.text(signal) {
            Some(text) => level.and_code(quote(text)).and_words(" "),
            None => level,
        };
        *first = level.then(std::mem::take(first));
    }
    cell
}
