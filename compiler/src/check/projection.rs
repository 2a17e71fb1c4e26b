//! What a variant writes fits its key: constants, payloads and their conversions. And what a field is by itself fits
//! its own.

use crate::hash::HashSet;

use slo_grammar::Place;

use super::value::unfit_finding;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::TEXT;
use crate::ir::draft::{
    Contract, Domain, Event, FieldValue, Leaf, Literal, Meaning, Node, ObjectMember, Pair, PairValue, Range,
    Scalar, Signal, Type, Variant, WriterValue,
};
use crate::text::with_article;

/// Checks the pairs of a meaning or a view.
///
/// `seen` holds the places of the values that were looked at: what `all` says stands on every signal, and what a view
/// inherits stands in its meaning.
pub(super) fn meaning(
    contract: &Contract,
    meaning: &Meaning,
    seen: &mut HashSet<Place>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for variant in &meaning.variants {
        for signal in Signal::ALL {
            for pair in variant.pairs(signal) {
                if seen.insert(contract.places.place(pair.value_node)) {
                    one(contract, meaning, variant, pair, diagnostics);
                }
            }
        }
    }
}

fn one(
    contract: &Contract,
    meaning: &Meaning,
    variant: &Variant,
    pair: &Pair,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (Some(value), Some(domain)) = (pair.value.known(), pair.domain.known()) else { return };
    let at = contract.places.place(pair.value_node);
    let declared = pair.declaration.map(|node| contract.places.place(node));
    match value {
        PairValue::Constant(literal) => {
            if let Some(finding) = unfit_finding(domain, literal, &pair.key, at, declared) {
                diagnostics.push(finding);
            }
        }
        PairValue::Payload(id) | PairValue::ToString(id) => {
            let payload = variant.payload(*id);
            let name = &payload.name;
            let Some(carried) = payload.domain.known() else { return };
            let text = matches!(value, PairValue::ToString(_));
            let Err((code, message, help)) = payload_fits(carried, domain, text, name, &pair.key) else {
                return;
            };
            diagnostics.push(
                Diagnostic::new(code, at, message)
                    .about(&pair.key)
                    .about(format!("{}.{}", meaning.name, variant.name))
                    .and(contract.places.place(payload.node), with_article(&carried.type_name()))
                    .and_maybe(declared, with_article(&domain.type_name()))
                    .help(help),
            );
        }
    }
}

/// Whether every value of a payload fits a key.
fn payload_fits(
    payload: &Domain,
    key: &Domain,
    to_string: bool,
    name: &str,
    key_name: &str,
) -> Result<(), (Code, String, String)> {
    let is = |domain: &Domain| with_article(&domain.type_name());
    if to_string {
        let converts = matches!(
            payload.value,
            Type::Scalar(Scalar::Int | Scalar::Double | Scalar::Bool) | Type::Duration(_)
        ) || matches!(&payload.value, Type::Timestamp(unit) if unit != "rfc3339");
        if !converts {
            let what = match payload.value {
                Type::Array(_) => "is a list, which has no text",
                _ if payload.value.is_text() => "is text already",
                _ => "has no text",
            };
            return Err((Code::Type, format!("`{name}` {what}"), format!("write `{key_name} = {name}`")));
        }
        if !matches!(key.value, Type::Scalar(Scalar::String) | Type::Any) {
            let help = match payload.value.value_type() == key.value.value_type() {
                true => format!("write `{key_name} = {name}`"),
                false => "choose a key that holds text".to_owned(),
            };
            let message = format!("`to_string({name})` is a string, and `{key_name}` is {}", is(key));
            return Err((Code::Type, message, help));
        }
    } else if key.value != Type::Any && payload.value.value_type() != key.value.value_type() {
        let help = match key.value {
            Type::Scalar(Scalar::String) if !payload.value.is_text() => {
                format!("write `{key_name} = to_string({name})`")
            }
            _ => "choose a key of the payload's type".to_owned(),
        };
        let message = format!("`{name}` is {}, and `{key_name}` is {}", is(payload), is(key));
        return Err((Code::Type, message, help));
    }
    if let (false, Some(given), Some(wanted)) = (to_string, payload.value.object(), key.value.object()) {
        return object_fits((payload, given), (key, wanted), name, key_name);
    }
    let Some((code, outside)) = outside(payload, key, to_string) else { return Ok(()) };
    Err((
        code,
        format!("`{name}` may be {outside}, which `{key_name}` does not allow"),
        format!("narrow the payload `{name}`, or choose a key that allows all its values"),
    ))
}

