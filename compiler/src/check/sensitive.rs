//! What is sensitive shows on a log or a span only where its field, or its payload, says `clear`; in a span's name never.

use slo_grammar::Place;

use super::bounded::payload_of;
use super::signals::{Name, Of, Signals, names, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, Leaf, Signal, WriterValue};
use crate::measure::records::Records;
use crate::text::list_of;

/// What the label says that stands where something is made sensitive.
pub(super) const MADE: &str = "makes it sensitive";

/// Something sensitive, with where it is shown.
struct Exposed<'c> {
    name: &'c str,
    /// Where `clear` would stand.
    declared: Place,
    is_payload: bool,
    /// What makes it sensitive: its key's declaration, a `refine`, or itself.
    made: Option<Place>,
    shown: Vec<Shown>,
    /// The keys that make it sensitive, and what carries it.
    about: Vec<String>,
}

/// Where something sensitive is shown.
struct Shown {
    /// "the log", "the body of the log", "the span".
    what: String,
    place: Place,
    /// What a finding about it is about.
    about: Vec<String>,
}

pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    let mut exposed: Vec<Exposed<'_>> = Vec::new();
    for one in signals(event).into_iter().filter(|one| one.signal != Signal::Metric) {
        of_signal(contract, event, &one, &mut exposed);
    }
    for log in &event.logs {
        let (Some(body), Some(node)) = (&log.body, log.body_node) else { continue };
        for field in body.values().map(|id| event.field(id)) {
            if field.sensitive && !field.clear {
                let declared = contract.places.place(field.node);
                let name = log.name.as_deref().unwrap_or("_");
                let what = format!("the body of `{name}`");
                let about = vec![name.to_owned(), "body".to_owned()];
                let shown = Shown { what, place: contract.places.place(node), about };
                let made = field.sensitive_node.map(|node| contract.places.place(node));
                add(&mut exposed, (&field.name, field.key.clone()), declared, false, made, shown);
            }
        }
    }
    for Exposed { name, declared, is_payload, made, mut shown, about } in exposed {
        let whats: Vec<String> = shown.iter().map(|shown| shown.what.clone()).collect();
        let verb = if whats.len() == 1 { "shows" } else { "show" };
        let mut diagnostic = Diagnostic::new(
            Code::Sensitive,
            declared,
            format!("`{name}` is sensitive, and {} {verb} it", list_of(&whats)),
        )
        .about(format!("{}.{name}", event.full_name()))
        .about_all(about)
        .about_all(shown.iter().flat_map(|shown| &shown.about))
        .and_maybe(made, MADE);
        crate::sort::by_key(&mut shown, |shown| shown.place);
        // What `all` says shows on several signals at one place.
        for same in shown.chunk_by(|one, other| one.place == other.place) {
            let whats: Vec<String> = same.iter().map(|shown| shown.what.clone()).collect();
            if let Some(Shown { place, .. }) = same.first() {
                diagnostic = diagnostic.and(*place, list_of(&whats));
            }
        }
        diagnostics.push(diagnostic.help(match is_payload {
            true => "take it out there, or say `clear` behind its type, if it may be shown",
            false => "leave it out there, or say `clear` behind the field's type, if it may be shown",
        }));
    }
    let holes = names(event).flat_map(|name| name.text.values().map(move |id| (name.clone(), id)));
    for (Name { text, of, whose, node, .. }, id) in holes {
        let field = event.field(id);
        if field.sensitive {
            let message = format!("`{}` is sensitive, and can't stand in the name of {of}", field.name);
            diagnostics.push(
                Diagnostic::new(Code::Sensitive, contract.places.place(node), message)
                    .about(format!("{}.{}", event.full_name(), field.name))
                    .about(&field.key)
                    .about(whose)
                    .about("name")
                    .about(text.written(|id| &event.field(id).name))
                    .and(contract.places.place(field.node), "the field")
                    .and_maybe(field.sensitive_node.map(|node| contract.places.place(node)), MADE)
                    .help("take it out of the name"),
            );
        }
    }
}

