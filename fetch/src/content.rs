//! What a source holds, and what of it a root needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use slo_compiler::load::{MOST_FILES, MOST_MEMBERS};
use slo_compiler::pinned::{
    Elsewhere, MANIFEST_NAME, MOST_BYTES, Source, Tree, index_files, lists_of, root_files, unsafe_path,
};
use slo_grammar::limits::FILE_BYTES;

use crate::error::FetchError;
use crate::git::{Blob, Repository};

/// The files of a source, wherever they are.
pub(crate) enum Content {
    /// In memory.
    Files(Tree),
    /// In a commit of a repository.
    Commit(Repository, BTreeMap<String, Blob>),
}

type Files = Vec<(String, Arc<[u8]>)>;

impl Content {
    fn paths(&self) -> Vec<&str> {
        match self {
            Content::Files(tree) => tree.paths().collect(),
            Content::Commit(_, blobs) => blobs.keys().map(String::as_str).collect(),
        }
    }

    /// The bytes of files that are there.
    fn read(&self, source: &Source, paths: Vec<String>) -> Result<Files, FetchError> {
        let refused = |path: &str, why: &str| {
            FetchError::new(
                format!("`{}` of `{source}` {why}", path.escape_debug()),
                "tell those who keep it: what is needed of it has to be plain files, and no larger than that",
            )
        };
        let blobs = match self {
            Content::Files(tree) => {
                return Ok(paths
                    .into_iter()
                    .filter_map(|path| Some((path.clone(), Arc::clone(tree.get(&path)?))))
                    .collect());
            }
            Content::Commit(_, blobs) => blobs,
        };
        let mut wanted = Vec::new();
        let mut left = MOST_BYTES;
        for path in &paths {
            let Some(blob) = blobs.get(path) else { continue };
            if let Some(why) = unsafe_path(path) {
                return Err(refused(path, why));
            }
            match blob.mode.as_str() {
                "100644" | "100755" | "100664" => {}
                "120000" => return Err(refused(path, "is a link")),
                _ => return Err(refused(path, "is no file")),
            }
            if blob.size > FILE_BYTES as u64 {
                return Err(refused(path, &format!("has more than {FILE_BYTES} bytes")));
            }
            left = left.checked_sub(blob.size).ok_or_else(|| {
                refused(path, &format!("and what goes with it have more than {MOST_BYTES} bytes"))
            })?;
            wanted.push((path.clone(), blob));
        }
        if wanted.len() > MOST_FILES {
            return Err(FetchError::new(
                format!("what is needed of `{source}` has more than {MOST_FILES} files"),
                "is this the folder that was meant?",
            ));
        }
        let Content::Commit(repository, _) = self else { return Ok(Vec::new()) };
        let asked: Vec<&Blob> = wanted.iter().map(|(_, blob)| *blob).collect();
        let bytes = repository.read(&asked)?;
        Ok(wanted.into_iter().map(|(path, _)| path).zip(bytes).collect())
    }

    /// The indexes at a path; none where there is none.
    pub(crate) fn indexes(&self, wanted: &Elsewhere) -> Result<Option<Files>, FetchError> {
        let all = self.paths();
        let paths: Vec<String> =
            index_files(all.into_iter(), wanted).into_iter().map(str::to_owned).collect();
        let source = &wanted.source;
        match paths.len() {
            0 => Ok(None),
            1..=MOST_MEMBERS => self.read(source, paths).map(Some),
            many => Err(FetchError::new(
                format!("`{source}` holds {many} indexes, and a fleet has at most {MOST_MEMBERS}"),
                "is this the folder that was meant? Name another by `path = \"…\"`",
            )),
        }
    }

    /// All files that the root in this folder needs; none where there is no manifest.
    pub(crate) fn root(&self, source: &Source, root: &str) -> Result<Option<Files>, FetchError> {
        let joined = |path: &str| if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") };
        let paths = self.paths();
        if !paths.contains(&joined(MANIFEST_NAME).as_str()) {
            return Ok(None);
        }
        let contracts = root_files(paths.iter().copied(), root).into_iter().map(joined).collect();
        let mut files = self.read(source, contracts)?;
        let texts = files.iter().filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok());
        let others = lists_of(root, texts).into_iter();
        let others = others
            .filter(|path| paths.contains(&path.as_str()) && !files.iter().any(|(known, _)| known == path));
        let others: Vec<String> = others.collect();
        files.extend(self.read(source, others)?);
        Ok(Some(files))
    }
}
