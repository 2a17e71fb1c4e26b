//! What a contract writes down fits its key: type, range, members, length and template. And a container holds only
//! what OpenTelemetry lets it hold.

use std::collections::HashMap;

use slo_grammar::Place;
use slo_model::{Key, Member, Unfit, Value, ValueType};

use super::by_key;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Container, Contract, Domain, Literal, Node, Source, Writer};

pub(super) fn check(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    let writers = by_key(&container.writers);
    for writer in &container.writers {
        let Some(domain) = &writer.domain else { continue };
        if domain.value.value_type().is_none() {
            diagnostics.push(
                Diagnostic::new(
                    Code::NotAnAttribute,
                    contract.places.place(writer.node),
                    format!("a {} can't hold `{}`, which is {}", container.kind.name(), writer.key, domain.value),
                )
                .about(&writer.key)
                .and_maybe(writer.declaration.map(|node| contract.places.place(node)), "declared here")
                .help(match domain.value {
                    crate::ir::Type::Map(_) => {
                        format!("name one key of the family, such as `{}.name`", writer.key)
                    }
                    _ => "attributes of resources and scopes hold strings, numbers, booleans and lists of these".to_owned(),
                }),
            );
            continue;
        }
        if let (Some(Source::Static(literal)), Some(node)) = (&writer.source, writer.value_node) {
            written(contract, writer, domain, literal, node, &writers, diagnostics);
        }
        if let (Some(literal), Some(node)) = (&writer.default, writer.default_node) {
            written(contract, writer, domain, literal, node, &writers, diagnostics);
        }
    }
}

/// A value that the contract writes down.
fn written(
    contract: &Contract,
    writer: &Writer,
    domain: &Domain,
    literal: &Literal,
    node: Node,
    writers: &HashMap<&str, &Writer>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let at = contract.places.place(node);
    let place = |node| contract.places.place(node);
    if let Some(finding) = unfit_finding(domain, literal, &writer.key, at, writer.declaration.map(place)) {
        diagnostics.push(finding);
    } else if let Err(unfit) = matches(writer, literal, writers) {
        diagnostics.push(
            Diagnostic::new(Code::DoesNotMatch, at, format!("`{}`: {unfit}", writer.key))
                .about(&writer.key)
                .and_maybe(writer.matches_node.map(place), "asked for here")
                .help("a hole is one or more letters, digits, `_` or `.`; a hole that names a key equals its value"),
        );
    }
}

/// What there is to say of a value that doesn't keep its key's constraints.
pub(super) fn unfit_finding(
    domain: &Domain,
    literal: &Literal,
    key: &str,
    at: Place,
    declared: Option<Place>,
) -> Option<Diagnostic> {
    let unfit = fit(domain, &literal.value()).err()?;
    let (code, help) = match &unfit {
        Unfit::Range { .. } => (Code::OutOfRange, "write a number inside the range"),
        Unfit::Members { value, .. }
            if domain.members.iter().flatten().any(|member| member.name == *value) =>
        {
            (
                Code::NotAMember,
                "in quotes stands what goes over the wire: a member's name stands without them",
            )
        }
        Unfit::Members { .. } => (Code::NotAMember, "write one of the members"),
        Unfit::Length { .. } => (Code::TooLong, "shorten it"),
        _ => (Code::Type, "write a value of its type"),
    };
    Some(
        Diagnostic::new(code, at, format!("`{key}`: {unfit}"))
            .about(key)
            .and_maybe(declared, "declared here")
            .help(help),
    )
}

/// Whether a value keeps a domain's constraints.
pub(crate) fn fit(domain: &Domain, value: &Value<'_>) -> Result<(), Unfit> {
    let members: Option<Vec<Member<'_>>> = domain.members.as_ref().map(|members| {
        let wires = members.iter().filter_map(|member| match &member.wire {
            Literal::String(text) => Some(slo_model::Literal::String(text)),
            Literal::Int(number) => Some(slo_model::Literal::Int(*number)),
            _ => None,
        });
        wires.map(|wire| Member { name: "", wire }).collect()
    });
    let key = Key {
        members: members.as_deref(),
        open: domain.open,
        range: domain.range.map(Into::into),
        max_length: domain.max_length,
        ..Key::new("", domain.value.value_type().unwrap_or(ValueType::Any), "")
    };
    key.check(value)
}

/// Whether a text follows its writer's template. Another key counts with its constant, where it has one, and with
/// any text else.
fn matches(writer: &Writer, literal: &Literal, writers: &HashMap<&str, &Writer>) -> Result<(), Unfit> {
    let (Some(template), Literal::String(text)) = (&writer.matches, literal) else { return Ok(()) };
    let parts = template.model_parts();
    let template = slo_model::Template { parts: &parts };
    let value_of = |key: &str| match writers.get(key)?.source.as_ref()? {
        Source::Static(Literal::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if template.matches(text, value_of) {
        return Ok(());
    }
    Err(Unfit::Matches { value: text.clone(), template: template.to_string() })
}
