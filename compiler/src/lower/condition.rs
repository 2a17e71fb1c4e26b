//! Conditions: `when=(…)`.

use slo_grammar::{Expression, Passes as PassesSyntax, Place, Placed, Test as TestSyntax};

use super::Lowering;
use super::event::Fields;
use super::literal::literal;
use super::meaning::unknown_variant;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Field, FieldValue, Leaf, Literal, Member, Passes, Scalar, Test, Type, When};
use crate::options::{Options, without_quotes, wrong_kind};
use crate::text::{list, nearest, some_of};

impl Lowering<'_, '_> {
    pub(super) fn when(&mut self, options: &Options<'_>, event: &Fields<'_>) -> Option<When> {
        let value = options.value("when")?;
        let Expression::Conditions(tests) = &value.value else {
            let help = match &value.value {
                Expression::Key(word) if event.named(word).is_some() => {
                    format!("write `when=({word} present)`, or `when=({word} == VALUE)`")
                }
                _ => "such as `when=(outcome in [Timeout, Rejected] and route present)`".to_owned(),
            };
            let wrong = wrong_kind("when", value.place, "tests in parentheses").help(help);
            // What could not be read is a condition all the same.
            let tests = vec![Leaf::Unknown(wrong.report(self.diagnostics))];
            return Some(When { node: self.contract.places.add(value.place), tests });
        };
        let node = self.contract.places.add(value.place);
        let tests = tests.iter().map(|test| self.test(test, event).into());
        Some(When { node, tests: tests.collect() })
    }

    fn test(&mut self, test: &TestSyntax, event: &Fields<'_>) -> Result<Test, Reported> {
        let Some((id, field)) = event.named(&test.field.value) else {
            return Err(self.unknown_field(&test.field, event));
        };
        let passes = match &test.passes {
            PassesSyntax::Present => {
                if !field.optional {
                    let contexts = matches!(field.value.read()?, FieldValue::Contexts);
                    let (message, help) = match contexts {
                        true => ("is a list of contexts, which is always there", "take the test out"),
                        false => (
                            "is always present",
                            "take the test out, or let the field be absent: `?` behind its type",
                        ),
                    };
                    let message = format!("`{}` {message}", field.name);
                    return Err(Diagnostic::new(Code::ConstantCondition, test.place, message)
                        .about(&field.name)
                        .and(self.contract.places.place(field.node), "it can't be absent")
                        .help(help)
                        .report(self.diagnostics));
                }
                Passes::Present
            }
            PassesSyntax::In(values) => Passes::In(self.tested(&test.field, values, field)?),
            PassesSyntax::NotIn(values) => Passes::NotIn(self.tested(&test.field, values, field)?),
        };
        let node = self.contract.places.add(test.place);
        Ok(Test { node, field: id, passes })
    }

    /// The values that a test names.
    fn tested(
        &mut self,
        name: &slo_grammar::Name,
        values: &[Placed<Expression>],
        field: &Field,
    ) -> Result<Vec<Literal>, Reported> {
        self.can_be_tested(name, field)?;
        let mut made: Vec<Literal> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        let mut read = Ok(());
        for value in values {
            match self.tested_value(value, field) {
                Ok(literal) if let Some(first) = made.iter().position(|one| *one == literal) => {
                    let message = format!("`{}` stands twice in the list", literal.value());
                    self.diagnostics.push(
                        Diagnostic::new(Code::BadEnum, value.place, message)
                            .about(&field.name)
                            .and(places[first], "the first one")
                            .help("take one of them out"),
                    );
                }
                Ok(literal) => {
                    made.push(literal);
                    places.push(value.place);
                }
                Err(reported) => read = Err(reported),
            }
        }
        read.map(|()| made)
    }

