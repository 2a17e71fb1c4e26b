//! Faults of metrics and of their points.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint, Metric,
    NumberDataPoint, Sum, Summary, SummaryDataPoint,
};
use slo_compiler::diagnostic::Code;

use super::{Event, Found, Mutation, Recording, found, pair, reach, text};

pub(super) const fn counter(event: Event) -> &'static str {
    match event {
        Event::Checkout => "shop.checkouts",
        Event::Payment => "shop.payments",
    }
}

pub(super) const fn histogram(event: Event) -> &'static str {
    match event {
        Event::Checkout => "shop.checkout.duration",
        Event::Payment => "shop.payment.duration",
    }
}

const OVERFLOW: &str = "otel.metric.overflow";

/// Sends the metrics a second time, ten seconds later, with a change in one of them.
fn later(all: &mut Recording, name: &str, change: impl Fn(&mut Metric)) -> bool {
    let Some(mut again) = all.metrics.last().cloned() else { return false };
    let groups = again.resource_metrics.iter_mut().flat_map(|one| &mut one.scope_metrics);
    let mut changed = false;
    for metric in groups.flat_map(|group| &mut group.metrics) {
        match metric.data.as_mut() {
            Some(Data::Sum(sum)) => {
                sum.data_points.iter_mut().for_each(|point| point.time_unix_nano += 10_000_000_000);
            }
            Some(Data::Histogram(histogram)) => {
                histogram.data_points.iter_mut().for_each(|point| point.time_unix_nano += 10_000_000_000);
            }
            _ => {}
        }
        if metric.name == name {
            change(metric);
            changed = true;
        }
    }
    all.metrics.push(again);
    changed
}

/// Faults that each metric may have.
fn of_any(event: Event, name: &'static str) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut add = |what: &str, code: Code, change: fn(&mut Metric)| {
        all.push(Mutation::new(
            format!("metric `{name}`: {what}"),
            vec![found(code, event, name, "")],
            move |all| reach::metric(all, name).map(change).is_some(),
        ));
    };
    add("no unit", Code::TelemetryUnit, |metric| metric.unit.clear());
    add("another unit", Code::TelemetryUnit, |metric| metric.unit = "ms".to_owned());
    add("a unit without braces", Code::TelemetryUnit, |metric| {
        metric.unit =
            if metric.unit == "s" { "seconds".to_owned() } else { metric.unit.replace(['{', '}'], "") };
    });
    add("without data", Code::TelemetryKind, |metric| metric.data = None);
    add("a summary", Code::TelemetryKind, |metric| {
        metric.data = Some(Data::Summary(Summary { data_points: vec![SummaryDataPoint::default()] }));
    });
    add("a gauge", Code::TelemetryKind, |metric| {
        metric.data = Some(Data::Gauge(Gauge { data_points: vec![NumberDataPoint::default()] }));
    });
    add("an updowncounter", Code::TelemetryKind, |metric| {
        let points = match metric.data.take() {
            Some(Data::Sum(sum)) => sum.data_points,
            _ => vec![NumberDataPoint::default()],
        };
        metric.data =
            Some(Data::Sum(Sum { data_points: points, aggregation_temporality: 2, is_monotonic: false }));
    });
    add("without a temporality", Code::TelemetryTemporality, |metric| match metric.data.as_mut() {
        Some(Data::Sum(sum)) => sum.aggregation_temporality = 0,
        Some(Data::Histogram(histogram)) => histogram.aggregation_temporality = 0,
        _ => {}
    });
    add("a temporality that is none", Code::TelemetryTemporality, |metric| match metric.data.as_mut() {
        Some(Data::Sum(sum)) => sum.aggregation_temporality = 9,
        Some(Data::Histogram(histogram)) => histogram.aggregation_temporality = 9,
        _ => {}
    });
    for spelling in [name.replace('.', "_"), format!("{}_total", name.replace('.', "_")), name.to_uppercase()]
    {
        let (code, about) = (Code::TelemetryMetricName, spelling.clone());
        all.push(Mutation::new(
            format!("metric `{name}`: called `{spelling}`"),
            vec![found(code, event, name, &about)],
            move |all| reach::metric(all, name).map(|metric| metric.name.clone_from(&spelling)).is_some(),
        ));
    }
    let near = format!("{name}x");
    all.push(Mutation::new(
        format!("metric `{name}`: called `{near}`"),
        vec![found(Code::TelemetryMetricName, event, name, &near)],
        move |all| reach::metric(all, name).map(|metric| metric.name.clone_from(&near)).is_some(),
    ));
    all.push(Mutation::new(
        format!("metric `{name}`: delta, after cumulative"),
        vec![found(Code::TelemetryTemporality, event, name, "")],
        move |all| {
            later(all, name, |metric| match metric.data.as_mut() {
                Some(Data::Sum(sum)) => sum.aggregation_temporality = 1,
                Some(Data::Histogram(histogram)) => histogram.aggregation_temporality = 1,
                _ => {}
            })
        },
    ));
    // Whoever is asked again says the same.
    all.push(Mutation::new(format!("metric `{name}`: once more"), Vec::new(), move |all| {
        later(all, name, |_| {})
    }));
    all.push(Mutation::new(format!("metric `{name}`: with a description"), Vec::new(), move |all| {
        reach::metric(all, name).map(|metric| metric.description = "said".to_owned()).is_some()
    }));
    all
}

