//! The paths of the files that are made: below the folder that is written into, each another one.

use std::collections::BTreeMap;

/// How long a path may be, in bytes.
const MOST_BYTES: usize = 512;

/// Whether a path is that of a file below the folder that is written into, on every system.
pub(super) fn is_below(path: &str) -> bool {
    path.len() <= MOST_BYTES && path.split('/').all(is_part)
}

fn is_part(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_uppercase();
    // Names that are devices on Windows (Microsoft, "Naming Files, Paths, and Namespaces").
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.' | '@' | '+' | ' ');
    !part.is_empty()
        && !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && part.chars().all(fits)
        && !is_device
}

/// What is wrong with a path that is none, and what to do.
pub(super) fn refused(path: &str) -> (String, &'static str) {
    let shown: String = path.chars().take(80).map(|one| if one.is_control() { ' ' } else { one }).collect();
    (
        format!("`{shown}` is no path of a file below the folder that is written into"),
        "write names of ASCII letters, digits, `_`, `-` and `.`, none of which begins with `.`, with `/` between them; `{{ stem }}` and `snake` give such names",
    )
}

/// The paths that are made, in small letters, as some systems compare them.
#[derive(Default)]
pub(super) struct Paths {
    /// What each file is made for.
    files: BTreeMap<String, String>,
    /// Of each folder, what a file in it is made for.
    folders: BTreeMap<String, String>,
}

impl Paths {
    /// Adds the path of what is made for something, or says what is in its way, and what to do.
    pub(super) fn add(&mut self, path: &str, of: &str) -> Result<(), (String, &'static str)> {
        let lower = path.to_lowercase();
        if let Some(other) = self.files.get(&lower) {
            return Err((
                format!("`{path}` would be made twice: for {other}, and for {of}"),
                "let the path have `{{ stem }}` in it, which is another for each; letters that differ in case alone are one file on some systems",
            ));
        }
        let ends = lower.match_indices('/').map(|(at, _)| at);
        let folders: Vec<&str> = ends.filter_map(|at| lower.get(..at)).collect();
        let in_the_way = folders.iter().find_map(|folder| self.files.get(*folder));
        if let Some(other) = in_the_way.or_else(|| self.folders.get(&lower)) {
            return Err((
                format!(
                    "`{path}` can't be made for {of} beside the files for {other}: one name would be a file and a folder"
                ),
                "let the names of files end otherwise than those of folders, as in `{{ stem }}.txt`",
            ));
        }
        for folder in folders {
            self.folders.entry(folder.to_owned()).or_insert_with(|| of.to_owned());
        }
        self.files.insert(lower, of.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_the_folder() {
        for path in ["a", "a/b.go", "A-b_c+d@e f.x"] {
            assert!(is_below(path), "{path}");
        }
        for path in
            ["", "/a", "a/", "../a", "a/../b", ".git/x", "a\\b", "C:a", "nul", "com1.txt", "a.", "ö", "a\0"]
        {
            assert!(!is_below(path), "{path}");
        }
        assert!(!is_below(&"a".repeat(513)));
    }

    #[test]
    fn one_path_is_one_file() {
        let mut paths = Paths::default();
        for path in ["a/b", "a/c", "d"] {
            paths.add(path, "the first").unwrap();
        }
        for path in ["A/b", "a", "a/b/c", "d/e/f"] {
            let (message, _) = paths.add(path, "the second").unwrap_err();
            assert!(message.contains("the first") && message.contains("the second"), "{message}");
        }
    }
}
