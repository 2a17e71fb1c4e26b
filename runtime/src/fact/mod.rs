//! Facts: events and meanings as a program states them. Nothing here emits; see `emit`.

mod contexts;
mod event;
mod meaning;
mod recovered;
mod text;
mod value;
mod values;
mod visit;

pub use contexts::Contexts;
pub use event::{Event, Moment, Observed, Period, Running};
pub use meaning::{Face, Meaning};
#[cfg(feature = "emit")]
pub(crate) use recovered::OVERFLOW;
pub use recovered::{PrometheusLabels, Record, Recovered, Seen};
pub use text::Text;
pub use value::{FieldValue, Late};
pub use values::Values;
pub use visit::{Fields, Metrics, Specialized, Variants};
