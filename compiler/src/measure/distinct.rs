//! How many distinct values a domain has as a label.

use std::collections::BTreeSet;

use crate::ir::{Domain, Literal, Range, Scalar, Type};

/// The most values of a range whose size counts.
const LARGEST_RANGE: u64 = 1_000;

/// How many distinct values a domain has as a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distinct {
    /// At most this many.
    Finite(u64),
    /// More than can be said: texts or integers that `bounded=`, `only=` or a range could bound.
    Unbounded,
    /// Its type is none of a label's.
    Never,
}

/// How many distinct values a domain has as a label.
pub(crate) fn distinct(domain: &Domain) -> Distinct {
    let Type::Scalar(scalar @ (Scalar::String | Scalar::Int | Scalar::Bool)) = domain.value else {
        return Distinct::Never;
    };
    let closed = closed(domain, scalar);
    if let Some(bounded) = &domain.bounded {
        let more = domain.fit(&bounded.other.value()).is_err();
        let most = closed.map_or(u64::MAX, |size| size + u64::from(more));
        return Distinct::Finite(bounded.values.saturating_add(1).min(most));
    }
    match domain.rest().and_then(|rest| Some((members(domain)?, rest))) {
        Some((members, rest)) => {
            let more = !members.contains(&rest.value().to_string());
            Distinct::Finite(members.len() as u64 + u64::from(more))
        }
        None => closed.map_or(Distinct::Unbounded, Distinct::Finite),
    }
}

/// How many values there are where nothing is folded; none where there is no saying.
fn closed(domain: &Domain, scalar: Scalar) -> Option<u64> {
    if scalar == Scalar::Bool {
        // A condition may leave one of the two.
        return Some(domain.members.as_ref().map_or(2, |members| members.len() as u64));
    }
    let range = range(domain).map(|(low, high)| high.abs_diff(low) + 1 - excepted(domain));
    if domain.open { range } else { members(domain).map(|members| members.len() as u64).or(range) }
}

/// The ends of a range whose size counts.
fn range(domain: &Domain) -> Option<(i64, i64)> {
    match (&domain.value, domain.range) {
        (Type::Scalar(Scalar::Int), Some(Range::Int(low, high)))
            if low <= high && high.abs_diff(low) < LARGEST_RANGE =>
        {
            Some((low, high))
        }
        _ => None,
    }
}

/// How many numbers of its range a domain leaves out.
fn excepted(domain: &Domain) -> u64 {
    let inside = |literal: &&Literal| match (literal, domain.range) {
        (Literal::Int(number), Some(Range::Int(low, high))) => (low..=high).contains(number),
        _ => false,
    };
    domain.except.iter().filter(inside).count() as u64
}

/// The texts of the values that a domain has as a label, where they are known one by one.
pub(crate) fn labels(domain: &Domain) -> Option<BTreeSet<String>> {
    let Type::Scalar(scalar @ (Scalar::String | Scalar::Int | Scalar::Bool)) = domain.value else {
        return None;
    };
    let rest = domain.rest().map(|rest| rest.value().to_string());
    let of_range = || {
        let (low, high) = range(domain)?;
        let left = (low..=high).filter(|number| !domain.except.contains(&Literal::Int(*number)));
        Some(left.map(|number| number.to_string()).collect())
    };
    let closed: Option<BTreeSet<String>> = match scalar {
        // A condition may leave one of the two.
        Scalar::Bool => members(domain).or_else(|| Some([true, false].map(|truth| truth.to_string()).into())),
        _ if domain.open && (domain.bounded.is_some() || rest.is_none()) => of_range(),
        _ => members(domain).or_else(of_range),
    };
    let mut labels = closed?;
    labels.extend(rest);
    let most = domain.bounded.as_ref().map_or(u64::MAX, |bounded| bounded.values.saturating_add(1));
    (labels.len() as u64 <= most).then_some(labels)
}

