//! An index is read back: it comes from elsewhere, so that nothing in it is taken for granted.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;
use slo_grammar::{FileId, Place};

use super::{At, FORMAT, Head, Index, IndexAttribute, IndexMetric, IndexRecord, IndexResource};
use crate::ir::Buckets;

/// How many items a list of an index may have.
const MOST_ITEMS: usize = 100_000;

/// How many bytes a text of an index may have.
const MOST_BYTES: usize = 65_536;

/// Why a text is no index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexError {
    /// Where that is in the text.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// What helps against whatever is wrong with an index by itself.
const AGAIN: &str = "make it again with `slo build --target index`, in the contract root that it is of";

impl IndexError {
    fn at(range: Range<usize>, message: impl Into<String>) -> IndexError {
        IndexError { range, message: message.into(), help: AGAIN.to_owned() }
    }
}

#[derive(Deserialize)]
struct Format {
    index_format: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw<'t> {
    #[serde(rename = "index_format")]
    _format: u32,
    #[serde(borrow)]
    head: &'t RawValue,
    #[serde(borrow)]
    attributes: Vec<&'t RawValue>,
    #[serde(borrow)]
    metrics: Vec<&'t RawValue>,
    #[serde(borrow)]
    logs: Vec<&'t RawValue>,
    #[serde(borrow)]
    spans: Vec<&'t RawValue>,
    #[serde(borrow)]
    resources: Vec<&'t RawValue>,
}

impl Index {
    /// Reads [`Index::to_json`] back. Where something stands is said by its line in the text, which has this number.
    ///
    /// # Errors
    /// Says why the text is no index of this format, and where.
    pub(crate) fn from_json(text: &str, file: FileId) -> Result<Index, IndexError> {
        let whole = Reader { text, file };
        let Format { index_format } =
            serde_json::from_str(text).map_err(|error| whole.error(&error, 0, "the text is no index"))?;
        if index_format != FORMAT {
            let range = text.find("index_format").map_or(0..0, |start| start..start + "index_format".len());
            let message =
                format!("the index has format {index_format}, and this program reads format {FORMAT}");
            let help = match index_format > FORMAT {
                true => "check with the version of `slo` that made it, or a newer one".to_owned(),
                false => AGAIN.to_owned(),
            };
            return Err(IndexError { range, message, help });
        }
        let raw: Raw<'_> =
            serde_json::from_str(text).map_err(|error| whole.error(&error, 0, "the text is no index"))?;
        Ok(Index {
            format: index_format,
            head: whole.item::<Head>(raw.head)?.0,
            attributes: whole.items(&raw.attributes, "attributes", |one: &mut IndexAttribute, place| {
                one.at.place = place;
            })?,
            metrics: whole
                .items(&raw.metrics, "metrics", |one: &mut IndexMetric, place| one.at.place = place)?,
            logs: whole.items(&raw.logs, "logs", set_record)?,
            spans: whole.items(&raw.spans, "spans", set_record)?,
            resources: whole.items(&raw.resources, "resources", |one: &mut IndexResource, place| {
                one.at.place = place;
            })?,
        })
    }
}

fn set_record(record: &mut IndexRecord, place: Place) {
    record.at.place = place;
    for At { place: at, .. } in record.fields.iter_mut().map(|field| &mut field.at) {
        *at = place;
    }
}

struct Reader<'t> {
    text: &'t str,
    file: FileId,
}

