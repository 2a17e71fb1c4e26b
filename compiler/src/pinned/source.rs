//! Where a vocabulary from elsewhere comes from.

use std::fmt;

/// A root in a repository or an archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// What is fetched.
    pub source: Source,
    /// The root's folder in there; empty where it is the top.
    pub path: String,
}

/// A repository or an archive, as `slo.toml` names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A repository of git.
    Git {
        /// Its URL, or its absolute path.
        url: String,
        /// Which commit.
        at: Reference,
    },
    /// A `.tar` or `.tar.gz`.
    Archive {
        /// Its URL, or a path from the root that names it.
        from: String,
        /// The hash of its bytes.
        sha256: String,
    },
}

/// Which commit of a repository is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// The one that a tag names.
    Tag(String),
    /// The one with this hash.
    Rev(String),
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Git { url, at: Reference::Tag(tag) } => write!(formatter, "{url}, tag {tag}"),
            Source::Git { url, at: Reference::Rev(rev) } => write!(formatter, "{url}, rev {rev}"),
            Source::Archive { from, .. } => formatter.write_str(from),
        }
    }
}

impl Source {
    /// The repository's URL, or the archive's.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Source::Git { url, .. } => url,
            Source::Archive { from, .. } => from,
        }
    }

    /// What two spellings of one place have in common: `git@host:team/house.git` is `https://host/team/house`.
    #[must_use]
    pub fn location(&self) -> String {
        let url = self.url().trim_end_matches('/');
        let url = url.strip_suffix(".git").unwrap_or(url).trim_end_matches('/');
        match url.split_once("://") {
            Some(("file", path)) => path.to_owned(),
            Some((_, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
                format!("{}/{path}", host.to_ascii_lowercase())
            }
            None => match scp_like(url) {
                Some((host, path)) => {
                    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
                    format!("{}/{}", host.to_ascii_lowercase(), path.trim_start_matches('/'))
                }
                None => url.to_owned(),
            },
        }
    }

    /// A name for it, from its place: the repository's or the archive's own.
    #[must_use]
    pub fn short_name(&self) -> String {
        let location = self.location();
        let last = location.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        let last = [".tar.gz", ".tgz", ".tar"].iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
        let kept = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        let name: String = last.chars().map(|one| if kept(one) { one } else { '-' }).take(100).collect();
        let name = name.trim_matches(['.', '-']);
        if name.is_empty() { "source".to_owned() } else { name.to_owned() }
    }
}

/// The host and the path of `host:path`, as git and ssh write it.
fn scp_like(url: &str) -> Option<(&str, &str)> {
    let (host, path) = url.split_once(':')?;
    // A single letter is a drive.
    (host.len() > 1 && !host.contains(['/', '\\']) && !path.is_empty()).then_some((host, path))
}

fn is_plain(text: &str) -> bool {
    !text.starts_with('-') && !text.chars().any(|one| one.is_control() || one.is_whitespace())
}

/// Why a text names no repository; none where it does. Only what git's own transports take is one: `ext::` and its like
/// would run a program.
#[must_use]
pub fn no_repository(url: &str) -> Option<&'static str> {
    if !is_plain(url) {
        return Some(
            "is no URL of a repository: it begins with `-`, or holds a blank or a control character",
        );
    }
    if let Some((scheme, rest)) = url.split_once("://") {
        let known = ["https", "ssh", "http", "git", "file", "git+ssh", "ssh+git"].contains(&scheme);
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        return match known && !rest.is_empty() && !host.starts_with('-') {
            true if has_secret(rest) => Some(SECRET),
            true => None,
            false => Some(
                "is no URL of a repository: `https://`, `ssh://`, `git://`, `http://` or `file://` begins one",
            ),
        };
    }
    let absolute = url.starts_with('/') || is_drive(url);
    if absolute || (!url.contains("::") && scp_like(url).is_some()) {
        return None;
    }
    Some("is no repository: name its URL, or its absolute path")
}

