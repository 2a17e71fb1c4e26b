//! Spans and logs as their declarations have them: kind or severity, the keys that every record has, and no others where it
//! is closed.

use std::collections::BTreeSet;

use slo_grammar::Place;

use super::signals::{Of, Signals, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{
    Contract, Declaration, Deprecation, Event, FieldId, Leaf, ListedKey, Node, Signal, SignalWriter,
    WriterValue,
};
use crate::measure::records::Records;
use crate::text::spelled;

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
        let Some(convention) = convention else { continue };
        let held = Held { contract, event, signal, convention, at };
        held.kind(said, diagnostics);
        held.deprecated(diagnostics);
        // What could not be read may be what is missed.
        if held.signal.writers.iter().all(|writer| writer.value.known().is_some()) {
            held.required(diagnostics);
        }
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

/// Whether a declaration lists a key: this one, or one of the family that it is. A key that is declared by itself is of no
/// family.
fn lists(contract: &Contract, listed: &ListedKey, key: &str) -> bool {
    let is_declared =
        || contract.attributes.binary_search_by(|attribute| attribute.head().key.cmp(key)).is_ok();
    listed.key == key || (listed.lists(key) && !is_declared())
}

/// How a record has a key.
enum Has {
    Always,
    /// Not where this field is absent.
    Unless(FieldId),
    /// Not where this field is the first of these variants, or another of them, nor, maybe, where it is absent.
    Without {
        field: FieldId,
        first: String,
        others: Vec<String>,
        absent: bool,
    },
    /// A field is shown under another name.
    As(String),
    Never,
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
        Diagnostic::new(code, at, message)
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

    fn deprecated(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some(deprecated) = &self.convention.deprecated else { return };
        let name = &self.convention.name;
        let message = format!("the {} `{name}` is deprecated", self.signal.signal.name());
        let finding = self.finding(Code::DeprecatedKey, self.place(self.at), message);
        diagnostics.push(match deprecated {
            Deprecation::Successor(successor) => {
                finding.about(successor).help(format!("`{successor}` took its place"))
            }
            Deprecation::Reason(reason) if reason.is_empty() => {
                finding.help("nothing took its place: take it out")
            }
            Deprecation::Reason(reason) => finding.help(reason),
        });
    }

    /// The keys that every record has.
    fn required(&self, diagnostics: &mut Vec<Diagnostic>) {
        let records = Records::of(self.signal.when);
        for listed in self.convention.keys.iter().filter(|listed| listed.is_required()) {
            let key = &listed.key;
            let of_event = |field: &str| format!("{}.{field}", self.event.full_name());
            let (lacks, how, help) = match self.has(&records, listed) {
                Has::Always => continue,
                Has::Unless(id) => {
                    let field = &self.event.field(id).name;
                    let help = format!(
                        "take the `?` behind the type of `{field}` out, or write it only where that is there: `when=({field} present)`"
                    );
                    let how = vec![of_event(field), "absent".to_owned()];
                    (format!("lacks it where `{field}` is absent"), how, help)
                }
                Has::Without { field, first: variant, others, absent } => {
                    let field = &self.event.field(field).name;
                    let word = self.signal.signal.name();
                    let help = format!("write it in `{variant}` too: `{word} {{ {} = … }}`", spelled(key));
                    let lacks = format!("lacks it where `{field}` is `{variant}`");
                    let mut how = vec![of_event(field), variant];
                    how.extend(others);
                    how.extend(absent.then(|| "absent".to_owned()));
                    (lacks, how, help)
                }
                Has::As(shown) => {
                    let help = format!("take `as {}` out", spelled(&shown));
                    (format!("has it under the name `{shown}`"), vec!["as".to_owned(), shown], help)
                }
                Has::Never => ("lacks it".to_owned(), vec!["never".to_owned()], self.how_to_write(key)),
            };
            let message =
                format!("`{}` requires the key `{key}`, and {} {lacks}", self.convention.name, self.name());
            diagnostics.push(
                self.finding(Code::RequiredLabel, self.place(self.at), message)
                    .about(key)
                    .about_all(how)
                    .help(help),
            );
        }
    }

    fn how_to_write(&self, key: &str) -> String {
        match self.event.fields.iter().find(|field| field.key == key) {
            Some(field) => format!("add the field `{}` to its list", field.name),
            None => format!(
                "give the event a field, `{}: {1}`, or write a constant in its list: `{1} = …`",
                key.rsplit('.').next().unwrap_or("name"),
                spelled(key)
            ),
        }
    }

    /// Whether one writer puts the key into every record, and else what keeps it out.
    fn has(&self, records: &Records<'_>, listed: &ListedKey) -> Has {
        let mut best = Has::Never;
        for writer in self.signal.writers {
            let found = self.written_by(records, writer, listed);
            match (&found, &best) {
                (Has::Always, _) => return found,
                (Has::Never, _) => {}
                (_, Has::Never | Has::As(_)) => best = found,
                _ => {}
            }
        }
        best
    }

    fn written_by(&self, records: &Records<'_>, writer: &SignalWriter, listed: &ListedKey) -> Has {
        let Some(value) = writer.value.known() else { return Has::Always };
        let absent = writer.field().filter(|id| writer.optional && records.may_be_absent(self.event, *id));
        if let WriterValue::Meaning { field, face } = value {
            let meaning = self.contract.meaning(*face);
            let shown = meaning.variants.iter().filter(|variant| records.has_variant(*field, variant));
            let (with, without): (Vec<_>, Vec<_>) = shown.partition(|variant| {
                variant.pairs(self.signal.signal).iter().any(|pair| lists(self.contract, listed, &pair.key))
            });
            return match (with.is_empty(), without.split_first(), absent) {
                // No record passes: what is never written lacks nothing.
                (true, None, None) => Has::Always,
                (true, ..) => Has::Never,
                (false, Some((first, others)), absent) => Has::Without {
                    field: *field,
                    first: first.name.clone(),
                    others: others.iter().map(|variant| variant.name.clone()).collect(),
                    absent: absent.is_some(),
                },
                (false, None, Some(id)) => Has::Unless(id),
                (false, None, None) => Has::Always,
            };
        }
        if lists(self.contract, listed, &writer.key) {
            return absent.map_or(Has::Always, Has::Unless);
        }
        match writer.field().map(|id| &self.event.field(id).key) {
            Some(own) if *own == listed.key && *own != writer.key => Has::As(writer.key.clone()),
            _ => Has::Never,
        }
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
