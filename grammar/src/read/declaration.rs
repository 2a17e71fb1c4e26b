//! Attributes with their types, and the blocks of resources, scopes and groups.

use pest::iterators::Pair;

use super::{Read, Reader, docs};
use crate::Placed;
use crate::parse::Rule;
use crate::tree::{Attribute, Block, Entry, Field, Member, NamedType, Type};

impl Reader {
    pub(super) fn attribute(&self, pair: Pair<'_, Rule>) -> Read<Attribute> {
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        let place = self.place(&pair);
        let mut key = None;
        let mut type_of = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => key = Some(self.name(inner)?),
                Rule::type_of => type_of = Some(self.placed_type(inner)?),
                _ => {}
            }
        }
        Ok(Attribute { docs, key: self.found(key, place)?, type_of: self.found(type_of, place)?, options })
    }

    pub(super) fn type_of(&self, pair: Pair<'_, Rule>) -> Read<Type> {
        let place = self.place(&pair);
        let kind = pair.as_rule();
        if kind == Rule::named_type {
            return Ok(Type::Named(self.named_type(pair)?));
        }
        for inner in pair.into_inner() {
            match (kind, inner.as_rule()) {
                (Rule::enum_type, Rule::members) => {
                    let members = inner.into_inner().filter(|pair| pair.as_rule() == Rule::member);
                    return Ok(Type::Enum(members.map(|pair| self.member(pair)).collect::<Read<_>>()?));
                }
                (Rule::map_type, Rule::named_type) => return Ok(Type::Map(self.named_type(inner)?)),
                (Rule::timestamp_type, Rule::word) => return Ok(Type::Timestamp(self.name(inner)?)),
                (Rule::duration_type, Rule::word) => return Ok(Type::Duration(self.name(inner)?)),
                _ => {}
            }
        }
        self.found(None, place)
    }

    pub(super) fn named_type(&self, pair: Pair<'_, Rule>) -> Read<NamedType> {
        let array = pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::array);
        Ok(NamedType { name: self.only_key(pair)?, array })
    }

    pub(super) fn member(&self, pair: Pair<'_, Rule>) -> Read<Member> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let mut name = None;
        let mut wire = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word | Rule::string => name = Some(self.name(inner)?),
                Rule::value => wire = Some(self.value(inner)?),
                _ => {}
            }
        }
        Ok(Member { docs, name: self.found(name, place)?, wire })
    }

    pub(super) fn block(&self, pair: Pair<'_, Rule>) -> Read<Block> {
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        let place = self.place(&pair);
        let mut name = None;
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::block | Rule::group_block => {
                    for entry in inner.into_inner() {
                        match entry.as_rule() {
                            Rule::entry => entries.push(self.entry(entry)?),
                            Rule::group_entry => entries.push(self.group_entry(entry)?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Block { docs, name: self.found(name, place)?, options, entries })
    }

    pub(super) fn entry(&self, pair: Pair<'_, Rule>) -> Read<Entry> {
        let spread = pair.clone().into_inner().find(|inner| inner.as_rule() == Rule::spread);
        if let Some(spread) = spread {
            return Ok(Entry::Spread(self.only_key(spread)?));
        }
        let docs = docs(&pair);
        let options = self.options_in(&pair)?;
        Ok(Entry::Key { docs, key: self.only_key(pair)?, options })
    }

    /// An entry of a group: a field if it has a field's type, the options of a key otherwise.
    fn group_entry(&self, pair: Pair<'_, Rule>) -> Read<Entry> {
        if let Some(field) = pair.clone().into_inner().find(|inner| inner.as_rule() == Rule::field) {
            return Ok(Entry::Field(Box::new(self.field(docs(&pair), field)?)));
        }
        let entry = self.entry(pair)?;
        let Entry::Key { docs, key, options } = &entry else { return Ok(entry) };
        let Some((first, rest)) = options.split_first() else { return Ok(entry) };
        let name = &first.name;
        if !is_type(&name.value) {
            return Ok(entry);
        }
        let type_of = Type::Named(NamedType { name: name.clone(), array: false });
        Ok(Entry::Field(Box::new(Field {
            docs: docs.clone(),
            name: key.clone(),
            type_of: Placed::new(type_of, name.place),
            optional: None,
            value: first.value.clone(),
            via: None,
            options: rest.to_vec(),
        })))
    }
}

/// Whether a word by itself is a type rather than an option: a built-in one, or a declaration's name.
fn is_type(word: &str) -> bool {
    ["string", "int", "double", "bool", "bytes", "any"].contains(&word)
        || word.starts_with(|first: char| first.is_uppercase())
}
