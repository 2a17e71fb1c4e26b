//! An event: its fields, and on which signal each shows under which key.

use serde::Serialize;

use crate::ir::{
    ContainerId, Contract, Event, Field, FieldId, FieldValue, Leaf, LevelWriter, Signal, When, WriterValue,
};
use crate::measure::records::Records;

use super::instrument::keys;
use super::signal::EventSignal;
use super::{Condition, Constant, HeldTo, InstrumentSheet, Place, SignalName, Values, is_false};

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventSheet {
    /// Its full name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The full name of its scope. None where no signal of it needs one, or each says its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Whether a library or another program records it.
    #[serde(skip_serializing_if = "is_false")]
    pub external: bool,
    /// Whether it goes out on no signal when a value doesn't fit. Else what doesn't fit is left out and counted.
    #[serde(skip_serializing_if = "is_false")]
    pub drop_invalid: bool,
    /// Its fields, in the order of the text.
    pub fields: Vec<FieldSheet>,
    /// Which field shows on which signal.
    pub signals: SignalGrid,
    /// The metrics that it counts in, in the order of the text.
    pub metrics: Vec<InstrumentSheet>,
    /// The log records that it becomes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<LogSheet>,
    /// The span that it becomes, or writes onto.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<SpanSheet>,
    /// The events that it writes onto a span.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub span_events: Vec<SpanEventSheet>,
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldSheet {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The key under which it shows where a list names no other. A meaning brings its own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The full name of the meaning that it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// The full name of the view by which the meaning shows: the meaning's own where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<String>,
    /// The values that it holds; none for a meaning and contexts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Values>,
    /// Whether it holds the contexts of other spans.
    #[serde(skip_serializing_if = "is_false")]
    pub contexts: bool,
    /// Whether its bound is said of what another program records: nobody keeps to it.
    #[serde(skip_serializing_if = "is_false")]
    pub unproved: bool,
    /// Whether it may be absent.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
    /// What it always is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// What it is where nobody set it: a variant's name for a meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unset: Option<Constant>,
    /// Whether its key must not be shown unless the field says so.
    #[serde(skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// Whether it says so.
    #[serde(skip_serializing_if = "is_false")]
    pub clear: bool,
}

/// Which field shows on which signal: a column per signal, a row per field, then a row per constant of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalGrid {
    /// The metrics, the log, the span, the events on a span.
    pub columns: Vec<SignalName>,
    /// The rows.
    pub rows: Vec<GridRow>,
}

/// A row of a [`SignalGrid`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GridRow {
    /// The field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The constant of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<Constant>,
    /// A cell for each column. None where nothing shows.
    pub cells: Vec<Option<GridCell>>,
}

/// A cell of a [`SignalGrid`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GridCell {
    /// The keys: several for a meaning.
    pub keys: Vec<String>,
    /// The full name of the view by which a meaning shows here, where it is another than the field's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face: Option<String>,
    /// What else the signal makes of the field: `value` of a metric, `body` of a log, `name` or `links` of a span.
    pub roles: Vec<&'static str>,
}

/// A log record that an event becomes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogSheet {
    /// Its event name; none where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The full name of its scope, where it is another than the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// What it is held to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_to: Option<HeldTo>,
    /// Whether it has no keys but the contract's.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// The fields whose meanings give it its severity and its text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// The texts that their variants give it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<VariantTextSheet>,
    /// The severity where no meaning that is present gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// The text of the severity that each record has, where the contract says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_text: Option<String>,
    /// Whether the greatest severity holds where several meanings give one.
    #[serde(skip_serializing_if = "is_false")]
    pub max: bool,
    /// Whether its records are written only where configuration asks for them.
    #[serde(skip_serializing_if = "is_false")]
    pub opt_in: bool,
    /// The body where no meaning that is present gives one, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Which records it is written for; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A text that a variant gives a log record or the status of a span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VariantTextSheet {
    /// The field that holds the meaning.
    pub field: String,
    /// The variant's name.
    pub variant: String,
    /// The severity or the status that it stands beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// The text, as the contract writes it.
    pub text: String,
}

