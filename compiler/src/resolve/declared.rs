//! Spans, logs and entities that are declared for others: by their names, in text or in tables.

use slo_grammar::{Declared, Expression, Item, Name, Place, Placed};
use slo_stdlib_mappings::{Declaration, Vocabulary};

use super::vocabularies::{before_built_in, declared_as};
use super::{Binding, Named, Resolver, Vocabularies};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{list, nearest};

/// What is declared for others beside attributes and metrics: each has names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeclaredKind {
    Span,
    Log,
    Entity,
}

impl DeclaredKind {
    /// The declaration that an item is, if it is one.
    pub(crate) fn of(item: &Item) -> Option<(DeclaredKind, &Declared)> {
        Some(match item {
            Item::Span(declared) => (DeclaredKind::Span, declared),
            Item::Log(declared) => (DeclaredKind::Log, declared),
            Item::Entity(declared) => (DeclaredKind::Entity, declared),
            _ => return None,
        })
    }

    /// The keyword.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            DeclaredKind::Span => "span",
            DeclaredKind::Log => "log",
            DeclaredKind::Entity => "entity",
        }
    }

    /// How such a thing is declared.
    fn declaration(self, name: &str) -> String {
        match self {
            DeclaredKind::Span => format!("span {name}: client {{ … }}"),
            DeclaredKind::Log => format!("log {name}: error {{ … }}"),
            DeclaredKind::Entity => format!("entity {name} {{ KEY id }}"),
        }
    }

    fn of_table(self, table: &'static Vocabulary, name: &str) -> Option<&'static Declaration> {
        match self {
            DeclaredKind::Span => table.span(name),
            DeclaredKind::Log => table.log(name),
            DeclaredKind::Entity => table.entity(name),
        }
    }

    fn all_of_table(self, table: &'static Vocabulary) -> &'static [Declaration] {
        match self {
            DeclaredKind::Span => table.spans,
            DeclaredKind::Log => table.logs,
            DeclaredKind::Entity => table.entities,
        }
    }
}

/// A declared span, log or entity.
#[derive(Clone, Copy)]
pub(crate) enum DeclaredRef<'t> {
    /// In a file.
    Text(Named<'t>),
    /// In a table.
    Table(&'static Vocabulary, &'static Declaration),
}

impl<'t> DeclaredRef<'t> {
    /// The name under which it is declared.
    pub(crate) fn name(self) -> &'t str {
        match self {
            DeclaredRef::Text(named) => &named.item.name().value,
            DeclaredRef::Table(_, declared) => declared.name,
        }
    }

    /// Where a file has its name.
    fn place(self) -> Option<Place> {
        match self {
            DeclaredRef::Text(named) => Some(named.item.name().place),
            DeclaredRef::Table(..) => None,
        }
    }
}

impl<'t> Vocabularies<'t> {
    /// What a name may mean in a file: the name itself, or `PACKAGE.NAME`.
    pub(crate) fn declared(&self, file: usize, kind: DeclaredKind, name: &str) -> Vec<DeclaredRef<'t>> {
        let found = self.declared_exactly(file, kind, name);
        if !found.is_empty() {
            return found;
        }
        self.qualified(file, name, |package, rest| {
            let mut found = self.declared_exactly(file, kind, rest);
            found.retain(|found| self.package_of_declared(*found) == package);
            found
        })
    }

    fn declared_exactly(&self, file: usize, kind: DeclaredKind, name: &str) -> Vec<DeclaredRef<'t>> {
        let scope = &self.scopes[file];
        let text = declared_as(&self.declared[kind as usize], name);
        let text = text.filter(|named| scope.seen.contains(&named.package)).map(DeclaredRef::Text);
        let tables = self.roots.list[self.root(file)].tables.iter();
        let tables = tables.filter_map(|table| Some((*table, kind.of_table(table, name)?)));
        let tables = tables.filter(|(_, declared)| scope.seen_tables.contains(declared.package));
        text.chain(tables.map(|(table, declared)| DeclaredRef::Table(table, declared))).collect()
    }

    /// The package of a declaration.
    pub(crate) fn package_of_declared(&self, declared: DeclaredRef<'t>) -> &'t str {
        match declared {
            DeclaredRef::Text(named) => self.package_names[named.package],
            DeclaredRef::Table(_, declared) => declared.package,
        }
    }

    /// A package that declares it, though the file doesn't use it.
    fn declared_elsewhere(&self, file: usize, kind: DeclaredKind, name: &str) -> Option<&'t str> {
        let root = self.root(file);
        let mut text = declared_as(&self.declared[kind as usize], name);
        let text = text.find(|named| self.reaches(root, named.package));
        let mut tables = self.roots.list[root].tables.iter();
        text.map(|named| self.package_names[named.package])
            .or_else(|| tables.find_map(|table| Some(kind.of_table(table, name)?.package)))
    }

    /// The name that the file sees and that is spelled most like this one.
    fn nearest_declared(&self, file: usize, kind: DeclaredKind, name: &str) -> Option<&'t str> {
        self.may_suggest()?;
        let scope = &self.scopes[file];
        let text = self.declared[kind as usize].iter();
        let text = text.filter(|(_, declared)| declared.iter().any(|one| scope.seen.contains(&one.package)));
        let tables = self.roots.list[self.root(file)].tables.iter();
        let tables = tables.flat_map(|table| kind.all_of_table(table));
        let tables = tables.filter(|declared| scope.seen_tables.contains(declared.package));
        nearest(name, text.map(|(name, _)| *name).chain(tables.map(|declared| declared.name)))
    }
}

