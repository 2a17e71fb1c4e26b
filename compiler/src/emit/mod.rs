//! Back ends: each makes files of a [`CheckedContract`](crate::CheckedContract), and shares nothing with the others but the IR.

pub mod ir;
pub mod layout;
pub mod names;
#[cfg(feature = "rust")]
pub mod rust;
pub mod table;
pub mod values;
#[cfg(feature = "rust")]
pub mod vocabulary;

/// A file that a back end makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    /// Its path below the folder that was asked for, with `/` on every system.
    pub path: String,
    /// Its text.
    pub text: String,
}
