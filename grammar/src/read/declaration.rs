//! Declarations without a block, and types.

use pest::iterators::{Pair, Pairs};

use super::{Options, Part, Read, Reader};
use crate::Placed;
use crate::rules::Rule;
use crate::text::Docs;
use crate::token::TokenRange;
use crate::tree::{
    Attribute, Declared, Member, Metric, Name, NamedType, ObjectMember, ObjectType, Refine, Type,
};

impl Reader<'_> {
    /// The name behind a keyword that takes nothing else.
    pub(crate) fn named(&self, part: Part) -> Read<Name> {
        let (reader, mut pairs) = self.parsed(part)?;
        reader.next_name(&mut pairs, TokenRange::new(part.start, part.end))
    }

    pub(crate) fn attribute(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Attribute> {
        let (reader, mut pairs) = self.parsed(part)?;
        let key = reader.next_name(&mut pairs, tokens)?;
        let mut type_of = None;
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::type_of => type_of = Some(reader.placed_type(inner)?),
                Rule::option => options.push(reader.option(inner)?, &pairs),
                _ => {}
            }
        }
        Ok(Attribute { docs, key, type_of: reader.found(type_of, tokens)?, options: options.0, tokens })
    }

    pub(crate) fn refine(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Refine> {
        let (reader, mut pairs) = self.parsed(part)?;
        let key = reader.next_name(&mut pairs, tokens)?;
        Ok(Refine { docs, key, options: reader.options(pairs)?, tokens })
    }

    pub(crate) fn metric(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Metric> {
        let (reader, mut pairs) = self.parsed(part)?;
        let name = reader.next_name(&mut pairs, tokens)?;
        let (scope, options, list) = reader.after_name(pairs)?;
        Ok(Metric { docs, name, scope, options, list, tokens })
    }

    /// A span, a log or an entity at top level.
    pub(crate) fn declared(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Declared> {
        let (reader, mut pairs) = self.parsed(part)?;
        let name = reader.next_name(&mut pairs, tokens)?;
        let (_, options, list) = reader.after_name(pairs)?;
        Ok(Declared { docs, name, options, list, tokens })
    }

    /// The options among the pairs of a head or an entry.
    pub(super) fn options(&self, mut pairs: Pairs<'_, Rule>) -> Read<Vec<crate::Opt>> {
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            if inner.as_rule() == Rule::option {
                options.push(self.option(inner)?, &pairs);
            }
        }
        Ok(options.0)
    }

    pub(super) fn placed_type(&self, pair: Pair<'_, Rule>) -> Read<Placed<Type>> {
        let tokens = self.range(&pair);
        let place = self.place(tokens);
        let mut pairs = pair.into_inner();
        let first = self.found(pairs.next(), tokens)?;
        let rule = first.as_rule();
        let value = match rule {
            Rule::key | Rule::type_name => Type::Named(self.named_type(&first, pairs)?),
            _ => {
                let mut inner = first.into_inner();
                // The keyword.
                inner.next();
                match rule {
                    Rule::object_type => {
                        let members = self.object_members(self.found(inner.next(), tokens)?)?;
                        Type::Object(ObjectType { members, array: inner.next().is_some() })
                    }
                    Rule::enum_type => Type::Enum(self.members(self.found(inner.next(), tokens)?)?),
                    Rule::map_type => {
                        inner.next();
                        let name = self.found(inner.next(), tokens)?;
                        Type::Map(self.named_type(&name, inner)?)
                    }
                    _ => {
                        inner.next();
                        let unit = self.next_name(&mut inner, tokens)?;
                        if rule == Rule::timestamp_type {
                            Type::Timestamp(unit)
                        } else {
                            Type::Duration(unit)
                        }
                    }
                }
            }
        };
        Ok(Placed::new(value, place))
    }

    fn named_type(&self, name: &Pair<'_, Rule>, mut rest: Pairs<'_, Rule>) -> Read<NamedType> {
        let array = rest.next().is_some_and(|pair| pair.as_rule() == Rule::array);
        Ok(NamedType { name: self.name(name)?, array })
    }

    fn members(&self, pair: Pair<'_, Rule>) -> Read<Vec<Member>> {
        let pairs = pair.into_inner();
        let mut members = Vec::with_capacity(pairs.len() / 2);
        for member in pairs.filter(|pair| pair.as_rule() == Rule::member) {
            members.push(self.member(member)?);
        }
        Ok(members)
    }

    /// The docs of a member, and what stands after them.
    fn documented<'p>(
        &self,
        pairs: &mut Pairs<'p, Rule>,
        tokens: TokenRange,
    ) -> Read<(Docs, Pair<'p, Rule>)> {
        let mut first = self.found(pairs.next(), tokens)?;
        while first.as_rule() == Rule::doc {
            first = self.found(pairs.next(), tokens)?;
        }
        Ok((self.docs(tokens.start as usize..self.token(&first)), first))
    }

    fn member(&self, pair: Pair<'_, Rule>) -> Read<Member> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let (docs, first) = self.documented(&mut pairs, tokens)?;
        let name = self.name(&first)?;
        let (mut wire, mut options) = (None, Options(Vec::new()));
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::equals => wire = Some(Box::new(self.value(&mut pairs, tokens)?)),
                Rule::option => options.push(self.option(inner)?, &pairs),
                _ => {}
            }
        }
        Ok(Member { docs, name, wire, options: options.0, tokens })
    }

    fn object_members(&self, pair: Pair<'_, Rule>) -> Read<Vec<ObjectMember>> {
        let members = pair.into_inner().filter(|inner| inner.as_rule() == Rule::object_member);
        members.map(|member| self.object_member(member)).collect()
    }

    fn object_member(&self, pair: Pair<'_, Rule>) -> Read<ObjectMember> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let (docs, first) = self.documented(&mut pairs, tokens)?;
        let name = if first.as_rule() == Rule::string { self.string(&first)? } else { self.name(&first)? };
        let (mut type_of, mut optional) = (None, false);
        for inner in pairs {
            match inner.as_rule() {
                Rule::type_of => type_of = Some(self.placed_type(inner)?),
                Rule::question => optional = true,
                _ => {}
            }
        }
        Ok(ObjectMember { docs, name, type_of: self.found(type_of, tokens)?, optional })
    }
}
