//! Meanings, and the views of them.

#[cfg(feature = "json")]
use serde::{Deserialize, Serialize};

use super::{Domain, Leaf, Literal, MeaningId, Never, Node, PayloadId, Text};

/// A meaning, or a view of one: variants, and how each shows on each signal.
///
/// A view is whole: what it inherits stands in it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Meaning"))]
pub struct Meaning<E = Never> {
    /// Its place.
    pub node: Node,
    /// The package that declares it.
    pub package: String,
    /// Its name in the package.
    pub name: String,
    /// What the contract says of it.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub docs: String,
    /// What it is a view of, if it is one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub view: Option<View>,
    /// Its variants, in the order of the text.
    pub variants: Vec<Variant<E>>,
    /// What is merged on purpose.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub lossy: Vec<Lossy>,
}

/// What makes a view of a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct View {
    /// The meaning.
    pub of: MeaningId,
    /// The day on which the view goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
}

impl<E> Meaning<E> {
    /// Package and name, as `fin.pay.PaymentOutcome`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }

    /// The keyword that declares it.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        if self.view.is_some() { "view" } else { "meaning" }
    }

    /// The variant of this name.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&Variant<E>> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// Whether a variant says how it shows on a signal.
    #[must_use]
    pub fn writes(&self, signal: Signal) -> bool {
        self.variants.iter().any(|variant| variant.projection(signal).is_some())
    }
}

/// One of the things that a meaning may be.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Variant"))]
pub struct Variant<E = Never> {
    /// The place of its name.
    pub node: Node,
    /// Its name.
    pub name: String,
    /// What it means, in the contract's words.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub description: String,
    /// The day on which it goes, as `2027-06-30`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub until: Option<String>,
    /// What it carries, in the order of the text.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub payload: Vec<Payload<E>>,
    /// How it shows on a metric. None where the contract doesn't say.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub metric: Option<Projection<E>>,
    /// How it shows on a log record. None where the contract doesn't say.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub log: Option<Projection<E>>,
    /// How it shows on a span. None where the contract doesn't say.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub span: Option<Projection<E>>,
    /// The severity that it gives a log record.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub severity: Option<Severity>,
    /// The body that it gives a log record with its severity.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub body: Option<VariantText>,
    /// The status that it gives a span.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub status: Option<Status>,
    /// The description that it gives a span with its status.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub status_description: Option<VariantText>,
}

impl<E> Variant<E> {
    /// How it shows on a signal.
    #[must_use]
    pub const fn projection(&self, signal: Signal) -> Option<&Projection<E>> {
        match signal {
            Signal::Metric => self.metric.as_ref(),
            Signal::Log => self.log.as_ref(),
            Signal::Span => self.span.as_ref(),
        }
    }

    /// The pairs that it writes on a signal: none where it does not show there, or doesn't say how.
    #[must_use]
    pub fn pairs(&self, signal: Signal) -> &[Pair<E>] {
        match self.projection(signal) {
            Some(Projection { shown: Shown::Pairs(pairs), .. }) => pairs,
            _ => &[],
        }
    }

    /// The text that it gives a signal's record.
    #[must_use]
    pub const fn text(&self, signal: Signal) -> Option<&VariantText> {
        match signal {
            Signal::Metric => None,
            Signal::Log => self.body.as_ref(),
            Signal::Span => self.status_description.as_ref(),
        }
    }

    /// One of the values that it carries.
    #[must_use]
    pub fn payload(&self, id: PayloadId) -> &Payload<E> {
        &self.payload[id.index()]
    }

    /// The id of what it carries under this name.
    #[must_use]
    pub fn payload_named(&self, name: &str) -> Option<PayloadId> {
        self.payload.iter().position(|payload| payload.name == name).map(PayloadId::at)
    }
}

/// A text whose holes are what a variant carries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VariantText {
    /// Its place.
    pub node: Node,
    /// The text.
    pub text: Text<PayloadId>,
}

