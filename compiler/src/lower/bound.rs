//! Keys, as what declares and refines them says.

use crate::hash::HashSet;
use slo_grammar::Place;

use super::Lowering;
use super::domain::Constrained;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Declared, Domain, Head};
use crate::resolve::{Ambiguous, AttributeRef};
use crate::text::list;

/// A key that is declared somewhere.
pub(super) struct Bound {
    pub(super) key: String,
    pub(super) values: Result<Constrained, Reported>,
    /// Where it is declared, or refined by the package.
    pub(super) place: Place,
    pub(super) docs: String,
    /// What makes it sensitive, if something does.
    pub(super) sensitive: Option<Place>,
}

impl Bound {
    /// Its values, where all constraints of it could be read.
    pub(super) fn known(&self) -> Result<Domain, Reported> {
        self.values.clone()?.known()
    }
}

impl<'t> Lowering<'_, 't> {
    /// What the key at a place is bound to, which makes the attribute part of the contract.
    pub(super) fn bound(&mut self, tree: usize, key: &slo_grammar::Name) -> Result<Bound, Reported> {
        let (reference, of_family) = self.resolved.attribute(key)?;
        let attribute = self.attributes.get(reference, self.diagnostics);
        let mut values = self.attributes.values(reference, &attribute);
        let mut place = self.declared_at(reference);
        let Head { docs, sensitive, .. } = attribute.head();
        let mut sensitive = sensitive.then(|| self.sensitive_at(reference));
        self.take(reference);
        let package = self.package_of(tree);
        if let Some(refined) = package.and_then(|package| self.refined(package, &key.value, reference)) {
            values = Ok(refined.values.clone());
            place = refined.place;
            sensitive = refined.sensitive.or(sensitive);
        }
        if of_family {
            values = values.map(Constrained::of_family);
        }
        let key = if of_family { key.value.as_str().to_owned() } else { reference.key().to_owned() };
        Ok(Bound { key, values, place, docs: docs.to_owned(), sensitive })
    }

    /// Reports the keys that several packages declare. Where they have one type, the package says which is meant. Where
    /// they have two, no package makes it one: that is the finding, and once a key. A root's own key counts before one of
    /// that type that is built in.
    pub(super) fn ambiguous(&mut self) {
        let mut reported: HashSet<String> = HashSet::default();
        let (resolved, root) = (self.resolved, self.root);
        for Ambiguous { key, declarations } in &resolved.ambiguous {
            if resolved.roots.of_file(key.place.file) != root {
                continue;
            }
            let declared: Vec<(Declared, Place, bool)> = declarations
                .iter()
                .map(|reference| {
                    let attribute = self.attributes.get(*reference, self.diagnostics);
                    let own = matches!(reference, AttributeRef::Text(declaration)
                        if self.resolved.packages.list[declaration.package].root == self.root);
                    (attribute, self.declared_at(*reference), own)
                })
                .collect();
            let Some(((first, ..), others)) = declared.split_first() else { continue };
            let is_other = |(other, ..): &&(Declared, Place, bool)| match (first.read(), other.read()) {
                (Ok(left), Ok(right)) => !left.is_type_of(right),
                _ => false,
            };
            let first = first.head();
            let packages: Vec<&str> =
                declared.iter().map(|(attribute, ..)| attribute.head().package).collect();
            let about = |code, message: String| Diagnostic::new(code, key.place, message).about(first.key);
            let mut diagnostic = match others.iter().find(is_other) {
                // The contract's own declaration is where that is reported.
                Some(_) if declared.iter().any(|(.., own)| *own) => continue,
                Some(_) if !reported.insert(first.key.to_owned()) => continue,
                Some(_) => about(
                    Code::TypeConflict,
                    format!("`{}` has two types, in {}", first.key, list(&packages)),
                )
                .help("one key has one type: use one of the packages only, or have one of them changed"),
                None if resolved.attribute(key).is_ok() => continue,
                None => {
                    about(Code::AmbiguousName, format!("`{}` is declared by {}", key.value, list(&packages)))
                        .help(format!(
                            "write `{}.{}`, or use one of the packages only",
                            first.package, key.value
                        ))
                }
            };
            let conflict = diagnostic.code == Code::TypeConflict;
            for (attribute, place, _) in &declared {
                let said = match attribute.read() {
                    Ok(domain) if conflict => domain.shown(),
                    _ => "declared here".to_owned(),
                };
                diagnostic = diagnostic.and(*place, said);
            }
            self.diagnostics.push(diagnostic.invalid());
        }
    }
}
