//! Events, and the signals that they become.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

use slo_model::names::MetricKind;

use super::meaning::words;
use super::{
    ContainerId, Declaration, Domain, EventId, FieldId, Leaf, Literal, MeaningId, Metric, Never, Node,
    Severity, Type,
};

/// The label of the point that takes what is past a metric's limit (OpenTelemetry, metrics SDK, "Overflow attribute"): no
/// vocabulary declares it.
pub(crate) const OVERFLOW: &str = "otel.metric.overflow";

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Event"))]
pub struct Event<E = Never> {
    /// Its place.
    pub node: Node,
    /// The package that declares it.
    pub package: String,
    /// Its name in the package.
    pub name: String,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Its scope. None where no signal of it needs one, or each says its own, which only an external one may.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Leaf<ContainerId, E>>,
    /// Whether it goes out on no signal when a value doesn't fit.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub drop_invalid: bool,
    /// Whether a library or another program records it: nothing is made of it, and everything else knows it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub external: bool,
    /// Whether what goes out is compiled for it, where the program's language can.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub specialized: bool,
    /// What it is made of, in the order of the text.
    pub fields: Vec<Field<E>>,
    /// The metrics that it counts in, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub metrics: Vec<Instrument<E>>,
    /// The log records that it becomes, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub logs: Vec<Log<E>>,
    /// The span that it becomes, or writes onto.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub span: Option<Span<E>>,
    /// The events that it writes onto a span, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub span_events: Vec<SpanEvent<E>>,
}

impl<E> Event<E> {
    /// Package and name, as `fin.pay.PaymentAttempt`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }

    /// One of its fields.
    #[must_use]
    pub fn field(&self, id: FieldId) -> &Field<E> {
        &self.fields[id.index()]
    }

    /// Its fields with their ids.
    pub fn fields_by_id(&self) -> impl Iterator<Item = (FieldId, &Field<E>)> {
        self.fields.iter().enumerate().map(|(index, field)| (FieldId::at(index), field))
    }

    /// The field of this name.
    #[must_use]
    pub fn field_named(&self, name: &str) -> Option<&Field<E>> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Its fields that may be the time from its begin to its end.
    #[must_use]
    pub fn durations(&self) -> Vec<FieldId> {
        let durations = self.fields_by_id().filter(|(_, field)| field.may_be_elapsed());
        durations.map(|(id, _)| id).collect()
    }

