//! What is said of variants that can't be told apart, and of those that are merged in vain.

use std::collections::HashSet;

use slo_grammar::Place;

use super::invertible::Findings;
use super::map::{Reading, Space};
use super::witness::witness;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Contract, Meaning, PairValue, Signal, Variant};
use crate::text::{list, some_of};

/// How many findings of one kind a meaning shows; the last one says how many more there are.
pub(super) const SHOWN: usize = 20;

/// The pairs of places that were reported. What a view inherits, and what a meaning takes from another, stands at the
/// places of its origin, and one mistake is reported once.
#[derive(Default)]
pub(super) struct Reported(HashSet<(Code, Option<Signal>, Place, Place)>);

impl Reported {
    /// Whether it is the first time. Without places of their own every time is.
    pub(super) fn first(&mut self, code: Code, signal: Option<Signal>, [one, other]: [Place; 2]) -> bool {
        one == other || self.0.insert((code, signal, one, other))
    }
}

/// What speaks of one signal of a meaning or a view.
pub(super) struct Reporter<'r, 'm> {
    pub(super) contract: &'m Contract,
    pub(super) face: &'m Meaning,
    pub(super) signal: Signal,
    pub(super) reading: Reading,
    pub(super) space: &'r mut Space<'m>,
}

impl<'m> Reporter<'_, 'm> {
    /// Reports what was found.
    pub(super) fn report(
        &mut self,
        findings: &Findings,
        reported: &mut Reported,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut found = 0;
        for conflict in &findings.conflicts {
            let [Some(first), Some(second)] =
                [conflict.first, conflict.variant].map(|number| self.face.variants.get(number))
            else {
                continue;
            };
            let variants = [first, second];
            let places = variants.map(|variant| self.place(variant));
            // What `all` says of several signals stands at one place, and is one mistake.
            let signal = (!self.is_of_all(variants)).then_some(self.signal);
            if reported.first(Code::Ambiguous, signal, places) {
                found += 1;
                if found <= SHOWN {
                    diagnostics.push(self.conflict(variants));
                }
            }
        }
        if found > SHOWN
            && let Some(last) = diagnostics.last_mut()
        {
            last.notes.push(format!(
                "and {}{} more variants of `{}` can't be told from one before them on {}",
                if findings.more { "at least " } else { "" },
                found - SHOWN,
                self.face.name,
                on(self.signal)
            ));
        }
        for (class, apart) in &findings.idle {
            diagnostics.extend(self.idle(*class, apart));
        }
    }

    fn conflict(&mut self, variants: [&'m Variant; 2]) -> Diagnostic {
        let [first, second] = variants;
        let (face, signal) = (self.face, self.signal);
        let blank = variants.iter().all(|variant| variant.pairs(signal).is_empty());
        let (code, what) = match blank {
            true => (Code::TwoBlank, "both show nothing"),
            false => (Code::Ambiguous, "can't be told apart"),
        };
        let of_all = self.is_of_all(variants);
        let on = if of_all { "any signal" } else { on(signal) };
        let (one, other, name) = (&first.name, &second.name, &face.name);
        let message = format!("`{one}` and `{other}` of `{name}` {what} on {on}");
        let merge = format!("merge them on purpose: `lossy {} {{ {one}, {other} }} \"why\"`", signal.name());
        let diagnostic = Diagnostic::new(code, self.place(second), message)
            .here(format!("what `{other}` shows"))
            .and(self.place(first), format!("what `{one}` shows"))
            .about(face.full_name())
            .about(variant_name(face, first))
            .about(variant_name(face, second));
        if blank {
            return diagnostic.help(format!("let one of them show something, or {merge}"));
        }
        let carries = |variant: &&Variant| {
            let values = variant.pairs(signal).iter().filter_map(|pair| pair.value.as_ref());
            values.filter_map(PairValue::payload).next().is_some()
        };
        let payloads = if variants.iter().any(carries) { " keep their payloads apart," } else { "" };
        let diagnostic =
            diagnostic.help(format!("give one of them a key or a value of its own,{payloads} or {merge}"));
        match witness(variants, signal, self.reading, self.space) {
            Some(witness) => diagnostic.note(witness),
            None => diagnostic,
        }
    }

    /// A `lossy` of which some variants are told apart from all others.
    fn idle(&self, class: usize, apart: &[usize]) -> Option<Diagnostic> {
        let lossy = self.face.lossy.get(class)?;
        let variants: Vec<&Variant> =
            apart.iter().filter_map(|number| self.face.variants.get(*number)).collect();
        let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
        let (name, signal) = (&self.face.name, self.signal.name());
        let (message, help) = if names.len() >= lossy.variants.len() {
            let message =
                format!("a `lossy {signal}` of `{name}` merges nothing: its variants are told apart");
            (message, "take it out".to_owned())
        } else {
            let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
            let message = format!(
                "{} of `{name}` {are} told apart from all that `lossy {signal}` merges {them} with",
                some_of(&names)
            );
            (
                message,
                format!(
                    "take {} out of the list",
                    if names.len() == 1 { list(&names) } else { them.to_owned() }
                ),
            )
        };
        let mut diagnostic =
            Diagnostic::new(Code::MergesNothing, self.contract.places.place(lossy.node), message)
                .about(self.face.full_name())
                .help(help);
        for variant in variants {
            diagnostic = diagnostic.about(variant_name(self.face, variant));
        }
        Some(diagnostic)
    }

    /// Whether both variants show what `all` says, on every signal.
    fn is_of_all(&self, variants: [&Variant; 2]) -> bool {
        variants.into_iter().all(|variant| {
            let places = Signal::ALL.map(|signal| {
                variant.projection(signal).map(|projection| self.contract.places.place(projection.node))
            });
            places[0].is_some() && places.iter().all(|place| *place == places[0])
        })
    }

    /// The place where a variant says what it shows.
    fn place(&self, variant: &Variant) -> Place {
        let node = variant.projection(self.signal).map_or(variant.node, |projection| projection.node);
        self.contract.places.place(node)
    }
}

/// The name of a variant by which `allow` finds it.
pub(super) fn variant_name(face: &Meaning, variant: &Variant) -> String {
    format!("{}.{}", face.name, variant.name)
}

/// The signal as a sentence names it.
const fn on(signal: Signal) -> &'static str {
    match signal {
        Signal::Metric => "a metric",
        Signal::Log => "a log record",
        Signal::Span => "a span",
    }
}
