//! Renders templates, within bounds.

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::{Environment, Value, context};
use slo_grammar::FileId;

use super::environment::environment;
use super::errors::{Finding, Folder, problem, words};
use super::mark::mark;
use super::names::Names;
use super::paths::{self, Paths};
use super::settings::{Each, Made, Settings};
use super::{ENDING, MOST_FILES, MOST_OUTPUT, MOST_OUTPUT_OF_ALL, Rendered, TemplateFile, case};
use crate::plan::Plan;
use crate::source::SourceMap;
use crate::target::File;
use crate::target::plan::Printed;

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
    let mut paths = Paths::default();
    let mut left = MOST_OUTPUT_OF_ALL;
    for one in &settings.files {
        for (of, subject) in subjects(plan, &printed, settings, one) {
            let path = path(&environment, &within, one, &subject)?;
            if let Err((message, help)) = paths.add(&path, &of) {
                return Err(problem(one.path_place, message, help));
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

/// The path of a file.
fn path(
    environment: &Environment<'_>,
    within: &Folder<'_>,
    made: &Made,
    subject: &Value,
) -> Result<String, Finding> {
    let path = environment.render_named_str("path", &made.path, subject).map_err(|error| {
        let message = format!("the path can't be rendered: {}", words(&error));
        problem(made.path_place, message, &within.help(&error))
    })?;
    match paths::is_below(&path) {
        true => Ok(path),
        false => {
            let (message, help) = paths::refused(&path);
            Err(problem(made.path_place, message, help))
        }
    }
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