/// The members, as the texts of those that keep the domain's constraints.
fn members(domain: &Domain) -> Option<BTreeSet<String>> {
    let wires = domain.members.as_ref()?.iter().map(|member| member.wire.value());
    let open = Domain { members: None, ..domain.clone() };
    Some(wires.filter(|wire| open.fit(wire).is_ok()).map(|wire| wire.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Bounded, Member, Members};

    fn members(wires: &[&str]) -> Option<Members> {
        let literal =
            |wire: &str| wire.parse().map_or_else(|_| Literal::String(wire.to_owned()), Literal::Int);
        let member = |wire: &&str| Member::of(literal(wire));
        Some(wires.iter().map(member).collect())
    }

    fn text() -> Domain {
        Domain::of(Type::Scalar(Scalar::String))
    }

    fn int() -> Domain {
        Domain::of(Type::Scalar(Scalar::Int))
    }

    fn bounded(values: u64, other: &str) -> Option<Bounded> {
        let other = other.parse().map_or_else(|_| Literal::String(other.to_owned()), Literal::Int);
        Some(Bounded { values, other })
    }

    #[test]
    fn what_is_listed_is_counted() {
        let tier = Domain { members: members(&["a", "b", "c"]), ..text() };
        assert_eq!(distinct(&tier), Distinct::Finite(3));
        assert_eq!(distinct(&Domain::of(Type::Scalar(Scalar::Bool))), Distinct::Finite(2));
        let narrowed = Domain { members: members(&["1", "50"]), range: Some(Range::Int(0, 9)), ..int() };
        assert_eq!(distinct(&narrowed), Distinct::Finite(1));
    }

    #[test]
    fn a_range_counts_up_to_a_thousand_values() {
        let range = |low, high| distinct(&Domain { range: Some(Range::Int(low, high)), ..int() });
        assert_eq!(range(0, 999), Distinct::Finite(1_000));
        assert_eq!(range(0, 1_000), Distinct::Unbounded);
        assert_eq!(range(i64::MIN, i64::MAX), Distinct::Unbounded);
        assert_eq!(range(5, 5), Distinct::Finite(1));
    }

    #[test]
    fn a_bound_counts_what_stands_for_the_rest() {
        assert_eq!(distinct(&Domain { bounded: bounded(8, "_OTHER"), ..text() }), Distinct::Finite(9));
        let all = Domain { members: members(&["a", "b", "c"]), ..text() };
        let inside = Domain { bounded: bounded(8, "a"), ..all.clone() };
        assert_eq!(distinct(&inside), Distinct::Finite(3));
        let outside = Domain { bounded: bounded(8, "_OTHER"), ..all.clone() };
        assert_eq!(distinct(&outside), Distinct::Finite(4));
        let fewer = Domain { bounded: bounded(1, "_OTHER"), ..all };
        assert_eq!(distinct(&fewer), Distinct::Finite(2));
    }

    #[test]
    fn an_open_enum_folds_its_rest() {
        let method = Domain { members: members(&["GET", "PUT"]), open: true, ..text() };
        assert_eq!(distinct(&method), Distinct::Finite(3));
        let with_rest = Domain { members: members(&["GET", "_OTHER"]), open: true, ..text() };
        assert_eq!(distinct(&with_rest), Distinct::Finite(2));
        let code = Domain { members: members(&["1", "2"]), open: true, ..int() };
        assert_eq!(distinct(&code), Distinct::Unbounded);
        let said = Domain { other: Some(Literal::Int(-1)), ..code.clone() };
        assert_eq!(distinct(&said), Distinct::Finite(3));
        let small = Domain { range: Some(Range::Int(0, 9)), ..code };
        assert_eq!(distinct(&small), Distinct::Finite(10));
    }

    #[test]
    fn some_types_are_never_labels() {
        for value in [
            Type::Scalar(Scalar::Double),
            Type::Scalar(Scalar::Bytes),
            Type::Array(Scalar::String),
            Type::Any,
            Type::Timestamp("s".to_owned()),
            Type::Duration("s".to_owned()),
        ] {
            let domain = Domain { bounded: bounded(8, "_OTHER"), ..Domain::of(value) };
            assert_eq!(distinct(&domain), Distinct::Never);
        }
        assert_eq!(distinct(&text()), Distinct::Unbounded);
        assert_eq!(distinct(&int()), Distinct::Unbounded);
    }

    #[test]
    fn labels_are_as_many_as_are_counted() {
        let bounds = [None, bounded(1, "7"), bounded(5, "7"), bounded(50, "7"), bounded(50, "1")];
        let ranges = [None, Some(Range::Int(0, 9)), Some(Range::Int(0, 5_000))];
        let lists = [None, members(&["1", "2", "30"])];
        for bounded in &bounds {
            for range in ranges {
                for (members, open) in lists.iter().flat_map(|list| [(list, false), (list, list.is_some())]) {
                    for other in [None, Some(Literal::Int(7))] {
                        let (members, bounded) = (members.clone(), bounded.clone());
                        let domain = Domain { members, open, range, bounded, other, ..int() };
                        match (labels(&domain), distinct(&domain)) {
                            (Some(labels), counted) => {
                                assert_eq!(Distinct::Finite(labels.len() as u64), counted, "{domain:?}");
                            }
                            (None, counted) => {
                                assert!(
                                    domain.bounded.is_some() || counted == Distinct::Unbounded,
                                    "{domain:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}
