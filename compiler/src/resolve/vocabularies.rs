//! The one interface by which declarations are asked for, with text or tables behind it.

use std::sync::Arc;

use crate::hash::{HashMap, HashSet};
use std::cell::Cell;
use std::collections::hash_map::Entry;

use slo_grammar::{Attribute, Item, Metric, Place, SyntaxTree};
use slo_stdlib_mappings::Vocabulary;

use super::Packages;
use super::declared::DeclaredKind;
use super::uses::Scope;
use crate::diagnostic::{Code, Diagnostic, Limit};
use crate::roots::{Roots, built_in};
use crate::text::nearest;

/// What a run's files may ask for.
pub(crate) struct Vocabularies<'t> {
    attributes: ByName<'t, Declaration<'t>>,
    named: ByName<'t, Named<'t>>,
    metrics: ByName<'t, DeclaredMetric<'t>>,
    /// The spans, logs and entities that are declared, by their kinds.
    pub(super) declared: [ByName<'t, Named<'t>>; 3],
    pub(super) roots: &'t Roots,
    pub(super) scopes: Vec<Scope<'t>>,
    pub(super) package_names: Vec<&'t str>,
    /// The root of each package.
    package_roots: Vec<usize>,
    /// What declarations that could not be read would have declared, by their roots.
    unread: HashSet<(usize, &'t str)>,
    /// How many nearest names are still looked for.
    suggestions: Cell<usize>,
}

/// For how many unknown names the nearest known one is looked for: each takes a look at every name.
const MOST_SUGGESTIONS: usize = 200;

/// An attribute that a file declares.
#[derive(Clone, Copy)]
pub(crate) struct Declaration<'t> {
    /// The number of its package.
    pub(crate) package: usize,
    pub(crate) package_name: &'t str,
    pub(crate) attribute: &'t Attribute,
}

/// A declaration that has a name rather than a key: a group, a scope, a meaning and their like.
#[derive(Clone, Copy)]
pub(crate) struct Named<'t> {
    /// The number of its package.
    pub(crate) package: usize,
    /// The number of its tree.
    pub(crate) tree: usize,
    pub(crate) item: &'t Item,
}

/// A metric that a file declares.
#[derive(Clone, Copy)]
pub(crate) struct DeclaredMetric<'t> {
    /// The number of its package.
    package: usize,
    /// The number of its tree.
    pub(crate) tree: usize,
    pub(crate) metric: &'t Metric,
}

/// A declared metric.
#[derive(Clone, Copy)]
pub(crate) enum MetricRef<'t> {
    /// In a file.
    Text(DeclaredMetric<'t>),
    /// In a table.
    Table(&'static Vocabulary, &'static slo_stdlib_mappings::Metric),
}

/// A declared attribute.
#[derive(Clone, Copy)]
pub(crate) enum AttributeRef<'t> {
    /// In a file.
    Text(Declaration<'t>),
    /// In a table.
    Table(&'static Vocabulary, &'static slo_stdlib_mappings::Attribute),
}

/// What tells a declared attribute from all others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum DeclarationId {
    /// The place of its key.
    Text(Place),
    /// Where the table has it.
    Table(*const slo_stdlib_mappings::Attribute),
}

/// An answer.
#[derive(Clone, Copy)]
pub(crate) struct Found<'t> {
    pub(crate) reference: AttributeRef<'t>,
    /// Whether the key is one of a family that `map<…>` declares, rather than the declared key itself.
    pub(crate) of_family: bool,
}

impl<'t> Found<'t> {
    pub(crate) fn package(&self) -> &'t str {
        match self.reference {
            AttributeRef::Text(declaration) => declaration.package_name,
            AttributeRef::Table(_, attribute) => attribute.package,
        }
    }
}

pub(super) type ByName<'t, D> = HashMap<&'t str, Declared<D>>;

/// The declarations of a name, package by package. Nearly every name is declared once, which takes no list.
pub(super) struct Declared<D> {
    first: D,
    others: Vec<D>,
}

impl<D> Declared<D> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &D> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// The declarations of a name.
pub(super) fn declared_as<'n, 't>(
    names: &'n ByName<'t, Named<'t>>,
    name: &str,
) -> impl Iterator<Item = Named<'t>> + use<'n, 't> {
    names.get(name).into_iter().flat_map(Declared::iter).copied()
}

