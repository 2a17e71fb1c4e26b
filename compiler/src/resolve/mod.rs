//! Binds names to declarations.
//!
//! What is declared is asked for by name and by key through [`Vocabularies`], with the text of the contract and of other
//! roots behind it, or the static tables of the built-in vocabularies. A name that can't be bound is reported
//! here, once, and marked unknown: later stages pass over it in silence.

mod declared;
mod groups;
mod packages;
mod signals;
mod uses;
mod vocabularies;

use std::sync::Arc;

use crate::hash::{HashMap, HashSet};

use slo_grammar::{
    Block, Entry, Expression, Item, Name, Place, Placed, Policy, PolicyEntry, Refine, SyntaxTree, Type,
};

use crate::diagnostic::{Code, Diagnostic, Limit, Reported};
use crate::ir::Scalar;
use crate::roots::{Findings, Roots};
use crate::text::{list, spelled, with_article};

pub(crate) use declared::{DeclaredKind, DeclaredRef};
pub(crate) use groups::fields_of_groups;
pub(crate) use packages::Packages;
pub(crate) use signals::{is_declaration, signal_form, stands_for_itself};
pub(crate) use vocabularies::{AttributeRef, DeclarationId, MetricRef, Named, Vocabularies, before_built_in};

/// Syntax trees with their names bound.
pub(crate) struct Resolved<'t> {
    pub(crate) roots: &'t Roots,
    /// The packages.
    pub(crate) packages: Packages<'t>,
    /// What is declared, and where to ask.
    pub(crate) vocabularies: Vocabularies<'t>,
    /// What the name at a place means; a name that isn't here is unknown, which was reported.
    pub(crate) bindings: HashMap<Place, Binding<'t>>,
    /// The keys that several packages declare, for who knows their types to report.
    pub(crate) ambiguous: Vec<Ambiguous<'t>>,
    /// The declarations that have a name and that something names, by the places of their names.
    pub(crate) taken: HashSet<Place>,
    /// What each package refines, with the numbers of the trees.
    pub(crate) refines: HashMap<usize, Vec<(usize, &'t Refine)>>,
}

impl<'t> Resolved<'t> {
    /// The trees of a root, with their numbers.
    pub(crate) fn trees_of(&self, root: usize) -> impl Iterator<Item = (usize, &'t SyntaxTree)> + use<'t> {
        let trees = self.roots.list.get(root).map_or(0..0, |root| root.trees.clone());
        let all = self.roots.trees.as_slice();
        trees.filter_map(|number| Some((number, &**all.get(number)?)))
    }

    /// The key that a name means, and whether it is one of a family.
    pub(crate) fn attribute(&self, name: &Name) -> Result<(AttributeRef<'t>, bool), Reported> {
        match self.bindings.get(&name.place) {
            Some(Binding::Attribute(reference, of_family)) => Ok((*reference, *of_family)),
            _ => Err(Reported::elsewhere(Code::UnknownName, name.place)),
        }
    }

    /// The declaration that the name at a place means, with the number of its tree.
    pub(crate) fn named(&self, place: Place) -> Result<(usize, &'t Item), Reported> {
        match self.bindings.get(&place) {
            Some(Binding::Named(tree, item)) => Ok((*tree, item)),
            _ => Err(Reported::elsewhere(Code::UnknownName, place)),
        }
    }

    /// The span, log or entity that the name at a place means, where one is declared.
    pub(crate) fn declared(&self, place: Place) -> Option<DeclaredRef<'t>> {
        match self.bindings.get(&place) {
            Some(Binding::Declared(declared)) => Some(*declared),
            _ => None,
        }
    }
}

/// A key as it is written, with each declaration that it may mean.
pub(crate) struct Ambiguous<'t> {
    pub(crate) key: Name,
    pub(crate) declarations: Vec<AttributeRef<'t>>,
}