/// A value that a variant carries.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Payload"))]
pub struct Payload<E = Never> {
    /// The place of its name.
    pub node: Node,
    /// Its name.
    pub name: String,
    /// The key of its attribute; empty where its type is a plain one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "String::is_empty"))]
    pub key: String,
    /// Its values.
    pub domain: Leaf<Domain, E>,
    /// Whether its key must not be shown unless the payload says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub sensitive: bool,
    /// The place that makes it sensitive: its own, that of its key's declaration or of a `refine`.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub sensitive_node: Option<Node>,
    /// Whether the payload says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub clear: bool,
}

/// How a variant shows on a signal.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Projection"))]
pub struct Projection<E = Never> {
    /// The place of the block or the `none` that says it.
    pub node: Node,
    /// What it shows.
    pub shown: Shown<E>,
}

/// What a variant shows on a signal.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "json",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case", bound(deserialize = ""))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Shown"))]
pub enum Shown<E = Never> {
    /// Nothing, by `none`.
    None,
    /// These keys with these values; the list may be empty.
    Pairs(Vec<Pair<E>>),
}

/// A key with the value that a variant writes there.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(bound(deserialize = "")))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Pair"))]
pub struct Pair<E = Never> {
    /// The place of the key.
    pub node: Node,
    /// The key.
    pub key: String,
    /// Whether the key is local to this signal of this meaning, rather than declared somewhere.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub local: bool,
    /// The place of the key's declaration.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub declaration: Option<Node>,
    /// The values of the key; those of a local one are of the type of its values.
    pub domain: Leaf<Domain, E>,
    /// Whether the key must not be shown unless the payload says so.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub sensitive: bool,
    /// The place that makes it sensitive.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "Option::is_none"))]
    pub sensitive_node: Option<Node>,
    /// The place of the value.
    pub value_node: Node,
    /// The value.
    pub value: Leaf<PairValue, E>,
}

impl<E> Pair<E> {
    /// The payload that it writes, if it is known to write one.
    #[must_use]
    pub fn payload(&self) -> Option<PayloadId> {
        match self.value.known()? {
            PairValue::Constant(_) => None,
            PairValue::Payload(id) | PairValue::ToString(id) => Some(*id),
        }
    }
}

/// The value of a pair.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PairValue {
    /// Always this.
    Constant(Literal),
    /// What the variant carries.
    Payload(PayloadId),
    /// What the variant carries, as decimal text, `true` or `false`.
    ToString(PayloadId),
}

/// Variants that are merged on purpose on a signal.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lossy {
    /// The place of the whole item.
    pub node: Node,
    /// The signal.
    pub signal: Signal,
    /// The names of the variants.
    pub variants: Vec<String>,
    /// Why.
    pub reason: String,
    /// Whether it was taken over from the meaning that this is a view of, or that was spread into this one.
    #[cfg_attr(feature = "json", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub inherited: bool,
}

/// The three signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Signal {
    /// A metric's points.
    Metric,
    /// A log record.
    Log,
    /// A span.
    Span,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Signal; 3] = [Signal::Metric, Signal::Log, Signal::Span];

    /// The signal's keyword.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Signal::Metric => "metric",
            Signal::Log => "log",
            Signal::Span => "span",
        }
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "json", derive(Serialize, Deserialize), serde(rename_all = "snake_case"))]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word that the language has for it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// The one that the language calls by this word.
            #[must_use]
            pub fn from_name(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.name() == word)
            }
        }
    };
}
pub(super) use words;

words! {
    /// The severity of a log record, by the names of OpenTelemetry's ranges (logs data model, "SeverityNumber").
    Severity {
        /// None is said: the record has the number 0, and no name of one.
        Unspecified = "unspecified",
        /// Fine-grained debugging.
        Trace = "trace",
        /// Debugging.
        Debug = "debug",
        /// Something happened.
        Info = "info",
        /// Something that may become an error.
        Warn = "warn",
        /// Something went wrong.
        Error = "error",
        /// The program can't go on.
        Fatal = "fatal",
    }
}

words! {
    /// The status of a span, in the order in which `status=max` takes the greater one.
    Status {
        /// Nothing is said.
        Unset = "unset",
        /// The operation was found to be right.
        Ok = "ok",
        /// The operation failed.
        Error = "error",
    }
}
