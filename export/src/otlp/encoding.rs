//! How requests are encoded (OTLP specification, "OTLP/HTTP Request").

use prost::Message;
use prost::bytes::Bytes;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    #[default]
    Protobuf,
    #[cfg(feature = "otlp-json")]
    Json,
}

/// A message that can be encoded either way.
#[cfg(feature = "otlp-json")]
pub(super) trait Encoded: Message + serde::Serialize {}
#[cfg(feature = "otlp-json")]
impl<T: Message + serde::Serialize> Encoded for T {}
#[cfg(not(feature = "otlp-json"))]
pub(super) trait Encoded: Message {}
#[cfg(not(feature = "otlp-json"))]
impl<T: Message> Encoded for T {}

impl Encoding {
    /// Those that are built in.
    #[cfg(test)]
    pub(super) const ALL: &'static [Encoding] = &[
        Encoding::Protobuf,
        #[cfg(feature = "otlp-json")]
        Encoding::Json,
    ];

    /// The message, encoded.
    pub(super) fn encode(self, message: &impl Encoded) -> Bytes {
        match self {
            Encoding::Protobuf => message.encode_to_vec().into(),
            // Its maps have texts as keys, and nothing of it fails.
            #[cfg(feature = "otlp-json")]
            Encoding::Json => serde_json::to_vec(message).unwrap_or_default().into(),
        }
    }

    /// The type of content, which an answer has as well.
    #[cfg(feature = "otlp-http")]
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Encoding::Protobuf => "application/x-protobuf",
            #[cfg(feature = "otlp-json")]
            Encoding::Json => "application/json",
        }
    }

    /// How many bytes come of one of protobuf's, at most: JSON writes keys out, and an identifier's byte as two digits.
    pub(super) const fn growth(self) -> usize {
        match self {
            Encoding::Protobuf => 1,
            #[cfg(feature = "otlp-json")]
            Encoding::Json => 6,
        }
    }
}
