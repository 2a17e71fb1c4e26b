//! Decides which lines end, and writes them.

use super::WIDTH;
use super::units::{Line, Shape, Unit, Units, is_closing, is_opening};

/// A text as lines, before columns are made.
#[derive(Default)]
pub(super) struct Lines {
    /// All that stands in the lines, without indents and ends of lines.
    pub(super) text: String,
    pub(super) lines: Vec<Printed>,
}

/// A line.
#[derive(Clone, Copy)]
pub(super) struct Printed {
    /// Where its text begins.
    pub(super) start: usize,
    /// How many levels it is indented by.
    pub(super) indent: usize,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
    /// Whether it begins with a closing bracket.
    pub(super) closes: bool,
    /// Where the name of its item ends and its column begins, if it has one.
    pub(super) column: Option<usize>,
    /// Where the comment at its end begins.
    pub(super) comment: Option<usize>,
}

/// How many blanks a level is indented by.
pub(super) const INDENT: usize = 4;

/// The deepest level, so that no text grows without measure by brackets in brackets.
const LEVELS: usize = 8;

/// The lines of a file.
pub(super) fn print(units: &Units<'_>) -> Lines {
    let mut printer = Printer { units, lines: Lines::default(), width: 0, open: Vec::new(), column: None };
    for (number, unit) in (0..units.len()).filter_map(|number| Some((number, units.get(number)?))) {
        printer.unit(number, unit);
    }
    printer.comments(units.len(), Line::Item, 0, units.len() == 0);
    printer.lines
}

/// Brackets that are open.
struct Open {
    shape: Shape,
    broken: bool,
    /// The level of the line that they stand on.
    level: usize,
}

struct Printer<'u, 't> {
    units: &'u Units<'t>,
    lines: Lines,
    /// How wide the line is that is being written.
    width: usize,
    open: Vec<Open>,
    /// The unit with which the column of the item at hand begins.
    column: Option<usize>,
}

impl Printer<'_, '_> {
    fn unit(&mut self, number: usize, unit: &Unit) {
        let before = number.checked_sub(1).map_or(0, |before| self.units.kind(before));
        let closes = is_closing(unit.kind);
        let (shape, broken, level) = match self.open.last() {
            Some(open) => (Some(open.shape), open.broken, open.level + 1),
            None => (None, true, 0),
        };
        if unit.kind == b',' && self.is_dropped(number, shape, broken) {
            return;
        }
        if closes && broken && before != b',' && !is_opening(before) {
            // The last one has its comma as the others have theirs.
            if let Some(Shape::Values | Shape::Payload) = shape {
                self.push(",");
            }
        }
        let inner = level + usize::from(unit.line == Line::Continued);
        let first = before == 0 || is_opening(before);
        let first = !self.comments(number, unit.line, inner, first) && first;
        match unit.line {
            Line::Item if broken && closes => self.line(level.saturating_sub(1), false, true),
            Line::Item if broken => {
                self.line(inner, unit.lines > 1 && !first, false);
                self.column = match (shape, self.units.kind(number + 1)) {
                    (Some(Shape::Block | Shape::Payload), b':') => Some(number + 2),
                    (Some(Shape::List), b'=') => Some(number + 1),
                    _ => None,
                };
            }
            Line::Continued => self.line(inner, false, false),
            _ => {
                if let Some(line) = self.lines.lines.last_mut().filter(|_| self.column == Some(number)) {
                    line.column = Some(self.lines.text.len());
                }
                if unit.blank {
                    self.push(" ");
                }
            }
        }
        if closes {
            self.open.pop();
        } else if is_opening(unit.kind) {
            let broken = unit.broken || (unit.may_break && self.is_too_wide(number, unit));
            let level = self.lines.lines.last().map_or(0, |line| line.indent);
            self.open.push(Open { shape: unit.shape, broken, level });
        }
        self.push(self.units.text(unit));
    }

    /// Whether a comma is not printed: a line's end stands for it, or nothing follows.
    fn is_dropped(&self, number: usize, shape: Option<Shape>, broken: bool) -> bool {
        let last = is_closing(self.units.kind(number + 1));
        match shape {
            None | Some(Shape::Block) => false,
            Some(Shape::List) => broken || last,
            Some(_) => !broken && last,
        }
    }

    /// Whether the line gets too wide if all that stands in brackets stays on it. Where what the braces around these
    /// hold does stay on it, so does this.
    fn is_too_wide(&self, number: usize, unit: &Unit) -> bool {
        let around = self.open.iter().rev().find(|open| matches!(open.shape, Shape::Block | Shape::List));
        let width = self.width + self.units.width_from(number) - usize::from(unit.blank);
        around.is_none_or(|around| around.broken) && width > WIDTH
    }

    /// Writes the comments before a unit; says whether one has a line of its own. `first` says that nothing stands above
    /// them among brackets, or at all.
    fn comments(&mut self, number: usize, line: Line, level: usize, first: bool) -> bool {
        let mut begun = false;
        for (index, comment) in self.units.comments_before(number).iter().enumerate() {
            match self.lines.lines.last_mut() {
                Some(last) if index == 0 && comment.lines == 0 => last.comment = Some(self.lines.text.len()),
                _ => {
                    let blank = comment.lines > 1 && line == Line::Item && (begun || !first);
                    self.line(level, blank, false);
                    begun = true;
                }
            }
            self.push(comment.text);
        }
        begun
    }

    fn line(&mut self, level: usize, blank: bool, closes: bool) {
        let (start, indent) = (self.lines.text.len(), level.min(LEVELS));
        self.lines.lines.push(Printed { start, indent, blank, closes, column: None, comment: None });
        self.width = indent * INDENT;
    }

    fn push(&mut self, text: &str) {
        self.lines.text.push_str(text);
        self.width += text.chars().count();
    }
}
