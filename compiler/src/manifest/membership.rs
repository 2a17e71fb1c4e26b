//! Which folders the patterns of a workspace name, told by their paths alone. Build script and derive ask it of one root, without
//! what reads a whole workspace.

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

fn matches(pattern: &str, path: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    // What begins at the system's root names nothing of a workspace.
    !pattern.starts_with('/') && matches_parts(&parts(pattern), &parts(path))
}

fn matches_parts(pattern: &[String], path: &[String]) -> bool {
    // How far the path is matched by the patterns so far: a set, so that many `**` take no longer than their number.
    let mut reached = vec![false; path.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            if !reached.get(at).copied().unwrap_or_default() {
                continue;
            }
            if part == "**" {
                for end in at..=path.len() {
                    if let Some(next) = next.get_mut(end) {
                        *next = true;
                    }
                    // A hidden folder is matched by its name only.
                    if path.get(end).is_some_and(|part| part.starts_with('.')) {
                        break;
                    }
                }
            } else if path.get(at).is_some_and(|name| matches_name(part, name))
                && let Some(next) = next.get_mut(at + 1)
            {
                *next = true;
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// Whether a name is of a pattern without folders.
fn matches_name(pattern: &str, name: &str) -> bool {
    let signs: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    if name.first() == Some(&'.') && signs.first() != Some(&'.') {
        return false;
    }
    let mut reached = vec![false; name.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut rest = signs.as_slice();
    while let Some((sign, after)) = rest.split_first() {
        let class = if *sign == '[' { Class::of(after) } else { None };
        let mut next = vec![false; name.len() + 1];
        let mut is_open = false;
        for (at, next_at) in next.iter_mut().enumerate() {
            let is_here = reached.get(at).copied().unwrap_or_default();
            let was_here = at > 0 && reached.get(at - 1).copied().unwrap_or_default();
            let last = at.checked_sub(1).and_then(|at| name.get(at)).copied();
            is_open |= is_here;
            *next_at = match (sign, &class) {
                ('*', _) => is_open,
                ('?', _) => was_here,
                (_, Some(class)) => was_here && last.is_some_and(|last| class.has(last)),
                (sign, None) => was_here && last == Some(*sign),
            };
        }
        reached = next;
        rest = class.as_ref().and_then(|class| after.get(class.length..)).unwrap_or(after);
    }
    reached.last().copied().unwrap_or_default()
}

/// A set of signs in brackets.
struct Class {
    ranges: Vec<(char, char)>,
    is_not: bool,
    /// How many signs it takes behind its bracket.
    length: usize,
}

impl Class {
    /// The one that begins here; none where it doesn't end.
    fn of(signs: &[char]) -> Option<Class> {
        let is_not = signs.first() == Some(&'!');
        let start = usize::from(is_not);
        // The first sign is one of the set, whatever it is.
        let end = signs.iter().enumerate().skip(start + 1).find(|(_, sign)| **sign == ']')?.0;
        let inner = signs.get(start..end)?;
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(from) = inner.get(at) {
            match (inner.get(at + 1), inner.get(at + 2)) {
                (Some('-'), Some(to)) => {
                    ranges.push((*from, *to));
                    at += 3;
                }
                _ => {
                    ranges.push((*from, *from));
                    at += 1;
                }
            }
        }
        Some(Class { ranges, is_not, length: end + 1 })
    }

    fn has(&self, sign: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&sign)) != self.is_not
    }
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

    /// Whoever reads the whole workspace asks `glob` instead.
    #[cfg(feature = "fleet")]
    #[test]
    fn patterns_are_read_as_a_workspace_reads_them() {
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: true,
        };
        let patterns = [
            "*",
            "**",
            "a/*",
            "a/**",
            "**/b",
            "a/**/b",
            "a?",
            "[ab]",
            "[!a]b",
            "[a-c]d",
            "a*b*",
            "*/x-*",
            "[]]",
            ".*",
            ".a/*",
            "[-a]",
            "é*",
            "**/*",
            "a/**/**/b",
            "ab[",
            "[a-c]*/b",
        ];
        let paths = [
            "a", "b", "ab", "aab", "a/b", "a/b/b", "a/c/b", ".a", ".a/b", "a/.b", "a/.c/b", "cd", "bb",
            "x/x-y", "]", "-", "éa", "a/b/c/d",
        ];
        for pattern in patterns {
            let Ok(glob) = glob::Pattern::new(pattern) else { continue };
            for path in paths {
                assert_eq!(matches(pattern, path), glob.matches_with(path, options), "{pattern} {path}");
            }
        }
    }
}
