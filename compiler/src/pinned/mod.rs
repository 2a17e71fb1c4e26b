//! Vocabularies from elsewhere: where they come from, which revision of each `slo.lock` holds, and what of it a contract
//! needs. `slo fetch` brings them; the loader reads what it brought, and nothing of the compiler fetches.

mod lock;
mod source;
mod tree;

pub use lock::{LOCK_FORMAT, Lock, LockProblem, Locked};
pub use source::{
    Elsewhere, Reference, Source, is_revision, is_sha256, is_tag, no_archive, no_repository, without_secret,
};
pub use tree::{MOST_BYTES, Tree, index_files, lists_of, relative, root_files, sha256, unsafe_path};

/// The name of the manifest's file.
pub const MANIFEST_NAME: &str = "slo.toml";

/// The name of the lock's file, which stands beside `slo.toml`.
pub const LOCK_NAME: &str = "slo.lock";

/// The folder beside `slo.toml` that `slo fetch --vendor` puts vocabularies into, each into a folder of its name.
pub const VENDOR_NAME: &str = "slo-vendor";

/// The baseline's file, which a root keeps beside its manifest.
pub const BASELINE_NAME: &str = "slo-baseline.toml";
