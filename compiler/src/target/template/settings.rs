//! `template.toml`: which files are made, of which templates.

use slo_grammar::{FileId, Place};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mark::COMMENTS;
use super::{ENDING, MOST_FILES, TemplateFile};
use crate::diagnostic::{Code, Diagnostic};
use crate::target::plan::FORMAT;
use crate::text::{either, nearest};

/// What a folder of templates says.
#[derive(Debug)]
pub(super) struct Settings {
    /// What the templates are called in the first line of each file: two of other names may write into one folder.
    pub(super) name: String,
    /// How a comment begins in the files that are made.
    pub(super) comment: String,
    /// Names that no package and no event may have in a path.
    pub(super) taken: Vec<String>,
    pub(super) files: Vec<Made>,
}

/// A kind of file that is made.
#[derive(Debug)]
pub(super) struct Made {
    /// The template's path in the folder.
    pub(super) template: String,
    /// The template of the file's path.
    pub(super) path: String,
    /// Where it stands between its quotes.
    pub(super) path_place: Place,
    pub(super) each: Each,
}

/// What a file is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Contract,
    Package,
    Event,
}

const EACH: [(&str, Each); 3] =
    [("contract", Each::Contract), ("package", Each::Package), ("event", Each::Event)];

const KEYS: [&str; 5] = ["name", "plan", "comment", "taken", "file"];
const KEYS_OF_FILE: [&str; 3] = ["template", "path", "each"];

struct Reading<'r> {
    file: FileId,
    folder: &'r [TemplateFile],
    findings: Vec<Diagnostic>,
}

impl Settings {
    pub(super) fn read(
        file: FileId,
        text: &str,
        folder: &[TemplateFile],
    ) -> Result<Settings, Vec<Diagnostic>> {
        let mut reading = Reading { file, folder, findings: Vec::new() };
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let words = error.message().replace('\n', " ");
                reading.error(
                    error.span().unwrap_or(0..0),
                    format!("this is no TOML: {words}"),
                    "a text stands in quotes, a list in `[…]`, and a key before `=`",
                );
                return Err(reading.findings);
            }
        };
        let settings = reading.settings(table.get_ref());
        if reading.findings.is_empty() { Ok(settings) } else { Err(reading.findings) }
    }
}

