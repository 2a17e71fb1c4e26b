//! Keys, as what declares and refines them says.

use slo_grammar::{Place, Placed};

use super::{Lowering, Refined};
use crate::ir::Domain;
use crate::resolve::Binding;

/// A key that is declared somewhere.
pub(super) struct Bound {
    pub(super) key: String,
    /// Its values. None where they can't be known: that was reported.
    pub(super) domain: Option<Domain>,
    /// Whether all constraints of it could be read.
    pub(super) known: bool,
    /// Where it is declared, or refined by the package.
    pub(super) place: Place,
    pub(super) docs: String,
    pub(super) sensitive: bool,
}

impl Lowering<'_, '_> {
    /// What the key at a place is bound to, which makes the attribute part of the contract. None where it is unknown:
    /// that was reported.
    pub(super) fn bound(&mut self, tree: usize, key: &Placed<String>) -> Option<Bound> {
        let Some(Binding::Attribute(reference, of_family)) = self.resolved.bindings.get(&key.place).copied()
        else {
            return None;
        };
        let attribute = self.attributes.get(reference, self.diagnostics);
        let (mut domain, docs, mut sensitive) =
            (attribute.domain.clone(), attribute.docs.clone(), attribute.sensitive);
        let mut known = self.attributes.is_known(reference);
        let mut place = self.declared_at(reference);
        self.take(reference);
        let package = self.package_of(tree);
        if let Some(refined) = package.and_then(|package| self.refined(package, &key.value, reference)) {
            let Refined { domain: narrowed, known: read, place: at, sensitive: also } = refined;
            domain = Some(narrowed.clone());
            known &= read;
            place = *at;
            sensitive |= also;
        }
        if of_family {
            domain = domain.map(Domain::of_family);
        }
        let key = if of_family { key.value.clone() } else { reference.key().to_owned() };
        Some(Bound { key, domain, known, place, docs, sensitive })
    }
}
