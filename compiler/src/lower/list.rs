//! The lists of signals: fields, constants, and what shows under another key.

use slo_grammar::{Expression, ListItem, Place, Placed};

use super::Lowering;
use super::declaration::LEVELS;
use super::event::Fields;
use super::projection::{literal_type, unknown_conversion};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Domain, Field, FieldId, FieldValue, Leaf, MeaningId, Node, ShownAs, Signal, SignalWriter, WriterValue,
};
use crate::text::spelled;

impl<'t> Lowering<'_, 't> {
    /// The writers of a log or a span: those of its list, or every field.
    pub(super) fn listed_or_all(
        &mut self,
        tree: usize,
        items: Option<&'t [ListItem]>,
        event: &Fields<'_>,
        signal: Signal,
    ) -> Vec<SignalWriter> {
        match items {
            Some(items) => self.listed(tree, items, event, signal),
            None => {
                // What a span can't hold stands on its logs.
                let is_held = |field: &Field| match &field.value {
                    Leaf::Known(FieldValue::Contexts) => false,
                    Leaf::Known(FieldValue::Plain(domain)) => {
                        signal == Signal::Log || domain.value.object().is_none()
                    }
                    _ => true,
                };
                let fields = event.fields_by_id().filter(|(_, field)| is_held(field));
                let mut writers: Vec<SignalWriter> =
                    fields.map(|(id, field)| self.of_field(id, field, field.node, signal)).collect();
                writers.extend(event.unknown.map(|reported| unknown_writer(event.node, reported)));
                writers
            }
        }
    }

    /// The writers of a list of fields and constants.
    pub(super) fn listed(
        &mut self,
        tree: usize,
        items: &'t [ListItem],
        event: &Fields<'_>,
        signal: Signal,
    ) -> Vec<SignalWriter> {
        let mut writers = Vec::new();
        for item in items {
            writers.push(self.listed_item(tree, item, event, signal));
            writers.extend(self.after(item, event, signal));
        }
        writers
    }

    /// What stands behind an item where a declared metric has a requirement level. A word that is none is the next item, and
    /// only a comma is missing.
    fn after(&mut self, item: &ListItem, event: &Fields<'_>, signal: Signal) -> Option<SignalWriter> {
        let level = item.level.as_ref()?;
        let word = match &level.value.word {
            Some(word) if !LEVELS.contains(&word.value.as_str()) => &word.value,
            _ => {
                let message = "a requirement level is for what a vocabulary declares";
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, level.place, message)
                        .about(&item.key.value)
                        .help("take it out: a field that may be absent has a `?` behind its type"),
                );
                return None;
            }
        };
        let message = format!("expected `,`, `=`, `as`, `via`, `}}` or the end of the line, found `{word}`");
        let reported = Diagnostic::new(Code::Unexpected, level.place, message)
            .about(word)
            .help(format!("items are separated by `,` or a line's end: `{}, {word}`", item.key.value))
            .report(self.diagnostics);
        let node = self.contract.places.add(level.place);
        Some(match event.named(word) {
            Some((id, field)) => self.of_field(id, field, node, signal),
            None => unknown_writer(node, reported),
        })
    }

    fn listed_item(
        &mut self,
        tree: usize,
        item: &'t ListItem,
        event: &Fields<'_>,
        signal: Signal,
    ) -> SignalWriter {
        let name = &item.key;
        if let Some(value) = &item.value {
            if let Expression::Call(function, argument) = &value.value {
                return self.converted(tree, name, (function, argument), event, signal);
            }
            if let Some(writer) = self.field_as_constant(tree, name, value, event, signal) {
                return writer;
            }
            return self.constant_item(tree, name, value, Some(event));
        }
        let Some((id, field)) = event.named(&name.value) else {
            let reported = self.unknown_field(name, event);
            return unknown_writer(self.contract.places.add(name.place), reported);
        };
        let node = self.contract.places.add(name.place);
        let mut writer = self.of_field(id, field, node, signal);
        match &field.value {
            Leaf::Known(FieldValue::Contexts) => {
                let message = format!("`{}` is a list of contexts, which no attribute can hold", name.value);
                let help = format!("a span names it: `links={}`", name.value);
                return unknown_writer(node, self.misplaced((name, name.place), field.node, message, &help));
            }
            Leaf::Known(FieldValue::Meaning { meaning, .. }) => {
                if let Some(via) = &item.via {
                    let face = self.via(via, *meaning);
                    writer.value = face.and_then(|face| self.shown_by(id, face, signal)).into();
                }
                if let Some(other) = &item.shown_as {
                    let message = format!("`{}` is a meaning, which brings its own keys", name.value);
                    self.diagnostics.push(
                        Diagnostic::new(Code::Misplaced, other.place, message)
                            .about(&name.value)
                            .help("write a `view` that shows it under other keys, and name it: `via VIEW`"),
                    );
                }
                return writer;
            }
            Leaf::Known(FieldValue::Plain(domain))
                if signal != Signal::Log && domain.value.object().is_some() =>
            {
                let message = format!("`{}` is an object, which stands on logs only", name.value);
                let help = "show its members there by fields of their own";
                return unknown_writer(node, self.misplaced((name, name.place), field.node, message, help));
            }
            // It may be a meaning.
            Leaf::Unknown(_) if item.via.is_some() => return writer,
            _ => {}
        }
        if let Some(via) = &item.via {
            let message = format!("`via` is for meanings, and `{}` is no meaning", name.value);
            let help = "write `as NAME` to show it under another name";
            self.misplaced((name, via.place), field.node, message, help);
        }
        if let Some(other) = &item.shown_as {
            self.show_as(tree, other, &mut writer);
        }
        writer
    }

    /// Reports that a field stands where it can't, by its name and the place of what is wrong.
    pub(super) fn misplaced(
        &mut self,
        (name, place): (&slo_grammar::Name, Place),
        field: Node,
        message: String,
        help: &str,
    ) -> Reported {
        Diagnostic::new(Code::Misplaced, place, message)
            .about(&name.value)
            .and(self.contract.places.place(field), "the field")
            .help(help)
            .report(self.diagnostics)
    }

    /// `NAME = to_string(FIELD)`
    fn converted(
        &mut self,
        tree: usize,
        name: &slo_grammar::Name,
        (function, argument): (&slo_grammar::Name, &slo_grammar::Name),
        event: &Fields<'_>,
        signal: Signal,
    ) -> SignalWriter {
        let node = self.contract.places.add(name.place);
        if function.value != "to_string" {
            return unknown_writer(node, unknown_conversion(function, "a field").report(self.diagnostics));
        }
        let Some((id, field)) = event.named(&argument.value) else {
            return unknown_writer(node, self.unknown_field(argument, event));
        };
        let mut writer = self.of_field(id, field, node, signal);
        match &field.value {
            Leaf::Known(FieldValue::Plain(_)) => writer.value = Leaf::Known(WriterValue::ToString(id)),
            Leaf::Known(FieldValue::Meaning { .. } | FieldValue::Contexts) => {
                let message = format!("`{}` is no plain value, and has no text", argument.value);
                let help =
                    "what a variant carries becomes text where the variant shows: `key = to_string(code)`";
                let reported = self.misplaced((argument, argument.place), field.node, message, help);
                return unknown_writer(node, reported);
            }
            Leaf::Unknown(_) => return writer,
        }
        self.show_as(tree, name, &mut writer);
        writer
    }

    /// `label = field`, which is written the other way round. A word may be a member of the key's own.
    fn field_as_constant(
        &mut self,
        tree: usize,
        name: &slo_grammar::Name,
        value: &Placed<Expression>,
        event: &Fields<'_>,
        signal: Signal,
    ) -> Option<SignalWriter> {
        let Expression::Key(word) = &value.value else { return None };
        let (id, field) = event.named(word)?;
        let is_bound = name.value.contains('.');
        let has_words =
            |domain: &Domain| domain.members.is_some() || ["true", "false"].contains(&word.as_str());
        if is_bound && self.bound(tree, name).ok()?.values.map_or(true, |values| has_words(&values.domain)) {
            return None;
        }
        let is_renamed =
            *word != name.value && !matches!(field.value, Leaf::Known(FieldValue::Meaning { .. }));
        let help = match &field.value {
            _ if is_renamed => format!(
                "write `{word} as {}` to show it under that key; text is quoted",
                spelled(&name.value)
            ),
            Leaf::Known(FieldValue::Meaning { .. }) => {
                "a meaning brings its own keys: name it alone, or with `via VIEW`".to_owned()
            }
            _ => format!("take `= {word}` out: a field is shown under its own name"),
        };
        let message = format!("`{word}` is a field, and a constant here");
        self.diagnostics.push(
            Diagnostic::new(Code::AmbiguousWord, value.place, message)
                .about(word)
                .and(self.contract.places.place(field.node), "the field")
                .help(help),
        );
        // What was meant is shown, so that nothing else is found for it.
        let node = self.contract.places.add(value.place);
        let mut writer = self.of_field(id, field, node, signal);
        if is_renamed {
            self.show_as(tree, name, &mut writer);
        }
        Some(writer)
    }

    /// Shows a value under another key: a declared one if it has a dot, else a local one.
    pub(super) fn show_as(&mut self, tree: usize, other: &slo_grammar::Name, writer: &mut SignalWriter) {
        other.value.as_str().clone_into(&mut writer.key);
        if !other.value.contains('.') {
            self.local_name(tree, other);
            return;
        }
        let Ok(bound) = self.bound(tree, other) else { return };
        if let (Some(place), false) = (bound.sensitive, writer.sensitive) {
            writer.sensitive = true;
            writer.sensitive_node = Some(self.contract.places.add(place));
        }
        writer.shown_as = Some(ShownAs {
            node: self.contract.places.add(other.place),
            declaration: self.contract.places.add(bound.place),
            domain: bound.known().into(),
        });
        writer.key = bound.key;
    }

    /// `result = "loaded"`
    pub(super) fn constant_item(
        &mut self,
        tree: usize,
        name: &slo_grammar::Name,
        value: &Placed<Expression>,
        event: Option<&Fields<'_>>,
    ) -> SignalWriter {
        let local = !name.value.contains('.');
        let bound = if local { None } else { Some(self.bound(tree, name)) };
        if local {
            self.local_name(tree, name);
            if let Some((_, field)) = event.and_then(|event| event.named(&name.value)) {
                let field = self.contract.places.place(field.node);
                let message = format!("`{}` is a field, and a constant here", name.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::AmbiguousWord, name.place, message)
                        .about(&name.value)
                        .and(field, "the field")
                        .help("give the constant another name, or take `=` and its value out"),
                );
            }
        }
        let written = || name.value.as_str().to_owned();
        let (key, domain, constant, declaration, sensitive) = match bound {
            Some(Ok(bound)) => {
                let domain = bound.known();
                let constant =
                    bound.values.and_then(|values| self.constant(&bound.key, value, Some(&values.domain)));
                (bound.key, domain, constant, Some(bound.place), bound.sensitive)
            }
            Some(Err(reported)) => (written(), Err(reported), Err(reported), None, None),
            None => {
                let constant = self.constant(&name.value, value, None);
                let domain = constant.as_ref().map(|literal| Domain::of(literal_type(literal)));
                (written(), domain.map_err(|reported| *reported), constant, None, None)
            }
        };
        SignalWriter {
            node: self.contract.places.add(name.place),
            key,
            declaration: declaration.map(|place| self.contract.places.add(place)),
            value: constant.map(WriterValue::Constant).into(),
            domain: Some(domain.into()),
            shown_as: None,
            optional: false,
            hidden: false,
            sensitive: sensitive.is_some(),
            sensitive_node: sensitive.map(|place| self.contract.places.add(place)),
        }
    }

    /// A meaning on a signal, where all could be read that it shows there.
    fn shown_by(&self, field: FieldId, face: MeaningId, signal: Signal) -> Result<WriterValue, Reported> {
        self.faces.unread(face, signal).map_or(Ok(WriterValue::Meaning { field, face }), Err)
    }

    /// A field as a writer at `node`. A meaning of which something could not be read that shows on the signal shows
    /// nobody knows what.
    fn of_field(&self, id: FieldId, field: &Field, node: Node, signal: Signal) -> SignalWriter {
        let (value, domain) = match &field.value {
            Leaf::Unknown(reported) => (Leaf::Unknown(*reported), None),
            // That a list of contexts is no attribute is for whoever names it to report.
            Leaf::Known(FieldValue::Contexts) => {
                let place = self.contract.places.place(node);
                (Leaf::Unknown(Reported::elsewhere(Code::Misplaced, place)), None)
            }
            Leaf::Known(FieldValue::Meaning { face, .. }) => (self.shown_by(id, *face, signal).into(), None),
            Leaf::Known(FieldValue::Plain(domain)) => {
                let domain = match &field.constant {
                    Some(constant) => domain.clone().only(constant),
                    None => domain.clone(),
                };
                (Leaf::Known(WriterValue::Field(id)), Some(Leaf::Known(domain)))
            }
        };
        SignalWriter {
            node,
            key: field.key.clone(),
            declaration: field.declaration,
            value,
            domain,
            shown_as: None,
            optional: field.optional,
            hidden: field.sensitive && !field.clear,
            sensitive: field.sensitive,
            sensitive_node: field.sensitive_node,
        }
    }
}

/// What could not be read of a list.
pub(super) fn unknown_writer(node: Node, reported: Reported) -> SignalWriter {
    SignalWriter {
        node,
        key: String::new(),
        declaration: None,
        value: Leaf::Unknown(reported),
        domain: None,
        shown_as: None,
        optional: false,
        hidden: false,
        sensitive: false,
        sensitive_node: None,
    }
}
