//! Resource or scope, as types.

use slo_model::ContainerKind;

/// The kind of a struct of attributes: [`Resource`] or [`Scope`].
pub trait Kind: sealed::Sealed {
    /// The kind as a value.
    const KIND: ContainerKind;
}

/// The kind of an OTLP `Resource`: the entity that produces telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resource;

/// The kind of an OTLP `InstrumentationScope`: the instrumentation that produces telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope;

impl Kind for Resource {
    const KIND: ContainerKind = ContainerKind::Resource;
}

impl Kind for Scope {
    const KIND: ContainerKind = ContainerKind::Scope;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::Resource {}
    impl Sealed for super::Scope {}
}
