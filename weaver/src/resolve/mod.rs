//! From definitions to a registry: references are followed, and what is inherited is written out.

mod attributes;
mod build;
mod entities;
mod imports;
mod inherit;
mod order;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definition::{Definitions, GroupKind};
use crate::fields::Found;
use crate::registry::Registry;

pub(crate) use inherit::Inherited;

/// A registry, with what others that depend on it need of it.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) name: Arc<str>,
    pub(crate) registry: Registry,
    /// Its groups by their ids.
    pub(crate) groups: BTreeMap<String, Inherited>,
}

/// Resolves what a registry says, by what it depends on.
pub(crate) fn resolve(
    definitions: Definitions,
    dependencies: &[Arc<Resolved>],
    found: &mut Found,
) -> Resolved {
    let Definitions { manifest, attributes, groups, imports } = definitions;
    let mut catalog = attributes::Catalog::of(attributes, &groups, found);
    let order = order::order(&groups, found);
    let mut groups = inherit::inherit(groups, order, dependencies, found);
    for group in groups.values_mut() {
        catalog.hold(group, dependencies, found);
    }
    entities::check(&groups, dependencies, found);
    let name = manifest.as_ref().map_or("", |manifest| &manifest.name);
    let name: Arc<str> = Arc::from(name);
    let mut registry = Registry { manifest, ..Registry::default() };
    for group in groups.values() {
        build::add(&mut registry, group, &catalog, found);
    }
    imports::add(&mut registry, &imports, dependencies, &mut catalog, found);
    registry.attributes = catalog.into_attributes();
    build::sort(&mut registry);
    build::unique(&registry, found);
    Resolved { name, registry, groups }
}

/// Whether a group is one that its registry keeps for itself, so that it may use what is kept as well.
fn may_use_private(group: &Inherited) -> bool {
    group.is_private
        || (group.kind == GroupKind::Attributes && group.visibility != crate::definition::Visibility::Public)
}
