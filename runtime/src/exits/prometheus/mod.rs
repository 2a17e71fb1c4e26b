//! An endpoint that a Prometheus server scrapes.

mod accept;
mod attribute;
mod families;
mod left_out;
mod name;
mod number;
mod target;
mod text;
mod write;

#[cfg(test)]
mod tests;

// What the builder of the exits takes.
#[allow(unused_imports)]
pub(crate) use accept::{Escaping, Exposition, Format, negotiate};
#[allow(unused_imports)]
pub(crate) use left_out::{LeftOut, Why};
#[allow(unused_imports)]
pub(crate) use text::{Rendered, Rendering, render};
