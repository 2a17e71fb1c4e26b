//! Makes the IR of resolved syntax trees.

pub(crate) mod attribute;
mod bound;
mod condition;
mod day;
mod declaration;
mod declared;
pub(crate) mod domain;
mod entities;
mod event;
mod examples;
mod field;
mod instrument;
mod list;
pub(crate) mod literal;
mod meaning;
mod measure;
pub(crate) mod policy;
mod projection;
mod signal;
mod text;
mod view;
pub(crate) mod writer;

use crate::hash::{HashMap, HashSet};
use slo_grammar::{Block, Entry, FileId, Item, Place};
use slo_stdlib_mappings::Vocabulary;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Limit, Reported};
use crate::ir::DEFAULT_WAY;
use crate::ir::draft::{
    Container, ContainerId, ContainerKind, Contract, Declaration, Declared, Domain, EventId, FORMAT,
    FieldValue, Leaf, LevelWriter, MeaningId, Package, Places, SCOPE_FIELDS, Scalar, SignalWriter, Type,
    WriterValue,
};
use crate::manifest::{Manifest, is_schema_url, no_schema_url};
use crate::options::{Context, Options, text_of};
use crate::resolve::{AttributeRef, DeclarationId, DeclaredKind, Resolved};
use crate::session::Kept;
use crate::source::{Additions, SourceMap};
use crate::text::{list, nearest};

use attribute::Attributes;
use bound::Bound;
use domain::Constrained;
use meaning::Faces;
use writer::{WriterInput, settle_templates, writer};

/// What lowering gives.
pub(crate) struct Lowered {
    pub(crate) draft: Contract,
    /// The attributes that a session keeps, by the places of their keys.
    pub(crate) kept: Kept,
    /// The texts of built-in vocabularies that it takes something of.
    pub(crate) added: SourceMap,
}

/// Makes the IR of a root's own packages, and of what they take in.
pub(crate) fn lower(
    resolved: &Resolved<'_>,
    root: usize,
    manifest: &Manifest,
    data: &dyn Fn(FileId, &str) -> Result<String, String>,
    kept: Option<Kept>,
    sources: &SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
) -> Lowered {
    let contract = Contract {
        format: FORMAT,
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        owner: manifest.owner.clone(),
        schema_url: manifest.schema_url.clone(),
        targets: manifest.targets.clone(),
        prometheus: manifest.prometheus.clone(),
        logs: manifest.logs.clone(),
        traces: manifest.traces,
        packages: Vec::new(),
        attributes: Vec::new(),
        containers: Vec::new(),
        metrics: Vec::new(),
        declared_spans: Vec::new(),
        declared_logs: Vec::new(),
        entities: Vec::new(),
        meanings: Vec::new(),
        events: Vec::new(),
        instruments: Vec::new(),
        places: Places::default(),
    };
    let declared = resolved.vocabularies.declared_keys();
    let attributes = Attributes::new(resolved, root, data, kept);
    let mut lowering = Lowering {
        resolved,
        root,
        tables: resolved.vocabularies.seen_tables(root).iter().map(|table| table.name).collect(),
        data,
        attributes,
        refined: HashMap::default(),
        refining: HashSet::default(),
        taken: Vec::with_capacity(declared),
        taken_ids: HashSet::with_capacity_and_hasher(declared, Default::default()),
        vocabulary_files: HashMap::default(),
        local_names: HashSet::default(),
        faces: Faces::default(),
        containers: HashMap::default(),
        declarations: HashMap::default(),
        events: HashMap::default(),
        unknown_fields: HashMap::default(),
        contract,
        sources: Additions::to(sources, SourceMap::default()),
        diagnostics,
        limit: Limit::default(),
    };
    lowering.packages();
    lowering.ambiguous();
    lowering.refine_own();
    // Events refer to scopes, and metrics that run while an event does to its fields: each comes after these.
    for pass in [
        |item: &Item| matches!(item, Item::Resource(_) | Item::Scope(_)),
        |item: &Item| !matches!(item, Item::Resource(_) | Item::Scope(_) | Item::Metric(_)),
        |item: &Item| matches!(item, Item::Metric(_)),
    ] {
        for (number, tree) in resolved.trees_of(root) {
            if lowering.is_own(number) {
                for item in tree.whole_items().filter(|item| pass(item)) {
                    lowering.item(number, item);
                }
            }
        }
    }
    lowering.groups_of_nobody();
    lowering.ways(manifest);
    lowering.finish()
}