/// Adds a declaration to those of its name, unless its package, whose stand last, has one; then that one's place.
fn declare<'t, D>(
    names: &mut ByName<'t, D>,
    name: &'t str,
    new: D,
    package_and_place: fn(&D) -> (usize, Place),
) -> Option<Place> {
    let declared = match names.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(Declared { first: new, others: Vec::new() });
            return None;
        }
        Entry::Occupied(entry) => entry.into_mut(),
    };
    let (of_last, place) = package_and_place(declared.others.last().unwrap_or(&declared.first));
    if of_last == package_and_place(&new).0 {
        return Some(place);
    }
    declared.others.push(new);
    None
}

impl<'t> Vocabularies<'t> {
    pub(crate) fn collect(
        roots: &'t Roots,
        packages: &Packages<'t>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vocabularies<'t> {
        let trees = roots.trees.as_slice();
        let unread = trees.iter().enumerate().flat_map(|(number, tree)| {
            tree.unread.iter().map(move |unread| (roots.of_tree(number), unread.name.as_str()))
        });
        let mut vocabularies = Vocabularies {
            attributes: HashMap::default(),
            named: HashMap::default(),
            metrics: HashMap::default(),
            declared: Default::default(),
            roots,
            scopes: Vec::new(),
            package_names: packages.list.iter().map(|package| package.name).collect(),
            package_roots: packages.list.iter().map(|package| package.root).collect(),
            unread: unread.collect(),
            suggestions: Cell::new(MOST_SUGGESTIONS),
        };
        vocabularies.declarations(trees, packages, diagnostics);
        vocabularies.taken_packages(trees, diagnostics);
        for (number, tree) in trees.iter().enumerate() {
            let scope = vocabularies.scope(number, tree, packages, diagnostics);
            vocabularies.scopes.push(scope);
        }
        vocabularies.circular_uses(packages, diagnostics);
        vocabularies
    }

    /// How many keys the files declare.
    pub(crate) fn declared_keys(&self) -> usize {
        self.attributes.len()
    }

    /// Packages that have the name of one in a table.
    fn taken_packages(&self, trees: &[Arc<SyntaxTree>], diagnostics: &mut Vec<Diagnostic>) {
        let items = trees.iter().enumerate();
        for (number, item) in
            items.flat_map(|(number, tree)| tree.whole_items().map(move |item| (number, item)))
        {
            let Item::Package(package) = item else { continue };
            let name = &package.name;
            let mut tables = self.roots.list[self.roots.of_tree(number)].tables.iter();
            if let Some(table) = tables.find(|table| table.packages.contains(&name.value.as_str())) {
                let message =
                    format!("the vocabulary `{}` has a package `{}` already", table.name, name.value);
                diagnostics.push(
                    Diagnostic::new(Code::MixedPackages, name.place, message)
                        .about(&name.value)
                        .help("give the package another name"),
                );
            }
        }
    }

    fn declarations(
        &mut self,
        trees: &'t [Arc<SyntaxTree>],
        packages: &Packages<'t>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut limit = Limit::default();
        let is_attribute = |item: &&Item| matches!(item, Item::Attribute(_));
        self.attributes
            .reserve(trees.iter().map(|tree| tree.items.iter().filter(is_attribute).count()).sum());
        // Package by package: what a package declares twice then stands beside itself.
        let mut order: Vec<(usize, usize)> =
            (0..trees.len()).filter_map(|tree| Some((packages.of_tree[tree]?, tree))).collect();
        crate::sort::by(&mut order, Ord::cmp);
        for (package, tree_number) in order {
            let tree = &trees[tree_number];
            for item in tree.whole_items() {
                limit.apply(diagnostics);
                let name = item.name();
                // What begins with a capital shares its names within a package; keys, metrics, spans, logs and entities
                // each have theirs.
                let first = match item {
                    Item::Package(_) | Item::Use(_) | Item::Refine(_) => continue,
                    Item::Attribute(attribute) => {
                        let package_name = packages.list[package].name;
                        let new = Declaration { package, package_name, attribute };
                        declare(&mut self.attributes, &name.value, new, |declared| {
                            (declared.package, declared.attribute.key.place)
                        })
                    }
                    Item::Metric(metric) => {
                        let new = DeclaredMetric { package, tree: tree_number, metric };
                        declare(&mut self.metrics, &name.value, new, |declared| {
                            (declared.package, declared.metric.name.place)
                        })
                    }
                    _ => {
                        let new = Named { package, tree: tree_number, item };
                        let names = match DeclaredKind::of(item) {
                            Some((kind, _)) => &mut self.declared[kind as usize],
                            None => &mut self.named,
                        };
                        declare(names, &name.value, new, |declared| {
                            (declared.package, declared.item.name().place)
                        })
                    }
                };
                if let Some(first) = first {
                    let package = packages.list[package].name;
                    let message = format!("`{}` is declared twice in `{package}`", name.value);
                    diagnostics.push(
                        Diagnostic::new(Code::DeclaredTwice, name.place, message)
                            .about(&name.value)
                            .and(first, "first declared here")
                            .help("take one of them out, or give it another name"),
                    );
                }
            }
        }
    }

    /// What `key` may mean in a file: the key itself; `PACKAGE.KEY`; or one of a family.
    pub(crate) fn attribute(&self, file: usize, key: &str) -> Vec<Found<'t>> {
        let exact = self.exact(file, key);
        if !exact.is_empty() {
            return exact.into_iter().map(|reference| Found { reference, of_family: false }).collect();
        }
        let qualified = self.qualified(file, key, |package, rest| {
            let found =
                self.exact(file, rest).into_iter().map(|reference| Found { reference, of_family: false });
            found.filter(|found| found.package() == package).collect()
        });
        if !qualified.is_empty() {
            return qualified;
        }
        // The longest family first.
        for (position, _) in key.rmatch_indices('.') {
            let family =
                self.exact(file, &key[..position]).into_iter().filter(|reference| reference.is_family());
            let family: Vec<Found<'t>> =
                family.map(|reference| Found { reference, of_family: true }).collect();
            if !family.is_empty() {
                return family;
            }
        }
        Vec::new()
    }

