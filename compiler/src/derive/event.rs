//! Holds a struct to an event of its contract.

use slo_grammar::{Opt, Place};
use syn::{GenericArgument, PathArguments};

use super::hold::{first_place, key_twice, tagged, unknown};
use super::{Field, Fit, RustType, Structure};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ir::{Contract, Domain, Event, Field as Declared, FieldValue, Type};
use crate::plan::{self, Given, Planner};
use crate::text::{article, nearest};

/// A struct as an event.
#[derive(Debug)]
pub struct HeldEvent<'c> {
    /// The contract's event, and its plan. None where the contract has no such event.
    pub event: Option<(&'c Event, plan::Event<'c>)>,
    /// The struct's fields that give a value.
    pub fields: Vec<GivenField>,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// A field of a struct that gives an event's field.
#[derive(Clone, Debug)]
pub struct GivenField {
    /// The field's number in [`fields`](field@Structure::fields).
    pub field: usize,
    /// The number of the event's field.
    pub number: usize,
    /// Whether the type is an `Option`, as far as its spelling tells.
    pub optional: bool,
    /// What is known of its type.
    pub fit: Fit,
}

impl HeldEvent<'_> {
    /// Whether nothing stands in the way of generating code.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.event.is_some()
            && !self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The struct's field that gives the event's field of this number.
    #[must_use]
    pub fn given(&self, number: usize) -> Option<&GivenField> {
        self.fields.iter().find(|given| given.number == number)
    }
}

/// Holds a struct to the event that it names.
#[must_use]
pub fn hold_event<'c>(structure: &Structure, planner: &Planner<'c>) -> HeldEvent<'c> {
    let mut held = HeldEvent { event: None, fields: Vec::new(), diagnostics: Vec::new() };
    let Some((name, place)) = structure.held_to.as_ref().filter(|_| !structure.misread) else { return held };
    let contract = planner.contract();
    let Some(event) = contract.event_named(name) else {
        held.diagnostics.push(unknown(structure.kind, name, *place, contract));
        return held;
    };
    if event.external {
        let message = format!("`{name}` is external: a library or another program records it");
        held.diagnostics.push(
            Diagnostic::new(Code::NotTheProgram, *place, message)
                .about(name)
                .and(contract.places.place(event.node), "declared here")
                .help("take `external` off in the contract where this program records it too"),
        );
        return held;
    }
    let plan = planner.event(event);
    let mut holder = Holder { structure, contract, event, plan: &plan, held: &mut held };
    let mut meant = Vec::new();
    for (number, field, tag) in tagged(structure) {
        holder.options(&tag.key.value, &tag.options);
        holder.field(number, field, &tag.key.value, tag.key.place, &mut meant);
    }
    // A tag that can't be read may be the one that is missing.
    if structure.diagnostics.is_empty() {
        holder.required(&meant);
    }
    held.event = Some((event, plan));
    held
}

struct Holder<'h, 'c> {
    structure: &'h Structure,
    contract: &'c Contract,
    event: &'c Event,
    plan: &'h plan::Event<'c>,
    held: &'h mut HeldEvent<'c>,
}

