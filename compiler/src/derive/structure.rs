//! A struct as its derive attributes describe it.

use proc_macro2::{Span, TokenStream, TokenTree};
use slo_grammar::{FileId, Place, Tag, parse_tag};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Member};

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
    /// What is wrong with the attributes themselves.
    pub errors: Vec<syn::Error>,
    /// What is wrong with the tags' texts.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a struct stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureKind {
    /// A resource or a scope.
    Container(ContainerKind),
    /// A value of another type: `#[slo(transparent)]`.
    Transparent,
}

/// A field.
pub struct Field {
    /// Its name or number.
    pub member: Member,
    /// Its type.
    pub ty: syn::Type,
    /// Its tag; none for a flattened struct.
    pub tag: Option<Tag>,
    /// Where the field's name stands in the tags' text.
    pub place: Place,
}

impl Structure {
    /// Reads a struct. What is wrong with it is kept beside what could be read, so that all mistakes show at once.
    ///
    /// # Errors
    /// Says that it is no struct at all.
    pub fn read(input: &DeriveInput, file: FileId) -> Result<Structure, syn::Error> {
        let Data::Struct(data) = &input.data else {
            return Err(syn::Error::new(input.ident.span(), "`SloAttributes` is derived for structs"));
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
            slo: quote::quote!(::slo),
            fields: Vec::new(),
            tags,
            place,
            errors: Vec::new(),
            diagnostics: Vec::new(),
        };
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("slo")) {
            structure.struct_attribute(attribute);
        }
        structure.fields(&data.fields);
        Ok(structure)
    }

    fn struct_attribute(&mut self, attribute: &Attribute) {
        let mut kinds: Vec<Span> = Vec::new();
        let result = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("resource") || meta.path.is_ident("scope") {
                let kind =
                    if meta.path.is_ident("scope") { ContainerKind::Scope } else { ContainerKind::Resource };
                kinds.push(meta.path.span());
                self.kind = StructureKind::Container(kind);
                if meta.input.peek(syn::Token![=]) {
                    let name: syn::LitStr = meta.value()?.parse()?;
                    let place = self.tags.push(&name.value(), name.span(), true);
                    self.tags.push("\n", name.span(), false);
                    self.held_to = Some((name.value(), place));
                }
                Ok(())
            } else if meta.path.is_ident("transparent") {
                kinds.push(meta.path.span());
                self.kind = StructureKind::Transparent;
                Ok(())
            } else if meta.path.is_ident("crate") {
                let value = meta.value()?;
                let path: syn::Path = if value.peek(syn::LitStr) {
                    value.parse::<syn::LitStr>()?.parse()?
                } else {
                    value.parse()?
                };
                self.slo = quote::quote!(#path);
                Ok(())
            } else {
                Err(meta.error(
                    "a struct says `#[slo(resource = \"PACKAGE.NAME\")]`, `#[slo(scope = \"PACKAGE.NAME\")]`, `#[slo(transparent)]` or `#[slo(crate = path)]`; tags stand on fields",
                ))
            }
        });
        self.errors.extend(result.err());
        if let Some(second) = kinds.get(1) {
            self.errors.push(syn::Error::new(*second, "a struct is one of `resource`, `scope` and `transparent`"));
        }
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
                let place = self.tags.here();
                self.fields.push(Field { member, ty: field.ty.clone(), tag: None, place });
                continue;
            }
            let [attribute] = attributes.as_slice() else {
                if let Some(second) = attributes.get(1) {
                    self.errors.push(syn::Error::new(second.span(), "a field has one `#[slo(…)]`"));
                }
                continue;
            };
            self.field(field, member, attribute);
        }
        if self.kind == StructureKind::Transparent && self.fields.len() != 1 {
            self.errors.push(syn::Error::new(self.ident.span(), "a transparent struct has one field"));
        }
    }

    fn field(&mut self, field: &syn::Field, member: Member, attribute: &Attribute) {
        let name = match &member {
            Member::Named(ident) => ident.to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        };
        let span = field.ident.as_ref().map_or_else(|| field.ty.span(), syn::Ident::span);
        let place = self.tags.push(&name, span, false);
        self.tags.push("\n", span, false);
        let tokens = match attribute.meta.require_list() {
            Ok(list) => list.tokens.clone(),
            Err(error) => return self.errors.push(error),
        };
        let mut tokens = tokens.into_iter();
        let first = tokens.next();
        let ty = field.ty.clone();
        match &first {
            Some(TokenTree::Literal(literal)) => {
                let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal.clone()).into()) else {
                    return self.errors.push(tag_expected(literal.span()));
                };
                let start = self.tags.here();
                // Letter for letter only where nothing is escaped; a raw literal's quotes are longer.
                let verbatim = literal.to_string() == format!("\"{}\"", text.value());
                self.tags.push(&text.value(), text.span(), verbatim);
                if let Err(error) = self.tags.push_tokens(tokens.collect()) {
                    return self.errors.push(error);
                }
                let end = self.tags.here().end;
                let text = self.tags.text.get(start.start as usize..end as usize).unwrap_or_default();
                match parse_tag(start, text) {
                    Ok(tag) => self.fields.push(Field { member, ty, tag: Some(tag), place }),
                    Err(error) => self.diagnostics.push(syntax_diagnostic(&error)),
                }
                self.tags.push("\n", span, false);
            }
            Some(TokenTree::Ident(word)) if tokens.next().is_none() => {
                if word == "flatten" {
                    self.fields.push(Field { member, ty, tag: None, place });
                } else if word != "skip" {
                    self.errors.push(tag_expected(word.span()));
                }
            }
            _ => self.errors.push(tag_expected(first.map_or_else(|| attribute.span(), |token| token.span()))),
        }
    }

    /// A finding about the attributes, for what reads no tokens.
    #[must_use]
    pub fn attribute_diagnostic(&self, error: &syn::Error) -> Diagnostic {
        Diagnostic::new(Code::BadTag, self.place, error.to_string())
    }
}

fn tag_expected(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "a field says `#[slo(\"KEY\", option, option = value)]`, `#[slo(flatten)]` or `#[slo(skip)]`",
    )
}
