//! The data of what is shown, one type for each kind of thing that has a name.

mod attribute;
mod constant;
mod container;
mod declared;
mod event;
mod instrument;
mod meaning;
mod metric;
mod place;
mod signal;
mod uses;
mod values;

use serde::Serialize;

pub(in crate::show) use attribute::place_in_table;
pub use attribute::{AttributeDeclaration, AttributeSheet, Deprecated, Use};
pub use constant::Constant;
pub use container::{ContainerSheet, KeySheet, ValueSource};
pub use declared::{DeclaredSheet, DeclaredUse, HeldTo, SignalDeclaration};
pub use event::{
    EventSheet, FieldSheet, GridCell, GridRow, LogSheet, SignalGrid, SpanEventSheet, SpanSheet,
    VariantTextSheet,
};
pub use instrument::{
    BoundNames, BucketBounds, FactorSheet, InstrumentSheet, Label, LabelSource, Measured, PointsSheet,
    PrometheusLabel, PrometheusNames, SeriesSheet,
};
pub use meaning::{
    LossySheet, MeaningSheet, PairSheet, PairSource, PayloadSheet, ProjectionSheet, UseOfMeaning,
    VariantSheet, ViewOfMeaning,
};
pub use metric::{ConventionLabel, MetricDeclaration, MetricSheet};
pub use place::Place;
pub(in crate::show) use signal::SPAN_EVERY;
pub use signal::{Condition, SignalName, TestSheet};
pub use values::{BoundedValues, MemberOfValues, Values};

/// What is shown of one thing. In JSON the field `kind` says which it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sheet {
    /// A meaning.
    Meaning(MeaningSheet),
    /// A view of a meaning.
    View(MeaningSheet),
    /// An event.
    Event(Box<EventSheet>),
    /// A metric, with everything that records it.
    Metric(MetricSheet),
    /// A span that is declared for others, with the events that write it.
    Span(DeclaredSheet),
    /// A log that is declared for others, with the events that write it.
    Log(DeclaredSheet),
    /// An entity, with what is about it.
    Entity(DeclaredSheet),
    /// A key, with everything that writes it.
    Attribute(AttributeSheet),
    /// A resource.
    Resource(ContainerSheet),
    /// A scope.
    Scope(ContainerSheet),
}

/// Whether a flag is not set.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
