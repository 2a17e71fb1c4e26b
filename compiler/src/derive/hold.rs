//! Holds a struct to its contract, or to the standard vocabulary and itself.

use std::sync::Arc;

use slo_grammar::{Expression, FileId, Place, Placed, Tag};
use slo_model::Targets;
use slo_stdlib_mappings::{Type as TableType, VOCABULARIES};

use super::{Field, RustType, Structure, StructureKind};
use crate::check::check_container;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::SCOPE_FIELDS;
use crate::ir::draft::{self, Draft};
use crate::ir::{
    Attribute, Container, ContainerKind, Contract, Domain, Event, FORMAT, Leaf, Logs, Places, Prometheus,
    Scalar, Source, Target, Traces, Type, Writer,
};
use crate::lower::domain::Mode;
use crate::lower::literal::literal;
use crate::lower::writer::{WriterInput, settle_template, settle_templates, writer};
use crate::options::{Context, Options};
use crate::text::{article, nearest, with_article};

/// A struct as a container.
#[derive(Debug)]
pub struct Held {
    /// The container: the contract's own, or the struct's.
    pub container: Container,
    /// The struct's fields that give a value.
    pub fields: Vec<HeldField>,
    /// The places of the container's nodes, where it isn't the contract's own.
    pub places: Places,
    /// The targets under which its keys and what it flattens must differ.
    pub targets: Targets,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// A field that gives a value.
#[derive(Clone, Debug)]
pub struct HeldField {
    /// The field's number in [`fields`](field@Structure::fields).
    pub field: usize,
    /// The writer's number in [`Container::writers`].
    pub writer: usize,
    /// Whether the field is read: one whose key is static is not.
    pub read: bool,
    /// What is known of its type.
    pub fit: Fit,
}

/// Whether a field's type fits its key's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Nothing is left to see to.
    Seen,
    /// Only the Rust compiler knows the field's type, and must see to it.
    Unseen,
    /// Only the Rust compiler knows the field's type, and nobody declared the key: its type is the field's.
    Defines,
}

