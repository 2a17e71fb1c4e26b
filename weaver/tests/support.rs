//! Where the data is.

use std::path::{Path, PathBuf};

/// The model of the conventions, in the folder `shared/data/semconv-1.44.0` beside the repository or above it. It is no part of the
/// repository: where it isn't there, what is held to it passes, and says so.
pub(crate) fn conventions() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = here
        .ancestors()
        .map(|folder| folder.join("shared/data/semconv-1.44.0/model"))
        .find(|model| model.is_dir());
    if model.is_none() {
        eprintln!("not held to the conventions: `../shared/data/semconv-1.44.0` isn't there");
    }
    model
}