/// Whether an object has the members of another, and none beside them.
fn object_fits(
    (payload, given): (&Domain, &[ObjectMember]),
    (key, wanted): (&Domain, &[ObjectMember]),
    name: &str,
    key_name: &str,
) -> Result<(), (Code, String, String)> {
    let help = || format!("give `{name}` the members of `{key_name}`");
    let is_list = |domain: &Domain| matches!(domain.value, Type::ObjectArray(_));
    if is_list(payload) != is_list(key) {
        let is = |domain: &Domain| if is_list(domain) { "a list of objects" } else { "an object" };
        let message = format!("`{name}` is {}, and `{key_name}` is {}", is(payload), is(key));
        return Err((Code::Type, message, "choose a key of the field's type".to_owned()));
    }
    for member in given {
        let Some(other) = wanted.iter().find(|other| other.name == member.name) else {
            let message = format!("`{name}` has the member `{}`, and `{key_name}` has none", member.name);
            return Err((Code::Type, message, help()));
        };
        if member.optional && !other.optional {
            let message =
                format!("`{name}.{0}` may be absent, and `{key_name}.{0}` is always there", member.name);
            return Err((Code::Type, message, help()));
        }
        let (own, key) = (format!("{name}.{}", member.name), format!("{key_name}.{}", member.name));
        if member.domain.value.object().is_some() != other.domain.value.object().is_some() {
            let (given, wanted) =
                (with_article(&member.domain.type_name()), with_article(&other.domain.type_name()));
            return Err((Code::Type, format!("`{own}` is {given}, and `{key}` is {wanted}"), help()));
        }
        payload_fits(&member.domain, &other.domain, false, &own, &key)?;
    }
    match wanted.iter().find(|other| !other.optional && !given.iter().any(|member| member.name == other.name))
    {
        Some(other) => {
            Err((Code::Type, format!("`{name}` lacks the member `{}` of `{key_name}`", other.name), help()))
        }
        None => Ok(()),
    }
}

/// A domain that many values are held to: its members are found in a set, and walked for none of them.
struct Fits<'d> {
    domain: &'d Domain,
    /// The domain but for its members.
    rest: Domain,
    texts: HashSet<&'d str>,
}

