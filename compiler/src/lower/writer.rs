//! An entry of a resource or a scope, or a tag of a struct's field, as a writer.

use slo_grammar::{FileId, Place, TemplateError, TemplatePart as Part, template_parts};

use super::domain::{Constraints, Mode};
use super::literal::literal;
use super::options::{Options, SOURCES, text_of, variables_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Domain, Literal, Node, Places, Source, Template, TemplatePart, Writer};
use crate::text::with_article;

/// What a writer is made of.
pub(crate) struct WriterInput<'w> {
    pub(crate) key: &'w str,
    /// Where the key stands in the entry or the tag.
    pub(crate) place: Place,
    /// Where the key is declared.
    pub(crate) declaration: Option<Place>,
    pub(crate) docs: &'w str,
    /// The values that the key's declaration allows.
    pub(crate) base: Option<&'w Domain>,
    pub(crate) options: &'w Options<'w>,
    /// Whether the constraints narrow those of the declaration, or repeat what the contract says.
    pub(crate) mode: Mode,
    pub(crate) data: &'w dyn Fn(FileId, &str) -> Result<String, String>,
}

/// Makes a writer. Whether it has a source is for [`sources`] to say, which a tag that a contract completes does
/// not ask.
pub(crate) fn writer(
    input: &WriterInput<'_>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> Writer {
    let WriterInput { key, place, declaration, docs, base, options, mode, data } = *input;
    let domain = base.map(|base| Constraints { key, options, mode, data, diagnostics }.apply(base).domain);
    let (source, value_node) = source(key, domain.as_ref(), options, places, diagnostics);
    let (default, default_node) = written("default", key, domain.as_ref(), options, places, diagnostics);
    let (matches, matches_node) = matches(key, domain.as_ref(), options, places, diagnostics);
    Writer {
        node: places.add(place),
        key: key.to_owned(),
        declaration: declaration.map(|place| places.add(place)),
        docs: docs.to_owned(),
        domain,
        source,
        default,
        matches,
        value_node,
        default_node,
        matches_node,
        through: Vec::new(),
    }
}

/// The source that the options name; the first where they name several.
fn source(
    key: &str,
    domain: Option<&Domain>,
    options: &Options<'_>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Source>, Option<Node>) {
    let sources = options.sources();
    let named = |name: &str| sources.iter().find(|(other, _)| *other == name).map(|(_, option)| *option);
    match sources.as_slice() {
        [] | [_] => {}
        [_, _] if named("required").is_some() && named("static").is_some() => {
            if let (Some(required), Some(constant)) = (named("required"), named("static")) {
                diagnostics.push(
                    Diagnostic::new(
                        Code::RequiredStatic,
                        required.place,
                        format!("`{key}` is `required` and `static` at once"),
                    )
                    .about(key)
                    .here("the program gives it")
                    .and(constant.place, "the contract gives it")
                    .help("a constant needs nothing from the program: take out one of the two"),
                );
            }
        }
        [(first, one), (second, other), ..] => diagnostics.push(
            Diagnostic::new(
                Code::TwoSources,
                other.place,
                format!("`{key}` has two sources, `{first}` and `{second}`"),
            )
            .about(key)
            .and(one.place, "the first one")
            .help("keep one; `default=` says what holds where it gives nothing"),
        ),
    }
    let Some((name, option)) = sources.first() else { return (None, None) };
    let source = match (*name, &option.value) {
        ("required", _) => Some(Source::Required),
        ("optional", _) => Some(Source::Optional),
        ("auto", _) => Some(Source::Auto),
        ("env", Some(value)) => variables_of(value, diagnostics).map(Source::Environment),
        _ => {
            let (constant, node) = written("static", key, domain, options, places, diagnostics);
            return (constant.map(Source::Static), node);
        }
    };
    (source, None)
}

/// The value of `static=` or `default=`.
fn written(
    name: &str,
    key: &str,
    domain: Option<&Domain>,
    options: &Options<'_>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Literal>, Option<Node>) {
    let (Some(value), Some(domain)) = (options.value(name), domain) else { return (None, None) };
    // That a container can't hold the key at all is for the checks to say, once.
    if domain.value.value_type().is_none() {
        return (None, None);
    }
    match literal(key, value, domain) {
        Ok(literal) => (Some(literal), Some(places.add(value.place))),
        Err(error) => {
            diagnostics.push(*error);
            (None, None)
        }
    }
}