/// Why a text names no archive; none where it does.
#[must_use]
pub fn no_archive(from: &str) -> Option<&'static str> {
    if from.starts_with('-') || from.chars().any(char::is_control) {
        return Some("is no archive: it begins with `-`, or holds a control character");
    }
    match from.split_once("://") {
        Some(("https" | "http" | "file", rest)) if has_secret(rest) => Some(SECRET),
        Some(("https" | "http" | "file", rest)) if !rest.is_empty() => None,
        Some(_) => Some("is no URL of an archive: `https://`, `http://` or `file://` begins one"),
        None => None,
    }
}

const SECRET: &str =
    "holds a password: `slo.toml` and `slo.lock` are read by everybody, and git asks its credential helpers";

fn has_secret(rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

/// A URL that holds a password, without who it is of; none where it holds none.
#[must_use]
pub fn without_secret(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://").filter(|(_, rest)| has_secret(rest))?;
    let (authority, path) =
        rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(path.map_or_else(|| format!("{scheme}://{host}"), |path| format!("{scheme}://{host}/{path}")))
}

fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}

/// Whether a text is the full hash of a commit.
#[must_use]
pub fn is_revision(text: &str) -> bool {
    [40, 64].contains(&text.len()) && is_hexadecimal(text)
}

/// Whether a text is a SHA-256.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && is_hexadecimal(text)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a text may be the name of a tag, by the rules of git's `check-ref-format`.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    is_plain(tag)
        && tag.len() <= 255
        && tag != "@"
        && !tag.contains(['~', '^', ':', '?', '*', '[', '\\'])
        && !["..", "@{", "//"].iter().any(|pair| tag.contains(pair))
        && !tag.ends_with('.')
        && tag.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(url: &str) -> Source {
        Source::Git { url: url.to_owned(), at: Reference::Tag("v1".to_owned()) }
    }

    #[test]
    fn one_repository_has_one_location_however_it_is_written() {
        for url in [
            "https://git.example.com/team/house",
            "https://git.example.com/team/house.git",
            "https://someone@Git.Example.com/team/house/",
            "ssh://git@git.example.com/team/house.git",
            "git@git.example.com:team/house.git",
        ] {
            assert_eq!(git(url).location(), "git.example.com/team/house", "{url}");
            assert_eq!(git(url).short_name(), "house", "{url}");
        }
        assert_eq!(git("file:///srv/house.git").location(), git("/srv/house").location());
        assert_eq!(git("C:/srv/house").location(), "C:/srv/house");
    }

    #[test]
    fn a_password_is_taken_out() {
        let without = |url| without_secret(url).unwrap_or_default();
        assert_eq!(without("https://me:x@Host/a/b.git"), "https://Host/a/b.git");
        assert_eq!(without("https://me:x@host"), "https://host");
        assert_eq!(without("https://me@host/a:b@c"), "");
    }

    #[test]
    fn what_would_run_a_program_or_be_an_option_is_no_repository() {
        for url in [
            "-u",
            "--upload-pack=touch x",
            "ext::sh -c x",
            "ext::x",
            "ssh://-oProxyCommand=x/house",
            "fd::17",
            "../house",
            "house",
            "https://",
            "ftp://host/house",
            "https://user:secret@host/house",
            "https://host/a\nb",
        ] {
            assert!(no_repository(url).is_some(), "{url}");
        }
        for url in ["https://host/house", "git@host:house.git", "/srv/house", "file:///srv/house", "C:/house"]
        {
            assert_eq!(no_repository(url), None, "{url}");
        }
    }

    #[test]
    fn tags_are_what_git_takes_for_one() {
        for tag in ["v1.2.0", "house/v1.2.0", "2026-01"] {
            assert!(is_tag(tag), "{tag}");
        }
        for tag in
            ["", "-v1", "v1..2", "v1^{}", "a b", "a*", "a/.b", "a.lock", "a//b", "a/", "v1.", "@", "a@{1}"]
        {
            assert!(!is_tag(tag), "{tag}");
        }
    }
}
