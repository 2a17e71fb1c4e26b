//! What an error says that stood where something else was expected.

use pest::error::{ErrorVariant, InputLocation};

use super::Reader;
use crate::called::called;
use crate::parse::Rule;
use crate::split::DECLARATIONS;
use crate::{Place, SyntaxError, SyntaxErrorKind};

impl Reader {
    pub(crate) fn unexpected(&self, text: &str, error: &pest::error::Error<Rule>) -> SyntaxError {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let mut expected: Vec<&'static str> = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => {
                positives.iter().flat_map(|token| called(*token)).copied().collect()
            }
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        expected.sort_unstable();
        expected.dedup();
        let skipped = text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
        let at = at + skipped;
        let rest = &text[at..];
        let length = match rest.chars().next() {
            None => 0,
            Some(first) if first.is_alphanumeric() || first == '_' => rest
                .find(|character: char| !(character.is_alphanumeric() || character == '_'))
                .unwrap_or(rest.len()),
            Some('\r') if rest.starts_with("\r\n") => 2,
            Some('.') => rest.len() - rest.trim_start_matches('.').len(),
            Some('/') if rest.starts_with("//!") => 3,
            Some(first) => first.len_utf8(),
        };
        let found = rest[..length].to_owned();
        if let Some(error) = self.doc_of_nothing(text, at, &found) {
            return error;
        }
        let start = self.base + at as u32;
        let place = Place::new(self.file, start, start + length as u32);
        SyntaxError { kind: SyntaxErrorKind::Unexpected { expected, found }, place }
    }

    /// Where the text before `at` is a doc comment, and what was found there has none.
    fn doc_of_nothing(&self, text: &str, at: usize, found: &str) -> Option<SyntaxError> {
        let before = text[..at].trim_end();
        let line = before.rsplit(['\n', '\r']).next()?.trim_start();
        let inner = line.starts_with("//!");
        if !inner && (!line.starts_with("///") || line.starts_with("////")) {
            return None;
        }
        let kind = match found {
            "}" => SyntaxErrorKind::DocWithoutItem,
            "package" | "use" => SyntaxErrorKind::MisplacedDoc { inner, keyword: found.to_owned() },
            keyword if inner && DECLARATIONS.contains(&keyword) => {
                SyntaxErrorKind::MisplacedDoc { inner, keyword: keyword.to_owned() }
            }
            _ => return None,
        };
        let end = self.base + before.len() as u32;
        Some(SyntaxError { kind, place: Place::new(self.file, end - line.len() as u32, end) })
    }
}
