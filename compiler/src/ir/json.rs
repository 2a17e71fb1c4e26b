//! The IR as JSON, and the hash of a contract.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{Contract, FORMAT, Leaf, Members, references};

/// Why text is no IR of this compiler.
#[derive(Debug)]
#[non_exhaustive]
pub enum IrError {
    /// It is no JSON, or JSON of something else.
    Json(serde_json::Error),
    /// It has another format's number.
    Format(u32),
    /// Something in it refers to what is not there.
    Reference,
}

impl std::fmt::Display for IrError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            IrError::Json(error) => write!(formatter, "the text is no contract: {error}"),
            IrError::Format(found) => {
                write!(formatter, "the contract has format {found}, this compiler reads format {FORMAT}")
            }
            IrError::Reference => {
                formatter.write_str("something in the contract refers by its number to what is not there")
            }
        }
    }
}

impl std::error::Error for IrError {}

impl Contract {
    /// The contract as JSON, on lines for people.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists always serialise; a double is never NaN, the checks see to that.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads [`Contract::to_json`] back.
    ///
    /// # Errors
    /// Says why the text is no contract of this format.
    pub fn from_json(text: &str) -> Result<Contract, IrError> {
        #[cfg_attr(feature = "json", derive(Deserialize))]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_str(text).map_err(IrError::Json)?;
        if format != FORMAT {
            return Err(IrError::Format(format));
        }
        let contract: Contract = serde_json::from_str(text).map_err(IrError::Json)?;
        if !references::hold(&contract) {
            return Err(IrError::Reference);
        }
        Ok(contract)
    }

    /// A hash of what the contract says, places left out: 16 hexadecimal digits of SHA-256.
    #[must_use]
    pub fn hash(&self) -> String {
        // What `to_json` can write, this can.
        let said = serde_json::to_string(&self.said()).unwrap_or_default();
        Sha256::digest(said.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        Vec::deserialize(deserializer).map(Members::from)
    }
}

impl<'de, T: Deserialize<'de>, E> Deserialize<'de> for Leaf<T, E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Leaf<T, E>, D::Error> {
        T::deserialize(deserializer).map(Leaf::Known)
    }
}
