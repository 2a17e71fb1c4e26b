//! Values of the IR as the model's.

use slo_model::event::{Bounded, Slot};
use slo_model::{Key, Literal, Member, ObjectMember, ValueType};

use super::Arena;
use super::values::Values;
use crate::ir::{self, Domain};

impl<'p> Arena<'p> {
    /// What a value may be that is called `name`.
    pub(super) fn slot(&'p self, name: &'p str, values: &Values<'p>, place: &'p str) -> Slot<'p> {
        let domain = values.domain;
        let bounded = domain.bounded.as_ref().map(|bounded| {
            let values = u32::try_from(bounded.values).unwrap_or(u32::MAX);
            Bounded { values, other: self.literal(&bounded.other) }
        });
        // Beyond a bound, what stands for the rest is the bound's.
        let other = domain.rest().filter(|_| bounded.is_none());
        Slot {
            key: self.key(name, values, place),
            only: values.only().map(|only| self.numbers(only)),
            bounded,
            other: other.map(|other| self.own_literal(other)),
        }
    }

    /// What the values of a key are, which stands at a place of the contract.
    pub(super) fn key(&'p self, name: &'p str, values: &Values<'p>, place: &'p str) -> Key<'p> {
        let domain = values.domain;
        Key {
            members: values.members().map(|members| self.members(members)),
            open: domain.open,
            range: domain.range.map(Into::into),
            except: self.literals(&domain.except),
            max_length: domain.max_length,
            object: self.object(domain),
            ..Key::new(name, value_type(domain), place)
        }
    }

    /// The members of an object, those of one within it behind it.
    fn object(&'p self, domain: &'p Domain) -> &'p [ObjectMember<'p>] {
        let mut all = Vec::new();
        self.object_members(domain.value.object().unwrap_or_default(), 0, &mut all);
        self.list(all)
    }

    fn object_members(
        &'p self,
        members: &'p [ir::ObjectMember],
        depth: u16,
        all: &mut Vec<ObjectMember<'p>>,
    ) {
        for member in members {
            let key = Key { object: &[], ..self.key(&member.name, &Values::of_domain(&member.domain), "") };
            all.push(ObjectMember { depth, optional: member.optional, key });
            self.object_members(member.domain.value.object().unwrap_or_default(), depth + 1, all);
        }
    }

    pub(super) fn members(&'p self, members: &'p [ir::Member]) -> &'p [Member<'p>] {
        self.shared(members, || {
            let member =
                |member: &'p ir::Member| Member { name: &member.name, wire: self.literal(&member.wire) };
            self.list(members.iter().map(member).collect())
        })
    }

    pub(super) fn numbers(&'p self, numbers: impl IntoIterator<Item = usize>) -> &'p [u16] {
        self.list(numbers.into_iter().map(number).collect())
    }

    fn literals(&'p self, literals: &'p [ir::Literal]) -> &'p [Literal<'p>] {
        self.list(literals.iter().map(|literal| self.literal(literal)).collect())
    }

    /// A literal of the contract.
    pub(super) fn literal(&'p self, literal: &'p ir::Literal) -> Literal<'p> {
        match literal {
            ir::Literal::String(text) => Literal::String(text),
            ir::Literal::Int(number) => Literal::Int(*number),
            ir::Literal::Double(number) => Literal::Double(*number),
            ir::Literal::Bool(truth) => Literal::Bool(*truth),
            ir::Literal::StringArray(list) => Literal::StringArray(self.texts(list)),
            ir::Literal::IntArray(list) => Literal::IntArray(list),
            ir::Literal::DoubleArray(list) => Literal::DoubleArray(list),
            ir::Literal::BoolArray(list) => Literal::BoolArray(list),
        }
    }

    /// What stands for the rest, which is no list.
    fn own_literal(&'p self, literal: ir::Literal) -> Literal<'p> {
        match literal {
            ir::Literal::Int(number) => Literal::Int(number),
            ir::Literal::Double(number) => Literal::Double(number),
            ir::Literal::Bool(truth) => Literal::Bool(truth),
            other => Literal::String(self.text(other.value().to_string())),
        }
    }

    pub(super) fn texts(&'p self, texts: &'p [String]) -> &'p [&'p str] {
        self.list(texts.iter().map(String::as_str).collect())
    }
}

/// The type of a domain's values on a record; any where a family has none.
pub(super) fn value_type(domain: &Domain) -> ValueType {
    super::objects::value_type(&domain.value)
}

/// A number of a field, a variant, or anything else that there are few of: targets refuse more.
pub(super) fn number(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
