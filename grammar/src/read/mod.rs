//! Makes the tree's types of pest's pairs, one function a construct.

mod declaration;
mod event;
mod meaning;
mod policy;
mod unexpected;

use pest::iterators::Pair;

use crate::parse::{Rule, characters};
use crate::tree::{Expression, Item, Name, Opt, Package, Refine};
use crate::{FileId, Place, Placed, SyntaxError, SyntaxErrorKind, limits, literal};

pub(crate) type Read<T> = Result<T, SyntaxError>;

/// Makes the tree's types of pest's pairs; knows where in the file the text stands that pest saw.
pub(crate) struct Reader {
    pub(crate) file: FileId,
    pub(crate) base: u32,
}

impl Reader {
    pub(crate) fn item(&self, pair: Pair<'_, Rule>) -> Read<Item> {
        Ok(match pair.as_rule() {
            Rule::package => {
                let docs = docs(&pair);
                Item::Package(Package { docs, name: self.only_key(pair)? })
            }
            Rule::use_item => Item::Use(self.only_key(pair)?),
            Rule::attribute => Item::Attribute(self.attribute(pair)?),
            Rule::refine => {
                let docs = docs(&pair);
                let options = self.options_in(&pair)?;
                Item::Refine(Refine { docs, key: self.only_key(pair)?, options })
            }
            Rule::group => Item::Group(self.block(pair)?),
            Rule::resource => Item::Resource(self.block(pair)?),
            Rule::scope => Item::Scope(self.block(pair)?),
            Rule::policy => Item::Policy(self.policy(pair)?),
            Rule::meaning => Item::Meaning(self.meaning(pair)?),
            Rule::view => Item::View(self.view(pair)?),
            Rule::event => Item::Event(self.event(pair)?),
            _ => Item::Metric(self.metric(pair)?),
        })
    }

    /// The options that stand in a declaration or an entry.
    fn options_in(&self, pair: &Pair<'_, Rule>) -> Read<Vec<Opt>> {
        let lists = pair.clone().into_inner().filter(|inner| {
            matches!(inner.as_rule(), Rule::options | Rule::more_options | Rule::payload_options)
        });
        lists
            .flat_map(Pair::into_inner)
            .filter(|inner| inner.as_rule() == Rule::option)
            .map(|inner| self.option(inner))
            .collect()
    }

