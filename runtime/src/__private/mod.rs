//! What expansions of the derive name, so that nothing in their surroundings can stand in for it. No part of the API.

mod derived;
mod unpacked;
pub mod v8;

use slo_model::{Container, Key, Literal, Member, event, same_text};

use crate::value::ToValue;

pub use derived::{Derived, NoTable};
pub use slo_model::table::packed::Packed;
pub use unpacked::{HasTable, Unpacked};

/// How a specialized event goes out.
#[cfg(feature = "emit")]
pub use crate::emit::{Open, specialized};

/// The methods by which an event that is specialized goes out in its own way; none where nothing goes out.
#[cfg(feature = "emit")]
#[doc(hidden)]
#[macro_export]
macro_rules! __specialized {
    () => {
        #[inline]
        fn __go_out(&self, when: &$crate::Moment) {
            $crate::__private::specialized::record(self, when);
        }

        #[inline]
        fn __open(&self, parent: $crate::__private::Context) -> $crate::__private::Open {
            $crate::__private::specialized::open(self, parent)
        }

        #[inline]
        fn __close(&self, open: &mut $crate::__private::Open) {
            $crate::__private::specialized::close(self, open);
        }
    };
}
#[cfg(not(feature = "emit"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __specialized {
    () => {};
}

#[cfg(feature = "emit")]
pub use opentelemetry::Context;

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

/// The table of a meaning's type; ends the compilation with a finding where that is not made of the meaning that the derive
/// saw.
///
/// # Panics
/// It is another one.
#[must_use]
#[track_caller]
pub const fn meaning(
    table: &'static event::Meaning<'static>,
    name: &str,
    variants: &[(&str, &[&str])],
    finding: &str,
) -> &'static event::Meaning<'static> {
    hold(is_meaning(table, name, variants), finding);
    table
}

/// Whether it has this name, these variants, and what they carry.
const fn is_meaning(table: &event::Meaning<'_>, name: &str, variants: &[(&str, &[&str])]) -> bool {
    if !same_text(table.name, name) || table.variants.len() != variants.len() {
        return false;
    }
    let mut index = 0;
    while index < variants.len() {
        let (own, (name, payload)) = (&table.variants[index], variants[index]);
        if !same_text(own.name, name) || own.payload.len() != payload.len() {
            return false;
        }
        let mut number = 0;
        while number < payload.len() {
            if !same_text(own.payload[number].key.name, payload[number]) {
                return false;
            }
            number += 1;
        }
        index += 1;
    }
    true
}

/// Ends the compilation with a finding where what it is about does not hold.
///
/// # Panics
/// It does not hold.
#[track_caller]
pub const fn hold(holds: bool, finding: &str) {
    assert!(holds, "{}", finding);
}

/// An event about which a mistake was reported.
pub const NO_EVENT: &event::Event<'static> = &event::Event {
    name: "",
    place: "",
    scope: Container::NO_SCOPE,
    fields: &[],
    values: 0,
    elapsed: None,
    drop_invalid: false,
    metrics: &[],
    running: &[],
    logs: &[],
    span: None,
    span_events: &[],
};

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
        if is_same(wire, allowed[index].wire) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_same(left: Literal<'_>, right: Literal<'_>) -> bool {
    match (left, right) {
        (Literal::String(left), Literal::String(right)) => same_text(left, right),
        (Literal::Int(left), Literal::Int(right)) => left == right,
        _ => false,
    }
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
