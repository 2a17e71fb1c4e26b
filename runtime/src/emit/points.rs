//! The points of a metric: one for each tuple of labels, within the metric's limit.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use slo_model::event::{
    Event, Field, FieldKind, Meaning, Metric, PairValue, Signal, Slot, TextPart, WriterValue,
};

use super::attributes::{constant, pair, text_of, value};
use super::exemplars::{Exemplars, Reservoir, Under};
use super::instrument::{Instrument, Number};
use super::labels::{Code, Coders, Plain, shown_by};
use super::seen::{Made, Seen};
use super::shape::{payloads, plain};
use crate::event::FieldValue;
use crate::event::OVERFLOW;

/// How many labels' numbers stand on the stack.
const FEW: usize = 16;

/// A metric with its instrument and its points.
#[derive(Debug)]
pub(crate) struct Points {
    pub(crate) metric: &'static Metric<'static>,
    instrument: Instrument,
    points: Store,
    overflow: OnceLock<Arc<Point>>,
    /// Where measurements under sampled spans are kept, with the scope's name.
    exemplars: Option<(Arc<Exemplars>, String)>,
}

/// A point of a metric: bound to its attributes, or with them at hand.
#[derive(Debug)]
pub(crate) struct Point {
    #[cfg(not(feature = "bound-instruments"))]
    attributes: Box<[KeyValue]>,
    #[cfg(feature = "bound-instruments")]
    bound: super::instrument::Bound,
    exemplars: Option<Arc<Reservoir>>,
}

/// What tells points apart, a number each.
#[derive(Debug)]
pub(crate) struct Word {
    at: usize,
    kind: WordKind,
    /// For a payload: where its variant's number stands, and which variants show it.
    shown_by: Option<(usize, Box<[bool]>)>,
}

#[derive(Debug)]
enum WordKind {
    /// The variant whose number stands in the place: variants that show the same constants have one number.
    Variant(Box<[u32]>),
    /// The value's own number.
    Plain(Plain, &'static Slot<'static>),
    /// The own number of what a variant carries, by the variant.
    PlainPayload(Box<[Option<(Plain, &'static Slot<'static>)>]>),
    /// The number that was looked up, of so many.
    Coded(u32),
    /// The number among those that this metric has seen.
    Own(Box<Own>),
}

/// Values without a bound, numbered within the metric's limit: where there is no room for another, there is none for
/// another point either.
#[derive(Debug)]
struct Own {
    texts: Seen<Arc<str>, u32>,
    ints: Seen<i64, u32>,
}

#[derive(Debug)]
enum Store {
    /// Every point there can be, by its number.
    Dense(Dense<Arc<Point>>),
    Sparse(Sparse),
}

/// The points that were seen; with a limit, the distinct attributes too, since two tuples of numbers may show the same where
/// variants with payloads are merged.
#[derive(Debug)]
struct Sparse {
    words: Box<[Word]>,
    points: Seen<Box<[u32]>, Arc<Point>>,
    distinct: Option<Mutex<HashSet<Box<[KeyValue]>>>>,
}

/// Where a measurement went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Went {
    ToPoint,
    /// To the point for what is beyond the limit.
    ToOverflow,
    /// Nowhere: a label's value does not fit, and nothing stands for it.
    Nowhere,
}

impl Point {
    #[cold]
    fn offer(&self, number: Number, under: &Under<'_>) {
        if let Some(exemplars) = &self.exemplars {
            exemplars.offer(number, under);
        }
    }
}

