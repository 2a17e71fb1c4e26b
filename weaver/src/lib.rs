//! Registries in the format of OpenTelemetry Weaver, read, resolved, and written as contracts.
//!
//! [`read()`] finds the files of a folder, reads them and follows what refers to something: what comes of it is a [`Registry`], in
//! which each thing has its place. What is wrong is a [`Problem`], with the places of all who take part in it; what the format
//! doesn't have, or what can't be carried over, is a [`Left`].
//! [`write()`] makes a contract root of a registry.

mod contract;
mod definition;
mod export;
mod fields;
mod files;
mod left;
pub mod limits;
mod place;
mod problem;
mod read;
mod registry;
mod resolve;
mod value;
mod write;
mod yaml;

pub use contract::registry_of;
pub use definition::{
    About, Association, Basic, Dependency, Deprecated, Instrument, Level, Manifest, Member, Role,
    SignalLevel, SpanKind, Stability, Type, Visibility,
};
pub use export::{Exported, export};
pub use left::Left;
pub use place::{Place, Placed};
pub use problem::{Kind, Problem};
pub use read::{Dependencies, read};
pub use registry::{Attribute, AttributeGroup, Entity, Event, Metric, Registry, Signal, Span, Use};
pub use value::Value;
pub use write::{Style, Written, package_prefix, write};