    fn tested_value(&mut self, value: &Placed<Expression>, field: &Field) -> Result<Literal, Reported> {
        match field.value.read()? {
            FieldValue::Meaning { meaning, .. } => {
                let meaning = self.contract.meaning(*meaning);
                let Expression::Key(word) = &value.value else {
                    let diagnostic = Diagnostic::new(
                        Code::Type,
                        value.place,
                        format!("`{}` is a meaning: a test names its variants", field.name),
                    )
                    .about(&field.name);
                    let help = "write a variant's name without quotes";
                    return Err(without_quotes(diagnostic, value, help).report(self.diagnostics));
                };
                if meaning.variant(word).is_none() {
                    let names = meaning.variants.iter().map(|variant| variant.name.as_str());
                    let word = Placed::new(word.clone(), value.place);
                    return Err(unknown_variant(&word, &meaning.name, names).report(self.diagnostics));
                }
                Ok(Literal::String(word.as_str().to_owned()))
            }
            FieldValue::Plain(domain) => {
                let declared = field.declaration.unwrap_or(field.node);
                let declared = self.contract.places.place(declared);
                let read = literal(&field.key, value, domain).and_then(|read| {
                    let closed = domain.members.as_ref().filter(|_| !domain.open);
                    match closed {
                        Some(members) if !members.iter().any(|member| member.wire == read) => Err(Box::new(
                            Diagnostic::new(
                                Code::NotAMember,
                                value.place,
                                format!("`{}` is no member of `{}`", read.value(), field.key),
                            )
                            .about(&field.name)
                            .help(wires(members)),
                        )),
                        _ => Ok(read),
                    }
                });
                read.map_err(|error| (*error).and(declared, "declared here").report(self.diagnostics))
            }
            // That can't be tested, which was found before.
            FieldValue::Contexts => Err(Reported::elsewhere(Code::Misplaced, value.place)),
        }
    }

    /// Whether a field has values that a test can name. One that can't be known has, as far as can be seen.
    fn can_be_tested(&mut self, name: &slo_grammar::Name, field: &Field) -> Result<(), Reported> {
        let help = match &field.value {
            Leaf::Unknown(_) | Leaf::Known(FieldValue::Meaning { .. }) => return Ok(()),
            // That it passes always or never is for the checks to say.
            Leaf::Known(FieldValue::Plain(_)) if field.constant.is_some() => return Ok(()),
            Leaf::Known(FieldValue::Plain(domain))
                if domain.members.is_some() || domain.value == Type::Scalar(Scalar::Bool) =>
            {
                return Ok(());
            }
            Leaf::Known(FieldValue::Plain(domain)) => match (&domain.value, field.optional) {
                (Type::Scalar(Scalar::String | Scalar::Int), true) => {
                    "narrow it to a list, `only=[…]`, or test whether it is `present`"
                }
                (Type::Scalar(Scalar::String | Scalar::Int), false) => "narrow it to a list: `only=[…]`",
                (_, true) => "test whether it is `present`",
                (_, false) => "take the test out, or test a field that says the same in few values",
            },
            Leaf::Known(FieldValue::Contexts) => "take the test out",
        };
        let message =
            format!("`{}` can't be tested: a test is over a meaning, an enum or a boolean", field.name);
        Err(Diagnostic::new(Code::Misplaced, name.place, message)
            .about(&field.name)
            .and(self.contract.places.place(field.node), "the field")
            .help(help)
            .report(self.diagnostics))
    }

    /// Reports a name that no field has, unless the event has fields that can't be known.
    pub(super) fn unknown_field(&mut self, name: &slo_grammar::Name, event: &Fields<'_>) -> Reported {
        event.unknown.unwrap_or_else(|| no_field(name, event).report(self.diagnostics))
    }
}

/// What may stand in quotes where a member is meant.
fn wires(members: &[Member]) -> String {
    let wires: Vec<String> = members.iter().map(|member| member.wire.value().to_string()).collect();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    match wires.iter().zip(&names).all(|(wire, name)| wire == name) {
        true => format!("its members are {}", some_of(&names)),
        false => format!(
            "its values on the wire are {}; its members' names, {}, stand without quotes",
            some_of(&wires),
            some_of(&names)
        ),
    }
}

fn no_field(name: &slo_grammar::Name, event: &Fields<'_>) -> Diagnostic {
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
        None if names.len() == 1 => diagnostic.help(format!("its field is {}", list(&names))),
        None if names.len() <= 12 => diagnostic.help(format!("its fields are {}", list(&names))),
        None => diagnostic.help(format!("declare it, or name one of its {} fields", names.len())),
    }
}
