//! A meaning or a view: a row per variant, a column per signal.

use std::fmt;

use serde::Serialize;

use crate::ir::{
    Contract, Event, FieldValue, Meaning, MeaningId, Pair, PairValue, PayloadId, Shown, Signal, Variant,
    WriterValue,
};

use super::signal::EventSignal;
use super::{Constant, Place, SignalName, Values, is_false};

/// A meaning, or a view of one. A view is whole: what it inherits stands in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeaningSheet {
    /// Its full name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The full name of the meaning that it is a view of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view_of: Option<String>,
    /// The day on which the view goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Its variants, in the order of the text.
    pub variants: Vec<VariantSheet>,
    /// What is merged on purpose.
    pub lossy: Vec<LossySheet>,
    /// The views of the meaning; of a view, the others.
    pub views: Vec<ViewOfMeaning>,
    /// The fields of events that hold the meaning; of a view, where they show by it.
    pub used_by: Vec<UseOfMeaning>,
}

/// One of the things that a meaning may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantSheet {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Option<Place>,
    /// What it means.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// What it carries.
    pub payload: Vec<PayloadSheet>,
    /// How it shows on a metric. None where the contract doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<ProjectionSheet>,
    /// How it shows on a log record. None where the contract doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<ProjectionSheet>,
    /// How it shows on a span. None where the contract doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<ProjectionSheet>,
    /// The severity that it gives a log record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// The body that it gives a log record with its severity, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The status that it gives a span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The description that it gives a span with its status, as the contract writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_description: Option<String>,
}

impl VariantSheet {
    /// How it shows on a signal.
    #[must_use]
    pub const fn projection(&self, signal: Signal) -> Option<&ProjectionSheet> {
        match signal {
            Signal::Metric => self.metric.as_ref(),
            Signal::Log => self.log.as_ref(),
            Signal::Span => self.span.as_ref(),
        }
    }

    /// The severity or the status that it gives a signal.
    #[must_use]
    pub const fn word(&self, signal: Signal) -> Option<&'static str> {
        match signal {
            Signal::Metric => None,
            Signal::Log => self.severity,
            Signal::Span => self.status,
        }
    }

    /// The text that it gives a signal's record.
    #[must_use]
    pub fn text(&self, signal: Signal) -> Option<&str> {
        match signal {
            Signal::Metric => None,
            Signal::Log => self.body.as_deref(),
            Signal::Span => self.status_description.as_deref(),
        }
    }
}

/// A value that a variant carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PayloadSheet {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Values,
    /// Whether its key must not be shown unless the payload says so.
    #[serde(skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// Whether it says so.
    #[serde(skip_serializing_if = "is_false")]
    pub clear: bool,
}

/// How a variant shows on a signal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectionSheet {
    /// Nothing, by `none`.
    None,
    /// These keys; the list may be empty.
    Pairs(Vec<PairSheet>),
}

/// A key with the value that a variant writes there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairSheet {
    /// The key.
    pub key: String,
    /// Whether the key is local to this signal of this meaning.
    #[serde(skip_serializing_if = "is_false")]
    pub local: bool,
    /// The value.
    pub value: PairSource,
}

/// The value of a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairSource {
    /// Always this.
    Constant(Constant),
    /// What the variant carries under this name.
    Payload(String),
    /// What the variant carries under this name, as text.
    ToString(String),
}

impl PairSheet {
    pub(in crate::show) fn of(variant: &Variant, pair: &Pair) -> PairSheet {
        let carried = |id: &PayloadId| variant.payload(*id).name.clone();
        PairSheet {
            key: pair.key.clone(),
            local: pair.local,
            value: match &*pair.value {
                PairValue::Constant(literal) => PairSource::Constant(literal.into()),
                PairValue::Payload(id) => PairSource::Payload(carried(id)),
                PairValue::ToString(id) => PairSource::ToString(carried(id)),
            },
        }
    }
}

/// Shows the value as people draw it: `"timeout"`, `code`, `to_string(code)`.
impl fmt::Display for PairSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PairSource::Constant(constant) => constant.fmt(formatter),
            PairSource::Payload(name) => formatter.write_str(name),
            PairSource::ToString(name) => write!(formatter, "to_string({name})"),
        }
    }
}

/// Shows the pair as people draw it: `status="timeout"`.
impl fmt::Display for PairSheet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}", self.key, self.value)
    }
}

/// Variants that are merged on purpose on a signal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LossySheet {
    /// `metric`, `log` or `span`.
    pub signal: &'static str,
    /// The names of the variants.
    pub variants: Vec<String>,
    /// Why.
    pub reason: String,
    /// Whether it was taken over from another meaning.
    #[serde(skip_serializing_if = "is_false")]
    pub inherited: bool,
    /// Where the contract says so.
    pub place: Option<Place>,
}

/// A view of a meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ViewOfMeaning {
    /// Its full name.
    pub name: String,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Where it is declared.
    pub place: Option<Place>,
}