impl Points {
    pub(crate) fn new(
        meter: &Meter,
        fields: &'static [Field<'static>],
        metric: &'static Metric<'static>,
        coders: &Coders,
        numbered: Option<usize>,
        exemplars: Option<(Arc<Exemplars>, String)>,
    ) -> Points {
        let limit = metric.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let dense = match numbered {
            Some(count) => Some(Dense::numbered(count)),
            None => Dense::of(words(fields, metric, coders, limit), limit),
        };
        let points = match dense {
            Some(dense) => Store::Dense(dense),
            None => Store::Sparse(Sparse {
                words: words(fields, metric, coders, limit).into(),
                points: Seen::new(limit.unwrap_or(usize::MAX)),
                distinct: limit.map(|_| Mutex::default()),
            }),
        };
        let instrument = Instrument::new(meter, metric);
        Points { metric, instrument, points, overflow: OnceLock::new(), exemplars }
    }

    /// The place of the point of a number, for an event that knows the numbers of its points.
    #[inline]
    pub(crate) fn at(&self, number: usize) -> Option<&OnceLock<Arc<Point>>> {
        match &self.points {
            Store::Dense(points) => points.at(number),
            Store::Sparse(_) => None,
        }
    }

    /// Hands the point of an event to `measure`.
    #[inline]
    pub(crate) fn find(
        &self,
        fields: &'static [Field<'static>],
        coders: &Coders,
        values: &[FieldValue<'_>],
        codes: &[Code],
        measure: impl Fn(&Arc<Point>),
    ) -> Went {
        let dense = match &self.points {
            Store::Dense(dense) => dense,
            Store::Sparse(sparse) => {
                let make = || attributes(fields, self.metric, coders, values, codes);
                return self.find_seen(sparse, values, codes, make, measure);
            }
        };
        let Ok(place) = dense.place(values, codes) else { return Went::Nowhere };
        let point = match place.get() {
            Some(point) => point,
            None => place.get_or_init(|| self.point(attributes(fields, self.metric, coders, values, codes))),
        };
        measure(point);
        Went::ToPoint
    }

    /// The same for a metric whose points are those that were seen.
    fn find_seen(
        &self,
        Sparse { words, points, distinct }: &Sparse,
        values: &[FieldValue<'_>],
        codes: &[Code],
        make: impl Fn() -> Box<[KeyValue]>,
        measure: impl Fn(&Arc<Point>),
    ) -> Went {
        let (mut few, mut many);
        let numbers: &mut [u32] = if words.len() <= FEW {
            few = [0; FEW];
            few.get_mut(..words.len()).unwrap_or_default()
        } else {
            many = vec![0; words.len()];
            &mut many
        };
        for (word, number) in words.iter().zip(&mut *numbers) {
            match word.number(values, codes) {
                Ok(found) => *number = found,
                Err(Nothing::Fits) => return Went::Nowhere,
                Err(Nothing::Left) => return self.overflow(measure),
            }
        }
        let add = |_| {
            let attributes = make();
            let new = distinct.as_ref().is_none_or(|distinct| {
                let mut distinct = distinct.lock().unwrap_or_else(PoisonError::into_inner);
                distinct.insert(attributes.clone())
            });
            let (key, point) = (Box::from(&*numbers), self.point(attributes));
            if new { Made::New(key, point) } else { Made::Alias(key, point) }
        };
        match points.get_or_add(&*numbers, add, &measure) {
            Some(()) => Went::ToPoint,
            None => self.overflow(measure),
        }
    }

    /// Measures a number for a point, under a span where exemplars are kept of what is measured under it.
    #[inline]
    pub(crate) fn measure(&self, point: &Point, number: Number, under: Option<&Under<'_>>) {
        if let Some(under) = under {
            point.offer(number, under);
        }
        #[cfg(feature = "bound-instruments")]
        {
            let _ = &self.instrument;
            point.bound.measure(number);
        }
        #[cfg(not(feature = "bound-instruments"))]
        self.instrument.measure(number, &point.attributes);
    }

    fn overflow(&self, measure: impl Fn(&Arc<Point>)) -> Went {
        measure(self.overflow.get_or_init(|| self.point(Box::new([KeyValue::new(OVERFLOW, true)]))));
        Went::ToOverflow
    }

    /// A point is bound when it is first measured, never ahead: a point that is only bound is exported as 0.
    pub(crate) fn point(&self, attributes: Box<[KeyValue]>) -> Arc<Point> {
        Arc::new(Point {
            exemplars: self
                .exemplars
                .as_ref()
                .map(|(exemplars, scope)| exemplars.add(scope, self.metric, &attributes)),
            #[cfg(feature = "bound-instruments")]
            bound: self.instrument.bind(&attributes),
            #[cfg(not(feature = "bound-instruments"))]
            attributes,
        })
    }
}

