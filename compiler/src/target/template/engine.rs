//! Renders templates, within bounds.

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, context};
use slo_grammar::{FileId, Place};

use super::comment::{comment, doc};
use super::language::Language;
use super::mark::mark;
use super::names::Names;
use super::settings::{Each, Made, Settings};
use super::{ENDING, MOST_FILES, MOST_OUTPUT, MOST_OUTPUT_OF_ALL, Rendered, TemplateFile, case};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Plan;
use crate::source::SourceMap;
use crate::target::File;
use crate::target::plan::Printed;
use crate::text::{list, nearest};

/// How many steps one file may take: enough for the longest file that may be made, and a few seconds.
const FUEL: u64 = 20_000_000;

/// How deep templates may call each other.
const DEPTH: usize = 100;

/// How long the path of a file may be, in bytes.
const MOST_PATH: usize = 512;

/// The name of the template of a path, in messages of the engine.
const PATH: &str = "path";

/// A finding: boxed, since it is large and seldom there.
type Finding = Box<Diagnostic>;

struct Folder<'f> {
    ids: &'f BTreeMap<&'f str, FileId>,
    sources: &'f SourceMap,
}

pub(super) fn render(
    plan: &Plan<'_>,
    settings: &Settings,
    folder: &[TemplateFile],
    ids: &BTreeMap<&str, FileId>,
    sources: &SourceMap,
) -> Result<Rendered, Finding> {
    let within = Folder { ids, sources };
    let mut environment = environment();
    for file in folder.iter().filter(|file| file.path.ends_with(ENDING)) {
        let added = environment.add_template(&file.path, &file.text);
        added.map_err(|error| within.finding(&error, &file.path, None))?;
    }
    let printed = Value::from_serialize(Printed::of(plan));
    let first_line = mark(&settings.comment, plan.table.name, &settings.name, &plan.hash());
    let mut made: Vec<File> = Vec::new();
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    let mut left = MOST_OUTPUT_OF_ALL;
    for one in &settings.files {
        for (of, subject) in subjects(plan, &printed, settings, one) {
            let path = path(&environment, &within, one, &subject)?;
            if let Some(other) = paths.insert(path.to_lowercase(), of.clone()) {
                let message = format!("`{path}` would be made twice: for {other}, and for {of}");
                return Err(problem(
                    one.path_place,
                    message,
                    "let the path have `{{ stem }}` in it, which is another for each; letters that differ in case alone are one file on some systems",
                ));
            }
            if made.len() >= MOST_FILES {
                let message = format!("more than {MOST_FILES} files would be made");
                return Err(problem(
                    one.path_place,
                    message,
                    "make one for each package, or for the contract",
                ));
            }
            let template = environment.get_template(&one.template);
            let template = template.map_err(|error| within.finding(&error, &one.template, None))?;
            let mut output = Bounded {
                text: first_line.clone().into_bytes(),
                most: MOST_OUTPUT.min(left),
                is_full: false,
            };
            let rendered = template.render_captured_to(&subject, &mut output).map(drop);
            if output.is_full {
                let message = format!("the file for {of} gets longer than {} bytes", output.most);
                return Err(problem(
                    within.start(&one.template),
                    message,
                    "make one for each package, or for each event",
                ));
            }
            rendered.map_err(|error| within.finding(&error, &one.template, Some(&of)))?;
            left = left.saturating_sub(output.text.len());
            let mut text = String::from_utf8_lossy(&output.text).into_owned();
            if !text.ends_with('\n') {
                text.push('\n');
            }
            made.push(File { path, text });
        }
    }
    Ok(Rendered { files: made, first_line })
}

