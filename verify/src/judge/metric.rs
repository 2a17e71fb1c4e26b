//! Metrics and their points.

use std::collections::HashSet;

use std::hash::{DefaultHasher, Hash, Hasher};

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::exemplar::Value as Measured;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, DataPointFlags, Exemplar, Metric as Came,
};
use slo_compiler::diagnostic::Code;
use slo_model::event::{Buckets, InstrumentKind, NumberType, Signal};

use super::attributes::{self, Attributes, shown};
use super::recognise::best;
use super::subject::Subject;
use super::values::Values;
use crate::tables::Instrument;
use crate::tally::{Errors, Faults, Words};

/// The label of the point that takes what is past a limit (metrics SDK specification, "Cardinality limits").
pub(crate) const OVERFLOW: &str = "otel.metric.overflow";

/// How long before its start a point's time may be, in nanoseconds. A clock that is set back makes such points, and one of ten runs of a
/// service under Java's agent 2.31.1 had them, of all its metrics at once; nothing is said of a right program for it.
const CLOCK_STEP: u64 = 5_000_000_000;

/// A point as all kinds have it.
pub(crate) struct Point<'v> {
    pub(crate) attributes: &'v [KeyValue],
    pub(crate) start: u64,
    pub(crate) time: u64,
    pub(crate) flags: u32,
    pub(crate) value: PointValue<'v>,
    pub(crate) exemplars: &'v [Exemplar],
}

/// What a point holds.
pub(crate) enum PointValue<'v> {
    Number(Option<Number>),
    Histogram { count: u64, sum: Option<f64>, bounds: &'v [f64], counts: &'v [u64] },
    Exponential { count: u64, sum: Option<f64> },
    Summary,
}

/// The points of a metric.
pub(crate) fn points(came: &Came) -> Vec<Point<'_>> {
    let number =
        |point: &'_ opentelemetry_proto::tonic::metrics::v1::NumberDataPoint| PointValue::Number(point.value);
    match &came.data {
        Some(Data::Gauge(gauge)) => gauge
            .data_points
            .iter()
            .map(|one| Point {
                attributes: &one.attributes,
                start: one.start_time_unix_nano,
                time: one.time_unix_nano,
                flags: one.flags,
                value: number(one),
                exemplars: &one.exemplars,
            })
            .collect(),
        Some(Data::Sum(sum)) => sum
            .data_points
            .iter()
            .map(|one| Point {
                attributes: &one.attributes,
                start: one.start_time_unix_nano,
                time: one.time_unix_nano,
                flags: one.flags,
                value: number(one),
                exemplars: &one.exemplars,
            })
            .collect(),
        Some(Data::Histogram(histogram)) => histogram
            .data_points
            .iter()
            .map(|one| Point {
                attributes: &one.attributes,
                start: one.start_time_unix_nano,
                time: one.time_unix_nano,
                flags: one.flags,
                value: PointValue::Histogram {
                    count: one.count,
                    sum: one.sum,
                    bounds: &one.explicit_bounds,
                    counts: &one.bucket_counts,
                },
                exemplars: &one.exemplars,
            })
            .collect(),
        Some(Data::ExponentialHistogram(histogram)) => histogram
            .data_points
            .iter()
            .map(|one| Point {
                attributes: &one.attributes,
                start: one.start_time_unix_nano,
                time: one.time_unix_nano,
                flags: one.flags,
                value: PointValue::Exponential { count: one.count, sum: one.sum },
                exemplars: &one.exemplars,
            })
            .collect(),
        Some(Data::Summary(summary)) => summary
            .data_points
            .iter()
            .map(|one| Point {
                attributes: &one.attributes,
                start: one.start_time_unix_nano,
                time: one.time_unix_nano,
                flags: one.flags,
                value: PointValue::Summary,
                exemplars: &[],
            })
            .collect(),
        None => Vec::new(),
    }
}

fn temporality(came: &Came) -> Option<i32> {
    match &came.data {
        Some(Data::Sum(sum)) => Some(sum.aggregation_temporality),
        Some(Data::Histogram(histogram)) => Some(histogram.aggregation_temporality),
        Some(Data::ExponentialHistogram(histogram)) => Some(histogram.aggregation_temporality),
        _ => None,
    }
}

/// What is remembered of a metric of a process.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Its number among those that are remembered; none where it isn't.
    pub(crate) number: Option<u32>,
    temporality: Option<i32>,
    points: HashSet<u64>,
    pub(crate) habits: Habits,
    /// What its points held together when they came last.
    held: Option<u64>,
    /// The exemplars that came last: an SDK sends them again until others take their place.
    exemplars: HashSet<u64>,
}

