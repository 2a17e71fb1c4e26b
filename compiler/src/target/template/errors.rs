//! Errors of the engine as findings, each with its place and what to do.

use std::collections::BTreeMap;

use minijinja::{Error, ErrorKind};
use slo_grammar::{FileId, Place};

use super::ENDING;
use super::environment::{FILTERS, FUEL};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceMap;
use crate::text::{list, nearest};

/// A finding: boxed, since it is large and seldom there.
pub(super) type Finding = Box<Diagnostic>;

/// The templates of a folder, by which errors have their places.
pub(super) struct Folder<'f> {
    pub(super) ids: &'f BTreeMap<&'f str, FileId>,
    pub(super) sources: &'f SourceMap,
}

/// A finding about a template.
pub(super) fn problem(place: Place, message: String, help: &str) -> Finding {
    Box::new(Diagnostic::new(Code::Template, place, message).help(help))
}

/// What the engine says of an error.
pub(super) fn words(error: &Error) -> String {
    match error.detail() {
        Some(detail) => detail.to_owned(),
        None => match error.kind() {
            ErrorKind::UndefinedError => "this has no value".to_owned(),
            ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps"),
            kind => kind.to_string(),
        },
    }
}

impl Folder<'_> {
    /// Where a template begins.
    pub(super) fn start(&self, template: &str) -> Place {
        Place::new(self.ids.get(template).copied().unwrap_or(FileId(0)), 0, 0)
    }

    /// An error of the engine with its place: that of the innermost template.
    pub(super) fn finding(&self, error: &Error, template: &str, of: Option<&str>) -> Finding {
        let mut innermost = error;
        let mut next = std::error::Error::source(error);
        while let Some(inner) = next.and_then(|inner| inner.downcast_ref::<Error>()) {
            innermost = inner;
            next = std::error::Error::source(inner);
        }
        let template = innermost.name().filter(|name| self.ids.contains_key(name)).unwrap_or(template);
        let file = self.ids.get(template).copied().unwrap_or(FileId(0));
        let text = self.sources.file(file).map_or("", |file| &*file.text);
        let place =
            innermost.range().filter(|range| text.get(range.clone()).is_some_and(|text| !text.is_empty()));
        let place = place.or_else(|| line(text, innermost.line()?)).unwrap_or(0..0);
        let mut message = words(innermost);
        if let Some(of) = of {
            message = format!("{message} (in the file for {of})");
        }
        let place = Place::new(file, place.start as u32, place.end as u32);
        problem(place, message, &self.help(innermost))
    }

    /// What to do about an error.
    pub(super) fn help(&self, error: &Error) -> String {
        match error.kind() {
            ErrorKind::UndefinedError => "a template finds `plan`, `stem`, and for each package `package`, for each event `package` and `event`; `slo build --target plan` prints what they have, and `x is defined` asks whether something is there".to_owned(),
            ErrorKind::UnknownFilter => {
                let near = error.detail().and_then(|detail| nearest(detail.split(' ').nth(1)?, FILTERS.into_iter()));
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                format!("{near}the filters beside those of minijinja are {}", list(&FILTERS))
            }
            ErrorKind::TemplateNotFound | ErrorKind::BadInclude => {
                let known: Vec<&str> = self.ids.keys().copied().filter(|path| path.ends_with(ENDING)).collect();
                format!("the templates of this folder are {}", crate::text::some_of(&known))
            }
            ErrorKind::OutOfFuel => "a loop in a loop over all of a contract grows with its square: make a file for each package, or keep what was found in a mapping".to_owned(),
            ErrorKind::SyntaxError => "the language of templates is minijinja's: `{{ value }}`, `{% for one in all %}` … `{% endfor %}`, `{# comment #}`".to_owned(),
            _ => "`slo build --target plan` prints what a template finds; docs/templates.md lists the filters".to_owned(),
        }
    }
}

/// Where a line stands in a text, without the blanks around it.
fn line(text: &str, number: usize) -> Option<std::ops::Range<usize>> {
    let line = text.lines().nth(number.checked_sub(1)?)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let blank = line.len() - line.trim_start().len();
    Some(start + blank..start + line.trim_end().len().max(blank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_without_its_blanks() {
        assert_eq!(line("a\n  bc \n", 2), Some(4..6));
        assert_eq!(line("a\n", 3), None);
    }
}
