//! Compression of requests.

use prost::bytes::Bytes;

/// The bytes, compressed.
#[cfg(feature = "gzip")]
pub(super) fn gzip(bytes: &Bytes) -> Option<Bytes> {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
    // Writing to memory does not fail.
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// No settings ask for it without the feature.
#[cfg(not(feature = "gzip"))]
pub(super) fn gzip(_: &Bytes) -> Option<Bytes> {
    None
}
