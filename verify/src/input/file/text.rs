//! Files of lines.

use std::io::{self, BufRead, Read};

use super::begun::Awaited;
use crate::input::limits::{LARGEST_SCRAPE, LONGEST_LINE};
use crate::input::lines::{self, Batch};
use crate::input::prometheus::{self, Parser};
use crate::input::refusal::{Place, Problem, Source, Wrong, quoted};
use crate::input::{Receive, otlp, unpack};

/// So many lines are handed over together, at most, and about so many bytes.
const MOST_LINES: usize = 512;
const MOST_BYTES: usize = 1 << 20;

/// What a file of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Prometheus,
    /// JSON and `logfmt`, each line by itself.
    Lines,
}

impl Form {
    /// The form of the first line that has one, of those that a file begins with.
    pub(super) fn of(head: &[u8]) -> Option<Form> {
        head.split(|byte| *byte == b'\n').take(1_000).find_map(|line| {
            let line = String::from_utf8_lossy(line);
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.starts_with('{') && !prometheus::is_sample(line) {
                return Some(Form::Lines);
            }
            let comment = line.strip_prefix('#').map(str::trim_start);
            let is_comment = comment.is_some_and(|comment| {
                ["TYPE ", "HELP ", "UNIT "].iter().any(|word| comment.starts_with(word)) || comment == "EOF"
            });
            match is_comment || prometheus::is_sample(line) {
                true => Some(Form::Prometheus),
                false => lines::is_logfmt(line).then_some(Form::Lines),
            }
        })
    }
}

/// Reads all lines.
pub(super) fn read(form: Form, reader: &mut dyn Awaited, source: &Source, to: &mut dyn Receive) {
    let mut reading = Reading {
        source,
        parser: Parser::default(),
        taken: 0,
        batch: Batch::default(),
        batch_form: lines::Form::Json,
        batch_bytes: 0,
        batch_line: 1,
        open: None,
        spreads: None,
    };
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        // What comes next may be long in coming.
        if reader.is_empty() {
            reading.hand_over(to);
        }
        if !to.goes_on() {
            break;
        }
        number += 1;
        line.clear();
        match next(reader, &mut line) {
            Ok(Next::Line) => {}
            Ok(Next::TooLong) => {
                reading.hand_over(to);
                reading.refuse(
                    number,
                    Problem::new(Wrong::TooLarge, format!("a line of more than {LONGEST_LINE} bytes")),
                    to,
                );
                continue;
            }
            Ok(Next::End) => break,
            Err(error) => {
                reading.refuse(number, unpack::failed(&error), to);
                break;
            }
        }
        let mut text = line.as_slice();
        if number == 1 {
            text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        }
        match form {
            Form::Prometheus => reading.prometheus(text, number, to),
            Form::Lines => reading.line(text, number, to),
        }
    }
    reading.finish(to);
}

enum Next {
    Line,
    /// It was passed over.
    TooLong,
    End,
}

/// The next line without its end. Its length is bounded, and what is behind the bound isn't kept.
fn next(reader: &mut dyn Awaited, line: &mut Vec<u8>) -> io::Result<Next> {
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX).saturating_add(1);
    if reader.take(limit).read_until(b'\n', line)? == 0 {
        return Ok(Next::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        return Ok(Next::Line);
    }
    if line.len() <= LONGEST_LINE {
        return Ok(Next::Line);
    }
    reader.skip_until(b'\n')?;
    line.truncate(0);
    line.shrink_to(1 << 20);
    Ok(Next::TooLong)
}

struct Reading<'a> {
    source: &'a Source,
    parser: Parser,
    /// Bytes of the scrape so far.
    taken: usize,
    batch: Batch,
    batch_form: lines::Form,
    batch_bytes: usize,
    /// The line of the batch's first record.
    batch_line: u64,
    /// JSON that goes over several lines, and the line that it began in.
    open: Option<(Vec<u8>, u64, Brackets)>,
    /// Whether JSON goes over several lines here: the first that was seen says it.
    spreads: Option<bool>,
}

