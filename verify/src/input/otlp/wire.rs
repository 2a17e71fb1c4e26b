//! Protobuf as it stands on the wire: how much memory it takes, which signal it is, and what is left of it without records that can't be
//! read. Prost reads a request as a whole or not at all.

use super::schema::{Field, Kind, LINK, Message};
use crate::input::limits::DEEPEST;
use crate::input::refusal::{Problem, Wrong};

/// A field on the wire.
pub(super) struct Raw<'a> {
    pub(super) number: u32,
    pub(super) wire: u32,
    /// All of it, with its tag.
    whole: &'a [u8],
    /// What it holds: for a length-delimited field without the length, for any other the number's bytes.
    pub(super) held: &'a [u8],
}

/// The fields of a message, in order. After an error there are no more.
pub(super) struct Fields<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Raw<'a>, Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let raw = self.field();
        if raw.is_err() {
            self.rest = &[];
        }
        Some(raw)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Result<Raw<'a>, Wrong> {
        let start = self.rest;
        let (tag, mut rest) = varint(start)?;
        let number = u32::try_from(tag >> 3).map_err(|_| Wrong::Malformed)?;
        if number == 0 {
            return Err(Wrong::Malformed);
        }
        let wire = u32::try_from(tag & 7).unwrap_or(7);
        let length = match wire {
            0 => {
                let (_, behind) = varint(rest)?;
                rest.len() - behind.len()
            }
            1 => 8,
            2 => {
                let (length, behind) = varint(rest)?;
                rest = behind;
                usize::try_from(length).map_err(|_| Wrong::Truncated)?
            }
            5 => 4,
            _ => return Err(Wrong::Malformed),
        };
        let (held, rest) = rest.split_at_checked(length).ok_or(Wrong::Truncated)?;
        let (whole, _) = start.split_at(start.len() - rest.len());
        self.rest = rest;
        Ok(Raw { number, wire, whole, held })
    }
}

/// A varint, and what is behind it.
pub(super) fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Wrong> {
    // Most tags and lengths have one byte.
    if let [byte @ 0..0x80, rest @ ..] = bytes {
        return Ok((u64::from(*byte), rest));
    }
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(at).unwrap_or(0) * 7).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok((value, bytes.get(at + 1..).unwrap_or_default()));
        }
    }
    Err(if bytes.len() < 10 { Wrong::Truncated } else { Wrong::Malformed })
}

/// No less than the memory that a message takes when it is read, without a look into its records.
pub(super) fn most_memory(bytes: &[u8], message: &Message) -> u64 {
    let raws = (Fields { rest: bytes }).map_while(Result::ok).filter(|raw| raw.wire == 2);
    raws.fold(0, |memory: u64, raw| {
        let length = u64::try_from(raw.held.len()).unwrap_or(u64::MAX);
        let taken = match message.numbered(raw.number) {
            Some(Field { kind: Kind::Message(child), .. }) => {
                let size = u64::try_from(child.size).unwrap_or(u64::MAX);
                let held = match child.fields.iter().any(Field::has_records) {
                    true => most_memory(raw.held, child),
                    // Of all messages that lie in records, each of which has two bytes at least, a link is the largest.
                    false => length.saturating_mul(u64::try_from(LINK.size).unwrap_or(u64::MAX)) / 2,
                };
                held.saturating_add(size)
            }
            _ => length.saturating_mul(8),
        };
        memory.saturating_add(taken)
    })
}

/// The memory that a message takes when it is read, about; of what is malformed, of what stands before it.
pub(super) fn memory(bytes: &[u8], message: &Message) -> u64 {
    within(bytes, message, DEEPEST)
}

fn within(bytes: &[u8], message: &Message, deep: usize) -> u64 {
    let mut memory = 0_u64;
    for raw in (Fields { rest: bytes }).map_while(Result::ok).filter(|raw| raw.wire == 2) {
        let length = u64::try_from(raw.held.len()).unwrap_or(u64::MAX);
        let taken = match message.numbered(raw.number) {
            None => 0,
            Some(Field { kind: Kind::Message(child), .. }) => {
                let held = if deep == 0 { 0 } else { within(raw.held, child, deep - 1) };
                held.saturating_add(u64::try_from(child.size).unwrap_or(u64::MAX))
            }
            Some(Field { kind: Kind::Text, is_repeated: true, .. }) => length.saturating_add(24),
            // A varint of one byte is a number of eight.
            Some(Field { kind: Kind::Unsigned64, .. }) => length.saturating_mul(8),
            Some(_) => length,
        };
        memory = memory.saturating_add(taken);
    }
    memory
}