impl Held {
    /// Whether nothing stands in the way of generating code.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Holds a struct to `contract`, where it names one of its containers, else to the vocabulary and itself.
#[must_use]
pub fn hold(structure: &Structure, contract: Option<&Contract>) -> Held {
    let StructureKind::Container(kind) = structure.kind else {
        let container = nothing(structure, ContainerKind::Resource);
        return Held {
            container,
            fields: Vec::new(),
            places: Places::default(),
            targets: Targets::ALL,
            diagnostics: Vec::new(),
        };
    };
    if structure.misread {
        return Held { diagnostics: Vec::new(), ..by_itself(structure, kind, contract) };
    }
    match (&structure.held_to, contract) {
        (Some((name, place)), Some(contract)) => to_contract(structure, kind, name, *place, contract),
        (Some((name, place)), None) => {
            let mut held = by_itself(structure, kind, contract);
            held.diagnostics = vec![
                Diagnostic::new(
                    Code::NoContract,
                    *place,
                    format!("there is no contract to find `{name}` in"),
                )
                .about(name),
            ];
            held
        }
        (None, _) => by_itself(structure, kind, contract),
    }
}

fn no_data(_: FileId, _: &str) -> Result<String, String> {
    Err("a tag reads no file".to_owned())
}

pub(super) fn tagged(structure: &Structure) -> impl Iterator<Item = (usize, &Field, &Tag)> {
    structure
        .fields
        .iter()
        .enumerate()
        .filter_map(|(number, field)| Some((number, field, field.tag.as_ref()?)))
}

fn to_contract(
    structure: &Structure,
    kind: ContainerKind,
    name: &str,
    place: Place,
    contract: &Contract,
) -> Held {
    let mut diagnostics = Vec::new();
    let Some(container) = contract.container_named(name) else {
        let mut held = by_itself(structure, kind, Some(contract));
        held.diagnostics = vec![unknown(structure.kind, name, place, contract)];
        return held;
    };
    let declared = contract.places.place(container.node);
    if container.kind != kind {
        diagnostics.push(
            Diagnostic::new(
                Code::UnknownContainer,
                place,
                format!("`{name}` is a {}, not a {}", container.kind.name(), kind.name()),
            )
            .about(name)
            .and(declared, "declared here")
            .help(format!("write `#[slo({} = \"{name}\")]`", container.kind.name())),
        );
    }
    let mut fields: Vec<HeldField> = Vec::new();
    // Keys that a misspelled tag was to give.
    let mut meant: Vec<&str> = Vec::new();
    // Tags have places in their own text; the contract's stay as they are.
    let mut places = Places::default();
    for (number, field, tag) in tagged(structure) {
        let key = &tag.key.value;
        let options = Options::read(&tag.options, Context::Entry, &mut diagnostics);
        let Some(index) = container.writers.iter().position(|writer| writer.key == *key) else {
            let keys = container.writers.iter().map(|writer| writer.key.as_str());
            let diagnostic = Diagnostic::new(
                Code::UnknownName,
                tag.key.place,
                format!("the {} `{name}` has no key `{key}`", kind.name()),
            )
            .about(key)
            .and(declared, "declared here");
            diagnostics.push(match nearest(key, keys) {
                Some(near) => {
                    meant.push(near);
                    diagnostic.help(format!("did you mean `{near}`?"))
                }
                None => diagnostic.help(format!(
                    "add `{}: required` to it, or take the tag out",
                    crate::text::spelled(key)
                )),
            });
            continue;
        };
        let Some(own) = container.writers.get(index) else { continue };
        if let Some(first) = fields.iter().find(|other| other.writer == index) {
            diagnostics.push(key_twice(key, tag.key.place, first_place(structure, first.field)));
            continue;
        }
        let own_place = contract.places.place(own.node);
        let input = WriterInput {
            key,
            place: tag.key.place,
            declaration: Some(own_place),
            docs: "",
            base: Ok(&own.domain),
            source: Some(&own.source),
            options: &options,
            mode: Mode::Repeat(Some(own_place)),
            data: &no_data,
        };
        let mut found = Vec::new();
        let mut repeated = writer(&input, &mut places, &mut found);
        let declaration = own.declaration.map(|node| contract.places.place(node));
        diagnostics.extend(found.into_iter().map(|diagnostic| with_declaration(diagnostic, declaration)));
        if let Some(template) = &mut repeated.matches {
            // A hole is a key where the contract's container has that key.
            settle_template(template, key, &|hole| container.writers.iter().any(|other| other.key == hole));
        }
        repeats(key, own, own_place, &repeated, &options, &mut diagnostics);
        fields.push(field_of(number, field, index, own, declaration, &mut diagnostics));
    }
    let flattens = structure.fields.iter().any(|field| field.tag.is_none());
    if !flattens && structure.diagnostics.is_empty() {
        for (index, writer) in container.writers.iter().enumerate() {
            let given =
                fields.iter().any(|field| field.writer == index) || meant.contains(&writer.key.as_str());
            if *writer.source == Source::Required && !given {
                let key = &writer.key;
                diagnostics.push(
                    Diagnostic::new(
                        Code::MissingField,
                        structure.place,
                        format!("`{key}` is required, and no field gives it"),
                    )
                    .about(key)
                    .and(contract.places.place(writer.node), "required here")
                    .help(format!(
                        "add a field: `#[slo(\"{key}\")] {}: …`",
                        crate::target::rust::names::snake(key)
                    )),
                );
            }
        }
    }
    Held { container: container.clone(), fields, places, targets: contract.model_targets(), diagnostics }
}

/// A finding about a value, with the place where the contract says what values there are.
fn with_declaration(diagnostic: Diagnostic, declaration: Option<Place>) -> Diagnostic {
    match diagnostic.code {
        Code::Type | Code::NotAMember | Code::Constraint | Code::NotEqual => {
            diagnostic.and_maybe(declaration, "the key is declared here")
        }
        _ => diagnostic,
    }
}

/// A name that the contract has for nothing of this kind.
pub(super) fn unknown(kind: StructureKind, name: &str, place: Place, contract: &Contract) -> Diagnostic {
    let word = kind.name();
    let other =
        match (contract.container_named(name), contract.event_named(name), contract.meaning_named(name)) {
            (Some(container), ..) => Some((container.kind.name(), container.node, true)),
            (_, Some(event), _) => Some(("event", event.node, true)),
            (_, _, Some(meaning)) => {
                Some((if meaning.view.is_some() { "view" } else { "meaning" }, meaning.node, false))
            }
            _ => None,
        };
    if let Some((other, node, derived)) = other {
        let message = format!("`{name}` is {}, not {}", with_article(other), with_article(word));
        let diagnostic = Diagnostic::new(Code::UnknownContainer, place, message)
            .about(name)
            .and(contract.places.place(node), "declared here");
        return match derived {
            true => diagnostic.help(format!("write `#[slo({other} = \"{name}\")]`")),
            false => diagnostic.help(format!("its type is generated; name {}", with_article(word))),
        };
    }
    let of_kind =
        contract.containers.iter().filter(|container| kind == StructureKind::Container(container.kind));
    let mut names: Vec<String> = of_kind.map(Container::full_name).collect();
    if kind == StructureKind::Event {
        names.extend(contract.events.iter().map(Event::full_name));
    }
    let diagnostic = Diagnostic::new(
        Code::UnknownContainer,
        place,
        format!("the contract `{}` has no {word} `{name}`", contract.name),
    )
    .about(name);
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => diagnostic.help(format!("declare it: `{word} NAME {{ … }}`")),
        None => diagnostic.help(format!("it has {}", crate::text::some_of(&names))),
    }
}

