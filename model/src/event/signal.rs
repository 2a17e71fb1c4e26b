//! Metrics, log records and spans of an event.

use super::Meaning;
use crate::table::described;
use crate::table::packed::packed;
use crate::{Container, Literal};

described! {
    /// The three signals.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Signal {
        /// A metric's points.
        Metric,
        /// A log record.
        Log,
        /// A span.
        Span,
    }
}

packed! {
    /// A metric.
    #[derive(Clone, Copy, Debug)]
    pub struct Metric<'a> {
        /// Its name.
        pub name: &'a str,
        /// Its scope, where it is another than the event's.
        pub scope: Option<&'a Container<'a>>,
        /// What it is.
        pub description: &'a str,
        /// Its unit, in UCUM; empty where it has none.
        pub unit: &'a str,
        /// Its kind.
        pub kind: InstrumentKind,
        /// The type of its numbers.
        pub number: NumberType,
        /// The number of the field that it measures. None where it counts by one.
        pub value: Option<u16>,
        /// A histogram's buckets.
        pub buckets: Buckets<'a>,
        /// The most points that it has by its labels, as proved or by `limit=`, the point beyond the limit included.
        pub points: u32,
        /// The most points by `limit=`, the point beyond it left out.
        pub limit: Option<u32>,
        /// The day on which it goes, as `2027-06-30`.
        pub until: Option<&'a str>,
        /// Which records it counts: those that pass all tests.
        pub when: &'a [Test<'a>],
        /// Its labels.
        pub labels: &'a [Writer<'a>],
    }

    /// The kinds of instrument.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum InstrumentKind {
        /// Only ever grows.
        Counter,
        /// Grows and shrinks.
        UpDownCounter,
        /// Is what it is.
        Gauge,
        /// Counts values by their size.
        Histogram,
    }

    /// The types of an instrument's numbers.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum NumberType {
        /// Integers.
        Int,
        /// Floating-point numbers.
        Double,
    }

    /// A histogram's buckets.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Buckets<'a> {
        /// It is no histogram.
        None,
        /// Buckets with these upper bounds, and one beyond the last.
        Explicit(bounds: &'a [f64]),
        /// Buckets that follow the values.
        Exponential,
    }

    /// A log record that an event becomes.
    #[derive(Clone, Copy, Debug)]
    pub struct Log<'a> {
        /// Its event name; none where it has none.
        pub name: Option<&'a str>,
        /// Its scope, where it is another than the event's.
        pub scope: Option<&'a Container<'a>>,
        /// The meanings that give it its severity and its body: of those that are present the one whose severity is the
        /// greatest, of several of these the first that has a body.
        pub levels: &'a [Level<'a>],
        /// The severity where no meaning that is present gives one.
        pub severity: Option<Severity>,
        /// The text of the severity in each record; that of OpenTelemetry for the severity where none is said.
        pub severity_text: Option<&'a str>,
        /// The body where the meaning that gives the severity has none; none where it is empty.
        pub body: &'a [TextPart<'a>],
        /// The day on which it goes, as `2027-06-30`.
        pub until: Option<&'a str>,
        /// Which records it is written for: those that pass all tests.
        pub when: &'a [Test<'a>],
        /// Its attributes.
        pub attributes: &'a [Writer<'a>],
    }

    /// The span that an event becomes, or writes onto.
    #[derive(Clone, Copy, Debug)]
    pub struct Span<'a> {
        /// Its name. None where it is the span that is running.
        pub name: Option<&'a [TextPart<'a>]>,
        /// Its scope, where it is another than the event's.
        pub scope: Option<&'a Container<'a>>,
        /// Its kind.
        pub kind: SpanKind,
        /// The meanings that give it its status and the description of that, as those of a log give its severity and body.
        pub levels: &'a [Level<'a>],
        /// The number of the field with the contexts that it links to.
        pub links: Option<u16>,
        /// Which records it is written for: those that pass all tests.
        pub when: &'a [Test<'a>],
        /// Its attributes.
        pub attributes: &'a [Writer<'a>],
    }

    /// An event on a span: the one that its event opens, or else the one that is running.
    #[derive(Clone, Copy, Debug)]
    pub struct SpanEvent<'a> {
        /// Its name.
        pub name: &'a [TextPart<'a>],
        /// Which records it is written for: those that pass all tests.
        pub when: &'a [Test<'a>],
        /// Its attributes.
        pub attributes: &'a [Writer<'a>],
    }

    /// The severity of a log record, by the names of OpenTelemetry's ranges (logs data model, "SeverityNumber"). Where
    /// several meanings give one, the greatest holds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Severity {
        /// None is said: the record has the number 0, and no name of one.
        Unspecified,
        /// Fine-grained debugging.
        Trace,
        /// Debugging.
        Debug,
        /// Something happened.
        Info,
        /// Something that may become an error.
        Warn,
        /// Something went wrong.
        Error,
        /// The program can't go on.
        Fatal,
    }
}

described! {
    /// The status of a span. Where several meanings give one, the greatest holds.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Status {
        /// Nothing is said.
        Unset,
        /// The operation was found to be right.
        Ok,
        /// The operation failed.
        Error,
    }
}

packed! {
    /// The kinds of span (OpenTelemetry, tracing API, "SpanKind").
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum SpanKind {
        /// Inside the program.
        Internal,
        /// Answers a request.
        Server,
        /// Makes a request.
        Client,
        /// Hands a message on.
        Producer,
        /// Takes a message up.
        Consumer,
    }

    /// A part of a text whose holes are values: of an event's fields, or of what a variant carries.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum TextPart<'a> {
        /// Text that stands there as it is.
        Text(text: &'a str),
        /// The value of this number.
        Value(number: u16),
    }

    /// A meaning that gives a log record its severity, or a span its status.
    #[derive(Clone, Copy, Debug)]
    pub struct Level<'a> {
        /// The number of the field that holds it.
        pub field: u16,
        /// The meaning itself, or the view by which it shows.
        pub meaning: &'a Meaning<'a>,
    }

    /// What writes into a signal's record.
    #[derive(Clone, Copy, Debug)]
    pub struct Writer<'a> {
        /// The key; empty for a meaning, which brings its own.
        pub key: &'a str,
        /// What it writes.
        pub value: WriterValue<'a>,
    }

    /// What a writer writes.
    #[derive(Clone, Copy, Debug)]
    pub enum WriterValue<'a> {
        /// The field of this number.
        Field(field: u16),
        /// The field of this number, as decimal text, `true` or `false`.
        Text(field: u16),
        /// The meaning in the field of this number, as the meaning itself or a view of it shows.
        Meaning(field: u16, meaning: &'a Meaning<'a>),
        /// Always this.
        Constant(value: Literal<'a>),
    }

    /// A test of a field.
    #[derive(Clone, Copy, Debug)]
    pub struct Test<'a> {
        /// The number of the field.
        pub field: u16,
        /// What passes.
        pub passes: Passes<'a>,
    }

    /// What passes a test. A variant, a member and a bool (`false` is 0) stand by their numbers; a value that an open enum
    /// does not list stands by itself.
    #[derive(Clone, Copy, Debug)]
    pub enum Passes<'a> {
        /// One of these. An absent field does not pass.
        In(numbers: &'a [u16], others: &'a [Literal<'a>]),
        /// Anything else. An absent field passes.
        NotIn(numbers: &'a [u16], others: &'a [Literal<'a>]),
        /// Whatever is present.
        Present,
    }
}
