//! How far reading is.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that were read of files, and of how many. What comes by the standard input isn't in it.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
    expected: AtomicU64,
}

impl Progress {
    /// Bytes that were read so far, as they stand in the files.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes that the files had when they were found.
    pub fn expected(&self) -> u64 {
        self.expected.load(Ordering::Relaxed)
    }

    pub(super) fn expect(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A reader whose bytes are counted.
pub(super) struct Counted<R> {
    reader: R,
    progress: Arc<Progress>,
}

impl<R> Counted<R> {
    pub(super) fn new(reader: R, progress: &Arc<Progress>) -> Counted<R> {
        Counted { reader, progress: Arc::clone(progress) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.progress.read.fetch_add(u64::try_from(length).unwrap_or(0), Ordering::Relaxed);
        Ok(length)
    }
}