impl Seen {
    /// Whether points hold something else than those that came before.
    pub(crate) fn has_news(&mut self, points: &[Point<'_>]) -> bool {
        let mut hasher = DefaultHasher::new();
        for point in points {
            match &point.value {
                PointValue::Number(Some(Number::AsInt(number))) => number.hash(&mut hasher),
                PointValue::Number(Some(Number::AsDouble(number))) => number.to_bits().hash(&mut hasher),
                PointValue::Histogram { count, .. } | PointValue::Exponential { count, .. } => {
                    count.hash(&mut hasher)
                }
                PointValue::Number(None) | PointValue::Summary => {}
            }
        }
        let held = Some(hasher.finish());
        std::mem::replace(&mut self.held, held) != held
    }
}

impl Seen {
    /// The exemplars of points that were not there when these came last.
    pub(crate) fn fresh_exemplars<'p, 'v>(
        &mut self,
        points: &'p [Point<'v>],
    ) -> Vec<(&'p Point<'v>, &'v Exemplar)> {
        let all = points.iter().flat_map(|point| point.exemplars.iter().map(move |one| (point, one)));
        let mut now = HashSet::new();
        let mut fresh = Vec::new();
        for (point, one) in all {
            let mut hasher = DefaultHasher::new();
            (&one.trace_id, &one.span_id, one.time_unix_nano).hash(&mut hasher);
            match one.value {
                Some(Measured::AsInt(number)) => number.hash(&mut hasher),
                Some(Measured::AsDouble(number)) => number.to_bits().hash(&mut hasher),
                None => {}
            }
            crate::value::hash(point.attributes).hash(&mut hasher);
            let hash = hasher.finish();
            if now.insert(hash) && !self.exemplars.contains(&hash) {
                fresh.push((point, one));
            }
        }
        self.exemplars = now;
        fresh
    }

    /// A metric of which nothing came yet.
    pub(crate) fn numbered(number: Option<u32>) -> Seen {
        Seen { number, ..Seen::default() }
    }
}

/// Whether the points of a metric go on from the start of their process.
pub(crate) fn is_cumulative(came: &Came) -> bool {
    temporality(came) == Some(AggregationTemporality::Cumulative as i32)
}

/// What a point of a counter has counted; none where it isn't a whole number.
pub(crate) fn count_of(point: &Point<'_>) -> Option<u64> {
    match point.value {
        PointValue::Number(Some(Number::AsInt(number))) => u64::try_from(number).ok(),
        PointValue::Number(Some(Number::AsDouble(number)))
            if number.fract() == 0.0 && (0.0..9e15).contains(&number) =>
        {
            Some(number as u64)
        }
        _ => None,
    }
}

/// What is known of whoever sends points.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habits {
    /// Whether its SDK counts in doubles unless an instrument says otherwise.
    pub(crate) counts_in_doubles: bool,
    /// Whether its points have times: text of Prometheus has none, as it is of the moment.
    pub(crate) has_times: bool,
}

pub(crate) fn subject<'s>(contract: usize, instrument: &Instrument<'s>) -> Subject<'s> {
    Subject {
        contract,
        event: instrument.writer,
        kind: "metric",
        record: instrument.metric.name,
        node: instrument.node,
        signal: Signal::Metric,
        closed: true,
    }
}

/// Judges what a metric says of itself: its kind, unit, temporality and type of numbers. Whether its points can be judged.
pub(crate) fn instrument(
    contract: usize,
    instrument: &Instrument<'_>,
    came: &Came,
    seen: &mut Seen,
    faults: &mut dyn Faults,
) -> bool {
    let subject = subject(contract, instrument);
    let metric = instrument.metric;
    if came.unit != metric.unit {
        subject.fault(faults, Code::TelemetryUnit, "", &|| {
            let said = |unit: &str| {
                if unit.is_empty() { "no unit".to_owned() } else { format!("the unit `{}`", shown(unit)) }
            };
            Words::new(format!(
                "{} came with {}, and the contract says {}",
                subject.shown(),
                said(&came.unit),
                said(metric.unit)
            ))
            .help("set the unit where the instrument is made: under Prometheus it is a part of the name")
        });
    }
    let (kind, is_right) = match (&came.data, metric.kind) {
        (Some(Data::Sum(sum)), InstrumentKind::Counter) => ("an updowncounter", sum.is_monotonic),
        (Some(Data::Sum(sum)), InstrumentKind::UpDownCounter) => ("a counter", !sum.is_monotonic),
        (Some(Data::Sum(sum)), _) => (if sum.is_monotonic { "a counter" } else { "an updowncounter" }, false),
        (Some(Data::Gauge(_)), kind) => ("a gauge", kind == InstrumentKind::Gauge),
        (Some(Data::Histogram(_) | Data::ExponentialHistogram(_)), kind) => {
            ("a histogram", kind == InstrumentKind::Histogram)
        }
        (Some(Data::Summary(_)), _) => ("a summary", false),
        (None, _) => ("a metric without points", false),
    };
    if !is_right {
        subject.fault(faults, Code::TelemetryKind, "", &|| {
            Words::new(format!(
                "{} came as {kind}, and the contract says `{}`",
                subject.shown(),
                kind_name(metric.kind)
            ))
            .help("make the instrument that the contract says, or change the contract")
        });
        return false;
    }
    if let Some(temporality) = temporality(came) {
        match seen.temporality {
            _ if temporality != AggregationTemporality::Delta as i32
                && temporality != AggregationTemporality::Cumulative as i32 =>
            {
                subject.fault(faults, Code::TelemetryTemporality, "", &|| {
                    Words::new(format!("{} came without a temporality", subject.shown()))
                        .help("its exporter has to say `cumulative` or `delta`: nobody can add its points up")
                });
            }
            Some(before) if before != temporality => {
                subject.fault(faults, Code::TelemetryTemporality, "", &|| {
                    Words::new(format!(
                        "{} came as delta and as cumulative from one program",
                        subject.shown()
                    ))
                    .help("one exporter sends delta and another cumulative: set one temporality preference")
                });
            }
            _ => seen.temporality = Some(temporality),
        }
    }
    true
}