    /// An option of a file or of a tag.
    pub(crate) fn option(&self, pair: Pair<'_, Rule>) -> Read<Opt> {
        let place = self.place(&pair);
        let mut name = Name::new(String::new(), place);
        let mut value = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = self.name(inner)?,
                Rule::string => {
                    let text = self.string(inner)?;
                    value = Some(Placed::new(Expression::String(text.value), text.place));
                }
                Rule::value => value = Some(self.value(inner)?),
                Rule::conditions => value = Some(self.conditions(inner)?),
                Rule::tag_value => {
                    for inner in inner.into_inner() {
                        value = Some(self.expression(inner)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Opt { name, value, place })
    }

    pub(crate) fn value(&self, pair: Pair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        match pair.into_inner().next() {
            Some(inner) => self.expression(inner),
            None => self.found(None, place),
        }
    }

    fn expression(&self, pair: Pair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        let value = match pair.as_rule() {
            Rule::string => Expression::String(self.string(pair)?.value),
            Rule::number => number(pair),
            Rule::range => {
                let ends = pair.into_inner().filter(|inner| inner.as_rule() == Rule::number);
                let mut ends = ends.map(|end| {
                    let place = self.place(&end);
                    Placed::new(number(end), place)
                });
                let (low, high) = (ends.next(), ends.next());
                Expression::Range(Box::new(self.found(low, place)?), Box::new(self.found(high, place)?))
            }
            Rule::list => {
                let values = pair.into_inner().filter(|inner| inner.as_rule() == Rule::value);
                Expression::List(values.map(|inner| self.value(inner)).collect::<Read<_>>()?)
            }
            Rule::raw => {
                let text = pair.as_str().trim_end_matches([' ', '\t']);
                let end = place.start + text.len() as u32;
                return Ok(Placed::new(Expression::Raw(text.to_owned()), Place { end, ..place }));
            }
            _ => Expression::Key(self.name(pair)?.value),
        };
        Ok(Placed::new(value, place))
    }

    pub(crate) fn tag_key(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        match pair.into_inner().next() {
            Some(inner) if inner.as_rule() == Rule::key => self.name(inner),
            Some(inner) => self.checked_name(Placed::new(inner.as_str().to_owned(), self.place(&inner))),
            None => self.found(None, place),
        }
    }

    fn only_key(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        match pair.into_inner().find(|inner| inner.as_rule() == Rule::key) {
            Some(key) => self.name(key),
            None => self.found(None, place),
        }
    }

    /// The joined text of a key, a word or a text in quotes.
    fn name(&self, pair: Pair<'_, Rule>) -> Read<Name> {
        let place = self.place(&pair);
        let text = match pair.as_rule() {
            Rule::key | Rule::string_key => {
                let mut text = String::with_capacity(pair.as_str().len());
                for segment in pair.into_inner() {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    let part = self.name(segment)?;
                    text.push_str(&part.value);
                }
                text
            }
            Rule::string => self.string(pair)?.value,
            _ => pair.as_str().to_owned(),
        };
        self.checked_name(Placed::new(text, place))
    }

    fn checked_name(&self, name: Name) -> Read<Name> {
        let kind = if name.value.is_empty() {
            SyntaxErrorKind::EmptyPart
        } else if name.value.len() > limits::NAME_BYTES {
            SyntaxErrorKind::TooLong { what: "name", limit: limits::NAME_BYTES }
        } else if let Some(character) = name.value.chars().find(|character| character.is_control()) {
            SyntaxErrorKind::ControlCharacter { character }
        } else {
            return Ok(name);
        };
        Err(SyntaxError { kind, place: name.place })
    }

    fn string(&self, pair: Pair<'_, Rule>) -> Read<Placed<String>> {
        let place = self.place(&pair);
        let text = pair.as_str();
        let quoted = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
        if quoted.len() > limits::STRING_BYTES {
            let kind = SyntaxErrorKind::TooLong { what: "text", limit: limits::STRING_BYTES };
            return Err(SyntaxError { kind, place });
        }
        match literal::unescape(quoted) {
            Ok(value) => match characters(self.file, &value).into_iter().next() {
                Some(error) if matches!(error.kind, SyntaxErrorKind::BidirectionalControl { .. }) => {
                    Err(SyntaxError { kind: error.kind, place })
                }
                _ => Ok(Placed::new(value, place)),
            },
            Err((offset, escape)) => {
                let start = place.start + 1 + offset as u32;
                let place = Place { start, end: start + escape.len() as u32, ..place };
                Err(SyntaxError { kind: SyntaxErrorKind::UnknownEscape { escape }, place })
            }
        }
    }

    fn place(&self, pair: &Pair<'_, Rule>) -> Place {
        let span = pair.as_span();
        Place::new(self.file, self.base + span.start() as u32, self.base + span.end() as u32)
    }

    /// What the grammar says must be there. That it isn't can't happen, and is an error rather than a panic.
    fn found<T>(&self, value: Option<T>, place: Place) -> Read<T> {
        let kind = SyntaxErrorKind::Unexpected {
            expected: vec!["something else"],
            found: String::new(),
            around: Box::default(),
        };
        value.ok_or(SyntaxError { kind, place })
    }

    pub(crate) fn nothing(&self, text: &str) -> SyntaxError {
        let kind = SyntaxErrorKind::Unexpected {
            expected: vec!["something"],
            found: String::new(),
            around: Box::default(),
        };
        SyntaxError { kind, place: Place::new(self.file, self.base, self.base + text.len() as u32) }
    }
}

fn number(pair: Pair<'_, Rule>) -> Expression {
    let mut digits = String::new();
    let mut unit = String::new();
    for inner in pair.into_inner() {
        match inner.as_rule() {
            Rule::digits => digits = inner.as_str().replace('_', ""),
            _ => unit = inner.as_str().to_owned(),
        }
    }
    Expression::Number { digits, unit }
}

/// The docs that stand at the beginning of a declaration, an entry or a member.
fn docs(pair: &Pair<'_, Rule>) -> String {
    let lines = pair
        .clone()
        .into_inner()
        .take_while(|inner| matches!(inner.as_rule(), Rule::docs | Rule::inner_docs))
        .flat_map(Pair::into_inner);
    let lines: Vec<&str> = lines
        .map(|line| {
            let text = line.as_str().get(3..).unwrap_or("");
            text.strip_prefix(' ').unwrap_or(text).trim_end()
        })
        .collect();
    lines.join("\n")
}
