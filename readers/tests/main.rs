//! The tests of this crate.

mod attacks;
mod diff;
mod golden;
mod support;
