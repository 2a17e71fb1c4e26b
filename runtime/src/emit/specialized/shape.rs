//! What a contract's tables say of a field, a variant and a metric, by numbers that are known when the program is compiled.
//! All of it is asked in constants: for an event nothing of it is left to be done.

use slo_model::Literal;
use slo_model::event::TextPart;
use slo_model::event::{
    Event, Field, FieldKind, Level, Meaning, Metric, PairValue, Signal, Slot, Writer, WriterValue,
};

pub(crate) use crate::emit::shape::{is_coded, may_misfit, most, payloads, plain};

use crate::emit::labels::Plain;
use crate::emit::points::DENSE;

type Table = &'static Event<'static>;

/// The place of a field's value.
pub(crate) const fn at(table: Table, field: usize) -> usize {
    table.fields[field].at as usize
}

/// The slot of a plain field.
pub(crate) const fn slot(table: Table, field: usize) -> Option<&'static Slot<'static>> {
    match &table.fields[field].kind {
        FieldKind::Plain { slot, .. } => Some(slot),
        FieldKind::Meaning { .. } | FieldKind::Contexts => None,
    }
}

/// What a plain field is where nobody set it.
pub(crate) const fn unset(table: Table, field: usize) -> Option<&'static Literal<'static>> {
    match &table.fields[field].kind {
        FieldKind::Plain { unset: Some(unset), .. } => Some(unset),
        _ => None,
    }
}

/// The variant that a meaning is where nobody set it.
pub(crate) const fn unset_variant(table: Table, field: usize) -> Option<u16> {
    match &table.fields[field].kind {
        FieldKind::Meaning { unset, .. } => *unset,
        _ => None,
    }
}

/// The meaning in a field.
pub(crate) const fn meaning(table: Table, field: usize) -> Option<&'static Meaning<'static>> {
    match &table.fields[field].kind {
        FieldKind::Meaning { meaning, .. } => Some(meaning),
        _ => None,
    }
}

/// The attributes that a signal lists: of several logs the first.
pub(crate) const fn attributes(table: Table, signal: Signal) -> &'static [Writer<'static>] {
    match (signal, &table.span, table.logs) {
        (Signal::Span, Some(span), _) => span.attributes,
        (Signal::Log, _, [log, ..]) => log.attributes,
        _ => &[],
    }
}

/// The writer that is the so-manieth of a list to read this field.
pub(crate) const fn reader(
    writers: &'static [Writer<'static>],
    field: usize,
    mut nth: usize,
) -> Option<&'static Writer<'static>> {
    let mut index = 0;
    while index < writers.len() {
        let reads = match writers[index].value {
            WriterValue::Field(number) | WriterValue::Text(number) | WriterValue::Meaning(number, _) => {
                number as usize == field
            }
            WriterValue::Constant(_) => false,
        };
        if reads {
            if nth == 0 {
                return Some(&writers[index]);
            }
            nth -= 1;
        }
        index += 1;
    }
    None
}

/// Whether a list has a constant.
pub(crate) const fn has_constants(writers: &[Writer<'_>]) -> bool {
    let mut index = 0;
    while index < writers.len() {
        if let WriterValue::Constant(_) = writers[index].value {
            return true;
        }
        index += 1;
    }
    false
}

/// How many numbers the values of a slot have, those for what is absent and for the rest included; 0 where there is no
/// bound.
pub(crate) const fn size(slot: &Slot<'_>) -> usize {
    if let Some(bounded) = slot.bounded {
        return bounded.values as usize + 2;
    }
    match plain(slot) {
        Some((_, size)) => size as usize + slot.other.is_some() as usize,
        None => 0,
    }
}

/// Whether a metric's points are found by one number, which is worked out of their labels' numbers.
pub(crate) const fn is_dense(fields: &'static [Field<'static>], metric: &'static Metric<'static>) -> bool {
    let product = stride(fields, metric, fields.len());
    let fits = match metric.limit {
        Some(limit) => product <= limit as usize,
        None => true,
    };
    product > 0 && product <= DENSE && fits
}

