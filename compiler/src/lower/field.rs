//! The fields of events, and the types of fields and payloads.

use slo_grammar::{Expression, NamedType, Place, Placed, Type as TypeSyntax};

use super::Lowering;
use super::domain::{Constraints, Mode};
use super::signal::place_of;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Domain, Field, FieldValue, Leaf, Literal, MeaningId};
use crate::options::{Context, Options, without_quotes, wrong_kind};
use crate::resolve::is_declaration;
use crate::text::some_of;
use crate::text::spelled;

/// A field's or a payload's type, with its constraints.
pub(super) struct Typed {
    /// The key of its attribute, where its type is one.
    pub(super) key: Option<String>,
    /// Its values.
    pub(super) domain: Result<Domain, Reported>,
    pub(super) declaration: Option<Place>,
    docs: String,
    /// What makes it sensitive, if something does.
    pub(super) sensitive: Option<Place>,
}

impl<'t> Lowering<'_, 't> {
    pub(super) fn field(&mut self, tree: usize, field: &'t slo_grammar::Field) -> Field {
        let name = &field.name;
        let options = Options::read(&field.options, Context::Field, self.diagnostics);
        if name.value.contains('.') {
            let short = name.value.rsplit('.').next().unwrap_or("name");
            let message = format!("`{}` is a key, and a field has a name", name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, name.place, message).about(&name.value).help(format!(
                    "write `{short}: {}`: it shows under the key of its type",
                    spelled(&name.value)
                )),
            );
        }
        let mut made = Field {
            node: self.contract.places.add(name.place),
            name: name.value.as_str().to_owned(),
            docs: field.docs.text(),
            key: String::new(),
            declaration: None,
            value: Leaf::Known(FieldValue::Contexts),
            optional: field.optional.is_some(),
            constant: None,
            constant_node: None,
            unset: None,
            unset_node: None,
            sensitive: false,
            sensitive_node: None,
            clear: false,
        };
        let value = match &field.type_of.value {
            TypeSyntax::Named(NamedType { name: type_name, array }) if is_declaration(&type_name.value) => {
                self.meaning_field(field, type_name, *array, &options, &mut made)
            }
            TypeSyntax::Named(NamedType { name: type_name, array: true }) if type_name.value == "context" => {
                self.contexts_field(field, &options);
                Ok(FieldValue::Contexts)
            }
            _ => self.plain_field(tree, field, &options, &mut made),
        };
        made.value = value.into();
        if let (Some(via), Leaf::Known(FieldValue::Plain(_) | FieldValue::Contexts)) =
            (&field.via, &made.value)
        {
            let message = format!("`via` is for meanings, and `{}` is no meaning", name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, via.place, message).about(&name.value).help("take it out"),
            );
        }
        made
    }

    fn meaning_field(
        &mut self,
        field: &'t slo_grammar::Field,
        type_name: &slo_grammar::Name,
        array: bool,
        options: &Options<'t>,
        made: &mut Field,
    ) -> Result<FieldValue, Reported> {
        let name = &field.name.value;
        if array {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, field.type_of.place, "there is no list of meanings")
                    .about(name)
                    .help("an event has one outcome: make it an event of each"),
            );
        }
        if let Some(value) = &field.value {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, value.place, format!("the meaning `{name}` is no constant"))
                    .about(name)
                    .help("an event that always means the same needs no field for it: write `key = value` into its lists"),
            );
        }
        let help = "take it out: a meaning's variants are its values";
        self.no_constraints(name, options, "a meaning", help);
        let meaning = self.face(type_name.place)?;
        let face = field.via.as_ref().map_or(Ok(meaning), |via| self.via(via, meaning))?;
        if let Some(value) = options.value("unset") {
            made.unset_node = Some(self.contract.places.add(value.place));
            made.unset = self.unset_variant(value, meaning);
            self.unset_is_asked_for(field, value.place);
        }
        Ok(FieldValue::Meaning { meaning, face })
    }

    /// The view of a meaning that is named behind `via`.
    pub(super) fn via(&mut self, via: &slo_grammar::Name, meaning: MeaningId) -> Result<MeaningId, Reported> {
        let id = self.face(via.place)?;
        let face = self.contract.meaning(id);
        if face.view.as_ref().map_or(id, |view| view.of) == meaning {
            return Ok(id);
        }
        let is = match &face.view {
            Some(view) => format!("a view of `{}`", self.contract.meaning(view.of).full_name()),
            None => "another meaning".to_owned(),
        };
        let faces = self.contract.meanings.iter();
        let views: Vec<&str> = faces
            .filter(|face| face.view.as_ref().is_some_and(|view| view.of == meaning))
            .map(|face| face.name.as_str())
            .collect();
        let help = match views.as_slice() {
            [] => "take `via` out: the meaning shows by itself".to_owned(),
            [one] => format!("its view is `{one}`"),
            several => format!("its views are {}", some_of(several)),
        };
        let of = self.contract.meaning(meaning).full_name();
        let message = format!("`{}` is {is}, and the field is of `{of}`", via.value);
        let diagnostic = Diagnostic::new(Code::OtherKind, via.place, message);
        Err(diagnostic.about(&via.value).help(help).report(self.diagnostics))
    }

    fn unset_variant(&mut self, value: &Placed<Expression>, meaning: MeaningId) -> Option<Literal> {
        let Expression::Key(word) = &value.value else {
            let diagnostic = wrong_kind("unset", value.place, "a variant of the meaning");
            self.diagnostics.push(without_quotes(diagnostic, value, "such as `unset=Unknown`"));
            return None;
        };
        let meaning = self.contract.meaning(meaning);
        let Some(variant) = meaning.variant(word) else {
            let names = meaning.variants.iter().map(|variant| variant.name.as_str());
            let word = Placed::new(word.clone(), value.place);
            let diagnostic = super::meaning::unknown_variant(&word, &meaning.name, names);
            self.diagnostics.push(diagnostic);
            return None;
        };
        if let Some(payload) = variant.payload.first() {
            let message = format!("`{word}` carries `{}`, which nobody would have set", payload.name);
            self.diagnostics.push(
                Diagnostic::new(Code::Unset, value.place, message)
                    .about(word)
                    .and(self.contract.places.place(payload.node), "carried")
                    .help("name a variant without payload: add one, such as `Unknown`, if there is none"),
            );
            return None;
        }
        Some(Literal::String(word.as_str().to_owned()))
    }

    /// `unset=` is for what may be left unset: not for a constant, nor for what may be absent.
    fn unset_is_asked_for(&mut self, field: &slo_grammar::Field, place: Place) {
        let name = &field.name.value;
        let (other, says) = match (&field.value, field.optional) {
            (Some(value), _) => (value.place, "it is always this"),
            (None, Some(optional)) => (optional, "it may be absent"),
            (None, None) => return,
        };
        self.diagnostics.push(
            Diagnostic::new(Code::Unset, place, format!("`unset` of `{name}` never holds"))
                .about(name)
                .and(other, says)
                .help("keep one of the two"),
        );
    }

    fn contexts_field(&mut self, field: &slo_grammar::Field, options: &Options<'_>) {
        let name = &field.name.value;
        self.no_constraints(name, options, "a list of contexts", "take it out");
        let constant = field.value.as_ref().map(|value| value.place);
        let unset = options.get("unset").map(|option| option.place);
        for place in [constant, unset, field.optional].into_iter().flatten() {
            let message =
                format!("`{name}` is a list of contexts, which may be empty and has no value of its own");
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, place, message)
                    .about(name)
                    .help(format!("write `{name}: context[]`; a span names it: `links={name}`")),
            );
        }
    }

    /// Reports the options that are for plain values.
    fn no_constraints(&mut self, name: &str, options: &Options<'_>, is: &str, help: &str) {
        const OF_VALUES: [&str; 11] = [
            "only",
            "range",
            "except",
            "max",
            "bounded",
            "other",
            "values",
            "open",
            "unit",
            "sensitive",
            "clear",
        ];
        for option in OF_VALUES.into_iter().filter_map(|option| options.get(option)) {
            let message = format!("`{}` is for plain values, and `{name}` is {is}", option.name.value);
            self.diagnostics
                .push(Diagnostic::new(Code::Misplaced, option.place, message).about(name).help(help));
        }
    }

    fn plain_field(
        &mut self,
        tree: usize,
        field: &'t slo_grammar::Field,
        options: &Options<'t>,
        made: &mut Field,
    ) -> Result<FieldValue, Reported> {
        let name = &field.name;
        let typed = self.typed(tree, name, &field.type_of, options);
        made.sensitive = typed.sensitive.is_some();
        made.sensitive_node = typed.sensitive.map(|place| self.contract.places.add(place));
        made.clear = self.clear(name, options, made.sensitive);
        if made.docs.is_empty() {
            made.docs.clone_from(&typed.docs);
        }
        made.declaration = typed.declaration.map(|place| self.contract.places.add(place));
        if typed.key.is_none() && !name.value.contains('.') {
            self.local_name(tree, name);
        }
        made.key = typed.key.unwrap_or_else(|| name.value.as_str().to_owned());
        let domain = typed.domain?;
        if domain.value.value_type().is_none() && domain.value.object().is_none() {
            let message = format!("no attribute can hold `{}`, which is {}", name.value, domain.value);
            return Err(Diagnostic::new(Code::NotAnAttribute, field.type_of.place, message)
                .about(&name.value)
                .and_maybe(typed.declaration, "declared here")
                .help("a field is a string, a number, a boolean or a list of these; of a family of keys name one")
                .report(self.diagnostics));
        }
        if let Some(value) = &field.value {
            if let Some(optional) = field.optional {
                let message = format!("`{}` is a constant, and never absent", field.name.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, optional, message)
                        .about(&field.name.value)
                        .and(value.place, "it is always this")
                        .help("take the `?` out"),
                );
            }
            made.constant_node = Some(self.contract.places.add(value.place));
            // A constant that can't be read is one value, and nobody knows which.
            made.constant = Some(self.constant(&made.key, value, Some(&domain))?);
        }
        if let Some(value) = options.value("unset") {
            made.unset_node = Some(self.contract.places.add(value.place));
            made.unset = self.constant(&made.key, value, Some(&domain)).ok();
            self.unset_is_asked_for(field, value.place);
        }
        Ok(FieldValue::Plain(domain))
    }

    /// A plain type with its constraints: an attribute's by its key, or one of its own.
    pub(super) fn typed(
        &mut self,
        tree: usize,
        name: &slo_grammar::Name,
        type_of: &'t Placed<TypeSyntax>,
        options: &Options<'t>,
    ) -> Typed {
        let sensitive = place_of(options, "sensitive");
        if let TypeSyntax::Named(NamedType { name: type_name, array: false }) = &type_of.value {
            if is_declaration(&type_name.value) {
                let message =
                    format!("a variant carries plain values, and `{}` is a declaration", type_name.value);
                let domain = Err(Diagnostic::new(Code::Misplaced, type_name.place, message)
                    .about(&name.value)
                    .help("take its variants in by `...`, or carry what it is made of")
                    .report(self.diagnostics));
                return Typed { key: None, domain, declaration: None, docs: String::new(), sensitive };
            }
            if let Ok(bound) = self.bound(tree, type_name) {
                let mode = Mode::Narrow(Some(bound.place));
                let domain = bound.values.and_then(|base| {
                    Constraints {
                        key: &bound.key,
                        options,
                        mode,
                        data: self.data,
                        diagnostics: self.diagnostics,
                    }
                    .apply(base)
                    .known()
                });
                return Typed {
                    domain,
                    declaration: Some(bound.place),
                    docs: bound.docs,
                    sensitive: sensitive.or(bound.sensitive),
                    key: Some(bound.key),
                };
            }
        }
        let key = &name.value;
        let base = self.attributes.type_of(key, type_of, self.diagnostics);
        let inherited = base.as_ref().ok().filter(|base| base.sensitive).map(|_| type_of.place);
        let sensitive = sensitive.or(inherited);
        let domain = base.and_then(|base| {
            Constraints { key, options, mode: base.mode, data: self.data, diagnostics: self.diagnostics }
                .apply(base.values)
                .known()
        });
        Typed { key: None, domain, declaration: None, docs: String::new(), sensitive }
    }
}
