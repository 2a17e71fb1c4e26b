//! Which values a field, a payload or an observed label has, and whose enum they are of.

use crate::hash::HashMap;

use crate::ir::{Attribute, Contract, Domain, Field, Literal, Member, Payload, Scalar, Type};

/// The attributes of a contract by their keys; of two with one key the contract's own.
#[derive(Clone, Debug)]
pub(super) struct Attributes<'c>(HashMap<&'c str, &'c Attribute>);

impl<'c> Attributes<'c> {
    /// Those that the contract declares and takes in.
    pub(super) fn of(contract: &'c Contract) -> Attributes<'c> {
        let own = |attribute: &Attribute| contract.owns(&attribute.package);
        let mut by_key = HashMap::default();
        let (own, others): (Vec<&Attribute>, Vec<_>) =
            contract.attributes.iter().map(|one| &***one).partition(|one| own(one));
        for attribute in own.into_iter().chain(others) {
            by_key.entry(attribute.key.as_str()).or_insert(attribute);
        }
        Attributes(by_key)
    }

    /// The attribute of this very key.
    pub(super) fn get(&self, key: &str) -> Option<&'c Attribute> {
        self.0.get(key).copied()
    }

    /// What declares a key: the attribute of this key, or the family that it is one of.
    pub(super) fn declared(&self, key: &str) -> Option<&'c Attribute> {
        let ends = key.match_indices('.').map(|(end, _)| end);
        let mut families = ends.rev().filter_map(|end| self.get(key.get(..end)?));
        let is_family = |family: &&Attribute| matches!(family.domain.value, Type::Map(_));
        self.get(key).or_else(|| families.find(is_family))
    }

    /// The values of a field that holds plain ones.
    pub(super) fn of_field(&self, field: &Field, domain: &'c Domain) -> Values<'c> {
        self.values(field.declaration.is_some().then_some(field.key.as_str()), domain)
    }

    /// The values of a payload.
    pub(super) fn of_payload(&self, payload: &'c Payload) -> Values<'c> {
        self.values((!payload.key.is_empty()).then_some(payload.key.as_str()), &payload.domain)
    }

    /// Whose values those of a domain are; `key` names the attribute that is their type.
    pub(super) fn values(&self, key: Option<&str>, domain: &'c Domain) -> Values<'c> {
        if !domain.is_enum() || !matches!(domain.value, Type::Scalar(Scalar::String | Scalar::Int)) {
            return Values::of_domain(domain);
        }
        let attribute = key.and_then(|key| self.get(key)).filter(|attribute| holds(attribute, domain));
        let enumeration = attribute.map_or(Enumeration::Own, Enumeration::Attribute);
        let listed = attribute.and_then(|attribute| attribute.domain.members.as_deref());
        Values { domain, listed, enumeration }
    }
}

/// Whether an attribute's enum has all the values of a domain, and whatever else the domain lets in.
fn holds(attribute: &Attribute, domain: &Domain) -> bool {
    let declared = &attribute.domain;
    let (Some(all), Some(some)) = (&declared.members, &domain.members) else { return false };
    // Nearly always they stand in the same order, and one walk over both is enough.
    let mut behind = all.iter();
    let has = |member: &Member| {
        behind.any(|other| other.wire == member.wire) || all.iter().any(|other| other.wire == member.wire)
    };
    declared.is_enum()
        && declared.value == domain.value
        && some.iter().all(has)
        && (!domain.open || (declared.open && all.len() == some.len()))
}

/// Whose enum a value is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Enumeration<'c> {
    /// Of none: its type is a plain one, and what is listed is compared when it comes.
    None,
    /// Of the enum that an attribute declares.
    Attribute(&'c Attribute),
    /// Of an enum that is declared where the value is, or that is narrowed to values that its attribute doesn't list.
    Own,
}

/// Which values a field, a payload or an observed label has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'c> {
    /// Type and constraints.
    pub(super) domain: &'c Domain,
    listed: Option<&'c [Member]>,
    /// Whose enum they are of.
    pub(super) enumeration: Enumeration<'c>,
}

impl<'c> Values<'c> {
    /// Those of a domain, of no enum.
    pub(super) const fn of_domain(domain: &'c Domain) -> Values<'c> {
        Values { domain, listed: None, enumeration: Enumeration::None }
    }

    /// The attribute whose enum they are of.
    pub(super) fn attribute(&self) -> Option<&'c Attribute> {
        match self.enumeration {
            Enumeration::Attribute(attribute) => Some(attribute),
            Enumeration::None | Enumeration::Own => None,
        }
    }

    /// What is listed: all members of the enum that they are of.
    pub(super) fn members(&self) -> Option<&'c [Member]> {
        self.listed.or(self.domain.members.as_deref())
    }

    /// The numbers of the members that are allowed, where these are not all.
    pub(super) fn only(&self) -> Option<Vec<usize>> {
        let all = self.listed?.len();
        let allowed = self.domain.members.as_ref()?;
        (allowed.len() < all).then(|| allowed.iter().filter_map(|member| self.number(&member.wire)).collect())
    }

    /// The number of the member that is this on the wire.
    pub(super) fn number(&self, wire: &Literal) -> Option<usize> {
        self.members()?.iter().position(|member| member.wire == *wire)
    }
}
