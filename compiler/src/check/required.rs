//! The keys that a declaration requires of a metric, a log or a span: every point, record and span has them.

use super::signals::Signals;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Event, FieldId, ListedKey, Node, Signal, SignalWriter, WriterValue};
use crate::measure::records::Records;
use crate::text::spelled;

/// What is declared, and the keys that it lists.
pub(super) struct Listed<'c> {
    pub(super) name: &'c str,
    pub(super) node: Node,
    pub(super) keys: &'c [ListedKey],
}

/// Whether a declaration lists a key: this one, or one of the family that it is. A key that is declared by itself is of no
/// family.
pub(super) fn lists(contract: &Contract, listed: &ListedKey, key: &str) -> bool {
    let is_declared =
        || contract.attributes.binary_search_by(|attribute| attribute.head().key.cmp(key)).is_ok();
    listed.key == key || (listed.lists(key) && !is_declared())
}

/// Checks a signal; `at` is where the contract says what it is one of.
pub(super) fn check(
    contract: &Contract,
    signal: &Signals<'_>,
    at: Node,
    declared: &Listed<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    // What could not be read may be what is missed, or what leaves records out.
    let is_unread = signal.writers.iter().any(|writer| writer.value.known().is_none())
        || signal.when.is_some_and(|when| when.tests.iter().any(|test| test.known().is_none()));
    if is_unread {
        return;
    }
    let records = Records::of(signal.when);
    let required = Required { contract, signal, records };
    for listed in declared.keys.iter().filter(|listed| listed.is_required()) {
        let has = required.has(listed);
        if !matches!(has, Has::Always) {
            diagnostics.push(required.lacks(at, declared, &listed.key, has));
        }
    }
}

struct Required<'c> {
    contract: &'c Contract,
    signal: &'c Signals<'c>,
    records: Records<'c>,
}

/// How what goes out has a key.
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

impl Required<'_> {
    fn lacks(&self, at: Node, declared: &Listed<'_>, key: &str, has: Has) -> Diagnostic {
        let signal = self.signal;
        let field_of = |id: FieldId| {
            let name = signal.field_name(id);
            (name, signal.event.map_or(name.to_owned(), |event| format!("{}.{name}", event.full_name())))
        };
        // What a finding says, what it is about beside the key, and what to do.
        let (lacks, how, help, may_be_meant) = match has {
            Has::Always | Has::Never => {
                ("lacks it".to_owned(), vec!["never".to_owned()], self.how_to_write(key), false)
            }
            Has::Unless(id) => {
                let (field, full_name) = field_of(id);
                let help = format!(
                    "take the `?` after the type of `{field}` out, or write it only where that is there: `when=({field} present)`"
                );
                let how = vec![full_name, "absent".to_owned()];
                (format!("lacks it where `{field}` is absent"), how, help, true)
            }
            Has::Without { field, first: variant, others, absent } => {
                let (field, full_name) = field_of(field);
                let help = format!(
                    "write it in `{variant}` too, `{} {{ {} = … }}`, or leave these out by `when=(…)`",
                    signal.signal.name(),
                    spelled(key)
                );
                let lacks = format!("lacks it where `{field}` is `{variant}`");
                let mut how = vec![full_name, variant];
                how.extend(others);
                how.extend(absent.then(|| "absent".to_owned()));
                (lacks, how, help, true)
            }
            Has::As(shown) => {
                let help = format!("take `as {}` out", spelled(&shown));
                (format!("has it under the name `{shown}`"), vec!["as".to_owned(), shown], help, false)
            }
        };
        let word = if signal.signal == Signal::Metric { "label" } else { "key" };
        let message = format!("`{}` requires the {word} `{key}`, and {} {lacks}", declared.name, self.what());
        let finding = Diagnostic::new(Code::RequiredLabel, self.contract.places.place(at), message)
            .about(declared.name)
            .about_all(signal.event.map(Event::full_name))
            .and(self.contract.places.place(declared.node), "declared here")
            .about(key)
            .about_all(how);
        match may_be_meant {
            true => finding.help_or_allow(&format!("{help}; if that is how it is")),
            false => finding.help(help),
        }
    }

    /// What is held to the declaration, as a sentence has it.
    fn what(&self) -> String {
        match (self.signal.signal, self.signal.event) {
            (Signal::Metric, Some(event)) => format!("what `{}` records", event.name),
            (Signal::Metric, None) => "what is recorded here".to_owned(),
            (Signal::Span, _) => format!("the span of `{}`", self.signal.name),
            (Signal::Log, _) => format!("the log `{}`", self.signal.name),
        }
    }

    fn how_to_write(&self, key: &str) -> String {
        let mut fields = self.signal.event.iter().flat_map(|event| &event.fields);
        match fields.find(|field| field.key == key) {
            Some(field) => format!("add the field `{}` to its list", field.name),
            None => format!(
                "give the event a field, `{}: {1}`, and add it to the list, or write a constant: `{1} = …`",
                key.rsplit('.').next().unwrap_or("name"),
                spelled(key)
            ),
        }
    }

    /// Whether one writer puts the key into all that goes out, and else what keeps it out.
    fn has(&self, listed: &ListedKey) -> Has {
        let mut best = Has::Never;
        for writer in self.signal.writers {
            let found = self.written_by(writer, listed);
            match (&found, &best) {
                (Has::Always, _) => return found,
                (Has::Never, _) => {}
                (_, Has::Never | Has::As(_)) => best = found,
                _ => {}
            }
        }
        best
    }

    fn written_by(&self, writer: &SignalWriter, listed: &ListedKey) -> Has {
        let Some(value) = writer.value.known() else { return Has::Always };
        let may_be_absent =
            |id: &FieldId| self.signal.event.is_some_and(|event| self.records.may_be_absent(event, *id));
        let absent = writer.field().filter(|id| writer.optional && may_be_absent(id));
        if let WriterValue::Meaning { field, face } = value {
            let meaning = self.contract.meaning(*face);
            let shown = meaning.variants.iter().filter(|variant| self.records.has_variant(*field, variant));
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
        let own = writer.field().zip(self.signal.event).map(|(id, event)| &event.field(id).key);
        match own {
            Some(own) if *own == listed.key && *own != writer.key => Has::As(writer.key.clone()),
            _ => Has::Never,
        }
    }
}
