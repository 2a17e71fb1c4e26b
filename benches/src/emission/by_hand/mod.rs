//! The telemetry of a payment attempt as a person writes it, without slo.

mod bound;
mod texts;
mod unbound;

pub use bound::Bound;
pub use unbound::Unbound;