/// What a log or a span shows by its list, or by carrying every field.
fn of_signal<'c>(
    contract: &'c Contract,
    event: &'c Event,
    one: &Signals<'c>,
    exposed: &mut Vec<Exposed<'c>>,
) {
    let what = match one.of {
        Of::Span(_) => format!("the span of `{}`", one.name),
        _ => format!("the {} `{}`", one.word(), one.name),
    };
    let records = Records::of(one.when);
    let (levels, text_of) = match one.of {
        Of::Metric(_) | Of::SpanEvent => (&[][..], String::new()),
        Of::Log(log) => (log.levels.as_slice(), format!("the body of `{}`", one.name)),
        Of::Span(span) => (span.levels.as_slice(), format!("the description of the span of `{}`", one.name)),
    };
    for level in levels.iter().filter_map(Leaf::known) {
        let variants = &contract.meaning(level.face).variants;
        for variant in variants.iter().filter(|variant| records.has_variant(level.field, variant)) {
            let Some(text) = variant.text(one.signal) else { continue };
            for payload in text.text.values().map(|id| variant.payload(id)) {
                if payload.sensitive && !payload.clear {
                    let declared = contract.places.place(payload.node);
                    let made = payload.sensitive_node.map(|node| contract.places.place(node));
                    let place = contract.places.place(text.node);
                    let what_of = if matches!(one.of, Of::Log(_)) { "body" } else { "description" };
                    let about = one.about().into_iter().chain([what_of.to_owned()]).collect();
                    let shown = Shown { what: text_of.clone(), place, about };
                    let of = format!("{}.{}", contract.meaning(level.face).full_name(), variant.name);
                    add(exposed, (&payload.name, of), declared, true, made, shown);
                }
            }
        }
    }
    for writer in one.writers {
        let at = contract.places.place(writer.node);
        let field = writer.field().map(|id| event.field(id));
        if writer.hidden {
            let declared = field.map_or(at, |field| contract.places.place(field.node));
            // Without a list the writer stands at its field, which is labelled already.
            let shown = if at == declared { contract.places.place(one.node) } else { at };
            let name = field.map_or(writer.key.as_str(), |field| &field.name);
            let made = writer.sensitive_node.map(|node| contract.places.place(node));
            let shown = Shown { what: what.clone(), place: shown, about: one.about() };
            let key = field.map_or(writer.key.clone(), |field| field.key.clone());
            add(exposed, (name, key), declared, false, made, shown);
        }
        let Leaf::Known(WriterValue::Meaning { field, face }) = &writer.value else { continue };
        let meaning = contract.meaning(*face);
        for variant in meaning.variants.iter().filter(|variant| records.has_variant(*field, variant)) {
            for pair in variant.pairs(one.signal) {
                let Some(payload) = payload_of(variant, pair) else { continue };
                if (pair.sensitive || payload.sensitive) && !payload.clear {
                    let declared = contract.places.place(payload.node);
                    let place = contract.places.place(pair.node);
                    let shown = Shown { what: what.clone(), place, about: one.about() };
                    let of = format!("{}.{}", meaning.full_name(), variant.name);
                    let made = pair.sensitive_node.or(payload.sensitive_node);
                    let made = made.map(|node| contract.places.place(node));
                    add(exposed, (&payload.name, of), declared, true, made, shown);
                }
            }
        }
    }
}

fn add<'c>(
    exposed: &mut Vec<Exposed<'c>>,
    (name, about): (&'c str, String),
    declared: Place,
    is_payload: bool,
    made: Option<Place>,
    shown: Shown,
) {
    match exposed.iter_mut().find(|one| one.declared == declared) {
        Some(one) => {
            one.shown.push(shown);
            one.about.push(about);
        }
        None => {
            let (shown, about) = (vec![shown], vec![about]);
            exposed.push(Exposed { name, declared, is_payload, made, shown, about });
        }
    }
}
