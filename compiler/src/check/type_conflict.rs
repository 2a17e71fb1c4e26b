//! One type per key over everything that a contract takes in.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Attribute, Contract, Declared};
use crate::text::with_article;

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    // Attributes are sorted by key, so that those of one key are neighbours.
    for same in contract.attributes.chunk_by(|left, right| left.head().key == right.head().key) {
        let mut known = same.iter().filter_map(Declared::known);
        let Some(first) = known.next() else { continue };
        for other in known.filter(|other| !first.domain.is_type_of(&other.domain)) {
            diagnostics.push(conflict(contract, first, other));
        }
    }
}

fn conflict(contract: &Contract, first: &Attribute, other: &Attribute) -> Diagnostic {
    // The contract's own declaration is the one to change.
    let own = |attribute: &Attribute| contract.owns(&attribute.package);
    let (mine, theirs) = if own(first) && !own(other) { (first, other) } else { (other, first) };
    let (my_type, their_type) = (&mine.domain, &theirs.domain);
    let place = |attribute: &Attribute| attribute.node.map(|node| contract.places.place(node));
    let message = if my_type.type_name() == their_type.type_name() {
        format!("`{}` has other members here than in `{}`", mine.key, theirs.package)
    } else {
        format!(
            "`{}` is {} here and {} in `{}`",
            mine.key,
            with_article(&my_type.type_name()),
            with_article(&their_type.type_name()),
            theirs.package
        )
    };
    let at =
        place(mine).or_else(|| place(theirs)).unwrap_or(contract.places.place(crate::ir::draft::Node(0)));
    Diagnostic::new(Code::TypeConflict, at, message)
        .about(&mine.key)
        .about(&*mine.package)
        .about(&*theirs.package)
        .here(my_type.shown())
        .and_maybe(place(theirs), their_type.shown())
        .help("one key has one type: take the declaration out and `refine` the other, or choose another key")
        // Whoever names the key may mean either.
        .invalid()
}
