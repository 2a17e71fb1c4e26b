//! An entry of a resource or a scope, or a tag of a struct's field, as a writer.

use slo_grammar::{
    Expression, FileId, Place, Placed, TemplateError, TemplatePart as Part, limits, template_parts,
};

use super::domain::{Constraints, Mode};
use super::literal::literal;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Domain, Literal, Node, Places, Source, Template, TemplatePart, Writer};
use crate::options::{Options, SOURCES, text_of, variables_of};
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
    pub(crate) base: Result<&'w Domain, Reported>,
    /// Where the value comes from if no option says it. Where nothing else does, that is reported.
    pub(crate) source: Option<&'w Source>,
    pub(crate) options: &'w Options<'w>,
    /// Whether the constraints narrow those of the declaration, or repeat what the contract says.
    pub(crate) mode: Mode,
    pub(crate) data: &'w dyn Fn(FileId, &str) -> Result<String, String>,
}

/// Makes a writer.
pub(crate) fn writer(
    input: &WriterInput<'_>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> Writer {
    let WriterInput { key, place, declaration, docs, base, options, mode, data, .. } = *input;
    let domain = base
        .map(|base| Constraints { key, options, mode, data, diagnostics }.apply(base.clone().into()).domain);
    let mut value_node = None;
    let source = source(input, domain.as_ref(), &mut value_node, places, diagnostics);
    let default = options.value("default").map(|value| written(key, value, domain.as_ref(), diagnostics));
    let default = default.and_then(Result::ok);
    let default_node = default.as_ref().and(options.value("default")).map(|value| places.add(value.place));
    let (matches, matches_node) = matches(key, domain.as_ref().ok(), options, places, diagnostics);
    Writer {
        node: places.add(place),
        key: key.to_owned(),
        declaration: declaration.map(|place| places.add(place)),
        docs: docs.to_owned(),
        domain: domain.into(),
        source: source.into(),
        default,
        matches,
        value_node,
        default_node,
        matches_node,
        through: Vec::new(),
    }
}

/// The source that the options name; the first where they name several. Notes the place of a constant.
fn source(
    input: &WriterInput<'_>,
    domain: Result<&Domain, &Reported>,
    value_node: &mut Option<Node>,
    places: &mut Places,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Source, Reported> {
    let WriterInput { key, options, .. } = *input;
    let sources = options.sources();
    let named = |name: &str| sources.iter().find(|(other, _)| *other == name).map(|(_, option)| *option);
    match sources.as_slice() {
        [] | [_] => {}
        [_, _] if named("required").is_some() && named("static").is_some() => {
            if let (Some(required), Some(constant)) = (named("required"), named("static")) {
                let message = format!("`{key}` is `required` and `static` at once");
                diagnostics.push(
                    Diagnostic::new(Code::RequiredStatic, required.place, message)
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
    let Some((name, option)) = sources.first() else {
        return match (input.source, options.may_have_meant(&SOURCES)) {
            (Some(source), _) => Ok(source.clone()),
            (None, Some(reported)) => Err(reported),
            (None, None) => {
                let message = format!("`{key}` has no source");
                let help =
                    "say where its value comes from: `required`, `optional`, `static=`, `env=` or `auto`";
                let diagnostic = Diagnostic::new(Code::NoSource, input.place, message).about(key);
                Err(diagnostic.help(help).report(diagnostics))
            }
        };
    };
    if let Some(default) = options.get("default")
        && !matches!(input.mode, Mode::Repeat(_))
        && !options.has("env")
        && !options.has("auto")
    {
        let message = format!("`default` of `{key}` never holds: the value is `{name}`");
        diagnostics.push(
            Diagnostic::new(Code::DefaultWithoutSource, default.place, message)
                .about(key)
                .help("a default goes with `env=` or `auto`"),
        );
    }
    match (*name, &option.value) {
        ("optional", _) => Ok(Source::Optional),
        ("auto", _) => Ok(Source::Auto),
        ("env", Some(value)) => variables_of(value, diagnostics).map(Source::Environment),
        ("static", Some(value)) => {
            let constant = written(key, value, domain, diagnostics)?;
            *value_node = Some(places.add(value.place));
            Ok(Source::Static(constant))
        }
        _ => Ok(Source::Required),
    }
}

/// The value of `static=` or `default=`.
fn written(
    key: &str,
    value: &Placed<Expression>,
    domain: Result<&Domain, &Reported>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Literal, Reported> {
    let domain = domain.map_err(|reported| *reported)?;
    // That a container can't hold the key at all is for the checks to say, once.
    if domain.value.value_type().is_none() {
        return Err(Reported::elsewhere(Code::NotAnAttribute, value.place));
    }
    literal(key, value, domain).map_err(|error| error.report(diagnostics))
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
    let Ok(text) = text_of("matches", value, diagnostics) else { return (None, None) };
    if let Some(domain) = domain
        && !matches!(
            domain.value.value_type(),
            Some(slo_model::ValueType::String | slo_model::ValueType::Any)
        )
    {
        let message =
            format!("`matches` is for strings, and `{key}` is {}", with_article(&domain.type_name()));
        diagnostics
            .push(Diagnostic::new(Code::Constraint, text.place, message).about(key).help("take it out"));
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
        Ok(parts) if holes(&parts) > limits::TEMPLATE_HOLES => {
            let message = format!(
                "the template has {} holes, more than the {} that one may have",
                holes(&parts),
                limits::TEMPLATE_HOLES
            );
            let diagnostic = Diagnostic::new(Code::TooLarge, text.place, message).about(name);
            diagnostics.push(diagnostic.help("show the values as attributes, which can be searched for"));
            return None;
        }
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

fn holes(parts: &[Part]) -> usize {
    parts.iter().filter(|part| matches!(part, Part::Hole(_))).count()
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

/// Turns the holes that name a key of the container into that key.
pub(crate) fn settle_templates(writers: &mut [Writer]) {
    let keys: crate::hash::HashSet<String> = writers.iter().map(|writer| writer.key.clone()).collect();
    for writer in writers {
        if let Some(template) = &mut writer.matches {
            settle_template(template, &writer.key, &|name| keys.contains(name));
        }
    }
}

/// Turns the holes of one key's template that name another of the container's into that key.
pub(crate) fn settle_template(template: &mut Template, own: &str, is_key: &dyn Fn(&str) -> bool) {
    for part in &mut template.parts {
        if let TemplatePart::Hole(name) = part
            && *name != own
            && is_key(name)
        {
            *part = TemplatePart::Key(std::mem::take(name));
        }
    }
}
