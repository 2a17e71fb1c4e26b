//! A key.

use super::{Page, Phrase, code, place, words};
use crate::show::sheet::{AttributeSheet, Deprecated, Values};

pub(super) fn page(attribute: &AttributeSheet) -> Page {
    let mut page = Page::titled("attribute", &attribute.name, None, "");
    for declaration in &attribute.declared {
        let heading = Phrase::words("declared by ").and_code(&declaration.package);
        page.heading(heading.and_place(declaration.place.as_ref()));
        page.docs(&declaration.docs);
        let mut properties = vec![("type", Phrase::code(&declaration.values.text))];
        properties
            .extend(declaration.stability.as_ref().map(|stability| ("stability", Phrase::words(stability))));
        if declaration.sensitive {
            properties.push((
                "sensitive",
                Phrase::words("never a label; on a log or a span only where a field says ").and_code("clear"),
            ));
        }
        let examples = declaration.examples.iter().map(|example| Phrase::code(example.to_string()));
        let examples = Phrase::joined(examples, ", ");
        if !examples.0.is_empty() {
            properties.push(("examples", examples));
        }
        properties.extend(declaration.deprecated.as_ref().map(|why| ("deprecated", deprecated(why))));
        properties.extend(declaration.until.as_ref().map(|day| ("until", Phrase::code(day))));
        page.properties(properties);
        add_members(&mut page, &declaration.values);
    }
    if attribute.declared.is_empty() {
        page.remark(Phrase::words(
            "no key of this name is declared: it is local to what writes it, or stands for another",
        ));
    }
    let uses = attribute.uses.iter().map(|usage| {
        vec![
            code(format!("{} {}", usage.owner_kind, usage.name)),
            code(&usage.part),
            code(usage.key.clone().unwrap_or_default()),
            code(&usage.value),
            place(usage.place.as_ref()),
        ]
    });
    page.section("written by", &["where", "part", "key", "value", "place"], uses.collect());
    if attribute.uses.is_empty() {
        page.remark(Phrase::words("nothing of the contract writes it"));
    }
    page
}

/// The members of an enum, where there is more to say of them than the type's text does.
fn add_members(page: &mut Page, values: &Values) {
    let members = values.members.as_deref().unwrap_or_default();
    let go = members.iter().any(|member| member.until.is_some());
    let is_told = members.iter().all(|member| member.docs.is_empty()) && members.len() <= 8 && !go;
    if is_told {
        return;
    }
    let rows = members.iter().map(|member| {
        let mut row = vec![code(&member.name), code(member.wire.to_string()), words(&member.docs)];
        row.extend(go.then(|| code(member.until.clone().unwrap_or_default())));
        row
    });
    let mut columns = vec!["member", "on the wire", "means"];
    columns.extend(go.then_some("until"));
    page.section("members", &columns, rows.collect());
}

pub(super) fn deprecated(why: &Deprecated) -> Phrase {
    match why {
        Deprecated::Successor(key) => Phrase::words("use ").and_code(key),
        Deprecated::Reason(reason) if reason.is_empty() => Phrase::words("yes"),
        Deprecated::Reason(reason) => Phrase::words(reason),
        Deprecated::NotYet { version, names } => {
            let phrase = Phrase::words(format!("not in {version}, which has "));
            names.iter().enumerate().fold(phrase, |phrase, (number, name)| {
                let phrase = if number > 0 { phrase.and_words(", ") } else { phrase };
                phrase.and_code(name)
            })
        }
    }
}
