//! The tables of `slo.toml`, read key by key, so that what is wrong is said in the words of the reference.

use slo_grammar::{FileId, Place};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{list, nearest};

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Texts,
    Truth,
    NamedTexts,
    Table,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Kind::Text => "a text in quotes",
            Kind::Texts => "a list of texts in quotes",
            Kind::Truth => "`true` or `false`",
            Kind::NamedTexts => "a table of texts",
            Kind::Table => "a table",
        }
    }

    fn is_of(self, value: &DeValue<'_>) -> bool {
        match self {
            Kind::Text => value.is_str(),
            Kind::Texts => value.is_array(),
            Kind::Truth => value.is_bool(),
            Kind::NamedTexts | Kind::Table => value.is_table(),
        }
    }
}

/// A key that a table may have.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// How it is written.
    pub(super) example: &'static str,
}

/// The keys of each table; those of `slo.toml` itself first.
pub(super) type Tables = &'static [(&'static str, &'static [Key])];

/// A text with its place.
pub(super) type Text = (String, Place);

/// A place in a manifest, whose number is not known yet.
pub(super) fn at(range: std::ops::Range<usize>) -> Place {
    Place::new(FileId(0), range.start as u32, range.end as u32)
}

fn finding(place: Place, message: String) -> Diagnostic {
    Diagnostic::new(Code::Manifest, place, message)
}

/// A table whose keys are known and hold what they should; what does not was reported.
pub(super) struct Table<'t> {
    found: Vec<(&'static Key, &'t Spanned<DeValue<'t>>)>,
}

impl<'t> Table<'t> {
    /// Reads the table of this name.
    pub(super) fn read(
        table: &'t DeTable<'t>,
        name: &str,
        tables: Tables,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Table<'t> {
        let known = tables.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, keys)| keys);
        let mut found = Vec::new();
        for (key, value) in table {
            match known.iter().find(|known| known.name == key.get_ref()) {
                None => diagnostics.push(unknown(key, name, known, tables)),
                Some(known) if known.kind.is_of(value.get_ref()) => found.push((known, value)),
                Some(known) => diagnostics.push(wrong_kind(known, value)),
            }
        }
        Table { found }
    }

    fn get(&self, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.found.iter().find(|(key, _)| key.name == name).map(|(_, value)| *value)
    }

    pub(super) fn text(&self, name: &str) -> Option<Text> {
        let value = self.get(name)?;
        Some((value.get_ref().as_str()?.to_owned(), at(value.span())))
    }

    /// Where the value of a key stands.
    pub(super) fn place(&self, name: &str) -> Option<Place> {
        self.get(name).map(|value| at(value.span()))
    }

    pub(super) fn truth(&self, name: &str) -> Option<(bool, Place)> {
        let value = self.get(name)?;
        Some((value.get_ref().as_bool()?, at(value.span())))
    }

    pub(super) fn table(&self, name: &str) -> Option<&'t DeTable<'t>> {
        self.get(name)?.get_ref().as_table()
    }

    /// The texts of a list; an element that is none is reported.
    pub(super) fn texts(&self, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Text>> {
        let mut texts = Vec::new();
        for element in self.get(name)?.get_ref().as_array()? {
            let place = at(element.span());
            match element.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), place)),
                None => {
                    let is = what(element.get_ref());
                    let example =
                        self.found.iter().find(|(key, _)| key.name == name).map(|(key, _)| key.example);
                    diagnostics.push(
                        finding(place, format!("`{name}` lists texts in quotes, and this is {is}"))
                            .about(name)
                            .help(format!("write it like `{}`", example.unwrap_or_default())),
                    );
                }
            }
        }
        Some(texts)
    }
}

