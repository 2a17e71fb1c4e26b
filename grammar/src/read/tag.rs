//! Tags of the derive, and values by themselves.

use super::{Part, Read, Reader};
use crate::around::Construct;
use crate::rules::Rule;
use crate::token::TokenRange;
use crate::tree::{Expression, Tag};
use crate::{Placed, SyntaxError, SyntaxErrorKind, limits};

impl Reader<'_> {
    /// All tokens as one part.
    fn whole(&self, rule: Rule) -> Part {
        Part { start: 0, parsed: 0, end: self.tokens.len(), construct: Construct::Tag, rule }
    }

    pub(crate) fn tag(&self) -> Read<Tag> {
        let (reader, mut pairs) = self.parsed(self.whole(Rule::tag))?;
        let tokens = TokenRange::new(0, self.tokens.len());
        let key = reader.found(pairs.next(), tokens)?;
        let key = match key.as_rule() {
            Rule::key => reader.name(&key)?,
            _ => {
                let name = Placed::new(reader.written(reader.token(&key)), reader.place_of(&key));
                if name.value.len() > limits::NAME_BYTES {
                    let kind = SyntaxErrorKind::TooLong { what: "name", limit: limits::NAME_BYTES };
                    return Err(SyntaxError { kind, place: name.place });
                }
                name
            }
        };
        let options = pairs.filter(|pair| pair.as_rule() == Rule::tag_option);
        Ok(Tag { key, options: options.map(|pair| reader.option(pair)).collect::<Read<_>>()? })
    }

    pub(crate) fn only_value(&self) -> Read<Placed<Expression>> {
        let (reader, mut pairs) = self.parsed(self.whole(Rule::only_value))?;
        reader.value(&mut pairs, TokenRange::new(0, self.tokens.len()))
    }
}
