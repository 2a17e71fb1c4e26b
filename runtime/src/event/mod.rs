//! Events and meanings as a program records them. Nothing here emits; see `emit`.

mod contexts;
mod decoded;
mod duration;
mod meaning;
mod text;
mod traits;
mod value;
mod values;
mod visit;

pub use contexts::SpanContexts;
#[cfg(feature = "emit")]
pub(crate) use decoded::OVERFLOW;
pub use decoded::{Decoded, DecodedVariant, Lookup, PrometheusLabels};
pub use duration::{InUnit, from_units, in_units};
pub use meaning::{Meaning, Projection};
pub use text::Text;
pub use traits::{Event, Moment, Observed, Period, Running};
pub use value::{FieldValue, Late};
pub use values::Values;
pub use visit::{Fields, Metrics, Specialized, Variants};
