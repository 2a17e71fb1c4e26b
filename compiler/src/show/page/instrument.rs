//! A metric as one thing records it.

use super::{Page, Phrase, code, codes, place};
use crate::measure::Count;
use crate::show::sheet::{
    BucketBounds, InstrumentSheet, Label, LabelSource, Measured, PointsSheet, PrometheusNames, SeriesSheet,
};
use crate::text::grouped;
use slo_model::names::PrometheusWay;

/// What there is to say of the metric below its heading, with its scope where that wasn't said above.
pub(super) fn add(page: &mut Page, metric: &InstrumentSheet, with_scope: bool) {
    page.docs(&metric.docs);
    let mut properties = Vec::new();
    if metric.event.is_none() || with_scope {
        properties.push(("scope", Phrase::code(&metric.scope)));
    }
    properties.push(("kind", kind(metric)));
    if !metric.unit.is_empty() {
        properties.push(("unit", Phrase::code(&metric.unit)));
    }
    properties.push(("value", value(&metric.value)));
    properties.extend(metric.buckets.as_ref().map(|buckets| ("buckets", bounds(buckets))));
    properties.extend(metric.when.as_ref().map(|when| ("when", Phrase::code(&when.text))));
    properties.extend(metric.until.as_ref().map(|day| ("until", Phrase::code(day))));
    properties.extend(metric.convention.as_ref().map(|package| ("convention", Phrase::code(package))));
    properties.push(("points", points(&metric.points)));
    properties.extend(metric.points_together.map(|all| ("together", together(all))));
    properties.extend(bound(metric).map(|bound| ("bound", bound)));
    properties.push(("series", series(&metric.series)));
    if let Some(names) = &metric.prometheus {
        properties.push(("Prometheus", prometheus(names)));
        let is_one = names.series.len() == 1 && names.metric.as_ref() == names.series.first();
        if !names.series.is_empty() && !is_one {
            properties.push(("queried as", Phrase::joined(codes(&names.series), ", ")));
        }
        if !names.bounds.is_empty() {
            let forms = names.bounds.iter().map(|bound| {
                Phrase::code(&bound.otlp)
                    .and_words(" by OTLP, ")
                    .and_code(&bound.scraped)
                    .and_words(" scraped")
            });
            properties.push(("le", Phrase::joined(forms, "; ")));
        }
        if !names.promoted.is_empty() {
            let promoted = names.promoted.iter().map(|label| arrow(&label.key, label.label.as_deref()));
            properties.push(("promoted", Phrase::joined(promoted, ", ")));
        }
    }
    page.properties(properties);
    let asked = metric.prometheus.is_some();
    let rows = metric.labels.iter().map(|label| {
        let made = match &label.prometheus {
            Some(made) => code(made),
            None if asked => vec![Phrase::faint("none")],
            None => Vec::new(),
        };
        vec![code(&label.key), vec![source(label)], made, place(label.place.as_ref())]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        page.remark(Phrase::words("it has no labels"));
    } else {
        let columns = ["label", "from", "in Prometheus", "place"].map(Phrase::words).into();
        let table = super::Table { columns, rows }.without_empty_columns();
        page.blocks.push(super::Block::Table(table));
    }
}

fn kind(metric: &InstrumentSheet) -> Phrase {
    Phrase::code(metric.instrument).and_words(" of ").and_code(metric.number)
}

fn value(value: &Measured) -> Phrase {
    match value {
        Measured::One => Phrase::code("1"),
        Measured::Field(field) => Phrase::words("field ").and_code(field),
        Measured::Observed => Phrase::words("observed: a callback of the program gives it"),
        Measured::Running(event) => Phrase::words("how many of ").and_code(event).and_words(" are running"),
    }
}

fn bounds(buckets: &BucketBounds) -> Phrase {
    match buckets {
        BucketBounds::Explicit(bounds) => {
            let bounds: Vec<String> = bounds.iter().map(ToString::to_string).collect();
            Phrase::code(format!("[{}]", bounds.join(", ")))
        }
        BucketBounds::Exponential => Phrase::code("exponential"),
    }
}

/// "1 point", "12 points"
fn counted(points: Count) -> String {
    format!("{points} {}", if points == Count::Finite(1) { "point" } else { "points" })
}

fn points(points: &PointsSheet) -> Phrase {
    let total = counted(points.total);
    let factors = points
        .factors
        .iter()
        .map(|factor| Phrase::code(&factor.name).and_words(format!(" {}", factor.count)));
    match points.factors.is_empty() {
        true => Phrase::words(total),
        false => Phrase::joined(factors, " × ").and_words(format!(" = {total}")),
    }
}

fn together(points: Count) -> Phrase {
    Phrase::words(format!("{} in all lists that record it; what several have counts once", counted(points)))
}

fn bound(metric: &InstrumentSheet) -> Option<Phrase> {
    let stated = metric.points_stated.map(|stated| {
        let exceeded = metric.points_together.unwrap_or(metric.points.total).exceeds(stated.into());
        let word = if exceeded { ", which is exceeded" } else { ", which the compiler proves" };
        Phrase::code(format!("points={}", grouped(stated.into()))).and_words(word)
    });
    let kept = metric.limit.map(|limit| {
        Phrase::code(format!("limit={}", grouped(limit.into())))
            .and_words(", which the program sees to: whatever is past it goes to one point more")
    });
    let both: Vec<Phrase> = stated.into_iter().chain(kept).collect();
    (!both.is_empty()).then(|| Phrase::joined(both, "; "))
}

fn series(series: &SeriesSheet) -> Phrase {
    let sum = if series.of_each == Count::Finite(1) {
        String::new()
    } else {
        format!("{} × {} = ", counted(series.points), series.of_each)
    };
    Phrase::words(format!("{sum}{} at most", series.total))
}

fn prometheus(names: &PrometheusNames) -> Phrase {
    let metric = match &names.metric {
        Some(metric) => Phrase::code(metric),
        None => Phrase::words("refused: nothing is left of the name"),
    };
    match &names.strategy {
        Some(strategy) if names.way == PrometheusWay::default().name() => {
            metric.and_words(" under ").and_code(strategy)
        }
        Some(strategy) => {
            metric.and_words(" by ").and_code(&names.way).and_words(" under ").and_code(strategy)
        }
        None => metric.and_words(" by ").and_code(&names.way),
    }
}

fn arrow(key: &str, label: Option<&str>) -> Phrase {
    match label {
        Some(label) => Phrase::code(key).and_words(" as ").and_code(label),
        None => Phrase::code(key).and_words(" as none"),
    }
}

fn source(label: &Label) -> Phrase {
    let source = match &label.from {
        LabelSource::Field(field) => Phrase::words("field ").and_code(field),
        LabelSource::ToString(field) => Phrase::words("field ").and_code(field).and_words(", as text"),
        LabelSource::Meaning { field, face } => {
            Phrase::words("field ").and_code(field).and_words(" by ").and_code(face)
        }
        LabelSource::Constant(constant) => Phrase::code(constant.to_string()),
        LabelSource::Observed => Phrase::words("observed"),
    };
    if label.optional { source.and_words(", optional") } else { source }
}
