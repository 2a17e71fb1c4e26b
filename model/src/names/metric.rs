//! What a metric is called, and its series.

use super::{TranslationStrategy, only_underscores, unit};

/// What a metric is over OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// A monotonic sum.
    Counter,
    /// A sum that isn't monotonic.
    UpDownCounter,
    /// The last value.
    Gauge,
    /// A histogram with explicit bounds, a classic histogram in Prometheus.
    Histogram,
    /// A histogram with exponential buckets, a native histogram in Prometheus.
    ExponentialHistogram,
}

impl MetricKind {
    /// All kinds.
    pub const ALL: [MetricKind; 5] = [
        MetricKind::Counter,
        MetricKind::UpDownCounter,
        MetricKind::Gauge,
        MetricKind::Histogram,
        MetricKind::ExponentialHistogram,
    ];

    /// What the kind alone appends to a name: `total` to a counter, `ratio` to a gauge in `1`.
    fn suffix(self, unit: &str) -> Option<&'static str> {
        match self {
            MetricKind::Counter => Some("total"),
            MetricKind::Gauge if unit == "1" => Some("ratio"),
            _ => None,
        }
    }
}

/// The name that Prometheus's server gives a metric, without the endings of a classic histogram's series, or `None` where
/// it refuses the metric, and every metric of the same request with it.
///
/// Source: seen on Prometheus 3, OTLP receiver.
/// - Under escaping, ASCII letters, digits and `:` stay. A run of other characters becomes one `_`, and nothing at either end.
///   Without suffixes `_` stays as well; with them it counts as another character. `_` is put before a digit in front. A name of
///   which nothing is left, or nothing but `_`, is refused.
/// - Suffixes under escaping are compared word by word: a unit that is a word of the name already isn't appended; `per_second`
///   is more than one word, and is appended again. A counter's `total` and a ratio's `ratio` are taken out wherever they
///   stand, and put last.
/// - Suffixes without escaping are compared with the end of the name, whether or not a word begins there. What is appended
///   last is cut off first, together with the one byte before it: a counter `subtotal` becomes `su_total`. Where that byte is
///   part of a longer character, the name is no UTF-8 any more and no query finds it; here it has U+FFFD in that place.
/// - Without escaping nothing is refused. An empty name gives a series without a name.
#[must_use]
pub fn prometheus_metric(
    name: &str,
    unit: &str,
    kind: MetricKind,
    strategy: TranslationStrategy,
) -> Option<String> {
    match (strategy.escapes(), strategy.appends()) {
        (true, appends) => {
            let escaped = if appends { escaped_with_suffixes(name, unit, kind) } else { escaped(name) };
            let refused = escaped.is_empty() || (escaped != name && only_underscores(&escaped));
            (!refused).then_some(escaped)
        }
        (false, true) => Some(kept_with_suffixes(name, unit, kind)),
        (false, false) => Some(name.to_owned()),
    }
}

/// The names of the series in which a metric's points stand, or `None` where the server refuses the metric.
///
/// Source: seen on Prometheus 3, OTLP receiver with `convert_histograms_to_nhcb` off, as it is by default. A histogram `x` is
/// `x_bucket`, `x_count` and `x_sum`, the last one only of points that have a sum; no series is called `x`. Every other metric is one
/// series. Two metrics with a series in common are joined without a word: where labels and time agree too, the
/// first one of the request is kept.
#[must_use]
pub fn prometheus_series(
    name: &str,
    unit: &str,
    kind: MetricKind,
    strategy: TranslationStrategy,
) -> Option<Vec<String>> {
    let metric = prometheus_metric(name, unit, kind, strategy)?;
    Some(match kind {
        MetricKind::Histogram => ["bucket", "count", "sum"].map(|part| format!("{metric}_{part}")).into(),
        _ => vec![metric],
    })
}

/// The parts of a text between characters that don't fit a metric's name; `_` is one of these.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(does_not_fit).filter(|word| !word.is_empty())
}

fn does_not_fit(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || character == ':')
}

fn escaped(name: &str) -> String {
    let runs = name.split(|character| does_not_fit(character) && character != '_');
    digit_behind_underscore(joined(runs.filter(|run| !run.is_empty())))
}

