//! Which form of the text a scraper wants.

/// The most bytes of an `Accept` header that are read, and the most ranges of it: Prometheus's own has five, in 300 bytes.
const LENGTH: usize = 4_096;
const RANGES: usize = 64;

/// A form of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// OpenMetrics 1.0.0.
    OpenMetrics,
    /// Prometheus's own text, version 1.0.0, which knows names in quotes.
    TextV1,
    /// Prometheus's own text, version 0.0.4.
    TextV0,
}

/// What stands for a name's characters that Prometheus took no names with before its version 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// Themselves, in quotes.
    AllowUtf8,
    /// `_`.
    Underscores,
}

/// What a scraper is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exposition {
    pub(crate) format: Format,
    pub(crate) escaping: Escaping,
}

impl Exposition {
    /// The value of `Content-Type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match (self.format, self.escaping) {
            (Format::OpenMetrics, Escaping::AllowUtf8) => {
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
            }
            (Format::OpenMetrics, Escaping::Underscores) => {
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
            }
            (Format::TextV1, Escaping::AllowUtf8) => {
                "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
            }
            (Format::TextV1, Escaping::Underscores) => {
                "text/plain; version=1.0.0; charset=utf-8; escaping=underscores"
            }
            (Format::TextV0, Escaping::AllowUtf8) => {
                "text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8"
            }
            (Format::TextV0, Escaping::Underscores) => {
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
            }
        }
    }
}

/// What a scraper with this `Accept` header is answered: of the forms that it takes the one that it likes most, OpenMetrics
/// where it likes several the same or says nothing, and Prometheus's oldest text where it takes none of them, which is
/// more use than a refusal (RFC 9110, 12.5.1). A range that can't be read counts for nothing. Names are escaped
/// unless the range of the chosen form says `escaping=allow-utf-8`.
pub(crate) fn negotiate(accept: Option<&str>) -> Exposition {
    let header = accept.map(|header| cut(header, LENGTH)).unwrap_or_default();
    let ranges: Vec<Range<'_>> = header.split(',').take(RANGES).filter_map(range).collect();
    if header.trim().is_empty() {
        return Exposition { format: Format::OpenMetrics, escaping: Escaping::Underscores };
    }
    let mut best: Option<(u16, Exposition)> = None;
    for format in [Format::OpenMetrics, Format::TextV0, Format::TextV1] {
        // The range that fits most narrowly says how much the form is liked.
        let fitting = ranges.iter().filter_map(|range| Some((range.fit(format)?, range)));
        let Some((_, range)) = fitting.max_by_key(|(fit, range)| (*fit, range.quality)) else { continue };
        if range.quality > best.map_or(0, |(quality, _)| quality) {
            best = Some((range.quality, Exposition { format, escaping: range.escaping }));
        }
    }
    best.map_or(Exposition { format: Format::TextV0, escaping: Escaping::Underscores }, |(_, best)| best)
}

/// The beginning of a text, of at most so many bytes.
fn cut(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A media range of the header.
#[derive(Debug)]
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    version: Option<&'h str>,
    /// Whether it has a parameter that no form here has, so that none fits.
    other: bool,
    escaping: Escaping,
    /// In thousandths.
    quality: u16,
}

impl Range<'_> {
    /// How narrowly it fits a form; none where it doesn't.
    fn fit(&self, format: Format) -> Option<u8> {
        let (kind, subtype, versions): (_, _, &[&str]) = match format {
            Format::OpenMetrics => ("application", "openmetrics-text", &["1.0.0"]),
            Format::TextV1 => ("text", "plain", &["1.0.0"]),
            Format::TextV0 => ("text", "plain", &["0.0.4"]),
        };
        let is = |own: &str, other: &str| own.eq_ignore_ascii_case(other);
        match (self.kind, self.subtype, self.version) {
            ("*", "*", None) if !self.other => Some(1),
            (own, "*", None) if is(own, kind) && !self.other => Some(2),
            (own, sub, version) if is(own, kind) && is(sub, subtype) && !self.other => match version {
                Some(version) => versions.contains(&version).then_some(4),
                // A form that may be asked for by its name alone: the version of it that is known longest.
                None => (format != Format::TextV1).then_some(3),
            },
            _ => None,
        }
    }
}

