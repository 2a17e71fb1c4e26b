//! An event of a draft: its fields, and what it writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::guess::{self, Said};
use super::names::{self, Names};
use super::values::Values;

/// A field.
#[derive(Debug)]
struct Field {
    name: String,
    kind: String,
    is_optional: bool,
    options: Vec<String>,
    comment: String,
}

/// A field in a list, under its key.
pub(super) fn listed(field: &str, key: &str, said: &Said) -> String {
    match said {
        Said::Otherwise { .. } => format!("{field} as {}", names::key(key)),
        _ => field.to_owned(),
    }
}

/// An event.
#[derive(Debug, Default)]
pub(super) struct Event {
    names: Names,
    fields: Vec<Field>,
    items: Vec<String>,
    comments: Vec<String>,
    /// The fields of logs, by their keys and whether they may be absent: several logs show one.
    of_logs: BTreeMap<(String, bool), String>,
}

impl Event {
    /// A field for a key, and its name.
    pub(super) fn field(&mut self, key: &str, said: &Said, is_optional: bool) -> Option<String> {
        let mut options = Vec::new();
        let mut comment = String::new();
        let kind = match said {
            Said::Conventions(_) | Said::Declared { .. } => names::key(key),
            Said::Object(text) => text.clone(),
            Said::Otherwise { kind, options: own, guess, .. } => {
                options.extend(Some(own.clone()).filter(|own| !own.is_empty()));
                comment.clone_from(guess);
                kind.clone()
            }
            Said::Nothing(_) => return None,
        };
        let name = match said {
            // An object shows below the field's own name.
            Said::Object(_) => self.names.new_name(key),
            _ => names::field(key, &mut self.names),
        };
        self.fields.push(Field { name: name.clone(), kind, is_optional, options, comment });
        Some(name)
    }

    /// A field for a key of a log, and its name.
    pub(super) fn of_logs(&mut self, key: &str, said: &Said, is_optional: bool) -> Option<String> {
        if let Some(known) = self.of_logs.get(&(key.to_owned(), is_optional)) {
            return Some(known.clone());
        }
        let name = self.field(key, said, is_optional)?;
        self.of_logs.insert((key.to_owned(), is_optional), name.clone());
        Some(name)
    }

    /// A field of a type that stands for no key.
    pub(super) fn own(&mut self, name: &str, kind: &str, comment: &str) -> String {
        let name = self.names.new_name(name);
        self.fields.push(Field {
            name: name.clone(),
            kind: kind.to_owned(),
            is_optional: false,
            options: Vec::new(),
            comment: comment.to_owned(),
        });
        name
    }

    /// Gives a field another type.
    pub(super) fn replace(&mut self, name: &str, kind: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.kind = kind.to_owned();
            field.is_optional = false;
            field.options.clear();
        }
    }

    /// Gives a field the bound that labels and holes of names need.
    pub(super) fn bound(&mut self, name: &str, (key, values): (&str, &Values), said: &Said) {
        let Some(field) = self.fields.iter_mut().find(|field| field.name == name) else { return };
        if !field.options.is_empty() {
            return;
        }
        if let Some((options, comment)) = guess::bound(key, values, said) {
            field.options.push(options);
            field.comment = comment;
        }
    }

    /// A line of what it writes.
    pub(super) fn item(&mut self, item: String) {
        self.items.push(item);
    }

    /// A comment before all.
    pub(super) fn comment(&mut self, comment: String) {
        self.comments.push(comment);
    }

    /// Its text.
    pub(super) fn text(&self, name: &str, scope: &str) -> String {
        let mut text = String::new();
        for comment in &self.comments {
            let _ = writeln!(text, "// {comment}");
        }
        let _ = writeln!(text, "event {name} in {scope}: external {{");
        for field in &self.fields {
            if !field.comment.is_empty() {
                let _ = writeln!(text, "    // {}", field.comment);
            }
            let optional = if field.is_optional { "?" } else { "" };
            let options: String = field.options.iter().map(|option| format!(", {option}")).collect();
            let _ = writeln!(text, "    {}: {}{optional}{options}", field.name, field.kind);
        }
        if !self.fields.is_empty() {
            text.push('\n');
        }
        for item in &self.items {
            let _ = writeln!(text, "    {item}");
        }
        text.push_str("}\n");
        text
    }
}
