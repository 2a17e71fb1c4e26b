//! A struct as its derive attributes describe it.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use slo_grammar::{FileId, Place, Tag, parse_tag};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, GenericParam, Member};

use super::Tags;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::ContainerKind;
use crate::syntax::syntax_diagnostic;

/// A struct with `#[derive(SloAttributes)]`.
pub struct Structure {
    /// Its name.
    pub ident: syn::Ident,
    /// Its generics.
    pub generics: syn::Generics,
    /// What it stands for.
    pub kind: StructureKind,
    /// The full name of what it is held to, with its place in the tags' text.
    pub held_to: Option<(String, Place)>,
    /// The path of the runtime crate.
    pub slo: TokenStream,
    /// Its fields that have a tag or are flattened.
    pub fields: Vec<Field>,
    /// The text of its tags.
    pub tags: Tags,
    /// Where its name stands in that text.
    pub place: Place,
    /// What is wrong with the attributes.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it can't be told what the struct is held to, so that nothing else can be said of it.
    pub misread: bool,
}

/// What a struct stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureKind {
    /// A resource or a scope.
    Container(ContainerKind),
    /// An event.
    Event,
    /// A value of another type: `#[slo(transparent)]`.
    Transparent,
}

impl StructureKind {
    /// The word that stands for it in `#[slo(…)]`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            StructureKind::Container(kind) => kind.name(),
            StructureKind::Event => "event",
            StructureKind::Transparent => "transparent",
        }
    }

    const fn of(word: &str) -> Option<StructureKind> {
        match word.as_bytes() {
            b"resource" => Some(StructureKind::Container(ContainerKind::Resource)),
            b"scope" => Some(StructureKind::Container(ContainerKind::Scope)),
            b"event" => Some(StructureKind::Event),
            b"transparent" => Some(StructureKind::Transparent),
            _ => None,
        }
    }
}

/// A field.
pub struct Field {
    /// Its name or number.
    pub member: Member,
    /// Its type.
    pub ty: syn::Type,
    /// Its tag: a key with options, or the name of an event's field; none for a flattened struct.
    pub tag: Option<Tag>,
    /// Where the field's type stands in the tags' text.
    pub type_place: Place,
}