/// The span that an event becomes, or writes onto.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpanSheet {
    /// Its name, as the contract writes it. None where it is the span that is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The full name of its scope, where it is another than the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// Whether it is no span of its own: a processor sets its attributes on every span.
    #[serde(skip_serializing_if = "is_false")]
    pub every: bool,
    /// `internal`, `server`, `client`, `producer` or `consumer`.
    pub span_kind: &'static str,
    /// What it is held to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_to: Option<HeldTo>,
    /// Whether it has no attributes but the contract's.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// The fields whose meanings give it its status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// The descriptions that their variants give its status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<VariantTextSheet>,
    /// Whether the greatest status holds where several meanings give one.
    #[serde(skip_serializing_if = "is_false")]
    pub max: bool,
    /// The field with the contexts that it links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// Which records it is written for; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// An event on a span.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpanEventSheet {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// Which records it is written for; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

impl EventSheet {
    pub(in crate::show) fn of(contract: &Contract, event: &Event) -> EventSheet {
        let places = &contract.places;
        let other = |scope: Leaf<ContainerId>| {
            let own = event.scope.as_ref().map(|scope| **scope);
            (Some(*scope) != own).then(|| contract.container(*scope).full_name())
        };
        let gives = |level: &LevelWriter, signal| {
            contract.meaning(level.face).variants.iter().any(|variant| match signal {
                Signal::Log => variant.severity.is_some(),
                Signal::Span | Signal::Metric => variant.status.is_some(),
            })
        };
        let givers = |levels: &[Leaf<LevelWriter>], signal| -> Vec<String> {
            let giving = levels.iter().filter(|level| gives(level, signal));
            giving.map(|level| event.field(level.field).name.clone()).collect()
        };
        let texts = |levels: &[Leaf<LevelWriter>], signal, when: Option<&When>| -> Vec<VariantTextSheet> {
            let records = Records::of(when);
            let variants = levels.iter().flat_map(|level| {
                let variants = contract.meaning(level.face).variants.iter();
                variants.map(move |variant| (level.field, variant))
            });
            let left = variants.filter(|(field, variant)| records.has_variant(*field, variant));
            let texts = left.filter_map(|(field, variant)| {
                Some(VariantTextSheet {
                    field: event.field(field).name.clone(),
                    variant: variant.name.clone(),
                    level: match signal {
                        Signal::Log => variant.severity.map(crate::ir::Severity::name),
                        Signal::Span | Signal::Metric => variant.status.map(crate::ir::Status::name),
                    },
                    text: variant.text(signal)?.text.written(|id| &variant.payload(id).name),
                })
            });
            texts.collect()
        };
        let condition = |when: &Option<_>| when.as_ref().map(|when| Condition::of(when, event));
        EventSheet {
            name: event.full_name(),
            place: Place::of(places, event.node),
            docs: event.docs.clone(),
            scope: event.scope.as_ref().map(|scope| contract.container(**scope).full_name()),
            external: event.external,
            drop_invalid: event.drop_invalid,
            fields: event.fields.iter().map(|field| FieldSheet::of(contract, event, field)).collect(),
            signals: grid(contract, event),
            metrics: event
                .metrics
                .iter()
                .map(|metric| InstrumentSheet::of(contract, metric, Some(event)))
                .chain(contract.running(event).map(|metric| InstrumentSheet::of(contract, metric, None)))
                .collect(),
            logs: (event.logs.iter())
                .map(|log| LogSheet {
                    name: log.name.clone(),
                    scope: other(log.scope),
                    place: Place::of(places, log.node),
                    docs: log.docs.clone(),
                    held_to: log.convention.as_ref().map(HeldTo::of),
                    closed: log.closed,
                    levels: givers(&log.levels, Signal::Log),
                    texts: texts(&log.levels, Signal::Log, log.when.as_ref()),
                    severity: log.severity.map(crate::ir::Severity::name),
                    severity_text: log.severity_text.clone(),
                    max: log.max,
                    opt_in: log.opt_in,
                    body: log.body.as_ref().map(|body| body.written(|id| &event.field(id).name)),
                    when: condition(&log.when),
                    until: log.until.clone(),
                })
                .collect(),
            span: event.span.as_ref().map(|span| SpanSheet {
                scope: span.scope.as_ref().and_then(|scope| other(*scope)),
                name: span.name.as_ref().map(|name| name.written(|id| &event.field(id).name)),
                place: Place::of(places, span.node),
                docs: span.docs.clone(),
                every: span.every,
                span_kind: span.kind.name(),
                held_to: span.convention.as_ref().map(HeldTo::of),
                closed: span.closed,
                levels: givers(&span.levels, Signal::Span),
                texts: texts(&span.levels, Signal::Span, span.when.as_ref()),
                max: span.max,
                links: span.links.map(|field| event.field(field).name.clone()),
                when: condition(&span.when),
            }),
            span_events: (event.span_events.iter())
                .map(|one| SpanEventSheet {
                    name: one.name.written(|id| &event.field(id).name),
                    place: Place::of(places, one.node),
                    docs: one.docs.clone(),
                    when: condition(&one.when),
                })
                .collect(),
        }
    }
}

