//! Puts what belongs together below each other, and the lines together.

use std::ops::Range;

use super::WIDTH;
use super::print::{INDENT, Lines, Printed};

/// The widest name that others are moved for.
const NAME: usize = 40;

/// The text of the lines, with their columns.
pub(super) fn align(lines: &Lines) -> String {
    let columns = runs(lines, |number| lines.column(number));
    let widths = |number: usize| {
        let comment = lines.lines[number].comment?;
        let width = lines.width(number, comment) + columns[number];
        (width <= WIDTH).then_some(width)
    };
    let comments = runs(lines, widths);
    let mut text = String::with_capacity(lines.text.len() * 5 / 4);
    let blanks = |text: &mut String, count| text.extend(std::iter::repeat_n(' ', count));
    for (number, line) in lines.lines.iter().enumerate() {
        if line.blank {
            text.push('\n');
        }
        blanks(&mut text, line.indent * INDENT);
        let place = lines.place(number);
        let comment = line.comment.unwrap_or(place.end);
        let column = line.column.unwrap_or(comment);
        text.push_str(&lines.text[place.start..column]);
        blanks(&mut text, columns[number]);
        text.push_str(&lines.text[column..comment]);
        if line.comment.is_some() {
            blanks(&mut text, comments[number] + 1);
            text.push_str(&lines.text[comment..place.end]);
        }
        text.push('\n');
    }
    text
}

impl Lines {
    /// Where a line stands in the text.
    fn place(&self, number: usize) -> Range<usize> {
        let end = self.lines.get(number + 1).map_or(self.text.len(), |next| next.start);
        self.lines[number].start..end
    }

    /// How wide a line is up to some byte.
    fn width(&self, number: usize, end: usize) -> usize {
        let line = &self.lines[number];
        line.indent * INDENT + self.text[line.start..end].chars().count()
    }

    /// How wide the name is before a line's column. An item of several lines has none.
    fn column(&self, number: usize) -> Option<usize> {
        let line = &self.lines[number];
        let ends = |next: &Printed| next.indent < line.indent || (next.indent == line.indent && !next.closes);
        let width = self.width(number, line.column?) - line.indent * INDENT;
        (width <= NAME && self.lines.get(number + 1).is_none_or(ends)).then_some(width)
    }
}

/// How many blanks each line gets so that it is as wide as the widest of its run: of neighbouring lines of one indent
/// that all have a width.
fn runs(lines: &Lines, width: impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let mut blanks = vec![0; lines.lines.len()];
    let mut run: Vec<(usize, usize)> = Vec::new();
    let mut finish = |run: &mut Vec<(usize, usize)>| {
        let widest = run.iter().map(|(_, width)| *width).max().unwrap_or(0);
        run.drain(..).for_each(|(number, width)| blanks[number] = widest - width);
    };
    for (number, line) in lines.lines.iter().enumerate() {
        let goes_on =
            !line.blank && run.last().is_some_and(|(last, _)| lines.lines[*last].indent == line.indent);
        if !goes_on {
            finish(&mut run);
        }
        match width(number) {
            Some(width) => run.push((number, width)),
            None => finish(&mut run),
        }
    }
    finish(&mut run);
    blanks
}
