//! Events, and the fields that they have.

use crate::hash::{HashMap, HashSet};

use slo_grammar::{Entry, EventEntry, Expression, Item, Place, limits};

use super::Lowering;
use super::signal::unknown_span;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Event, EventId, Field, FieldId, Leaf};
use crate::options::{Context, Options, wrong_kind};
use crate::resolve::signal_form;
use crate::text::nearest;
use crate::text::spelled;

/// An event with its fields by their names.
pub(super) struct Fields<'e> {
    event: &'e Event,
    by_name: HashMap<&'e str, FieldId>,
    /// Why it has fields that can't be known, if it has.
    pub(super) unknown: Option<Reported>,
}

impl<'e> Fields<'e> {
    pub(super) fn of(event: &'e Event, unknown: Option<Reported>) -> Fields<'e> {
        let by_name = event.fields_by_id().map(|(id, field)| (field.name.as_str(), id)).collect();
        Fields { event, by_name, unknown }
    }

    /// The field of this name.
    pub(super) fn named(&self, name: &str) -> Option<(FieldId, &'e Field)> {
        let id = *self.by_name.get(name)?;
        Some((id, self.event.field(id)))
    }

    /// The field that a name was most likely meant to be, so that nobody says that nothing names it.
    pub(super) fn meant(&self, name: &str) -> Option<FieldId> {
        let by_key = self.event.fields_by_id().find(|(_, field)| field.key == name);
        let near = || {
            let near = nearest(name, self.event.fields.iter().map(|field| field.name.as_str()))?;
            self.by_name.get(near).copied()
        };
        by_key.map(|(id, _)| id).or_else(near)
    }
}

impl std::ops::Deref for Fields<'_> {
    type Target = Event;

    fn deref(&self) -> &Event {
        self.event
    }
}

/// A group, with the number of its tree.
type Group<'t> = (usize, &'t slo_grammar::Block);

/// What an event has so far, each with the place in the event that brought it.
#[derive(Default)]
struct Known {
    fields: HashMap<String, Place>,
    /// By the places of their names: the event's own `...NAME`, and the one that names the group.
    groups: HashMap<Place, [slo_grammar::Name; 2]>,
    /// Those that were reported as twice.
    groups_twice: HashSet<Place>,
}

