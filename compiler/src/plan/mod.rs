//! What a contract says, worked out for whoever makes something of it: which numbers fields and values have, and what is known
//! when.

mod layout;
mod values;

pub use layout::{Given, Hindrance, Holds, LaidOut, Layout, observed_labels, payloads};
pub use values::{Attributes, Enumeration, Values};
