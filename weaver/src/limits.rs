//! How large things may be. A registry comes from elsewhere: what it makes the program do is bounded.

/// The most files of a registry.
pub const FILES: usize = 5_000;

/// The longest file, in bytes.
pub const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The most bytes of all files of a registry and of what it depends on.
pub const TOTAL_BYTES: u64 = 64 * 1024 * 1024;

/// How deep folders may nest.
pub const FOLDERS: usize = 32;

/// The most values of a file, with those that aliases repeat.
pub const VALUES: usize = 250_000;

/// The most bytes of texts in a file, with those that aliases repeat.
pub const TEXT_BYTES: usize = 16 * 1024 * 1024;

/// How deep values may nest in a file: a registry needs ten levels, and each takes some of the stack.
pub const NESTING: usize = 24;

/// The longest key, id or name, in bytes: that of the language.
pub const NAME_BYTES: usize = 255;

/// The most attributes of a signal or of a group, with those that it inherits.
pub const SIGNAL_ATTRIBUTES: usize = 10_000;

/// The most attributes of all signals and groups of a registry together.
pub const ALL_ATTRIBUTES: usize = 100_000;

/// How deep associations with entities may nest.
pub const ASSOCIATIONS: usize = 16;

/// The most registries that a registry stands on, with itself.
pub const REGISTRIES: usize = 32;

/// How many problems are told of; the last one counts the others.
pub const PROBLEMS: usize = 100;
