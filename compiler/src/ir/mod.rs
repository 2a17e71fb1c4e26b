//! The typed IR: what a contract says, with every name resolved and every constraint worked out.
//!
//! At its centre stand what keys stand in and what writes them: a [`Container`] (a resource, a scope) with its
//! [`Writer`]s, which the program fills by itself, and the signals of an [`Event`] (an [`Instrument`], a [`Log`], a
//! [`Span`]) with their [`SignalWriter`]s. A check is written against containers and writers, never against a kind
//! of declaration.
//!
//! With the feature `json` the IR serialises as JSON (`Contract::to_json`); its format number is [`FORMAT`] and its JSON Schema is
//! `compiler/contract.schema.json`. Places stand in a table of their own, and two contracts are equal whatever
//! theirs are.

mod begin;
mod container;
mod contract;
mod declared;
mod domain;
pub(crate) mod draft;
mod event;
mod fit;
mod id;
#[cfg(feature = "json")]
mod json;
mod leaf;
mod meaning;
mod places;
#[cfg(feature = "json")]
mod references;
mod table;

pub(crate) use begin::{Hindrance, Said};
pub(crate) use container::SCOPE_FIELDS;
pub use container::{Container, ContainerKind, Source, Template, TemplatePart, Writer};
pub use contract::{
    Attribute, Contract, Declared, Deprecation, FORMAT, Logs, Package, Prometheus, Target, Traces,
};
pub(crate) use contract::{DEFAULT_WAY, Head};
pub use declared::{Declaration, Entities, ListedKey, Metric};
pub use domain::{Bounded, Domain, Literal, Member, Members, ObjectMember, Range, Scalar, Type};
pub(crate) use domain::{DURATIONS, OBJECT_DEPTH, TEXT};
pub(crate) use event::OVERFLOW;
pub use event::{
    Bound, Buckets, Event, Field, FieldValue, Instrument, InstrumentKind, LevelWriter, Log, NumberType,
    Passes, ShownAs, SignalWriter, Span, SpanEvent, SpanKind, Test, Text, TextPart, When, WriterValue,
};
pub use id::{ContainerId, EventId, FieldId, MeaningId, PayloadId};
#[cfg(feature = "json")]
pub use json::IrError;
pub use leaf::{Impossible, Leaf, Never};
pub use meaning::{
    Lossy, Meaning, Pair, PairValue, Payload, Projection, Severity, Shown, Signal, Status, Variant,
    VariantText, View,
};
pub use places::{Node, NodePlace, Places};