impl Reading<'_> {
    fn refuse(&self, line: u64, problem: Problem, to: &mut dyn Receive) {
        to.refused(Problem::at(self.source, Some(line), None)(problem));
    }

    fn prometheus(&mut self, text: &[u8], number: u64, to: &mut dyn Receive) {
        let read = match std::str::from_utf8(text) {
            Ok(line) => self.parser.line(line, number),
            Err(_) => Err(Problem::new(Wrong::NotUtf8, "")),
        };
        self.taken += text.len();
        match read {
            Ok(is_over) => {
                // What goes on without an end is handed over in parts.
                if is_over || self.taken > LARGEST_SCRAPE {
                    self.scrape(to);
                }
            }
            Err(problem) => self.refuse(number, problem, to),
        }
    }

    fn scrape(&mut self, to: &mut dyn Receive) {
        self.taken = 0;
        if !self.parser.is_empty() {
            to.reading(self.source, &Place::default());
            to.scrape(self.parser.take());
        }
    }

    fn line(&mut self, text: &[u8], number: u64, to: &mut dyn Receive) {
        if let Some((mut whole, began, mut brackets)) = self.open.take() {
            // A value that begins where a line begins is another one: the one before it has no end.
            if text.first() == Some(&b'{') {
                self.refuse(began, Problem::new(Wrong::Truncated, "another one begins before it ends"), to);
            } else if whole.len() + text.len() > LONGEST_LINE {
                self.refuse(
                    began,
                    Problem::new(Wrong::TooLarge, format!("more than {LONGEST_LINE} bytes")),
                    to,
                );
                return;
            } else {
                whole.push(b'\n');
                whole.extend_from_slice(text);
                brackets.follow(text);
                match brackets.is_closed() {
                    true => self.json(&whole, began, to),
                    false => self.open = Some((whole, began, brackets)),
                }
                return;
            }
        }
        let text = text.trim_ascii();
        if text.is_empty() {
            return self.hand_over(to);
        }
        if text.first() == Some(&b'{') {
            if self.spreads != Some(false) {
                let mut brackets = Brackets::default();
                brackets.follow(text);
                if !brackets.is_closed() {
                    self.spreads = Some(true);
                    self.open = Some((text.to_vec(), number, brackets));
                    return;
                }
                self.spreads = Some(false);
            }
            return self.json(text, number, to);
        }
        match std::str::from_utf8(text) {
            Err(_) => self.refuse_line(number, Problem::new(Wrong::NotUtf8, ""), to),
            Ok(text) if lines::is_logfmt(text) => self.log(lines::Form::Logfmt, text, number, to),
            Ok(text) => {
                let detail = format!("neither JSON nor logfmt: {}", quoted(text));
                self.refuse_line(number, Problem::new(Wrong::UnknownForm, detail), to);
            }
        }
    }

    fn json(&mut self, text: &[u8], number: u64, to: &mut dyn Receive) {
        if otlp::is_json(text) {
            self.hand_over(to);
            match otlp::json(text, &mut |problem| self.refuse(number, problem, to)) {
                Ok(requests) => {
                    to.reading(self.source, &Place { line: Some(number), ..Place::default() });
                    requests.into_iter().for_each(|request| request.give(to));
                }
                Err(problem) => self.refuse(number, problem, to),
            }
            return;
        }
        match std::str::from_utf8(text) {
            Ok(text) => self.log(lines::Form::Json, text, number, to),
            Err(_) => self.refuse_line(number, Problem::new(Wrong::NotUtf8, ""), to),
        }
    }

    fn log(&mut self, form: lines::Form, text: &str, number: u64, to: &mut dyn Receive) {
        match lines::line(form, text) {
            Ok(line) => {
                let is_next =
                    usize::try_from(number - self.batch_line).is_ok_and(|at| at == self.batch.records());
                let is_full = self.batch.records() >= MOST_LINES || self.batch_bytes >= MOST_BYTES;
                if form != self.batch_form || is_full || !is_next {
                    self.hand_over(to);
                }
                if self.batch.records() == 0 {
                    self.batch_line = number;
                    self.batch_form = form;
                    self.batch_bytes = 0;
                }
                self.batch_bytes += text.len();
                self.batch.add(line);
            }
            Err(problem) => self.refuse_line(number, problem, to),
        }
    }

    fn refuse_line(&mut self, number: u64, problem: Problem, to: &mut dyn Receive) {
        self.hand_over(to);
        self.refuse(number, problem, to);
    }

    /// Hands the lines over that were read.
    fn hand_over(&mut self, to: &mut dyn Receive) {
        if self.batch.records() == 0 {
            return;
        }
        to.reading(self.source, &Place { line: Some(self.batch_line), ..Place::default() });
        let logs = self.batch.take();
        to.log_lines(self.batch_form, logs);
    }

    fn finish(&mut self, to: &mut dyn Receive) {
        self.hand_over(to);
        self.scrape(to);
        if let Some((_, began, _)) = self.open.take() {
            self.refuse(began, Problem::new(Wrong::Truncated, "the file ends before it"), to);
        }
    }
}

/// How many brackets of JSON are open.
#[derive(Clone, Copy, Debug, Default)]
struct Brackets {
    open: usize,
    is_text: bool,
    is_escaped: bool,
}

impl Brackets {
    fn follow(&mut self, text: &[u8]) {
        for byte in text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.is_text => self.is_escaped = true,
                b'"' => self.is_text = !self.is_text,
                b'{' | b'[' if !self.is_text => self.open += 1,
                b'}' | b']' if !self.is_text => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn is_closed(self) -> bool {
        self.open == 0
    }
}
