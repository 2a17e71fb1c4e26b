//! What templates find beside the plan: filters, and names that are given once.

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::case;
use super::comment::{comment, doc};
use super::language::Language;
use super::names::Names;
use crate::text::list;

/// How many steps one file may take: enough for the longest file that may be made, and a few seconds.
pub(super) const FUEL: u64 = 20_000_000;

/// How deep templates may call each other.
const DEPTH: usize = 100;

/// What a template finds beside what it makes itself.
pub(super) fn environment<'e>() -> Environment<'e> {
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

/// The filters that are there beside those of the engine.
pub(super) const FILTERS: [&str; 19] = [
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
}