/// The labels of a point.
pub(crate) fn attributes(
    fields: &'static [Field<'static>],
    metric: &'static Metric<'static>,
    coders: &Coders,
    values: &[FieldValue<'_>],
    codes: &[Code],
) -> Box<[KeyValue]> {
    // What a place shows: its own value, or what stands for the rest.
    let rest = |at: usize| match codes.get(at) {
        Some(code) if code.is_rest() => coders.rest(at, values),
        _ => None,
    };
    let mut labels = Vec::new();
    for writer in metric.labels {
        match &writer.value {
            WriterValue::Constant(literal) => labels.push(pair(writer.key, constant(literal))),
            WriterValue::Field(number) | WriterValue::Text(number) => {
                let Some(field) = fields.get(usize::from(*number)) else { continue };
                let FieldKind::Plain { slot, .. } = &field.kind else { continue };
                let at = usize::from(field.at);
                let as_text = matches!(writer.value, WriterValue::Text(_));
                let shown = match rest(at) {
                    Some(literal) if as_text => Some(slo_model::Value::from(literal).to_string().into()),
                    Some(literal) => Some(constant(&literal)),
                    None if as_text => {
                        values.get(at).and_then(|held| text_of(slot, held)).map(opentelemetry::Value::String)
                    }
                    None => values.get(at).and_then(|held| value(slot, held)),
                };
                labels.extend(shown.map(|shown| pair(writer.key, shown)));
            }
            WriterValue::Meaning(number, face) => {
                let Some(field) = fields.get(usize::from(*number)) else { continue };
                let at = usize::from(field.at);
                let Some(FieldValue::Variant(variant)) = values.get(at) else { continue };
                let Some(variant) = face.variants.get(usize::from(*variant)) else { continue };
                for own in variant.pairs(Signal::Metric) {
                    let carried = |number: u16| {
                        let place = at + 1 + usize::from(number);
                        Some((variant.payload.get(usize::from(number))?, values.get(place)?, rest(place)))
                    };
                    let shown = match &own.value {
                        PairValue::Constant(literal) => Some(constant(literal)),
                        PairValue::Payload(number) => {
                            carried(*number).and_then(|(slot, held, rest)| match rest {
                                Some(literal) => Some(constant(&literal)),
                                None => value(slot, held),
                            })
                        }
                        PairValue::Text(number) => {
                            carried(*number).and_then(|(slot, held, rest)| match rest {
                                Some(literal) => Some(opentelemetry::Value::String(
                                    slo_model::Value::from(literal).to_string().into(),
                                )),
                                None => text_of(slot, held).map(opentelemetry::Value::String),
                            })
                        }
                    };
                    labels.extend(shown.map(|shown| pair(own.key, shown)));
                }
            }
        }
    }
    labels.into()
}

/// Up to so many places are found by a number.
pub(crate) const DENSE: usize = 4_096;

/// A place for each tuple of values, where these are few: by the number that their words make together.
#[derive(Debug)]
pub(crate) struct Dense<T> {
    /// The words, each with what its number is multiplied by.
    words: Box<[(Word, usize)]>,
    places: Box<[OnceLock<T>]>,
}

impl<T> Dense<T> {
    /// None where the tuples are more than `limit` or than may have a place each.
    pub(crate) fn of(words: Vec<Word>, limit: Option<usize>) -> Option<Dense<T>> {
        let mut product: usize = 1;
        let mut multiplied = Vec::with_capacity(words.len());
        for word in words {
            let stride = product;
            product = product.checked_mul(word.size()?)?;
            multiplied.push((word, stride));
        }
        let most = limit.map_or(DENSE, |limit| limit.min(DENSE));
        (product <= most).then(|| Dense {
            words: multiplied.into(),
            places: (0..product).map(|_| OnceLock::new()).collect(),
        })
    }

    /// So many places, for an event that knows their numbers.
    pub(crate) fn numbered(count: usize) -> Dense<T> {
        Dense { words: Box::default(), places: (0..count).map(|_| OnceLock::new()).collect() }
    }

    /// The place of a number.
    #[inline]
    pub(crate) fn at(&self, number: usize) -> Option<&OnceLock<T>> {
        self.places.get(number)
    }

