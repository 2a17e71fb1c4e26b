//! `[vocabularies]`: by what each is named.

use slo_grammar::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::VocabularySource;
use super::table::{at, what};
use crate::diagnostic::{Code, Diagnostic};
use crate::pinned::{self, Elsewhere, Reference, Source};
use crate::text::list;

/// The vocabularies that can be read; the others are reported.
pub(super) fn read(
    text: &str,
    table: &DeTable<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(String, VocabularySource, Place)> {
    let mut all = Vec::new();
    for (name, value) in table {
        let place = at(name.span());
        let name = name.get_ref().as_ref();
        match dotted(text, place).map_or_else(|| Named::new(name, place).source(value), Err) {
            Ok(source) => all.push((name.to_owned(), source, place)),
            Err(diagnostic) => diagnostics.push(diagnostic.about(name)),
        }
    }
    all
}

/// The keys that each way to name a vocabulary takes, the one that it is known by first.
const WAYS: [(&str, &[&str]); 3] = [
    ("path", &["path"]),
    ("git", &["git", "tag", "rev", "path"]),
    ("archive", &["archive", "sha256", "path"]),
];

/// A vocabulary's line.
struct Named<'n> {
    name: &'n str,
    /// The name as TOML writes it.
    key: String,
    place: Place,
}

impl<'n> Named<'n> {
    fn new(name: &'n str, place: Place) -> Named<'n> {
        let bare = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
        let key = if name.chars().all(bare) { name.to_owned() } else { format!("\"{name}\"") };
        Named { name, key, place }
    }

    fn form(&self) -> String {
        format!(
            "write `{} = {{ path = \"../{}\" }}` for another root, or `\"std.otel\" = \"1.44.0\"` for what is built in",
            self.key, self.name
        )
    }

    fn wrong(&self, place: Place, message: String) -> Diagnostic {
        Diagnostic::new(Code::Manifest, place, message).help(self.form())
    }

    fn source(&self, value: &Spanned<DeValue<'_>>) -> Result<VocabularySource, Diagnostic> {
        let name = self.name;
        let table = match value.get_ref() {
            DeValue::String(version) if is_path(version) => {
                let message = format!("`{version}` is a path, and a text alone is a version");
                return Err(Diagnostic::new(Code::Manifest, at(value.span()), message)
                    .help(format!("write `{} = {{ path = \"{version}\" }}`", self.key)));
            }
            DeValue::String(version) => return Ok(VocabularySource::BuiltIn(version.clone().into_owned())),
            DeValue::Table(table) => table,
            other => {
                let message = format!(
                    "the vocabulary `{name}` is named by a version or a path, and this is {}",
                    what(other)
                );
                return Err(self.wrong(at(value.span()), message));
            }
        };
        let way = ["git", "archive", "path"].into_iter().find(|way| table.contains_key(*way));
        let Some(way) = way else {
            return Err(match table.iter().next() {
                Some((inner, _)) => {
                    let message =
                        format!("there is no key `{}` for the vocabulary `{name}`", inner.get_ref());
                    self.wrong(at(inner.span()), message)
                }
                None => self.wrong(self.place, format!("the vocabulary `{name}` has no path")),
            });
        };
        let known = WAYS.iter().find(|(other, _)| *other == way).map_or(&[][..], |(_, keys)| keys);
        if let Some((inner, _)) = table.iter().find(|(key, _)| !known.contains(&key.get_ref().as_ref())) {
            let message = match way {
                "path" => {
                    format!(
                        "the vocabulary `{name}` is named by its path alone, without `{}`",
                        inner.get_ref()
                    )
                }
                _ => format!(
                    "the vocabulary `{name}` is named by {}, without `{}`",
                    list(known),
                    inner.get_ref()
                ),
            };
            return Err(Diagnostic::new(Code::Manifest, at(inner.span()), message)
                .help(format!("take `{}` out", inner.get_ref())));
        }
        match way {
            "git" => self.git(table),
            "archive" => self.archive(table),
            _ => {
                let path = self.text(table, "path")?.map(|(path, _)| path).unwrap_or_default();
                Ok(VocabularySource::Path(path.to_owned()))
            }
        }
    }

    /// The text of a key, which isn't empty.
    fn text<'t>(&self, table: &'t DeTable<'_>, key: &str) -> Result<Option<(&'t str, Place)>, Diagnostic> {
        let Some(value) = table.get(key) else { return Ok(None) };
        let place = at(value.span());
        match value.get_ref().as_str() {
            Some("") => Err(self.wrong_value(
                place,
                key,
                format!("the {key} of the vocabulary `{}` is empty", self.name),
            )),
            Some(text) => Ok(Some((text, place))),
            None => {
                let message = format!("`{key}` is a text in quotes, and this is {}", what(value.get_ref()));
                Err(self.wrong_value(place, key, message))
            }
        }
    }

    fn wrong_value(&self, place: Place, key: &str, message: String) -> Diagnostic {
        match key {
            "path" => self.wrong(place, message),
            _ => Diagnostic::new(Code::Manifest, place, message).help(self.elsewhere_form(key)),
        }
    }

