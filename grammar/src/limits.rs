//! How large things may be. `docs/language.md` lists these.

/// How deep brackets may nest.
pub const NESTING: usize = 64;

/// The longest item, in bytes.
pub const ITEM_BYTES: usize = 4 * 1024 * 1024;

/// The longest file, in bytes.
pub const FILE_BYTES: usize = 16 * 1024 * 1024;

/// The longest key or name, in bytes.
pub const NAME_BYTES: usize = 255;

/// The longest text in quotes, in bytes.
pub const STRING_BYTES: usize = 64 * 1024;

/// The most words and signs that are read as one: in an entry of a block, or in a declaration without a block.
pub const PART_TOKENS: usize = 65_536;

/// The most entries of a block.
pub const BLOCK_ENTRIES: usize = 10_000;

/// The most holes of a template.
pub const TEMPLATE_HOLES: usize = 100;

/// The most logs of an event.
pub const EVENT_LOGS: usize = 1_000;

/// The most examples of an attribute.
pub const EXAMPLES: usize = 100;

/// The longest text among examples, in bytes.
pub const EXAMPLE_BYTES: usize = 4 * 1024;

/// The most entities that something is about.
pub const ENTITIES: usize = 100;

/// How deep `one_of(…)` and `all_of(…)` stand in each other.
pub const ENTITY_DEPTH: usize = 4;

/// How many mistakes of syntax are shown of a file.
pub const FILE_ERRORS: usize = 100;