/// By how much a field's number is multiplied: the product of the sizes of the fields before it. 0 where one of them has
/// no bound.
pub(crate) const fn stride(
    fields: &'static [Field<'static>],
    metric: &'static Metric<'static>,
    field: usize,
) -> usize {
    let mut product: usize = 1;
    let mut index = 0;
    while index < field {
        if reader(metric.labels, index, 0).is_some() {
            product = product.saturating_mul(match &fields[index].kind {
                FieldKind::Plain { slot, .. } => size(slot),
                FieldKind::Meaning { meaning, .. } => {
                    payload_stride(metric, index, meaning, payloads(meaning))
                }
                FieldKind::Contexts => 0,
            });
        }
        index += 1;
    }
    product
}

/// By how much, within a meaning, the number of a payload is multiplied: the number of variants, absence included, times
/// the sizes of the payloads before it that the metric shows.
pub(crate) const fn payload_stride(
    metric: &'static Metric<'static>,
    field: usize,
    meaning: &Meaning<'_>,
    payload: usize,
) -> usize {
    let mut product = meaning.variants.len() + 1;
    let mut index = 0;
    while index < payload {
        if is_payload_shown(metric, field, meaning, index) {
            product = product.saturating_mul(payload_size(meaning, index));
        }
        index += 1;
    }
    product
}

/// The most numbers that a payload of this number has, in whatever variant; 0 where one has no bound.
const fn payload_size(meaning: &Meaning<'_>, payload: usize) -> usize {
    let mut most = 1;
    let mut variant = 0;
    while variant < meaning.variants.len() {
        if payload < meaning.variants[variant].payload.len() {
            let own = size(&meaning.variants[variant].payload[payload]);
            if own == 0 {
                return 0;
            }
            if own > most {
                most = own;
            }
        }
        variant += 1;
    }
    most
}

/// Whether the payload of this number is coded in some variant: what another variant has in that place is numbered along with
/// it.
pub(crate) const fn is_payload_coded(meaning: &Meaning<'_>, payload: usize) -> bool {
    let mut variant = 0;
    while variant < meaning.variants.len() {
        if payload < meaning.variants[variant].payload.len()
            && is_coded(&meaning.variants[variant].payload[payload])
        {
            return true;
        }
        variant += 1;
    }
    false
}

/// Whether a variant shows this payload on a metric, by whatever view.
pub(crate) const fn shows_payload(
    metric: &'static Metric<'static>,
    field: usize,
    variant: usize,
    payload: usize,
) -> bool {
    let mut nth = 0;
    while let Some(writer) = reader(metric.labels, field, nth) {
        if let WriterValue::Meaning(_, face) = writer.value {
            let pairs = face.variants[variant].pairs(Signal::Metric);
            let mut index = 0;
            while index < pairs.len() {
                match pairs[index].value {
                    PairValue::Payload(number) | PairValue::Text(number) if number as usize == payload => {
                        return true;
                    }
                    _ => {}
                }
                index += 1;
            }
        }
        nth += 1;
    }
    false
}

const fn is_payload_shown(
    metric: &'static Metric<'static>,
    field: usize,
    meaning: &Meaning<'_>,
    payload: usize,
) -> bool {
    let mut variant = 0;
    while variant < meaning.variants.len() {
        if shows_payload(metric, field, variant, payload) {
            return true;
        }
        variant += 1;
    }
    false
}

/// Whether something of each event needs its values in a row: conditions, texts with holes that are not few, links, and labels
/// of metrics whose points have no number.
pub(crate) const fn needs_row(table: Table) -> bool {
    if let Some(span) = &table.span
        && (!span.when.is_empty() || span.links.is_some() || (has_hole(name(table)) && !is_name_dense(table)))
    {
        return true;
    }
    if let Some(span) = &table.span
        && gives_texts(span.levels, Signal::Span)
    {
        return true;
    }
    // What the first log needs no row for, the others do.
    if let [log, others @ ..] = table.logs
        && (!others.is_empty()
            || !log.when.is_empty()
            || has_hole(log.body)
            || gives_texts(log.levels, Signal::Log))
    {
        return true;
    }
    if !table.span_events.is_empty() {
        return true;
    }
    let mut index = 0;
    while index < table.metrics.len() {
        let metric = &table.metrics[index];
        if !metric.when.is_empty() || !is_dense(table.fields, metric) {
            return true;
        }
        index += 1;
    }
    !table.running.is_empty()
}

