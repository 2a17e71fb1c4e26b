//! What records say of their events' fields, kept until the other signals of these events come.
//!
//! A hundred thousand records wait at once, and each goes after its window, the oldest first. So they stand one after the other in blocks of
//! bytes, and a block goes when its last record has: nothing is allocated for one record.

use std::borrow::Cow;
use std::collections::VecDeque;

use slo_model::{Object, Value};

use crate::judge::values::{Meant, Values};

/// How many bytes a block has; a record that is larger has a block of its own.
const BLOCK: usize = 1 << 16;

/// Where a record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    block: u32,
    at: u32,
}

/// Records in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    blocks: VecDeque<Vec<u8>>,
    /// The number of the first block; numbers begin anew after the greatest.
    first: u32,
    bytes: usize,
}

impl Kept {
    /// How many bytes are kept.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps what a record says, and its text where that is needed. None where it is larger than any request.
    pub(crate) fn keep(&mut self, values: &Values<'_>, text: Option<&str>) -> Option<Place> {
        if self.blocks.back().is_none_or(|last| last.len() >= BLOCK) {
            self.blocks.push_back(Vec::with_capacity(BLOCK));
        }
        let number = u32::try_from(self.blocks.len() - 1).ok()?;
        let block = self.blocks.back_mut()?;
        let before = block.len();
        let place = Place { block: self.first.wrapping_add(number), at: u32::try_from(before).ok()? };
        write(values, text, block);
        self.bytes = self.bytes.saturating_add(block.len() - before);
        Some(place)
    }

    /// What a record said, and its text. None of one that is gone.
    pub(crate) fn get(&self, place: Place) -> Option<(Values<'_>, Option<&str>)> {
        let block = self.blocks.get(place.block.wrapping_sub(self.first) as usize)?;
        let mut reader = Reader(block.get(place.at as usize..)?);
        let text = reader.text()?;
        let text = if reader.byte()? == 1 { Some(text) } else { None };
        Some((reader.values()?, text))
    }

    /// Lets go of the blocks before that of a record: all before it are gone.
    pub(crate) fn drop_before(&mut self, place: Place) {
        while self.first != place.block
            && let Some(gone) = self.blocks.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(gone.len());
            self.first = self.first.wrapping_add(1);
        }
    }

    /// Lets go of all.
    pub(crate) fn clear(&mut self) {
        self.first = self.first.wrapping_add(u32::try_from(self.blocks.len()).unwrap_or(0));
        self.blocks.clear();
        self.bytes = 0;
    }
}

fn write(values: &Values<'_>, text: Option<&str>, to: &mut Vec<u8>) {
    write_text(text.unwrap_or_default(), to);
    to.push(u8::from(text.is_some()));
    write_count(values.fields().len(), to);
    for (field, value) in values.fields() {
        to.extend(field.to_le_bytes());
        write_value(value, to);
    }
    write_count(values.meanings().len(), to);
    for (field, meant) in values.meanings() {
        to.extend(field.to_le_bytes());
        match meant {
            Meant::Unclear => to.push(0),
            Meant::Absent => to.push(1),
            Meant::Variants(numbers) => {
                to.push(2);
                write_count(numbers.len(), to);
                numbers.iter().for_each(|number| to.extend(number.to_le_bytes()));
            }
        }
    }
    write_count(values.payloads().len(), to);
    for ((field, variant, payload), value) in values.payloads() {
        [field, variant, payload].into_iter().for_each(|number| to.extend(number.to_le_bytes()));
        write_value(value, to);
    }
    write_count(values.absent().len(), to);
    values.absent().iter().for_each(|field| to.extend(field.to_le_bytes()));
}

/// Lengths and counts are of what one request holds, which four bytes count.
fn write_count(count: usize, to: &mut Vec<u8>) {
    to.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn write_text(text: &str, to: &mut Vec<u8>) {
    write_count(text.len(), to);
    to.extend_from_slice(text.as_bytes());
}

fn write_value(value: &Value<'_>, to: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            to.push(0);
            write_text(text, to);
        }
        Value::Int(number) => {
            to.push(1);
            to.extend(number.to_le_bytes());
        }
        Value::Double(number) => {
            to.push(2);
            to.extend(number.to_le_bytes());
        }
        Value::Bool(truth) => to.extend([3, u8::from(*truth)]),
        Value::StringArray(list) => {
            to.push(4);
            write_count(list.len(), to);
            list.iter().for_each(|text| write_text(text, to));
        }
        Value::IntArray(list) => {
            to.push(5);
            write_count(list.len(), to);
            list.iter().for_each(|number| to.extend(number.to_le_bytes()));
        }
        Value::DoubleArray(list) => {
            to.push(6);
            write_count(list.len(), to);
            list.iter().for_each(|number| to.extend(number.to_le_bytes()));
        }
        Value::BoolArray(list) => {
            to.push(7);
            write_count(list.len(), to);
            list.iter().for_each(|truth| to.push(u8::from(*truth)));
        }
        Value::Object(object) => {
            to.push(8);
            write_object(object, to);
        }
        Value::ObjectArray(list) => {
            to.push(9);
            write_count(list.len(), to);
            list.iter().for_each(|object| write_object(object, to));
        }
    }
}

fn write_object(object: &Object<'_>, to: &mut Vec<u8>) {
    write_count(object.len(), to);
    for (name, value) in object {
        write_text(name, to);
        write_value(value, to);
    }
}

/// Reads what was written.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }

    fn count(&mut self) -> Option<usize> {
        self.bytes().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Reader<'b>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        (0..count).map(|_| one(self)).collect()
    }

    fn value(&mut self) -> Option<Value<'b>> {
        let text = |reader: &mut Reader<'b>| reader.text().map(Cow::Borrowed);
        Some(match self.byte()? {
            0 => Value::String(text(self)?),
            1 => Value::Int(i64::from_le_bytes(self.bytes()?)),
            2 => Value::Double(f64::from_le_bytes(self.bytes()?)),
            3 => Value::Bool(self.byte()? == 1),
            4 => Value::StringArray(self.list(text)?),
            5 => Value::IntArray(self.list(|reader| reader.bytes().map(i64::from_le_bytes))?),
            6 => Value::DoubleArray(self.list(|reader| reader.bytes().map(f64::from_le_bytes))?),
            7 => Value::BoolArray(self.list(|reader| reader.byte().map(|byte| byte == 1))?),
            8 => Value::Object(self.object()?),
            9 => Value::ObjectArray(self.list(Reader::object)?),
            _ => return None,
        })
    }

    fn object(&mut self) -> Option<Object<'b>> {
        self.list(|reader| Some((Cow::Borrowed(reader.text()?), reader.value()?)))
    }

    fn values(&mut self) -> Option<Values<'b>> {
        let count = self.count()?;
        let mut values = Values::with_room(count);
        for _ in 0..count {
            values.set(self.number()?, self.value()?);
        }
        for _ in 0..self.count()? {
            let field = self.number()?;
            let meant = match self.byte()? {
                0 => Meant::Unclear,
                1 => Meant::Absent,
                _ => {
                    let count = self.count()?;
                    Meant::Variants((0..count).map(|_| self.number()).collect::<Option<_>>()?)
                }
            };
            values.set_meaning(field, meant);
        }
        for _ in 0..self.count()? {
            values.set_payload((self.number()?, self.number()?, self.number()?), self.value()?);
        }
        for _ in 0..self.count()? {
            values.set_absent(self.number()?);
        }
        Some(values)
    }
}
