//! What the style asks of each token, as far as the text says it before anything is printed.

use crate::token::{Tokens, is_doc, is_key, kind};
use crate::{Entry, EventEntry, Field, Item, SyntaxTree};

/// Whether a line ends before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It goes on.
    On,
    /// It ends at top level, and where the brackets around are broken: there begins an item, or the bracket closes.
    Item,
    /// It ends in the midst of an item: what follows is indented.
    Continued,
}

/// What a pair of brackets holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Entries, a line each; a comma goes on.
    Block,
    /// Items with a comma or a line's end between them.
    List,
    /// Values with commas.
    Values,
    /// The fields of a payload, with commas.
    Payload,
    /// Tests, joined by `and`.
    Tests,
    /// One word.
    Word,
}

/// A token that is printed: any but ends of lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    token: u32,
    pub(super) kind: u8,
    pub(super) line: Line,
    /// Whether a blank stands before it where the line goes on.
    pub(super) blank: bool,
    /// How many ends of lines stand before it, behind the last comment; at most two.
    pub(super) lines: u8,
    /// Whether the text has a line's end before it, and whether that may end something.
    breaks: (bool, bool),
    /// What an opening bracket holds.
    pub(super) shape: Shape,
    /// Whether an opening bracket's items have lines of their own, because the text has them so.
    pub(super) broken: bool,
    /// Whether they get such where the line is too wide otherwise.
    pub(super) may_break: bool,
    /// The bracket that is open around it; for a closing one, that which it closes.
    around: Option<u32>,
    /// How wide all units are up to its end, on one line.
    width: usize,
    /// The first unit from here behind which a line may end.
    stop: u32,
    /// How many comments stand before it in the file.
    comments: u32,
}

/// A bracket that is open.
struct Open {
    number: usize,
    /// Whether a line ends directly in it.
    directly: bool,
    /// Whether a line ends in it, or in brackets in it.
    anywhere: bool,
    /// How many lines its items would have, the closing bracket's included.
    items: usize,
}

/// A comment that is no doc.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    /// How many ends of lines stand before it; at most two.
    pub(super) lines: u8,
}

/// The units of a file that has no errors, and its comments.
pub(super) struct Units<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    units: Vec<Unit>,
    comments: Vec<Comment<'t>>,
}