/// The template of `matches=`. Which of its holes are keys is settled when the container is whole.
fn matches(
    key: &str,
    domain: Option<&Domain>,
    options: &Options<'_>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Template>, Option<Node>) {
    let Some(value) = options.value("matches") else { return (None, None) };
    let Some(text) = text_of("matches", value, diagnostics) else { return (None, None) };
    if let Some(domain) = domain
        && !matches!(
            domain.value.value_type(),
            Some(slo_model::ValueType::String | slo_model::ValueType::Any)
        )
    {
        diagnostics.push(
            Diagnostic::new(
                Code::Constraint,
                text.place,
                format!("`matches` is for strings, and `{key}` is {}", with_article(&domain.type_name())),
            )
            .about(key)
            .help("take it out"),
        );
        return (None, None);
    }
    let empty = "write what a value looks like, or take it out";
    let template = template_of(key, &text, empty, diagnostics);
    let node = template.as_ref().map(|_| places.add(text.place));
    (template, node)
}

/// A template of `name`: its parts, with every hole by its name. `if_empty` says what to write where it has none.
pub(crate) fn template_of(
    name: &str,
    text: &slo_grammar::Name,
    if_empty: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Template> {
    let (problem, help) = match template_parts(&text.value) {
        Ok(parts) if parts.is_empty() => ("the template is empty", if_empty),
        Ok(parts) => {
            let parts = parts.into_iter().map(|part| match part {
                Part::Text(text) => TemplatePart::Text(text),
                Part::Hole(name) => TemplatePart::Hole(name),
            });
            return Some(Template { parts: parts.collect() });
        }
        Err(TemplateError::NotClosed) => {
            ("the template has a `{` that nothing closes", "a hole is written `{team}`, a brace itself `{{`")
        }
        Err(TemplateError::NotOpened) => {
            ("the template has a `}` that closes nothing", "a hole is written `{team}`, a brace itself `}}`")
        }
        Err(TemplateError::BadHole) => (
            "a hole of the template has no name that a hole may have",
            "the name of a hole is letters, digits, `_`, `.` and `-`, such as `{team}`",
        ),
    };
    diagnostics.push(Diagnostic::new(Code::BadTemplate, text.place, problem).about(name).help(help));
    None
}

/// Where the holes of a template stand. `written` is the text with its quotes and escapes; it begins at `place`.
pub(crate) fn hole_places(place: Place, written: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut open = None;
    let mut rest = written;
    while let Some(character) = rest.chars().next() {
        let at = written.len() - rest.len();
        let taken = match (character, open) {
            // `\u{e9}` has braces that are none of the template's.
            ('\\', _) if rest.starts_with("\\u{") => rest.find('}').map_or(rest.len(), |end| end + 1),
            ('\\', _) => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            ('{', None) if rest.starts_with("{{") => 2,
            ('}', None) if rest.starts_with("}}") => 2,
            ('{', None) => {
                open = Some(at);
                1
            }
            ('}', Some(start)) => {
                let offset =
                    |bytes: usize| place.start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
                places.push(Place::new(place.file, offset(start), offset(at + 1)));
                open = None;
                1
            }
            (other, _) => other.len_utf8(),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    places
}

/// Reports a writer without a source, and a default that nothing asks for.
pub(crate) fn sources(
    writer: &Writer,
    options: &Options<'_>,
    places: &Places,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let key = &writer.key;
    if options.sources().is_empty() && !options.may_have_meant(&SOURCES) {
        diagnostics.push(
            Diagnostic::new(Code::NoSource, places.place(writer.node), format!("`{key}` has no source"))
                .about(key)
                .help("say where its value comes from: `required`, `optional`, `static=`, `env=` or `auto`"),
        );
    }
    if let Some(default) = options.get("default")
        && !options.has("env")
        && !options.has("auto")
        && !options.sources().is_empty()
    {
        let source = options.sources().first().map_or("", |(name, _)| *name);
        diagnostics.push(
            Diagnostic::new(
                Code::DefaultWithoutSource,
                default.place,
                format!("`default` of `{key}` never holds: the value is `{source}`"),
            )
            .about(key)
            .help("a default goes with `env=` or `auto`"),
        );
    }
}

/// Turns the holes that name a key of the container into that key.
pub(crate) fn settle_templates(writers: &mut [Writer]) {
    let keys: crate::hash::HashSet<String> = writers.iter().map(|writer| writer.key.clone()).collect();
    for writer in writers {
        for part in writer.matches.iter_mut().flat_map(|template| &mut template.parts) {
            if let TemplatePart::Hole(name) = part
                && *name != writer.key
                && keys.contains(name)
            {
                *part = TemplatePart::Key(std::mem::take(name));
            }
        }
    }
}