/// Faults of a counter.
fn of_counter(language: &str, event: Event) -> Vec<Mutation> {
    let name = counter(event);
    let mut all = Vec::new();
    let mut add = |what: &str, told: Vec<Found>, change: fn(&mut NumberDataPoint)| {
        all.push(Mutation::new(format!("metric `{name}`: {what}"), told, move |all| {
            reach::number(all, name).map(change).is_some()
        }));
    };
    let told = |code| vec![found(code, event, name, "")];
    let point = || told(Code::TelemetryPoint);
    add("no number", point(), |point| point.value = None);
    add("NaN", point(), |point| point.value = Some(Number::AsDouble(f64::NAN)));
    add("infinite", point(), |point| point.value = Some(Number::AsDouble(f64::INFINITY)));
    add("below zero", point(), |point| point.value = Some(Number::AsInt(-1)));
    add("half", told(Code::TelemetryNumber), |point| point.value = Some(Number::AsDouble(2.5)));
    // JavaScript has one type of numbers.
    let whole = if language == "javascript" { Vec::new() } else { told(Code::TelemetryNumber) };
    add("a whole double", whole, |point| point.value = Some(Number::AsDouble(2.0)));
    let overflow = || told(Code::TelemetryOverflow);
    add("the point for the rest", overflow(), |point| {
        point.attributes = vec![pair(OVERFLOW, Any::BoolValue(true))]
    });
    let time = || vec![found(Code::TelemetryTime, event, name, "time")];
    add("no time", time(), |point| point.time_unix_nano = 0);
    add("a time past all clocks", time(), |point| point.time_unix_nano = u64::MAX);
    add("a time before its start", time(), |point| {
        point.start_time_unix_nano = point.time_unix_nano + 60_000_000_000
    });
    // A series that ended has no value.
    add("without a recorded value", Vec::new(), |point| (point.flags, point.value) = (1, None));
    all.push(Mutation::new(
        format!("metric `{name}`: points without end"),
        vec![
            found(Code::TelemetryPoints, event, name, ""),
            found(Code::TelemetryValue, event, name, "shop.payment.method"),
        ],
        move |all| {
            let Some(Data::Sum(sum)) = reach::metric(all, name).and_then(|metric| metric.data.as_mut())
            else {
                return false;
            };
            let Some(first) = sum.data_points.first().cloned() else { return false };
            sum.data_points.extend((0..20).map(|number| {
                let mut point = first.clone();
                point.attributes.retain(|pair| pair.key != "shop.payment.method");
                point.attributes.push(pair("shop.payment.method", text(&format!("m{number}"))));
                point
            }));
            true
        },
    ));
    all.push(Mutation::new(format!("metric `{name}`: a histogram"), told(Code::TelemetryKind), move |all| {
        let Some(metric) = reach::metric(all, name) else { return false };
        metric.data = Some(Data::Histogram(Histogram {
            data_points: vec![HistogramDataPoint::default()],
            aggregation_temporality: 2,
        }));
        true
    }));
    all
}

