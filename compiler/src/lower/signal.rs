//! Logs, spans, and the lists of all signals.

use crate::hash::HashMap;

use slo_grammar::{Expression, Level, ListItem, Place, Placed};

use super::Lowering;
use super::declared::LEVELS;
use super::event::Fields;
use super::projection::{literal_type, unknown_conversion};
use super::writer::{hole_places, template_of};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    ContainerId, Domain, Field, FieldId, FieldValue, Leaf, LevelWriter, Log, MeaningId, Node, Severity,
    ShownAs, Signal, SignalWriter, Span, SpanEvent, SpanKind, TemplatePart, Text, TextPart, WriterValue,
};
use crate::options::{Context, Options, word_of, wrong_kind};
use crate::text::list;
use crate::text::spelled;

impl<'t> Lowering<'_, 't> {
    pub(super) fn log(&mut self, tree: usize, log: &'t slo_grammar::Log, event: &Fields<'_>) -> Log {
        let options = Options::read(&log.options, Context::Log, self.diagnostics);
        let name = log.name.as_ref().map_or("_", |name| name.value.as_str());
        let severity = self.one_of(name, &options, Severity::ALL, |severity| severity.name());
        // One that could not be read is still one: that nothing gives it a severity is not to be said as well.
        let severities = Severity::ALL.iter().map(|severity| severity.name()).collect::<Vec<_>>();
        let severity = severity.or_else(|| options.may_have_meant(&severities).map(|_| Severity::Info));
        let (body, body_node) = match options.value("body") {
            Some(value) => match crate::options::text_of("body", value, self.diagnostics) {
                Ok(text) => {
                    let empty = "write what the record says, or take `body` out";
                    let body = self.template(name, empty, &text, event);
                    (body, Some(self.contract.places.add(text.place)))
                }
                Err(_) => (None, None),
            },
            None => (None, None),
        };
        let writers = self.listed_or_all(tree, log.list.as_deref(), event, Signal::Log);
        Log {
            node: self.contract.places.add(log.place),
            name: log.name.as_ref().map(|name| name.value.as_str().to_owned()),
            closed: options.has("closed"),
            levels: self.log_levels(&writers, severity, event),
            scope: self.signal_scope(log.scope.as_ref(), event),
            docs: log.docs.text(),
            severity,
            max: self.max(
                "severity",
                "a meaning's variants give it, `severity=max` the greatest; a log's own stands by itself: `log NAME: info`",
                &options,
            ),
            body,
            body_node,
            until: self.until(&options),
            when: self.when(&options, event),
            writers,
        }
    }

    /// The meanings that give a log its severity and its text: those of its list; where none of these does, and the log says none
    /// itself, the event's others.
    fn log_levels(
        &self,
        writers: &[SignalWriter],
        own: Option<Severity>,
        event: &Fields<'_>,
    ) -> Vec<Leaf<LevelWriter>> {
        let listed = listed_levels(writers);
        let gives = |level: &Leaf<LevelWriter>| {
            level.known().is_none_or(|level| {
                self.contract.meaning(level.face).variants.iter().any(|variant| variant.severity.is_some())
            })
        };
        if own.is_some() || listed.iter().any(gives) {
            return listed;
        }
        let others = event.fields_by_id().filter_map(|(id, field)| match &field.value {
            Leaf::Known(FieldValue::Meaning { face, .. }) => {
                Some(match self.faces.unread(*face, Signal::Log) {
                    Some(reported) => Leaf::Unknown(reported),
                    None => Leaf::Known(LevelWriter { node: field.node, field: id, face: *face }),
                })
            }
            // It may be one.
            Leaf::Unknown(reported) => Some(Leaf::Unknown(*reported)),
            Leaf::Known(FieldValue::Plain(_) | FieldValue::Contexts) => None,
        });
        others.chain(event.unknown.map(Leaf::Unknown)).collect()
    }

    pub(super) fn span(&mut self, tree: usize, span: &'t slo_grammar::Span, event: &Fields<'_>) -> Span {
        let options = Options::read(&span.options, Context::Span, self.diagnostics);
        let shown = span.name.as_ref().map_or("current", |name| name.value.as_str());
        let kind = self.one_of(shown, &options, SpanKind::ALL, |kind| kind.name());
        if span.name.is_none() {
            let kinds = SpanKind::ALL.iter().map(|kind| kind.name());
            if let Some(scope) = &span.scope {
                let message = "the span that is running has its scope from where it was opened";
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, scope.place, message)
                        .about("current")
                        .and(span.place, "this one is open already")
                        .help("take `in` and the scope out"),
                );
            }
            for option in kinds.chain(["links", "closed"]).filter_map(|name| options.get(name)) {
                let message = format!("`{}` is said where a span is opened", option.name.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, option.place, message)
                        .about("current")
                        .and(span.place, "this one is open already")
                        .help("take it out"),
                );
            }
        }
        let empty = "write what the span is called, such as `span \"fetch\"`";
        let name = span.name.as_ref().and_then(|name| self.template(shown, empty, name, event));
        // A name that could not be read is still a name: the span is not the current one.
        let name = name.or_else(|| span.name.as_ref().map(|_| Text { parts: Vec::new() }));
        let node = self.contract.places.add(span.place);
        let links = options.value("links").map(|value| self.linked(value, event));
        let mut writers = self.listed_or_all(tree, span.list.as_deref(), event, Signal::Span);
        if let Some(Err(reported)) = links {
            // Which field is linked to is unknown: it may be any.
            writers.push(unknown_writer(node, reported));
        }
        Span {
            node,
            name,
            scope: self.signal_scope(span.scope.as_ref(), event),
            docs: span.docs.text(),
            kind: kind.unwrap_or(SpanKind::Internal),
            closed: options.has("closed"),
            levels: listed_levels(&writers),
            max: self.max(
                "status",
                "a meaning's variants give it: take it out, or write `status=max` for the greatest",
                &options,
            ),
            links: links.and_then(Result::ok),
            when: self.when(&options, event),
            writers,
        }
    }

    /// `span event "NAME"`
    pub(super) fn span_event(
        &mut self,
        tree: usize,
        declared: &'t slo_grammar::SpanEvent,
        event: &Fields<'_>,
    ) -> SpanEvent {
        let options = Options::read(&declared.options, Context::SpanEvent, self.diagnostics);
        let name = &declared.name;
        if let Some(scope) = &declared.scope {
            let message = "an event on a span has the scope of its span";
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, scope.place, message)
                    .about(&name.value)
                    .and(name.place, "written onto a span")
                    .help("take `in` and the scope out"),
            );
        }
        let empty = "write what happened, such as `span event \"charged\"`";
        let template = template_of(&name.value, name, empty, self.diagnostics);
        let hole = template.iter().flat_map(|template| &template.parts).find_map(|part| match part {
            TemplatePart::Hole(hole) | TemplatePart::Key(hole) => Some(hole.as_str()),
            TemplatePart::Text(_) => None,
        });
        if let Some(hole) = hole {
            let message = "the name of an event on a span is the same each time";
            self.diagnostics.push(Diagnostic::new(Code::Misplaced, name.place, message).about(hole).help(
                format!("take `{{{hole}}}` out, and show it as an attribute: `{{ {hole} }}` after the name"),
            ));
        }
        let texts = template.iter().flat_map(|template| &template.parts).filter_map(|part| match part {
            TemplatePart::Text(text) => Some(text.as_str()),
            TemplatePart::Hole(_) | TemplatePart::Key(_) => None,
        });
        SpanEvent {
            node: self.contract.places.add(name.place),
            name: texts.collect(),
            docs: declared.docs.text(),
            when: self.when(&options, event),
            writers: self.listed_or_all(tree, declared.list.as_deref(), event, Signal::Span),
        }
    }

    /// The scope of a signal: what it says, or the event's.
    pub(super) fn signal_scope(
        &mut self,
        said: Option<&slo_grammar::Name>,
        event: &Fields<'_>,
    ) -> Leaf<ContainerId> {
        said.map_or(event.scope, |scope| self.scope(scope.place).into())
    }

    /// The one of several words that the options say; the first where they say several.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        options: &Options<'_>,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let mut said: Vec<_> = all.iter().filter_map(|one| Some((*one, options.get(word(*one))?))).collect();
        crate::sort::by_key(&mut said, |(_, option)| option.place);
        let ((first, option), others) = said.split_first()?;
        if let Some((_, second)) = others.first() {
            let words: Vec<&str> = said.iter().map(|(_, option)| option.name.value.as_str()).collect();
            let all = if words.len() == 2 { "both " } else { "" };
            let mut diagnostic = Diagnostic::new(
                Code::OptionTwice,
                second.place,
                format!("`{name}` is {all}{}", list(&words)),
            )
            .about(name)
            .and(option.place, "the first one")
            .help("keep one");
            for (_, other) in &others[1..] {
                diagnostic = diagnostic.and(other.place, "and one more");
            }
            self.diagnostics.push(diagnostic);
        }
        Some(*first)
    }

    /// Whether `severity=max` or `status=max` is said.
    fn max(&mut self, option: &str, help: &str, options: &Options<'_>) -> bool {
        let Some(value) = options.value(option) else { return false };
        let max = matches!(&value.value, Expression::Key(word) if word == "max");
        if !max {
            self.diagnostics.push(wrong_kind(option, value.place, "`max`").help(help));
        }
        max
    }

    fn linked(&mut self, value: &Placed<Expression>, event: &Fields<'_>) -> Result<FieldId, Reported> {
        let (expected, example) =
            ("the name of a field", "such as `links=batch`, of a field `batch: context[]`");
        let word = word_of("links", value, expected, example, self.diagnostics)?;
        match event.named(&word.value).map(|(id, field)| (id, &field.value, field.node)) {
            Some((id, Leaf::Known(FieldValue::Contexts) | Leaf::Unknown(_), _)) => Ok(id),
            Some((_, _, node)) => {
                let message = format!("`links` takes contexts, and `{}` is no list of them", word.value);
                Err(Diagnostic::new(Code::OtherKind, word.place, message)
                    .about(&word.value)
                    .and(self.contract.places.place(node), "the field")
                    .help("give it the type `context[]`")
                    .report(self.diagnostics))
            }
            None => Err(self.unknown_field(&word, event)),
        }
    }

    /// A text whose holes are fields.
    fn template(
        &mut self,
        name: &str,
        empty: &str,
        text: &slo_grammar::Name,
        event: &Fields<'_>,
    ) -> Option<Text> {
        self.text(name, empty, text, &mut |lowering, hole| {
            let found = event.named(&hole.value);
            match found.map(|(_, field)| field) {
                None => {
                    lowering.unknown_field(hole, event);
                }
                Some(Field {
                    value: Leaf::Known(FieldValue::Meaning { .. } | FieldValue::Contexts),
                    node,
                    ..
                }) => {
                    let message = format!("`{}` is no text that could stand in `{name}`", hole.value);
                    lowering.diagnostics.push(
                        Diagnostic::new(Code::Misplaced, hole.place, message)
                            .about(&hole.value)
                            .and(lowering.contract.places.place(*node), "the field")
                            .help("a hole names a field with a plain value"),
                    );
                }
                Some(Field { value: Leaf::Known(FieldValue::Plain(domain)), node, .. })
                    if domain.value.object().is_some() =>
                {
                    let message = format!("`{}` is an object, which has no text", hole.value);
                    lowering.diagnostics.push(
                        Diagnostic::new(Code::Misplaced, hole.place, message)
                            .about(&hole.value)
                            .and(lowering.contract.places.place(*node), "the field")
                            .help("a hole names a field with a plain value"),
                    );
                    // What is said of a value in a name is not to be said of this as well.
                    return None;
                }
                Some(_) => {}
            }
            found.map(|(id, _)| id).or_else(|| event.meant(&hole.value))
        })
    }

    /// A text with holes. `find` says what a hole names, and reports where it is nothing; it is asked of each name once.
    pub(super) fn text<I: Copy>(
        &mut self,
        name: &str,
        empty: &str,
        text: &slo_grammar::Name,
        find: &mut dyn FnMut(&mut Self, &slo_grammar::Name) -> Option<I>,
    ) -> Option<Text<I>> {
        let template = template_of(name, text, empty, self.diagnostics)?;
        let mut places = hole_places(text.place, self.sources.text(text.place)).into_iter();
        let mut found: HashMap<String, Option<I>> = HashMap::default();
        let mut parts = Vec::new();
        for part in template.parts {
            let hole = match part {
                TemplatePart::Text(text) => {
                    parts.push(TextPart::Known(text));
                    continue;
                }
                TemplatePart::Hole(hole) | TemplatePart::Key(hole) => hole,
            };
            let place = places.next().unwrap_or(text.place);
            let id = match found.get(&hole) {
                Some(id) => *id,
                None => {
                    let id = find(self, &Placed::new(hole.as_str().into(), place));
                    found.insert(hole, id);
                    id
                }
            };
            parts.extend(id.map(TextPart::Value));
        }
        Some(Text { parts })
    }

    /// The writers of a log or a span: those of its list, or every field.
    fn listed_or_all(
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
        let word = match &level.value {
            Level::Word(word) if !LEVELS.contains(&word.as_str()) => word,
            Level::Word(_) | Level::If(_) => {
                let message = "a requirement level is for a metric that a vocabulary declares";
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
                let reported = Diagnostic::new(Code::Misplaced, name.place, message)
                    .about(&name.value)
                    .and(self.contract.places.place(field.node), "the field")
                    .help(format!("a span names it: `links={}`", name.value))
                    .report(self.diagnostics);
                return unknown_writer(node, reported);
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
                let reported = Diagnostic::new(Code::Misplaced, name.place, message)
                    .about(&name.value)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("show its members there by fields of their own")
                    .report(self.diagnostics);
                return unknown_writer(node, reported);
            }
            // It may be a meaning.
            Leaf::Unknown(_) if item.via.is_some() => return writer,
            _ => {}
        }
        if let Some(via) = &item.via {
            let message = format!("`via` is for meanings, and `{}` is no meaning", name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, via.place, message)
                    .about(&name.value)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("write `as NAME` to show it under another name"),
            );
        }
        if let Some(other) = &item.shown_as {
            self.show_as(tree, other, &mut writer);
        }
        writer
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
                let reported = Diagnostic::new(Code::Misplaced, argument.place, message)
                    .about(&argument.value)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("what a variant carries becomes text where the variant shows: `key = to_string(code)`")
                    .report(self.diagnostics);
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

