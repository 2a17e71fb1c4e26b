//! Logs, spans and the events on them.

use slo_grammar::{Expression, Place, Placed};

use super::Lowering;
use super::event::Fields;
use super::list::unknown_writer;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    ContainerId, FieldId, FieldValue, Leaf, LevelWriter, Log, Node, Severity, Signal, SignalWriter, Span,
    SpanEvent, SpanKind, Text, WriterValue,
};
use crate::options::{Context, Options, word_of, wrong_kind};
use crate::text::{is_hostile, list};

impl<'t> Lowering<'_, 't> {
    pub(super) fn log(&mut self, tree: usize, log: &'t slo_grammar::Log, event: &Fields<'_>) -> Log {
        let options = Options::read(&log.options, Context::Log, self.diagnostics);
        let name = log.name.as_ref().map_or("_", |name| name.value.as_str());
        let scope = self.signal_scope(("log", name, log.place), log.scope.as_ref(), event);
        let severity = self.one_of(name, &options, Severity::ALL, |severity| severity.name());
        // One that could not be read is still one: that nothing gives it a severity is not to be said as well.
        let severities = Severity::ALL.iter().map(|severity| severity.name()).collect::<Vec<_>>();
        let severity = severity.or_else(|| options.may_have_meant(&severities).map(|_| Severity::Info));
        let severity_node = severity
            .and_then(|severity| place_of(&options, severity.name()))
            .map(|place| self.contract.places.add(place));
        let convention = log.name.as_ref().and_then(|name| self.declared_at_name(name.place));
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
            scope,
            docs: log.docs.text(),
            severity,
            severity_node,
            severity_text: self.severity_text(&options),
            convention,
            max: self.max(
                "severity",
                "a meaning's variants give it, `severity=max` the greatest; a log's own stands by itself: `log NAME: info`",
                &options,
            ),
            opt_in: options.has("opt_in"),
            body,
            body_node,
            until: super::day::until(&options, self.diagnostics),
            when: self.when(&options, event),
            writers,
        }
    }

    /// The text that the severity has in each record of a log.
    fn severity_text(&mut self, options: &Options<'_>) -> Option<String> {
        let value = options.value("severity_text")?;
        let text = crate::options::text_of("severity_text", value, self.diagnostics).ok()?;
        let has_holes = text.value.contains(['{', '}']);
        if has_holes || text.value.chars().any(is_hostile) {
            self.diagnostics.push(
                wrong_kind("severity_text", value.place, "a text without holes, on one line")
                    .help("it is the same in every record of the log, such as `severity_text=\"INFO\"`"),
            );
            return None;
        }
        if text.value.trim().is_empty() {
            self.diagnostics.push(
                wrong_kind("severity_text", value.place, "a text that is not empty").help(
                    "write it as the logger does, such as `severity_text=\"INFO\"`; without it a record has the severity's own name",
                ),
            );
            return None;
        }
        Some(text.value.as_str().to_owned())
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
        let word = if span.every { "every" } else { "current" };
        let shown = span.name.as_ref().map_or(word, |name| name.value.as_str());
        let kind = self.one_of(shown, &options, SpanKind::ALL, |kind| kind.name());
        if span.name.is_none() {
            let at = if span.every { "what a processor sets" } else { "this one is open already" };
            let kinds = SpanKind::ALL.iter().map(|kind| kind.name());
            if let Some(scope) = &span.scope {
                let message = "the span that is running has its scope from where it was opened";
                let message = if span.every { "each span has a scope of its own" } else { message };
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, scope.place, message)
                        .about(word)
                        .and(span.place, at)
                        .help("take `in` and the scope out"),
                );
            }
            for option in kinds.chain(["links", "closed"]).filter_map(|name| options.get(name)) {
                let message = format!("`{}` is said where a span is opened", option.name.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, option.place, message)
                        .about(word)
                        .and(span.place, at)
                        .help("take it out"),
                );
            }
        }
        let kind_node = kind
            .and_then(|kind| place_of(&options, kind.name()))
            .map(|place| self.contract.places.add(place));
        let convention = span.of.as_ref().and_then(|of| self.declared_at_name(of.place));
        let declared =
            convention.as_ref().and_then(|declared| SpanKind::from_name(declared.kind.as_deref()?));
        let empty = "write what the span is called, such as `span \"fetch\"`";
        let name = span.name.as_ref().and_then(|name| self.template(shown, empty, name, event));
        // A name that could not be read is still a name: the span is not the current one.
        let name = name.or_else(|| span.name.as_ref().map(|_| Text { parts: Vec::new() }));
        // The span that is running has that of who opened it.
        let opened = span.name.as_ref();
        let scope =
            opened.map(|_| self.signal_scope(("span", shown, span.place), span.scope.as_ref(), event));
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
            every: span.every,
            scope,
            docs: span.docs.text(),
            kind: kind.or(declared).unwrap_or(SpanKind::Internal),
            kind_node,
            convention_node: span.of.as_ref().map(|of| self.contract.places.add(of.place)),
            convention,
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
        let text = self.template(&name.value, empty, name, event).unwrap_or(Text { parts: Vec::new() });
        SpanEvent {
            node: self.contract.places.add(name.place),
            name: text,
            docs: declared.docs.text(),
            when: self.when(&options, event),
            writers: self.listed_or_all(tree, declared.list.as_deref(), event, Signal::Span),
        }
    }

    /// The scope of a signal: what it says, or the event's.
    pub(super) fn signal_scope(
        &mut self,
        (signal, name, place): (&str, &str, Place),
        said: Option<&slo_grammar::Name>,
        event: &Fields<'_>,
    ) -> Leaf<ContainerId> {
        if let Some(said) = said {
            return self.scope(said.place).into();
        }
        event.scope.unwrap_or_else(|| {
            let message = format!("the {signal} `{name}` does not say its scope, and neither does its event");
            let shown = if signal == "span" { slo_grammar::quote(name) } else { name.to_owned() };
            let help = format!(
                "say where it comes from: `{signal} {shown} in SCOPE`, or `event {} in SCOPE: external` for all of the event's signals",
                event.name
            );
            // A library of Prometheus knows no scopes.
            let is_client = |way: &String| way.split(' ').next() == Some("client");
            let help = match signal == "metric" && self.contract.prometheus.ways.values().any(is_client) {
                true => format!("{help}; a metric without one, as those of a Prometheus library, is in a scope with an empty name: `otel.scope.name: static=\"\"`"),
                false => help,
            };
            Leaf::Unknown(
                Diagnostic::new(Code::NoSource, place, message)
                    .about(event.full_name())
                    .about(name)
                    .help(help)
                    .report(self.diagnostics),
            )
        })
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
}

/// What an event becomes where that could not be read.
pub(super) fn unknown_span(node: Node, reported: Reported) -> Span {
    Span {
        node,
        name: Some(Text { parts: Vec::new() }),
        every: false,
        scope: Some(Leaf::Unknown(reported)),
        docs: String::new(),
        kind: SpanKind::Internal,
        kind_node: None,
        convention: None,
        convention_node: None,
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

/// Words that stand where one of several was wanted, as a message lists them.
pub(super) fn one_of_these(words: &[&str]) -> String {
    format!("say one of {}", list(words))
}

/// The place of an option, for what is said of it.
pub(super) fn place_of(options: &Options<'_>, name: &str) -> Option<Place> {
    options.get(name).map(|option| option.place)
}
