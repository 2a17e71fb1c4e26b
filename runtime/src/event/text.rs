//! Text that several signals can share.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use slo_model::{Unfit, Value, ValueType};

use crate::event::FieldValue;
use crate::value::{Element, ToValue};

/// A text that is static or shared: a log record and a span that hold it copy no bytes.
///
/// ```
/// use slo::Text;
///
/// let known = Text::from("/pay");
/// let made = Text::from(format!("/pay/{}", 7));
/// assert_eq!((&*known, &*made), ("/pay", "/pay/7"));
/// ```
#[derive(Clone)]
pub struct Text(Held);

#[derive(Clone)]
enum Held {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Text {
    /// Text that is known when the program is compiled, in constants too.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Text {
        Text(Held::Static(text))
    }

    /// A copy of text that lives for a while only.
    #[must_use]
    pub fn copied(text: &str) -> Text {
        Text(Held::Shared(Arc::from(text)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Held::Static(text) => text,
            Held::Shared(text) => text,
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Text {
        Text::from_static(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(Held::Shared(text.into()))
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Text {
        Text(Held::Shared(text))
    }
}

impl From<Cow<'static, str>> for Text {
    fn from(text: Cow<'static, str>) -> Text {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

/// By the text, whatever holds it.
impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::from_static("")
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl ToValue for Text {
    const TYPE: ValueType = ValueType::String;

    fn to_value(&self) -> Result<Option<Value<'_>>, Unfit> {
        self.as_str().to_value()
    }

    fn to_field(&self) -> FieldValue<'_> {
        match &self.0 {
            Held::Static(text) => FieldValue::Static(text),
            Held::Shared(text) => FieldValue::Shared(text),
        }
    }
}

impl Element for Text {}
