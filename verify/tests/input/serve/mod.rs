//! OTLP over the network.

mod clients;
mod forwarded;
mod limits;
mod mutated;
mod refused;
mod ways;