impl<'t> Lowering<'_, 't> {
    /// How a program records an event is not said of one that it doesn't record.
    fn external(&mut self, event: &slo_grammar::Event, options: &Options<'_>) {
        let Some(external) = options.get("external") else { return };
        let metrics = event.entries.iter().filter_map(|entry| match entry {
            EventEntry::Metric(metric) => Some(metric),
            _ => None,
        });
        for limit in metrics.flat_map(|metric| &metric.options).filter(|option| option.name.value == "limit")
        {
            let message = "`limit` is kept by the program, and no code is made of an external event";
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, limit.place, message)
                    .about("limit")
                    .and(external.place, "a library or another program records it")
                    .help("say how many points there are, `points=N`, of labels that have a bound"),
            );
        }
        for option in ["specialized", "invalid"].into_iter().filter_map(|name| options.get(name)) {
            let name = &option.name.value;
            let message = format!("`{name}` says how a program records an event, and this one is external");
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, option.place, message)
                    .about(name)
                    .and(external.place, "a library or another program records it")
                    .help(format!("take `{name}` out, or `external` where this program records it")),
            );
        }
    }

    pub(super) fn event(&mut self, tree: usize, event: &'t slo_grammar::Event) {
        let options = Options::read(&event.options, Context::EventHeader, self.diagnostics);
        let drop_invalid = self.drop_invalid(&options);
        self.external(event, &options);
        let scope = event.scope.as_ref().map(|scope| self.scope(scope.place).into());
        let mut made = Event {
            node: self.contract.places.add(event.name.place),
            package: self.package_name(tree).to_owned(),
            name: event.name.value.as_str().to_owned(),
            docs: event.docs.text(),
            scope,
            drop_invalid,
            external: options.has("external"),
            specialized: options.has("specialized"),
            fields: Vec::new(),
            metrics: Vec::new(),
            logs: Vec::new(),
            span: None,
            span_events: Vec::new(),
        };
        let unknown = self.fields(tree, event, &mut made);
        let id = EventId::at(self.contract.events.len());
        self.events.insert(event.name.place, id);
        if let Some(reported) = unknown {
            self.unknown_fields.insert(id, reported);
        }
        // Signals name fields, which may stand below them.
        let fields = Fields::of(&made, unknown);
        let (mut metrics, mut logs, mut span, mut span_events) = (Vec::new(), Vec::new(), None, Vec::new());
        let mut span_at = None;
        for entry in &event.entries {
            self.limit.apply(self.diagnostics);
            match entry {
                EventEntry::Field(_) | EventEntry::Spread(_) => {}
                EventEntry::Metric(metric) => {
                    metrics.push(self.event_metric(tree, metric, &fields));
                }
                EventEntry::Log(declared) => {
                    if logs.len() == limits::EVENT_LOGS {
                        self.too_many_logs(declared, &made.name);
                    }
                    if logs.len() <= limits::EVENT_LOGS {
                        logs.push(self.log(tree, declared, &fields));
                    }
                }
                EventEntry::Span(declared) => {
                    self.only_one_span(declared.place, &mut span_at, &made.name);
                    let lowered = self.span(tree, declared, &fields);
                    span.get_or_insert(lowered);
                }
                EventEntry::SpanEvent(declared) => {
                    span_events.push(self.span_event(tree, declared, &fields));
                }
            }
        }
        made = Event { metrics, logs, span, span_events, ..made };
        self.every(event, &made);
        // A field that is called `log`, and whose type is none, was meant to be one.
        let meant = |field: &Field| match field.value {
            Leaf::Unknown(reported) if signal_form(&field.name).is_some() => Some(reported),
            _ => None,
        };
        let silent = made.metrics.is_empty()
            && made.logs.is_empty()
            && made.span.is_none()
            && made.span_events.is_empty();
        if silent && let Some(reported) = made.fields.iter().find_map(meant) {
            made.span = Some(unknown_span(made.node, reported));
        } else if silent {
            let message = format!("the event `{}` goes out on no signal", event.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Empty, event.name.place, message)
                    .about(made.full_name())
                    .help("say what it becomes: `metric NAME: counter`, `log NAME: info` or `span \"NAME\"`"),
            );
        }
        self.contract.events.push(made);
    }

    fn drop_invalid(&mut self, options: &Options<'_>) -> bool {
        let Some(value) = options.value("invalid") else { return false };
        let drop = matches!(&value.value, Expression::Key(word) if word == "drop");
        if !drop {
            let help = "without it what doesn't fit is left out and counted";
            self.diagnostics.push(wrong_kind("invalid", value.place, "`drop`").help(help));
        }
        drop
    }

    /// What a processor sets on every span is said of a program's spans, and by itself.
    fn every(&mut self, event: &slo_grammar::Event, made: &Event) {
        let every = event.entries.iter().find_map(|entry| match entry {
            EventEntry::Span(span) if span.every => Some(span.place),
            _ => None,
        });
        let Some(every) = every else { return };
        let others = made.metrics.len() + made.logs.len() + made.span_events.len();
        let (message, help) = if !made.external {
            (
                "`span every` is what a processor of the program sets, and slo makes none",
                format!("describe it: `event {}: external`", made.name),
            )
        } else if others > 0 {
            (
                "`span every` is no occurrence, and stands in an event by itself",
                "make an event of the other signals".to_owned(),
            )
        } else {
            return;
        };
        self.diagnostics.push(
            Diagnostic::new(Code::Misplaced, every, message)
                .about(made.full_name())
                .about("every")
                .help(help),
        );
    }

    fn too_many_logs(&mut self, log: &slo_grammar::Log, event: &str) {
        let message = format!("`{event}` has more than {} logs", limits::EVENT_LOGS);
        self.diagnostics.push(
            Diagnostic::new(Code::TooLarge, log.place, message)
                .about(event)
                .help("make several events of it"),
        );
    }

    fn only_one_span(&mut self, place: Place, first: &mut Option<Place>, event: &str) {
        let Some(first) = *first else {
            *first = Some(place);
            return;
        };
        self.diagnostics.push(
            Diagnostic::new(Code::DeclaredTwice, place, format!("`{event}` has two spans"))
                .about(event)
                .and(first, "the first one")
                .help("an event opens one span, or writes onto one: keep one of them, or make it two events"),
        );
    }

    /// The event's fields, with what its groups bring; gives why some can't be known, if so.
    fn fields(&mut self, tree: usize, event: &'t slo_grammar::Event, made: &mut Event) -> Option<Reported> {
        let mut known = Known::default();
        let mut unknown = None;
        for entry in &event.entries {
            match entry {
                EventEntry::Field(field) => {
                    let lowered = self.field(tree, field);
                    self.add_field(lowered, field.name.place, &mut known, made);
                }
                EventEntry::Spread(spread) => {
                    let read = self.group_fields(&spread.name, event, &mut known, made);
                    unknown = unknown.or(read.err());
                }
                _ => {}
            }
        }
        unknown
    }

    /// The fields of a group, with those of the groups that it takes in.
    fn group_fields(
        &mut self,
        name: &slo_grammar::Name,
        event: &'t slo_grammar::Event,
        known: &mut Known,
        made: &mut Event,
    ) -> Result<(), Reported> {
        let Some(group) = self.group_once(name, name, known, event)? else { return Ok(()) };
        let mut read = Ok(());
        let mut stack = vec![(group, 0)];
        while let Some(((tree, block), next)) = stack.last_mut() {
            let (tree, block) = (*tree, *block);
            let Some(entry) = block.entries.get(*next) else {
                stack.pop();
                continue;
            };
            *next += 1;
            match entry {
                Entry::Field(field) => {
                    let lowered = self.field(tree, field);
                    self.add_field(lowered, name.place, known, made);
                }
                Entry::Spread(inner) => match self.group_once(&inner.name, name, known, event) {
                    Ok(Some(group)) => stack.push((group, 0)),
                    Ok(None) => {}
                    Err(reported) => read = Err(reported),
                },
                Entry::Key { key, .. } => {
                    let message = format!(
                        "`{}` is a resource's key, and `{}` takes fields",
                        key.value, event.name.value
                    );
                    read = Err(Diagnostic::new(Code::Misplaced, key.place, message)
                        .about(&key.value)
                        .and(name.place, "taken in here")
                        .help(format!("a field has a type: `name: {}`", spelled(&key.value)))
                        .report(self.diagnostics));
                }
            }
        }
        read
    }

    /// The group of a `...NAME` that comes in through the event's own `...NAME`, `through`; nothing
    /// where it is in already: that brings each of its fields twice, and is reported once.
    fn group_once(
        &mut self,
        name: &slo_grammar::Name,
        through: &slo_grammar::Name,
        known: &mut Known,
        event: &slo_grammar::Event,
    ) -> Result<Option<Group<'t>>, Reported> {
        let (tree, Item::Group(block)) = self.resolved.named(name.place)? else {
            return Err(Reported::elsewhere(Code::OtherKind, name.place));
        };
        let Some([first, first_name]) = known.groups.get(&block.name.place) else {
            known.groups.insert(block.name.place, [through.clone(), name.clone()]);
            return Ok(Some((tree, block)));
        };
        if known.groups_twice.insert(block.name.place) {
            let message = match first_name.place == first.place {
                true => format!("`{}` takes in the group `{}` twice", event.name.value, name.value),
                false => format!("the group `{}` comes in by `{}` already", name.value, first.value),
            };
            let mut diagnostic =
                Diagnostic::new(Code::DeclaredTwice, through.place, message).about(&block.name.value);
            if first.place != through.place {
                diagnostic = diagnostic.and(first.place, "the first time");
            }
            for inner in [first_name, name] {
                if inner.place != first.place && inner.place != through.place {
                    diagnostic = diagnostic.and(inner.place, "taken in here");
                }
            }
            self.diagnostics
                .push(diagnostic.help(format!("its fields come in once: take out one `...{}`", name.value)));
        }
        Ok(None)
    }

    fn add_field(&mut self, field: Field, place: Place, known: &mut Known, event: &mut Event) {
        if let Some(first) = known.fields.get(&field.name) {
            let message = format!("`{}` has two fields `{}`", event.name, field.name);
            self.diagnostics.push(
                Diagnostic::new(Code::DeclaredTwice, place, message)
                    .about(&field.name)
                    .and(*first, "the first one")
                    .help("take one of them out, or give it another name"),
            );
            return;
        }
        known.fields.insert(field.name.clone(), place);
        event.fields.push(field);
    }
}