impl Structure {
    /// Reads a struct. What is wrong with it is kept beside what could be read, so that all mistakes show at once.
    ///
    /// # Errors
    /// Says that it is no struct at all.
    pub fn read(input: &DeriveInput, file: FileId) -> Result<Structure, syn::Error> {
        let Data::Struct(data) = &input.data else {
            let message = format!("`SloAttributes` is derived for structs [{}]", Code::BadTag);
            return Err(syn::Error::new(input.ident.span(), message));
        };
        let mut tags = Tags::new(file);
        // The struct's own name is part of the text, so that findings about the whole struct have a place.
        let place = tags.push(&input.ident.to_string(), input.ident.span(), false);
        tags.push("\n", input.ident.span(), false);
        let mut structure = Structure {
            ident: input.ident.clone(),
            generics: input.generics.clone(),
            kind: StructureKind::Container(ContainerKind::Resource),
            held_to: None,
            slo: private(&quote::quote!(::slo)),
            fields: Vec::new(),
            tags,
            place,
            diagnostics: Vec::new(),
            misread: false,
        };
        let mut kinds = Vec::new();
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("slo")) {
            structure.struct_attribute(attribute, &mut kinds);
        }
        structure.fields(&data.fields);
        if structure.kind == StructureKind::Event {
            structure.generics_of_event();
        }
        Ok(structure)
    }

    /// An event outlives what stated it, and its instruments stand in one static.
    fn generics_of_event(&mut self) {
        for parameter in self.generics.params.clone() {
            let (what, help) = match &parameter {
                GenericParam::Lifetime(_) => (
                    "a struct that records an event borrows nothing: an event may be open for longer than what is borrowed",
                    "own the text: `String`, or `slo::Text`, which copies nothing that is static or shared",
                ),
                GenericParam::Type(_) | GenericParam::Const(_) => (
                    "a struct that records an event has no parameters: each event has instruments of its own",
                    "write a struct for each type, or hold a value of one type, such as `slo::value::Value<'static>`",
                ),
            };
            let place = self.tags.push_blank(parameter.span());
            self.diagnostics.push(Diagnostic::new(Code::BadTag, place, what).help(help));
        }
    }

    fn error(&mut self, error: &syn::Error) {
        let place = self.tags.push_blank(error.span());
        self.diagnostics.push(Diagnostic::new(Code::BadTag, place, error.to_string()));
    }

    fn struct_attribute(&mut self, attribute: &Attribute, kinds: &mut Vec<Span>) {
        if let Err(error) = self.read_struct_attribute(attribute, kinds) {
            self.misread = true;
            self.error(&error);
        }
    }

    fn read_struct_attribute(
        &mut self,
        attribute: &Attribute,
        kinds: &mut Vec<Span>,
    ) -> Result<(), syn::Error> {
        let syn::Meta::List(list) = &attribute.meta else {
            return Err(option_expected(attribute.path().span()));
        };
        if let Some(TokenTree::Literal(tag)) = list.tokens.clone().into_iter().next() {
            return Err(option_expected(tag.span()));
        }
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if let Some(kind) = StructureKind::of(&word) {
                let span = meta.path.span();
                if !kinds.is_empty() {
                    return Err(syn::Error::new(
                        span,
                        "a struct is one of `resource`, `scope`, `event` and `transparent`",
                    ));
                }
                kinds.push(span);
                self.kind = kind;
                if kind == StructureKind::Transparent {
                    return Ok(());
                }
                if meta.input.peek(syn::Token![=]) {
                    let name: syn::LitStr = meta.value()?.parse().map_err(|error: syn::Error| {
                        syn::Error::new(error.span(), full_name_expected(kind))
                    })?;
                    let place = self.tags.push(&name.value(), name.span(), true);
                    self.tags.push("\n", name.span(), false);
                    self.held_to = Some((name.value(), place));
                } else if kind == StructureKind::Event {
                    let message = format!(
                        "{}: what happens, and what becomes of it, is said by a contract",
                        full_name_expected(kind)
                    );
                    return Err(syn::Error::new(span, message));
                }
                Ok(())
            } else if meta.path.is_ident("crate") {
                let value = meta.value()?;
                let path: syn::Path = if value.peek(syn::LitStr) {
                    value.parse::<syn::LitStr>()?.parse()?
                } else {
                    value.parse()?
                };
                self.slo = private(&quote::quote!(#path));
                Ok(())
            } else {
                Err(option_expected(meta.path.span()))
            }
        })
    }

    fn fields(&mut self, fields: &Fields) {
        for (number, field) in fields.iter().enumerate() {
            let member = match &field.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(syn::Index { index: number as u32, span: field.ty.span() }),
            };
            let attributes: Vec<&Attribute> =
                field.attrs.iter().filter(|attribute| attribute.path().is_ident("slo")).collect();
            if self.kind == StructureKind::Transparent {
                if let Some(attribute) = attributes.first() {
                    let message =
                        "a transparent struct is the value that its field holds, which has no key of its own";
                    self.error(&syn::Error::new(attribute.path().span(), message));
                }
                let type_place = self.tags.push_type(&field.ty);
                self.fields.push(Field { member, ty: field.ty.clone(), tag: None, type_place });
                continue;
            }
            let [attribute] = attributes.as_slice() else {
                if let Some(second) = attributes.get(1) {
                    self.error(&syn::Error::new(second.path().span(), "a field has one `#[slo(…)]`"));
                }
                continue;
            };
            self.field(field, member, attribute);
        }
        if self.kind == StructureKind::Transparent && self.fields.len() != 1 {
            self.error(&syn::Error::new(self.ident.span(), "a transparent struct has one field"));
        }
    }

    fn field(&mut self, field: &syn::Field, member: Member, attribute: &Attribute) {
        let syn::Meta::List(list) = &attribute.meta else {
            return self.error(&tag_expected(attribute.path().span()));
        };
        let mut tokens = list.tokens.clone().into_iter();
        let first = tokens.next().map(ungrouped);
        // What is missing at a tag's beginning is missing here.
        self.tags.push_blank(first.as_ref().map_or_else(|| attribute.path().span(), TokenTree::span));
        let ty = field.ty.clone();
        match &first {
            Some(TokenTree::Literal(literal)) => {
                let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal.clone()).into()) else {
                    return self.error(&tag_expected(literal.span()));
                };
                let start = self.tags.here();
                // Letter for letter only where nothing is escaped; a raw literal's quotes are longer.
                let verbatim = literal.to_string() == format!("\"{}\"", text.value());
                self.tags.push(&text.value(), text.span(), verbatim);
                if let Err(error) = self.tags.push_tokens(without_last_comma(tokens)) {
                    return self.error(&error);
                }
                let end = self.tags.here().end;
                let text = self.tags.text.get(start.start as usize..end as usize).unwrap_or_default();
                match parse_tag(start, text) {
                    Ok(tag) => {
                        let type_place = self.tags.push_type(&ty);
                        self.fields.push(Field { member, ty, tag: Some(tag), type_place });
                    }
                    Err(error) => self.diagnostics.push(syntax_diagnostic(&error)),
                }
            }
            Some(TokenTree::Ident(word)) if tokens.next().is_none() => {
                if word == "flatten" && self.kind == StructureKind::Event {
                    let message =
                        "an event's fields stand in its struct itself: nothing is flattened into it";
                    self.error(&syn::Error::new(word.span(), message));
                } else if word == "flatten" {
                    let type_place = self.tags.push_type(&ty);
                    self.fields.push(Field { member, ty, tag: None, type_place });
                } else if word != "skip" {
                    self.error(&tag_expected(word.span()));
                }
            }
            _ => {
                let span = first.map_or_else(|| attribute.path().span(), |token| token.span());
                self.error(&tag_expected(span));
            }
        }
    }
}

