//! Meanings made by hand, and what is found in them.

mod brute;
mod build;
mod counted;
mod findings;
mod large;
