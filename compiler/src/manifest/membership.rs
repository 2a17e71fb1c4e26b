//! Which folders the patterns of a workspace name, told by their paths alone. Build script and derive ask it of one root, without
//! what reads a whole workspace.

use glob::{MatchOptions, Pattern};
use toml::de::DeTable;

use super::WORKSPACE;
use crate::pinned::VENDOR_NAME;

/// The patterns of a workspace's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Membership(Vec<String>);

impl Membership {
    /// Those of the text of a `slo.toml`; none where it is no workspace's.
    pub(crate) fn of(text: &str) -> Option<Membership> {
        if !text.contains(WORKSPACE) {
            return None;
        }
        let whole = DeTable::parse(text).ok()?;
        let table = whole.get_ref().get(WORKSPACE)?.get_ref().as_table();
        let members = table.and_then(|table| table.get("members")).and_then(|list| list.get_ref().as_array());
        let patterns = members.into_iter().flatten().filter_map(|pattern| pattern.get_ref().as_str());
        Some(Membership(patterns.map(str::to_owned).collect()))
    }

    /// Whether the root at a path from the workspace is a member. A crate's folder stands for the contract `slo` in it.
    pub(crate) fn names(&self, path: &str) -> bool {
        let crate_of = path.strip_suffix("/slo");
        let is_vendored = path.split('/').next() == Some(VENDOR_NAME);
        let matched = |path: &str| self.0.iter().any(|pattern| matches(pattern, path));
        !path.is_empty() && !is_vendored && (matched(path) || crate_of.is_some_and(matched))
    }
}

/// How patterns are read: as a shell does, hidden names left out.
pub(crate) const PATTERNS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

fn matches(pattern: &str, path: &str) -> bool {
    let parts = pattern.split('/').filter(|part| !part.is_empty() && *part != ".");
    let normal = parts.collect::<Vec<_>>().join("/");
    // What begins at the system's root names nothing of a workspace.
    !pattern.starts_with('/') && Pattern::new(&normal).is_ok_and(|all| all.matches_with(path, PATTERNS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_by_their_paths() {
        let members = |patterns: &[&str]| {
            let listed: Vec<String> = patterns.iter().map(|pattern| format!("'{pattern}'")).collect();
            Membership::of(&format!("[workspace]\nmembers = [{}]\n", listed.join(", "))).unwrap()
        };
        let services = members(&["house", "services/*"]);
        for path in ["house", "house/slo", "services/mail", "services/mail/slo"] {
            assert!(services.names(path), "{path}");
        }
        for path in ["", "services", "services/mail/inner", "services/.mail", "houses", "slo-vendor/house"] {
            assert!(!services.names(path), "{path}");
        }
        assert!(!members(&["**", "*/*"]).names("slo-vendor/house"));
        assert_eq!(Membership::of("name = \"workspace\"\n"), None);
        assert_eq!(Membership::of("[workspace]\nmembers = 1\n"), Some(Membership::default()));
    }
}
