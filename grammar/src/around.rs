//! Where in an item a mistake of syntax stands, found again from the text before it once the parser has given up.

use crate::token::{length_at, skip_blank};

/// What a mistake of syntax stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Construct {
    /// A declaration, in none of its brackets.
    #[default]
    Header,
    /// The block of a resource or a scope.
    Entries,
    /// The block of a group.
    Group,
    /// The block of a policy.
    Policy,
    /// The block of an event.
    Fields,
    /// The block of a meaning or a view.
    Variants,
    /// What a variant carries.
    Payload,
    /// The block of a variant.
    Projections,
    /// The keys that a variant writes on a signal.
    Pairs,
    /// What stands behind a function's name.
    Call,
    /// The variants that a `lossy` merges.
    Names,
    /// What a metric, a log or a span carries.
    List,
    /// The members of an enum.
    Members,
    /// The tests of a `when`, or what else stands in parentheses behind a `=`.
    Tests,
    /// The values of a list.
    Values,
    /// A tag of the derive, or a value by itself.
    Tag,
    /// Brackets that the language has not.
    Unknown,
}

/// What stands around a mistake of syntax.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// What it stands in.
    pub construct: Construct,
    /// The tokens before it: of a declaration's head, of an entry, of an item of a list, or of a test. What stands
    /// in brackets that close is left out: `{}`.
    pub before: Vec<String>,
    /// The token behind it; empty at the end, a line's end as it is written.
    pub next: String,
}

/// A bracket that is open, or the item itself.
struct Frame<'t> {
    construct: Construct,
    before: Vec<&'t str>,
}

/// What stands around the token from `at` to `end`, in the text of an item or, with [`Construct::Tag`], of a tag.
pub(crate) fn around(text: &str, at: usize, end: usize, outermost: Construct) -> Around {
    let mut frames = vec![Frame { construct: outermost, before: Vec::new() }];
    let head = text.get(..at).unwrap_or("");
    let mut place = 0;
    let mut on_new_line = false;
    loop {
        place = skip_blank(head, place);
        let length = length_at(head, place);
        if length == 0 {
            break;
        }
        let token = &head[place..place + length];
        place += length;
        if is_line_end(token) {
            on_new_line = true;
            continue;
        }
        step(&mut frames, token, on_new_line);
        on_new_line = false;
    }
    let found = text.get(at..end).unwrap_or("");
    if let Some(frame) = frames.last_mut().filter(|frame| on_new_line && frame.ends_with_line(found)) {
        frame.before.clear();
    }
    let Frame { construct, before } =
        frames.pop().unwrap_or(Frame { construct: outermost, before: Vec::new() });
    let next = if is_line_end(found) { end } else { skip_blank(text, end) };
    let next = text.get(next..next + length_at(text, next)).unwrap_or("");
    Around { construct, before: before.into_iter().map(str::to_owned).collect(), next: next.to_owned() }
}

pub(crate) fn is_line_end(token: &str) -> bool {
    matches!(token, "\n" | "\r" | "\r\n")
}

fn step<'t>(frames: &mut Vec<Frame<'t>>, token: &'t str, on_new_line: bool) {
    let nested = frames.len() > 1;
    let Some(frame) = frames.last_mut() else { return };
    if on_new_line && frame.ends_with_line(token) {
        frame.before.clear();
    }
    match token {
        "{" | "[" | "(" => {
            let construct = frame.construct_of(token);
            frames.push(Frame { construct, before: Vec::new() });
        }
        "}" | "]" | ")" if nested => {
            frames.pop();
            if let Some(frame) = frames.last_mut() {
                frame.before.push(match token {
                    "}" => "{}",
                    "]" => "[]",
                    _ => "()",
                });
            }
        }
        _ if frame.is_parted_by(token) => frame.before.clear(),
        _ => frame.before.push(token),
    }
}

impl Frame<'_> {
    /// Whether `token` on a new line begins another item.
    fn ends_with_line(&self, token: &str) -> bool {
        let lines = matches!(
            self.construct,
            Construct::Entries
                | Construct::Group
                | Construct::Policy
                | Construct::Fields
                | Construct::Variants
                | Construct::Projections
                | Construct::Pairs
                | Construct::Names
                | Construct::List
                | Construct::Members
        );
        lines && token != "{" && !matches!(self.before.last(), Some(&("," | ":" | "=")))
    }

    fn is_parted_by(&self, token: &str) -> bool {
        match self.construct {
            Construct::Variants
            | Construct::Payload
            | Construct::Projections
            | Construct::Pairs
            | Construct::Names
            | Construct::List
            | Construct::Members
            | Construct::Values => token == ",",
            Construct::Tests => token == "and",
            _ => false,
        }
    }

    /// What a bracket opens.
    fn construct_of(&self, bracket: &str) -> Construct {
        let first = self.before.first().copied().unwrap_or("");
        let last = self.before.last().copied().unwrap_or("");
        match (self.construct, bracket) {
            (_, "[") => Construct::Values,
            (_, "{") if last == "enum" => Construct::Members,
            (Construct::Header, "{") => match first {
                "resource" | "scope" => Construct::Entries,
                "group" => Construct::Group,
                "policy" => Construct::Policy,
                "event" => Construct::Fields,
                "meaning" | "view" => Construct::Variants,
                "metric" => Construct::List,
                _ => Construct::Unknown,
            },
            (Construct::Fields, "{") if matches!(first, "metric" | "log" | "span") => Construct::List,
            (Construct::Variants, "(") => Construct::Payload,
            (Construct::Variants, "{") if first == "lossy" => Construct::Names,
            (Construct::Variants, "{") => Construct::Projections,
            (Construct::Projections, "{") => Construct::Pairs,
            (Construct::Pairs, "(") => Construct::Call,
            (Construct::Tests, "(") => Construct::Tests,
            (_, "(") if last == "=" => Construct::Tests,
            _ => Construct::Unknown,
        }
    }
}
