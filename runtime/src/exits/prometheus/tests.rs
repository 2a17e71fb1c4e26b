//! What comes out, read back.

mod data;
mod parser;
mod properties;
mod snapshots;
