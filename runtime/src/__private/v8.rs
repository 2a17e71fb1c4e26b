//! What code of format 8 names, generated or derived. Its number is in the path, so that code of another format finds nothing here,
//! and says so once: see `__generated_code!`.

pub use super::{fits, hold, meaning};
pub use crate::assembly::AttributesBuilder;
pub use crate::attributes::{SloAttributes, Visitor};
pub use crate::emit::Emitters;
pub use crate::error_code::ErrorCode;
pub use crate::event::{
    Event, FieldValue, Fields, InUnit, Late, Meaning, Metrics, Moment, Observed, Period, Projection, Running,
    SpanContexts, Specialized, Text, Values, Variants, from_units, in_units,
};
pub use crate::kind::{Kind, Resource, Scope};
pub use crate::to_value::{Element, ObjectBuilder, ToValue};
pub use crate::{__private, __specialized};
pub use slo_model::event as tables;
pub use slo_model::{
    Container, ContainerKind, Key, Literal, Member, ObjectMember, Part, Range, Source, Targets, Template,
    Unfit, Value, ValueType,
};

/// Ends the compilation of generated code whose format this crate doesn't know, with a sentence.
#[doc(hidden)]
#[macro_export]
macro_rules! __generated_code {
    (8) => {};
    ($format:literal) => {
        ::core::compile_error!(::core::concat!(
            "this code was generated in format ",
            $format,
            ", and this version of the crate `slo` knows format 8: generate it again with the `slo` or `slo-compiler` of the same version"
        ));
    };
}

/// What a derived table is made of, by names that a program hardly has: short, since rustc reads each of them
/// hundreds of times in a crate of many structs.
pub mod names {
    pub use core::option::Option::{None as __SloNone, Some as __SloSome};

    pub use crate::__private::{Derived as __SloDerived, Packed as __SloPacked, Unpacked as __SloUnpacked};

    pub use super::{
        Emitters as __SloEmitters, FieldValue as __SloFieldValue, Moment as __SloMoment,
        Period as __SloPeriod, Projection as __SloProjection, Running as __SloRunning,
        ToValue as __SloToValue, Values as __SloValues,
    };
    pub use crate::__private as __slo;
    pub use slo_model::event as __SloTables;
    pub use slo_model::{
        Container as __SloContainer, ContainerKind as __SloContainerKind, Key as __SloKey,
        Literal as __SloLiteral, Member as __SloMember, ObjectMember as __SloObjectMember, Part as __SloPart,
        Range as __SloRange, Source as __SloSource, Template as __SloTemplate, ValueType as __SloValueType,
    };
}