/// A key that the table does not have.
fn unknown(
    key: &Spanned<std::borrow::Cow<'_, str>>,
    table: &str,
    known: &[Key],
    tables: Tables,
) -> Diagnostic {
    let name = key.get_ref().as_ref();
    let shown = if table.is_empty() { "`slo.toml` itself".to_owned() } else { format!("`[{table}]`") };
    let written = |key: &Key| match key.kind {
        Kind::Table => format!("[{}]", key.name),
        _ => key.name.to_owned(),
    };
    let listed: Vec<String> = known.iter().map(written).collect();
    let listed = match listed.as_slice() {
        [one] => format!("the only key of {shown} is `{one}`"),
        names => format!("the keys of {shown} are {}", list(names)),
    };
    let near = nearest(name, known.iter().map(|key| key.name));
    let near = near.and_then(|near| known.iter().find(|key| key.name == near)).map(written);
    let elsewhere =
        tables.iter().find(|(other, keys)| *other != table && keys.iter().any(|key| key.name == name));
    let help = match (elsewhere, near) {
        (Some(("", _)), _) => format!("`{name}` stands above the first table, not below `[{table}]`"),
        (Some((other, _)), _) => format!("`{name}` stands below `[{other}]`"),
        (None, Some(near)) => format!("did you mean `{near}`? {listed}"),
        (None, None) => listed,
    };
    finding(at(key.span()), format!("there is no key `{name}` in {shown}")).about(name).help(help)
}

fn wrong_kind(key: &Key, value: &Spanned<DeValue<'_>>) -> Diagnostic {
    let Key { name, kind, example } = key;
    let message = format!("`{name}` is {}, and this is {}", kind.name(), what(value.get_ref()));
    finding(at(value.span()), message).about(*name).help(format!("write it like `{example}`"))
}

/// What a value is, in words.
pub(super) fn what(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What the parser of TOML found, in words for who writes a manifest.
pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let start =
        text.get(..span.start).map_or(0, |before| before.rfind('\n').map_or(0, |newline| newline + 1));
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    if error.message().starts_with("duplicate key") {
        let key = text.get(span.clone()).unwrap_or_default().trim();
        return finding(at(span), format!("`{key}` stands twice")).help("take one of them out");
    }
    match line.split_once('=') {
        Some((key, value)) if is_bare(value) => {
            let from = start + key.len() + 1;
            let value = value.split('#').next().unwrap_or_default();
            let from = from + (value.len() - value.trim_start().len());
            let value = value.trim();
            finding(at(from..from + value.len()), "a text stands in quotes".to_owned())
                .help(format!("write `{} = \"{value}\"`", key.trim()))
        }
        None if !line.trim().is_empty() && !line.trim_start().starts_with(['[', ']', '}', '"', '\'']) => {
            finding(
                at(start..start + line.trim_end().len()),
                "this line is neither a key with its value nor a table".to_owned(),
            )
            .help("write `KEY = VALUE`, `[TABLE]`, or `#` before a comment")
        }
        _ => {
            let words = error.message().split(", expected").next().unwrap_or_default();
            let (message, help) = match words {
                "invalid basic string" | "invalid literal string" => (
                    "the text does not end on its line",
                    "put a quote behind it; a quote inside it is `\\\"`",
                ),
                "unclosed array" => ("the list is not closed", "put `]` behind its last element"),
                "unclosed table" => ("the table's name is not closed", "put `]` behind it"),
                "missing comma between array elements" => {
                    ("a comma is missing between two elements", "put `,` before this one")
                }
                _ => {
                    let message = format!("this is no TOML: {}", words.replace('\n', " "));
                    let help = "a text stands in quotes, a list in `[…]`, and a key before `=`";
                    return finding(at(span), message).help(help);
                }
            };
            finding(at(span), message.to_owned()).help(help)
        }
    }
}

/// Whether a value was meant to be a text and has no quotes.
fn is_bare(value: &str) -> bool {
    let value = value.split('#').next().unwrap_or_default().trim();
    let bare = |character: char| character.is_alphanumeric() || "._-+/:@ ".contains(character);
    !value.is_empty() && value.chars().all(bare)
}
