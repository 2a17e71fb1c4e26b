//! What could not be read, and where.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::limits::{LONGEST_NAME, QUOTED};

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// It ends in the middle.
    Truncated,
    /// It is larger than is read.
    TooLarge,
    /// Its values lie too deep in each other.
    TooDeep,
    /// It has more parts than its size lets expect.
    TooManyParts,
    /// Unpacked, it is larger than is read: a compressed bomb.
    Bomb,
    /// It can't be unpacked.
    Packing,
    /// It isn't UTF-8.
    NotUtf8,
    /// It doesn't keep to its form.
    Malformed,
    /// A value isn't of the type that its field has.
    Misfit,
    /// Its form isn't known.
    UnknownForm,
    /// Its content type, its encoding or its path isn't known.
    UnknownType,
    /// It came faster than it was judged.
    Full,
    /// It came too slowly.
    Slow,
    /// There were too many connections.
    TooManyConnections,
    /// The file, the connection or the endpoint failed.
    Unreachable,
    /// It couldn't be sent on. It was judged all the same.
    NotForwarded,
    /// It couldn't be recorded. It was judged all the same.
    NotRecorded,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wrong::Truncated => "ends in the middle",
            Wrong::TooLarge => "is too large",
            Wrong::TooDeep => "is nested too deep",
            Wrong::TooManyParts => "has too many parts",
            Wrong::Bomb => "is too large when it is unpacked",
            Wrong::Packing => "can't be unpacked",
            Wrong::NotUtf8 => "isn't UTF-8",
            Wrong::Malformed => "is malformed",
            Wrong::Misfit => "has a value of another type",
            Wrong::UnknownForm => "has no known form",
            Wrong::UnknownType => "has no known content type",
            Wrong::Full => "came faster than it was judged",
            Wrong::Slow => "came too slowly",
            Wrong::TooManyConnections => "is a connection too many",
            Wrong::Unreachable => "can't be reached",
            Wrong::NotForwarded => "couldn't be sent on",
            Wrong::NotRecorded => "couldn't be recorded",
        })
    }
}

/// Where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file, by its path.
    File(Arc<str>),
    /// The standard input.
    StandardInput,
    /// What came to this address over OTLP.
    Otlp(Arc<str>),
    /// What was scraped of this URL.
    Scrape(Arc<str>),
    /// What was to be recorded.
    Recording,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(name) | Source::Otlp(name) | Source::Scrape(name) => f.write_str(name),
            Source::StandardInput => f.write_str("standard input"),
            Source::Recording => f.write_str("a part"),
        }
    }
}

/// A URL without the user and the password that stand in it, as it may be shown.
pub(super) fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{host}{path}"),
        None => url.to_owned(),
    }
}

/// Where in its source it stands, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1.
    pub line: Option<u64>,
    /// The first byte, from 0; of what is packed, of the unpacked form.
    pub byte: Option<u64>,
    /// The way inside a request, such as `resourceSpans[0].scopeSpans[1].spans[7].kind`.
    pub path: String,
}

/// What could not be read. The rest goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was wrong.
    pub wrong: Wrong,
    /// Where it came from.
    pub source: Source,
    /// Where in its source it stands. Of several, the first one.
    pub place: Place,
    /// What is known beyond that, in plain words; bounded, and without control characters.
    pub detail: String,
    /// How often that was seen.
    pub count: u64,
}

impl Refusal {
    /// The same, as it may be shown where somebody else wrote it. What slo wrote is the same.
    pub(super) fn quoted(self) -> Refusal {
        let name = |name: Arc<str>| beginning(&name, LONGEST_NAME).into();
        let source = match self.source {
            Source::File(path) => Source::File(name(path)),
            Source::Otlp(address) => Source::Otlp(name(address)),
            Source::Scrape(url) => Source::Scrape(name(url)),
            source @ (Source::StandardInput | Source::Recording) => source,
        };
        let place = Place { path: beginning(&self.place.path, LONGEST_NAME), ..self.place };
        // It was cut where it was written, and has the mark of that.
        Refusal { source, place, detail: beginning(&self.detail, QUOTED + 1), ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        match (self.place.line, self.place.byte) {
            (Some(line), _) => write!(f, ":{line}")?,
            (None, Some(byte)) => write!(f, ", byte {byte}")?,
            (None, None) => {}
        }
        if !self.place.path.is_empty() {
            write!(f, ", {}", self.place.path)?;
        }
        write!(f, " {}", self.wrong)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        Ok(())
    }
}

/// What is wrong with a part of something, whose source who reads it doesn't know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) wrong: Wrong,
    pub(super) path: String,
    pub(super) detail: String,
}

impl Problem {
    pub(super) fn new(wrong: Wrong, detail: impl AsRef<str>) -> Problem {
        Problem { wrong, path: String::new(), detail: quoted(detail.as_ref()) }
    }

    pub(super) fn at(source: &Source, line: Option<u64>, byte: Option<u64>) -> impl Fn(Problem) -> Refusal {
        let source = source.clone();
        move |problem| Refusal {
            wrong: problem.wrong,
            source: source.clone(),
            place: Place { line, byte, path: problem.path },
            detail: problem.detail,
            count: 1,
        }
    }
}

/// The beginning of something foreign, as it may be shown.
pub(super) fn quoted(text: &str) -> String {
    beginning(text, QUOTED)
}

fn beginning(text: &str, most: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(most)
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}
