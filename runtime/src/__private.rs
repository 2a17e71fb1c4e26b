//! What expansions of the derive name, so that nothing in their surroundings can stand in for it. No part of the API.

use slo_model::{Key, Literal, Member, same_text};

use crate::ToValue;

pub use core;
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};

/// Whether every value of type `T` has the key's type and, as far as a type can tell, is one of the key's members.
#[must_use]
pub const fn fits<T: ToValue + ?Sized>(key: &Key<'_>) -> bool {
    if !T::TYPE.fits(key.value_type) {
        return false;
    }
    match (T::MEMBERS, key.members) {
        (Some(own), Some(allowed)) if !key.open => all_in(own, allowed),
        _ => true,
    }
}

const fn all_in(own: &[Member<'_>], allowed: &[Member<'_>]) -> bool {
    let mut index = 0;
    while index < own.len() {
        if !is_in(own[index].wire, allowed) {
            return false;
        }
        index += 1;
    }
    true
}

const fn is_in(wire: Literal<'_>, allowed: &[Member<'_>]) -> bool {
    let mut index = 0;
    while index < allowed.len() {
        let same = match (wire, allowed[index].wire) {
            (Literal::String(left), Literal::String(right)) => same_text(left, right),
            (Literal::Int(left), Literal::Int(right)) => left == right,
            _ => false,
        };
        if same {
            return true;
        }
        index += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{Unfit, Value, ValueType};

    struct Tier;

    impl ToValue for Tier {
        const TYPE: ValueType = ValueType::String;
        const MEMBERS: Option<&'static [Member<'static>]> =
            Some(&[Member { name: "backend", wire: Literal::String("back-end") }]);

        fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
            Ok(Some(Value::String("back-end".into())))
        }
    }

    const TIERS: &[Member<'static>] = &[
        Member { name: "frontend", wire: Literal::String("frontend") },
        Member { name: "backend", wire: Literal::String("back-end") },
    ];
    const OTHERS: &[Member<'static>] = &[Member { name: "backend", wire: Literal::String("backend") }];

    const STRING: Key<'static> = Key::new("service.tier", ValueType::String, "");
    const TIER: Key<'static> = Key { members: Some(TIERS), ..STRING };

    const _: () = assert!(fits::<String>(&STRING));
    const _: () = assert!(fits::<str>(&TIER));
    const _: () = assert!(fits::<Tier>(&TIER));
    const _: () = assert!(fits::<Option<&Tier>>(&TIER));
    const _: () = assert!(fits::<Tier>(&STRING));

    #[test]
    fn a_type_fits_by_its_values_and_its_members() {
        assert!(!fits::<u8>(&STRING));
        assert!(fits::<u8>(&Key::new("ratio", ValueType::Double, "")));
        assert!(fits::<u8>(&Key::new("anything", ValueType::Any, "")));
        assert!(fits::<Value<'_>>(&STRING));
        assert!(!fits::<Vec<String>>(&STRING));
        let other = Key { members: Some(OTHERS), ..STRING };
        assert!(!fits::<Tier>(&other));
        assert!(fits::<Tier>(&Key { open: true, ..other }));
    }
}

/// What a derived table is made of, by names that a program hardly has: short, since rustc reads each of them
/// hundreds of times in a crate of many structs.
pub mod names {
    pub use core::option::Option::{None as __SloNone, Some as __SloSome};

    pub use slo_model::{
        Container as __SloContainer, ContainerKind as __SloContainerKind, Key as __SloKey,
        Literal as __SloLiteral, Member as __SloMember, Part as __SloPart, Range as __SloRange,
        Source as __SloSource, Template as __SloTemplate, ValueType as __SloValueType,
    };
}