impl FieldSheet {
    fn of(contract: &Contract, event: &Event, field: &Field) -> FieldSheet {
        let (meaning, face) = match &*field.value {
            FieldValue::Meaning { meaning, face } => {
                let name = |id| Some(contract.meaning(id).full_name());
                (name(*meaning), name(*face))
            }
            _ => (None, None),
        };
        FieldSheet {
            name: field.name.clone(),
            place: Place::of(&contract.places, field.node),
            docs: field.docs.clone(),
            key: field.key.clone(),
            meaning,
            face,
            values: match &*field.value {
                FieldValue::Plain(domain) => Some(domain.into()),
                _ => None,
            },
            contexts: *field.value == FieldValue::Contexts,
            unproved: event.external
                && matches!(&*field.value, FieldValue::Plain(domain) if domain.bounded.is_some()),
            optional: field.optional,
            constant: field.constant.as_ref().map(Constant::from),
            unset: field.unset.as_ref().map(Constant::from),
            sensitive: field.sensitive,
            clear: field.clear,
        }
    }
}

fn grid(contract: &Contract, event: &Event) -> SignalGrid {
    let columns = EventSignal::all(contract, event);
    let mut rows: Vec<GridRow> =
        event.fields_by_id().map(|(id, field)| row_of_field(contract, id, field, &columns)).collect();
    for (at, column) in columns.iter().enumerate() {
        for writer in column.writers {
            let WriterValue::Constant(literal) = &*writer.value else { continue };
            let constant = Constant::from(literal);
            let row = match rows.iter().position(|row| row.constant.as_ref() == Some(&constant)) {
                Some(row) => row,
                None => {
                    let cells = vec![None; columns.len()];
                    rows.push(GridRow { field: None, constant: Some(constant), cells });
                    rows.len() - 1
                }
            };
            if let Some(cell) = rows.get_mut(row).and_then(|row| row.cells.get_mut(at)) {
                cell.get_or_insert_default().keys.push(writer.key.clone());
            }
        }
    }
    SignalGrid { columns: columns.into_iter().map(|column| column.name).collect(), rows }
}

fn row_of_field(contract: &Contract, id: FieldId, field: &Field, columns: &[EventSignal<'_>]) -> GridRow {
    let own = match &*field.value {
        FieldValue::Meaning { face, .. } => Some(face),
        _ => None,
    };
    let cells = columns.iter().map(|column| {
        let mut cell = GridCell::default();
        let mut shows = false;
        for writer in column.writers.iter().filter(|writer| writer.field() == Some(id)) {
            shows = true;
            cell.keys.extend(keys(contract, writer, column.signal));
            if let WriterValue::Meaning { face, .. } = &*writer.value
                && Some(face) != own
            {
                cell.face = Some(contract.meaning(*face).full_name());
            }
        }
        let roles = column.roles.iter().filter(|(field, _)| *field == id);
        for (_, role) in roles {
            if !cell.roles.contains(role) {
                cell.roles.push(role);
            }
        }
        (shows || !cell.roles.is_empty()).then_some(cell)
    });
    GridRow { field: Some(field.name.clone()), constant: None, cells: cells.collect() }
}