impl<'d> Fits<'d> {
    fn of(domain: &'d Domain) -> Fits<'d> {
        let members = domain.members.iter().flat_map(|members| members.iter());
        let texts = members.filter_map(|member| match &member.wire {
            Literal::String(text) => Some(text.as_str()),
            _ => None,
        });
        Fits { domain, texts: texts.collect(), rest: Domain { members: None, ..domain.clone() } }
    }

    fn has(&self, literal: &Literal) -> bool {
        let listed = matches!(literal, Literal::String(text) if self.texts.contains(text.as_str()));
        let domain = if listed { &self.rest } else { self.domain };
        domain.fit(&literal.value()).is_ok()
    }
}

/// A value of a payload that its key does not allow, as a message says it.
fn outside(payload: &Domain, key: &Domain, to_string: bool) -> Option<(Code, String)> {
    let as_written = |literal: &Literal| {
        if to_string { Literal::String(literal.value().to_string()) } else { literal.clone() }
    };
    // A payload of the key's own type, by far the most: its members needn't be held to themselves.
    if !to_string && payload == key {
        return None;
    }
    if let Some(members) = payload.members.as_ref().filter(|_| !payload.open) {
        // Each is one of them, and so is held to the rest alone.
        let rest = Domain { members: None, ..payload.clone() };
        let fits = Fits::of(key);
        let wires = members.iter().map(|member| &member.wire);
        let mut wires = wires.filter(|wire| rest.fit(&wire.value()).is_ok());
        return wires
            .find(|wire| !fits.has(&as_written(wire)))
            .map(|wire| (code_of(key), format!("`{}`", wire.value())));
    }
    if let Some(members) = key.members.as_ref().filter(|_| !key.open) {
        // An unlisted payload against a listed key: a few values may be all that there are.
        let few = match (payload.range, &payload.value) {
            (Some(Range::Int(low, high)), Type::Scalar(Scalar::Int)) if high.saturating_sub(low) <= 1_000 => {
                let all = (low..=high).map(Literal::Int);
                all.filter(|number| !payload.except.contains(number)).collect()
            }
            (_, Type::Scalar(Scalar::Bool)) => vec![Literal::Bool(false), Literal::Bool(true)],
            _ => Vec::new(),
        };
        if few.is_empty() || members.is_empty() {
            return Some((Code::NotAMember, format!("any {}", payload.value)));
        }
        return few
            .iter()
            .find(|one| key.fit(&as_written(one).value()).is_err())
            .map(|one| (Code::NotAMember, format!("`{}`", one.value())));
    }
    if to_string {
        let longest = longest(payload);
        return key
            .max_length
            .filter(|max| longest > u64::from(*max))
            .map(|max| (Code::TooLong, format!("longer than {max} characters")));
    }
    if let Some(left_out) = key.except.iter().find(|number| payload.fit(&number.value()).is_ok()) {
        return Some((Code::OutOfRange, format!("`{}`", left_out.value())));
    }
    match (payload.ends(), key.range) {
        (_, None) => {}
        (None, Some(_)) => return Some((Code::OutOfRange, "any number".to_owned())),
        (Some(inner), Some(_)) => {
            let ends = match inner {
                Range::Int(low, high) => [Literal::Int(low), Literal::Int(high)],
                Range::Double(low, high) => [Literal::Double(low), Literal::Double(high)],
            };
            let bad = ends.into_iter().find(|end| key.fit(&end.value()).is_err());
            if let Some(end) = bad {
                return Some((Code::OutOfRange, format!("`{}`", end.value())));
            }
        }
    }
    match (payload.max_length, key.max_length) {
        (Some(inner), Some(outer)) if inner > outer => {
            Some((Code::TooLong, format!("longer than {outer} characters")))
        }
        (None, Some(outer)) => Some((Code::TooLong, format!("longer than {outer} characters"))),
        _ => None,
    }
}

/// What is wrong with a value that a key does not allow.
fn code_of(key: &Domain) -> Code {
    match (&key.members, key.range) {
        (Some(_), _) if !key.open => Code::NotAMember,
        (_, Some(_)) => Code::OutOfRange,
        _ => Code::TooLong,
    }
}

/// The length of the longest text that `to_string` makes.
fn longest(payload: &Domain) -> u64 {
    let length = |number: i64| number.to_string().len() as u64;
    match (payload.ends(), &payload.value) {
        (Some(Range::Int(low, high)), _) => length(low).max(length(high)),
        (None, Type::Scalar(Scalar::Int) | Type::Timestamp(_)) => length(i64::MIN),
        (_, Type::Scalar(Scalar::Bool)) => "false".len() as u64,
        // Rust's shortest decimal text of a double may have hundreds of digits.
        _ => u64::MAX,
    }
}

/// Checks what an event writes down: constants of fields and lists, and values of `unset=`.
pub(super) fn event(contract: &Contract, event: &Event, diagnostics: &mut Vec<Diagnostic>) {
    for field in &event.fields {
        let Leaf::Known(FieldValue::Plain(domain)) = &field.value else { continue };
        let declared = field.declaration.map(|node| contract.places.place(node));
        for (literal, node) in [(&field.constant, field.constant_node), (&field.unset, field.unset_node)] {
            if let (Some(literal), Some(node)) = (literal, node) {
                let at = contract.places.place(node);
                diagnostics.extend(unfit_finding(domain, literal, &field.name, at, declared));
            }
        }
        if let Some(bounded) = &domain.bounded {
            other(contract, domain, Some(&bounded.other), &field.name, field.node, diagnostics);
        }
        other(contract, domain, domain.other.as_ref(), &field.name, field.node, diagnostics);
    }
    for signal in super::signals::signals(event) {
        constants(contract, Some(event), signal.writers, diagnostics);
    }
}

/// What a value that its key doesn't allow is of an event that another program records: the record is known all the same, and
/// nothing is made of it.
const fn of_another_program(code: Code) -> Code {
    match code {
        Code::Type | Code::NotAMember => Code::OtherThanDeclared,
        other => other,
    }
}

/// What stands for the rest is of the key's type, whatever else the key allows.
fn other(
    contract: &Contract,
    domain: &Domain,
    other: Option<&Literal>,
    name: &str,
    node: Node,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(other) = other else { return };
    let of_type = Domain::of(domain.value.clone());
    diagnostics.extend(unfit_finding(&of_type, other, name, contract.places.place(node), None));
}

/// The constants of a list, and what it shows under other keys.
pub(super) fn constants(
    contract: &Contract,
    event: Option<&Event>,
    writers: &[crate::ir::draft::SignalWriter],
    diagnostics: &mut Vec<Diagnostic>,
) {
    for writer in writers {
        let field = writer.field().zip(event);
        let name = || field.map_or("it", |(field, event)| &event.field(field).name);
        // What has no text has none under a local name either.
        if let (true, None, Some(domain)) = (writer.is_text(), &writer.shown_as, writer.domain())
            && let Err((code, message, help)) = payload_fits(domain, &TEXT, true, name(), &writer.key)
        {
            diagnostics.push(
                Diagnostic::new(code, contract.places.place(writer.node), message).about(&writer.key).help(
                    help.replace(
                        &format!("{} = {}", writer.key, name()),
                        &format!("{} as {}", name(), writer.key),
                    ),
                ),
            );
        }
        if let (Some(shown_as), Some(domain)) = (&writer.shown_as, writer.domain())
            && let Some(key) = shown_as.domain.known()
            && let Err((code, message, _)) = payload_fits(domain, key, writer.is_text(), name(), &writer.key)
        {
            let mut diagnostic = Diagnostic::new(code, contract.places.place(shown_as.node), message)
                .about(&writer.key)
                .here(with_article(&key.type_name()));
            // What becomes text stands under its key, and nowhere by itself.
            if !writer.is_text() {
                let place = contract.places.place(writer.node);
                diagnostic = diagnostic.and(place, with_article(&domain.type_name()));
            }
            let diagnostic = diagnostic.and(contract.places.place(shown_as.declaration), "declared here");
            let diagnostic = diagnostic.help("show it under a key that allows all its values");
            diagnostics.push(as_written(event, diagnostic, |event| {
                // What is named makes another type, or another field, a new finding.
                [format!("{}.{}", event.full_name(), name()), domain.value.to_string()]
            }));
        }
        if let (Leaf::Known(WriterValue::Constant(literal)), Some(domain)) = (&writer.value, writer.domain())
        {
            let at = contract.places.place(writer.node);
            let declared = writer.declaration.map(|node| contract.places.place(node));
            let Some(finding) = unfit_finding(domain, literal, &writer.key, at, declared) else { continue };
            diagnostics
                .push(as_written(event, finding, |event| [event.full_name(), literal.value().to_string()]));
        }
    }
}

/// A finding about what an event writes under a key that doesn't allow it: what another program writes, it writes, so that it
/// can be accepted.
fn as_written(
    event: Option<&Event>,
    finding: Diagnostic,
    names: impl FnOnce(&Event) -> [String; 2],
) -> Diagnostic {
    let code = of_another_program(finding.code);
    let Some(event) = event.filter(|event| event.external && code != finding.code) else { return finding };
    let help = finding.help.clone().unwrap_or_default();
    Diagnostic { code, ..finding }
        .about_all(names(event))
        .help_or_allow(&format!("{help}; if that is what the other program writes"))
}