    /// The place of these values.
    #[inline]
    pub(crate) fn place(&self, values: &[FieldValue<'_>], codes: &[Code]) -> Result<&OnceLock<T>, Nothing> {
        let mut number = 0;
        for (word, stride) in &self.words {
            // Most are of these two kinds.
            let own = match (&word.kind, values.get(word.at)) {
                (WordKind::Variant(numbers), Some(FieldValue::Variant(variant))) => {
                    numbers.get(usize::from(*variant)).copied().ok_or(Nothing::Fits)?
                }
                (WordKind::Plain(Plain::Members, _), Some(FieldValue::Member(member))) => {
                    u32::from(*member) + 1
                }
                _ => word.number(values, codes)?,
            };
            number += own as usize * stride;
        }
        self.places.get(number).ok_or(Nothing::Left)
    }
}

/// Why a label has no number.
pub(crate) enum Nothing {
    /// Its value does not fit, and nothing stands for it.
    Fits,
    /// There is no room for another.
    Left,
}

impl Word {
    /// How many numbers there are, the one for what is absent included; none where there is no bound.
    fn size(&self) -> Option<usize> {
        let size = |slot: &Slot<'static>| plain(slot).map(|(_, size)| size);
        let size = match &self.kind {
            WordKind::Variant(numbers) => numbers.iter().max().map_or(1, |most| most.saturating_add(1)),
            WordKind::Plain(_, slot) => size(slot)?,
            WordKind::PlainPayload(by_variant) => {
                by_variant.iter().flatten().filter_map(|(_, slot)| size(slot)).max().unwrap_or(1)
            }
            WordKind::Coded(size) => *size,
            WordKind::Own(_) => return None,
        };
        Some(size as usize)
    }

    #[inline]
    fn number(&self, values: &[FieldValue<'_>], codes: &[Code]) -> Result<u32, Nothing> {
        if let Some((variant_at, shown_by)) = &self.shown_by {
            let Some(FieldValue::Variant(variant)) = values.get(*variant_at) else { return Ok(0) };
            if shown_by.get(usize::from(*variant)) != Some(&true) {
                return Ok(0);
            }
        }
        let value = values.get(self.at).unwrap_or(&FieldValue::Absent);
        let code = match &self.kind {
            WordKind::Variant(numbers) => {
                return match value {
                    FieldValue::Variant(variant) => {
                        numbers.get(usize::from(*variant)).copied().ok_or(Nothing::Fits)
                    }
                    _ => Ok(0),
                };
            }
            WordKind::Own(own) => return own.number(value),
            WordKind::Plain(plain, slot) => plain.code(slot, value),
            WordKind::PlainPayload(by_variant) => {
                let variant = self.shown_by.as_ref().and_then(|(variant_at, _)| values.get(*variant_at));
                match variant {
                    Some(FieldValue::Variant(variant)) => match by_variant.get(usize::from(*variant)) {
                        Some(Some((plain, slot))) => plain.code(slot, value),
                        _ => Code::ABSENT,
                    },
                    _ => Code::ABSENT,
                }
            }
            WordKind::Coded(_) => codes.get(self.at).copied().unwrap_or(Code::ABSENT),
        };
        match (&self.kind, code.is_none()) {
            (_, true) => Err(Nothing::Fits),
            (WordKind::Coded(size), false) => Ok(code.number(*size)),
            (_, false) => Ok(code.number(0)),
        }
    }
}

impl Own {
    fn number(&self, value: &FieldValue<'_>) -> Result<u32, Nothing> {
        let next = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
        match (value, value.text()) {
            (FieldValue::Absent, _) => Ok(0),
            (FieldValue::Int(number), _) => self
                .ints
                .get_or_add(number, |count| Made::New(*number, next(count)), |found| *found)
                .ok_or(Nothing::Left),
            (FieldValue::Member(number), _) => Ok(u32::from(*number).saturating_add(1)),
            (FieldValue::Bool(truth), _) => Ok(u32::from(*truth) + 1),
            (_, Some(text)) => self
                .texts
                .get_or_add(text, |count| Made::New(Arc::from(text), next(count)), |found| *found)
                .ok_or(Nothing::Left),
            _ => Err(Nothing::Fits),
        }
    }
}

/// What tells the points of a metric apart.
fn words(
    fields: &'static [Field<'static>],
    metric: &'static Metric<'static>,
    coders: &Coders,
    limit: Option<usize>,
) -> Vec<Word> {
    let mut words = Vec::new();
    let own = || {
        let bound = limit.unwrap_or(usize::MAX);
        WordKind::Own(Box::new(Own { texts: Seen::new(bound), ints: Seen::new(bound) }))
    };
    for writer in metric.labels {
        match &writer.value {
            WriterValue::Constant(_) => {}
            WriterValue::Field(number) | WriterValue::Text(number) => {
                let Some(Field { at, kind: FieldKind::Plain { slot, .. }, .. }) =
                    fields.get(usize::from(*number))
                else {
                    continue;
                };
                let at = usize::from(*at);
                words.push(Word { at, kind: numbered(slot, at, coders).unwrap_or_else(own), shown_by: None });
            }
            WriterValue::Meaning(number, face) => {
                let Some(Field { at, kind: FieldKind::Meaning { meaning, .. }, .. }) =
                    fields.get(usize::from(*number))
                else {
                    continue;
                };
                let at = usize::from(*at);
                words.push(Word { at, kind: WordKind::Variant(numbers(face)), shown_by: None });
                for payload in 0..payloads(meaning) {
                    let shown_by = shown_by(face, payload);
                    if shown_by.contains(&true) {
                        let place = at + 1 + payload;
                        // What a variant carries and no metric shows has no number, and takes none from the others.
                        let slots = || {
                            let shown = meaning.variants.iter().zip(&shown_by);
                            shown.map(|(variant, shows)| variant.payload.get(payload).filter(|_| *shows))
                        };
                        let kind = match coders.size(place) {
                            Some(size) => WordKind::Coded(size),
                            None if slots().flatten().all(|slot| plain(slot).is_some()) => {
                                let by_variant = slots()
                                    .map(|slot| slot.and_then(|slot| Some((plain(slot)?.0, slot))))
                                    .collect();
                                WordKind::PlainPayload(by_variant)
                            }
                            None => own(),
                        };
                        words.push(Word { at: place, kind, shown_by: Some((at, shown_by)) });
                    }
                }
            }
        }
    }
    words
}

/// How a plain value has a number, where it has a bound.
fn numbered(slot: &'static Slot<'static>, at: usize, coders: &Coders) -> Option<WordKind> {
    match coders.size(at) {
        Some(size) => Some(WordKind::Coded(size)),
        None => plain(slot).map(|(plain, _)| WordKind::Plain(plain, slot)),
    }
}

/// What tells the names of an event's span apart: the values in its holes. One without a bound tells more apart than there
/// may be places.
pub(crate) fn holes(event: &'static Event<'static>, coders: &Coders) -> Vec<Word> {
    let own = || WordKind::Own(Box::new(Own { texts: Seen::new(0), ints: Seen::new(0) }));
    let word = |part: &TextPart<'static>| {
        let TextPart::Value(number) = part else { return None };
        let field = event.fields.get(usize::from(*number))?;
        let FieldKind::Plain { slot, .. } = &field.kind else { return None };
        let at = usize::from(field.at);
        Some(Word { at, kind: numbered(slot, at, coders).unwrap_or_else(own), shown_by: None })
    };
    event.span.and_then(|span| span.name).unwrap_or_default().iter().filter_map(word).collect()
}

