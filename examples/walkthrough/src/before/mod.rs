//! The service before there was a contract.
#![allow(dead_code, reason = "most of it is only compiled")]

pub(crate) mod resource;
mod service;
