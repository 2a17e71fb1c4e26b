//! Where something stands.

/// A file's number in the list of a run's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of a file: its number and two offsets in bytes into the whole file, the second one behind the end.
/// Line and column are worked out when a place is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Place {
    /// The stretch from `start` to `end` of `file`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Place {
        Place { file, start, end }
    }

    /// The smallest stretch that holds both; both stand in one file.
    #[must_use]
    pub fn to(self, other: Place) -> Place {
        Place { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether it holds no byte, where something is missing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The stretch as a range of bytes, to index a text with.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Something with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// What stands there.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Placed<T> {
    /// `value` at `place`.
    pub const fn new(value: T, place: Place) -> Placed<T> {
        Placed { value, place }
    }
}