/// What a template finds beside what it makes itself.
fn environment<'e>() -> Environment<'e> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Escaping is that of the language, by filters: that of HTML would be wrong in all of them.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_keep_trailing_newline(true);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    environment.set_debug(true);
    environment.add_filter("snake", |name: &str| case::snake(name));
    environment.add_filter("camel", |name: &str| case::camel(name));
    environment.add_filter("pascal", |name: &str| case::pascal(name));
    environment.add_filter("screaming_snake", |name: &str| case::screaming_snake(name));
    environment.add_filter("flat", flat);
    environment.add_filter("bare", |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned());
    environment
        .add_filter("comment", |text: &str, prefix: Option<&str>| comment(text, prefix.unwrap_or("// ")));
    for language in Language::ALL {
        environment
            .add_filter(format!("{}_string", language.name()), move |text: &str| language.string(text));
        environment
            .add_filter(format!("{}_doc", language.name()), move |text: &str, indent: Option<&str>| {
                doc(language, text, indent.unwrap_or_default())
            });
        environment
            .add_filter(format!("{}_value", language.name()), move |value: &Value| language.value(value));
    }
    environment.add_function("names", |language: &str, taken: Option<Vec<String>>| {
        let Some(language) = Language::named(language) else {
            let known = list(&Language::ALL.map(Language::name));
            let message = format!("there are no names for `{language}`: there are {known}");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        };
        Ok(Value::from_object(Names::of(language, taken.unwrap_or_default())))
    });
    environment
}

/// The elements of lists, as one list: to put them together by `+`, one after the other, would take the square of them.
fn flat(lists: &Value) -> Result<Value, Error> {
    let mut all: Vec<Value> = Vec::new();
    for list in lists.try_iter()? {
        all.extend(list.try_iter()?);
    }
    Ok(Value::from(all))
}

/// What a kind of file is made for: each in words, and what its template finds.
fn subjects(plan: &Plan<'_>, printed: &Value, settings: &Settings, made: &Made) -> Vec<(String, Value)> {
    let stems = Names::of_files(&settings.taken);
    let packages = printed.get_attr("packages").unwrap_or_default();
    let package = |number: usize| packages.get_item_by_index(number).unwrap_or_default();
    match made.each {
        Each::Contract => {
            let stem = stems.give(&case::snake(plan.table.name));
            vec![("the contract".to_owned(), context! { plan => printed, stem => stem })]
        }
        Each::Package => {
            let all = plan.packages.iter().enumerate().map(|(number, one)| {
                let stem = stems.give(&case::snake(one.name));
                let subject = context! { plan => printed, package => package(number), stem => stem };
                (format!("the package `{}`", one.name), subject)
            });
            all.collect()
        }
        Each::Event => {
            let all = plan.packages.iter().enumerate().flat_map(|(at, one)| {
                let events = package(at).get_attr("events").unwrap_or_default();
                let stems = &stems;
                let package = &package;
                one.events.iter().enumerate().map(move |(number, event)| {
                    let stem = stems.give(&case::snake(event.table.name));
                    let value = events.get_item_by_index(number).unwrap_or_default();
                    let subject =
                        context! { plan => printed, package => package(at), event => value, stem => stem };
                    (format!("the event `{}`", event.table.name), subject)
                })
            });
            all.collect()
        }
    }
}

/// The path of a file, which stays below the folder that it is written into.
fn path(
    environment: &Environment<'_>,
    within: &Folder<'_>,
    made: &Made,
    subject: &Value,
) -> Result<String, Finding> {
    let rendered = environment.render_named_str(PATH, &made.path, subject).map_err(|error| {
        let message = format!("the path can't be rendered: {}", words(&error));
        problem(made.path_place, message, &within.help(&error))
    })?;
    let is_part = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_ascii_uppercase();
        // Names that are devices on Windows (Microsoft, "Naming Files, Paths, and Namespaces").
        let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
            || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
        let fits =
            |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.' | '@' | '+' | ' ');
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(['.', ' '])
            && part.chars().all(fits)
            && !is_device
    };
    if rendered.len() <= MOST_PATH && rendered.split('/').all(is_part) {
        return Ok(rendered);
    }
    let shown: String =
        rendered.chars().take(80).map(|one| if one.is_control() { ' ' } else { one }).collect();
    let message = format!("`{shown}` is no path of a file below the folder that is written into");
    let help = "write names of ASCII letters, digits, `_`, `-` and `.`, none of which begins with `.`, with `/` between them; `{{ stem }}` and `snake` give such names";
    Err(problem(made.path_place, message, help))
}

fn problem(place: Place, message: String, help: &str) -> Finding {
    Box::new(Diagnostic::new(Code::Template, place, message).help(help))
}

