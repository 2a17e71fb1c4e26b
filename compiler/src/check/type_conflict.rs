//! One type per key over everything that a contract takes in.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Attribute, Contract, Domain};
use crate::text::some_of;

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    // Attributes are sorted by key, so that those of one key are neighbours.
    for same in contract.attributes.chunk_by(|left, right| left.key == right.key) {
        let [first, rest @ ..] = same else { continue };
        for other in rest {
            if let (Some(left), Some(right)) = (&first.domain, &other.domain)
                && !same_type(left, right)
            {
                diagnostics.push(conflict(contract, first, other, left, right));
            }
        }
    }
}

/// Whether two declarations give their key one type: on the wire, and with the same members where both list them.
fn same_type(left: &Domain, right: &Domain) -> bool {
    left.value == right.value
        && match (&left.members, &right.members) {
            (Some(left), Some(right)) => {
                left.len() == right.len()
                    && left.iter().all(|member| right.iter().any(|other| other.wire == member.wire))
            }
            (None, None) => true,
            _ => false,
        }
}

fn conflict(
    contract: &Contract,
    first: &Attribute,
    other: &Attribute,
    left: &Domain,
    right: &Domain,
) -> Diagnostic {
    // The contract's own declaration is the one to change.
    let own =
        |attribute: &Attribute| contract.packages.iter().any(|package| package.name == attribute.package);
    let (mine, theirs, my_type, their_type) =
        if own(first) && !own(other) { (first, other, left, right) } else { (other, first, right, left) };
    let place = |attribute: &Attribute| attribute.node.map(|node| contract.places.place(node));
    let message = if my_type.type_name() == their_type.type_name() {
        format!("`{}` has other members here than in `{}`", mine.key, theirs.package)
    } else {
        format!(
            "`{}` is {} here and {} in `{}`",
            mine.key,
            my_type.type_name(),
            their_type.type_name(),
            theirs.package
        )
    };
    let at = place(mine).or_else(|| place(theirs)).unwrap_or(contract.places.place(crate::ir::Node(0)));
    Diagnostic::new(Code::TypeConflict, at, message)
        .about(&mine.key)
        .here(shown(my_type))
        .and_maybe(place(theirs), shown(their_type))
        .help("one key has one type: take the declaration out and `refine` the other, or choose another key")
}

/// A type as a label shows it, an enum with its members.
fn shown(domain: &Domain) -> String {
    match &domain.members {
        None => domain.type_name(),
        Some(members) => {
            let wires: Vec<String> = members.iter().map(|member| member.wire.value().to_string()).collect();
            format!("{} with {}", domain.type_name(), some_of(&wires))
        }
    }
}
