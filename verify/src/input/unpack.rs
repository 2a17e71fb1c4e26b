//! Compressed bytes, unpacked within bounds.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use super::limits::{LARGEST_RATIO, SMALL, WINDOW_LOG};
use super::refusal::{Problem, Wrong};

/// How bytes are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// What the first bytes say (RFC 1952, section 2.3.1; RFC 8878, sections 3.1.1 and 3.1.2).
    pub(super) fn of(bytes: &[u8]) -> Option<Packing> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
            _ => None,
        }
    }
}

/// A reader of what is packed in the other one. It fails where that is a bomb.
pub(super) fn reader<'a>(packing: Packing, packed: impl BufRead + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let taken = Rc::new(Cell::new(0));
    let packed = Taken { reader: packed, taken: Rc::clone(&taken) };
    let unpacked: Box<dyn Read + 'a> = match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Packing::Zstd => {
            let mut reader = zstd::stream::read::Decoder::with_buffer(packed)?;
            reader.window_log_max(WINDOW_LOG)?;
            Box::new(reader)
        }
    };
    Ok(Box::new(Unpacked { unpacked, taken, given: 0 }))
}

/// A reader whose bytes are counted as they are taken.
struct Taken<R> {
    reader: R,
    taken: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Taken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.taken.set(self.taken.get().saturating_add(count(length)));
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Taken<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.taken.set(self.taken.get().saturating_add(count(length)));
        self.reader.consume(length);
    }
}

/// A reader that fails where it gives out of all proportion to what it takes.
struct Unpacked<'a> {
    unpacked: Box<dyn Read + 'a>,
    taken: Rc<Cell<u64>>,
    given: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.unpacked.read(buffer)?;
        self.given = self.given.saturating_add(count(length));
        let taken = self.taken.get();
        if self.given > most(taken) {
            let detail = format!("{taken} bytes are more than {} when they are unpacked", most(taken));
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, detail));
        }
        Ok(length)
    }
}

/// How much may be in so many bytes.
fn most(packed: u64) -> u64 {
    packed.saturating_mul(LARGEST_RATIO).max(SMALL)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// All of it, unpacked, where its first bytes say that it is packed.
pub(super) fn by_content(bytes: &[u8], most: usize) -> Result<Cow<'_, [u8]>, Problem> {
    match Packing::of(bytes) {
        None => Ok(Cow::Borrowed(bytes)),
        Some(packing) => unpack(packing, bytes, most).map(Cow::Owned),
    }
}

/// All of it, unpacked.
pub(super) fn unpack(packing: Packing, packed: &[u8], most: usize) -> Result<Vec<u8>, Problem> {
    let mut unpacked = Vec::new();
    let wrong = |error: io::Error| failed(&error);
    let reader = reader(packing, packed).map_err(wrong)?;
    // One byte more shows that there is more.
    reader.take(count(most).saturating_add(1)).read_to_end(&mut unpacked).map_err(wrong)?;
    if unpacked.len() > most {
        let detail = format!("{} bytes are more than {most} when they are unpacked", packed.len());
        return Err(Problem::new(Wrong::Bomb, detail));
    }
    Ok(unpacked)
}

/// Why a reader fails: of what is packed, or of what the system has.
pub(super) fn failed(error: &io::Error) -> Problem {
    let wrong = match error.kind() {
        io::ErrorKind::UnexpectedEof => return Problem::new(Wrong::Truncated, "it has no end"),
        io::ErrorKind::FileTooLarge => Wrong::Bomb,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => Wrong::Packing,
        _ => Wrong::Unreachable,
    };
    Problem::new(wrong, error.to_string())
}
