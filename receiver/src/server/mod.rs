//! The listeners, their connections, and what becomes of a request.

mod deal;
mod doors;
mod grpc;
mod http;
mod shared;

pub(crate) use doors::{Addresses, Command, serve};
pub(crate) use shared::Shared;