    /// Its field that is the time from its begin to its end: the only one that may be, or the one that is called so.
    #[must_use]
    pub fn elapsed(&self) -> Option<FieldId> {
        match self.durations().as_slice() {
            [one] => Some(*one),
            several => several.iter().find(|id| self.field(**id).name == "elapsed").copied(),
        }
    }
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Field"))]
pub struct Field<E = Never> {
    /// The place of its name.
    pub node: Node,
    /// Its name.
    pub name: String,
    /// What the contract says of it here, or else where its key is declared.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// The key under which it shows: its attribute's, or its own name; empty where it has none, as a meaning.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub key: String,
    /// The place of the declaration of its attribute.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub declaration: Option<Node>,
    /// What it holds.
    pub value: Leaf<FieldValue, E>,
    /// Whether it may be absent.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub optional: bool,
    /// What it always is, where it is a constant.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub constant: Option<Literal>,
    /// The place of the constant.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub constant_node: Option<Node>,
    /// What it is where nobody set it: a variant's name for a meaning.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub unset: Option<Literal>,
    /// The place of the value of `unset=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub unset_node: Option<Node>,
    /// Whether its key must not be shown unless the field says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub sensitive: bool,
    /// The place that makes it sensitive: its own, that of its key's declaration or of a `refine`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub sensitive_node: Option<Node>,
    /// Whether the field says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub clear: bool,
}

impl<E> Field<E> {
    /// Whether it may be the time from its event's begin to its end.
    fn may_be_elapsed(&self) -> bool {
        let is_duration = matches!(
            self.value.known(),
            Some(FieldValue::Plain(domain)) if matches!(domain.value, Type::Duration(_))
        );
        is_duration && self.constant.is_none() && !self.optional && self.unset.is_none()
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FieldValue {
    /// A meaning.
    Meaning {
        /// The meaning.
        meaning: MeaningId,
        /// The view by which it shows on the event's signals: the meaning itself where none is named.
        face: MeaningId,
    },
    /// A plain value.
    Plain(Domain),
    /// The contexts of other spans, for a span's links.
    Contexts,
}

/// A metric that an event counts in, or that stands for itself.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Instrument"))]
pub struct Instrument<E = Never> {
    /// The place of its name.
    pub node: Node,
    /// The package that declares it.
    pub package: String,
    /// Its name.
    pub name: String,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Its scope.
    pub scope: Leaf<ContainerId, E>,
    /// Its kind.
    pub kind: Leaf<InstrumentKind, E>,
    /// The place of what the contract says of its kind.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub kind_node: Option<Node>,
    /// Its unit, in UCUM; empty where it has none.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub unit: String,
    /// The place of what the contract says of its unit.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub unit_node: Option<Node>,
    /// The type of its numbers.
    pub number: Leaf<NumberType, E>,
    /// The field that it measures. None where it counts by one, is observed, or runs while an event does.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub value: Option<FieldId>,
    /// The place of the value of `value=`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub value_node: Option<Node>,
    /// A histogram's buckets.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub buckets: Option<Leaf<Buckets, E>>,
    /// The place of what the contract says of them.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub buckets_node: Option<Node>,
    /// The most points that it may have, which the compiler proves.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub points: Option<Bound>,
    /// The most points that it may have, which the program sees to.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub limit: Option<Bound>,
    /// Whether a callback of the program gives its value whenever it is collected.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub observed: bool,
    /// The event whose running instances it counts.
    #[cfg_attr(feature = "json", serde(default, rename = "while", skip_serializing_if = "Option::is_none"))]
    pub during: Option<EventId>,
    /// The day on which it goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
    /// Which records it counts.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<When<E>>,
    /// Its labels.
    pub writers: Vec<SignalWriter<E>>,
    /// What a vocabulary, or the contract itself, declares of this metric.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub convention: Option<Metric>,
}

impl<E> Instrument<E> {
    /// The unit of what it measures: what its declaration says, unless it says that it has none.
    #[must_use]
    pub fn own_unit(&self) -> &str {
        match &self.convention {
            Some(convention) if !self.leaves_unit_out() => &convention.unit,
            _ => &self.unit,
        }
    }

    /// Whether its declaration has a unit, and it says that it has none.
    #[must_use]
    pub fn leaves_unit_out(&self) -> bool {
        let declared = self.convention.as_ref().is_some_and(|convention| !convention.unit.is_empty());
        declared && self.unit_node.is_some() && self.unit.is_empty()
    }

    /// A histogram's buckets, as far as they are known.
    #[must_use]
    pub fn buckets(&self) -> Option<&Buckets> {
        self.buckets.as_ref()?.known()
    }
}

/// A number of points that the contract states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bound {
    /// The place of the number.
    pub node: Node,
    /// The number.
    pub points: u32,
}

words! {
    /// The kinds of instrument.
    InstrumentKind {
        /// Only ever grows.
        Counter = "counter",
        /// Grows and shrinks.
        UpDown = "updowncounter",
        /// Is what it is.
        Gauge = "gauge",
        /// Counts values by their size.
        Histogram = "histogram",
    }
}

impl InstrumentKind {
    /// What it is to Prometheus, with these buckets.
    pub(crate) fn prometheus(self, buckets: Option<&Buckets>) -> MetricKind {
        match self {
            InstrumentKind::Counter => MetricKind::Counter,
            InstrumentKind::UpDown => MetricKind::UpDownCounter,
            InstrumentKind::Gauge => MetricKind::Gauge,
            InstrumentKind::Histogram if buckets == Some(&Buckets::Exponential) => {
                MetricKind::ExponentialHistogram
            }
            InstrumentKind::Histogram => MetricKind::Histogram,
        }
    }
}

words! {
    /// The types of an instrument's numbers.
    NumberType {
        /// Integers of 64 bits.
        Int = "int",
        /// Floating-point numbers of 64 bits.
        Double = "double",
    }
}

/// A histogram's buckets.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Buckets {
    /// Buckets with these upper bounds, and one beyond the last.
    Explicit(Vec<f64>),
    /// Buckets that follow the values.
    Exponential,
}

/// A log record that an event becomes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Log"))]
pub struct Log<E = Never> {
    /// The place of its name, or of `_`.
    pub node: Node,
    /// Its event name; none where it has none.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub name: Option<String>,
    /// Its scope: the event's, unless it says another.
    pub scope: Leaf<ContainerId, E>,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Whether it has no keys but the contract's: nobody adds others.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub closed: bool,
    /// The meanings that give it its severity and its text: those of its list; where none of these does, and it has no
    /// severity of its own, the event's others.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub levels: Vec<Leaf<LevelWriter, E>>,
    /// The severity where no meaning that is present gives one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub severity: Option<Severity>,
    /// The place of what the contract says of its severity.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub severity_node: Option<Node>,
    /// The text of the severity that each record has; that of OpenTelemetry for the severity where none is said.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub severity_text: Option<String>,
    /// Whether the greatest severity holds where several meanings give one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub max: bool,
    /// Whether its records are written only where the service's configuration asks for them.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub opt_in: bool,
    /// The body where no meaning that is present gives one; its holes are fields.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub body: Option<Text>,
    /// The place of the body.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub body_node: Option<Node>,
    /// The day on which it goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
    /// Which records it is written for.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<When<E>>,
    /// Its attributes.
    pub writers: Vec<SignalWriter<E>>,
    /// What a vocabulary, or the contract itself, declares of a log of this name.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub convention: Option<Declaration>,
}

/// The span that an event becomes, or writes onto.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Span"))]
pub struct Span<E = Never> {
    /// The place of its name, of `current` or of `every`.
    pub node: Node,
    /// The name that it has; its holes are fields. None where it is the span that is running.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub name: Option<Text>,
    /// Whether it is no span of its own, and each span has its attributes: a processor of the program sets them.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub every: bool,
    /// Its scope: the event's, unless it says another. None where it is the span that is running, which has that of who opened it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub scope: Option<Leaf<ContainerId, E>>,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Its kind.
    pub kind: SpanKind,
    /// The place of what the contract says of its kind.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub kind_node: Option<Node>,
    /// Whether it has no attributes but the contract's: nobody adds others.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub closed: bool,
    /// The meanings of its list, which give it its status.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub levels: Vec<Leaf<LevelWriter, E>>,
    /// Whether the greatest status holds where several meanings give one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub max: bool,
    /// The field with the contexts that it links to.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub links: Option<FieldId>,
    /// Which records it is written for.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<When<E>>,
    /// Its attributes.
    pub writers: Vec<SignalWriter<E>>,
    /// What is declared of the span that it is one of.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub convention: Option<Declaration>,
    /// The place of the name behind `of`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub convention_node: Option<Node>,
}

/// An event on a span: the span that an event opens, or else the one that is running.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SpanEvent"))]
pub struct SpanEvent<E = Never> {
    /// The place of its name.
    pub node: Node,
    /// Its name; its holes are fields.
    pub name: Text,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// Which records it is written for.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub when: Option<When<E>>,
    /// Its attributes.
    pub writers: Vec<SignalWriter<E>>,
}

/// A text with values in it: of fields, or of what a variant carries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Text<I = FieldId> {
    /// Its parts, in their order.
    pub parts: Vec<TextPart<I>>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TextPart<I = FieldId> {
    /// What stands there as it is.
    Known(String),
    /// A hole: the value of this.
    Value(I),
}

impl<I: Copy> Text<I> {
    /// What its holes name.
    pub fn values(&self) -> impl Iterator<Item = I> {
        self.parts.iter().filter_map(|part| match part {
            TextPart::Value(id) => Some(*id),
            TextPart::Known(_) => None,
        })
    }