/// Whether a variant of these meanings gives a text on a signal.
const fn gives_texts(levels: &[Level<'_>], signal: Signal) -> bool {
    let mut index = 0;
    while index < levels.len() {
        let variants = levels[index].meaning.variants;
        let mut variant = 0;
        while variant < variants.len() {
            if !variants[variant].text(signal).is_empty() {
                return true;
            }
            variant += 1;
        }
        index += 1;
    }
    false
}

/// Whether some value may give way to what stands for the rest.
pub(crate) const fn any_coded(table: Table) -> bool {
    let mut field = 0;
    while field < table.fields.len() {
        if may_be_coded(&table.fields[field]) {
            return true;
        }
        field += 1;
    }
    false
}

/// Whether the numbers of some values are looked up: those that may give way, and texts that a list holds.
pub(crate) const fn any_looked_up(table: Table) -> bool {
    let mut field = 0;
    while field < table.fields.len() {
        if may_be_coded(&table.fields[field]) || is_listed(table, field) {
            return true;
        }
        field += 1;
    }
    false
}

/// Whether a field's values are listed.
pub(crate) const fn is_listed(table: Table, field: usize) -> bool {
    match slot(table, field) {
        Some(slot) => slot.key.members.is_some(),
        None => false,
    }
}

/// [`is_coded`] of a plain field.
pub(crate) const fn is_field_coded(table: Table, field: usize) -> bool {
    match slot(table, field) {
        Some(slot) => is_coded(slot),
        None => false,
    }
}

/// [`size`] of a plain field; 0 of another.
pub(crate) const fn field_size(table: Table, field: usize) -> usize {
    match slot(table, field) {
        Some(slot) => size(slot),
        None => 0,
    }
}

/// [`plain`] of a plain field.
pub(crate) const fn field_plain(table: Table, field: usize) -> Option<(Plain, u32)> {
    match slot(table, field) {
        Some(slot) => plain(slot),
        None => None,
    }
}

/// The parts of the span's name.
const fn name(table: Table) -> &'static [TextPart<'static>] {
    match &table.span {
        Some(span) => match span.name {
            Some(name) => name,
            None => &[],
        },
        None => &[],
    }
}

/// Whether the span's name has a hole for this field.
pub(crate) const fn is_hole(table: Table, field: usize) -> bool {
    let parts = name(table);
    let mut index = 0;
    while index < parts.len() {
        if let TextPart::Value(number) = parts[index]
            && number as usize == field
        {
            return true;
        }
        index += 1;
    }
    false
}

/// By how much the number of a field is multiplied in that of the span's name: the product of the sizes of the holes before
/// it. 0 where one of them has no bound.
pub(crate) const fn name_stride(table: Table, field: usize) -> usize {
    let mut product: usize = 1;
    let mut index = 0;
    while index < field {
        if is_hole(table, index) {
            product = product.saturating_mul(match slot(table, index) {
                Some(slot) => size(slot),
                None => 0,
            });
        }
        index += 1;
    }
    product
}

/// Whether there are so few names that each is made once.
pub(crate) const fn is_name_dense(table: Table) -> bool {
    let product = name_stride(table, table.fields.len());
    product > 0 && product <= DENSE
}

const fn has_hole(parts: &[TextPart<'_>]) -> bool {
    let mut index = 0;
    while index < parts.len() {
        if let TextPart::Value(_) = parts[index] {
            return true;
        }
        index += 1;
    }
    false
}

const fn may_be_coded(field: &Field<'_>) -> bool {
    match &field.kind {
        FieldKind::Plain { slot, .. } => is_coded(slot),
        FieldKind::Meaning { meaning, .. } => {
            let mut variant = 0;
            while variant < meaning.variants.len() {
                let mut payload = 0;
                while payload < meaning.variants[variant].payload.len() {
                    if is_coded(&meaning.variants[variant].payload[payload]) {
                        return true;
                    }
                    payload += 1;
                }
                variant += 1;
            }
            false
        }
        FieldKind::Contexts => false,
    }
}
