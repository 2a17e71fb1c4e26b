//! The parts of meanings and views.

use pest::iterators::Pair as PestPair;

use super::{Options, Part, Read, Reader};
use crate::rules::Rule;
use crate::text::Docs;
use crate::token::TokenRange;
use crate::tree::{Lossy, Pair, PayloadField, Projection, Variant};

impl Reader<'_> {
    pub(super) fn lossy(&self, part: Part, tokens: TokenRange) -> Read<Lossy> {
        let (reader, mut pairs) = self.parsed(part)?;
        let signal = reader.next_name(&mut pairs, tokens)?;
        let mut reason = None;
        let mut variants = Vec::new();
        for inner in pairs {
            match inner.as_rule() {
                Rule::names => {
                    for name in inner.into_inner().filter(|inner| inner.as_rule() == Rule::word) {
                        variants.push(reader.name(&name)?);
                    }
                }
                Rule::string => reason = Some(reader.string(&inner)?),
                _ => {}
            }
        }
        let place = reader.place(TokenRange::new(part.start, part.end));
        Ok(Lossy { signal, variants, reason, place, tokens })
    }

    pub(super) fn variant(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Variant> {
        let (reader, mut pairs) = self.parsed(part)?;
        let name = reader.next_name(&mut pairs, tokens)?;
        let mut description = None;
        let (mut payload, mut projections) = (Vec::new(), Vec::new());
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::option => options.push(reader.option(inner)?, &pairs),
                Rule::payload => {
                    for field in inner.into_inner().filter(|inner| inner.as_rule() == Rule::payload_field) {
                        payload.push(reader.payload_field(field)?);
                    }
                }
                Rule::string => description = Some(reader.string(&inner)?),
                Rule::projections => {
                    for one in inner.into_inner().filter(|inner| inner.as_rule() == Rule::projection) {
                        projections.push(reader.projection(one)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Variant { docs, name, payload, description, options: options.0, projections, tokens })
    }

    fn payload_field(&self, pair: PestPair<'_, Rule>) -> Read<PayloadField> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let name = self.next_name(&mut pairs, tokens)?;
        let mut type_of = None;
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::type_of => type_of = Some(self.placed_type(inner)?),
                Rule::option => options.push(self.option(inner)?, &pairs),
                _ => {}
            }
        }
        Ok(PayloadField { name, type_of: self.found(type_of, tokens)?, options: options.0, tokens })
    }

    fn projection(&self, pair: PestPair<'_, Rule>) -> Read<Projection> {
        let tokens = self.range(&pair);
        let mut inner = pair.into_inner();
        let signal = self.next_name(&mut inner, tokens)?;
        let (mut word, mut text, mut pairs) = (None, None, None);
        for inner in inner {
            match inner.as_rule() {
                Rule::word => word = Some(self.name(&inner)?),
                Rule::string => text = Some(self.string(&inner)?),
                _ => {
                    let all = inner.into_inner().filter(|inner| inner.as_rule() == Rule::pair);
                    pairs = Some(all.map(|pair| self.pair(pair)).collect::<Read<_>>()?);
                }
            }
        }
        Ok(Projection { signal, word, text, pairs, place: self.place(tokens), tokens })
    }

    fn pair(&self, pair: PestPair<'_, Rule>) -> Read<Pair> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let key = self.next_name(&mut pairs, tokens)?;
        // The `=`.
        pairs.next();
        Ok(Pair { key, value: self.value(&mut pairs, tokens)?, tokens })
    }
}
