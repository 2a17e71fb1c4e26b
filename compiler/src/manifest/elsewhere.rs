//! A repository or an archive, as a table of `slo.toml` names it.

use slo_grammar::Place;
use toml::de::DeTable;

use super::table::{at, what};
use crate::diagnostic::{Code, Diagnostic};
use crate::pinned::{self, Elsewhere, Reference, Source};

/// What is named by a table, in the words of its findings.
pub(super) struct Named {
    /// How it is called in a sentence.
    pub(super) called: String,
    /// Where it is named.
    pub(super) place: Place,
    /// How it is written with a repository.
    pub(super) git: String,
    /// How it is written with an archive.
    pub(super) archive: String,
    /// How it is written with a path of this disk.
    pub(super) path: String,
    /// What `path` names in a repository or an archive.
    pub(super) inner_path: &'static str,
}

impl Named {
    /// The text of a key, which isn't empty.
    pub(super) fn text<'t>(
        &self,
        table: &'t DeTable<'_>,
        key: &str,
    ) -> Result<Option<(&'t str, Place)>, Diagnostic> {
        let Some(value) = table.get(key) else { return Ok(None) };
        let place = at(value.span());
        let message = match value.get_ref().as_str() {
            Some("") => format!("the {key} of {} is empty", self.called),
            Some(text) => return Ok(Some((text, place))),
            None => format!("`{key}` is a text in quotes, and this is {}", what(value.get_ref())),
        };
        let help = match key {
            "path" => &self.path,
            "archive" | "sha256" => &self.archive,
            _ => &self.git,
        };
        Err(Diagnostic::new(Code::Manifest, place, message).help(help))
    }

    fn inner_path(&self, table: &DeTable<'_>) -> Result<String, Diagnostic> {
        let Some((path, place)) = self.text(table, "path")? else { return Ok(String::new()) };
        let short = path.trim_end_matches('/');
        let short = short.strip_prefix("./").unwrap_or(short);
        if short == "." {
            return Ok(String::new());
        }
        match pinned::unsafe_path(short) {
            None => Ok(short.to_owned()),
            Some(why) => {
                Err(Diagnostic::new(Code::Manifest, place, format!("`{path}` {why}")).help(self.inner_path))
            }
        }
    }

    /// A repository at a tag or a revision.
    pub(super) fn git(&self, table: &DeTable<'_>) -> Result<Elsewhere, Diagnostic> {
        let wrong = |place, message: String| Diagnostic::new(Code::Manifest, place, message);
        let (url, url_place) = self.text(table, "git")?.unwrap_or(("", self.place));
        if let Some(why) = pinned::no_repository(url) {
            return Err(self.refused(url, url_place, why, false));
        }
        let at = match (self.text(table, "tag")?, self.text(table, "rev")?) {
            (Some((tag, place)), None) => match pinned::is_tag(tag) {
                true => Reference::Tag(tag.to_owned()),
                false => {
                    let message = format!("`{tag}` can't be the name of a tag");
                    return Err(wrong(place, message).help(&self.git));
                }
            },
            (None, Some((rev, place))) => match pinned::is_revision(rev) {
                true => Reference::Rev(rev.to_owned()),
                false => {
                    let message = format!("`{rev}` is not the full hash of a commit");
                    return Err(wrong(place, message).help(
                        "write its 40 digits, as `git rev-parse REVISION` prints them: a short one or a branch may be another commit tomorrow",
                    ));
                }
            },
            (Some(_), Some((_, place))) => {
                let message = format!("{} is named by a tag and by a revision", self.called);
                return Err(wrong(place, message).help("take `rev` or `tag` out"));
            }
            (None, None) => {
                let message = format!("{} says no `tag` and no `rev`", self.called);
                return Err(wrong(self.place, message).help(&self.git));
            }
        };
        let path = self.inner_path(table)?;
        Ok(Elsewhere { source: Source::Git { url: url.to_owned(), at }, path })
    }

    /// An archive of one hash.
    pub(super) fn archive(&self, table: &DeTable<'_>) -> Result<Elsewhere, Diagnostic> {
        let (from, from_place) = self.text(table, "archive")?.unwrap_or(("", self.place));
        if let Some(why) = pinned::no_archive(from) {
            return Err(self.refused(from, from_place, why, true));
        }
        let Some((sha256, place)) = self.text(table, "sha256")? else {
            let message = format!("{} says no `sha256`", self.called);
            return Err(Diagnostic::new(Code::Manifest, self.place, message).help(&self.archive));
        };
        if !pinned::is_sha256(sha256) {
            let message = "`sha256` is 64 digits of 0 to 9 and a to f".to_owned();
            return Err(Diagnostic::new(Code::Manifest, place, message).help(&self.archive));
        }
        let path = self.inner_path(table)?;
        let source = Source::Archive { from: from.to_owned(), sha256: sha256.to_owned() };
        Ok(Elsewhere { source, path })
    }

    /// A URL that may not be named. What may be a password isn't repeated.
    fn refused(&self, url: &str, place: Place, why: &str, is_archive: bool) -> Diagnostic {
        let form = if is_archive { &self.archive } else { &self.git };
        let Some(without) = pinned::without_secret(url) else {
            return Diagnostic::new(Code::Manifest, place, format!("`{url}` {why}")).help(form);
        };
        let way = match is_archive {
            true => {
                "hand the archive out where none is asked for, or by a path of this disk that a step of the pipeline fills"
            }
            false => {
                "give the new one to git alone: `git credential approve` keeps it, and `git@…` uses a key of ssh"
            }
        };
        let help = format!("write `{without}`; change the password, which others may have read, and {way}");
        Diagnostic::new(Code::Manifest, place, format!("the URL of {} {why}", self.called)).help(help)
    }
}
