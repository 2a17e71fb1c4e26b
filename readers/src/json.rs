//! JSON whose values know where they stand: each is a part of the text.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

/// A value of JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'t> {
    whole: &'t str,
    raw: &'t RawValue,
}

impl<'t> Value<'t> {
    /// The value of a text, or where and why it is none.
    pub(crate) fn of(whole: &'t str) -> Result<Value<'t>, (usize, String)> {
        match serde_json::from_str::<&RawValue>(whole) {
            Ok(raw) => Ok(Value { whole, raw }),
            Err(error) => {
                let before = whole.split_inclusive('\n').take(error.line().saturating_sub(1));
                let start = before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
                let words = error.to_string();
                let end = words.rfind(" at line ").unwrap_or(words.len());
                let start = whole.floor_char_boundary(start.min(whole.len()));
                Err((start, format!("it is no JSON: {}", words.get(..end).unwrap_or(&words))))
            }
        }
    }

    /// Where it stands.
    pub(crate) fn range(self) -> Range<usize> {
        let (text, whole) = (self.raw.get(), self.whole);
        let start = (text.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
        let start = start.min(whole.len());
        start..start.saturating_add(text.len()).min(whole.len())
    }

    /// What an object has; nothing of another value. Of a key that stands twice the last one counts.
    pub(crate) fn object(self) -> BTreeMap<String, Value<'t>> {
        let entries: BTreeMap<String, &RawValue> = match self.raw.get().starts_with('{') {
            true => serde_json::from_str(self.raw.get()).unwrap_or_default(),
            false => BTreeMap::new(),
        };
        entries.into_iter().map(|(key, raw)| (key, Value { whole: self.whole, raw })).collect()
    }

    pub(crate) fn is_object(self) -> bool {
        self.raw.get().starts_with('{')
    }

    pub(crate) fn list(self) -> Vec<Value<'t>> {
        let values: Vec<&RawValue> = match self.raw.get().starts_with('[') {
            true => serde_json::from_str(self.raw.get()).unwrap_or_default(),
            false => Vec::new(),
        };
        values.into_iter().map(|raw| Value { whole: self.whole, raw }).collect()
    }

    pub(crate) fn text(self) -> Option<String> {
        match self.raw.get().starts_with('"') {
            true => serde_json::from_str(self.raw.get()).ok(),
            false => None,
        }
    }
}