    /// The text as the contract writes it, without its quotes.
    #[must_use]
    pub fn written<'n>(&self, name: impl Fn(I) -> &'n str) -> String {
        let part = |part: &TextPart<I>| match part {
            TextPart::Known(text) => text.replace('{', "{{").replace('}', "}}"),
            TextPart::Value(id) => format!("{{{}}}", name(*id)),
        };
        self.parts.iter().map(part).collect()
    }
}

words! {
    /// The kinds of span (OpenTelemetry, tracing API, "SpanKind").
    SpanKind {
        /// Inside the program.
        Internal = "internal",
        /// Answers a request.
        Server = "server",
        /// Makes a request.
        Client = "client",
        /// Hands a message on.
        Producer = "producer",
        /// Takes a message up.
        Consumer = "consumer",
    }
}

/// What puts keys into a signal's record.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SignalWriter"))]
pub struct SignalWriter<E = Never> {
    /// The place of the item, or of the field where there is no list.
    pub node: Node,
    /// The key; empty for a meaning, which brings its own.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub key: String,
    /// The place of the key's declaration.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub declaration: Option<Node>,
    /// Where the value comes from.
    pub value: Leaf<WriterValue, E>,
    /// Which values it may write, those of its field where it writes them as text; none for a meaning.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub domain: Option<Leaf<Domain, E>>,
    /// The declared key under which `as` shows it, where it does.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub shown_as: Option<ShownAs<E>>,
    /// Whether it may write nothing.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub optional: bool,
    /// Whether its key must not be shown, and the field does not say that it may.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub hidden: bool,
    /// Whether its key is sensitive, whatever the field says.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub sensitive: bool,
    /// The place that makes it sensitive.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub sensitive_node: Option<Node>,
}