pub(super) fn key_twice(key: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::KeyTwice, place, format!("two fields give `{key}`"))
        .about(key)
        .and(first, "the first one")
        .help("take one of the tags out")
}

/// Where the tag of a field stands.
pub(super) fn first_place(structure: &Structure, field: usize) -> Place {
    let field = structure.fields.get(field);
    field.and_then(|field| field.tag.as_ref()).map_or(structure.place, |tag| tag.key.place)
}

/// What a tag repeats of the contract must be equal to it.
fn repeats(
    key: &str,
    own: &Writer,
    own_place: Place,
    tag: &draft::Writer,
    options: &Options<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut differs = |option: &str, says: String| {
        let place = options.get(option).map_or(own_place, |option| option.place);
        diagnostics.push(
            Diagnostic::new(
                Code::NotEqual,
                place,
                format!("`{option}` of `{key}` is not what the contract says: {says}"),
            )
            .about(key)
            .and(own_place, "the contract says it here")
            .help("take it out: what the contract says need not be repeated"),
        );
    };
    if let Some(source) = tag.source.known().filter(|source| **source != *own.source) {
        let says = match &*own.source {
            Source::Static(literal) => format!("`static={}`", literal.value()),
            Source::Environment(names) => match names.as_slice() {
                [name] => format!("`env={name}`"),
                names => format!("`env=[{}]`", names.join(", ")),
            },
            other => format!("`{}`", other.option()),
        };
        differs(source.option(), says);
    }
    if let Some(default) = &tag.default
        && own.default.as_ref() != Some(default)
    {
        let says = own.default.as_ref().map_or("no default".to_owned(), |own| format!("`{}`", own.value()));
        differs("default", says);
    }
    if let Some(template) = &tag.matches
        && own.matches.as_ref() != Some(template)
    {
        let shown = own.matches.as_ref().map(|own| {
            let parts = own.model_parts();
            slo_model::Template { parts: &parts }.to_string()
        });
        differs("matches", shown.map_or("no template".to_owned(), |shown| format!("`{shown}`")));
    }
}