/// What an event becomes where that could not be read.
pub(super) fn unknown_span(node: Node, reported: Reported) -> Span {
    Span {
        node,
        name: Some(Text { parts: Vec::new() }),
        scope: Leaf::Unknown(reported),
        docs: String::new(),
        kind: SpanKind::Internal,
        closed: false,
        levels: vec![Leaf::Unknown(reported)],
        max: false,
        links: None,
        when: None,
        writers: vec![unknown_writer(node, reported)],
    }
}

/// The meanings of a list, which give a signal its severity or its status.
fn listed_levels(writers: &[SignalWriter]) -> Vec<Leaf<LevelWriter>> {
    let levels = writers.iter().filter_map(|writer| match &writer.value {
        Leaf::Known(WriterValue::Meaning { field, face }) => {
            Some(Leaf::Known(LevelWriter { node: writer.node, field: *field, face: *face }))
        }
        Leaf::Unknown(reported) => Some(Leaf::Unknown(*reported)),
        Leaf::Known(_) => None,
    });
    levels.collect()
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

/// Words that stand where one of several was wanted, as a message lists them.
pub(super) fn one_of_these(words: &[&str]) -> String {
    format!("say one of {}", list(words))
}

/// The place of an option, for what is said of it.
pub(super) fn place_of(options: &Options<'_>, name: &str) -> Option<Place> {
    options.get(name).map(|option| option.place)
}
