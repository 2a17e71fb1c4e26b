//! A contract while it is made: what of it can't be known carries the finding that reported it. The checks take this, and
//! whoever comes after them the [`Contract`](super::Contract) that is made of it.

pub(crate) use super::*;
use crate::diagnostic::Reported;

pub(crate) type Declared = super::Declared<Reported>;
pub(crate) type Leaf<T> = super::Leaf<T, Reported>;

/// What a part of a contract is made of.
pub(crate) trait Draft {
    type Total;

    /// The part, where nothing of it is unknown: moved, not copied.
    fn total(self) -> Result<Self::Total, Reported>;
}

impl<T> Draft for Leaf<T> {
    type Total = super::Leaf<T>;

    fn total(self) -> Result<super::Leaf<T>, Reported> {
        match self {
            Leaf::Known(value) => Ok(super::Leaf::Known(value)),
            Leaf::Unknown(reported) => Err(reported),
        }
    }
}

impl Draft for Declared {
    type Total = super::Declared<Never>;

    fn total(self) -> Result<super::Declared<Never>, Reported> {
        match self {
            Declared::Known(attribute) => Ok(super::Leaf::Known(attribute)),
            Declared::Unknown(attribute) => Err(attribute.domain),
        }
    }
}

impl<T: Draft> Draft for Option<T> {
    type Total = Option<T::Total>;

    fn total(self) -> Result<Option<T::Total>, Reported> {
        self.map(T::total).transpose()
    }
}

impl<T: Draft> Draft for Vec<T> {
    type Total = Vec<T::Total>;

    fn total(self) -> Result<Vec<T::Total>, Reported> {
        self.into_iter().map(T::total).collect()
    }
}

impl Draft for Shown<Reported> {
    type Total = Shown;

    fn total(self) -> Result<Shown, Reported> {
        Ok(match self {
            Shown::None => Shown::None,
            Shown::Pairs(pairs) => Shown::Pairs(pairs.total()?),
        })
    }
}

/// The types of a contract: what of them may be unknown, and what is the same in a draft.
macro_rules! made_of_drafts {
    ($($name:ident { $($part:ident),* } $($same:ident)*;)*) => {$(
        pub(crate) type $name = super::$name<Reported>;

        impl Draft for $name {
            type Total = super::$name;

            fn total(self) -> Result<super::$name, Reported> {
                let $name { $($part,)* $($same,)* } = self;
                Ok(super::$name { $($part: $part.total()?,)* $($same,)* })
            }
        }
    )*};
}

made_of_drafts! {
    Contract { attributes, containers, meanings, events, instruments }
        format name version owner schema_url targets prometheus logs traces packages metrics declared_spans declared_logs entities
        places;
    Container { writers } node kind package name docs closed schema_url of;
    Writer { domain, source }
        node key declaration docs default matches value_node default_node matches_node through;
    Meaning { variants } node package name docs view lossy;
    Variant { payload, metric, log, span } node name description until severity body status status_description;
    Payload { domain } node name key sensitive sensitive_node clear;
    Projection { shown } node;
    Pair { domain, value } node key local declaration sensitive sensitive_node value_node;
    Event { scope, fields, metrics, logs, span, span_events } node package name docs drop_invalid external specialized;
    Field { value }
        node name docs key declaration optional constant constant_node unset unset_node sensitive sensitive_node clear;
    Instrument { scope, kind, number, buckets, when, writers }
        node package name docs kind_node unit unit_node value value_node buckets_node points limit observed
        during until convention;
    Log { scope, levels, when, writers }
        node name closed docs severity severity_node severity_text max opt_in body body_node until convention;
    Span { scope, levels, when, writers }
        node name every closed docs kind kind_node max links convention convention_node;
    SpanEvent { when, writers } node name docs;
    SignalWriter { value, domain, shown_as } node key declaration optional hidden sensitive sensitive_node;
    ShownAs { domain } node declaration;
    When { tests } node;
}
