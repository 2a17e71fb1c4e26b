//! The typed IR: what a contract says, with every name resolved and every constraint worked out.
//!
//! At its centre stand the [`Container`] (a resource, a scope; later a metric, a log, a span), its [`Writer`]s, and
//! the [`Source`] of a writer's value. A check is written against containers and writers, never against a kind of
//! declaration.
//!
//! The IR serialises as JSON ([`Contract::to_json`]); its format number is [`FORMAT`] and its JSON Schema is
//! `compiler/contract.schema.json`. Places stand in a table of their own, and two contracts are equal whatever
//! theirs are.

mod container;
mod contract;
mod domain;
mod places;

pub use container::{Container, ContainerKind, Source, Template, TemplatePart, Writer};
pub use contract::{
    Attribute, Contract, Deprecation, FORMAT, IrError, Metric, MetricLabel, Package, Prometheus, Target,
};
pub use domain::{Bounded, Domain, Literal, Member, Range, Scalar, Type};
pub use places::{Node, NodePlace, Places};