    /// Whether a root stands on that of a package.
    pub(super) fn reaches(&self, root: usize, package: usize) -> bool {
        self.roots.reaches(root, self.package_roots[package])
    }

    /// The root of a file.
    pub(super) fn root(&self, file: usize) -> usize {
        self.roots.of_tree(file)
    }

    /// The declarations of the key in whatever a root stands on, in whatever package.
    pub(crate) fn anywhere(&self, root: usize, key: &str) -> impl Iterator<Item = AttributeRef<'t>> {
        let text = self
            .attributes
            .get(key)
            .into_iter()
            .flat_map(Declared::iter)
            .filter(move |declaration| self.reaches(root, declaration.package))
            .map(|declaration| AttributeRef::Text(*declaration));
        let tables = self.roots.list[root].tables.iter();
        let tables = tables.filter_map(move |table| Some(AttributeRef::Table(table, table.attribute(key)?)));
        text.chain(tables)
    }

    fn exact(&self, file: usize, key: &str) -> Vec<AttributeRef<'t>> {
        let scope = &self.scopes[file];
        self.anywhere(self.root(file), key)
            .filter(|reference| match reference {
                AttributeRef::Text(declaration) => scope.seen.contains(&declaration.package),
                AttributeRef::Table(_, attribute) => scope.seen_tables.contains(attribute.package),
            })
            .collect()
    }

    /// Reads `name` as `PACKAGE.REST`, for each package that the file sees.
    pub(super) fn qualified<T>(
        &self,
        file: usize,
        name: &str,
        look: impl Fn(&str, &str) -> Vec<T>,
    ) -> Vec<T> {
        let scope = &self.scopes[file];
        for (position, _) in name.match_indices('.') {
            let (package, rest) = (&name[..position], &name[position + 1..]);
            let known = scope.seen_tables.contains(package)
                || scope.seen.iter().any(|index| self.package_names[*index] == package);
            if known {
                let found = look(package, rest);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// Whether a name that a file doesn't know is unknown for a reason that was reported elsewhere.
    pub(crate) fn was_reported(&self, file: usize, name: &str) -> bool {
        let scope = &self.scopes[file];
        scope.unsure.set(true);
        let unread = |name: &str| {
            let mut roots = self.roots.reached(self.root(file)).map(|(root, _)| root);
            roots.any(|root| self.unread.contains(&(root, name)))
        };
        let family = |name: &str| name.rmatch_indices('.').any(|(position, _)| unread(&name[..position]));
        scope.blind || unread(name) || family(name)
    }

    /// What a name may mean in a file: the name itself, or `PACKAGE.NAME`.
    pub(crate) fn named(&self, file: usize, name: &str) -> Vec<Named<'t>> {
        let scope = &self.scopes[file];
        let seen = |name: &str| -> Vec<Named<'t>> {
            let found = self.named.get(name).into_iter().flat_map(Declared::iter).copied();
            let found = found.filter(|named| scope.seen.contains(&named.package)).collect();
            before_built_in(found, |named: &Named<'_>| !built_in::has(self.package_names[named.package]))
        };
        let found = seen(name);
        if !found.is_empty() {
            return found;
        }
        self.qualified(file, name, |package, rest| {
            seen(rest).into_iter().filter(|named| self.package_names[named.package] == package).collect()
        })
    }

    /// The declarations of a metric that a file sees.
    pub(crate) fn metric(&self, file: usize, name: &str) -> Vec<MetricRef<'t>> {
        let scope = &self.scopes[file];
        let text = self.metrics.get(name).into_iter().flat_map(Declared::iter).copied();
        let text = text.filter(|declared| scope.seen.contains(&declared.package)).map(MetricRef::Text);
        let tables = self.roots.list[self.root(file)].tables.iter();
        let tables = tables.filter_map(|table| Some((*table, table.metric(name)?)));
        let tables = tables.filter(|(_, metric)| scope.seen_tables.contains(metric.package));
        text.chain(tables.map(|(table, metric)| MetricRef::Table(table, metric))).collect()
    }

    /// The names of the metrics that files of a root see in others.
    pub(crate) fn seen_metrics(&self, root: usize) -> Vec<&'t str> {
        let trees = self.roots.reached(root).flat_map(|(_, text)| text.trees.clone());
        let seen: HashSet<usize> = trees.flat_map(|tree| self.scopes[tree].seen.iter().copied()).collect();
        let names = self.metrics.iter();
        names
            .filter(|(_, declared)| declared.iter().any(|one| seen.contains(&one.package)))
            .map(|(name, _)| *name)
            .collect()
    }

    /// A package's scopes, in the alphabet's order.
    pub(crate) fn scopes_of(&self, package: usize) -> Vec<Named<'t>> {
        let is_scope = |named: &Named<'_>| named.package == package && matches!(named.item, Item::Scope(_));
        let mut scopes: Vec<Named<'t>> =
            self.named.values().flat_map(Declared::iter).copied().filter(is_scope).collect();
        crate::sort::by_key(&mut scopes, |scope| scope.item.name().value.as_str());
        scopes
    }

    /// The package of a metric's declaration.
    pub(crate) fn package_of_metric(&self, metric: MetricRef<'t>) -> &'t str {
        match metric {
            MetricRef::Text(declared) => self.package_names[declared.package],
            MetricRef::Table(_, metric) => metric.package,
        }
    }

    /// A package that declares this metric for others to record, though the file doesn't use it.
    pub(crate) fn metric_elsewhere(&self, file: usize, name: &str) -> Option<&'t str> {
        let scope = &self.scopes[file];
        let text = self.metrics.get(name).into_iter().flat_map(Declared::iter);
        let root = self.root(file);
        let mut text = text.filter(|declared| {
            !scope.seen.contains(&declared.package)
                && self.reaches(root, declared.package)
                && !super::stands_for_itself(declared.metric)
        });
        let tables = self.roots.list[root].tables.iter();
        let mut tables = tables.filter_map(|table| Some(table.metric(name)?.package));
        let of_text = text.next().map(|declared| self.package_names[declared.package]);
        of_text.or_else(|| tables.find(|package| !scope.seen_tables.contains(package)))
    }

    pub(super) fn may_suggest(&self) -> Option<()> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        Some(())
    }

    /// The key that the file sees and that is spelled most like this one.
    pub(crate) fn nearest_key(&self, file: usize, key: &str, as_type: bool) -> Option<&'t str> {
        self.may_suggest()?;
        let scope = &self.scopes[file];
        let text = self.attributes.iter().filter(|(_, declarations)| {
            declarations.iter().any(|declaration| scope.seen.contains(&declaration.package))
        });
        let tables = self.roots.list[self.root(file)].tables.iter().flat_map(|table| table.attributes);
        let tables = tables
            .filter(|attribute| scope.seen_tables.contains(attribute.package))
            .map(|attribute| attribute.key);
        let types: &[&'static str] = if as_type { &super::TYPES } else { &[] };
        nearest(key, text.map(|(key, _)| *key).chain(tables).chain(types.iter().copied()))
    }

    /// The name of a declaration of this kind that the file sees and that is spelled most like this one.
    pub(crate) fn nearest_named(
        &self,
        file: usize,
        name: &str,
        is_kind: &dyn Fn(&Item) -> bool,
    ) -> Option<&'t str> {
        self.may_suggest()?;
        let scope = &self.scopes[file];
        let seen = self.named.iter().filter(|(_, list)| {
            list.iter().any(|named| scope.seen.contains(&named.package) && is_kind(named.item))
        });
        nearest(name, seen.map(|(name, _)| *name))
    }

    /// A package that declares something of this name and kind, though the file doesn't use it.
    pub(crate) fn named_elsewhere(
        &self,
        file: usize,
        name: &str,
        is_kind: &dyn Fn(&Item) -> bool,
    ) -> Option<&'t str> {
        let root = self.root(file);
        let mut found = self
            .named
            .get(name)?
            .iter()
            .filter(|named| is_kind(named.item) && self.reaches(root, named.package));
        found.next().map(|named| self.package_names[named.package])
    }

    /// A package that declares this key, though the file doesn't use it.
    pub(crate) fn elsewhere(&self, file: usize, key: &str) -> Option<&'t str> {
        self.anywhere(self.root(file), key)
            .next()
            .map(|reference| Found { reference, of_family: false }.package())
    }

    /// The tables that at least one file sees of those that a root stands on.
    pub(crate) fn seen_tables(&self, root: usize) -> Vec<&'static Vocabulary> {
        let trees = self.roots.reached(root).flat_map(|(_, text)| text.trees.clone());
        let seen: HashSet<&str> =
            trees.flat_map(|tree| self.scopes[tree].seen_tables.iter().copied()).collect();
        let tables = self.roots.list[root].tables.iter().copied();
        tables.filter(|table| table.packages.iter().any(|name| seen.contains(name))).collect()
    }
}