impl Reader<'_> {
    /// Where a part of the text begins in it.
    fn start(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn items<T: for<'d> Deserialize<'d> + Bounded>(
        &self,
        raw: &[&RawValue],
        name: &str,
        place: impl Fn(&mut T, Place),
    ) -> Result<Vec<T>, IndexError> {
        if let Some(past) = raw.get(MOST_ITEMS) {
            let start = self.start(past.get());
            return Err(IndexError::at(start..start, format!("`{name}` has more than {MOST_ITEMS} items")));
        }
        let items = raw.iter().map(|raw| {
            let (mut item, at) = self.item::<T>(raw)?;
            place(&mut item, at);
            Ok(item)
        });
        items.collect()
    }

    fn item<T: for<'d> Deserialize<'d> + Bounded>(&self, raw: &RawValue) -> Result<(T, Place), IndexError> {
        let start = self.start(raw.get());
        let range = start..start + raw.get().len();
        // What a terminal would obey, and what changes the direction of text, has no place in a name.
        let mut texts = Texts(None);
        if let Err(error) = texts.read(raw.get()) {
            return Err(self.error(&error, start, "an item can't be read"));
        }
        if let Some(why) = texts.0 {
            return Err(IndexError::at(range, why));
        }
        let item: T = serde_json::from_str(raw.get())
            .map_err(|error| self.error(&error, start, "an item can't be read"))?;
        if let Some(why) = item.problem() {
            return Err(IndexError::at(range, why));
        }
        // What names it stands first.
        let end = start + raw.get().find(',').unwrap_or(raw.get().len());
        Ok((item, Place::new(self.file, start as u32, end as u32)))
    }

    /// A mistake that the parser of JSON found in what begins at `start`.
    fn error(&self, error: &serde_json::Error, start: usize, what: &str) -> IndexError {
        let text = self.text.get(start..).unwrap_or_default();
        let before: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let mut at = (start + before + error.column().saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        match error.is_eof() {
            true => IndexError::at(at..at, "the index is cut off: it ends before its last bracket"),
            false => IndexError::at(at..at, format!("{what}: {words}")),
        }
    }
}

/// Looks at all texts of a value, keys included.
struct Texts(Option<String>);

impl Texts {
    fn read(&mut self, json: &str) -> Result<(), serde_json::Error> {
        let value: serde_json::Value = serde_json::from_str(json)?;
        self.value(&value);
        Ok(())
    }

    fn value(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => self.text(text),
            serde_json::Value::Array(values) => values.iter().for_each(|value| self.value(value)),
            serde_json::Value::Object(values) => values.iter().for_each(|(key, value)| {
                self.text(key);
                self.value(value);
            }),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let steers = |character: char| {
            character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if text.len() > MOST_BYTES {
            self.0 = Some(format!("a text of it has more than {MOST_BYTES} bytes"));
        } else if text.contains(steers) {
            self.0 = Some("a text of it has characters that steer a terminal".to_owned());
        }
    }
}

/// What has bounds beside its types.
trait Bounded {
    fn problem(&self) -> Option<String>;
}

fn too_many(what: &str, count: usize) -> Option<String> {
    (count > MOST_ITEMS).then(|| format!("it has more than {MOST_ITEMS} {what}"))
}

fn nameless(what: &str, name: &str) -> Option<String> {
    name.is_empty().then(|| format!("{what} has no name"))
}

impl Bounded for Head {
    fn problem(&self) -> Option<String> {
        nameless("the contract", &self.name)
    }
}

impl Bounded for IndexAttribute {
    fn problem(&self) -> Option<String> {
        nameless("an attribute", &self.key)
            .or_else(|| too_many("values", self.values.as_ref().map_or(0, Vec::len)))
    }
}

impl Bounded for IndexMetric {
    fn problem(&self) -> Option<String> {
        let buckets = match &self.buckets {
            Some(Buckets::Explicit(bounds)) => bounds.as_slice(),
            _ => &[],
        };
        let values = || self.labels.iter().filter_map(|label| label.values.as_ref()).map(Vec::len).sum();
        nameless("a metric", &self.name)
            .or_else(|| too_many("labels", self.labels.len()))
            .or_else(|| too_many("values", values()))
            .or_else(|| too_many("buckets", buckets.len()))
            .or_else(|| {
                let sorted = buckets.windows(2).all(|pair| pair.first() < pair.last());
                (!sorted).then(|| format!("the buckets of `{}` don't rise", self.name))
            })
    }
}

impl Bounded for IndexRecord {
    fn problem(&self) -> Option<String> {
        nameless("a record", &self.name).or_else(|| too_many("fields", self.fields.len()))
    }
}

impl Bounded for IndexResource {
    fn problem(&self) -> Option<String> {
        nameless("a resource", &self.name)
    }
}