fn escaped_with_suffixes(name: &str, unit: &str, kind: MetricKind) -> String {
    let mut tokens: Vec<&str> = words(name).collect();
    let (measured, per) = unit::suffixes(unit);
    let mut measured_words = joined(words(measured));
    let mut per_words = joined(words(&per));
    // `per` alone is left of a unit of which no character fits.
    if per_words == "per" {
        per_words.clear();
    }
    // A `_` at the end of a unit stays where nothing of the unit follows it: `m²` of `x` is `x_m_`.
    let trails = !measured_words.is_empty() && measured.ends_with(does_not_fit);
    if trails && per_words.is_empty() {
        measured_words.push('_');
    }
    if !measured_words.is_empty() && (trails || !tokens.contains(&measured_words.as_str())) {
        tokens.push(&measured_words);
    }
    if !per_words.is_empty() {
        tokens.push(&per_words);
    }
    if let Some(suffix) = kind.suffix(unit) {
        tokens.retain(|token| *token != suffix);
        tokens.push(suffix);
    }
    digit_behind_underscore(joined(tokens.into_iter()))
}

fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join("_")
}

fn digit_behind_underscore(mut name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

fn kept_with_suffixes(name: &str, unit: &str, kind: MetricKind) -> String {
    let (measured, per) = unit::suffixes(unit);
    let last = kind.suffix(unit).unwrap_or_default();
    // Bytes, because the server cuts within a character as well.
    let rest = cut(cut(name.as_bytes(), last), &per);
    let mut whole = rest.to_vec();
    let measured = if rest.ends_with(measured.as_bytes()) { "" } else { measured };
    for suffix in [measured, &per, last].into_iter().filter(|suffix| !suffix.is_empty()) {
        whole.push(b'_');
        whole.extend_from_slice(suffix.as_bytes());
    }
    String::from_utf8_lossy(&whole).into_owned()
}

/// A name without a suffix and the byte before it, where something is left then.
fn cut<'n>(name: &'n [u8], suffix: &str) -> &'n [u8] {
    match name.strip_suffix(suffix.as_bytes()) {
        Some([rest @ .., _]) if !suffix.is_empty() && !rest.is_empty() => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::MetricKind::{Counter, ExponentialHistogram, Gauge, Histogram, UpDownCounter};
    use super::*;
    use TranslationStrategy::{
        NoTranslation, NoUtf8EscapingWithSuffixes, UnderscoreEscapingWithSuffixes,
        UnderscoreEscapingWithoutSuffixes,
    };

    fn holds(strategy: TranslationStrategy, cases: &[(&str, &str, MetricKind, &str)]) {
        for (name, unit, kind, expected) in cases {
            let found = prometheus_metric(name, unit, *kind, strategy);
            assert_eq!(found.as_deref(), Some(*expected), "`{name}` in `{unit}`, {kind:?}");
        }
    }

    #[test]
    fn escaping_joins_words() {
        let cases = [
            ("http.server.duration", "", Histogram, "http_server_duration"),
            ("a..b", "", Gauge, "a_b"),
            ("a__b", "", Gauge, "a_b"),
            ("_.a._", "", Gauge, "a"),
            ("a:b::", "", Gauge, "a:b::"),
            ("é.a名前b", "", Gauge, "a_b"),
            ("0day", "", Gauge, "_0day"),
            ("_0day", "", Gauge, "_0day"),
            ("target.info", "", Gauge, "target_info"),
        ];
        holds(UnderscoreEscapingWithSuffixes, &cases);
        for name in ["", "_", "___", "..", "名前"] {
            assert_eq!(prometheus_metric(name, "", Gauge, UnderscoreEscapingWithSuffixes), None, "`{name}`");
        }
        // The unit or the kind is enough of a name.
        holds(UnderscoreEscapingWithSuffixes, &[("名前", "s", Gauge, "seconds"), ("", "", Counter, "total")]);
    }

    #[test]
    fn escaping_without_suffixes_keeps_underscores() {
        let cases = [
            ("a..b", "By", Counter, "a_b"),
            ("a__b", "1", Gauge, "a__b"),
            ("a_.b", "", Gauge, "a__b"),
            (".a._", "", Gauge, "a__"),
            ("_a_", "", Gauge, "_a_"),
            ("a:b", "", Gauge, "a:b"),
            ("0day", "", Gauge, "_0day"),
            ("___", "", Gauge, "___"),
        ];
        holds(UnderscoreEscapingWithoutSuffixes, &cases);
        for name in ["", "..", "名前", "_名", "._"] {
            assert_eq!(
                prometheus_metric(name, "s", Gauge, UnderscoreEscapingWithoutSuffixes),
                None,
                "`{name}`"
            );
        }
    }

    #[test]
    fn a_suffix_is_a_word_of_its_own() {
        let cases = [
            ("a", "By", UpDownCounter, "a_bytes"),
            ("a", "By/s", UpDownCounter, "a_bytes_per_second"),
            ("a", "{x}/s", UpDownCounter, "a_per_second"),
            ("a.bytes.b", "By", UpDownCounter, "a_bytes_b"),
            ("kilobytes", "By", UpDownCounter, "kilobytes_bytes"),
            ("a.per.second", "/s", UpDownCounter, "a_per_second_per_second"),
            ("a", "1", Gauge, "a_ratio"),
            ("a.ratio.b.ratio", "1", Gauge, "a_b_ratio"),
            ("a", " 1", Gauge, "a"),
            ("a", "1", UpDownCounter, "a"),
            ("a", "1", Histogram, "a"),
            ("a", "1", Counter, "a_total"),
            ("a", "%", Gauge, "a_percent"),
            ("total.a.total", "", Counter, "a_total"),
            ("bytes.total.read", "MiBy", Counter, "bytes_read_mebibytes_total"),
            ("a", "total", Counter, "a_total"),
            ("total", "", Counter, "total"),
            ("subtotal", "", Counter, "subtotal_total"),
            ("a", "foo bar", Gauge, "a_foo_bar"),
            ("a", "°F", Gauge, "a_F"),
            ("a", "m²", Gauge, "a_m_"),
            ("a", "m²", Counter, "a_m__total"),
            ("a", "m²/s", Gauge, "a_m_per_second"),
            ("a.m", "m²/s", Gauge, "a_m_m_per_second"),
            ("a", "By/名", Gauge, "a_bytes"),
            ("a", "By/s/h", Gauge, "a_bytes_per_s_h"),
            ("a", "s", ExponentialHistogram, "a_seconds"),
            ("1", "By", Gauge, "_1_bytes"),
        ];
        holds(UnderscoreEscapingWithSuffixes, &cases);
    }

    #[test]
    fn a_suffix_without_escaping_is_an_end() {
        let cases = [
            ("a.b", "By/s", Counter, "a.b_bytes_per_second_total"),
            ("a.b.total", "", Counter, "a.b_total"),
            ("a.total.b", "", Counter, "a.total.b_total"),
            ("subtotal", "", Counter, "su_total"),
            (".total", "", Counter, ".total_total"),
            ("a.kilobytes", "By", Gauge, "a.kilobytes"),
            ("a.bytes.total", "By", Counter, "a.bytes_total"),
            ("a.bytes.per_second", "By/s", Gauge, "a.bytes_per_second"),
            ("a.ratio", "1", Gauge, "a_ratio"),
            ("a", "m²", Gauge, "a_m²"),
            ("名total", "", Counter, "\u{fffd}_total"),
            ("", "s", Gauge, "_seconds"),
            ("", "", Gauge, ""),
        ];
        holds(NoUtf8EscapingWithSuffixes, &cases);
        holds(NoTranslation, &[("a.b.total", "By", Counter, "a.b.total"), ("", "s", Gauge, "")]);
    }

    #[test]
    fn only_a_classic_histogram_has_parts() {
        let series = |kind| prometheus_series("a.b", "s", kind, UnderscoreEscapingWithSuffixes);
        assert_eq!(
            series(Histogram).unwrap(),
            ["a_b_seconds_bucket", "a_b_seconds_count", "a_b_seconds_sum"]
        );
        assert_eq!(series(ExponentialHistogram).unwrap(), ["a_b_seconds"]);
        assert_eq!(series(Counter).unwrap(), ["a_b_seconds_total"]);
        assert_eq!(prometheus_series("名前", "", Histogram, UnderscoreEscapingWithSuffixes), None);
    }
}