    fn elsewhere_form(&self, key: &str) -> String {
        match key {
            "archive" | "sha256" => format!(
                "write `{} = {{ archive = \"https://…/{}-1.0.0.tar.gz\", sha256 = \"…\" }}`, with the 64 digits that `sha256sum` prints of the archive",
                self.key, self.name
            ),
            _ => format!(
                "write `{} = {{ git = \"https://…/{}.git\", tag = \"v1.0.0\" }}`, or `rev = \"…\"` with a commit's full hash for `tag`",
                self.key, self.name
            ),
        }
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
            Some(why) => Err(Diagnostic::new(Code::Manifest, place, format!("`{path}` {why}"))
                .help("name the folder that holds `slo.toml` by its path from the top of what is fetched, such as `path = \"slo\"`")),
        }
    }

    fn git(&self, table: &DeTable<'_>) -> Result<VocabularySource, Diagnostic> {
        let (url, url_place) = self.text(table, "git")?.unwrap_or(("", self.place));
        if let Some(why) = pinned::no_repository(url) {
            return Err(Diagnostic::new(Code::Manifest, url_place, format!("`{url}` {why}"))
                .help(self.elsewhere_form("git")));
        }
        let at = match (self.text(table, "tag")?, self.text(table, "rev")?) {
            (Some((tag, place)), None) => match pinned::is_tag(tag) {
                true => Reference::Tag(tag.to_owned()),
                false => {
                    let message = format!("`{tag}` can't be the name of a tag");
                    return Err(
                        Diagnostic::new(Code::Manifest, place, message).help(self.elsewhere_form("git"))
                    );
                }
            },
            (None, Some((rev, place))) => match pinned::is_revision(rev) {
                true => Reference::Rev(rev.to_owned()),
                false => {
                    let message = format!("`{rev}` is not the full hash of a commit");
                    return Err(Diagnostic::new(Code::Manifest, place, message).help(
                        "write its 40 digits, as `git rev-parse REVISION` prints them: a short one or a branch may be another commit tomorrow",
                    ));
                }
            },
            (Some(_), Some((_, place))) => {
                let message = format!("the vocabulary `{}` is named by a tag and by a revision", self.name);
                return Err(Diagnostic::new(Code::Manifest, place, message).help("take `rev` or `tag` out"));
            }
            (None, None) => {
                let message = format!("the vocabulary `{}` says no `tag` and no `rev`", self.name);
                return Err(
                    Diagnostic::new(Code::Manifest, self.place, message).help(self.elsewhere_form("git"))
                );
            }
        };
        let path = self.inner_path(table)?;
        Ok(VocabularySource::Elsewhere(Elsewhere { source: Source::Git { url: url.to_owned(), at }, path }))
    }

    fn archive(&self, table: &DeTable<'_>) -> Result<VocabularySource, Diagnostic> {
        let (from, from_place) = self.text(table, "archive")?.unwrap_or(("", self.place));
        if let Some(why) = pinned::no_archive(from) {
            return Err(Diagnostic::new(Code::Manifest, from_place, format!("`{from}` {why}"))
                .help(self.elsewhere_form("archive")));
        }
        let Some((sha256, place)) = self.text(table, "sha256")? else {
            let message = format!("the vocabulary `{}` says no `sha256`", self.name);
            return Err(
                Diagnostic::new(Code::Manifest, self.place, message).help(self.elsewhere_form("archive"))
            );
        };
        if !pinned::is_sha256(sha256) {
            let message = "`sha256` is 64 digits of 0 to 9 and a to f".to_owned();
            return Err(Diagnostic::new(Code::Manifest, place, message).help(self.elsewhere_form("archive")));
        }
        let path = self.inner_path(table)?;
        let source = Source::Archive { from: from.to_owned(), sha256: sha256.to_owned() };
        Ok(VocabularySource::Elsewhere(Elsewhere { source, path }))
    }
}

/// A name with a dot outside of quotes, of which TOML makes a table in a table.
pub(super) fn dotted(text: &str, name: Place) -> Option<Diagnostic> {
    let from = text.get(name.range().start..)?;
    let end = from.find(['=', ']', '\n'])?;
    let (whole, rest) = from.split_at_checked(end)?;
    let whole = whole.trim_end();
    // What is quoted already holds its dots itself.
    if whole.len() <= name.range().len() || whole.contains(['"', '\'']) {
        return None;
    }
    let line = rest.lines().next().unwrap_or_default();
    let help = match line.starts_with('=') {
        true => format!("write `\"{whole}\" {}`", line.trim_end()),
        false => format!("write `[vocabularies.\"{whole}\"]`"),
    };
    let place = at(name.range().start..name.range().start + whole.len());
    let message = format!("the name `{whole}` has a dot, and stands in quotes then");
    Some(Diagnostic::new(Code::Manifest, place, message).help(help))
}

fn is_path(version: &str) -> bool {
    version.contains(['/', '\\']) || version.starts_with('.')
}
