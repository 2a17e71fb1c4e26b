//! The service before there was a contract.

pub(crate) mod resource;
mod service;
