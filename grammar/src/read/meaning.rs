//! Meanings and views.

use pest::iterators::Pair as PestPair;

use super::{Read, Reader, docs};
use crate::parse::Rule;
use crate::tree::{Expression, Lossy, Meaning, MeaningEntry, Pair, PayloadField, Projection, Variant, View};
use crate::{Name, Placed};

impl Reader {
    pub(super) fn meaning(&self, pair: PestPair<'_, Rule>) -> Read<Meaning> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let mut name = None;
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::variants => entries = self.variants(inner)?,
                _ => {}
            }
        }
        Ok(Meaning { docs, name: self.found(name, place)?, entries })
    }

    pub(super) fn view(&self, pair: PestPair<'_, Rule>) -> Read<View> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let options = self.options_in(&pair)?;
        let (mut name, mut of) = (None, None);
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::key => of = Some(self.name(inner)?),
                Rule::variants => entries = self.variants(inner)?,
                _ => {}
            }
        }
        Ok(View { docs, name: self.found(name, place)?, of: self.found(of, place)?, options, entries })
    }

    fn variants(&self, pair: PestPair<'_, Rule>) -> Read<Vec<MeaningEntry>> {
        let entries = pair.into_inner().filter(|inner| inner.as_rule() == Rule::meaning_entry);
        entries.map(|entry| self.meaning_entry(entry)).collect()
    }

    fn meaning_entry(&self, pair: PestPair<'_, Rule>) -> Read<MeaningEntry> {
        let place = self.place(&pair);
        let docs = docs(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::spread => return Ok(MeaningEntry::Spread(self.only_key(inner)?)),
                Rule::lossy => return Ok(MeaningEntry::Lossy(self.lossy(inner)?)),
                Rule::variant => return Ok(MeaningEntry::Variant(self.variant(docs, inner)?)),
                _ => {}
            }
        }
        self.found(None, place)
    }

    fn lossy(&self, pair: PestPair<'_, Rule>) -> Read<Lossy> {
        let place = self.place(&pair);
        let (mut signal, mut reason) = (None, None);
        let mut variants = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => signal = Some(self.name(inner)?),
                Rule::names => {
                    for name in inner.into_inner().filter(|inner| inner.as_rule() == Rule::word) {
                        variants.push(self.name(name)?);
                    }
                }
                Rule::string => reason = Some(self.string(inner)?),
                _ => {}
            }
        }
        Ok(Lossy { signal: self.found(signal, place)?, variants, reason, place })
    }

    fn variant(&self, docs: String, pair: PestPair<'_, Rule>) -> Read<Variant> {
        let place = self.place(&pair);
        let (mut name, mut description) = (None, None);
        let (mut payload, mut projections) = (Vec::new(), Vec::new());
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::payload => {
                    for field in inner.into_inner().filter(|inner| inner.as_rule() == Rule::payload_field) {
                        payload.push(self.payload_field(field)?);
                    }
                }
                Rule::string => description = Some(self.string(inner)?),
                Rule::projections => {
                    for one in inner.into_inner().filter(|inner| inner.as_rule() == Rule::projection) {
                        projections.push(self.projection(one)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Variant { docs, name: self.found(name, place)?, payload, description, projections })
    }

    fn payload_field(&self, pair: PestPair<'_, Rule>) -> Read<PayloadField> {
        let place = self.place(&pair);
        let options = self.options_in(&pair)?;
        let (mut name, mut type_of) = (None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::type_of => type_of = Some(self.placed_type(inner)?),
                _ => {}
            }
        }
        Ok(PayloadField { name: self.found(name, place)?, type_of: self.found(type_of, place)?, options })
    }

    fn projection(&self, pair: PestPair<'_, Rule>) -> Read<Projection> {
        let place = self.place(&pair);
        let mut words = Vec::new();
        let mut pairs = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => words.push(self.name(inner)?),
                Rule::pairs => {
                    let all = inner.into_inner().filter(|inner| inner.as_rule() == Rule::pair);
                    pairs = Some(all.map(|pair| self.pair(pair)).collect::<Read<_>>()?);
                }
                _ => {}
            }
        }
        let mut words = words.into_iter();
        Ok(Projection { signal: self.found(words.next(), place)?, word: words.next(), pairs, place })
    }

    fn pair(&self, pair: PestPair<'_, Rule>) -> Read<Pair> {
        let place = self.place(&pair);
        let (mut key, mut value) = (None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => key = Some(self.name(inner)?),
                Rule::value => value = Some(self.value(inner)?),
                Rule::call => value = Some(self.call(inner)?),
                _ => {}
            }
        }
        Ok(Pair { key: self.found(key, place)?, value: self.found(value, place)? })
    }

    fn call(&self, pair: PestPair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        let words = pair.into_inner().filter(|inner| inner.as_rule() == Rule::word);
        let mut words = words.map(|word| self.name(word)).collect::<Read<Vec<Name>>>()?.into_iter();
        let (function, argument) = (self.found(words.next(), place)?, self.found(words.next(), place)?);
        Ok(Placed::new(Expression::Call(function, argument), place))
    }
}
