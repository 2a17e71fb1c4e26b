//! Where the data is.

use std::path::{Path, PathBuf};

/// The model of the conventions, in the folder `shared/data/semconv-1.44.0` beside the repository or above it. It is no part of the
/// repository: where it isn't there, what is held to it passes, and says so.
pub(crate) fn conventions() -> Option<PathBuf> {
    data("model")
}

/// The schema file of the conventions, with the renames of all their versions, from there as well.
pub(crate) fn schema_file() -> Option<PathBuf> {
    data("schema-1.44.0.yaml")
}

fn data(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = Path::new("shared/data/semconv-1.44.0").join(name);
    let found = here.ancestors().map(|folder| folder.join(&data)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("not held to the conventions: `../shared/data/semconv-1.44.0` isn't there");
    }
    found
}