/// How many fields of a message aren't known, of the first ones; nothing where it isn't that message at all.
pub(super) fn unknown(bytes: &[u8], message: &Message, mut looks: usize) -> Option<usize> {
    strange(bytes, message, &mut looks, 0)
}

/// Whether a message can begin so. Bytes that go on may break off anywhere.
pub(super) fn begins(bytes: &[u8], message: &Message, goes_on: bool) -> bool {
    let mut looks = 4_096;
    begun(bytes, message, goes_on, &mut looks, 0)
}

fn begun(bytes: &[u8], message: &Message, goes_on: bool, looks: &mut usize, deep: usize) -> bool {
    // What is newer than this has new fields in records, hardly in what is around them; and a record that is wrong is one record.
    let is_wrong = |is_right: bool| deep < 3 && !is_right;
    let mut fields = Fields { rest: bytes };
    while *looks > 0 && !fields.rest.is_empty() {
        *looks -= 1;
        let start = fields.rest;
        let (number, wire, held, is_whole) = match fields.field() {
            Ok(raw) => (raw.number, raw.wire, raw.held, true),
            Err(Wrong::Truncated) if goes_on => match cut(start) {
                Some((number, wire, held)) => (number, wire, held, false),
                None => return true,
            },
            Err(_) => return !is_wrong(false),
        };
        let field = message.numbered(number);
        let is_of = field.is_some_and(|field| wire == field.kind.wire() || (field.is_repeated && wire == 2));
        if is_wrong(is_of) {
            return false;
        }
        let is_right = match field.map(|field| field.kind).filter(|_| is_of) {
            Some(Kind::Message(child)) if deep < DEEPEST => begun(held, child, !is_whole, looks, deep + 1),
            Some(Kind::Text) if is_whole => std::str::from_utf8(held).is_ok(),
            _ => true,
        };
        if is_wrong(is_right) {
            return false;
        }
    }
    true
}

/// The number and the type of a field that breaks off, and what there is of what it holds; nothing where it breaks off before.
fn cut(bytes: &[u8]) -> Option<(u32, u32, &[u8])> {
    let (tag, rest) = varint(bytes).ok()?;
    let wire = u32::try_from(tag & 7).ok()?;
    let held = if wire == 2 { varint(rest).ok()?.1 } else { rest };
    Some((u32::try_from(tag >> 3).ok()?, wire, held))
}

fn strange(bytes: &[u8], message: &Message, looks: &mut usize, deep: usize) -> Option<usize> {
    // A record that is wrong is one record: what is around it says what it is.
    let wrong = |strange: usize| (deep > 2).then_some(strange + 4);
    let mut strange_ones = 0;
    for raw in (Fields { rest: bytes }) {
        if *looks == 0 {
            break;
        }
        *looks -= 1;
        let Ok(raw) = raw else { return wrong(strange_ones) };
        let Some(field) = message.numbered(raw.number) else {
            strange_ones += 1;
            continue;
        };
        if !is_of(&raw, field) {
            strange_ones = wrong(strange_ones)?;
            continue;
        }
        match field.kind {
            Kind::Message(_) if deep >= DEEPEST => {}
            Kind::Message(child) => strange_ones += strange(raw.held, child, looks, deep + 1)?,
            Kind::Text if std::str::from_utf8(raw.held).is_err() => strange_ones += 1,
            Kind::Id if !matches!(raw.held.len(), 0 | 8 | 16) => strange_ones += 1,
            _ => {}
        }
    }
    Some(strange_ones)
}

/// Whether a field has its type. Numbers that are repeated may be packed.
fn is_of(raw: &Raw<'_>, field: &Field) -> bool {
    raw.wire == field.kind.wire() || (field.is_repeated && raw.wire == 2)
}

