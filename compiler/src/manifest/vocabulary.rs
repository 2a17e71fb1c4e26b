//! `[vocabularies]`: by what each is named.

use slo_grammar::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{at, what};
use super::{VocabularySource, elsewhere};
use crate::diagnostic::{Code, Diagnostic};
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
        let named = self.elsewhere();
        match way {
            "git" => named.git(table).map(VocabularySource::Elsewhere),
            "archive" => named.archive(table).map(VocabularySource::Elsewhere),
            _ => {
                let path = named.text(table, "path")?.map(|(path, _)| path).unwrap_or_default();
                Ok(VocabularySource::Path(path.to_owned()))
            }
        }
    }

    fn elsewhere(&self) -> elsewhere::Named {
        let (key, name) = (&self.key, self.name);
        elsewhere::Named {
            called: format!("the vocabulary `{name}`"),
            place: self.place,
            git: format!(
                "write `{key} = {{ git = \"https://…/{name}.git\", tag = \"v1.0.0\" }}`, or `rev = \"…\"` with a commit's full hash for `tag`"
            ),
            archive: format!(
                "write `{key} = {{ archive = \"https://…/{name}-1.0.0.tar.gz\", sha256 = \"…\" }}`, with the 64 digits that `sha256sum` prints of the archive"
            ),
            path: self.form(),
            inner_path: "name the folder that holds `slo.toml` by its path from the top of what is fetched, such as `path = \"slo\"`",
        }
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