/// What a package's `refine` makes of a key.
struct Refined {
    values: Constrained,
    place: Place,
    /// What makes it sensitive, if a `refine` does.
    sensitive: Option<Place>,
}

struct Lowering<'l, 't> {
    resolved: &'l Resolved<'t>,
    /// The number of the root.
    root: usize,
    /// The names of the built-in vocabularies that are used.
    tables: Vec<&'static str>,
    data: &'l dyn Fn(FileId, &str) -> Result<String, String>,
    attributes: Attributes<'l, 't>,
    /// What a package's `refine` makes of a key.
    refined: HashMap<usize, HashMap<String, Refined>>,
    /// The packages of which that is known.
    refining: HashSet<usize>,
    /// The attributes of the contract, with the places of their declarations, and whether a session may keep them.
    taken: Vec<(Declared, Place, bool)>,
    /// Which attributes these are.
    taken_ids: HashSet<DeclarationId>,
    vocabulary_files: HashMap<(&'static str, u16), FileId>,
    /// The local names that are an attribute's key too, by the trees in which that was said.
    local_names: HashSet<(usize, String)>,
    /// The meanings and views that were made, by the places of their names.
    faces: Faces,
    /// The scopes that were made, by the places of their names.
    containers: HashMap<Place, ContainerId>,
    /// The declared spans, logs and entities that were made, by the places of their names.
    declarations: HashMap<Place, Option<Declaration>>,
    /// The events that were made, by the places of their names.
    events: HashMap<Place, EventId>,
    /// The events that have fields that can't be known.
    unknown_fields: HashMap<EventId, Reported>,
    contract: Contract,
    sources: Additions<'l>,
    diagnostics: &'l mut Vec<Diagnostic>,
    limit: Limit,
}

impl<'t> Lowering<'_, 't> {
    fn is_own(&self, tree: usize) -> bool {
        self.package_of(tree).is_some_and(|package| self.resolved.packages.list[package].root == self.root)
    }

    fn package_of(&self, tree: usize) -> Option<usize> {
        self.resolved.packages.of_tree.get(tree).copied().flatten()
    }