/// Reads a media range (RFC 9110, 12.5.1), as far as it matters here.
fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let mut range = Range {
        kind: kind.trim(),
        subtype: subtype.trim(),
        version: None,
        other: false,
        escaping: Escaping::Underscores,
        quality: 1_000,
    };
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => range.quality = quality(value)?,
            "version" => range.version = Some(value),
            "escaping" if value.eq_ignore_ascii_case("allow-utf-8") => range.escaping = Escaping::AllowUtf8,
            // `dots` and `values`, which a scraper that knows `escaping` can do without.
            "escaping" => range.escaping = Escaping::Underscores,
            "charset" if value.eq_ignore_ascii_case("utf-8") => {}
            _ => range.other = true,
        }
    }
    Some(range)
}

/// Reads a weight (RFC 9110, 12.4.2), in thousandths.
fn quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PROMETHEUS_3: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
        application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
        text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    const PROMETHEUS_2: &str = "application/openmetrics-text;version=1.0.0,\
        application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    #[test]
    fn the_best_form_that_the_scraper_takes() {
        use Escaping::{AllowUtf8, Underscores};
        use Format::{OpenMetrics, TextV0, TextV1};
        for (header, format, escaping) in [
            ("", OpenMetrics, Underscores),
            ("*/*", OpenMetrics, Underscores),
            (PROMETHEUS_3, OpenMetrics, AllowUtf8),
            (PROMETHEUS_2, OpenMetrics, Underscores),
            ("application/openmetrics-text", OpenMetrics, Underscores),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\" ; charset=UTF-8", OpenMetrics, Underscores),
            ("application/openmetrics-text;version=1.0.0;escaping=dots", OpenMetrics, Underscores),
            ("application/*;q=0.1", OpenMetrics, Underscores),
            ("text/plain", TextV0, Underscores),
            ("text/plain;version=0.0.4;escaping=allow-utf-8", TextV0, AllowUtf8),
            ("text/plain;version=1.0.0;escaping=allow-utf-8", TextV1, AllowUtf8),
            ("text/*;q=0.5, */*;q=0.1", TextV0, Underscores),
            // The narrower range says that OpenMetrics isn't wanted.
            ("application/openmetrics-text;version=1.0.0;q=0,*/*", TextV0, Underscores),
            ("application/openmetrics-text;version=0.0.1,text/plain;q=0.5", TextV0, Underscores),
            ("application/openmetrics-text;version=2.0.0", TextV0, Underscores),
            ("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily", TextV0, Underscores),
            ("*/*;q=0", TextV0, Underscores),
            ("text/html", TextV0, Underscores),
            // What can't be read counts for nothing.
            ("application/openmetrics-text;q=9,text/plain;q=0.1", TextV0, Underscores),
            ("application/openmetrics-text;q=0.0001,;;;,/,=,text", TextV0, Underscores),
        ] {
            assert_eq!(negotiate(Some(header)), Exposition { format, escaping }, "{header}");
        }
        assert_eq!(negotiate(None).format, OpenMetrics);
    }

    #[test]
    fn a_header_is_read_to_a_limit() {
        let far = format!("{}application/openmetrics-text", "text/html,".repeat(100));
        assert_eq!(negotiate(Some(&far)).format, Format::TextV0);
        let long = format!("text/html;a={},application/openmetrics-text", "é".repeat(5_000));
        assert_eq!(negotiate(Some(&long)).format, Format::TextV0);
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd(
            header in prop_oneof![".*", "([a-z*]{0,3}[/;,=q\" .01]){0,40}"]
        ) {
            let content = negotiate(Some(&header)).content_type();
            prop_assert!(content.contains("version=") && content.contains("escaping="));
        }
    }
}