/// Of declarations of one name, those of roots, where there are any: what a root declares itself counts before what is
/// built in, of which a later version may have the same name.
pub(crate) fn before_built_in<D>(mut found: Vec<D>, is_of_root: impl Fn(&D) -> bool) -> Vec<D> {
    if found.iter().any(&is_of_root) {
        found.retain(is_of_root);
    }
    found
}

impl AttributeRef<'_> {
    /// What tells it from all others.
    pub(crate) fn id(self) -> DeclarationId {
        match self {
            AttributeRef::Text(declaration) => DeclarationId::Text(declaration.attribute.key.place),
            AttributeRef::Table(_, attribute) => DeclarationId::Table(attribute),
        }
    }

    fn is_family(self) -> bool {
        match self {
            AttributeRef::Text(declaration) => {
                matches!(declaration.attribute.type_of.value, slo_grammar::Type::Map(_))
            }
            AttributeRef::Table(_, attribute) => matches!(attribute.value, slo_stdlib_mappings::Type::Map(_)),
        }
    }

    /// Whether it says that it should not be used any more.
    pub(crate) fn is_deprecated(self) -> bool {
        match self {
            AttributeRef::Text(declaration) => {
                declaration.attribute.options.iter().any(|option| option.name.value == "deprecated")
            }
            AttributeRef::Table(_, attribute) => attribute.deprecated.is_some(),
        }
    }
}
