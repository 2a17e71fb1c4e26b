//! The modules of the generated code, one for each package, and the names of what stands in them.

use crate::hash::{HashMap, HashSet};
use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::container::is_given;
use super::own_enums::{OwnEnum, OwnEnums, Owner};
use crate::ir::{
    Attribute, Container, Contract, Domain, Event, FieldValue, Instrument, Meaning, Node, Payload, Scalar,
    Type,
};
use crate::plan::observed_labels;
use crate::plan::{Attributes, Enumeration, Values};
use crate::target::rust::names::{Names, pascal, snake};

/// Names that the code itself writes without a path, as the prelude has them.
const PRELUDE: [&str; 11] =
    ["Self", "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "Into", "From", "Default"];

/// The modules of a contract's code.
pub(super) struct Modules<'c> {
    pub(super) contract: &'c Contract,
    pub(super) attributes: Attributes<'c>,
    pub(super) list: Vec<Module<'c>>,
}

/// A package's module, with the names of its items.
pub(super) struct Module<'c> {
    pub(super) package: &'c str,
    pub(super) docs: String,
    pub(super) name: Ident,
    containers: BTreeMap<&'c str, Ident>,
    faces: BTreeMap<&'c str, Ident>,
    events: BTreeMap<&'c str, EventNames>,
    observed: HashMap<Node, Ident>,
    /// The enums of attributes, by their keys: those that the package declares, and those of others' that it uses.
    attributes: BTreeMap<&'c str, (&'c Attribute, Ident)>,
    own: OwnEnums<'c>,
}

/// The names of an event's types.
#[derive(Clone)]
pub(super) struct EventNames {
    pub(super) event: Ident,
    pub(super) later: Ident,
}

impl<'c> Modules<'c> {
    /// The modules of a contract: its own packages', and those of other roots whose meanings or scopes it takes in.
    pub(super) fn of(contract: &'c Contract) -> Modules<'c> {
        let attributes = Attributes::of(contract);
        let mut names = Names::without(&["mod"]);
        let mut list: Vec<Module<'c>> = Vec::new();
        for package in &contract.packages {
            let name = names.give(snake(&package.name));
            list.push(Module::of(contract, &attributes, &package.name, package.docs.clone(), name));
        }
        let faces = contract.meanings.iter().map(|meaning| meaning.package.as_str());
        let containers = contract.containers.iter().map(|container| container.package.as_str());
        let mut others: Vec<&str> =
            faces.chain(containers).filter(|package| !contract.owns(package)).collect();
        others.sort_unstable();
        others.dedup();
        for package in others {
            let docs = format!("What the contract takes in of the package `{package}`.");
            let name = names.give(snake(package));
            list.push(Module::of(contract, &attributes, package, docs, name));
        }
        Modules { contract, attributes, list }
    }

    /// The sentence that says what an item is in the contract.
    pub(super) fn declared(&self, kind: &str, full_name: &str, node: Node) -> String {
        match self.contract.places.shown(node) {
            place if place.is_empty() => format!("The {kind} `{full_name}` of the contract."),
            place => format!("The {kind} `{full_name}` of the contract, `{place}`."),
        }
    }

    fn module(&self, package: &str) -> Option<&Module<'c>> {
        self.list.iter().find(|module| module.package == package)
    }

