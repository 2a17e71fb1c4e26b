//! What was read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::asked::Asked;
use crate::{expression, limits};

/// The rules and dashboards of a folder.
#[derive(Debug, Default)]
pub struct Readers {
    pub(crate) files: Vec<File>,
    pub(crate) queries: Vec<Query>,
    /// The series that rules record, with their labels where these are known.
    pub(crate) recorded: BTreeMap<String, Option<BTreeSet<String>>>,
    pub(crate) unread: Vec<Unread>,
    /// How many parts more can't be read than are told of.
    pub(crate) more_unread: usize,
}

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    /// What a person knows it by.
    pub(crate) name: String,
    /// Its path in the folder.
    pub(crate) path: String,
    pub(crate) text: Arc<str>,
    /// Whether it holds rules or a dashboard.
    pub(crate) is_reader: bool,
}

/// An expression.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) at: At,
    /// Who asks, as a message names them.
    pub(crate) by: String,
    pub(crate) asked: Asked,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub(crate) struct At {
    /// The file's number.
    pub(crate) file: usize,
    pub(crate) range: Range<usize>,
}

/// What can't be read.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) at: At,
    pub(crate) why: String,
}

impl Readers {
    /// How many files hold rules or dashboards.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.iter().filter(|file| file.is_reader).count()
    }

    /// How many files hold neither, of those that can be read.
    #[must_use]
    pub fn other_count(&self) -> usize {
        let unread: BTreeSet<usize> = self.unread.iter().map(|unread| unread.at.file).collect();
        let others = self
            .files
            .iter()
            .enumerate()
            .filter(|(number, file)| !file.is_reader && !unread.contains(number));
        others.count()
    }

    /// How many expressions were read.
    #[must_use]
    pub fn expression_count(&self) -> usize {
        self.queries.len()
    }

    /// How many parts of how many files can't be read.
    #[must_use]
    pub fn unread_count(&self) -> (usize, usize) {
        let files: BTreeSet<usize> = self.unread.iter().map(|unread| unread.at.file).collect();
        (self.unread.len() + self.more_unread, files.len())
    }

    pub(crate) fn unread(&mut self, at: At, why: impl Into<String>) {
        if self.unread.len() < limits::UNREAD {
            self.unread.push(Unread { at, why: why.into() });
        } else {
            self.more_unread += 1;
        }
    }

    /// Reads an expression; what is no expression is said. `is_templated` is whether it has variables of a dashboard.
    pub(crate) fn expression(
        &mut self,
        text: &str,
        at: At,
        by: String,
        is_templated: bool,
    ) -> Option<&Query> {
        if self.queries.len() >= limits::EXPRESSIONS {
            let why =
                format!("there are more than {} expressions, and this one isn't read", limits::EXPRESSIONS);
            self.unread(at, why);
            return None;
        }
        match expression::read(text, is_templated) {
            Ok(asked) => {
                if asked.has_variable_name {
                    self.unread(at.clone(), format!("{by} asks for a series whose name is a variable"));
                }
                self.queries.push(Query { at, by, asked });
                self.queries.last()
            }
            Err(why) => {
                self.unread(at, format!("the expression of {by} can't be read: {why}"));
                None
            }
        }
    }
}

/// A name from a file, as a message shows it: short, and in one line.
pub(crate) fn shown(name: &str) -> String {
    let plain: String =
        name.chars().map(|one| if one.is_control() || one == '`' { ' ' } else { one }).collect();
    let plain = plain.trim();
    match plain.char_indices().nth(limits::TITLE) {
        Some((end, _)) => format!("{}…", plain.get(..end).unwrap_or_default()),
        None => plain.to_owned(),
    }
}
