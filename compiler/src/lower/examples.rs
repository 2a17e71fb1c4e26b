//! Values that an attribute may have, for people: `examples=[…]`.

use slo_grammar::{Expression, Placed, limits};

use super::literal::{any_literal, literal};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Domain, Literal, Type};
use crate::options::{Options, wrong_kind};

/// What `examples=[…]` says of a key with these values.
pub(super) fn examples(
    key: &str,
    options: &Options<'_>,
    domain: &Domain,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Literal> {
    let Some(value) = options.value("examples") else { return Vec::new() };
    let Expression::List(list) = &value.value else {
        diagnostics.push(
            wrong_kind("examples", value.place, "a list of values")
                .about(key)
                .help("put the values between `[` and `]`"),
        );
        return Vec::new();
    };
    if list.len() > limits::EXAMPLES {
        let message = format!("`{key}` has more than {} examples", limits::EXAMPLES);
        diagnostics.push(
            Diagnostic::new(Code::TooLarge, value.place, message)
                .about(key)
                .help("keep those that tell most"),
        );
        return Vec::new();
    }
    // Those of a family are values of one of its keys.
    let of_key;
    let domain = match &domain.value {
        Type::Map(inner) => {
            of_key = Domain { value: (**inner).clone(), ..domain.clone() };
            &of_key
        }
        _ => domain,
    };
    let mut examples = Vec::with_capacity(list.len());
    for value in list {
        match example(key, value, domain) {
            Ok(example) => examples.push(example),
            Err(finding) => diagnostics.push(*finding),
        }
    }
    examples
}

fn example(key: &str, value: &Placed<Expression>, domain: &Domain) -> Result<Literal, Box<Diagnostic>> {
    let example = match &domain.value {
        Type::Any => any_literal(key, value)?,
        _ => literal(key, value, domain)?,
    };
    let too_long = |text: &&String| text.len() > limits::EXAMPLE_BYTES;
    let is_too_long = match &example {
        Literal::String(text) => too_long(&text),
        Literal::StringArray(texts) => texts.iter().any(|text| too_long(&text)),
        _ => false,
    };
    if is_too_long {
        let message = format!("an example of `{key}` is longer than {} bytes", limits::EXAMPLE_BYTES);
        return Err(Box::new(
            Diagnostic::new(Code::TooLarge, value.place, message).about(key).help("shorten it"),
        ));
    }
    let fits = match (&domain.members, &example) {
        (Some(members), Literal::String(_) | Literal::Int(_)) if !domain.open => {
            members.iter().any(|member| member.wire == example)
        }
        _ => true,
    };
    if !fits {
        let message = format!("the example `{}` is no member of `{key}`", example.value());
        return Err(Box::new(
            Diagnostic::new(Code::NotAMember, value.place, message)
                .about(key)
                .help("write a member of it, or make it `open` where other values occur"),
        ));
    }
    Ok(example)
}
