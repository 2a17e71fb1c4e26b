//! Where a contract root's lock and what is vendored stand: beside its own `slo.toml`, or beside that of the workspace of which
//! it is a member.
#![allow(clippy::disallowed_methods, reason = "this is part of the module that touches files")]

use std::path::{Path, PathBuf};

use super::{canonical, read_text, without_detours};
use crate::manifest::{FILE_NAME, Membership};

/// The folder with the lock of a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The folder: the workspace's, or the root's own.
    pub folder: PathBuf,
    /// Whether it is a workspace's, which the root is a member of.
    pub is_workspace: bool,
}

impl Home {
    /// Where the lock of a contract root stands, or of a workspace.
    #[must_use]
    pub fn of(root: &Path) -> Home {
        let own = || Home { folder: root.to_owned(), is_workspace: false };
        if is_workspace(root) {
            return Home { folder: root.to_owned(), is_workspace: true };
        }
        let Some(workspace) = find_workspace(root) else { return own() };
        let whole = canonical(&workspace);
        let Some(text) = workspace_text(&whole) else { return own() };
        let real = canonical(root);
        let below = real.strip_prefix(&whole).unwrap_or(&real);
        let path = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        match Membership::of(&text).is_some_and(|members| members.names(&path)) {
            true => Home { folder: workspace, is_workspace: true },
            false => own(),
        }
    }
}

fn workspace_text(folder: &Path) -> Option<String> {
    read_text(&folder.join(FILE_NAME), &canonical(folder)).ok()
}

/// Whether a folder holds a workspace.
#[must_use]
pub fn is_workspace(folder: &Path) -> bool {
    workspace_text(folder).is_some_and(|text| Membership::of(&text).is_some())
}

/// The nearest workspace above a contract root, as a path from where the root's own leads.
#[must_use]
pub fn find_workspace(root: &Path) -> Option<PathBuf> {
    let whole = canonical(root);
    let up = whole.ancestors().skip(1).position(is_workspace)?;
    let mut path = root.to_owned();
    path.extend(std::iter::repeat_n("..", up + 1));
    // Where a link leads to the root, its folders are others.
    let short = without_detours(&path);
    let short = if short.as_os_str().is_empty() { PathBuf::from(".") } else { short };
    let same = |path: &Path| whole.ancestors().nth(up + 1).is_some_and(|folder| canonical(path) == folder);
    [short, path]
        .into_iter()
        .find(|path| same(path))
        .or_else(|| whole.ancestors().nth(up + 1).map(Path::to_owned))
}