const fn kind_name(kind: InstrumentKind) -> &'static str {
    match kind {
        InstrumentKind::Counter => "counter",
        InstrumentKind::UpDownCounter => "updowncounter",
        InstrumentKind::Gauge => "gauge",
        InstrumentKind::Histogram => "histogram",
    }
}

/// Judges a point by whichever of a metric's writers it is of, and gives that one's number with what the point says of its event.
pub(crate) fn point<'v>(
    contract: usize,
    writers: &[&Instrument<'_>],
    point: &Point<'v>,
    seen: &mut Seen,
    faults: &mut dyn Faults,
) -> Option<(usize, Values<'v>)> {
    let first = writers.first()?;
    let subject = subject(contract, first);
    // A series that ended has a point without a value (OTLP, "No recorded value").
    if point.flags & DataPointFlags::NoRecordedValueMask as u32 != 0 {
        return None;
    }
    held(first, &subject, point, seen.habits, faults);
    if point.attributes.iter().any(|pair| pair.key == OVERFLOW) {
        subject.fault(faults, Code::TelemetryOverflow, "", &|| {
            Words::new(format!("points of {} were folded into one with `{OVERFLOW}`", subject.shown())).help(
                "the program made more points than its SDK's limit: the labels of the folded ones are lost; a label has more values than was thought, or the limit is too small",
            )
        });
        return None;
    }
    let numbers: Vec<usize> = (0..writers.len()).collect();
    let number = best(&numbers, |number, errors: &mut Errors| {
        if let Some(writer) = writers.get(number) {
            labels(contract, writer, point, errors);
        }
    })?;
    let writer = writers.get(number)?;
    let values = labels(contract, writer, point, faults);
    count(writers, &subject, crate::value::hash(point.attributes), seen, faults);
    Some((number, values))
}

/// Judges what an exemplar says of the span that it was measured in.
pub(crate) fn identity(
    contract: usize,
    writer: &Instrument<'_>,
    exemplar: &Exemplar,
    faults: &mut dyn Faults,
) {
    let is_id = |bytes: &[u8], length: usize| bytes.len() == length && bytes.iter().any(|byte| *byte != 0);
    let fault = match () {
        () if !is_id(&exemplar.trace_id, 16) => "a trace id that is none",
        () if !is_id(&exemplar.span_id, 8) => "a span id that is none",
        () => return,
    };
    let subject = subject(contract, writer);
    subject.fault(faults, Code::TelemetryIdentity, "", &|| {
        Words::new(format!("an exemplar of {} has {fault}", subject.shown()))
    });
}

fn labels<'v>(
    contract: usize,
    writer: &Instrument<'_>,
    point: &Point<'v>,
    faults: &mut dyn Faults,
) -> Values<'v> {
    let subject = subject(contract, writer);
    let mut attributes = Attributes::sort(&writer.shape, point.attributes, &subject, faults);
    attributes::judge(&writer.shape, &mut attributes, &subject, faults)
}