/// A number for each variant: the same for those that show the same constants and nothing else.
fn numbers(face: &Meaning<'static>) -> Box<[u32]> {
    let constants = |number: usize| {
        let pairs = face.variants.get(number).map_or(&[][..], |variant| variant.pairs(Signal::Metric));
        let mut constants = Vec::new();
        for pair in pairs {
            let PairValue::Constant(literal) = pair.value else { return None };
            constants.push((pair.key, format!("{literal:?}")));
        }
        constants.sort_unstable();
        Some(constants)
    };
    (0..face.variants.len())
        .map(|number| {
            let own = constants(number);
            let first = (0..number).find(|earlier| own.is_some() && constants(*earlier) == own);
            u32::try_from(first.unwrap_or(number)).unwrap_or(u32::MAX).saturating_add(1)
        })
        .collect()
}

/// The labels and, for its span, the holes of an event.
pub(crate) fn coders(event: &'static Event<'static>) -> Coders {
    let labels = event.metrics.iter().chain(event.running).flat_map(|metric| metric.labels);
    let name = event.span.and_then(|span| span.name).into_iter();
    let names = name.chain(event.span_events.iter().map(|one| one.name));
    let holes = names.flatten().filter_map(|part| match part {
        TextPart::Value(field) => Some(*field),
        TextPart::Text(_) => None,
    });
    Coders::of(event.fields, labels, holes)
}