impl Reading<'_> {
    fn place(&self, range: std::ops::Range<usize>) -> Place {
        Place::new(self.file, range.start as u32, range.end as u32)
    }

    fn error(&mut self, range: std::ops::Range<usize>, message: String, help: &str) {
        let place = self.place(range);
        self.findings.push(Diagnostic::new(Code::BadTemplates, place, message).help(help));
    }

    fn keys(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                self.error(
                    key.span(),
                    format!("there is no key `{name}` here"),
                    &format!("{near}the keys are {}", crate::text::list(known)),
                );
            }
        }
    }

    fn settings(&mut self, table: &DeTable<'_>) -> Settings {
        self.keys(table, &KEYS);
        match table.get("plan") {
            None => self.error(
                0..0,
                "`plan` is missing: the number of the plan's format that the templates are written for"
                    .to_owned(),
                &format!("write `plan = {FORMAT}`"),
            ),
            Some(number) => {
                let is = number.get_ref().as_integer().and_then(|number| number.as_str().parse::<u32>().ok());
                if is != Some(FORMAT) {
                    self.error(
                        number.span(),
                        format!("this release writes plans of format {FORMAT}, and the templates are for another"),
                        &format!("hold the templates to docs/templates.md and write `plan = {FORMAT}`, or use the release that they are for"),
                    );
                }
            }
        }
        let fits = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '-' | '.');
        let named = table.get("name");
        let name = named.and_then(|name| name.get_ref().as_str());
        let name = name.filter(|name| !name.is_empty() && name.len() <= 64 && name.chars().all(fits));
        if name.is_none() {
            self.error(
                named.map_or(0..0, Spanned::span),
                "`name` is missing, or is no name: it stands in the first line of each file".to_owned(),
                "write letters, digits, `_`, `-` and `.`, such as `name = \"go\"`",
            );
        }
        let name = name.unwrap_or_default().to_owned();
        let comment = self.comment(table);
        let mut taken = Vec::new();
        if let Some(list) = table.get("taken") {
            for element in list.get_ref().as_array().into_iter().flat_map(|list| list.iter()) {
                match element.get_ref().as_str() {
                    Some(name) => taken.push(name.to_owned()),
                    None => self.error(
                        element.span(),
                        "`taken` lists texts in quotes".to_owned(),
                        "write it like `taken = [\"main\"]`",
                    ),
                }
            }
            if !list.get_ref().is_array() {
                self.error(
                    list.span(),
                    "`taken` is a list of texts in quotes".to_owned(),
                    "write it like `taken = [\"main\"]`",
                );
            }
        }
        let mut files = Vec::new();
        match table.get("file").map(|files| (files, files.get_ref().as_array())) {
            Some((_, Some(list))) if !list.is_empty() && list.len() <= MOST_FILES => {
                for element in list.iter() {
                    files.extend(self.made(element));
                }
            }
            Some((value, _)) => self.error(
                value.span(),
                "`file` is a list of tables".to_owned(),
                "write `[[file]]`, and below it `template`, `path` and `each`",
            ),
            None => self.error(
                0..0,
                "no file is made".to_owned(),
                "write `[[file]]`, and below it `template`, `path` and `each`",
            ),
        }
        Settings { name, comment, taken, files }
    }

    fn comment(&mut self, table: &DeTable<'_>) -> String {
        let known: Vec<&str> = COMMENTS.iter().map(|(start, _)| *start).collect();
        let Some(comment) = table.get("comment") else { return "//".to_owned() };
        match comment.get_ref().as_str().filter(|text| known.contains(text)) {
            Some(text) => text.to_owned(),
            None => {
                self.error(
                    comment.span(),
                    "`comment` is how a comment begins in the files, by which slo knows its own files again"
                        .to_owned(),
                    &format!("write {}", either(&known)),
                );
                String::new()
            }
        }
    }

    fn made(&mut self, element: &Spanned<DeValue<'_>>) -> Option<Made> {
        let Some(table) = element.get_ref().as_table() else {
            self.error(
                element.span(),
                "`file` is a list of tables".to_owned(),
                "write `[[file]]`, and below it `template`, `path` and `each`",
            );
            return None;
        };
        self.keys(table, &KEYS_OF_FILE);
        let mut text = |name: &str, example: &str| match table.get(name) {
            Some(value) if value.get_ref().is_str() => {
                let text = value.get_ref().as_str().unwrap_or_default().to_owned();
                Some((text, value.span()))
            }
            Some(value) => {
                self.error(
                    value.span(),
                    format!("`{name}` is a text in quotes"),
                    &format!("write it like `{example}`"),
                );
                None
            }
            None => {
                self.error(
                    element.span(),
                    format!("`{name}` is missing"),
                    &format!("write it like `{example}`"),
                );
                None
            }
        };
        let template = text("template", "template = \"package.go.j2\"");
        let path = text("path", "path = \"{{ stem }}/names.go\"");
        let each = text("each", "each = \"package\"");
        let ((template, template_span), (path, path_span), (each, each_span)) = (template?, path?, each?);
        let mut templates =
            self.folder.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(ENDING));
        if !templates.clone().any(|path| path == template) {
            let near = nearest(&template, &mut templates);
            let help = near.map_or_else(
                || format!("name a file of this folder that ends in `{ENDING}`, with `/` between folders"),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(template_span, format!("the folder has no template `{template}`"), &help);
        }
        let Some((_, each)) = EACH.into_iter().find(|(name, _)| *name == each) else {
            let names: Vec<&str> = EACH.iter().map(|(name, _)| *name).collect();
            self.error(
                each_span,
                format!("a file is made for each {}, not for each `{each}`", either(&names)),
                "`contract` makes one file, `package` and `event` one for each",
            );
            return None;
        };
        Some(Made { template, path, path_place: self.place(path_span), each })
    }
}
