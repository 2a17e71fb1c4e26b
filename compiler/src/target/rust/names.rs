//! Rust's names for a contract's.

use crate::hash::HashSet;

use proc_macro2::{Ident, Span};

/// Gives names that are each given once.
#[derive(Debug, Default)]
pub struct Names {
    given: HashSet<String>,
}

impl Names {
    /// Names without those that are taken from the beginning.
    #[must_use]
    pub fn without(taken: &[&str]) -> Names {
        Names { given: taken.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The name itself, or the first of `name_2`, `name_3`, … that wasn't given.
    pub fn give(&mut self, name: String) -> Ident {
        let mut candidate = name.clone();
        let mut number = 2;
        while !self.given.insert(candidate.clone()) {
            candidate = format!("{name}_{number}");
            number += 1;
        }
        ident(&candidate)
    }
}

/// The words of a name: cut at what is no letter and no digit.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// `service.name` as `service_name`.
#[must_use]
pub fn snake(name: &str) -> String {
    let joined = words(name).collect::<Vec<_>>().join("_").to_lowercase();
    startable(joined)
}

/// `service.tier` as `ServiceTier`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        let first = characters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(characters).collect::<String>()
    };
    // `network_timeout` and `NETWORK_TIMEOUT` are both words between `_`; in capitals throughout, a word is lowered.
    let shouted = !name.chars().any(char::is_lowercase);
    let lowered = if shouted { name.to_lowercase() } else { name.to_owned() };
    startable(words(&lowered).map(word).collect())
}

/// A name must begin with a letter; characters that no Rust name may hold become `_`.
fn startable(name: String) -> String {
    let mut fit = String::with_capacity(name.len() + 1);
    for character in name.chars() {
        let ok = if fit.is_empty() { is_start(character) } else { is_continue(character) };
        if !ok && fit.is_empty() && is_continue(character) {
            fit.push('_');
            fit.push(character);
        } else {
            fit.push(if ok { character } else { '_' });
        }
    }
    if fit.chars().all(|character| character == '_') { format!("name{fit}") } else { fit }
}

/// Whether `character` may begin a Rust name; asked of syn, which knows Rust's tables.
fn is_start(character: char) -> bool {
    character.is_ascii_alphabetic() || (!character.is_ascii() && is_name(&character.to_string()))
}

fn is_continue(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || (!character.is_ascii() && is_name(&format!("a{character}")))
}

fn is_name(text: &str) -> bool {
    syn::parse_str::<Ident>(text).is_ok()
}

/// The identifier, raw where the word is Rust's own.
#[must_use]
pub fn ident(name: &str) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        return Ident::new(name, Span::call_site());
    }
    match name {
        // These can't be raw.
        "self" | "Self" | "super" | "crate" | "_" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ => syn::parse_str::<Ident>(&format!("r#{name}"))
            .unwrap_or_else(|_| Ident::new("unnamed", Span::call_site())),
    }
}
