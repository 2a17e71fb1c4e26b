//! Meanings and views.

use super::{Severity, Signal, Slot, Status, TextPart};
use crate::Literal;
use crate::table::described;

described! {
    /// A meaning, or a view of one. A view has the variants of its meaning in the same order, with the same payloads.
    #[derive(Clone, Copy, Debug)]
    pub struct Meaning<'a> {
        /// Package and name, such as `fin.pay.PaymentOutcome`.
        pub name: &'a str,
        /// Its variants, in the order of the contract.
        pub variants: &'a [Variant<'a>],
        /// The variants that are merged on purpose.
        pub lossy: &'a [Lossy<'a>],
        /// The day on which the view goes, as `2027-06-30`.
        pub until: Option<&'a str>,
    }

    /// One of the things that a meaning may be.
    #[derive(Clone, Copy, Debug)]
    pub struct Variant<'a> {
        /// Its name.
        pub name: &'a str,
        /// What it carries; the key of each is the payload's name.
        pub payload: &'a [Slot<'a>],
        /// How it shows on a metric.
        pub metric: Shown<'a>,
        /// How it shows on a log record.
        pub log: Shown<'a>,
        /// How it shows on a span.
        pub span: Shown<'a>,
        /// The severity that it gives a log record.
        pub severity: Option<Severity>,
        /// The body that it gives a log record with its severity, whose holes are payloads; none where it is empty.
        pub body: &'a [TextPart<'a>],
        /// The status that it gives a span.
        pub status: Option<Status>,
        /// The description that it gives a span with its status, whose holes are payloads; none where it is empty.
        pub status_description: &'a [TextPart<'a>],
    }
}

impl<'a> Variant<'a> {
    /// How it shows on a signal.
    #[must_use]
    pub const fn shown(&self, signal: Signal) -> Shown<'a> {
        match signal {
            Signal::Metric => self.metric,
            Signal::Log => self.log,
            Signal::Span => self.span,
        }
    }

    /// The text that it gives a signal's record; none where it is empty.
    #[must_use]
    pub const fn text(&self, signal: Signal) -> &'a [TextPart<'a>] {
        match signal {
            Signal::Metric => &[],
            Signal::Log => self.body,
            Signal::Span => self.status_description,
        }
    }

    /// The pairs that it writes on a signal; none where it shows nothing.
    #[must_use]
    pub const fn pairs(&self, signal: Signal) -> &'a [Pair<'a>] {
        match self.shown(signal) {
            Shown::Pairs(pairs) => pairs,
            Shown::Unsaid | Shown::None => &[],
        }
    }
}

described! {
    /// How a variant shows on a signal.
    #[derive(Clone, Copy, Debug)]
    pub enum Shown<'a> {
        /// The contract doesn't say: no event lists it there.
        Unsaid,
        /// Not at all, by `none`.
        None,
        /// By these pairs; there may be none.
        Pairs(pairs: &'a [Pair<'a>]),
    }

    /// A key with the value that a variant writes there.
    #[derive(Clone, Copy, Debug)]
    pub struct Pair<'a> {
        /// The key.
        pub key: &'a str,
        /// The value.
        pub value: PairValue<'a>,
    }

    /// The value of a pair.
    #[derive(Clone, Copy, Debug)]
    pub enum PairValue<'a> {
        /// Always this.
        Constant(value: Literal<'a>),
        /// The payload of this number.
        Payload(payload: u16),
        /// The payload of this number, as decimal text, `true` or `false`.
        Text(payload: u16),
    }

    /// Variants that a signal does not tell apart, on purpose.
    #[derive(Clone, Copy, Debug)]
    pub struct Lossy<'a> {
        /// The signal.
        pub signal: Signal,
        /// The numbers of the variants.
        pub variants: &'a [u16],
    }
}