    fn package_name(&self, tree: usize) -> &'t str {
        self.package_of(tree).map_or("", |package| self.resolved.packages.list[package].name)
    }

    fn packages(&mut self) {
        let own = self.resolved.packages.list.iter().filter(|package| package.root == self.root);
        let mut packages: Vec<Package> = own
            .map(|package| Package { name: package.name.to_owned(), docs: package.docs.clone() })
            .collect();
        crate::sort::by(&mut packages, |left, right| left.name.cmp(&right.name));
        self.contract.packages = packages;
    }

    /// The manifest names ways of scopes that there are.
    fn ways(&mut self, manifest: &Manifest) {
        let scopes =
            self.contract.containers.iter().filter(|container| container.kind == ContainerKind::Scope);
        let scopes: Vec<String> = scopes.map(Container::full_name).collect();
        for (name, place) in &manifest.ways {
            if name == DEFAULT_WAY || scopes.contains(name) {
                continue;
            }
            let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let near = nearest(name, names.iter().copied().chain([DEFAULT_WAY]));
            let help = match (near, names.as_slice()) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, []) => "name a scope of the contract, by its package and its name".to_owned(),
                (None, names) => format!("the scopes are {}; `{DEFAULT_WAY}` is for the others", list(names)),
            };
            let message = format!("there is no scope `{name}`, for which a way to Prometheus is said");
            self.diagnostics.push(Diagnostic::new(Code::Manifest, *place, message).about(name).help(help));
        }
    }

    /// Refinements come first: they hold in all files of their package.
    fn refine_own(&mut self) {
        for package in 0..self.resolved.packages.list.len() {
            if self.resolved.packages.list[package].root == self.root {
                self.refine(package);
            }
        }
    }

    /// Those of a package, once. A family's come before those of its keys, which narrow it further.
    fn refine(&mut self, package: usize) {
        if !self.refining.insert(package) {
            return;
        }
        let mut of_keys = Vec::new();
        for (number, refine) in self.resolved.refines.get(&package).into_iter().flatten().copied() {
            match self.resolved.attribute(&refine.key) {
                Ok((reference, true)) => of_keys.push((number, refine, reference)),
                Ok((reference, false)) => {
                    self.refine_one(number, package, refine, reference, reference.key())
                }
                Err(_) => {}
            }
        }
        for (number, refine, reference) in of_keys {
            self.refine_one(number, package, refine, reference, &refine.key.value);
        }
    }

    /// What a package makes of a key: of this very one, or of the family that it is one of.
    fn refined(&mut self, package: usize, key: &str, reference: AttributeRef<'t>) -> Option<&Refined> {
        self.refine(package);
        self.refined_before(package, key).or_else(|| self.refined_before(package, reference.key()))
    }

    /// What the refinements of a package that were read so far make of this very key.
    fn refined_before(&self, package: usize, key: &str) -> Option<&Refined> {
        self.refined.get(&package)?.get(key)
    }

    fn refine_one(
        &mut self,
        number: usize,
        package: usize,
        refine: &'t slo_grammar::Refine,
        reference: AttributeRef<'t>,
        key: &str,
    ) {
        let mut found = Vec::new();
        let options = Options::read(&refine.options, Context::Refine, &mut found);
        if let AttributeRef::Text(declaration) = reference
            && declaration.package == package
        {
            let message = format!("`{}` is declared by this very package", refine.key.value);
            found.push(
                Diagnostic::new(Code::Widens, refine.key.place, message)
                    .about(&refine.key.value)
                    .and(declaration.attribute.key.place, "declared here")
                    .help("change the declaration; `refine` is for the keys of other packages"),
            );
        }
        if let Some(Refined { place: first, .. }) = self.refined_before(package, key) {
            found.push(
                Diagnostic::new(Code::DeclaredTwice, refine.key.place, format!("`{key}` is refined twice"))
                    .about(key)
                    .and(*first, "first refined here")
                    .help("write one `refine` with all options"),
            );
        }
        let attribute = self.attributes.get(reference, &mut found);
        let mut base = self.attributes.values(reference, &attribute);
        let mut sensitive = signal::place_of(&options, "sensitive");
        let mut declared = self.declared_at(reference);
        // A key of a family narrows what the package makes of the whole family.
        if key != reference.key() {
            if let Some(family) = self.refined_before(package, reference.key()) {
                base = Ok(family.values.clone());
                sensitive = sensitive.or(family.sensitive);
                declared = family.place;
            }
            base = base.map(Constrained::of_family);
        }
        if let Ok(base) = base {
            let mode = domain::Mode::Narrow(Some(declared));
            let constraints = domain::Constraints {
                key,
                options: &options,
                mode,
                data: self.data,
                diagnostics: &mut found,
            };
            let refined = Refined { values: constraints.apply(base), place: refine.key.place, sensitive };
            self.refined.entry(package).or_default().entry(key.to_owned()).or_insert(refined);
        }
        if self.is_own(number) {
            self.take(reference);
            self.diagnostics.append(&mut found);
        }
    }

    fn item(&mut self, number: usize, item: &'t Item) {
        self.limit.apply(self.diagnostics);
        match item {
            Item::Attribute(declared) => {
                let resolved = self.resolved;
                let exact = resolved.vocabularies.anywhere(self.root, &declared.key.value);
                // One type per key over everything that the contract takes in: a used table's declaration too.
                for reference in exact {
                    let taken = match reference {
                        AttributeRef::Text(declaration) => {
                            declaration.attribute.key.place == declared.key.place
                                || resolved.packages.list[declaration.package].root != self.root
                        }
                        AttributeRef::Table(table, _) => self.tables.contains(&table.name),
                    };
                    if taken {
                        self.take(reference);
                    }
                }
            }
            Item::Resource(block) => {
                self.container_of_block(number, block, ContainerKind::Resource);
            }
            Item::Scope(block) => {
                self.container_of_block(number, block, ContainerKind::Scope);
            }
            Item::Metric(metric) => self.top_level_metric(number, metric),
            Item::Span(declared) => self.own_declaration(number, DeclaredKind::Span, declared),
            Item::Log(declared) => self.own_declaration(number, DeclaredKind::Log, declared),
            Item::Entity(declared) => self.own_declaration(number, DeclaredKind::Entity, declared),
            Item::Meaning(_) | Item::View(_) => {
                // What is wrong with it was reported.
                let _ = self.face_of(number, item);
            }
            Item::Event(event) => {
                self.capital(item);
                self.event(number, event);
            }
            Item::Package(_) | Item::Use(_) | Item::Refine(_) | Item::Group(_) | Item::Policy(_) => {}
        }
    }

    fn container(&mut self, number: usize, block: &'t Block, kind: ContainerKind) -> ContainerId {
        let context = if kind == ContainerKind::Scope { Context::ScopeHeader } else { Context::Header };
        let header = Options::read(&block.options, context, self.diagnostics);
        let node = self.contract.places.add(block.name.place);
        let mut writers = Vec::new();
        // A group's keys that come in a second time are reported; a third time would say nothing new, and groups
        // that take each other in twice would never end.
        let mut times: HashMap<Place, usize> = HashMap::default();
        // The groups on the way, so that what they bring knows through which `...NAME` it came.
        let mut stack: Vec<(usize, &'t Block, usize, Option<Place>)> = vec![(number, block, 0, None)];
        while let Some((tree, current, next, _)) = stack.last_mut() {
            let (tree, current) = (*tree, *current);
            let Some(entry) = current.entries.get(*next) else {
                stack.pop();
                continue;
            };
            *next += 1;
            self.limit.apply(self.diagnostics);
            match entry {
                Entry::Spread(slo_grammar::Spread { name, .. }) => {
                    if let Ok((inner, Item::Group(group))) = self.resolved.named(name.place) {
                        let times = times.entry(group.name.place).or_default();
                        *times += 1;
                        if *times > 2 {
                            continue;
                        }
                        stack.push((inner, group, 0, Some(name.place)));
                    }
                }
                Entry::Key { docs, key, options, tokens: _ } => {
                    let read = Options::read(options, Context::Entry, self.diagnostics);
                    let through: Vec<Place> = stack.iter().filter_map(|(.., place)| *place).collect();
                    let mut made = self.writer(tree, &docs.text(), key, &read, kind);
                    made.through = through.iter().map(|place| self.contract.places.add(*place)).collect();
                    writers.push(made);
                }
                Entry::Field(field) => self.diagnostics.push(field_outside(field, block)),
            }
        }
        settle_templates(&mut writers);
        let of = block.of.as_ref().filter(|_| self.is_own(number)).and_then(|of| self.resource(of));
        let schema_url = self.schema_url(&header);
        let id = ContainerId::at(self.contract.containers.len());
        self.containers.insert(block.name.place, id);
        self.contract.containers.push(Container {
            node,
            kind,
            package: self.package_name(number).to_owned(),
            name: block.name.value.as_str().to_owned(),
            docs: block.docs.text(),
            closed: header.has("closed"),
            schema_url,
            of,
            writers,
        });
        id
    }

    /// The schema URL that a scope says.
    fn schema_url(&mut self, header: &Options<'_>) -> Option<String> {
        let value = header.get("schema_url")?.value.as_ref()?;
        let url = text_of("schema_url", value, self.diagnostics).ok()?;
        if !is_schema_url(&url.value) {
            self.diagnostics.push(no_schema_url(Code::OptionValue, url.place, &url.value));
            return None;
        }
        Some(url.value.as_str().to_owned())
    }

    /// A scope that an event or a metric names. One of another root comes into the contract with that: its own mistakes
    /// are found where that root is judged.
    fn scope(&mut self, name: Place) -> Result<ContainerId, Reported> {
        let (tree, item) = self.resolved.named(name)?;
        let Item::Scope(block) = item else { return Err(Reported::elsewhere(Code::OtherKind, name)) };
        Ok(self.scope_of_block(tree, block))
    }

    /// The resource that a scope is of: one of this root, of which a program's other resources are.
    fn resource(&mut self, name: &slo_grammar::Name) -> Option<ContainerId> {
        let Ok((tree, Item::Resource(block))) = self.resolved.named(name.place) else { return None };
        if !self.is_own(tree) {
            let message =
                format!("`{}` is a resource of another root, and a scope is of one of its own", name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::OtherKind, name.place, message)
                    .about(&name.value)
                    .and(block.name.place, "declared here")
                    .help("declare the resource here, or take `of` and the resource out"),
            );
            return None;
        }
        Some(self.container_of_block(tree, block, ContainerKind::Resource))
    }

    fn scope_of_block(&mut self, tree: usize, block: &'t Block) -> ContainerId {
        self.container_of_block(tree, block, ContainerKind::Scope)
    }

    fn container_of_block(&mut self, tree: usize, block: &'t Block, kind: ContainerKind) -> ContainerId {
        if let Some(made) = self.containers.get(&block.name.place) {
            return *made;
        }
        let before = self.diagnostics.len();
        let made = self.container(tree, block, kind);
        if !self.is_own(tree) {
            self.diagnostics.truncate(before);
        }
        made
    }

    fn writer(
        &mut self,
        tree: usize,
        docs: &str,
        key: &slo_grammar::Name,
        options: &Options<'_>,
        kind: ContainerKind,
    ) -> crate::ir::draft::Writer {
        let scope_field = Domain::of(Type::Scalar(Scalar::String));
        let (name, base, declaration, declared_docs) = match self.bound(tree, key) {
            Ok(Bound { key, values, place, docs, .. }) => {
                (key, values.map(|values| values.domain), Some(place), docs)
            }
            Err(_) if kind == ContainerKind::Scope && SCOPE_FIELDS.contains(&key.value.as_str()) => {
                (key.value.as_str().to_owned(), Ok(scope_field), None, String::new())
            }
            Err(reported) => (key.value.as_str().to_owned(), Err(reported), None, String::new()),
        };
        let input = WriterInput {
            key: &name,
            place: key.place,
            declaration,
            docs: if docs.is_empty() { &declared_docs } else { docs },
            base: base.as_ref().map_err(|reported| *reported),
            source: None,
            options,
            mode: domain::Mode::Narrow(declaration),
            data: self.data,
        };
        writer(&input, &mut self.contract.places, self.diagnostics)
    }

    /// Entries of groups that nothing takes in are read for their own mistakes.
    fn groups_of_nobody(&mut self) {
        for (number, tree) in self.resolved.trees_of(self.root) {
            if !self.is_own(number) {
                continue;
            }
            for item in tree.whole_items() {
                let Item::Group(block) = item else { continue };
                if self.resolved.taken.contains(&block.name.place) {
                    continue;
                }
                for entry in &block.entries {
                    if let Entry::Field(field) = entry {
                        self.field(number, field);
                    }
                    if let Entry::Key { docs, key, options, tokens: _ } = entry {
                        let read = Options::read(options, Context::Entry, self.diagnostics);
                        self.writer(number, &docs.text(), key, &read, ContainerKind::Resource);
                    }
                }
            }
        }
    }

    /// Makes an attribute part of the contract.
    fn take(&mut self, reference: AttributeRef<'t>) {
        if self.taken_ids.insert(reference.id()) {
            let place = self.declared_at(reference);
            let attribute = self.attributes.get(reference, self.diagnostics);
            self.taken.push((attribute, place, self.attributes.may_be_kept(reference)));
        }
    }

    /// Where an attribute is declared.
    fn declared_at(&mut self, reference: AttributeRef<'t>) -> Place {
        match reference {
            AttributeRef::Text(declaration) => declaration.attribute.key.place,
            AttributeRef::Table(table, attribute) => self.table_place(table, attribute.place),
        }
    }

    /// Where the declaration of a sensitive key says that it is.
    fn sensitive_at(&mut self, reference: AttributeRef<'t>) -> Place {
        let option = match reference {
            AttributeRef::Text(declaration) => {
                declaration.attribute.options.iter().find(|option| option.name.value == "sensitive")
            }
            AttributeRef::Table(..) => None,
        };
        option.map_or_else(|| self.declared_at(reference), |option| option.place)
    }

    /// A place in a table's text; its file joins the run's texts when the first one in it is asked for.
    fn table_place(&mut self, table: &'static Vocabulary, place: slo_stdlib_mappings::Place) -> Place {
        let slo_stdlib_mappings::Place(file, start, end) = place;
        let sources = &mut self.sources;
        let id = *self
            .vocabulary_files
            .entry((table.name, file))
            .or_insert_with(|| sources.add_table(table, file));
        Place::new(id, start, end)
    }

    fn finish(mut self) -> Lowered {
        // Attributes of the contract itself are read whether or not something takes them in, and each once.
        let mut taken = std::mem::take(&mut self.taken);
        // What was kept has its number, which is its place in this order: of two long runs a sort makes one in one go.
        crate::sort::by_key(&mut taken, |(attribute, ..)| {
            attribute.head().node.map_or(u32::MAX, |node| node.0)
        });
        crate::sort::by(&mut taken, |(one, place, _), (other, of_other, _)| {
            let (one, other) = (one.head(), other.head());
            (one.key, one.package, place).cmp(&(other.key, other.package, of_other))
        });
        self.attributes.forget();
        let mut kept = Kept::default();
        kept.reserve(taken.iter().filter(|(.., keep)| *keep).count());
        let attributes = taken.into_iter().map(|(mut attribute, place, keep)| {
            attribute.stands_at(self.contract.places.add(place));
            if keep && let Declared::Known(attribute) = &attribute {
                kept.insert(place, Arc::clone(attribute));
            }
            attribute
        });
        self.contract.attributes = attributes.collect();
        self.meanings_in_the_order_of_the_text();
        Lowered { draft: self.contract, kept, added: self.sources.added() }
    }
}