/// A meaning that gives a log record its severity and its body, or a span its status and the description of that.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LevelWriter {
    /// The place where the list has it, or of the field.
    pub node: Node,
    /// The field that holds it.
    pub field: FieldId,
    /// The meaning itself, or the view by which it shows.
    pub face: MeaningId,
}

impl<E> SignalWriter<E> {
    /// The field that it reads, if it is known to read one.
    #[must_use]
    pub fn field(&self) -> Option<FieldId> {
        match self.value.known()? {
            WriterValue::Field(field) | WriterValue::ToString(field) | WriterValue::Meaning { field, .. } => {
                Some(*field)
            }
            WriterValue::Constant(_) | WriterValue::Observed(_) => None,
        }
    }

    /// Whether it writes a field as text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.value.known(), Some(WriterValue::ToString(_)))
    }

    /// Which values it may write, as far as that is known.
    #[must_use]
    pub fn domain(&self) -> Option<&Domain> {
        self.domain.as_ref()?.known()
    }
}

/// A declared key under which a value is shown instead of its own.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ShownAs"))]
pub struct ShownAs<E = Never> {
    /// The place of the key behind `as`.
    pub node: Node,
    /// The place of its declaration.
    pub declaration: Node,
    /// The values that it allows.
    pub domain: Leaf<Domain, E>,
}

/// Where the value of a signal's writer comes from.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WriterValue {
    /// A field of the event.
    Field(FieldId),
    /// A field of the event, as decimal text, `true` or `false`.
    ToString(FieldId),
    /// A field of the event that holds a meaning.
    Meaning {
        /// The field.
        field: FieldId,
        /// The meaning or the view by which it shows.
        face: MeaningId,
    },
    /// A constant of the list.
    Constant(Literal),
    /// The callback of an observed metric: a value of the attribute of this key, whatever key it is shown under.
    Observed(String),
}

/// Which records a signal is for: those that pass all tests.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "When"))]
pub struct When<E = Never> {
    /// The place of the whole condition.
    pub node: Node,
    /// The tests.
    pub tests: Vec<Leaf<Test, E>>,
}

impl<E> When<E> {
    /// The tests that are known.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        self.tests.iter().filter_map(Leaf::known)
    }
}

/// A test of a field.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Test {
    /// The place of the test.
    pub node: Node,
    /// The field.
    pub field: FieldId,
    /// What passes.
    pub passes: Passes,
}

/// What passes a test. A variant stands by its name, a member by what is on the wire.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Passes {
    /// One of these. An absent field does not pass.
    In(Vec<Literal>),
    /// Anything else. An absent field passes.
    NotIn(Vec<Literal>),
    /// Whatever is present.
    Present,
}
