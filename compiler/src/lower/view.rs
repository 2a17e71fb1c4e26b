//! Views: how a meaning shows otherwise.

use crate::hash::HashMap;

use slo_grammar::{MeaningEntry, Place};

use super::Lowering;
use super::meaning::{Unread, unknown_variant};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Lossy, Meaning, View};
use crate::options::{Context, Options};

impl<'t> Lowering<'_, 't> {
    /// A view, and the signals on which something of it could not be read.
    pub(super) fn view(
        &mut self,
        tree: usize,
        view: &'t slo_grammar::View,
    ) -> Result<(Meaning, Unread), Reported> {
        let options = Options::read(&view.options, Context::ViewHeader, self.diagnostics);
        let until = super::day::until(&options, self.diagnostics);
        let of = self.face(view.of.place)?;
        let base = self.contract.meaning(of).clone();
        let mut made = Meaning {
            node: self.contract.places.add(view.name.place),
            package: self.package_name(tree).to_owned(),
            name: view.name.value.as_str().to_owned(),
            docs: view.docs.text(),
            view: Some(View { of, until }),
            variants: base.variants,
            lossy: base.lossy.into_iter().map(|class| Lossy { inherited: true, ..class }).collect(),
        };
        if view.entries.is_empty() {
            let message = format!("the view `{}` changes nothing", view.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Empty, view.name.place, message)
                    .about(&view.name.value)
                    .help("name the variants that it shows in another way, or use the meaning itself"),
            );
        }
        let mut unread = Unread::default();
        self.faces.inherit(of, &mut unread);
        let mut seen: HashMap<&str, Place> = HashMap::default();
        for entry in &view.entries {
            match entry {
                MeaningEntry::Variant(declared) => {
                    if let Some(first) = seen.insert(&declared.name.value, declared.name.place) {
                        let message = format!("`{}` stands twice in the view", declared.name.value);
                        self.diagnostics.push(
                            Diagnostic::new(Code::DeclaredTwice, declared.name.place, message)
                                .about(&declared.name.value)
                                .and(first, "the first one")
                                .help("write both into one"),
                        );
                        continue;
                    }
                    unread.extend(self.shown_otherwise(tree, declared, &view.of.value, &mut made));
                }
                MeaningEntry::Spread(slo_grammar::Spread { name, .. }) => self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, name.place, "a view takes no variants in")
                        .about(&view.name.value)
                        .help("a view has the variants of its meaning: take them in there"),
                ),
                MeaningEntry::Lossy(_) => {}
            }
        }
        self.lossy(&view.entries, &mut made);
        self.local_types(&mut made);
        Ok((made, unread))
    }

    /// A variant that a view shows otherwise; gives the signals on which something could not be read.
    fn shown_otherwise(
        &mut self,
        tree: usize,
        declared: &'t slo_grammar::Variant,
        of: &str,
        view: &mut Meaning,
    ) -> Unread {
        let name = &declared.name;
        let Some(index) = view.variants.iter().position(|variant| variant.name == name.value) else {
            let names = view.variants.iter().map(|variant| variant.name.as_str());
            self.diagnostics.push(unknown_variant(name, of, names));
            return Unread::default();
        };
        for place in [
            declared.payload.first().map(|field| field.name.place),
            declared.description.as_ref().map(|text| text.place),
        ]
        .into_iter()
        .flatten()
        {
            let message = format!("what `{}` is and carries is for its meaning to say", name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, place, message)
                    .about(&name.value)
                    .and(self.contract.places.place(view.variants[index].node), "declared here")
                    .help("take it out: a view says how a variant shows"),
            );
        }
        let mut variant = view.variants[index].clone();
        let unread = self.projections(tree, &declared.projections, &mut variant);
        view.variants[index] = variant;
        unread
    }
}