/// A field that gives a writer's value, with what its type's spelling tells.
fn field_of(
    number: usize,
    field: &Field,
    index: usize,
    writer: &Writer,
    declaration: Option<Place>,
    diagnostics: &mut Vec<Diagnostic>,
) -> HeldField {
    let read = !matches!(*writer.source, Source::Static(_));
    let rust = RustType::of(&field.ty);
    let any = writer.domain.value == Type::Any;
    let fit = if read && !any && rust == RustType::Unknown { Fit::Unseen } else { Fit::Seen };
    let misfits = match (rust, writer.domain.value.value_type()) {
        (RustType::Known(found), Some(wanted)) => !found.fits(wanted),
        (RustType::Duration, _) => true,
        _ => false,
    };
    if let (true, true, Some(found)) = (read, misfits, rust.held()) {
        let name = writer.domain.type_name();
        diagnostics.push(
            Diagnostic::new(
                Code::FieldType,
                field.type_place,
                format!(
                    "a field that holds {found} can't give `{}`, which is {} `{name}`",
                    writer.key,
                    article(&name)
                ),
            )
            .about(&writer.key)
            .and_maybe(declaration, "declared here")
            .help(match (rust, writer.domain.value.value_type()) {
                (RustType::Known(_), Some(wanted)) => format!("give it a type that holds `{wanted}`"),
                _ => "give it a number of the unit that is meant, such as `as_secs_f64()`".to_owned(),
            }),
        );
    }
    HeldField { field: number, writer: index, read, fit }
}

/// A struct without a contract: its keys have the vocabulary's types, else those of its fields. They go where those of the
/// contract beside it go.
fn by_itself(structure: &Structure, kind: ContainerKind, beside: Option<&Contract>) -> Held {
    let mut diagnostics = Vec::new();
    let mut places = Places::default();
    let mut writers: Vec<draft::Writer> = Vec::new();
    let mut fields: Vec<HeldField> = Vec::new();
    let mut attributes: Vec<Attribute> = Vec::new();
    for (number, field, tag) in tagged(structure) {
        let key = &tag.key.value;
        let options = Options::read(&tag.options, Context::Entry, &mut diagnostics);
        let known = known_key(key, kind);
        if known.is_none() {
            diagnostics.extend(misspelled(key, tag.key.place));
        }
        let domain = match &known {
            Some(attribute) => attribute.domain.clone(),
            None => Domain::of(own_type(key, field, options.value("static"))),
        };
        let input = WriterInput {
            key,
            place: tag.key.place,
            declaration: None,
            docs: "",
            base: Ok(&domain),
            // A field is a source by itself.
            source: Some(&Source::Optional),
            options: &options,
            mode: Mode::Narrow(None),
            data: &no_data,
        };
        let mut made = writer(&input, &mut places, &mut diagnostics);
        // Where it says another that can't be read, that was reported.
        if made.source.known().is_none() {
            made.source = Leaf::Known(Source::Optional);
        }
        if let Some(first) =
            fields.iter().find(|other| writers.get(other.writer).is_some_and(|writer| writer.key == *key))
        {
            diagnostics.push(key_twice(key, tag.key.place, first_place(structure, first.field)));
            continue;
        }
        let Ok(total) = made.clone().total() else { continue };
        let mut given = field_of(number, field, writers.len(), &total, None, &mut diagnostics);
        if known.is_none() && given.read && RustType::of(&field.ty) == RustType::Unknown {
            given.fit = Fit::Defines;
        }
        fields.push(given);
        writers.push(made);
        attributes.extend(known);
    }
    settle_templates(&mut writers);
    let container = container_of(structure, kind, writers, &mut places);
    crate::sort::by(&mut attributes, |left, right| left.key.cmp(&right.key));
    let contract = draft::Contract {
        format: FORMAT,
        name: structure.ident.to_string(),
        version: String::new(),
        owner: None,
        schema_url: None,
        targets: beside.map_or_else(|| Target::ALL.to_vec(), |contract| contract.targets.clone()),
        prometheus: beside.map_or_else(Prometheus::default, |contract| contract.prometheus.clone()),
        logs: Logs::default(),
        traces: Traces::default(),
        packages: Vec::new(),
        attributes: attributes.into_iter().map(|one| draft::Declared::Known(Arc::new(one))).collect(),
        containers: Vec::new(),
        metrics: Vec::new(),
        declared_spans: Vec::new(),
        declared_logs: Vec::new(),
        entities: Vec::new(),
        meanings: Vec::new(),
        events: Vec::new(),
        instruments: Vec::new(),
        places,
    };
    check_container(&contract, &container, &mut diagnostics);
    let targets = contract.model_targets();
    let container = container.total().unwrap_or_else(|_| nothing(structure, kind));
    Held { container, fields, places: contract.places, targets, diagnostics }
}