    /// The path of an item of a package's module, from another module.
    fn path<'m>(
        &'m self,
        from: &str,
        full_name: &str,
        item: impl Fn(&'m Module<'c>, &str) -> Option<&'m Ident>,
    ) -> Option<TokenStream> {
        let (package, name) = full_name.rsplit_once('.')?;
        let module = self.module(package)?;
        let item = item(module, name)?;
        Some(within(from, module, item))
    }

    /// The path of a meaning or a view.
    pub(super) fn face(&self, from: &str, full_name: &str) -> Option<TokenStream> {
        self.path(from, full_name, |module, name| module.faces.get(name))
    }

    /// The path of a scope.
    pub(super) fn scope(&self, from: &str, full_name: &str) -> Option<TokenStream> {
        self.path(from, full_name, |module, name| module.containers.get(name))
    }

    /// The path of the type of an attribute's enum.
    pub(super) fn enumeration(&self, from: &str, attribute: &Attribute) -> Option<TokenStream> {
        let own = self.contract.owns(&attribute.package);
        let module = self.module(if own { &attribute.package } else { from })?;
        let (_, name) = module.attributes.get(attribute.key.as_str())?;
        Some(within(from, module, name))
    }

    /// The path of the enum that values are of; none where their type is a plain one.
    pub(super) fn enum_of(&self, from: &str, values: &Values<'_>, owner: Owner<'_>) -> Option<TokenStream> {
        match values.enumeration {
            Enumeration::None => None,
            Enumeration::Attribute(attribute) => self.enumeration(from, attribute),
            Enumeration::Own => {
                let module = self.module(owner.package())?;
                Some(within(from, module, module.own.name(owner)?))
            }
        }
    }
}