impl<'t> Units<'t> {
    pub(super) fn of(tree: &'t SyntaxTree) -> Units<'t> {
        let (units, comments) = (Vec::with_capacity(tree.tokens.len()), Vec::new());
        let mut units = Units { text: &tree.text, tokens: &tree.tokens, units, comments };
        units.read();
        units.arrange(&tree.items);
        units.measure();
        units
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Unit> {
        self.units.get(number)
    }

    pub(super) fn kind(&self, number: usize) -> u8 {
        self.get(number).map_or(0, |unit| unit.kind)
    }

    fn kind_before(&self, number: usize) -> u8 {
        number.checked_sub(1).map_or(0, |before| self.kind(before))
    }

    pub(super) fn text(&self, unit: &Unit) -> &'t str {
        let text = self.text.get(self.tokens.place(unit.token as usize)).unwrap_or("");
        // Blanks at the end of a doc say nothing.
        if is_doc(unit.kind) { text.trim_end() } else { text }
    }

    /// The comments before a unit; behind the last one, those at the end of the file.
    pub(super) fn comments_before(&self, number: usize) -> &[Comment<'t>] {
        let from = number.checked_sub(1).map_or(0, |before| self.units[before].comments as usize);
        let to = self.get(number).map_or(self.comments.len(), |unit| unit.comments as usize);
        &self.comments[from..to]
    }

    /// How much wider a line becomes by a bracket, up to where it may end next, if all that stands in it stays on the
    /// line.
    pub(super) fn width_from(&self, open: usize) -> usize {
        let before = open.checked_sub(1).map_or(0, |before| self.units[before].width);
        let close = self.units[open].stop as usize;
        let stop = self.units[close].stop as usize;
        let brace = if self.kind(stop + 1) == b'{' { " {".len() } else { 0 };
        self.units[stop].width - before + brace
    }

    /// Lists the units and the comments.
    fn read(&mut self) {
        let mut last = 0;
        for token in 0..=self.tokens.len() {
            for place in self.tokens.comments_before(token) {
                let lines = lines(&self.text[last..place.start]);
                last = place.end;
                self.comments.push(Comment { text: self.text[place].trim_end(), lines });
            }
            let kind = self.tokens.at(token);
            if kind == kind::LINE_END || token == self.tokens.len() {
                continue;
            }
            let place = self.tokens.place(token);
            let lines = lines(&self.text[last..place.start]);
            last = place.end;
            // What stands before a comma or a `{` stands behind it, where a line may end.
            let comments = match self.units.last() {
                Some(before) if matches!(kind, b',' | b'{') => before.comments,
                _ => self.comments.len() as u32,
            };
            let ended = token > 0 && self.tokens.at(token - 1) == kind::LINE_END;
            self.units.push(Unit {
                token: token as u32,
                kind,
                line: Line::On,
                blank: false,
                lines,
                breaks: (ended || lines > 0, ended),
                shape: Shape::Word,
                broken: false,
                may_break: false,
                around: None,
                width: 0,
                stop: 0,
                comments,
            });
        }
    }

    /// Finds what brackets hold, which of them the text has broken, and where lines may end.
    fn arrange(&mut self, items: &[Item]) {
        let spaced = constants(self.tokens, items);
        let mut items = items.iter().peekable();
        // Whether the item at hand holds entries.
        let mut entries = false;
        let mut open: Vec<Open> = Vec::new();
        for number in 0..self.units.len() {
            let unit = self.units[number];
            let begins = items.next_if(|item| item.tokens().start == unit.token);
            if let Some(item) = begins {
                use Item::{Event, Group, Policy, Resource, Scope};
                entries = matches!(item, Event(_) | Group(_) | Policy(_) | Resource(_) | Scope(_));
            }
            let commented = !self.comments_before(number).is_empty();
            let breaks = unit.breaks.0 || commented;
            let around = open.last().map(|open| open.number);
            let shape = around.map(|around| self.units[around].shape);
            let line = match self.line(number, shape) {
                _ if begins.is_some() => Line::Item,
                Line::On if commented => Line::Continued,
                line => line,
            };
            if let Some(open) = open.last_mut() {
                open.directly |= breaks;
                open.anywhere |= breaks;
                open.items += usize::from(line == Line::Item);
            }
            let spaced = match unit.kind {
                // Of an option after a member's colon, as of any other, none.
                b'=' if shape == Some(Shape::List) => number < 2 || self.kind(number - 2) != b':',
                b'=' => spaced.binary_search(&unit.token).is_ok(),
                _ => number > 0 && self.units[number - 1].blank,
            };
            let blank = self.blank(number, spaced);
            match unit.kind {
                b'{' | b'[' | b'(' => {
                    let shape = self.shape(number, open.is_empty() && entries);
                    self.units[number].shape = shape;
                    open.push(Open { number, directly: false, anywhere: false, items: 0 });
                }
                b'}' | b']' | b')' => {
                    if let Some(closed) = open.pop() {
                        self.close(number, &closed);
                        if let Some(around) = open.last_mut() {
                            around.anywhere |= closed.anywhere;
                        }
                    }
                }
                _ => {}
            }
            let unit = &mut self.units[number];
            (unit.around, unit.line, unit.blank) = (around.map(|around| around as u32), line, blank);
        }
    }

    /// Notes of a bracket where it closes, and whether it is broken.
    fn close(&mut self, closer: usize, open: &Open) {
        let empty = closer == open.number + 1;
        let commented = !self.comments_before(closer).is_empty();
        let unit = &mut self.units[open.number];
        unit.stop = closer as u32;
        unit.broken = match unit.shape {
            _ if empty && !commented => false,
            Shape::Block | Shape::List => open.anywhere,
            Shape::Values | Shape::Payload | Shape::Tests => open.directly,
            Shape::Word => false,
        };
        unit.may_break = match unit.shape {
            Shape::Block | Shape::List => !empty,
            // One field is not worth lines of its own, nor are fields between which a list is on several lines.
            Shape::Payload => open.items > 2 && !open.anywhere,
            Shape::Values | Shape::Tests | Shape::Word => false,
        };
    }

    fn shape(&self, open: usize, entries: bool) -> Shape {
        match (self.kind(open), self.kind_before(open)) {
            (b'{', _) if entries => Shape::Block,
            (b'{', _) => Shape::List,
            (b'[', _) => Shape::Values,
            (_, b'=') => Shape::Tests,
            _ if self.kind(open + 1) == b')' || self.kind(open + 2) == b':' => Shape::Payload,
            _ => Shape::Word,
        }
    }

    /// Whether a line ends before a unit that brackets of this shape hold; none do at top level.
    fn line(&self, number: usize, shape: Option<Shape>) -> Line {
        let unit = &self.units[number];
        let (breaks, ended) = unit.breaks;
        let before = self.kind_before(number);
        let comma = before == b',';
        // The reason of a `lossy` may stand on a line of its own.
        let is_reason = || before == b'}' && unit.kind == kind::TEXT;
        let item = match shape {
            Some(Shape::Word) => false,
            _ if is_doc(unit.kind) || is_doc(before) || is_closing(unit.kind) || is_opening(before) => true,
            None => false,
            Some(Shape::Block) => ended,
            Some(Shape::List) => comma || (ended && !is_reason()),
            Some(Shape::Values) => comma,
            Some(Shape::Payload) => comma && self.kind(number + 1) == b':',
            Some(Shape::Tests) => unit.kind == kind::AND,
        };
        match shape {
            _ if item => Line::Item,
            None | Some(Shape::Block) if comma && breaks => Line::Continued,
            _ => Line::On,
        }
    }

    /// Whether a blank stands before a unit where the line goes on; `spaced` says it of a `=` and what follows one.
    fn blank(&self, number: usize, spaced: bool) -> bool {
        let array = |before| {
            self.kind(number + 1) == b']' && (before == b'}' || (is_key(before) && before != kind::IN))
        };
        match (self.kind_before(number), self.kind(number)) {
            (0, _) | (b'{', b'}') => false,
            (b'{', _) | (_, b'}') => true,
            (_, b',' | b':' | b'?' | b')' | b']' | b'<' | b'>' | b'(' | kind::DOTS) => false,
            (b'(' | b'[' | b'<' | kind::ELLIPSIS | kind::DOTS, _) => false,
            (b'=', _) | (_, b'=') => spaced,
            (before, b'[') => !array(before),
            _ => true,
        }
    }

    /// Works out widths, and where lines may end.
    fn measure(&mut self) {
        let mut width = 0;
        for number in 0..self.units.len() {
            let unit = self.units[number];
            // A comma before a closing bracket doesn't stay on its line.
            let dropped = unit.kind == b',' && is_closing(self.kind(number + 1));
            if !dropped {
                width += self.text(&unit).chars().count() + usize::from(unit.blank);
            }
            self.units[number].width = width;
        }
        let mut stop = self.units.len().saturating_sub(1);
        for number in (0..self.units.len()).rev() {
            // Of an opening bracket, its closing one was noted.
            if !is_opening(self.kind(number)) {
                self.units[number].stop = stop as u32;
            }
            if number > 0 && (self.kind(number) == b'{' || self.may_end_before(number)) {
                stop = number - 1;
            }
        }
    }

    fn may_end_before(&self, number: usize) -> bool {
        let unit = &self.units[number];
        let around = unit.around.map(|around| &self.units[around as usize]);
        match unit.line {
            Line::On => false,
            Line::Continued => true,
            Line::Item => around.is_none_or(|around| around.broken || around.may_break),
        }
    }
}

pub(super) const fn is_opening(kind: u8) -> bool {
    matches!(kind, b'{' | b'[' | b'(')
}

pub(super) const fn is_closing(kind: u8) -> bool {
    matches!(kind, b'}' | b']' | b')')
}

/// The tokens `=` before what a field always is, which no other `=` behind a `:` looks like.
fn constants(tokens: &Tokens, items: &[Item]) -> Vec<u32> {
    let mut found = Vec::new();
    let mut see = |field: &Field| {
        if let Some(value) = &field.value {
            found.push(tokens.within(value.place.range()).start.saturating_sub(1));
        }
    };
    for item in items {
        match item {
            Item::Event(event) => {
                for entry in &event.entries {
                    if let EventEntry::Field(field) = entry {
                        see(field);
                    }
                }
            }
            Item::Group(group) => {
                for entry in &group.entries {
                    if let Entry::Field(field) = entry {
                        see(field);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// How many lines end among blanks; two stand for all that are more.
fn lines(blanks: &str) -> u8 {
    let bytes = blanks.as_bytes();
    let ends = (0..bytes.len()).filter(|at| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.take(2).count() as u8
}
