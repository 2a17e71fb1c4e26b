//! Families as text.

use std::fmt::{self, Write};

use super::accept::Format;
use super::families::{Buckets, Family, Kind, LE, Labels, Value};
use super::name::{Help, Quoted, is_plain_label, is_plain_metric};
use super::number::{Canonical, Number, Seconds, bound};
use crate::metrics::exemplar::Exemplar;

/// The families as text in this form.
pub(super) fn write(families: &[Family], format: Format) -> String {
    let mut text = String::new();
    // Writing to a text can't fail.
    _ = families.iter().try_for_each(|family| Writer { text: &mut text, format }.family(family));
    if format == Format::OpenMetrics {
        text.push_str("# EOF\n");
    }
    text
}

struct Writer<'t> {
    text: &'t mut String,
    format: Format,
}

impl Writer<'_> {
    fn family(&mut self, family: &Family) -> fmt::Result {
        let open_metrics = self.format == Format::OpenMetrics;
        let name = Metric(&family.name);
        writeln!(self.text, "# TYPE {name} {}", kind(family.kind, open_metrics))?;
        if open_metrics && has_unit(&family.name, &family.unit) {
            writeln!(self.text, "# UNIT {name} {}", family.unit)?;
        }
        match (family.help.as_str(), open_metrics) {
            ("", _) => {}
            (help, true) => writeln!(self.text, "# HELP {name} {}", Quoted(help))?,
            (help, false) => writeln!(self.text, "# HELP {name} {}", Help(help))?,
        }
        for point in &family.points {
            match &point.value {
                Value::Number(number, exemplar) => {
                    self.sample(&family.sample, &point.labels, None, *number)?;
                    self.end(exemplar.as_ref().filter(|_| family.kind == Kind::Counter))?;
                }
                Value::Histogram(buckets) => self.histogram(&family.sample, &point.labels, buckets)?,
            }
        }
        Ok(())
    }

    fn histogram(&mut self, name: &str, labels: &Labels, buckets: &Buckets) -> fmt::Result {
        let series = format!("{name}_bucket");
        for (own, count, exemplar) in &buckets.bounds {
            self.sample(&series, labels, Some(&bound(*own)), Number::Uint(*count))?;
            self.end(exemplar.as_ref())?;
        }
        self.sample(&series, labels, Some(&bound(f64::INFINITY)), Number::Uint(buckets.count))?;
        self.end(buckets.exemplar.as_ref())?;
        self.sample(&format!("{name}_count"), labels, None, Number::Uint(buckets.count))?;
        self.end(None)?;
        self.sample(&format!("{name}_sum"), labels, None, buckets.sum)?;
        self.end(None)
    }

    /// A sample, up to its value.
    fn sample(&mut self, name: &str, labels: &Labels, le: Option<&str>, value: Number) -> fmt::Result {
        let mut separator = "{";
        if is_plain_metric(name) {
            self.text.push_str(name);
        } else {
            write!(self.text, "{{\"{}\"", Quoted(name))?;
            separator = ",";
        }
        let mut le = le;
        for (label, value) in labels {
            if let Some(bound) = le.take_if(|_| label.as_str() > LE) {
                write!(self.text, "{separator}{LE}=\"{bound}\"")?;
                separator = ",";
            }
            write!(self.text, "{separator}{}=\"{}\"", Label(label), Quoted(value))?;
            separator = ",";
        }
        if let Some(bound) = le {
            write!(self.text, "{separator}{LE}=\"{bound}\"")?;
            separator = ",";
        }
        let end = if separator == "," { "}" } else { "" };
        write!(self.text, "{end} {value}")
    }

    /// The end of a sample's line.
    fn end(&mut self, exemplar: Option<&Exemplar>) -> fmt::Result {
        if let Some(Exemplar { value, time, trace_id, span_id }) = exemplar
            && self.format == Format::OpenMetrics
        {
            // 64 characters of labels; OpenMetrics allows 128.
            write!(
                self.text,
                " # {{trace_id=\"{trace_id}\",span_id=\"{span_id}\"}} {} {}",
                Canonical(*value),
                Seconds(*time)
            )?;
        }
        self.text.push('\n');
        Ok(())
    }
}

const fn kind(kind: Kind, open_metrics: bool) -> &'static str {
    match (kind, open_metrics) {
        (Kind::Counter, _) => "counter",
        (Kind::Gauge, _) | (Kind::Target, false) => "gauge",
        (Kind::Histogram, _) => "histogram",
        (Kind::Target, true) => "info",
        (Kind::Unknown, true) => "unknown",
        (Kind::Unknown, false) => "untyped",
    }
}

/// Whether a family may be said to have this unit: its name must end in it (OpenMetrics 1.0.0, "Unit").
fn has_unit(name: &str, unit: &str) -> bool {
    is_plain_metric(unit)
        && name
            .strip_suffix(unit)
            .and_then(|rest| rest.strip_suffix('_'))
            .is_some_and(|rest| !rest.is_empty())
}

/// A metric's name where no labels follow.
struct Metric<'n>(&'n str);

impl fmt::Display for Metric<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        quoted(self.0, is_plain_metric(self.0), formatter)
    }
}

/// A label's name.
struct Label<'n>(&'n str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        quoted(self.0, is_plain_label(self.0), formatter)
    }
}

fn quoted(name: &str, plain: bool, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if plain { formatter.write_str(name) } else { write!(formatter, "\"{}\"", Quoted(name)) }
}
