//! Spans and logs as their declarations have them: kind or severity, the keys that every record has, and no others where it
//! is closed.

use std::collections::BTreeSet;

use slo_grammar::Place;

use super::required::lists;
use super::signals::{Of, Signals, signals};
use super::{deprecated, required};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Declaration, Event, Leaf, LevelWriter, Node, Severity, Signal, Variant, WriterValue,
};
use crate::measure::records::Records;

/// Checks the logs and the span of an event.
pub(super) fn check(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    for signal in signals(event) {
        let (convention, at, said) = match signal.of {
            Of::Log(log) => {
                let severity = log.severity_node.zip(log.severity).map(|(node, one)| (node, one.name()));
                (log.convention.as_ref(), log.node, severity)
            }
            Of::Span(span) => {
                let kind = span.kind_node.map(|node| (node, span.kind.name()));
                (span.convention.as_ref(), span.convention_node.unwrap_or(span.node), kind)
            }
            Of::Metric(_) | Of::SpanEvent => continue,
        };
        let version = signal.held_to(contract);
        let convention = convention.and_then(|taken_in| version.declaration(signal.signal, taken_in));
        let Some(convention) = convention.as_deref() else { continue };
        let held = Held { contract, event, signal, convention, at };
        held.kind(said, diagnostics);
        held.given(diagnostics);
        held.deprecated(diagnostics);
        let listed =
            required::Listed { name: &convention.name, node: convention.node, keys: &convention.keys };
        required::check(contract, &held.signal, at, &listed, diagnostics);
        if convention.closed {
            held.beyond(diagnostics);
        }
    }
}

/// A log or a span, and what it is held to.
struct Held<'c> {
    contract: &'c Contract,
    event: &'c Event,
    signal: Signals<'c>,
    convention: &'c Declaration,
    /// Where the contract says that it is this one.
    at: Node,
}

impl Held<'_> {
    fn place(&self, node: Node) -> Place {
        self.contract.places.place(node)
    }

    /// The signal, as a sentence has it.
    fn name(&self) -> String {
        match self.signal.signal {
            Signal::Span => format!("the span of `{}`", self.event.name),
            _ => format!("the log `{}`", self.convention.name),
        }
    }

    fn finding(&self, code: Code, at: Place, message: String) -> Diagnostic {
        self.about(Diagnostic::new(code, at, message))
    }

    fn about(&self, finding: Diagnostic) -> Diagnostic {
        finding
            .about(&self.convention.name)
            .about(self.event.full_name())
            .and(self.place(self.convention.node), "declared here")
    }

    fn kind(&self, said: Option<(Node, &'static str)>, diagnostics: &mut Vec<Diagnostic>) {
        let Some(((node, said), declared)) = said.zip(self.convention.kind.as_ref()) else { return };
        if said == declared {
            return;
        }
        let (what, help) = match self.signal.signal {
            Signal::Span => ("kind", "take it out: the kind comes from the declaration".to_owned()),
            _ => ("severity", format!("write `{declared}`, or give the log a name of its own")),
        };
        let message = format!(
            "the {what} of {} is `{said}` here, and `{declared}` where `{}` is declared",
            self.name(),
            self.convention.name
        );
        diagnostics.push(
            self.finding(Code::Convention, self.place(node), message).about_all([said, declared]).help(help),
        );
    }

    /// The severities that meanings give a log.
    fn given(&self, diagnostics: &mut Vec<Diagnostic>) {
        let (Of::Log(log), Some(declared)) = (self.signal.of, self.convention.kind.as_deref()) else {
            return;
        };
        let records = Records::of(log.when.as_ref());
        let given = |level: &LevelWriter| -> Vec<(&Variant, Severity)> {
            let variants = self.contract.meaning(level.face).variants.iter();
            let variants = variants.filter(|variant| records.has_variant(level.field, variant));
            variants.filter_map(|variant| Some((variant, variant.severity?))).collect()
        };
        let levels: Vec<&LevelWriter> = log.levels.iter().filter_map(Leaf::known).collect();
        for level in &levels {
            let meaning = self.contract.meaning(level.face);
            // By `severity=max` what another meaning gives in every record holds where this one gives less.
            let is_at_least = log.max
                && levels.iter().any(|other| {
                    other.field != level.field
                        && !records.may_be_absent(self.event, other.field)
                        && given(other).iter().all(|(_, severity)| severity.name() == declared)
                });
            let is_less =
                |severity| Severity::from_name(declared).is_some_and(|declared| severity < declared);
            let others: Vec<(&Variant, &str)> = given(level)
                .into_iter()
                .filter(|(_, severity)| severity.name() != declared)
                .filter(|(_, severity)| !(is_at_least && is_less(*severity)))
                .map(|(variant, severity)| (variant, severity.name()))
                .collect();
            let Some((first, severity)) = others.first() else { continue };
            let field = &self.event.field(level.field).name;
            let message = format!(
                "the severity of {} is `{severity}` where `{field}` is `{}`, and `{declared}` where `{}` is declared",
                self.name(),
                first.name,
                self.convention.name
            );
            let names = others.iter().map(|(variant, _)| format!("{}.{}", meaning.full_name(), variant.name));
            let severities = others.iter().map(|(_, severity)| *severity);
            diagnostics.push(
                self.finding(Code::Convention, self.place(level.node), message)
                    .about(declared)
                    .about_all(names)
                    .about_all(severities)
                    .and(self.place(first.node), format!("`{severity}`"))
                    .help(format!(
                        "let it give `{declared}` by a view, leave these records out by `when=(…)`, or give the log a name of its own"
                    )),
            );
        }
    }

    fn deprecated(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some(deprecated) = &self.convention.deprecated else { return };
        let name = &self.convention.name;
        let what = format!("the {} `{name}`", self.signal.signal.name());
        let finding = deprecated::finding(self.place(self.at), &what, deprecated, "");
        diagnostics.push(self.about(finding));
    }

    /// Of what is closed, the keys that its declaration doesn't list.
    fn beyond(&self, diagnostics: &mut Vec<Diagnostic>) {
        let records = Records::of(self.signal.when);
        let mut told = BTreeSet::new();
        for writer in self.signal.writers {
            let mut see = |key: &str, node: Node| {
                let is_listed = self.convention.keys.iter().any(|listed| lists(self.contract, listed, key));
                if key.is_empty() || is_listed || !told.insert(key.to_owned()) {
                    return;
                }
                let message = format!(
                    "{} has the key `{key}`, and the declaration of `{}` is closed",
                    self.name(),
                    self.convention.name
                );
                diagnostics.push(
                    self.finding(Code::Convention, self.place(node), message)
                        .about(key)
                        .help("take it out of the list, or list it where it is declared"),
                );
            };
            match &writer.value {
                Leaf::Known(WriterValue::Meaning { field, face }) => {
                    let variants = self.contract.meaning(*face).variants.iter();
                    for variant in variants.filter(|variant| records.has_variant(*field, variant)) {
                        variant.pairs(self.signal.signal).iter().for_each(|pair| see(&pair.key, writer.node));
                    }
                }
                _ => see(&writer.key, writer.node),
            }
        }
    }
}
