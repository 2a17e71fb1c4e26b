//! The modules of the generated code, one for each package, and the names of what stands in them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::names::{Names, pascal, snake};
use crate::hash::HashMap;
use crate::plan::{EnumId, ObjectId, Package, Plan};

/// Names that the code itself writes without a path, as the prelude has them.
const PRELUDE: [&str; 11] =
    ["Self", "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "Into", "From", "Default"];

/// The modules of a plan's code.
pub(super) struct Modules<'p> {
    pub(super) list: Vec<Module>,
    meanings: HashMap<&'p str, (usize, Ident)>,
    containers: HashMap<&'p str, (usize, Ident)>,
}

/// A package's module, with the names of its items in the order of the package.
pub(super) struct Module {
    pub(super) name: Ident,
    pub(super) containers: Vec<Ident>,
    pub(super) meanings: Vec<Ident>,
    pub(super) events: Vec<EventNames>,
    pub(super) observed: Vec<Ident>,
    pub(super) enums: Vec<Ident>,
    pub(super) objects: Vec<Ident>,
}

/// The names of an event's types.
pub(super) struct EventNames {
    pub(super) event: Ident,
    pub(super) later: Ident,
}

impl<'p> Modules<'p> {
    pub(super) fn of(plan: &Plan<'p>) -> Modules<'p> {
        let mut names = Names::without(&["mod"]);
        let list: Vec<Module> = plan
            .packages
            .iter()
            .map(|package| Module::of(package, names.give(snake(package.name))))
            .collect();
        let (mut meanings, mut containers) = (HashMap::default(), HashMap::default());
        for (number, (module, package)) in list.iter().zip(&plan.packages).enumerate() {
            let of = package.meanings.iter().zip(&module.meanings);
            meanings.extend(of.map(|(meaning, name)| (meaning.table.name, (number, name.clone()))));
            let of = package.containers.iter().zip(&module.containers);
            containers.extend(of.map(|(container, name)| (container.table.name, (number, name.clone()))));
        }
        Modules { list, meanings, containers }
    }

    /// The path of an item of a module, from another one: modules are siblings.
    fn path(&self, from: usize, module: usize, item: &Ident) -> TokenStream {
        match self.list.get(module) {
            Some(module_of) if module != from => {
                let name = &module_of.name;
                quote!(super::#name::#item)
            }
            _ => quote!(#item),
        }
    }

    /// The path of a meaning or a view.
    pub(super) fn meaning(&self, from: usize, full_name: &str) -> TokenStream {
        self.meanings.get(full_name).map(|(module, item)| self.path(from, *module, item)).unwrap_or_default()
    }

    /// The path of a resource or a scope.
    pub(super) fn container(&self, from: usize, full_name: &str) -> TokenStream {
        self.containers
            .get(full_name)
            .map(|(module, item)| self.path(from, *module, item))
            .unwrap_or_default()
    }

    /// The path of an object.
    pub(super) fn object(&self, from: usize, object: Option<ObjectId>) -> Option<TokenStream> {
        let ObjectId { package, number } = object?;
        Some(self.path(from, package, self.list.get(package)?.objects.get(number)?))
    }

    /// The path of an enum.
    pub(super) fn enumeration(&self, from: usize, enumeration: Option<EnumId>) -> Option<TokenStream> {
        let EnumId { package, number } = enumeration?;
        Some(self.path(from, package, self.list.get(package)?.enums.get(number)?))
    }
}

impl Module {
    fn of(package: &Package<'_>, name: Ident) -> Module {
        let mut names = Names::without(&PRELUDE);
        let mut give = |full_name: &str| {
            let (_, name) = full_name.rsplit_once('.').unwrap_or(("", full_name));
            names.give(pascal(name))
        };
        let containers = package.containers.iter().map(|container| give(container.table.name)).collect();
        let meanings = package.meanings.iter().map(|meaning| give(meaning.table.name)).collect();
        let events: Vec<Ident> = package.events.iter().map(|event| give(event.table.name)).collect();
        let mut give = |path: &str| names.give(pascal(path));
        let observed = package.observed.iter().map(|observed| give(observed.table.metric.name)).collect();
        let with_later = |event: Ident| EventNames { later: names.give(format!("{event}Later")), event };
        let events = events.into_iter().map(with_later).collect();
        let enums = package.enums.iter().map(|one| names.give(pascal(&one.path))).collect();
        let objects = package.objects.iter().map(|one| names.give(pascal(&one.path))).collect();
        Module { name, containers, meanings, events, observed, enums, objects }
    }
}
