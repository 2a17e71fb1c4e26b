//! How much there is of what: values of a domain, tuples of a meaning, points of a metric. Checks ask it of drafts, the plan and
//! `show` of contracts.

pub(crate) mod distinct;
pub(crate) mod image;
pub(crate) mod map;
mod points;
pub(crate) mod records;
pub(crate) mod set;
pub(crate) mod template;
pub(crate) mod texts;
mod together;

pub(crate) use points::points_in;
pub use points::{Count, Factor, Points, kind_of, points, series};
#[cfg(any(feature = "human", feature = "compare"))]
pub(crate) use together::together;
pub(crate) use together::{Recorder, more_than, recorders};
