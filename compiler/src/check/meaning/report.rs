//! What is said of variants that can't be told apart, and of those that are merged in vain.

use crate::hash::{HashMap, HashSet};

use slo_grammar::Place;

use super::invertible::{Conflict, Findings};
use super::witness::witness;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Meaning, Signal, Variant};
use crate::measure::map::{Reading, Space};
use crate::text::{grouped, list, list_of, some_of};

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
    /// Those of all signals.
    pub(super) findings: &'r [(Signal, Reading, Findings); 3],
    /// The groups for which one `lossy` was proposed, by their first variants, with the pair of which that was said.
    pub(super) proposed: HashMap<usize, String>,
}

impl<'m> Reporter<'_, 'm> {
    /// Reports the variants that can't be told apart.
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
                    diagnostics.push(self.conflict(conflict, variants));
                }
            }
        }
        // Pairs that are not even listed are more of the same.
        let left = findings.pairs.saturating_sub(findings.conflicts.len() as u64);
        let left = left + (found as u64).saturating_sub(SHOWN as u64);
        if found > SHOWN
            && let Some(last) = diagnostics.last_mut()
        {
            last.number = Some(left);
            last.notes.push(format!(
                "and {}{} more {} of variants of `{}` can't be told apart on {}",
                if findings.more { "at least " } else { "" },
                grouped(left),
                if left == 1 { "pair" } else { "pairs" },
                self.face.name,
                on(self.signal)
            ));
        }
    }

    /// Reports the `lossy` items that merge less than they say.
    pub(super) fn idle(&self, findings: &Findings, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.extend(findings.idle.iter().filter_map(|(class, apart)| self.idle_class(*class, apart)));
    }

    fn conflict(&mut self, conflict: &Conflict, variants: [&'m Variant; 2]) -> Diagnostic {
        let [first, second] = variants;
        let (face, signal) = (self.face, self.signal);
        let blank = variants.iter().all(|variant| variant.pairs(signal).is_empty());
        let (code, what) = match blank {
            true => (Code::TwoBlank, "both show nothing"),
            false => (Code::Ambiguous, "can't be told apart"),
        };
        // What `all` says is reported once, for the signals on which it isn't merged.
        let everywhere = self.is_of_all(variants);
        let signals = self.findings.iter().filter(|(other, _, findings)| match everywhere {
            true => findings.conflicts.contains(conflict),
            false => *other == signal,
        });
        let signals: Vec<&(Signal, Reading, Findings)> = signals.collect();
        let on = match signals.len() {
            3 => "any signal".to_owned(),
            _ => list_of(&signals.iter().map(|(signal, ..)| on(*signal).to_owned()).collect::<Vec<_>>()),
        };
        let (one, other, name) = (&first.name, &second.name, &face.name);
        let message = format!("`{one}` and `{other}` of `{name}` {what} on {on}");
        let group = self.findings.iter().find(|(other, ..)| *other == signal);
        let group = group.map_or_else(Vec::new, |(.., findings)| findings.merged_with(conflict.variant));
        let said = self.proposed.get(group.first().unwrap_or(&usize::MAX));
        let merge = match said.filter(|_| group.len() > 2) {
            Some(said) => format!("merge all {} on purpose, as is said of {said}", group.len()),
            None => {
                let merges =
                    signals.iter().map(|(signal, _, findings)| self.merge(*signal, findings, conflict));
                format!("merge them on purpose: {}", list_of(&merges.collect::<Vec<_>>()))
            }
        };
        if let Some(first) = group.first() {
            self.proposed.entry(*first).or_insert_with(|| format!("`{one}` and `{other}`"));
        }
        let diagnostic = self
            .at_both(code, message, variants)
            .about(face.full_name())
            .about(variant_name(face, first))
            .about(variant_name(face, second))
            .about_all(signals.iter().map(|(signal, ..)| signal.name()).collect::<Vec<_>>());
        if blank {
            return diagnostic.help(format!("let one of them show something, or {merge}"));
        }
        let carries = |variant: &&Variant| variant.pairs(signal).iter().any(|pair| pair.payload().is_some());
        let payloads = if variants.iter().any(carries) { " keep their payloads apart," } else { "" };
        let diagnostic =
            diagnostic.help(format!("give one of them a key or a value of its own,{payloads} or {merge}"));
        match witness(variants, signal, self.reading, self.space) {
            Some(witness) => diagnostic.note(witness),
            None => diagnostic,
        }
    }

    /// A finding at the variant that stands in the file of the meaning, and else at the meaning: what it takes in from
    /// elsewhere isn't mended there.
    fn at_both(&self, code: Code, message: String, [first, second]: [&Variant; 2]) -> Diagnostic {
        let face = self.contract.places.place(self.face.node);
        let shows = |variant: &Variant| (self.place(variant), format!("what `{}` shows", variant.name));
        let (first, second) = (shows(first), shows(second));
        let is_here = |place: Place| place.file == face.file;
        match (is_here(first.0), is_here(second.0)) {
            (_, true) => Diagnostic::new(code, second.0, message).here(second.1).and(first.0, first.1),
            (true, false) => Diagnostic::new(code, first.0, message).here(first.1).and(second.0, second.1),
            (false, false) => Diagnostic::new(code, face, message)
                .here("has both")
                .and(first.0, first.1)
                .and(second.0, second.1),
        }
    }

    /// The one `lossy` that merges all that has to be merged with these two on a signal.
    fn merge(&self, signal: Signal, findings: &Findings, conflict: &Conflict) -> String {
        let merged = findings.merged_with(conflict.variant);
        let names = merged.iter().filter_map(|number| self.face.variants.get(*number));
        let mut names: Vec<&str> = names.map(|variant| variant.name.as_str()).collect();
        let more = names.len().saturating_sub(SHOWN);
        names.truncate(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let there = self.face.lossy.iter().any(|lossy| {
            lossy.signal == signal
                && !lossy.inherited
                && lossy.variants.iter().any(|name| names.contains(&name.as_str()))
        });
        let there = if there { " in the place of the one there" } else { "" };
        format!("`lossy {} {{ {}{more} }} \"why\"`{there}", signal.name(), names.join(", "))
    }

    /// A `lossy` of which some variants are told apart from all others.
    fn idle_class(&self, class: usize, apart: &[usize]) -> Option<Diagnostic> {
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
                .about(signal)
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
