//! Whether what a contract refers to is there: one that was read from JSON may say anything.

use super::{
    ContainerId, ContainerKind, Contract, Event, FieldId, FieldValue, Instrument, LevelWriter, MeaningId,
    Pair, Signal, SignalWriter, Text, When, WriterValue,
};

/// Whether every id in a contract is that of something.
pub(super) fn hold(contract: &Contract) -> bool {
    let is_meaning = |id: MeaningId| id.index() < contract.meanings.len();
    let meanings = contract.meanings.iter().all(|meaning| {
        let of = meaning.view.as_ref().is_none_or(|view| is_meaning(view.of));
        let variants = meaning.variants.iter().all(|variant| {
            let pairs = Signal::ALL.into_iter().flat_map(|signal| variant.pairs(signal));
            let texts = Signal::ALL.into_iter().filter_map(|signal| variant.text(signal));
            let of_texts = texts.flat_map(|text| text.text.values());
            let mut payloads = pairs.filter_map(Pair::payload).chain(of_texts);
            payloads.all(|id| id.index() < variant.payload.len())
        });
        of && variants
    });
    let of = |id: ContainerId| {
        contract.containers.get(id.index()).is_some_and(|of| of.kind == ContainerKind::Resource)
    };
    let containers = contract.containers.iter().all(|container| container.of.is_none_or(of));
    let events = contract.events.iter().all(|event| {
        let fields = event.fields.iter().all(|field| match &*field.value {
            FieldValue::Meaning { meaning, face } => is_meaning(*meaning) && is_meaning(*face),
            _ => true,
        });
        let scope = match &event.scope {
            Some(scope) => scope.index() < contract.containers.len(),
            None => event.external,
        };
        fields && scope && signals(contract, event)
    });
    let instruments = contract.instruments.iter().all(|metric| {
        metric.during.is_none_or(|id| id.index() < contract.events.len())
            && instrument(contract, metric.during.map(|id| contract.event(id)), metric)
    });
    containers && meanings && events && instruments
}

fn signals(contract: &Contract, event: &Event) -> bool {
    let is_scope = |scope: super::ContainerId| scope.index() < contract.containers.len();
    let levels = |levels: &[super::Leaf<LevelWriter>]| {
        let holds = |one: &LevelWriter| {
            is_field(Some(event), one.field) && one.face.index() < contract.meanings.len()
        };
        levels.iter().all(|one| holds(one))
    };
    let logs = event.logs.iter().all(|log| {
        is_scope(*log.scope)
            && levels(&log.levels)
            && record(contract, Some(event), &log.writers, log.when.as_ref())
            && text(event, log.body.as_ref())
    });
    let span = event.span.as_ref().is_none_or(|span| {
        span.scope.as_ref().map_or(span.name.is_none(), |scope| is_scope(**scope))
            && levels(&span.levels)
            && record(contract, Some(event), &span.writers, span.when.as_ref())
            && text(event, span.name.as_ref())
            && span.links.is_none_or(|field| is_field(Some(event), field))
    });
    let mut span_events = event.span_events.iter();
    let span_events = span_events.all(|one| {
        record(contract, Some(event), &one.writers, one.when.as_ref()) && text(event, Some(&one.name))
    });
    logs && span
        && span_events
        && event.metrics.iter().all(|metric| instrument(contract, Some(event), metric))
}

fn instrument(contract: &Contract, event: Option<&Event>, metric: &Instrument) -> bool {
    metric.scope.index() < contract.containers.len()
        && metric.value.is_none_or(|field| is_field(event, field))
        && record(contract, event, &metric.writers, metric.when.as_ref())
}

fn record(contract: &Contract, event: Option<&Event>, writers: &[SignalWriter], when: Option<&When>) -> bool {
    let tests = when.into_iter().flat_map(When::tests).all(|test| is_field(event, test.field));
    let writers = writers.iter().all(|writer| match &*writer.value {
        WriterValue::Field(field) | WriterValue::ToString(field) => is_field(event, *field),
        WriterValue::Meaning { field, face } => {
            is_field(event, *field) && face.index() < contract.meanings.len()
        }
        WriterValue::Constant(_) | WriterValue::Observed(_) => true,
    });
    tests && writers
}

fn text(event: &Event, text: Option<&Text>) -> bool {
    text.is_none_or(|text| text.values().all(|field| is_field(Some(event), field)))
}

fn is_field(event: Option<&Event>, field: FieldId) -> bool {
    event.is_some_and(|event| field.index() < event.fields.len())
}
