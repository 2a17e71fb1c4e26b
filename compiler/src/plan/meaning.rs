//! Meanings and views.

use slo_model::event as tables;
use slo_model::event::{Lossy, Pair, PairValue, Shown, Signal, Slot, Status};

use super::convert::number;
use super::planner::Planner;
use super::signal::severity;
use super::{Meaning, Variant};
use crate::ir::{self, MeaningId};

impl<'p> Planner<'p> {
    pub(super) fn meaning(&self, id: MeaningId, meaning: &'p ir::Meaning) -> Meaning<'p> {
        let variants = meaning.variants.iter().map(|variant| {
            let said = |one: &'p ir::Payload| {
                self.said(meaning.node, one.node, self.docs_of(&one.key), Some(&one.domain.value))
            };
            let payload = variant.payload.iter().map(said).collect();
            Variant { node: variant.node, docs: &variant.description, payload }
        });
        Meaning {
            table: self.meaning_table(id),
            docs: &meaning.docs,
            node: meaning.node,
            view_of: meaning.view.as_ref().map(|view| self.meaning_table(view.of).name),
            variants: variants.collect(),
        }
    }

    pub(super) fn table_of_meaning(&self, meaning: &'p ir::Meaning) -> tables::Meaning<'p> {
        let lossy = meaning.lossy.iter().map(|lossy| {
            let number = |name: &String| meaning.variants.iter().position(|variant| variant.name == *name);
            let signal = match lossy.signal {
                ir::Signal::Metric => Signal::Metric,
                ir::Signal::Log => Signal::Log,
                ir::Signal::Span => Signal::Span,
            };
            Lossy { signal, variants: self.arena.numbers(lossy.variants.iter().filter_map(number)) }
        });
        tables::Meaning {
            name: self.arena.text(meaning.full_name()),
            variants: self.arena.list(meaning.variants.iter().map(|variant| self.variant(variant)).collect()),
            lossy: self.arena.list(lossy.collect()),
            until: meaning.view.as_ref().and_then(|view| view.until.as_deref()),
        }
    }

    fn variant(&self, variant: &'p ir::Variant) -> tables::Variant<'p> {
        let shown = |projection: Option<&'p ir::Projection>| match projection.map(|shown| &shown.shown) {
            None => Shown::Unsaid,
            Some(ir::Shown::None) => Shown::None,
            Some(ir::Shown::Pairs(pairs)) => {
                Shown::Pairs(self.arena.list(pairs.iter().map(|one| self.pair(one)).collect()))
            }
        };
        tables::Variant {
            name: &variant.name,
            payload: self.arena.list(variant.payload.iter().map(|payload| self.payload(payload)).collect()),
            metric: shown(variant.metric.as_ref()),
            log: shown(variant.log.as_ref()),
            span: shown(variant.span.as_ref()),
            severity: variant.severity.map(severity),
            body: self.payload_parts(variant.body.as_ref()),
            status_description: self.payload_parts(variant.status_description.as_ref()),
            status: variant.status.map(|status| match status {
                ir::Status::Unset => Status::Unset,
                ir::Status::Ok => Status::Ok,
                ir::Status::Error => Status::Error,
            }),
        }
    }

    fn payload(&self, payload: &'p ir::Payload) -> Slot<'p> {
        self.arena.slot(&payload.name, &self.attributes.of_payload(payload), self.place(payload.node))
    }

    fn pair(&self, pair: &'p ir::Pair) -> Pair<'p> {
        let value = match &*pair.value {
            ir::PairValue::Constant(literal) => PairValue::Constant(self.arena.literal(literal)),
            ir::PairValue::Payload(id) => PairValue::Payload(number(id.index())),
            ir::PairValue::ToString(id) => PairValue::Text(number(id.index())),
        };
        Pair { key: &pair.key, value }
    }
}

/// The most payloads that a variant of a meaning has.
pub(super) fn payloads(meaning: &tables::Meaning<'_>) -> usize {
    meaning.variants.iter().map(|variant| variant.payload.len()).max().unwrap_or(0)
}