/// A container without a key.
fn nothing(structure: &Structure, kind: ContainerKind) -> Container {
    container_of(structure, kind, Vec::new(), &mut Places::default())
}

fn container_of<E>(
    structure: &Structure,
    kind: ContainerKind,
    writers: Vec<Writer<E>>,
    places: &mut Places,
) -> Container<E> {
    Container {
        node: places.add(structure.place),
        kind,
        package: String::new(),
        name: structure.ident.to_string(),
        docs: String::new(),
        closed: false,
        schema_url: None,
        of: None,
        writers,
    }
}

/// The standard vocabulary's attribute for a key: the key itself, or its family.
fn known_key(key: &str, kind: ContainerKind) -> Option<Attribute> {
    if let Some(attribute) = VOCABULARIES.iter().find_map(|table| table.attribute(key)) {
        return Some(attribute.into());
    }
    if kind == ContainerKind::Scope && SCOPE_FIELDS.contains(&key) {
        return None;
    }
    let mut families = key.rmatch_indices('.').filter_map(|(at, _)| {
        let name = key.get(..at)?;
        let attribute = VOCABULARIES.iter().find_map(|table| table.attribute(name))?;
        let TableType::Map(_) = attribute.value else { return None };
        let mut family = Attribute::from(attribute);
        if let Type::Map(inner) = &family.domain.value {
            family.domain = Domain::of((**inner).clone());
        }
        family.key = key.to_owned();
        Some(family)
    });
    families.next()
}

/// The type of a key that nobody declared: its field's. A constant's field isn't read, so that where the two don't fit
/// the constant's own type holds.
fn own_type(key: &str, field: &Field, constant: Option<&Placed<Expression>>) -> Type {
    let of_field = match RustType::of(&field.ty) {
        RustType::Known(value_type) => type_of(value_type),
        RustType::Duration | RustType::Unknown => Type::Any,
    };
    let Some(constant) = constant else { return of_field };
    let as_field = literal(key, constant, &Domain::of(of_field.clone()));
    let read = as_field.or_else(|_| literal(key, constant, &Domain::of(Type::Any)));
    read.map_or(of_field, |literal| type_of(literal.value().value_type()))
}

/// A key that the vocabulary doesn't have, and that is one slip of the hand from one that it has: a key that differs
/// more may well be meant.
fn misspelled(key: &str, place: Place) -> Option<Diagnostic> {
    let keys = VOCABULARIES.iter().flat_map(|table| table.attributes).map(|attribute| attribute.key);
    let near = nearest(key, keys)?;
    (near.len() > 6 && one_slip(key, near)).then(|| {
        Diagnostic::new(Code::UnknownName, place, format!("there is no key `{key}` in the conventions"))
            .about(key)
            .help(format!("did you mean `{near}`? a key of your own is declared in a contract"))
    })
}

/// Whether one letter too many, too few or wrong, or two letters swapped, make the difference.
fn one_slip(left: &str, right: &str) -> bool {
    let common = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left.as_bytes()[common..], &right.as_bytes()[common..]);
    match (left, right) {
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([_, left @ ..], _) if left == right => true,
        (_, [_, right @ ..]) if left == right => true,
        ([a, b, left @ ..], [c, d, right @ ..]) => (a, b, left) == (d, c, right),
        _ => false,
    }
}

fn type_of(value_type: slo_model::ValueType) -> Type {
    use slo_model::ValueType;
    match value_type {
        ValueType::String => Type::Scalar(Scalar::String),
        ValueType::Int => Type::Scalar(Scalar::Int),
        ValueType::Double => Type::Scalar(Scalar::Double),
        ValueType::Bool => Type::Scalar(Scalar::Bool),
        ValueType::StringArray => Type::Array(Scalar::String),
        ValueType::IntArray => Type::Array(Scalar::Int),
        ValueType::DoubleArray => Type::Array(Scalar::Double),
        ValueType::BoolArray => Type::Array(Scalar::Bool),
        // No key of a container is an object.
        ValueType::Any | ValueType::Object | ValueType::ObjectArray => Type::Any,
    }
}
