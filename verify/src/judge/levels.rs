//! The severity of a log record and the status of a span: what the meanings of a record give, and what came.

use slo_model::event::{Level, Severity, Variant};

use super::values::{Meant, Values};

/// The level that the meanings of a record give together, where each of them shows one variant; none where that isn't known.
pub(crate) fn only<T: Copy + Ord>(
    levels: &[Level<'_>],
    values: &Values<'_>,
    level: impl Fn(&Variant<'_>) -> Option<T>,
) -> Option<Option<T>> {
    let mut greatest = None;
    for one in levels {
        match values.meaning(one.field) {
            Some(Meant::Variants(numbers)) => {
                let [number] = numbers.as_slice() else { return None };
                greatest = greatest.max(level(one.meaning.variants.get(usize::from(*number))?));
            }
            Some(Meant::Absent) => {}
            Some(Meant::Unclear) | None => return None,
        }
    }
    Some(greatest)
}

/// The levels that the meanings of a record may give together: the greatest of one choice of each. None is there where none gives
/// one.
pub(crate) fn possible<T: Copy + Ord>(
    levels: &[Level<'_>],
    values: &Values<'_>,
    level: impl Fn(&Variant<'_>) -> Option<T>,
) -> Vec<Option<T>> {
    let mut all: Vec<Option<T>> = vec![None];
    for one in levels {
        let variants = one.meaning.variants;
        let mut options: Vec<Option<T>> = match values.meaning(one.field) {
            Some(Meant::Variants(numbers)) => {
                numbers.iter().filter_map(|number| variants.get(usize::from(*number))).map(&level).collect()
            }
            Some(Meant::Absent) => vec![None],
            // A fault was told, or the record doesn't show it: it may be any.
            Some(Meant::Unclear) | None => variants.iter().map(&level).chain([None]).collect(),
        };
        options.sort_unstable();
        options.dedup();
        let mut next: Vec<Option<T>> = Vec::new();
        for before in &all {
            next.extend(options.iter().map(|option| (*before).max(*option)));
        }
        next.sort_unstable();
        next.dedup();
        all = next;
    }
    all
}

/// Whether all that gives a level is known, so that there is one.
pub(crate) fn is_known(levels: &[Level<'_>], values: &Values<'_>) -> bool {
    levels.iter().all(|one| matches!(values.meaning(one.field), Some(Meant::Variants(_) | Meant::Absent)))
}

/// The band of a severity number (logs data model, "SeverityNumber"); none for 0 and for what is past 24.
pub(crate) const fn band(number: i32) -> Option<Severity> {
    match number {
        1..=4 => Some(Severity::Trace),
        5..=8 => Some(Severity::Debug),
        9..=12 => Some(Severity::Info),
        13..=16 => Some(Severity::Warn),
        17..=20 => Some(Severity::Error),
        21..=24 => Some(Severity::Fatal),
        _ => None,
    }
}

/// The words that bridges write for levels, in lower case, with the band of each. Seen by running each bridge: otelslog and otelzap
/// v0.21.0, Python's logging, pino 10.4.0, bunyan 1.8.15, winston 3.19.0, log4j 2.26.1, logback 1.5.38, `tracing` and `log` of Rust.
const WORDS: &[(&str, Severity)] = &[
    ("trace", Severity::Trace),
    ("finest", Severity::Trace),
    ("finer", Severity::Trace),
    ("silly", Severity::Trace),
    ("all", Severity::Trace),
    ("verbose", Severity::Debug),
    ("fine", Severity::Debug),
    ("debug", Severity::Debug),
    ("http", Severity::Debug),
    ("config", Severity::Debug),
    ("info", Severity::Info),
    ("information", Severity::Info),
    ("informational", Severity::Info),
    ("notice", Severity::Info),
    ("help", Severity::Info),
    ("warn", Severity::Warn),
    ("warning", Severity::Warn),
    ("error", Severity::Error),
    ("err", Severity::Error),
    ("severe", Severity::Error),
    ("critical", Severity::Fatal),
    ("crit", Severity::Fatal),
    ("alert", Severity::Fatal),
    ("emerg", Severity::Fatal),
    ("emergency", Severity::Fatal),
    ("dpanic", Severity::Fatal),
    ("panic", Severity::Fatal),
    ("fatal", Severity::Fatal),
];

/// The severity that a text says, without regard to case: `ERROR+8` of slog is an error.
pub(crate) fn of_text(text: &str) -> Option<Severity> {
    let word = text.split(['+', '-']).next().unwrap_or_default().trim();
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, severity)| *severity)
}

/// The severity that a text names by its short name (logs data model, "Displaying Severity"), without regard to case. Other words are the
/// logger's own, and each has its own scale.
pub(crate) fn of_short_name(text: &str) -> Option<Severity> {
    let all =
        [Severity::Trace, Severity::Debug, Severity::Info, Severity::Warn, Severity::Error, Severity::Fatal];
    all.into_iter().find(|severity| name(*severity).eq_ignore_ascii_case(text))
}

/// The severity's name, as contracts have it.
pub(crate) const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "unspecified",
        Severity::Trace => "trace",
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
        Severity::Fatal => "fatal",
    }
}
