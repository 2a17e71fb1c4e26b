//! A span, a log or an entity that is declared for others.

use super::attribute::deprecated;
use super::{Page, Phrase, code, place, words};
use crate::show::sheet::{ConventionLabel, DeclaredSheet, HeldTo, SignalDeclaration};

pub(super) fn page(word: &'static str, sheet: &DeclaredSheet) -> Page {
    let mut page = Page::titled(word, &sheet.name, None, "");
    for declaration in &sheet.declared {
        add_declaration(&mut page, word, declaration);
    }
    let uses = sheet
        .uses
        .iter()
        .map(|one| vec![code(format!("{} {}", one.owner_kind, one.name)), place(one.place.as_ref())]);
    let (heading, nothing) = match word {
        "entity" => ("what is about it", "nothing that the contract declares is about it"),
        _ => ("written by", "nothing of the contract writes it"),
    };
    page.section(heading, &["where", "place"], uses.collect());
    if sheet.uses.is_empty() {
        page.remark(Phrase::words(nothing));
    }
    page
}

fn add_declaration(page: &mut Page, word: &'static str, declaration: &SignalDeclaration) {
    let heading = Phrase::words("declared by ").and_code(&declaration.package);
    page.heading(heading.and_place(declaration.place.as_ref()));
    page.docs(&declaration.docs);
    let mut properties = Vec::new();
    let says = if word == "log" { "severity" } else { "kind" };
    properties.extend(declaration.says.as_ref().map(|word| (says, Phrase::code(word))));
    if declaration.closed {
        properties.push(("closed", Phrase::words("no keys but these")));
    }
    properties.extend(declaration.entities.as_ref().map(|entities| ("about", Phrase::code(entities))));
    properties
        .extend(declaration.stability.as_ref().map(|stability| ("stability", Phrase::words(stability))));
    properties.extend(declaration.deprecated.as_ref().map(|why| ("deprecated", deprecated(why))));
    page.properties(properties);
    let keys = declaration.keys.iter().map(|key| {
        let held = match key.level.as_str() {
            _ if word == "entity" => "",
            "required" => "proved",
            _ if !key.condition.is_empty() => "said, not proved",
            _ => "",
        };
        vec![code(&key.key), code(&key.level), words(&key.condition), words(held)]
    });
    page.section("keys that it lists", &["key", "level", "condition", "of who writes it"], keys.collect());
}

/// What a span or a log of an event is held to, for the page of the event.
pub(super) fn held(held: &HeldTo) -> Vec<(&'static str, Phrase)> {
    let declared = Phrase::code(&held.name).and_words(" of ").and_code(&held.package);
    let mut properties = vec![("held to", declared)];
    let proved = Phrase::joined(held.proved.iter().map(Phrase::code), ", ");
    if !proved.0.is_empty() {
        properties.push(("proved", Phrase::words("every record has ").then(proved)));
    }
    let said = |key: &ConventionLabel| {
        Phrase::code(&key.key).and_words(format!(" ({}, if {})", level(key), key.condition))
    };
    let said = Phrase::joined(held.said.iter().map(said), ", ");
    if !said.0.is_empty() {
        properties.push(("said", said.and_words("; not proved")));
    }
    properties
}

/// A condition alone makes a key required where it holds.
fn level(key: &ConventionLabel) -> &str {
    match key.level.as_str() {
        "if" => "required",
        level => level,
    }
}