/// A field of an event that holds a meaning, and where it shows by one of the meaning's views or by the meaning
/// itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UseOfMeaning {
    /// The full name of the event.
    pub event: String,
    /// The field.
    pub field: String,
    /// Whether the field may be absent.
    #[serde(skip_serializing_if = "is_false")]
    pub optional: bool,
    /// The full name of the view, or of the meaning.
    pub face: String,
    /// The signals on which the field shows by it.
    pub signals: Vec<SignalName>,
    /// Where the field is declared.
    pub place: Option<Place>,
}

impl MeaningSheet {
    pub(in crate::show) fn of(contract: &Contract, meaning: &Meaning) -> MeaningSheet {
        let name = meaning.full_name();
        let places = &contract.places;
        let is_meant = |other: &Meaning| {
            meaning
                .view
                .as_ref()
                .map_or(other.node == meaning.node, |view| contract.meaning(view.of).node == other.node)
        };
        let views = contract.meanings.iter().filter_map(|other| {
            let view = other.view.as_ref().filter(|view| is_meant(contract.meaning(view.of)))?;
            let (name, until) = (other.full_name(), view.until.clone());
            Some(ViewOfMeaning { name, until, place: Place::of(places, other.node) })
        });
        let lossy = meaning.lossy.iter().map(|lossy| LossySheet {
            signal: lossy.signal.name(),
            variants: lossy.variants.clone(),
            reason: lossy.reason.clone(),
            inherited: lossy.inherited,
            place: Place::of(places, lossy.node),
        });
        let mut used_by: Vec<UseOfMeaning> =
            contract.events.iter().flat_map(|event| uses(contract, event, &is_meant)).collect();
        if meaning.view.is_some() {
            used_by.retain(|usage| usage.face == name);
        }
        MeaningSheet {
            place: Place::of(places, meaning.node),
            docs: meaning.docs.clone(),
            view_of: meaning.view.as_ref().map(|view| contract.meaning(view.of).full_name()),
            until: meaning.view.as_ref().and_then(|view| view.until.clone()),
            variants: meaning.variants.iter().map(|variant| VariantSheet::of(contract, variant)).collect(),
            lossy: lossy.collect(),
            views: views.filter(|view| view.name != name).collect(),
            used_by,
            name,
        }
    }
}

impl VariantSheet {
    fn of(contract: &Contract, variant: &Variant) -> VariantSheet {
        let projection = |signal| {
            variant.projection(signal).map(|projection| match &projection.shown {
                Shown::None => ProjectionSheet::None,
                Shown::Pairs(pairs) => {
                    ProjectionSheet::Pairs(pairs.iter().map(|pair| PairSheet::of(variant, pair)).collect())
                }
            })
        };
        let payload = variant.payload.iter().map(|payload| PayloadSheet {
            name: payload.name.clone(),
            values: Values::from(&*payload.domain),
            sensitive: payload.sensitive,
            clear: payload.clear,
        });
        let text = |signal| {
            let text = variant.text(signal)?;
            Some(text.text.written(|id| &variant.payload(id).name))
        };
        VariantSheet {
            name: variant.name.clone(),
            place: Place::of(&contract.places, variant.node),
            description: variant.description.clone(),
            until: variant.until.clone(),
            payload: payload.collect(),
            metric: projection(Signal::Metric),
            log: projection(Signal::Log),
            span: projection(Signal::Span),
            severity: variant.severity.map(crate::ir::Severity::name),
            body: text(Signal::Log),
            status: variant.status.map(crate::ir::Status::name),
            status_description: text(Signal::Span),
        }
    }
}

/// The fields of an event that hold a meaning: for each its own face, then every other by which a signal shows it.
fn uses(contract: &Contract, event: &Event, is_meant: &dyn Fn(&Meaning) -> bool) -> Vec<UseOfMeaning> {
    let signals = EventSignal::all(contract, event);
    let mut uses = Vec::new();
    for (id, field) in event.fields_by_id() {
        let FieldValue::Meaning { meaning, face: own } = &*field.value else { continue };
        if !is_meant(contract.meaning(*meaning)) {
            continue;
        }
        let mut faces: Vec<(MeaningId, Vec<SignalName>)> = vec![(*own, Vec::new())];
        for signal in &signals {
            for writer in signal.writers {
                let WriterValue::Meaning { field: written, face } = &*writer.value else { continue };
                if *written != id {
                    continue;
                }
                match faces.iter_mut().find(|(known, _)| known == face) {
                    Some((_, signals)) => signals.push(signal.name.clone()),
                    None => faces.push((*face, vec![signal.name.clone()])),
                }
            }
        }
        uses.extend(faces.into_iter().map(|(face, signals)| UseOfMeaning {
            event: event.full_name(),
            field: field.name.clone(),
            optional: field.optional,
            face: contract.meaning(face).full_name(),
            signals,
            place: Place::of(&contract.places, field.node),
        }));
    }
    uses
}
