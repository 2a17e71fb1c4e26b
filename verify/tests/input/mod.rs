//! The ways in: what small inputs become, and what is refused of them.

mod files;
mod json;
mod kept;
mod lines;
mod mutated;
mod prometheus;
mod protobuf;
mod recorded;
mod recording;
mod refusals;
mod scrapes;
mod serve;