/// What stands behind `resource =`, `scope =` and `event =`.
fn full_name_expected(kind: StructureKind) -> String {
    let example =
        if kind == StructureKind::Event { "fin.pay.PaymentAttempt" } else { "fin.pay.PaymentService" };
    format!("`{}` takes a full name in quotes, such as `\"{example}\"`", kind.name())
}

fn option_expected(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "a struct says `#[slo(resource = \"PACKAGE.NAME\")]`, `#[slo(scope = \"PACKAGE.NAME\")]`, `#[slo(event = \"PACKAGE.NAME\")]`, `#[slo(transparent)]` or `#[slo(crate = path)]`; tags stand on fields",
    )
}

/// The token in the invisible brackets that a macro's `$key:literal` brings.
fn ungrouped(token: TokenTree) -> TokenTree {
    match &token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut inner = group.stream().into_iter();
            match (inner.next(), inner.next()) {
                (Some(only), None) => ungrouped(only),
                _ => token,
            }
        }
        _ => token,
    }
}

/// Attributes may end in a comma, as Rust's lists do.
fn without_last_comma(tokens: impl Iterator<Item = TokenTree>) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.collect();
    if matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',') {
        tokens.pop();
    }
    tokens.into_iter().collect()
}

fn tag_expected(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "a field says `#[slo(\"KEY\", option, option = value)]`, `#[slo(flatten)]` or `#[slo(skip)]`",
    )
}

/// Where the runtime has what the derive's code names: by the format of what generated code names as well.
fn private(slo: &proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    quote::quote!(#slo::__private::v8)
}
