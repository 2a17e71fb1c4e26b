//! A sheet as a page: titles, properties and tables, without a medium.

mod attribute;
mod container;
mod declared;
mod event;
mod instrument;
mod meaning;
mod metric;

use super::sheet::{Place, Sheet};

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// What the page is about.
    Title(Phrase),
    /// What a part of it is about.
    Heading(Phrase),
    /// What the contract says in its own words; may have several lines.
    Docs(String),
    /// Things with a name each.
    Properties(Vec<(&'static str, Phrase)>),
    /// A table.
    Table(Table),
    /// A sentence.
    Remark(Phrase),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) columns: Vec<Phrase>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A cell: items that stand side by side or one below the other.
pub(super) type Cell = Vec<Phrase>;

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Phrase(pub(super) Vec<Piece>);

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What a stretch of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words for people.
    Words,
    /// Names and values, as they stand in the contract or on the wire.
    Code,
    /// What one reads last: places, and that nothing is there.
    Faint,
}

impl Phrase {
    pub(super) fn words(text: impl Into<String>) -> Phrase {
        Phrase::default().and_words(text)
    }

    pub(super) fn code(text: impl Into<String>) -> Phrase {
        Phrase::default().and_code(text)
    }

    pub(super) fn faint(text: impl Into<String>) -> Phrase {
        Phrase::default().and(text, Kind::Faint)
    }

    /// Words run on: where the text begins a new line is no matter.
    pub(super) fn and_words(self, text: impl Into<String>) -> Phrase {
        let text: String = text.into();
        self.and(if text.contains('\n') { text.replace('\n', " ") } else { text }, Kind::Words)
    }

    pub(super) fn and_code(self, text: impl Into<String>) -> Phrase {
        self.and(text, Kind::Code)
    }

    pub(super) fn and_place(self, place: Option<&Place>) -> Phrase {
        match place {
            Some(place) => self.and_words("  ").and(place.to_string(), Kind::Faint),
            None => self,
        }
    }

    pub(super) fn then(mut self, other: Phrase) -> Phrase {
        self.0.extend(other.0);
        self
    }

    fn and(mut self, text: impl Into<String>, kind: Kind) -> Phrase {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Piece { text, kind });
        }
        self
    }

    /// Phrases with something between them.
    pub(super) fn joined(phrases: impl IntoIterator<Item = Phrase>, between: &str) -> Phrase {
        phrases.into_iter().fold(Phrase::default(), |joined, phrase| {
            let joined = if joined.0.is_empty() { joined } else { joined.and_words(between) };
            joined.then(phrase)
        })
    }
}

impl Page {
    /// A page with its title and what the contract says of it.
    fn titled(kind: &str, name: &str, place: Option<&Place>, docs: &str) -> Page {
        let title = Phrase::words(format!("{kind} ")).and_code(name).and_place(place);
        let mut page = Page { blocks: vec![Block::Title(title)] };
        page.docs(docs);
        page
    }

    fn docs(&mut self, docs: &str) {
        if !docs.is_empty() {
            self.blocks.push(Block::Docs(docs.to_owned()));
        }
    }

    fn heading(&mut self, heading: Phrase) {
        self.blocks.push(Block::Heading(heading));
    }

    fn properties(&mut self, properties: Vec<(&'static str, Phrase)>) {
        if !properties.is_empty() {
            self.blocks.push(Block::Properties(properties));
        }
    }

    fn remark(&mut self, remark: Phrase) {
        self.blocks.push(Block::Remark(remark));
    }

    /// A table with a heading, if it has a row. Columns in which nothing stands are left out.
    fn section(&mut self, heading: &str, columns: &[&str], rows: Vec<Vec<Cell>>) {
        if rows.is_empty() {
            return;
        }
        self.heading(Phrase::words(heading));
        let columns = columns.iter().map(|column| Phrase::words(*column)).collect();
        self.blocks.push(Block::Table(Table { columns, rows }.without_empty_columns()));
    }
}

impl Table {
    fn without_empty_columns(mut self) -> Table {
        let full: Vec<bool> = (0..self.columns.len())
            .map(|at| at == 0 || self.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())))
            .collect();
        let keep = |at: usize| full.get(at).copied().unwrap_or(true);
        let mut at = 0..;
        self.columns.retain(|_| at.next().is_none_or(keep));
        for row in &mut self.rows {
            let mut at = 0..;
            row.retain(|_| at.next().is_none_or(keep));
        }
        self
    }
}

/// A cell with names or values in it.
fn codes(texts: impl IntoIterator<Item = impl Into<String>>) -> Cell {
    texts.into_iter().map(Phrase::code).filter(|phrase| !phrase.0.is_empty()).collect()
}

/// A cell with one name or value in it, or nothing.
fn code(text: impl Into<String>) -> Cell {
    codes([text])
}

/// A cell with words in it, or nothing.
fn words(text: impl Into<String>) -> Cell {
    [Phrase::words(text)].into_iter().filter(|phrase| !phrase.0.is_empty()).collect()
}

/// A cell with a place in it, or nothing.
fn place(place: Option<&Place>) -> Cell {
    place.iter().map(|place| Phrase::faint(place.to_string())).collect()
}

/// The page of a sheet.
pub(super) fn page(sheet: &Sheet) -> Page {
    match sheet {
        Sheet::Meaning(meaning) => meaning::page("meaning", meaning),
        Sheet::View(view) => meaning::page("view", view),
        Sheet::Event(event) => event::page(event),
        Sheet::Metric(metric) => metric::page(metric),
        Sheet::Span(span) => declared::page("span", span),
        Sheet::Log(log) => declared::page("log", log),
        Sheet::Entity(entity) => declared::page("entity", entity),
        Sheet::Attribute(attribute) => attribute::page(attribute),
        Sheet::Resource(resource) => container::page("resource", resource),
        Sheet::Scope(scope) => container::page("scope", scope),
    }
}
