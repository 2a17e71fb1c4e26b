//! The vocabularies of meanings.

use crate::{File, Meanings};

macro_rules! vocabulary {
    ($name:literal, $version:literal) => {
        Meanings {
            name: concat!("std.", $name),
            version: $version,
            manifest: include_str!(concat!("../", $name, "/slo.toml")),
            file: File {
                path: concat!($name, ".slo"),
                text: include_str!(concat!("../", $name, "/", $name, ".slo")),
            },
        }
    };
}

/// The built-in vocabularies that are text alone: shared meanings, by the version of the conventions whose severities, statuses
/// and values of `error.type` they have, and errors by codes of our own.
pub const MEANINGS: &[Meanings] = &[
    vocabulary!("db", "1.44.0"),
    vocabulary!("error", "0.1.0"),
    vocabulary!("http", "1.44.0"),
    vocabulary!("messaging", "1.44.0"),
    vocabulary!("rpc", "1.44.0"),
];
