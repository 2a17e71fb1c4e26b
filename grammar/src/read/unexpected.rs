//! What an error says that stood where something else was expected.

use pest::error::{ErrorVariant, InputLocation};

use super::Reader;
use crate::around::{Around, Construct, around, is_line_end};
use crate::called::called;
use crate::parse::Rule;
use crate::split::DECLARATIONS;
use crate::token::length_at;
use crate::{Place, SyntaxError, SyntaxErrorKind};

impl Reader {
    /// What pest expected in the text of an item, or of a tag where `outermost` says so.
    pub(crate) fn unexpected(
        &self,
        text: &str,
        outermost: Construct,
        error: &pest::error::Error<Rule>,
    ) -> SyntaxError {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let at = text.len() - text[at..].trim_start_matches([' ', '\t']).len();
        let length = length_at(text, at);
        let found = text[at..at + length].to_owned();
        if let Some(error) = self.doc_of_nothing(text, at, &found) {
            return error;
        }
        let around = around(text, at, at + length, outermost);
        let positives = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.as_slice(),
            ErrorVariant::CustomError { .. } => &[],
        };
        let expected = expected(positives, &found, &around);
        let start = self.base + at as u32;
        let place = Place::new(self.file, start, start + length as u32);
        let kind = SyntaxErrorKind::Unexpected { expected, found, around: Box::new(around) };
        SyntaxError { kind, place }
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

/// What could stand there, as people call it, without what could and is hardly ever meant.
fn expected(positives: &[Rule], found: &str, around: &Around) -> Vec<&'static str> {
    let names = positives.iter().flat_map(|token| called(*token)).copied();
    let mut expected: Vec<&'static str> = names.map(|name| renamed(name, around)).collect();
    // A line's end is blank to the grammar, and ends what a `}` may follow.
    if expected.contains(&"`}`") && !around.before.is_empty() && !is_line_end(found) {
        expected.push("the end of the line");
    }
    // The grammar doesn't tell a field from a key there.
    if expected.contains(&"a key") && around.construct == Construct::List && around.before.is_empty() {
        expected.push("a field");
    }
    expected.sort_unstable();
    expected.dedup();
    let meant: Vec<&'static str> =
        expected.iter().copied().filter(|name| is_meant(name, positives, found, around)).collect();
    if meant.is_empty() { expected } else { meant }
}

/// What a rule's name stands for where it was expected.
fn renamed(name: &'static str, around: &Around) -> &'static str {
    match (name, around.construct) {
        ("a key", Construct::Tests) => "a field",
        ("a name", Construct::Call) => "a payload",
        ("a name", Construct::Names) => "a variant",
        ("a name", Construct::Projections) => "a word",
        _ => name,
    }
}

/// Whether it helps to hear that this could stand there.
fn is_meant(name: &str, positives: &[Rule], found: &str, around: &Around) -> bool {
    let Around { construct, before, .. } = around;
    match name {
        // Behind every number, and behind every type.
        "`..=`" => found.starts_with(".."),
        "`[`" => positives.contains(&Rule::list),
        // Behind every name of a variant, and every word that is a value.
        "`(`" if matches!(construct, Construct::Variants | Construct::Pairs) => false,
        "a name" => *construct != Construct::Pairs,
        // Only `when` has tests.
        "`(`" if before.last().is_some_and(|last| last == "=") => {
            before.iter().rev().nth(1).is_some_and(|option| option == "when")
        }
        "`,`" => !before.is_empty(),
        // Any word is the one, and any line of docs the other.
        "a requirement level" | "a doc comment" => false,
        _ => true,
    }
}