/// What the engine says of an error.
fn words(error: &Error) -> String {
    match error.detail() {
        Some(detail) => detail.to_owned(),
        None => match error.kind() {
            ErrorKind::UndefinedError => "this has no value".to_owned(),
            ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps"),
            kind => kind.to_string(),
        },
    }
}

impl Folder<'_> {
    fn start(&self, template: &str) -> Place {
        Place::new(self.ids.get(template).copied().unwrap_or(FileId(0)), 0, 0)
    }

    /// An error of the engine with its place: that of the innermost template.
    fn finding(&self, error: &Error, template: &str, of: Option<&str>) -> Finding {
        let mut innermost = error;
        let mut next = std::error::Error::source(error);
        while let Some(inner) = next.and_then(|inner| inner.downcast_ref::<Error>()) {
            innermost = inner;
            next = std::error::Error::source(inner);
        }
        let template = innermost.name().filter(|name| self.ids.contains_key(name)).unwrap_or(template);
        let file = self.ids.get(template).copied().unwrap_or(FileId(0));
        let text = self.sources.file(file).map_or("", |file| &*file.text);
        let place =
            innermost.range().filter(|range| text.get(range.clone()).is_some_and(|text| !text.is_empty()));
        let place = place.or_else(|| line(text, innermost.line()?)).unwrap_or(0..0);
        let mut message = words(innermost);
        if let Some(of) = of {
            message = format!("{message} (in the file for {of})");
        }
        let place = Place::new(file, place.start as u32, place.end as u32);
        problem(place, message, &self.help(innermost))
    }

    /// What to do about an error.
    fn help(&self, error: &Error) -> String {
        match error.kind() {
            ErrorKind::UndefinedError => "a template finds `plan`, `stem`, and for each package `package`, for each event `package` and `event`; `slo build --target plan` prints what they have, and `x is defined` asks whether something is there".to_owned(),
            ErrorKind::UnknownFilter => {
                let near = error.detail().and_then(|detail| nearest(detail.split(' ').nth(1)?, FILTERS.into_iter()));
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                format!("{near}the filters beside those of minijinja are {}", list(&FILTERS))
            }
            ErrorKind::TemplateNotFound | ErrorKind::BadInclude => {
                let known: Vec<&str> = self.ids.keys().copied().filter(|path| path.ends_with(ENDING)).collect();
                format!("the templates of this folder are {}", crate::text::some_of(&known))
            }
            ErrorKind::OutOfFuel => "a loop in a loop over all of a contract grows with its square: make a file for each package, or keep what was found in a mapping".to_owned(),
            ErrorKind::SyntaxError => "the language of templates is minijinja's: `{{ value }}`, `{% for one in all %}` … `{% endfor %}`, `{# comment #}`".to_owned(),
            _ => "`slo build --target plan` prints what a template finds; docs/templates.md lists the filters".to_owned(),
        }
    }
}

/// The filters that are there beside those of the engine.
const FILTERS: [&str; 19] = [
    "bare",
    "camel",
    "comment",
    "flat",
    "go_doc",
    "go_string",
    "go_value",
    "java_doc",
    "java_string",
    "java_value",
    "pascal",
    "python_doc",
    "python_string",
    "python_value",
    "screaming_snake",
    "snake",
    "typescript_doc",
    "typescript_string",
    "typescript_value",
];

/// Where a line stands in a text, without the blanks around it.
fn line(text: &str, number: usize) -> Option<std::ops::Range<usize>> {
    let line = text.lines().nth(number.checked_sub(1)?)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let blank = line.len() - line.trim_start().len();
    Some(start + blank..start + line.trim_end().len().max(blank))
}

/// A text that grows to a bound.
struct Bounded {
    text: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > self.most {
            self.is_full = true;
            return Err(io::Error::other("the file gets too long"));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_that_is_named_is_there() {
        let environment = environment();
        for filter in FILTERS {
            let known = environment.render_str(&format!("{{{{ 1 | {filter} }}}}"), ());
            let unknown = known.is_err_and(|error| error.kind() == ErrorKind::UnknownFilter);
            assert!(!unknown, "{filter}");
        }
    }

    #[test]
    fn a_line_is_found_without_its_blanks() {
        assert_eq!(line("a\n  bc \n", 2), Some(4..6));
        assert_eq!(line("a\n", 3), None);
    }
}
