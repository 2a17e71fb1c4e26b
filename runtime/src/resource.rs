//! Resources and instrumentation scopes of a contract: where each attribute's value comes from, what was built, and what is wrong.

pub use crate::assembly::AttributesBuilder;
pub use crate::attributes::Visitor;
pub use crate::built::Attributes;
pub use crate::error::ContractError;
pub use crate::kind::{Kind, Resource, Scope};
pub use crate::notice::{Notice, Omission};
pub use crate::origin::Origin;
pub use crate::violation::Violation;
