//! For people at a terminal.

use unicode_width::UnicodeWidthStr;

use super::super::page::{Block, Cell, Kind, Page, Phrase, Table};
use super::lines;
use crate::text::visible;

/// How far apart columns stand.
const GAP: usize = 2;

/// How wide a column may grow in a table that is wider than the terminal. A longer cell keeps its text, and the rest of
/// its row goes on below.
const WIDEST: usize = 48;

/// Pages one below the other.
pub(in crate::show) fn terminal(pages: &[Page], color: bool, width: usize) -> String {
    let mut writer = Writer { text: String::new(), color, width };
    for (number, page) in pages.iter().enumerate() {
        if number > 0 {
            writer.text.push('\n');
        }
        let mut before = None;
        for block in &page.blocks {
            if before.is_some_and(|before| apart(before, block)) {
                writer.text.push('\n');
            }
            writer.block(block);
            before = Some(block);
        }
    }
    writer.text
}

/// Whether a line is left free between two blocks.
const fn apart(before: &Block, block: &Block) -> bool {
    match block {
        Block::Title(_) | Block::Heading(_) => true,
        Block::Docs(_) | Block::Properties(_) => false,
        Block::Table(_) => !matches!(before, Block::Heading(_)),
        Block::Remark(_) => matches!(before, Block::Table(_) | Block::Properties(_)),
    }
}

/// How a stretch of text looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Faint,
}

/// Text that fits on a line, and how it looks.
#[derive(Clone, Default)]
struct Line(Vec<(String, Look)>);

impl Line {
    fn of(phrase: &Phrase, look: Look) -> Line {
        let pieces = phrase.0.iter().map(|piece| {
            let look = if piece.kind == Kind::Faint { Look::Faint } else { look };
            (visible(&piece.text), look)
        });
        Line(pieces.collect())
    }

    fn width(&self) -> usize {
        self.0.iter().map(|(text, _)| text.width()).sum()
    }
}

struct Writer {
    text: String,
    color: bool,
    width: usize,
}

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(title) | Block::Heading(title) => self.line(&Line::of(title, Look::Bold)),
            Block::Docs(docs) => {
                for line in lines(docs) {
                    self.line(&Line(vec![(visible(line), Look::Plain)]));
                }
            }
            Block::Properties(properties) => {
                let widest = properties.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
                for (name, property) in properties {
                    let space = " ".repeat(widest - name.width() + GAP);
                    let mut line = Line(vec![(format!("  {name}{space}"), Look::Faint)]);
                    line.0.extend(Line::of(property, Look::Plain).0);
                    self.line(&line);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Remark(remark) => self.line(&Line::of(remark, Look::Faint)),
        }
    }

    fn line(&mut self, line: &Line) {
        self.put(line);
        self.end_line();
    }

    fn put(&mut self, line: &Line) {
        for (text, look) in &line.0 {
            let (before, behind) = match look {
                _ if !self.color => ("", ""),
                Look::Plain => ("", ""),
                Look::Bold => ("\u{1b}[1m", "\u{1b}[0m"),
                Look::Faint => ("\u{1b}[2m", "\u{1b}[0m"),
            };
            self.text.push_str(before);
            self.text.push_str(text);
            self.text.push_str(behind);
        }
    }

    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    /// Rows of one line each, if they fit the terminal; else the items of a cell stand one below the other, and a cell
    /// that is still too wide has the rest of its row go on below.
    fn table(&mut self, table: &Table) {
        let columns: Vec<Vec<Line>> =
            table.columns.iter().map(|column| vec![Line::of(column, Look::Bold)]).collect();
        let mut rows: Vec<Vec<Vec<Line>>> =
            table.rows.iter().map(|row| row.iter().map(side_by_side).collect()).collect();
        let mut widths = widths(&columns, &rows);
        if total(&widths) > self.width {
            rows = table.rows.iter().map(|row| row.iter().map(stacked).collect()).collect();
            widths = self::widths(&columns, &rows);
        }
        if total(&widths) > self.width {
            for width in &mut widths {
                *width = (*width).min(WIDEST);
            }
        }
        self.row(&columns, &widths);
        let rule: Vec<Vec<Line>> =
            widths.iter().map(|width| vec![Line(vec![("─".repeat(*width), Look::Faint)])]).collect();
        self.row(&rule, &widths);
        for row in &rows {
            self.row(row, &widths);
        }
    }

    fn row(&mut self, cells: &[Vec<Line>], widths: &[usize]) {
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height.max(1) {
            // The column at which the next character stands, and the one at which the next cell does.
            let (mut now, mut start) = (0, 0);
            for (cell, width) in cells.iter().zip(widths) {
                if let Some(line) = cell.get(at).filter(|line| !line.0.is_empty()) {
                    if now > start {
                        self.end_line();
                        now = 0;
                    }
                    self.text.push_str(&" ".repeat(start - now));
                    self.put(line);
                    now = start + line.width() + GAP;
                    self.text.push_str(&" ".repeat(GAP));
                }
                start += width + GAP;
            }
            self.end_line();
        }
    }
}

fn side_by_side(cell: &Cell) -> Vec<Line> {
    vec![Line::of(&Phrase::joined(cell.iter().cloned(), ", "), Look::Plain)]
}

fn stacked(cell: &Cell) -> Vec<Line> {
    cell.iter().map(|item| Line::of(item, Look::Plain)).collect()
}

/// How wide each column is.
fn widths(columns: &[Vec<Line>], rows: &[Vec<Vec<Line>>]) -> Vec<usize> {
    let widest = |at: usize| {
        let cells =
            std::iter::once(columns).chain(rows.iter().map(Vec::as_slice)).filter_map(|row| row.get(at));
        cells.flatten().map(Line::width).max().unwrap_or(0)
    };
    (0..columns.len()).map(widest).collect()
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}
