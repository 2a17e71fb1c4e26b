//! An endpoint that a Prometheus server scrapes.

mod accept;
mod attribute;
mod families;
mod left_out;
mod name;
mod number;
mod scrapes;
mod server;
mod settings;
mod target;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use scrapes::Scrapes;
pub(crate) use server::Server;
pub use settings::Prometheus;
