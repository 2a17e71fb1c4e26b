//! What a contract writes down fits its key: type, range, members, length and template. And a container holds only
//! what OpenTelemetry lets it hold.

use crate::hash::HashMap;

use slo_grammar::Place;
use slo_model::Unfit;

use super::by_key;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Container, Contract, Domain, Leaf, Literal, Node, Source, Writer};

pub(super) fn check(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    let writers = by_key(&container.writers);
    for writer in &container.writers {
        let Some(domain) = writer.domain.known() else { continue };
        if domain.value.value_type().is_none() {
            let message =
                format!("a {} can't hold `{}`, which is {}", container.kind.name(), writer.key, domain.value);
            diagnostics.push(
            Diagnostic::new(Code::NotAnAttribute, contract.places.place(writer.node), message)
                .about(&writer.key)
                .and_maybe(writer.declaration.map(|node| contract.places.place(node)), "declared here")
                .help(match domain.value {
                    crate::ir::draft::Type::Map(_) => {
                        format!("name one key of the family, such as `{}.name`", writer.key)
                    }
                    _ => "attributes of resources and scopes hold strings, numbers, booleans and lists of these".to_owned(),
                }),
            );
            continue;
        }
        if let (Leaf::Known(Source::Static(literal)), Some(node)) = (&writer.source, writer.value_node) {
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
    } else if let Some((unfit, named)) = unmatched(writer, literal, writers) {
        let mut diagnostic = Diagnostic::new(Code::DoesNotMatch, at, format!("`{}`: {unfit}", writer.key))
            .about(&writer.key)
            .and_maybe(writer.matches_node.map(place), "asked for here");
        for other in &named {
            diagnostic =
                diagnostic.and_maybe(other.value_node.map(place), format!("what `{{{}}}` is", other.key));
        }
        diagnostics.push(diagnostic.help(match named.is_empty() {
            true => "a hole is one or more letters, digits, `_` or `.`",
            false => "a hole that names a key is this key's value; any other is one or more letters, digits, `_` or `.`",
        }));
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
    let unfit = domain.fit(&literal.value()).err()?;
    let (code, help) = match &unfit {
        Unfit::Range { .. } => (Code::OutOfRange, "write a number inside the range"),
        Unfit::Excepted { .. } => (Code::OutOfRange, "write a number that is not left out"),
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
            .about(literal.value().to_string())
            .and_maybe(declared, "declared here")
            .help(help),
    )
}

/// Why a text does not follow its writer's template, and the writers whose values holes of it are. Another key counts
/// with its constant, where it has one, and with any text else.
fn unmatched<'c>(
    writer: &Writer,
    literal: &Literal,
    writers: &HashMap<&str, &'c Writer>,
) -> Option<(Unfit, Vec<&'c Writer>)> {
    let (Some(template), Literal::String(text)) = (&writer.matches, literal) else { return None };
    let parts = template.model_parts();
    let template = slo_model::Template { parts: &parts };
    let value_of = |key: &str| match writers.get(key)?.source.known()? {
        Source::Static(Literal::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if template.matches(text, value_of) {
        return None;
    }
    let mut named: Vec<&Writer> = Vec::new();
    let mut keys: Vec<(String, String)> = Vec::new();
    for part in &parts {
        if let slo_model::Part::Key(key) = part
            && let (Some(writer), Some(value)) = (writers.get(key), value_of(key))
            && !named.iter().any(|other| other.key == *key)
        {
            named.push(writer);
            keys.push(((*key).to_owned(), value.to_owned()));
        }
    }
    Some((Unfit::Matches { value: text.clone(), template: template.to_string(), keys }, named))
}
