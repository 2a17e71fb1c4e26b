//! Resource or scope, as types.

use slo_model::ContainerKind;

/// What a struct of attributes fills: [`Resource`] or [`Scope`].
pub trait Kind: sealed::Sealed {
    /// The kind as a value.
    const KIND: ContainerKind;
}

/// An OTLP `Resource`: who is speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resource;

/// An OTLP `InstrumentationScope`: which instrumentation is speaking.
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
