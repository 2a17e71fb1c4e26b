//! What comes out, read back.

mod data;
mod hostile;
mod parser;
mod properties;
mod snapshots;
