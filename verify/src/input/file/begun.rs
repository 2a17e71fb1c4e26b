//! A reader whose first bytes were looked at.

use std::io::{self, BufRead, BufReader, Cursor, Read};

/// A reader that knows whether more would have to be waited for.
pub(super) trait Awaited: BufRead {
    /// Whether nothing is here that could be read without asking for more, which may be long in coming.
    fn is_empty(&self) -> bool;
}

/// The first bytes, and the reader behind them.
pub(super) struct Begun<R> {
    head: Cursor<Vec<u8>>,
    rest: BufReader<R>,
}

impl<R: Read> Begun<R> {
    pub(super) fn new(head: Vec<u8>, rest: BufReader<R>) -> Begun<R> {
        Begun { head: Cursor::new(head), rest }
    }

    /// The first bytes, also when they were read.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get_ref()
    }

    /// Whether more comes behind the first bytes. It may have to be waited for.
    pub(super) fn goes_on(&mut self) -> bool {
        self.rest.fill_buf().is_ok_and(|more| !more.is_empty())
    }

    fn has_head(&self) -> bool {
        usize::try_from(self.head.position()).is_ok_and(|position| position < self.head.get_ref().len())
    }
}

impl<R: Read> Read for Begun<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_head() { self.head.read(buffer) } else { self.rest.read(buffer) }
    }
}

impl<R: Read> BufRead for Begun<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.has_head() { self.head.fill_buf() } else { self.rest.fill_buf() }
    }

    fn consume(&mut self, length: usize) {
        if self.has_head() { self.head.consume(length) } else { self.rest.consume(length) }
    }
}

impl<R: Read> Awaited for Begun<R> {
    fn is_empty(&self) -> bool {
        !self.has_head() && self.rest.buffer().is_empty()
    }
}
