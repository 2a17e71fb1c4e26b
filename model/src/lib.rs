//! The laws that the slo compiler and its runtime share: what a value is ([`Value`]), when it fits its key
//! ([`Key::check`]), how text becomes a value ([`Key::parse`]), and what a key is called under each target
//! ([`names`]).
//!
//! The compiler asks these questions of the values that a contract writes down, the runtime of the values that
//! a program brings. There is one answer to each, and it stands here.

mod container;
mod error_codes;
pub mod event;
mod key;
pub mod names;
pub mod table;
mod template;
mod unfit;
mod value;

pub use container::{Container, ContainerKind, Targets, same_text};
pub use error_codes::are_error_codes;
pub use key::{Key, Member, ObjectMember, Range, Source};
pub use template::{Part, Template};
pub use unfit::Unfit;
pub use value::{Literal, Object, Value, ValueType};