/// Counts the points of a metric of one process.
fn count(
    writers: &[&Instrument<'_>],
    subject: &Subject<'_>,
    labels: u64,
    seen: &mut Seen,
    faults: &mut dyn Faults,
) {
    // The points of all that write the metric are proved together; each has the sum.
    let most = writers.iter().map(|writer| u64::from(writer.metric.points)).fold(0, u64::saturating_add);
    if most >= u64::from(u32::MAX) || seen.points.len() as u64 > most {
        return;
    }
    seen.points.insert(labels);
    if seen.points.len() as u64 > most {
        subject.fault(faults, Code::TelemetryPoints, "", &|| {
            Words::new(format!("{} came with more than {most} points from one program", subject.shown()))
                .help("the contract proves or states that there are no more: a label has values that it doesn't say")
        });
    }
}

/// Judges what a point holds.
fn held(
    instrument: &Instrument<'_>,
    subject: &Subject<'_>,
    point: &Point<'_>,
    habits: Habits,
    faults: &mut dyn Faults,
) {
    let metric = instrument.metric;
    if habits.has_times
        && (point.time == 0 || point.time == u64::MAX || point.start > point.time.saturating_add(CLOCK_STEP))
    {
        subject.fault(faults, Code::TelemetryTime, "time", &|| {
            let fault = match point.time {
                0 => "has no time",
                u64::MAX => "has a time past all clocks",
                _ => "has a time before its start",
            };
            Words::new(format!("a point of {} {fault}", subject.shown()))
        });
    }
    let bad = match &point.value {
        PointValue::Number(None) => Some("no number".to_owned()),
        PointValue::Number(Some(Number::AsDouble(number))) if !number.is_finite() => {
            Some(format!("`{number}`"))
        }
        PointValue::Number(Some(number)) => {
            let came = match number {
                Number::AsInt(_) => NumberType::Int,
                Number::AsDouble(_) => NumberType::Double,
            };
            let is_whole = match number {
                Number::AsInt(_) => true,
                Number::AsDouble(number) => habits.counts_in_doubles && number.fract() == 0.0,
            };
            if came != metric.number && !is_whole {
                subject.fault(faults, Code::TelemetryNumber, "", &|| {
                    let name = |number| if number == NumberType::Int { "integers" } else { "doubles" };
                    Words::new(format!("the numbers of {} are {}, and the contract says {}", subject.shown(), name(came), name(metric.number)))
                        .help("make the instrument of the other type (`Int64Counter`, `ofLongs()`, `valueType: ValueType.INT`), or say `double` in the contract")
                });
            }
            let is_negative = match number {
                Number::AsInt(number) => *number < 0,
                Number::AsDouble(number) => *number < 0.0,
            };
            (is_negative && metric.kind == InstrumentKind::Counter).then(|| "a number below zero".to_owned())
        }
        PointValue::Histogram { count, sum, bounds, counts } => {
            buckets(metric.buckets, Some(bounds), subject, faults);
            let total: u64 = counts.iter().fold(0, |total, one| total.saturating_add(*one));
            let has_gaps = !counts.is_empty() && counts.len() != bounds.len() + 1;
            match () {
                () if has_gaps => Some(format!("{} buckets for {} bounds", counts.len(), bounds.len())),
                () if !counts.is_empty() && total != *count => {
                    Some(format!("the count {count}, and {total} in its buckets"))
                }
                () if sum.is_some_and(|sum| !sum.is_finite()) => Some("a sum that is no number".to_owned()),
                () => None,
            }
        }
        PointValue::Exponential { count, sum } => {
            buckets(metric.buckets, None, subject, faults);
            (*count > 0 && sum.is_some_and(|sum| !sum.is_finite()))
                .then(|| "a sum that is no number".to_owned())
        }
        PointValue::Summary => None,
    };
    if let Some(bad) = bad {
        subject.fault(faults, Code::TelemetryPoint, "", &|| {
            Words::new(format!("a point of {} holds {bad}", subject.shown()))
        });
    }
}

fn buckets(own: Buckets<'_>, came: Option<&[f64]>, subject: &Subject<'_>, faults: &mut dyn Faults) {
    let is_right = match (own, came) {
        (Buckets::None, _) => true,
        (Buckets::Explicit(bounds), Some(came)) => bounds == came,
        // A histogram without its buckets has sum and count alone: an aggregation that the program chose.
        (Buckets::Exponential, None) => true,
        (Buckets::Explicit(_), None) | (Buckets::Exponential, Some(_)) => false,
    };
    if is_right {
        return;
    }
    subject.fault(faults, Code::TelemetryBuckets, "", &|| {
        let said = |bounds: &[f64]| {
            format!("buckets at {}", bounds.iter().map(f64::to_string).collect::<Vec<_>>().join(", "))
        };
        let came = came.map_or_else(|| "exponential buckets".to_owned(), said);
        let own = match own {
            Buckets::Explicit(bounds) => said(bounds),
            Buckets::Exponential | Buckets::None => "exponential buckets".to_owned(),
        };
        Words::new(format!("{} came with {came}, and the contract says {own}", subject.shown())).help(
            "give the instrument an advice of bounds, or the SDK a view: without one, SDKs take their own",
        )
    });
}
