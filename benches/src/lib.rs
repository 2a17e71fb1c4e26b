//! What benches and their tests share.

pub mod emission;
pub mod rustc;