/// Copies a message without the records in it that can't be read, and says what was wrong with each.
pub(super) struct Cleaner<'a> {
    copy: Vec<u8>,
    path: Vec<(&'static str, Option<usize>)>,
    refused: &'a mut dyn FnMut(Problem),
}

impl<'a> Cleaner<'a> {
    /// The copy. The error is that nothing of it can be read.
    pub(super) fn clean(
        bytes: &[u8],
        message: &Message,
        refused: &'a mut dyn FnMut(Problem),
    ) -> Result<Vec<u8>, Problem> {
        let mut cleaner = Cleaner { copy: Vec::with_capacity(bytes.len()), path: Vec::new(), refused };
        match cleaner.message(bytes, message) {
            Ok(()) => Ok(cleaner.copy),
            Err(wrong) => Err(cleaner.problem(wrong)),
        }
    }

    fn message(&mut self, bytes: &[u8], message: &Message) -> Result<(), Wrong> {
        if self.path.len() >= DEEPEST {
            return Err(Wrong::TooDeep);
        }
        let mut counts = [0_usize; 32];
        for raw in (Fields { rest: bytes }) {
            let raw = raw?;
            let Some(field) = message.numbered(raw.number) else { continue };
            if !is_of(&raw, field) {
                return Err(Wrong::Misfit);
            }
            let at = match usize::try_from(raw.number).ok().and_then(|number| counts.get_mut(number)) {
                Some(count) if field.is_repeated => {
                    *count += 1;
                    Some(*count - 1)
                }
                _ => None,
            };
            match field.kind {
                Kind::Message(child) => {
                    let start = self.copy.len();
                    let depth = self.path.len();
                    self.path.push((field.name, at));
                    let slot = begin(field.number, &mut self.copy);
                    match self.message(raw.held, child) {
                        Ok(()) => end(slot, &mut self.copy),
                        Err(wrong) if child.is_record => {
                            self.copy.truncate(start);
                            let problem = self.problem(wrong);
                            (self.refused)(problem);
                        }
                        // The path goes on to where it is.
                        Err(wrong) => return Err(wrong),
                    }
                    self.path.truncate(depth);
                }
                Kind::Text if std::str::from_utf8(raw.held).is_err() => {
                    self.path.push((field.name, at));
                    return Err(Wrong::NotUtf8);
                }
                _ => self.copy.extend_from_slice(raw.whole),
            }
        }
        Ok(())
    }

    fn problem(&self, wrong: Wrong) -> Problem {
        Problem { path: shown(&self.path), ..Problem::new(wrong, "") }
    }
}

/// A way inside a request, as it is shown.
pub(super) fn shown(path: &[(&'static str, Option<usize>)]) -> String {
    let mut text = String::new();
    // The way to what lies too deep is long, and its end says nothing.
    for (name, at) in path.iter().take(16) {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(name);
        if let Some(at) = at {
            text.push_str(&format!("[{at}]"));
        }
    }
    text
}

/// Bytes that are kept free for a length.
const SLOT: usize = 5;

/// Begins a message inside another one.
pub(super) fn begin(number: u32, bytes: &mut Vec<u8>) -> usize {
    tag(number, 2, bytes);
    let slot = bytes.len();
    bytes.extend_from_slice(&[0; SLOT]);
    slot
}

/// Ends it: its length is written into the bytes that were kept free, as a varint with leading zeros.
pub(super) fn end(slot: usize, bytes: &mut [u8]) {
    let mut length = bytes.len().saturating_sub(slot + SLOT);
    let kept = bytes.iter_mut().skip(slot).take(SLOT);
    for (at, byte) in kept.enumerate() {
        let more = if at + 1 < SLOT { 0x80 } else { 0 };
        *byte = u8::try_from(length & 0x7f).unwrap_or(0) | more;
        length >>= 7;
    }
}

/// Appends a field's tag.
pub(super) fn tag(number: u32, wire: u32, bytes: &mut Vec<u8>) {
    prost::encoding::encode_varint(u64::from(number << 3 | wire), bytes);
}
