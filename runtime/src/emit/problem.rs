//! What could not be said as it was meant.

use std::fmt;

/// A problem with an event, a metric or an exporter that the program is told of once. Each is counted whenever it
/// happens, by a metric of the scope `slo`; a program is told of it once for each event, field and kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem.
    pub kind: ProblemKind,
    /// The full name of the event, or the name of an observed metric.
    pub of: &'static str,
    /// The field, the key, the metric or the payload that it is about; empty where it is about the whole.
    pub what: &'static str,
    /// More, in words.
    pub why: String,
}

/// The kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A value that its field does not allow: it was left out, or a label took what stands for the rest.
    Invalid,
    /// An event that went out on no signal, because a value did not fit and its event says `invalid=drop`.
    Dropped,
    /// An end before the start: the wall clock was set back in between.
    Backwards,
    /// An event that opens no span, and none was running: it belongs to no trace.
    WithoutSpan,
    /// A callback panicked.
    Panicked,
    /// There is no logger provider: OpenTelemetry for Rust has no global one, and none was given.
    WithoutLogs,
    /// The SDK was not told of a metric's limit or buckets: the contract's view is missing from its provider.
    WithoutView,
    /// The day of `until=` is past.
    Past,
    /// A scope's own attributes don't fit the contract.
    Scope,
    /// A field of a `tracing` event or span, written by hand, whose name is nearly a key of the contract.
    Misspelt,
    /// A field of a `tracing` event or span, written by hand, whose value does not fit the key of its name.
    Misfit,
    /// An exporter could not send, for a reason other than before.
    Exporter,
    /// A variable of the environment that can't be read, and was passed over.
    Setting,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { kind, of, what, why } = self;
        match kind {
            ProblemKind::Invalid => write!(formatter, "`{what}` of `{of}` does not fit: {why}"),
            ProblemKind::Dropped => write!(formatter, "an event `{of}` went out on no signal: {why}"),
            ProblemKind::Backwards => {
                write!(formatter, "an event `{of}` ends before its start; it is given no length")
            }
            ProblemKind::WithoutSpan => write!(
                formatter,
                "an event `{of}` opens no span, and none is running: it belongs to no trace; carry the context there, or begin an event that opens a span"
            ),
            ProblemKind::Panicked => write!(formatter, "the callback of `{of}` panicked: {why}"),
            ProblemKind::WithoutLogs => write!(
                formatter,
                "log records of `{of}` go nowhere: OpenTelemetry has no global logger provider; give one by `slo::Telemetry::builder().logs(…)`"
            ),
            ProblemKind::WithoutView => write!(
                formatter,
                "the SDK was not told of `{what}`'s {why}; add `slo::view(&CONTRACT)` to the meter provider, before other views"
            ),
            ProblemKind::Past => write!(formatter, "`{what}` of `{of}` was to go {why}"),
            ProblemKind::Scope => write!(formatter, "the scope of `{of}` is not whole: {why}"),
            ProblemKind::Misspelt => {
                write!(formatter, "`{what}` of `{of}` is nearly a key of the contract: {why}")
            }
            ProblemKind::Exporter => {
                write!(formatter, "the exporter `{of}` did not send a batch of signal `{what}`: {why}")
            }
            ProblemKind::Setting => write!(formatter, "`{of}` was passed over: {why}"),
            ProblemKind::Misfit => write!(formatter, "`{what}` of `{of}` does not fit its key: {why}"),
        }
    }
}
