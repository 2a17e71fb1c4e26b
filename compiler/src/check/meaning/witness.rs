//! What two variants both show, as people read it.

use slo_grammar::quote;

use super::overlap::overlap;
use crate::ir::draft::{Literal, PairValue, PayloadId, Scalar, Signal, Type, Variant};
use crate::measure::map::{Reading, Space};
use crate::measure::set::Common;

/// How many pairs of a record are shown.
const PAIRS: usize = 8;

/// A record in which two variants can't be told apart, as a sentence.
pub(super) fn witness<'m>(
    [first, second]: [&'m Variant; 2],
    signal: Signal,
    reading: Reading,
    space: &mut Space<'m>,
) -> Option<String> {
    // What OTLP joins as well needs no word of Prometheus.
    let readings = match reading {
        Reading::PrometheusPoint => [Reading::Point, reading],
        other => [other; 2],
    };
    for reading in readings {
        for [inner, outer] in [[first, second], [second, first]] {
            let (inner_map, inner_payloads) = space.map(inner, signal, reading);
            let (outer_map, outer_payloads) = space.map(outer, signal, reading);
            let Some(values) = overlap(&inner_map, &outer_map, reading, space) else { continue };
            let (left, right) = values.split_at(inner_payloads.len().min(values.len()));
            let inner = Side { variant: inner, signal, payloads: &inner_payloads, values: left, space };
            let outer = Side { variant: outer, signal, payloads: &outer_payloads, values: right, space };
            let same = inner_map.cells.len() == outer_map.cells.len();
            return Some(sentence(&inner, &outer, same, reading));
        }
    }
    None
}

fn sentence(inner: &Side<'_>, outer: &Side<'_>, same: bool, reading: Reading) -> String {
    let [inner_record, outer_record] = [inner.record(), outer.record()];
    if same && (reading != Reading::PrometheusPoint || inner_record == outer_record) {
        return format!("{} and {} both show {inner_record}", inner.named(), outer.named());
    }
    let both = format!("{} shows {inner_record}, {} shows {outer_record}", inner.named(), outer.named());
    match inner.signal {
        Signal::Metric
            if inner.variant.pairs(inner.signal).len() == outer.variant.pairs(outer.signal).len() =>
        {
            format!("{both}, which Prometheus makes the same labels of")
        }
        Signal::Metric => format!("{both}, and Prometheus takes an empty label for an absent one"),
        Signal::Log | Signal::Span => format!(
            "{both}: whoever looks for `{}` finds this {} of `{}` too",
            inner.variant.name,
            if inner.signal == Signal::Log { "record" } else { "span" },
            outer.variant.name
        ),
    }
}

/// A variant with values for its payloads.
struct Side<'s> {
    variant: &'s Variant,
    signal: Signal,
    /// The payloads that have values.
    payloads: &'s [PayloadId],
    values: &'s [Option<Common>],
    space: &'s Space<'s>,
}

impl Side<'_> {
    /// The variant by its name, and by what it carries.
    fn named(&self) -> String {
        let carried: Vec<String> = self
            .payloads
            .iter()
            .filter_map(|id| {
                let name = &self.variant.payload(*id).name;
                Some(format!("`{name}` {}", self.value(*id, self.is_text(*id))?))
            })
            .collect();
        match carried.as_slice() {
            [] => format!("`{}`", self.variant.name),
            carried => format!("`{}` with {}", self.variant.name, carried.join(" and ")),
        }
    }

    /// What it shows.
    fn record(&self) -> String {
        let pairs = self.variant.pairs(self.signal);
        let shown = pairs.iter().take(PAIRS).map(|pair| {
            let value = pair.value.known().and_then(|value| self.shown(value));
            format!("{}={}", pair.key, value.as_deref().unwrap_or("…"))
        });
        let mut shown: Vec<String> = shown.collect();
        if let Some(more) = pairs.len().checked_sub(PAIRS).filter(|more| *more > 0) {
            shown.push(format!("and {more} more"));
        }
        if shown.is_empty() { "nothing".to_owned() } else { format!("`{{ {} }}`", shown.join(", ")) }
    }

    fn shown(&self, value: &PairValue) -> Option<String> {
        match value {
            PairValue::Constant(Literal::String(text)) => Some(quote(text)),
            PairValue::Constant(literal @ (Literal::Int(_) | Literal::Double(_) | Literal::Bool(_))) => {
                Some(literal.value().to_string())
            }
            PairValue::Constant(list) => Some(format!("[{}]", list.value())),
            PairValue::Payload(id) => self.value(*id, self.is_text(*id)),
            PairValue::ToString(id) => self.value(*id, true),
        }
    }

    fn value(&self, id: PayloadId, quoted: bool) -> Option<String> {
        let at = self.payloads.iter().position(|known| *known == id)?;
        let text = self.values.get(at).copied().flatten()?.shown(&self.space.texts);
        Some(if quoted { quote(&text) } else { text })
    }

    fn is_text(&self, id: PayloadId) -> bool {
        let domain = self.variant.payload(id).domain.known();
        match domain.map(|domain| &domain.value) {
            Some(Type::Scalar(scalar)) => matches!(scalar, Scalar::String | Scalar::Bytes),
            Some(Type::Timestamp(unit)) => unit == "rfc3339",
            _ => false,
        }
    }
}
