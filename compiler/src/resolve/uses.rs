//! What a file sees: its own package, and those that it uses.

use crate::hash::HashSet;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use slo_grammar::{Item, Name, SyntaxTree};

use super::{Packages, Vocabularies};
use crate::diagnostic::{Code, Diagnostic, Limit};
use crate::roots;
use crate::text::{list, nearest};

/// What a file sees: its own package and those that it uses.
#[derive(Default)]
pub(super) struct Scope<'t> {
    pub(super) package: Option<usize>,
    uses: Vec<Use<'t>>,
    pub(super) seen: HashSet<usize>,
    pub(super) seen_tables: HashSet<&'static str>,
    /// Whether the file sees less than it should, which was reported: what it doesn't know may be there.
    pub(super) blind: bool,
    /// Whether something in the file could not be read or bound, so that it may take more than can be seen.
    pub(super) unsure: Cell<bool>,
}

struct Use<'t> {
    name: &'t Name,
    packages: Vec<usize>,
    table_packages: Vec<&'static str>,
    taken: Cell<bool>,
}

impl<'t> Vocabularies<'t> {
    pub(super) fn scope(
        &self,
        number: usize,
        tree: &'t SyntaxTree,
        packages: &Packages<'t>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Scope<'t> {
        let (root, package) = (self.roots.of_tree(number), packages.of_tree[number]);
        let text = &self.roots.list[root];
        let blind = package.is_none()
            || tree.unread.iter().any(|unread| ["package", "use"].contains(&unread.keyword.as_str()));
        let mut scope =
            Scope { package, blind, unsure: Cell::new(!tree.unread.is_empty()), ..Scope::default() };
        scope.seen.extend(package);
        let mut limit = Limit::default();
        for item in tree.whole_items() {
            limit.apply(diagnostics);
            let Item::Use(slo_grammar::Use { name, .. }) = item else { continue };
            let beneath = |candidate: &str| {
                candidate == name.value
                    || candidate.strip_prefix(name.value.as_str()).is_some_and(|rest| rest.starts_with('.'))
            };
            let used: Vec<usize> = (0..packages.list.len())
                .filter(|index| Some(*index) != package && beneath(packages.list[*index].name))
                .filter(|index| self.reaches(root, *index))
                .collect();
            let tables = text.tables.iter().flat_map(|table| table.packages);
            let table_packages: Vec<&'static str> = tables.copied().filter(|name| beneath(name)).collect();
            if used.is_empty() && table_packages.is_empty() {
                scope.blind |= package.is_none_or(|own| packages.list[own].name != name.value);
                // A package may be missing because its vocabulary is, or because its file doesn't say its name.
                let is_missing = text.missing.iter().any(|start| name.value.starts_with(start));
                let mut trees = self.roots.reached(root).flat_map(|(_, other)| other.trees.clone());
                if !is_missing && !trees.any(|tree| packages.of_tree[tree].is_none()) {
                    diagnostics.push(self.unknown_package(name, root, package, packages));
                }
                continue;
            }
            if let Some(first) = scope.uses.iter().find(|other| other.name.value == name.value) {
                let message = format!("`{}` is used twice", name.value);
                diagnostics.push(
                    Diagnostic::new(Code::DeclaredTwice, name.place, message)
                        .about(&name.value)
                        .and(first.name.place, "first used here")
                        .help("take one of them out"),
                );
                continue;
            }
            scope.seen.extend(&used);
            scope.seen_tables.extend(&table_packages);
            scope.uses.push(Use { name, packages: used, table_packages, taken: Cell::new(false) });
        }
        scope
    }

    fn unknown_package(
        &self,
        name: &Name,
        root: usize,
        own: Option<usize>,
        packages: &Packages<'t>,
    ) -> Diagnostic {
        let tables = &self.roots.list[root].tables;
        if own.is_some_and(|own| packages.list[own].name == name.value) {
            return Diagnostic::new(
                Code::Circular,
                name.place,
                format!("the package `{}` uses itself", name.value),
            )
            .about(&name.value)
            .help("take it out: a package knows its own names");
        }
        let diagnostic =
            Diagnostic::new(Code::UnknownName, name.place, format!("there is no package `{}`", name.value))
                .about(&name.value);
        let belongs = |(vocabulary, _): &(&str, &str)| {
            name.value == *vocabulary || name.value.starts_with(&format!("{vocabulary}."))
        };
        if let Some((vocabulary, version)) = roots::built_in().find(belongs)
            && !tables.iter().any(|known| known.name == vocabulary)
        {
            return diagnostic.help(format!(
                "name its vocabulary in `slo.toml`, under `[vocabularies]`: \"{vocabulary}\" = \"{version}\""
            ));
        }
        let known = packages.list.iter().filter(|package| self.roots.reaches(root, package.root));
        let known = known.map(|package| package.name);
        let tables = tables.iter().flat_map(|table| table.packages.iter().copied().chain([table.name]));
        match nearest(&name.value, known.chain(tables)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic
                .help("a package is a folder of this root, or of a vocabulary that `slo.toml` names"),
        }
    }

    /// Packages that use each other in a circle: the `use` that closes it is reported.
    pub(super) fn circular_uses(&self, packages: &Packages<'t>, diagnostics: &mut Vec<Diagnostic>) {
        let mut edges: Vec<Vec<(usize, &Name)>> = packages.list.iter().map(|_| Vec::new()).collect();
        for scope in &self.scopes {
            let Some(package) = scope.package else { continue };
            for used in &scope.uses {
                edges[package].extend(used.packages.iter().map(|target| (*target, used.name)));
            }
        }
        // 0: not seen, 1: on the way, 2: done.
        let mut states = vec![0_u8; edges.len()];
        let mut reported = HashSet::default();
        for start in 0..edges.len() {
            if states[start] != 0 {
                continue;
            }
            states[start] = 1;
            let mut way = vec![(start, 0)];
            while let Some((package, next)) = way.last_mut() {
                let Some((target, name)) = edges[*package].get(*next).copied() else {
                    states[*package] = 2;
                    way.pop();
                    continue;
                };
                *next += 1;
                if states[target] == 0 {
                    states[target] = 1;
                    way.push((target, 0));
                } else if states[target] == 1 && reported.insert(name.place) {
                    let circle: Vec<&(usize, usize)> =
                        way.iter().skip_while(|(package, _)| *package != target).collect();
                    let mut names: Vec<&str> =
                        circle.iter().map(|(package, _)| packages.list[*package].name).collect();
                    names.push(packages.list[target].name);
                    let taken = circle
                        .iter()
                        .filter_map(|(package, next)| edges[*package].get(next.checked_sub(1)?).copied());
                    // Whichever `use` goes, the circle is open: that of the first root is its own matter.
                    let root = |name: &Name| self.roots.of_file(name.place.file);
                    let first = taken.clone().map(|(_, used)| used).min_by_key(|used| root(used));
                    let name = first.filter(|first| root(first) < root(name)).unwrap_or(name);
                    let mut diagnostic = Diagnostic::new(
                        Code::Circular,
                        name.place,
                        format!("packages use each other in a circle: `{}`", names.join("` -> `")),
                    )
                    .about(&name.value)
                    .here("this closes the circle");
                    // A `use` takes in the packages beneath the one that it names, which it doesn't show.
                    let mut beneath: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
                    for (target, used) in taken {
                        let target = packages.list[target].name;
                        if used.place != name.place {
                            diagnostic = diagnostic.and(used.place, format!("uses `{target}`"));
                        }
                        if target != used.value {
                            beneath.entry(&used.value).or_default().insert(target);
                        }
                    }
                    for (used, targets) in &beneath {
                        let targets: Vec<&str> = targets.iter().copied().collect();
                        diagnostic =
                            diagnostic.note(format!("`use {used}` takes in {} as well", list(&targets)));
                    }
                    diagnostics.push(diagnostic.help(match beneath.keys().next() {
                        None => "move what both need into a package of its own".to_owned(),
                        Some(used) => format!(
                            "move what both need into a package of its own beneath it, such as `{used}.common`, and use that"
                        ),
                    }));
                }
            }
        }
    }

    /// Notes that a file takes something from a package.
    pub(crate) fn mark(&self, file: usize, package: &str) {
        for used in self.scopes[file].uses.iter().filter(|used| !used.taken.get()) {
            let here = used.table_packages.contains(&package)
                || used.packages.iter().any(|index| self.package_names[*index] == package);
            if here {
                used.taken.set(true);
            }
        }
    }

    /// Reports each `use` of the contract's own files from which nothing was taken, as far as that can be seen.
    pub(crate) fn unused(&self, diagnostics: &mut Vec<Diagnostic>) {
        let own = self.roots.list.first().map_or(0..0, |root| root.trees.clone());
        for used in self
            .scopes
            .iter()
            .take(own.end)
            .filter(|scope| !scope.blind && !scope.unsure.get())
            .flat_map(|scope| &scope.uses)
        {
            if !used.taken.get() {
                let name = &used.name.value;
                let message = format!("nothing is taken from `{name}`");
                diagnostics.push(
                    Diagnostic::new(Code::UnusedUse, used.name.place, message)
                        .about(name)
                        .help(format!("take out `use {name}`")),
                );
            }
        }
    }
}