/// Faults of a histogram.
fn of_histogram(event: Event) -> Vec<Mutation> {
    let name = histogram(event);
    let mut all = Vec::new();
    let mut add = |what: &str, told: Vec<Found>, change: fn(&mut HistogramDataPoint)| {
        all.push(Mutation::new(format!("metric `{name}`: {what}"), told, move |all| {
            reach::histogram(all, name).map(change).is_some()
        }));
    };
    let told = |code| vec![found(code, event, name, "")];
    let (buckets, point) = (|| told(Code::TelemetryBuckets), || told(Code::TelemetryPoint));
    add("other bounds", buckets(), |point| point.explicit_bounds = vec![0.1, 0.2, 0.3, 0.4]);
    add("the bounds of milliseconds", buckets(), |point| {
        point.explicit_bounds.iter_mut().for_each(|bound| *bound *= 1_000.0);
    });
    add("the bounds that SDKs take", buckets(), |point| {
        point.explicit_bounds = vec![
            0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1_000.0, 2_500.0, 5_000.0, 7_500.0,
            10_000.0,
        ];
        point.bucket_counts = vec![0; 16];
        if let Some(first) = point.bucket_counts.first_mut() {
            *first = point.count;
        }
    });
    add("a bound less", buckets(), |point| {
        point.explicit_bounds.pop();
        let last = point.bucket_counts.pop().unwrap_or(0);
        if let Some(before) = point.bucket_counts.last_mut() {
            *before += last;
        }
    });
    add("a bucket less than its bounds ask for", point(), |point| {
        let last = point.bucket_counts.pop().unwrap_or(0);
        if let Some(before) = point.bucket_counts.last_mut() {
            *before += last;
        }
    });
    add("another count than that of its buckets", point(), |point| point.count += 1);
    add("counts past all numbers", point(), |point| point.bucket_counts.fill(u64::MAX));
    add("a sum that is no number", point(), |point| point.sum = Some(f64::NAN));
    add("a sum without an end", point(), |point| point.sum = Some(f64::INFINITY));
    let time = || vec![found(Code::TelemetryTime, event, name, "time")];
    add("no time", time(), |point| point.time_unix_nano = 0);
    add("a time before its start", time(), |point| {
        point.start_time_unix_nano = point.time_unix_nano + 60_000_000_000
    });
    add("the point for the rest", told(Code::TelemetryOverflow), |point| {
        point.attributes = vec![pair(OVERFLOW, Any::BoolValue(true))];
    });
    add("without a recorded value", Vec::new(), |point| {
        *point = HistogramDataPoint { flags: 1, ..std::mem::take(point) };
    });
    all.push(Mutation::new(format!("metric `{name}`: exponential"), buckets(), move |all| {
        let Some(metric) = reach::metric(all, name) else { return false };
        let Some(Data::Histogram(histogram)) = metric.data.take() else { return false };
        let points = histogram.data_points.into_iter().map(|point| ExponentialHistogramDataPoint {
            attributes: point.attributes,
            start_time_unix_nano: point.start_time_unix_nano,
            time_unix_nano: point.time_unix_nano,
            count: point.count,
            sum: point.sum,
            positive: Some(Buckets { offset: 0, bucket_counts: vec![point.count] }),
            ..ExponentialHistogramDataPoint::default()
        });
        metric.data = Some(Data::ExponentialHistogram(ExponentialHistogram {
            data_points: points.collect(),
            aggregation_temporality: 2,
        }));
        true
    }));
    all
}

pub(super) fn mutations(language: &str) -> Vec<Mutation> {
    let mut all = Vec::new();
    for event in Event::ALL {
        all.extend(of_any(event, counter(event)));
        all.extend(of_any(event, histogram(event)));
        all.extend(of_counter(language, event));
        all.extend(of_histogram(event));
    }
    all
}