/// What a name means.
#[derive(Clone, Copy)]
pub(crate) enum Binding<'t> {
    /// A key, and whether it is one of a family that `map<…>` declares.
    Attribute(AttributeRef<'t>, bool),
    /// A declaration that has a name, with the number of its tree.
    Named(usize, &'t Item),
    /// A span, a log or an entity that is declared for others.
    Declared(DeclaredRef<'t>),
}

/// The kinds of declaration that names are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Group,
    Resource,
    Scope,
    Meaning,
    /// By which a meaning shows: a view, or the meaning itself.
    Face,
    Event,
}

impl Kind {
    fn is(self, item: &Item) -> bool {
        match self {
            Kind::Group => matches!(item, Item::Group(_)),
            Kind::Resource => matches!(item, Item::Resource(_)),
            Kind::Scope => matches!(item, Item::Scope(_)),
            Kind::Meaning => matches!(item, Item::Meaning(_)),
            Kind::Face => matches!(item, Item::View(_) | Item::Meaning(_)),
            Kind::Event => matches!(item, Item::Event(_)),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Kind::Group => "group",
            Kind::Resource => "resource",
            Kind::Scope => "scope",
            Kind::Meaning => "meaning",
            Kind::Face => "view",
            Kind::Event => "event",
        }
    }

    /// How such a thing is declared.
    fn declaration(self, name: &str) -> String {
        match self {
            Kind::Group | Kind::Resource | Kind::Scope | Kind::Meaning => {
                format!("{} {name} {{ … }}", self.name())
            }
            Kind::Face => format!("view {name} of MEANING {{ … }}"),
            Kind::Event => format!("event {name} in SCOPE {{ … }}"),
        }
    }
}

/// Binds the names of all trees, each as its own root sees them. A finding's first place is in the root whose mistake it
/// is.
pub(crate) fn resolve<'t>(
    roots: &'t Roots,
    folders: &dyn Fn(&SyntaxTree) -> (usize, String),
    found: &mut Findings,
) -> Resolved<'t> {
    let trees = roots.trees.as_slice();
    let diagnostics = &mut Vec::new();
    let packages = Packages::collect(trees, folders, diagnostics);
    let vocabularies = Vocabularies::collect(roots, &packages, diagnostics);
    let mut resolver = Resolver {
        packages: &packages,
        vocabularies: &vocabularies,
        bindings: HashMap::default(),
        ambiguous: Vec::new(),
        diagnostics,
        limit: Limit::default(),
    };
    for (number, tree) in trees.iter().enumerate() {
        resolver.tree(number, tree);
    }
    resolver.circular_groups(trees);
    let Resolver { bindings, ambiguous, .. } = resolver;
    vocabularies.unused(diagnostics);
    // Of a root without a manifest nothing more is known than that.
    diagnostics.retain(|finding| roots.manifest(roots.of_finding(finding)).is_some());
    found.distribute(roots, std::mem::take(diagnostics));
    for (root, finding) in packages.in_two_roots(roots) {
        found.put(root, [finding]);
    }
    let taken = bindings.values().filter_map(|binding| match binding {
        Binding::Named(_, item) => Some(item.name().place),
        Binding::Attribute(..) | Binding::Declared(_) => None,
    });
    let taken = taken.collect();
    let mut refines: HashMap<usize, Vec<(usize, &Refine)>> = HashMap::default();
    for (number, tree) in trees.iter().enumerate() {
        let Some(package) = packages.of_tree[number] else { continue };
        let of_tree = tree.whole_items().filter_map(|item| match item {
            Item::Refine(refine) => Some((number, &**refine)),
            _ => None,
        });
        refines.entry(package).or_default().extend(of_tree);
    }
    Resolved { roots, packages, vocabularies, bindings, ambiguous, taken, refines }
}

struct Resolver<'r, 't> {
    packages: &'r Packages<'t>,
    vocabularies: &'r Vocabularies<'t>,
    bindings: HashMap<Place, Binding<'t>>,
    ambiguous: Vec<Ambiguous<'t>>,
    diagnostics: &'r mut Vec<Diagnostic>,
    limit: Limit,
}

