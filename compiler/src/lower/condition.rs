//! Conditions: `when=(…)`.

use slo_grammar::{Expression, Passes as PassesSyntax, Placed, Test as TestSyntax};

use super::Lowering;
use super::event::Fields;
use super::literal::literal;
use super::meaning::unknown_variant;
use super::options::{Options, wrong_kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Field, FieldValue, Literal, Passes, Scalar, Test, Type, When};
use crate::text::{list, nearest};

impl Lowering<'_, '_> {
    pub(super) fn when(&mut self, options: &Options<'_>, event: &Fields<'_>) -> Option<When> {
        let value = options.value("when")?;
        let Expression::Conditions(tests) = &value.value else {
            let help = "such as `when=(outcome in [Timeout, Rejected] and route present)`";
            self.diagnostics.push(wrong_kind("when", value.place, "tests in parentheses").help(help));
            return None;
        };
        let mut when =
            When { node: self.contract.places.add(value.place), tests: Vec::new(), unknown: false };
        for test in tests {
            match self.test(test, event) {
                Some(test) => when.tests.push(test),
                None => when.unknown = true,
            }
        }
        Some(when)
    }

    fn test(&mut self, test: &TestSyntax, event: &Fields<'_>) -> Option<Test> {
        let Some(field) = event.field(&test.field.value) else {
            self.diagnostics.push(unknown_field(&test.field, event));
            return None;
        };
        let passes = match &test.passes {
            PassesSyntax::Present => {
                if !field.optional {
                    field.value.as_ref()?;
                    self.diagnostics.push(
                        Diagnostic::new(
                            Code::ConstantCondition,
                            test.place,
                            format!("`{}` is always present", field.name),
                        )
                        .about(&field.name)
                        .and(self.contract.places.place(field.node), "it can't be absent")
                        .help("take the test out, or let the field be absent: `?` behind its type"),
                    );
                    return None;
                }
                Passes::Present
            }
            PassesSyntax::In(values) => Passes::In(self.tested(values, field)?),
            PassesSyntax::NotIn(values) => Passes::NotIn(self.tested(values, field)?),
        };
        let node = self.contract.places.add(test.place);
        Some(Test { node, field: field.name.clone(), passes })
    }

    /// The values that a test names; none where one of them is wrong.
    fn tested(&mut self, values: &[Placed<Expression>], field: &Field) -> Option<Vec<Literal>> {
        let mut made: Vec<Literal> = Vec::new();
        let mut sound = true;
        for value in values {
            match self.tested_value(value, field) {
                Some(literal) if made.contains(&literal) => {
                    self.diagnostics.push(
                        Diagnostic::new(
                            Code::BadEnum,
                            value.place,
                            format!("`{}` stands twice in the list", literal.value()),
                        )
                        .about(&field.name)
                        .help("take one of them out"),
                    );
                }
                Some(literal) => made.push(literal),
                None => sound = false,
            }
        }
        sound.then_some(made)
    }

    fn tested_value(&mut self, value: &Placed<Expression>, field: &Field) -> Option<Literal> {
        match field.value.as_ref()? {
            FieldValue::Meaning { meaning, .. } => {
                let meaning = self.contract.meaning(meaning)?;
                let Expression::Key(word) = &value.value else {
                    self.diagnostics.push(
                        Diagnostic::new(
                            Code::Type,
                            value.place,
                            format!("`{}` is a meaning: a test names its variants", field.name),
                        )
                        .about(&field.name)
                        .help("write a variant's name without quotes"),
                    );
                    return None;
                };
                if meaning.variant(word).is_none() {
                    let names = meaning.variants.iter().map(|variant| variant.name.as_str());
                    let word = Placed::new(word.clone(), value.place);
                    let diagnostic = unknown_variant(&word, &meaning.name, names);
                    self.diagnostics.push(diagnostic);
                    return None;
                }
                Some(Literal::String(word.clone()))
            }
            FieldValue::Plain(domain)
                if domain.members.is_some() || domain.value == Type::Scalar(Scalar::Bool) =>
            {
                let read = literal(&field.key, value, domain).and_then(|read| {
                    let closed = domain.members.as_ref().filter(|_| !domain.open);
                    match closed {
                        Some(members) if !members.iter().any(|member| member.wire == read) => {
                            let names: Vec<&str> =
                                members.iter().map(|member| member.name.as_str()).collect();
                            Err(Box::new(
                                Diagnostic::new(
                                    Code::NotAMember,
                                    value.place,
                                    format!("`{}` is no member of `{}`", read.value(), field.key),
                                )
                                .about(&field.name)
                                .help(format!("its members are {}", crate::text::some_of(&names))),
                            ))
                        }
                        _ => Ok(read),
                    }
                });
                match read {
                    Ok(literal) => Some(literal),
                    Err(error) => {
                        self.diagnostics.push(*error);
                        None
                    }
                }
            }
            FieldValue::Plain(_) | FieldValue::Contexts => {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::Misplaced,
                        value.place,
                        format!(
                            "`{}` can't be tested: a test is over a meaning, an enum or a boolean",
                            field.name
                        ),
                    )
                    .about(&field.name)
                    .and(self.contract.places.place(field.node), "the field")
                    .help("narrow it to a list, `only=[…]`, or test whether it is `present`"),
                );
                None
            }
        }
    }
}

/// A name that no field has.
pub(super) fn unknown_field(name: &Placed<String>, event: &Fields<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        name.place,
        format!("`{}` has no field `{}`", event.name, name.value),
    )
    .about(&name.value);
    if let Some(field) = event.fields.iter().find(|field| field.key == name.value) {
        return diagnostic
            .help(format!("`{}` is the key of the field `{}`: name the field", field.key, field.name));
    }
    let names: Vec<&str> = event.fields.iter().map(|field| field.name.as_str()).collect();
    match nearest(&name.value, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if names.is_empty() => diagnostic.help(format!("declare it: `{}: string`", name.value)),
        None if names.len() <= 12 => diagnostic.help(format!("its fields are {}", list(&names))),
        None => diagnostic.help(format!("declare it, or name one of its {} fields", names.len())),
    }
}
