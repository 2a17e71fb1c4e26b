//! Which values a field, a payload or an observed label has, and whose enum they are of.

use crate::hash::HashMap;

use crate::ir::{Attribute, Contract, Domain, Literal, Member, Scalar, Type};

/// The attributes of a contract by their keys; of two with one key the contract's own.
#[derive(Clone, Debug)]
pub struct Attributes<'c>(HashMap<&'c str, &'c Attribute>);

impl<'c> Attributes<'c> {
    /// Those that the contract declares and takes in.
    #[must_use]
    pub fn of(contract: &'c Contract) -> Attributes<'c> {
        let own = |attribute: &Attribute| contract.owns(&attribute.package);
        let mut by_key = HashMap::default();
        let (own, others): (Vec<_>, Vec<_>) = contract.attributes.iter().partition(|one| own(one));
        for attribute in own.into_iter().chain(others) {
            by_key.entry(attribute.key.as_str()).or_insert(&**attribute);
        }
        Attributes(by_key)
    }

    /// The attribute of this very key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'c Attribute> {
        self.0.get(key).copied()
    }

    /// What declares a key, with the values that it has there: the attribute of this key, or the family that it is one
    /// of.
    #[must_use]
    pub fn declared(&self, key: &str) -> Option<(&'c Attribute, Domain)> {
        if let Some(attribute) = self.get(key) {
            return Some((attribute, attribute.domain.clone()?));
        }
        let ends = key.match_indices('.').map(|(end, _)| end);
        let mut families = ends.rev().filter_map(|end| self.get(key.get(..end)?));
        families.find_map(|family| {
            let domain = family.domain.clone().filter(|domain| matches!(domain.value, Type::Map(_)))?;
            Some((family, domain.of_family()))
        })
    }

    /// Whose values those of a domain are; `key` names the attribute that is their type.
    #[must_use]
    pub fn values(&self, key: Option<&str>, domain: Option<&'c Domain>) -> Values<'c> {
        let Some(domain) = domain.filter(|domain| {
            domain.is_enum() && matches!(domain.value, Type::Scalar(Scalar::String | Scalar::Int))
        }) else {
            return Values { domain, listed: None, enumeration: Enumeration::None };
        };
        let attribute = key.and_then(|key| self.get(key)).filter(|attribute| holds(attribute, domain));
        let enumeration = attribute.map_or(Enumeration::Own, Enumeration::Attribute);
        let listed = attribute.and_then(|attribute| attribute.domain.as_ref()?.members.as_deref());
        Values { domain: Some(domain), listed, enumeration }
    }
}

/// Whether an attribute's enum has all the values of a domain, and whatever else the domain lets in.
fn holds(attribute: &Attribute, domain: &Domain) -> bool {
    let Some(declared) = attribute.domain.as_ref().filter(|declared| declared.is_enum()) else {
        return false;
    };
    let (Some(all), Some(some)) = (&declared.members, &domain.members) else { return false };
    declared.value == domain.value
        && some.iter().all(|member| all.iter().any(|other| other.wire == member.wire))
        && (!domain.open || (declared.open && all.len() == some.len()))
}

/// Whose enum a value is of.
#[derive(Clone, Copy, Debug)]
pub enum Enumeration<'c> {
    /// Of none: its type is a plain one, and what is listed is compared when it comes.
    None,
    /// Of the enum that an attribute declares.
    Attribute(&'c Attribute),
    /// Of an enum that is declared where the value is, or that is narrowed to values that its attribute doesn't list.
    Own,
}

/// Which values a field, a payload or an observed label has.
#[derive(Clone, Copy, Debug)]
pub struct Values<'c> {
    /// Type and constraints. None where they can't be known, since another root's mistake hides them.
    pub domain: Option<&'c Domain>,
    listed: Option<&'c [Member]>,
    /// Whose enum they are of.
    pub enumeration: Enumeration<'c>,
}

impl<'c> Values<'c> {
    /// What is listed: all members of the enum that they are of.
    #[must_use]
    pub fn members(&self) -> Option<&'c [Member]> {
        self.listed.or_else(|| self.domain?.members.as_deref())
    }

    /// The numbers of the members that are allowed, where these are not all.
    #[must_use]
    pub fn only(&self) -> Option<Vec<usize>> {
        let allowed = self.listed.and(self.domain)?.members.as_ref()?;
        let all = self.listed?.len();
        (allowed.len() < all).then(|| allowed.iter().filter_map(|member| self.number(&member.wire)).collect())
    }

    /// The number of the member that is this on the wire.
    #[must_use]
    pub fn number(&self, wire: &Literal) -> Option<usize> {
        self.members()?.iter().position(|member| member.wire == *wire)
    }
}