/// The path of an item of a module, from another one: modules are siblings.
fn within(from: &str, module: &Module<'_>, item: &Ident) -> TokenStream {
    let name = &module.name;
    if module.package == from { quote!(#item) } else { quote!(super::#name::#item) }
}

impl<'c> Module<'c> {
    fn of(
        contract: &'c Contract,
        attributes: &Attributes<'c>,
        package: &'c str,
        docs: String,
        name: Ident,
    ) -> Module<'c> {
        let mut names = Names::without(&PRELUDE);
        let mut module = Module {
            package,
            docs,
            name,
            containers: BTreeMap::new(),
            faces: BTreeMap::new(),
            events: BTreeMap::new(),
            observed: HashMap::default(),
            attributes: BTreeMap::new(),
            own: OwnEnums::default(),
        };
        for container in module.containers(contract) {
            module.containers.insert(&container.name, names.give(pascal(&container.name)));
        }
        for face in module.faces(contract) {
            module.faces.insert(&face.name, names.give(pascal(&face.name)));
        }
        let events: Vec<(&Event, Ident)> =
            module.events(contract).map(|event| (event, names.give(pascal(&event.name)))).collect();
        for metric in module.observed(contract) {
            module.observed.insert(metric.node, names.give(pascal(&metric.name)));
        }
        for (event, name) in events {
            let later = names.give(format!("{name}Later"));
            module.events.insert(&event.name, EventNames { event: name, later });
        }
        let values = module.values(contract, attributes);
        module.name_attributes(contract, attributes, &values, &mut names);
        let own = values.iter().filter(|(values, _)| matches!(values.enumeration, Enumeration::Own));
        let own: Vec<_> = own.filter_map(|(values, owner)| Some((values.domain?, *owner))).collect();
        module.own = OwnEnums::of(&own, &mut names);
        module
    }

    /// Its resources and scopes.
    pub(super) fn containers(&self, contract: &'c Contract) -> impl Iterator<Item = &'c Container> + use<'c> {
        let package = self.package;
        contract.containers.iter().filter(move |container| container.package == package)
    }

    /// Its meanings and views.
    pub(super) fn faces(&self, contract: &'c Contract) -> impl Iterator<Item = &'c Meaning> + use<'c> {
        let package = self.package;
        contract.meanings.iter().filter(move |meaning| meaning.package == package)
    }

    /// Its events.
    pub(super) fn events(&self, contract: &'c Contract) -> impl Iterator<Item = &'c Event> + use<'c> {
        let package = self.package;
        contract.events.iter().filter(move |event| event.package == package)
    }

    /// Its observed metrics.
    pub(super) fn observed(&self, contract: &'c Contract) -> impl Iterator<Item = &'c Instrument> + use<'c> {
        let package = self.package;
        contract.instruments.iter().filter(move |metric| metric.observed && metric.package == package)
    }

    pub(super) fn name_of_container(&self, name: &str) -> Option<&Ident> {
        self.containers.get(name)
    }

    pub(super) fn name_of_face(&self, name: &str) -> Option<&Ident> {
        self.faces.get(name)
    }

    pub(super) fn names_of_event(&self, name: &str) -> Option<&EventNames> {
        self.events.get(name)
    }

    pub(super) fn name_of_observed(&self, metric: &Instrument) -> Option<&Ident> {
        self.observed.get(&metric.node)
    }

    /// The enums of attributes that stand in it.
    pub(super) fn attribute_enums(&self) -> impl Iterator<Item = (&'c Attribute, &Ident)> {
        self.attributes.values().map(|(attribute, name)| (*attribute, name))
    }

    /// The enums that its fields, payloads and labels declare.
    pub(super) fn own_enums(&self) -> &[OwnEnum<'c>] {
        self.own.list()
    }

    /// Names the enums that the package declares, and those of other roots' attributes whose values its program gives.
    fn name_attributes(
        &mut self,
        contract: &'c Contract,
        attributes: &Attributes<'c>,
        values: &[(Values<'c>, Owner<'c>)],
        names: &mut Names,
    ) {
        let own = |attribute: &Attribute| contract.owns(&attribute.package);
        let given = |container: &'c Container| {
            let writers = container.writers.iter().filter(|writer| is_given(writer));
            writers.filter_map(|writer| attributes.get(&writer.key))
        };
        let in_containers: HashSet<&str> =
            contract.containers.iter().flat_map(given).map(|attribute| attribute.key.as_str()).collect();
        let mut wanted: BTreeMap<&'c str, &'c Attribute> = BTreeMap::new();
        for attribute in &contract.attributes {
            // What is only listed is a type to resources and scopes alone.
            let is_enum = attribute.domain.as_ref().is_some_and(Domain::is_enum);
            let used = is_enum || in_containers.contains(attribute.key.as_str());
            if attribute.package == self.package && own(attribute) && used {
                wanted.entry(&attribute.key).or_insert(attribute);
            }
        }
        let given = self.containers(contract).flat_map(given);
        let used = values.iter().filter_map(|(values, _)| match values.enumeration {
            Enumeration::Attribute(attribute) => Some(attribute),
            Enumeration::None | Enumeration::Own => None,
        });
        for attribute in given.chain(used).filter(|attribute| !own(attribute)) {
            wanted.entry(&attribute.key).or_insert(attribute);
        }
        for (key, attribute) in wanted.into_iter().filter(|(_, attribute)| has_type(attribute)) {
            self.attributes.insert(key, (attribute, names.give(pascal(key))));
        }
    }

    /// Everything in it that has values, and whose type may be an enum.
    fn values(&self, contract: &'c Contract, attributes: &Attributes<'c>) -> Vec<(Values<'c>, Owner<'c>)> {
        let mut found = Vec::new();
        for event in self.events(contract) {
            for field in event.fields.iter().filter(|field| field.constant.is_none()) {
                if let Some(FieldValue::Plain(domain)) = &field.value {
                    let key = field.declaration.is_some().then_some(field.key.as_str());
                    found.push((attributes.values(key, Some(domain)), Owner::Field(event, field)));
                }
            }
        }
        for meaning in self.faces(contract).filter(|face| face.view.is_none()) {
            for variant in &meaning.variants {
                for payload in &variant.payload {
                    let values = of_payload(attributes, payload);
                    found.push((values, Owner::Payload(meaning, variant, payload)));
                }
            }
        }
        for metric in self.observed(contract) {
            for (writer, attribute) in observed_labels(&metric.writers) {
                let values = attributes.values(Some(attribute), writer.domain.as_ref());
                found.push((values, Owner::Label(metric, writer)));
            }
        }
        found
    }
}

/// The values of a payload.
pub(super) fn of_payload<'c>(attributes: &Attributes<'c>, payload: &'c Payload) -> Values<'c> {
    let key = (!payload.key.is_empty()).then_some(payload.key.as_str());
    attributes.values(key, payload.domain.as_ref())
}

/// Whether an attribute's values have a type of their own.
fn has_type(attribute: &Attribute) -> bool {
    attribute.domain.as_ref().is_some_and(|domain| {
        domain.members.is_some() && matches!(domain.value, Type::Scalar(Scalar::String | Scalar::Int))
    })
}
