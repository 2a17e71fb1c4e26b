//! Logs and spans that are written by hand, with `tracing`, held to the contract.
//!
//! A contract's events need none of this. It is for the log lines and spans beside them, which use the same keys: a
//! [`layer`] tells where one of their fields has nearly the name of a key, and where a field that has it holds something
//! else than the key does.
//!
//! | step | where |
//! |---|---|
//! | which names are nearly a key | `names` |
//! | what a call site's fields are to the contract, worked out once | `sites` |
//! | whether a value fits its key, once for each call site and field | `values` |
//! | who is told | `checks` |
//! | what exporters and the SDK say is left alone | `exporters` |

mod checks;
mod exporters;
mod names;
mod sites;
mod values;

use std::sync::Arc;

use slo_model::event::Contract;
use tracing_core::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

pub use exporters::{EXPORTERS, without_exporters};

use crate::Problem;
use checks::{ByHand, Checks, Tell};

/// A `tracing` layer that checks the fields of events and spans against the contract's keys. What it finds goes where
/// problems of events go: to [`on_problem`](crate::TelemetryBuilder::on_problem) of the telemetry that the context
/// carries, else of the installed one; until there is one, nothing is looked at.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt;
/// # mod contracts { pub static CONTRACT: slo::Contract<'static> = slo::Contract::EMPTY; }
///
/// let subscriber = tracing_subscriber::registry().with(slo::tracing::layer(&contracts::CONTRACT));
/// # drop(subscriber);
/// ```
///
/// - A name that is a key but for its dots, underscores, hyphens and capitals, or but for one letter, is a
///   [`Misspelt`](crate::ProblemKind::Misspelt), told once for each call site. Another name is nobody's business.
/// - A value of another type than its key's, or one that the key does not allow, is a
///   [`Misfit`](crate::ProblemKind::Misfit). The first value of a call site's field is looked at, and no other.
///
/// It changes nothing, switches no event on or off for other layers, and leaves alone what [`EXPORTERS`] say and what is
/// said under a context in which telemetry is suppressed. It looks at all levels; where that is too much, it takes a
/// filter as any layer: `slo::tracing::layer(&CONTRACT).with_filter(LevelFilter::INFO)`.
pub fn layer<S>(contract: &'static Contract<'static>) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    layer_of(contract, None)
}

/// The same layer, with a function that is called with each problem. Whoever is told may log: that is not looked at.
pub fn layer_telling<S>(
    contract: &'static Contract<'static>,
    tell: impl Fn(&Problem) + Send + Sync + 'static,
) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    layer_of(contract, Some(Box::new(tell)))
}

fn layer_of<S>(contract: &'static Contract<'static>, tell: Option<Tell>) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let checks = Arc::new(Checks::new(contract, tell));
    ByHand(Arc::clone(&checks)).with_filter(checks::OfBusiness(checks))
}