impl<'t> Resolver<'_, 't> {
    fn tree(&mut self, number: usize, tree: &'t SyntaxTree) {
        for item in tree.whole_items() {
            self.limit.apply(self.diagnostics);
            match item {
                Item::Attribute(attribute) => {
                    self.type_of(number, &attribute.type_of.value);
                    self.successor(number, attribute);
                }
                Item::Refine(refine) => self.attribute(number, &refine.key, false),
                Item::Group(block) | Item::Resource(block) => self.block(number, block, false),
                Item::Scope(block) => {
                    if let Some(of) = &block.of {
                        self.named(number, of, Kind::Resource);
                    }
                    self.block(number, block, true);
                }
                Item::Metric(metric) => self.metric(number, metric),
                Item::Span(declared) | Item::Log(declared) | Item::Entity(declared) => {
                    self.declaration(number, declared);
                }
                Item::Meaning(meaning) => self.meaning(number, &meaning.entries),
                Item::View(view) => {
                    self.named(number, &view.of, Kind::Meaning);
                    self.meaning(number, &view.entries);
                }
                Item::Event(event) => self.event(number, event),
                Item::Policy(policy) => {
                    for key in required_keys(policy) {
                        self.attribute(number, &key, false);
                    }
                }
                Item::Package(_) | Item::Use(_) => {}
            }
        }
    }

    /// The key that took a deprecated one's place.
    fn successor(&mut self, number: usize, attribute: &slo_grammar::Attribute) {
        let deprecated = attribute.options.iter().find(|option| option.name.value == "deprecated");
        let Some(Placed { value: Expression::Key(key), place }) =
            deprecated.and_then(|option| option.value.as_ref())
        else {
            return;
        };
        if *key == attribute.key.value {
            self.diagnostics.push(
                Diagnostic::new(Code::Circular, *place, format!("`{key}` takes its own place"))
                    .about(key)
                    .help("name the key that took its place, or say the reason in quotes"),
            );
        } else if self.vocabularies.anywhere(self.vocabularies.root(number), key).next().is_none() {
            self.attribute(number, &Placed::new(key.clone(), *place), false);
        } else {
            for found in self.vocabularies.attribute(number, key) {
                self.vocabularies.mark(number, found.package());
            }
        }
    }

    fn block(&mut self, number: usize, block: &'t Block, scope: bool) {
        for entry in &block.entries {
            match entry {
                Entry::Key { key, .. } => {
                    // The scope's own name and version need no vocabulary.
                    let own = scope && crate::ir::SCOPE_FIELDS.contains(&key.value.as_str());
                    if !own || !self.vocabularies.attribute(number, &key.value).is_empty() {
                        self.attribute(number, key, false);
                    }
                }
                Entry::Spread(spread) => self.named(number, &spread.name, Kind::Group),
                Entry::Field(field) => self.field(number, field),
            }
        }
    }

    /// The key whose type a type is.
    fn type_of(&mut self, number: usize, type_of: &Type) {
        if let Type::Object(object) = type_of {
            object.members.iter().for_each(|member| self.type_of(number, &member.type_of.value));
        }
        if let Type::Named(named) | Type::Map(named) = type_of
            && Scalar::from_name(&named.name.value).is_none()
            && named.name.value != "any"
        {
            self.attribute(number, &named.name, true);
        }
    }

    fn attribute(&mut self, file: usize, key: &Name, as_type: bool) {
        let found = self.vocabularies.attribute(file, &key.value);
        match found.as_slice() {
            [one] => {
                self.vocabularies.mark(file, one.package());
                self.bindings.insert(key.place, Binding::Attribute(one.reference, one.of_family));
            }
            [] if self.vocabularies.was_reported(file, &key.value) => {}
            [] if as_type && self.is_meaning(file, &key.value) => {
                // One whose name begins with a small letter was reported as that.
                if key.value.starts_with(char::is_uppercase) {
                    let message = format!("`{}` is a meaning, and no type of a value", key.value);
                    self.diagnostics.push(
                        Diagnostic::new(Code::OtherKind, key.place, message)
                            .about(&key.value)
                            .help("a field of an event holds a meaning; an attribute and a member of an object have the type of a value"),
                    );
                }
            }
            [] if as_type && let Some((_, help)) = INCOMPLETE.iter().find(|(name, _)| *name == key.value) => {
                let message = format!("`{}` alone is no type", key.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::UnknownName, key.place, message).about(&key.value).help(*help),
                );
            }
            [] => {
                let what = if as_type { "type or key" } else { "key" };
                let mut diagnostic = Diagnostic::new(
                    Code::UnknownName,
                    key.place,
                    format!("there is no {what} `{}`", key.value),
                )
                .about(&key.value);
                let near = self.vocabularies.nearest_key(file, &key.value, as_type);
                diagnostic = match (near, self.vocabularies.elsewhere(file, &key.value)) {
                    (_, Some(package)) => diagnostic
                        .here("declared by a package that this file doesn't use")
                        .help(format!("add `use {package}`")),
                    (Some(near), None) => diagnostic.help(format!("did you mean `{near}`?")).here(""),
                    (None, None) if as_type && !key.value.contains('.') => {
                        diagnostic.help(format!("the types are {}, or a key whose type it is", list(&TYPES)))
                    }
                    (None, None) => diagnostic.help(format!(
                        "declare it, with the type of its values: `attribute {}: string`",
                        spelled(&key.value)
                    )),
                };
                self.diagnostics.push(diagnostic);
            }
            several => {
                for one in several {
                    self.vocabularies.mark(file, one.package());
                }
                // What a root declares itself counts before what is built in, and later versions of that have more keys.
                let mut texts = several.iter().filter(|one| matches!(one.reference, AttributeRef::Text(_)));
                if let (Some(text), None) = (texts.next(), texts.next()) {
                    self.bindings.insert(key.place, Binding::Attribute(text.reference, text.of_family));
                }
                let declarations = several.iter().map(|one| one.reference).collect();
                self.ambiguous.push(Ambiguous { key: key.clone(), declarations });
            }
        }
    }

    /// Whether a name is a meaning's.
    fn is_meaning(&self, file: usize, name: &str) -> bool {
        let found = self.vocabularies.named(file, name);
        let meanings = found.iter().filter(|found| Kind::Meaning.is(found.item));
        meanings
            .map(|found| self.vocabularies.mark(file, self.packages.list[found.package].name))
            .next()
            .is_some()
    }

    fn named(&mut self, file: usize, name: &Name, kind: Kind) {
        let found = self.vocabularies.named(file, &name.value);
        match found.as_slice() {
            [one] if kind.is(one.item) => {
                self.vocabularies.mark(file, self.packages.list[one.package].name);
                self.bindings.insert(name.place, Binding::Named(one.tree, one.item));
            }
            [one] => {
                self.vocabularies.mark(file, self.packages.list[one.package].name);
                let is = one.item.keyword();
                let near = self.vocabularies.nearest_named(file, &name.value, &|item| kind.is(item));
                let help = match (one.item, near) {
                    (Item::View(view), _) if kind == Kind::Meaning => {
                        format!("it is a view of `{0}`: write `{0}`", view.of.value)
                    }
                    (_, Some(near)) => format!("did you mean `{near}`?"),
                    (_, None) => format!("name {} here", with_article(kind.name())),
                };
                let message =
                    format!("`{}` is {}, not {}", name.value, with_article(is), with_article(kind.name()));
                self.diagnostics.push(
                    Diagnostic::new(Code::OtherKind, name.place, message)
                        .about(&name.value)
                        .and(one.item.name().place, "declared here")
                        .help(help),
                );
            }
            [] if self.vocabularies.was_reported(file, &name.value) => {}
            [] => {
                let diagnostic = Diagnostic::new(
                    Code::UnknownName,
                    name.place,
                    format!("there is no {} `{}`", kind.name(), name.value),
                )
                .about(&name.value);
                let is_kind = |item: &Item| kind.is(item);
                let near = self.vocabularies.nearest_named(file, &name.value, &is_kind);
                let elsewhere = self.vocabularies.named_elsewhere(file, &name.value, &is_kind);
                self.diagnostics.push(match (near, elsewhere) {
                    (_, Some(package)) => diagnostic
                        .here("declared by a package that this file doesn't use")
                        .help(format!("add `use {package}`")),
                    (Some(near), None) => diagnostic.help(format!("did you mean `{near}`?")),
                    (None, None) => {
                        diagnostic.help(format!("declare it: `{}`", kind.declaration(&name.value)))
                    }
                });
            }
            several => {
                let packages: Vec<&str> =
                    several.iter().map(|named| self.packages.list[named.package].name).collect();
                for package in &packages {
                    self.vocabularies.mark(file, package);
                }
                let mut diagnostic = Diagnostic::new(
                    Code::AmbiguousName,
                    name.place,
                    format!("`{}` is declared by {}", name.value, list(&packages)),
                )
                .about(&name.value)
                .help(format!("write `{}.{}`", packages[0], name.value));
                for named in several {
                    diagnostic = diagnostic.and(named.item.name().place, "declared here");
                }
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// Groups that take themselves in, by themselves or by others: the spread that closes the circle is reported
    /// and unbound.
    fn circular_groups(&mut self, trees: &'t [Arc<SyntaxTree>]) {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            Open,
            Done,
        }
        let mut states: HashMap<Place, State> = HashMap::default();
        let groups = trees.iter().flat_map(|tree| tree.whole_items()).filter_map(|item| match item {
            Item::Group(block) => Some(block),
            _ => None,
        });
        for group in groups {
            // The groups on the way, each with the number of the entry to look at next.
            let mut way: Vec<(&Block, usize)> = vec![(group, 0)];
            if states.contains_key(&group.name.place) {
                continue;
            }
            states.insert(group.name.place, State::Open);
            while let Some((block, next)) = way.last_mut() {
                let Some(entry) = block.entries.get(*next) else {
                    states.insert(block.name.place, State::Done);
                    way.pop();
                    continue;
                };
                *next += 1;
                let Entry::Spread(slo_grammar::Spread { name, .. }) = entry else { continue };
                let Some(Binding::Named(_, Item::Group(inner))) = self.bindings.get(&name.place) else {
                    continue;
                };
                match states.get(&inner.name.place) {
                    None => {
                        states.insert(inner.name.place, State::Open);
                        way.push((inner, 0));
                    }
                    Some(State::Done) => {}
                    Some(State::Open) => {
                        self.bindings.remove(&name.place);
                        let message = format!("the group `{}` takes itself in", inner.name.value);
                        self.diagnostics.push(
                            Diagnostic::new(Code::Circular, name.place, message)
                                .about(&inner.name.value)
                                .here("this closes the circle")
                                .and(inner.name.place, "the group")
                                .help(format!("take out `...{}`", name.value)),
                        );
                    }
                }
            }
        }
    }
}

/// What the types are called that need no declaration.
pub(crate) const TYPES: [&str; 10] =
    ["string", "int", "double", "bool", "bytes", "any", "enum", "map", "timestamp", "duration"];

/// Of these, those that say more behind their name.
const INCOMPLETE: [(&str, &str); 4] = [
    ("enum", "say its members: `enum { a, b }`"),
    ("map", "say of what: `map<string>`"),
    ("timestamp", "say its form: `timestamp(rfc3339)` or `timestamp(ms)`"),
    ("duration", "say its unit: `duration(s)`"),
];

/// The keys that a policy asks of each resource.
pub(crate) fn required_keys(policy: &Policy) -> Vec<Name> {
    let options = policy.entries.iter().filter_map(|entry| match entry {
        PolicyEntry::Rule { name, options, tokens: _ } if name.value == "resource.keys" => Some(options),
        _ => None,
    });
    let lists = options.flatten().filter_map(|option| match &option.value {
        Some(Placed { value: Expression::List(list), .. }) if option.name.value == "require" => Some(list),
        _ => None,
    });
    let keys = lists.flatten().filter_map(|element| match &element.value {
        Expression::Key(key) | Expression::String(key) => Some(Placed::new(key.clone(), element.place)),
        _ => None,
    });
    keys.collect()
}
