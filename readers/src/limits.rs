//! How large things may be. Rules and dashboards come from anywhere: what they make the program do is bounded.

/// The most files of a folder that are read.
pub const FILES: usize = 5_000;

/// The longest file, in bytes.
pub const FILE_BYTES: u64 = 8 * 1024 * 1024;

/// The most bytes of all files.
pub const TOTAL_BYTES: u64 = 128 * 1024 * 1024;

/// How deep folders may nest.
pub const FOLDERS: usize = 32;

/// The most values of a YAML file, with those that aliases repeat.
pub const VALUES: usize = 500_000;

/// How deep values may nest in a YAML file.
pub const NESTING: usize = 32;

/// How deep panels may stand in panels.
pub const PANELS: usize = 8;

/// The longest expression, in bytes. An operator nests the tree of an expression by one.
pub const EXPRESSION_BYTES: usize = 16 * 1024;

/// The stack on which expressions are read, for the deepest tree of the longest one.
pub const STACK_BYTES: usize = 256 * 1024 * 1024;

/// The most expressions of all files.
pub const EXPRESSIONS: usize = 100_000;

/// How many parts that can't be read are told of; the others are counted.
pub const UNREAD: usize = 1_000;

/// How much of a title is shown, in characters.
pub const TITLE: usize = 80;