impl Lowering<'_, '_> {
    /// Meanings are made when something asks for them, and are numbered as they stand.
    fn meanings_in_the_order_of_the_text(&mut self) {
        let places = &self.contract.places;
        let mut order: Vec<usize> = (0..self.contract.meanings.len()).collect();
        crate::sort::by_key(&mut order, |index| places.place(self.contract.meanings[*index].node));
        let mut renumbered = vec![MeaningId::at(0); order.len()];
        for (new, old) in order.iter().enumerate() {
            renumbered[*old] = MeaningId::at(new);
        }
        crate::sort::by_key(&mut self.contract.meanings, |meaning| places.place(meaning.node));
        let renumber = |id: &mut MeaningId| *id = renumbered[id.index()];
        for view in self.contract.meanings.iter_mut().filter_map(|meaning| meaning.view.as_mut()) {
            renumber(&mut view.of);
        }
        let writers = |writers: &mut [SignalWriter]| {
            for writer in writers {
                if let Leaf::Known(WriterValue::Meaning { face, .. }) = &mut writer.value {
                    renumber(face);
                }
            }
        };
        let levels = |levels: &mut [Leaf<LevelWriter>]| {
            for level in levels {
                if let Leaf::Known(level) = level {
                    renumber(&mut level.face);
                }
            }
        };
        for event in &mut self.contract.events {
            for field in &mut event.fields {
                if let Leaf::Known(FieldValue::Meaning { meaning, face }) = &mut field.value {
                    renumber(meaning);
                    renumber(face);
                }
            }
            event.metrics.iter_mut().for_each(|metric| writers(&mut metric.writers));
            for log in &mut event.logs {
                writers(&mut log.writers);
                levels(&mut log.levels);
            }
            if let Some(span) = &mut event.span {
                writers(&mut span.writers);
                levels(&mut span.levels);
            }
            event.span_events.iter_mut().for_each(|one| writers(&mut one.writers));
        }
        self.contract.instruments.iter_mut().for_each(|instrument| writers(&mut instrument.writers));
    }
}

/// A field that a resource or a scope takes in.
fn field_outside(field: &slo_grammar::Field, block: &Block) -> Diagnostic {
    let message = format!("`{}` is a field, and `{}` takes keys", field.name.value, block.name.value);
    Diagnostic::new(Code::Misplaced, field.name.place, message)
        .about(&field.name.value)
        .and(block.name.place, "taken in here")
        .help("a field stands in an event; a key says its source: `required`, `static=`, `env=` or `auto`")
}
