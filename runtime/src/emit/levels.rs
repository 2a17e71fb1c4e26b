//! Severities and statuses, and the texts that come with them.

use std::borrow::Cow;

use opentelemetry::logs::Severity as LogSeverity;
use opentelemetry::trace::Status as SpanStatus;
use slo_model::event::{Event, Level, Meaning, Severity, Signal, Status, Variant};

use super::plan::TextPlan;
use crate::event::FieldValue;

/// A severity with the name that OpenTelemetry gives it (logs data model, "Displaying Severity"). One that is unspecified is the
/// number that a record has which says none.
pub(crate) const fn log_severity(severity: Severity) -> Option<(LogSeverity, &'static str)> {
    Some(match severity {
        Severity::Unspecified => return None,
        Severity::Trace => (LogSeverity::Trace, "TRACE"),
        Severity::Debug => (LogSeverity::Debug, "DEBUG"),
        Severity::Info => (LogSeverity::Info, "INFO"),
        Severity::Warn => (LogSeverity::Warn, "WARN"),
        Severity::Error => (LogSeverity::Error, "ERROR"),
        Severity::Fatal => (LogSeverity::Fatal, "FATAL"),
    })
}

/// A status with its description, which only an error has.
pub(crate) fn span_status(status: Status, description: Cow<'static, str>) -> SpanStatus {
    match status {
        Status::Unset => SpanStatus::Unset,
        Status::Ok => SpanStatus::Ok,
        Status::Error => SpanStatus::error(description),
    }
}

/// The meanings that give a signal its severity or its status, and a text with it.
pub(crate) struct Levels {
    meanings: Box<[LevelPlan]>,
    /// Whether one of them gives a text.
    pub(crate) has_texts: bool,
}

struct LevelPlan {
    /// The place of the number of the variant.
    at: usize,
    face: &'static Meaning<'static>,
    /// The text of each variant; nothing where none has one.
    texts: Box<[TextPlan]>,
}

impl Levels {
    pub(crate) fn of(event: &Event<'static>, signal: Signal, levels: &'static [Level<'static>]) -> Levels {
        let meanings = levels.iter().filter_map(|level| {
            let at = usize::from(event.fields.get(usize::from(level.field))?.at);
            let variants = level.meaning.variants;
            let has_texts = variants.iter().any(|variant| !variant.text(signal).is_empty());
            let texts = variants.iter().filter(|_| has_texts);
            let texts =
                texts.map(|variant| TextPlan::of_variant(at, variant, variant.text(signal))).collect();
            Some(LevelPlan { at, face: level.meaning, texts })
        });
        let meanings: Box<[LevelPlan]> = meanings.collect();
        Levels { has_texts: meanings.iter().any(|one| !one.texts.is_empty()), meanings }
    }

    /// The greatest of what the variants that are present give.
    #[inline]
    pub(crate) fn greatest<L: Ord>(
        &self,
        values: &[FieldValue<'_>],
        of: impl Fn(&'static Variant<'static>) -> Option<L>,
    ) -> Option<L> {
        self.meanings.iter().filter_map(|one| of(one.variant(values)?.1)).max()
    }

    /// The text of the variant that gives the greatest; of several, of the first that has a text.
    pub(crate) fn text<L: Ord>(
        &self,
        values: &[FieldValue<'_>],
        of: impl Fn(&'static Variant<'static>) -> Option<L>,
    ) -> Option<Cow<'static, str>> {
        let greatest = self.greatest(values, &of)?;
        self.meanings.iter().find_map(|one| {
            let (number, variant) = one.variant(values)?;
            let text = one.texts.get(number).filter(|text| !text.parts.is_empty())?;
            (of(variant)? == greatest).then(|| text.text(values, |_| None))
        })
    }
}

impl LevelPlan {
    #[inline]
    fn variant(&self, values: &[FieldValue<'_>]) -> Option<(usize, &'static Variant<'static>)> {
        match values.get(self.at)? {
            FieldValue::Variant(number) => {
                let number = usize::from(*number);
                Some((number, self.face.variants.get(number)?))
            }
            _ => None,
        }
    }
}
