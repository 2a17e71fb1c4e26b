//! What a mistake of syntax stands in, found again from the tokens before it once the parser has given up.

use crate::token::{Tokens, kind};

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

impl Construct {
    /// Whether a line's end ends what it holds.
    fn has_lines(self) -> bool {
        matches!(
            self,
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
        )
    }

    fn is_parted_by(self, token: &str) -> bool {
        match self {
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

/// A bracket that is open, or what the parser was given.
struct Frame<'t> {
    construct: Construct,
    before: Vec<&'t str>,
}

/// What stands around the token `at`, where the parser was given the tokens from `start`, which stand in `outermost`.
pub(crate) fn around(text: &str, tokens: &Tokens, start: usize, at: usize, outermost: Construct) -> Around {
    let mut frames = vec![Frame { construct: outermost, before: Vec::new() }];
    let mut on_new_line = false;
    for number in start..at {
        if tokens.at(number) == kind::LINE_END {
            on_new_line = true;
            continue;
        }
        step(&mut frames, shown(text, tokens, number), on_new_line);
        on_new_line = false;
    }
    if let Some(frame) =
        frames.last_mut().filter(|frame| on_new_line && frame.ends_with_line(shown(text, tokens, at)))
    {
        frame.before.clear();
    }
    let Frame { construct, before } =
        frames.pop().unwrap_or(Frame { construct: outermost, before: Vec::new() });
    Around {
        construct,
        before: before.into_iter().map(str::to_owned).collect(),
        next: next(text, tokens, at).to_owned(),
    }
}

/// A token as errors speak of it.
pub(crate) fn shown<'t>(text: &'t str, tokens: &Tokens, number: usize) -> &'t str {
    let place = tokens.place(number);
    let end = match tokens.at(number) {
        kind::DOC | kind::INNER_DOC => place.start + "///".len(),
        _ => place.end,
    };
    text.get(place.start..end).unwrap_or("")
}

/// The token behind another one, or the end of its line.
fn next<'t>(text: &'t str, tokens: &Tokens, at: usize) -> &'t str {
    let between = text.get(tokens.end(at) as usize..tokens.start(at + 1) as usize).unwrap_or("");
    match between.find(['\n', '\r']) {
        Some(line_end) => &between[line_end..=line_end],
        None => shown(text, tokens, at + 1),
    }
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
        _ if frame.construct.is_parted_by(token) => frame.before.clear(),
        _ => frame.before.push(token),
    }
}

impl Frame<'_> {
    /// Whether `token` on a new line begins another item.
    fn ends_with_line(&self, token: &str) -> bool {
        self.construct.has_lines() && token != "{" && !matches!(self.before.last(), Some(&("," | ":" | "=")))
    }

    /// What a bracket opens.
    fn construct_of(&self, bracket: &str) -> Construct {
        let first = self.before.first().copied().unwrap_or("");
        let last = self.before.last().copied().unwrap_or("");
        match (self.construct, bracket) {
            (_, "[") => Construct::Values,
            (_, "{") if matches!(last, "enum" | "object") => Construct::Members,
            (Construct::Header, "{") => match first {
                "resource" | "scope" => Construct::Entries,
                "group" => Construct::Group,
                "policy" => Construct::Policy,
                "event" => Construct::Fields,
                "meaning" | "view" => Construct::Variants,
                "metric" | "span" | "log" | "entity" => Construct::List,
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
            (Construct::Header | Construct::Values, "(") if matches!(last, "one_of" | "all_of") => {
                Construct::Values
            }
            _ => Construct::Unknown,
        }
    }
}