impl<'c> Holder<'_, 'c> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.held.diagnostics.push(diagnostic);
    }

    /// The contract says what a field of its event is.
    fn options(&mut self, name: &str, options: &[Opt]) {
        let declared = self.event.field_named(name).map(|field| self.contract.places.place(field.node));
        for option in options {
            let message =
                format!("`{}` is not for a tag: what `{name}` is, the contract says", option.name.value);
            let diagnostic = Diagnostic::new(Code::BadTag, option.place, message)
                .about(name)
                .and_maybe(declared, "said here")
                .help("take it out: the tag of an event's field is its name alone");
            self.push(diagnostic);
        }
    }

    fn field(&mut self, number: usize, field: &Field, name: &str, place: Place, meant: &mut Vec<&'c str>) {
        let Some(declared) = self.event.field_named(name) else {
            return self.unknown_field(name, place, meant);
        };
        let declared_at = self.contract.places.place(declared.node);
        let number_of = self.plan.table.fields.iter().position(|field| field.name == name);
        let given = number_of.and_then(|number| Some((number, self.plan.fields.get(number)?.given)));
        let Some((number_of, given @ (Given::Begin | Given::Later))) = given else {
            return self.not_the_programs(declared, place);
        };
        if let Some(first) = self.held.given(number_of) {
            let first = first_place(self.structure, first.field);
            let twice = key_twice(name, place, first);
            return self.push(twice);
        }
        let optional = is_option(&field.ty);
        if optional && given == Given::Begin {
            let diagnostic = Diagnostic::new(
                Code::FieldType,
                field.type_place,
                format!("`{name}` is always there, and a field of this type may hold nothing"),
            )
            .about(name)
            .and(declared_at, "declared here")
            .help("take the `Option` off, or let the contract say `?` or `unset=`");
            self.push(diagnostic);
        }
        let fit = self.fit(field, declared, declared_at);
        self.held.fields.push(GivenField { field: number, number: number_of, optional, fit });
    }

    /// What the spelling of a field's type tells.
    fn fit(&mut self, field: &Field, declared: &Declared, declared_at: Place) -> Fit {
        let name = &declared.name;
        let rust = RustType::of(&field.ty);
        let of = |domain: &Domain| {
            let type_name = domain.type_name();
            format!("{} `{type_name}`", article(&type_name))
        };
        let (wanted, help) = match (&*declared.value, rust) {
            (FieldValue::Plain(domain), RustType::Duration) => match domain.value {
                Type::Duration(_) => return Fit::Seen,
                _ => (
                    of(domain),
                    format!("let the contract say `{name}: duration(…)`, or give the number of its unit"),
                ),
            },
            (FieldValue::Plain(domain), rust) if domain.value != Type::Any => {
                match (rust, domain.value.value_type()) {
                    (RustType::Unknown, _) => return Fit::Unseen,
                    (RustType::Known(found), Some(wanted)) if !found.fits(wanted) => {
                        (of(domain), format!("give it a type that holds `{wanted}`"))
                    }
                    _ => return Fit::Seen,
                }
            }
            (FieldValue::Plain(_), _) => return Fit::Seen,
            (FieldValue::Meaning { .. } | FieldValue::Contexts, RustType::Unknown) => return Fit::Unseen,
            (FieldValue::Meaning { meaning, .. }, _) => (
                format!("the meaning `{}`", self.contract.meaning(*meaning).full_name()),
                "give it the type that is generated of the meaning".to_owned(),
            ),
            (FieldValue::Contexts, _) => {
                ("`context[]`".to_owned(), "give it the type `slo::SpanContexts`".to_owned())
            }
        };
        let Some(found) = rust.held() else { return Fit::Unseen };
        let diagnostic = Diagnostic::new(
            Code::FieldType,
            field.type_place,
            format!("a field that holds {found} can't give `{name}`, which is {wanted}"),
        )
        .about(name)
        .and(declared_at, "declared here")
        .help(help);
        self.push(diagnostic);
        Fit::Seen
    }

    fn unknown_field(&mut self, name: &str, place: Place, meant: &mut Vec<&'c str>) {
        let of = self.event.full_name();
        let declared = self.contract.places.place(self.event.node);
        let by_key = self.event.fields.iter().find(|field| field.declaration.is_some() && field.key == name);
        let unknown = |message: String| Diagnostic::new(Code::UnknownName, place, message).about(name);
        let diagnostic = match by_key {
            Some(field) => {
                meant.push(&field.name);
                unknown(format!("`{name}` is the key under which the field `{}` of `{of}` shows", field.name))
                    .and(self.contract.places.place(field.node), "declared here")
                    .help(format!("a tag names the field: `#[slo(\"{}\")]`", field.name))
            }
            None => {
                let names = self.event.fields.iter().map(|field| field.name.as_str());
                let diagnostic =
                    unknown(format!("the event `{of}` has no field `{name}`")).and(declared, "declared here");
                match nearest(name, names) {
                    Some(near) => {
                        meant.push(near);
                        diagnostic.help(format!("did you mean `{near}`?"))
                    }
                    None => diagnostic.help("declare the field in the event, or take the tag out"),
                }
            }
        };
        self.push(diagnostic);
    }

    /// A field that the contract or the clock gives.
    fn not_the_programs(&mut self, declared: &Declared, place: Place) {
        let name = &declared.name;
        let (message, help) = match &declared.constant {
            Some(constant) => (
                format!("`{name}` is always `{}`: no field gives it", constant.value()),
                "take the tag out: the contract says what it is",
            ),
            None => (
                format!("`{name}` is the time from begin to end, which no field gives"),
                "take the tag out: `record` takes the period, and `begin` begins it",
            ),
        };
        let diagnostic = Diagnostic::new(Code::NotTheProgram, place, message)
            .about(name)
            .and(self.contract.places.place(declared.node), "declared here")
            .help(help);
        self.push(diagnostic);
    }

    /// The fields that must be known have one in the struct.
    fn required(&mut self, meant: &[&str]) {
        for (number, (field, said)) in self.plan.table.fields.iter().zip(&self.plan.fields).enumerate() {
            let name = field.name;
            let given = self.held.given(number).is_some() || meant.contains(&name);
            if given || said.given != Given::Begin {
                continue;
            }
            let diagnostic = Diagnostic::new(
                Code::MissingField,
                self.structure.place,
                format!("`{name}` must be known, and no field gives it"),
            )
            .about(name)
            .and(self.contract.places.place(said.said.node), "declared here")
            .help(format!(
                "add a field: `#[slo(\"{name}\")] {}: …`",
                crate::target::rust::names::snake(name)
            ));
            self.push(diagnostic);
        }
    }
}

/// Whether a type is spelled as an `Option`.
fn is_option(ty: &syn::Type) -> bool {
    option_of(ty).is_some()
}

/// What a type that is spelled as an `Option` holds.
#[must_use]
pub fn option_of(ty: &syn::Type) -> Option<&syn::Type> {
    let path = match ty {
        syn::Type::Paren(inner) => return option_of(&inner.elem),
        syn::Type::Group(inner) => return option_of(&inner.elem),
        syn::Type::Path(path) if path.qself.is_none() => path,
        _ => return None,
    };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}
