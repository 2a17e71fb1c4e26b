//! Files, folders and the standard input. The form of each is told by its content:
//!
//! | it begins with | it is |
//! |---|---|
//! | the first bytes of gzip or zstd | what is packed in it |
//! | a length of four bytes | messages as the Collector's file exporter writes them as protobuf, or compressed |
//! | a resource's tag and length | one request as protobuf, or several behind each other |
//! | `{"slo.recording":` | what came in an earlier run |
//! | `{` | requests of OTLP/JSON, or log lines, each line by itself; one value over several lines as well |
//! | `# TYPE`, `name{label="value"} 1` | Prometheus text |
//! | `key=value` | `logfmt` |
//!
//! Source: the Collector's `exporter/fileexporter`, `README.md` and `file_writer.go`: a message has its length before it, of four bytes, the
//! highest first, where the form is `proto` or there is a compression.

mod begun;
mod folder;
mod frames;
mod merge;
mod progress;
mod text;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::limits::LONGEST_LINE;
use super::refusal::{Problem, Source, Wrong};
use super::unpack::{self, Packing};
use super::{Receive, otlp, recording};
use begun::Begun;
use frames::Lengths;
pub use merge::Reading;
use progress::Counted;
pub use progress::Progress;

/// So many bytes are looked at to tell a form.
const LOOKED_AT: usize = 64 << 10;

/// So many bytes are read at once.
const CHUNK: usize = 256 << 10;

/// Files that are to be read, in their order.
#[derive(Debug)]
pub struct Files {
    files: Vec<(PathBuf, Source)>,
    problems: Vec<super::Refusal>,
    progress: Arc<Progress>,
}

impl Files {
    /// Files, and those of folders in the order of their names. `-` is the standard input.
    #[must_use]
    pub fn find(paths: &[PathBuf]) -> Files {
        let mut files = Files { files: Vec::new(), problems: Vec::new(), progress: Arc::default() };
        for path in paths {
            if path.as_os_str() == "-" {
                files.files.push((path.clone(), Source::StandardInput));
            } else {
                folder::find(path, &mut |found| files.add(found));
            }
        }
        files
    }

    fn add(&mut self, found: Result<(PathBuf, u64), (PathBuf, io::Error)>) {
        match found {
            Ok((path, bytes)) => {
                self.progress.expect(bytes);
                let source = named(&path);
                self.files.push((path, source));
            }
            Err((path, error)) => {
                self.problems.push(unreachable(&named(&path), &error));
            }
        }
    }

    /// The files that were found. The standard input is `-`.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// How far reading is; for a thread that shows it.
    #[must_use]
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Reads all of them, in the order of the times that stand in them. What can't be read is refused, and the rest goes on.
    pub fn read(self, to: &mut dyn Receive) {
        let Files { files, problems, progress } = self;
        problems.into_iter().for_each(|problem| to.refused(problem));
        match files.as_slice() {
            [one] => read_one(one, &progress, to),
            several => merge::read(several, &progress, to),
        }
    }
}

impl Files {
    /// Begins to read all of them beside what else a run takes.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(self) -> io::Result<Reading> {
        Reading::start(self)
    }
}

/// Reads one file, or the standard input.
fn read_one((path, source): &(PathBuf, Source), progress: &Arc<Progress>, to: &mut dyn Receive) {
    if *source == Source::StandardInput {
        return read(io::stdin().lock(), source, to);
    }
    match File::open(path) {
        Ok(file) => read(Counted::new(file, progress), source, to),
        Err(error) => to.refused(unreachable(source, &error)),
    }
}

fn named(path: &Path) -> Source {
    Source::File(path.to_string_lossy().into())
}

fn unreachable(source: &Source, error: &io::Error) -> super::Refusal {
    Problem::at(source, None, None)(Problem::new(Wrong::Unreachable, error.to_string()))
}

/// Reads all that a reader has.
pub fn read(reader: impl Read, source: &Source, to: &mut dyn Receive) {
    let mut reader = BufReader::with_capacity(CHUNK, reader);
    let head = match head(&mut reader) {
        Ok(head) => head,
        Err(error) => return to.refused(unreachable(source, &error)),
    };
    let Some(packing) = Packing::of(&head) else {
        return by_form(&mut Begun::new(head, reader), source, to);
    };
    let unpacked = unpack::reader(packing, Begun::new(head, reader)).and_then(|unpacked| {
        let mut unpacked = BufReader::with_capacity(CHUNK, unpacked);
        self::head(&mut unpacked).map(|head| Begun::new(head, unpacked))
    });
    match unpacked {
        Ok(mut unpacked) => by_form(&mut unpacked, source, to),
        Err(error) => to.refused(Problem::at(source, None, None)(unpack::failed(&error))),
    }
}

fn by_form(reader: &mut Begun<impl Read>, source: &Source, to: &mut dyn Receive) {
    let form = match reader.head() {
        [] => return,
        // Text has no such byte, and no message is as long as the others say.
        [0..=4, ..] => return frames::read(Lengths::Four, reader, source, to),
        head if head.starts_with(recording::HEAD) => return recording::read(reader, source, to),
        head => text::Form::of(head),
    };
    // A blank line begins as a request does, which is looked at closer: it may break off only where more of it comes.
    if reader.head().first() == Some(&frames::TAG) && otlp::begins(reader.head(), true) {
        let goes_on = reader.goes_on();
        if goes_on || otlp::begins(reader.head(), false) || form.is_none() {
            return frames::read(Lengths::Field, reader, source, to);
        }
    }
    let unknown = |detail: &str| Problem::at(source, None, None)(Problem::new(Wrong::UnknownForm, detail));
    match form {
        Some(form) => text::read(form, reader, source, to),
        None if matches!(reader.head(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => {
            to.refused(unknown("this is UTF-16; what is read is UTF-8"));
        }
        None => to.refused(unknown(
            "it begins like no request of OTLP, no Prometheus text, no JSON line and no line of logfmt",
        )),
    }
}

/// The first bytes: enough to see packed data and lengths, and as many lines as stand in them.
fn head(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < LOOKED_AT {
        let chunk = match reader.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // What stands before it is read; the error comes again.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let taken = chunk.len().min(LOOKED_AT - head.len());
        head.extend_from_slice(chunk.get(..taken).unwrap_or(chunk));
        reader.consume(taken);
        // Who follows a pipe sees each line when it comes.
        if head.len() >= 4
            && (Packing::of(&head).is_some()
                || matches!(head.as_slice(), [0..=4, ..])
                || text::Form::of(&head).is_some())
        {
            break;
        }
    }
    Ok(head)
}

const _: () = assert!(LOOKED_AT < LONGEST_LINE);
