//! What real libraries call an error becomes a code of `std.error`: by the owned error and by a reference, which is how it is before
//! and after a record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on fails")]

mod database;
mod http;
mod postgres;
mod rpc;
mod system;
mod task;

use std::path::Path;

use slo::ErrorCode;

/// The code of an error, which both ways give.
fn code<E>(error: E) -> &'static str
where
    ErrorCode: From<E> + for<'e> From<&'e E>,
{
    let seen = ErrorCode::from(&error);
    assert_eq!(ErrorCode::from(error), seen);
    seen.wire()
}

/// The rows of `sources.tsv` that are of one source: code and `error.code`.
fn rows(source: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib-mappings/error/sources.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| {
        let [of, code, _, said] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        (of == source).then(|| (code.to_owned(), said.to_owned()))
    });
    let rows: Vec<_> = rows.collect();
    assert!(!rows.is_empty(), "{source}");
    rows
}
