//! Options and values.

use pest::iterators::{Pair, Pairs};

use super::{Read, Reader};
use crate::Placed;
use crate::rules::Rule;
use crate::text::Text;
use crate::token::TokenRange;
use crate::tree::{Expression, Name, Opt, Passes, Test};

impl Reader<'_> {
    pub(super) fn option(&self, pair: Pair<'_, Rule>) -> Read<Opt> {
        let tokens = self.range(&pair);
        let place = self.place(tokens);
        let mut pairs = pair.into_inner();
        let first = self.found(pairs.next(), tokens)?;
        if first.as_rule() == Rule::string {
            let text = self.string(&first)?;
            let value = Some(Placed::new(Expression::String(text.value), text.place));
            return Ok(Opt {
                name: Name::new(Text::stretch(self.source, 0, 0), place),
                value,
                place,
                tokens,
            });
        }
        let name = self.name(&first)?;
        // The `=` stands before it.
        let value = if pairs.next().is_some() { Some(self.value(&mut pairs, tokens)?) } else { None };
        Ok(Opt { name, value, place, tokens })
    }

    /// The value that the next pairs make, where the grammar says that they do.
    pub(super) fn value(&self, pairs: &mut Pairs<'_, Rule>, tokens: TokenRange) -> Read<Placed<Expression>> {
        let first = self.found(pairs.next(), tokens)?;
        let place = self.place_of(&first);
        let value = match first.as_rule() {
            Rule::string => Expression::String(self.string(&first)?.value),
            Rule::number => {
                let low = self.number(&first);
                if pairs.peek().is_none_or(|pair| pair.as_rule() != Rule::dots) {
                    return Ok(Placed::new(low, place));
                }
                pairs.next();
                let last = self.found(pairs.next(), tokens)?;
                let high = Placed::new(self.number(&last), self.place_of(&last));
                let whole = place.to(high.place);
                let range = Expression::Range(Box::new(Placed::new(low, place)), Box::new(high));
                return Ok(Placed::new(range, whole));
            }
            Rule::list => Expression::List(self.list(first)?),
            Rule::conditions => Expression::Conditions(self.tests(first)?),
            Rule::call => {
                let tokens = self.range(&first);
                let mut words = first.into_inner().filter(|inner| inner.as_rule() == Rule::word);
                let function = self.name(&self.found(words.next(), tokens)?)?;
                Expression::Call(function, self.name(&self.found(words.next(), tokens)?)?)
            }
            Rule::combination => self.combination(first)?,
            Rule::raw => Expression::Raw(self.written(self.token(&first))),
            _ => Expression::Key(self.name(&first)?.value),
        };
        Ok(Placed::new(value, place))
    }

    pub(super) fn list(&self, pair: Pair<'_, Rule>) -> Read<Vec<Placed<Expression>>> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let mut values = Vec::with_capacity(pairs.len() / 2);
        while let Some(next) = pairs.peek() {
            match next.as_rule() {
                Rule::open_list | Rule::close_list | Rule::comma => drop(pairs.next()),
                _ => values.push(self.value(&mut pairs, tokens)?),
            }
        }
        Ok(values)
    }

    /// `one_of(a, all_of(b, c))`
    fn combination(&self, pair: Pair<'_, Rule>) -> Read<Expression> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let function = self.name(&self.found(pairs.next(), tokens)?)?;
        let mut values = Vec::new();
        while let Some(next) = pairs.peek() {
            match next.as_rule() {
                Rule::open_paren | Rule::close_paren | Rule::comma => drop(pairs.next()),
                _ => values.push(self.value(&mut pairs, tokens)?),
            }
        }
        Ok(Expression::Combination(function, values))
    }

    /// A number with its place.
    pub(super) fn number_at(&self, pair: &Pair<'_, Rule>) -> Placed<Expression> {
        Placed::new(self.number(pair), self.place_of(pair))
    }

    /// A number without `_`, and its unit.
    fn number(&self, pair: &Pair<'_, Rule>) -> Expression {
        let token = self.token(pair);
        let written = self.written(token);
        let unit = unit_of(&written);
        let (start, end) = (self.tokens.start(token), self.tokens.end(token));
        let middle = end - unit as u32;
        let digits = &written[..written.len() - unit];
        Expression::Number {
            digits: if digits.contains('_') {
                Text::from(digits.replace('_', ""))
            } else {
                Text::stretch(self.source, start, middle)
            },
            unit: Text::stretch(self.source, middle, end),
        }
    }

    /// A token as it is written.
    pub(super) fn written(&self, token: usize) -> Text {
        Text::stretch(self.source, self.tokens.start(token), self.tokens.end(token))
    }

    fn tests(&self, pair: Pair<'_, Rule>) -> Read<Vec<Test>> {
        let tests = pair.into_inner().filter(|inner| inner.as_rule() == Rule::test);
        tests.map(|test| self.test(test)).collect()
    }

    fn test(&self, pair: Pair<'_, Rule>) -> Read<Test> {
        let tokens = self.range(&pair);
        let place = self.place(tokens);
        let mut pairs = pair.into_inner();
        let field = self.next_name(&mut pairs, tokens)?;
        let mut not = false;
        let mut passes = None;
        while let Some(next) = pairs.peek() {
            match next.as_rule() {
                Rule::same => {
                    pairs.next();
                    passes = Some(Passes::In(vec![self.value(&mut pairs, tokens)?]));
                }
                Rule::list => {
                    let values = self.list(next)?;
                    passes = Some(if not { Passes::NotIn(values) } else { Passes::In(values) });
                    pairs.next();
                }
                Rule::present_keyword => {
                    passes = Some(Passes::Present);
                    pairs.next();
                }
                rule => {
                    not |= rule == Rule::not_keyword;
                    pairs.next();
                }
            }
        }
        Ok(Test { field, passes: self.found(passes, tokens)?, place, tokens })
    }
}

/// How long the unit at the end of a number is.
fn unit_of(number: &str) -> usize {
    if number.ends_with('%') {
        return 1;
    }
    // An exponent is no unit: it ends in a digit.
    number.bytes().rev().take_while(u8::is_ascii_alphabetic).count()
}
