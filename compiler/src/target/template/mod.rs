//! Files for other languages: a folder of templates, rendered with the plan of a contract.
//!
//! A folder has `template.toml`, which names the files that are made, and templates of minijinja, whose names end in `.j2`. The plan
//! is the JSON that [`plan::print`](super::plan::print) prints; whatever a contract says reaches a template as a value, and a file as
//! a literal or a comment, by the filters of `environment.rs`.

mod case;
mod comment;
mod engine;
mod environment;
mod errors;
mod language;
mod mark;
mod names;
mod paths;
mod reserved;
mod settings;

use std::collections::BTreeMap;

use slo_grammar::{FileId, Place};

use super::File;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Plan;
use crate::source::{SourceFile, SourceMap};

pub use mark::{is_rendered, is_same_origin};
use settings::Settings;

/// The file that says what is made.
pub const SETTINGS_NAME: &str = "template.toml";

/// How templates' names end.
pub const ENDING: &str = ".j2";

/// How many files a folder may have, and how many may be made.
pub const MOST_FILES: usize = 10_000;

/// How long a file of a folder may be, in bytes.
pub const MOST_BYTES: usize = 128 * 1024;

/// The stack that templates are read and rendered on, in bytes. The engine goes as deep as a template is long, `1+1+1…`: so there are
/// 2 KiB for each byte of the longest one.
const STACK: usize = 2048 * MOST_BYTES;

/// How long one file may be that is made, in bytes.
pub const MOST_OUTPUT: usize = 64 * 1024 * 1024;

/// How long all files together may be, in bytes.
pub const MOST_OUTPUT_OF_ALL: usize = 256 * 1024 * 1024;

/// A file of a folder of templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// Its path below the folder, with `/` on every system.
    pub path: String,
    /// The name that a person at this machine knows it by.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a folder of templates makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The files.
    pub files: Vec<File>,
    /// The first line of each of them, by which those are known that were made before.
    pub first_line: String,
}

/// Renders a folder of templates with a plan. Where it can't be done, the findings say why; their places stand in `sources`.
///
/// # Errors
/// Gives the findings.
pub fn render(
    plan: &Plan<'_>,
    folder: &[TemplateFile],
    sources: &mut SourceMap,
) -> Result<Rendered, Vec<Diagnostic>> {
    let mut ids: BTreeMap<&str, FileId> = BTreeMap::new();
    for file in folder {
        let (path, name, text) = (file.path.clone(), file.name.clone(), file.text.as_str().into());
        ids.insert(&file.path, sources.add(SourceFile { path, name, root: 0, text, owner: None }));
    }
    let Some(settings) = folder.iter().find(|file| file.path == SETTINGS_NAME) else {
        let first = ids.values().next().copied().unwrap_or(FileId(0));
        return Err(vec![
            Diagnostic::new(Code::BadTemplates, Place::new(first, 0, 0), format!("the folder has no `{SETTINGS_NAME}`"))
                .help(format!(
                    "`{SETTINGS_NAME}` names what is made: `name = \"go\"`, `plan = {}`, and a `[[file]]` with `template`, `path` and `each` for each kind of file",
                    super::plan::FORMAT
                )),
        ]);
    };
    let file = ids.get(SETTINGS_NAME).copied().unwrap_or(FileId(0));
    let settings = Settings::read(file, &settings.text, folder)?;
    let sources = &*sources;
    let rendered = std::thread::scope(|scope| {
        let render = || engine::render(plan, &settings, folder, &ids, sources);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, render);
        let thread = thread.map_err(|error| error.to_string())?;
        thread.join().map_err(|_| "the engine of templates failed".to_owned())
    });
    match rendered {
        Ok(rendered) => rendered.map_err(|finding| vec![*finding]),
        Err(error) => {
            let message = format!("the templates can't be rendered: {error}");
            let help = "there may be too little memory: 256 MiB of addresses are needed";
            Err(vec![Diagnostic::new(Code::Template, Place::new(file, 0, 0), message).help(help)])
        }
    }
}