impl<'t> Resolver<'_, 't> {
    /// A span, a log or an entity at top level.
    pub(super) fn declaration(&mut self, number: usize, declared: &'t Declared) {
        for item in declared.list.iter().flatten() {
            self.attribute(number, &item.key, false);
        }
        self.entities_of(number, &declared.options);
    }

    /// The names behind `entities=`.
    pub(super) fn entities_of(&mut self, number: usize, options: &'t [slo_grammar::Opt]) {
        let about = options.iter().filter(|option| option.name.value == "entities");
        for value in about.filter_map(|option| option.value.as_ref()) {
            self.entities(number, value);
        }
    }

    /// Brackets nest no deeper than the grammar lets them.
    fn entities(&mut self, number: usize, value: &'t Placed<Expression>) {
        match &value.value {
            Expression::Key(name) => {
                self.declared(number, DeclaredKind::Entity, &Placed::new(name.clone(), value.place));
            }
            Expression::List(parts) | Expression::Combination(_, parts) => {
                parts.iter().for_each(|part| self.entities(number, part));
            }
            // What is no name is reported where it is read.
            _ => {}
        }
    }

    /// A name that must be declared.
    pub(super) fn declared(&mut self, number: usize, kind: DeclaredKind, name: &Name) {
        let found = self.vocabularies.declared(number, kind, &name.value);
        if !found.is_empty() {
            return self.bind_declared(number, name, &found);
        }
        if self.vocabularies.was_reported(number, &name.value) {
            return;
        }
        let what = match kind {
            DeclaredKind::Entity => "entity",
            DeclaredKind::Span => "declared span",
            DeclaredKind::Log => "declared log",
        };
        let diagnostic =
            Diagnostic::new(Code::UnknownName, name.place, format!("there is no {what} `{}`", name.value))
                .about(&name.value);
        let elsewhere = self.vocabularies.declared_elsewhere(number, kind, &name.value);
        let near = self.vocabularies.nearest_declared(number, kind, &name.value);
        self.diagnostics.push(match (elsewhere, near) {
            (Some(package), _) => diagnostic
                .here("declared by a package that this file doesn't use")
                .help(format!("add `use {package}`")),
            (None, Some(near)) => diagnostic.help(format!("did you mean `{near}`?")),
            (None, None) => diagnostic.help(format!("declare it: `{}`", kind.declaration(&name.value))),
        });
    }

    /// A log is declared by its name, or not at all.
    pub(super) fn log_named(&mut self, number: usize, name: &Name) {
        let found = self.vocabularies.declared_exactly(number, DeclaredKind::Log, &name.value);
        if !found.is_empty() {
            self.bind_declared(number, name, &found);
        }
    }

    fn bind_declared(&mut self, number: usize, name: &Name, found: &[DeclaredRef<'t>]) {
        let packages: Vec<&str> =
            found.iter().map(|one| self.vocabularies.package_of_declared(*one)).collect();
        packages.iter().for_each(|package| self.vocabularies.mark(number, package));
        let found = before_built_in(found.to_vec(), |declared| matches!(declared, DeclaredRef::Text(_)));
        if let [one] = found.as_slice() {
            self.bindings.insert(name.place, Binding::Declared(*one));
            return;
        }
        let message = format!("`{}` is declared by {}", name.value, list(&packages));
        let mut diagnostic = Diagnostic::new(Code::AmbiguousName, name.place, message)
            .about(&name.value)
            .help("use one of the packages only");
        for place in found.iter().filter_map(|one| one.place()) {
            diagnostic = diagnostic.and(place, "declared here");
        }
        self.diagnostics.push(diagnostic);
    }
}
