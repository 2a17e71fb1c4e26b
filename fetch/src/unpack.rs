//! Reads an archive that anybody may have made. Nothing is written: what is asked for is the files, in memory, and an archive
//! with anything in it that is no plain file or folder is refused as a whole.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use slo_compiler::load::MOST_FILES;
use slo_compiler::pinned::{MOST_BYTES, unsafe_path};
use slo_grammar::limits::FILE_BYTES;
use tar::{Archive, EntryType};

/// The longest archive that is taken, in bytes.
pub const ARCHIVE_BYTES: u64 = 128 * 1024 * 1024;

/// How many bytes of headers and padding an entry brings, at most: names of 1,024 bytes as well.
const ENTRY_BYTES: u64 = 4 * 1024;

/// Why an archive is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnpackError {
    /// It is neither a `.tar` nor a `.tar.gz`; what it seems to be.
    OtherFormat(&'static str),
    /// It is cut off or damaged: the reader's own words.
    Damaged(String),
    /// It is larger than this many bytes, unpacked or not.
    TooLarge(u64),
    /// A file of it is larger than a file may be.
    FileTooLarge(String),
    /// It has more entries than this.
    TooManyFiles(usize),
    /// The name of an entry, and why it may not be used.
    Name(String, &'static str),
    /// An entry that is neither a file nor a folder, and what it is.
    Kind(String, &'static str),
    /// Two files of one name.
    Twice(String),
}

impl fmt::Display for UnpackError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnpackError::OtherFormat(what) => {
                write!(formatter, "it is {what}, and a `.tar` or `.tar.gz` is wanted")
            }
            UnpackError::Damaged(why) => write!(formatter, "it is cut off or damaged: {why}"),
            UnpackError::TooLarge(most) => write!(formatter, "it has more than {most} bytes"),
            UnpackError::FileTooLarge(name) => {
                write!(formatter, "`{name}` in it has more than {FILE_BYTES} bytes")
            }
            UnpackError::TooManyFiles(most) => write!(formatter, "it has more than {most} files and folders"),
            UnpackError::Name(name, why) => write!(formatter, "the name `{name}` in it {why}"),
            UnpackError::Kind(name, what) => {
                write!(formatter, "`{name}` in it is {what}: only files and folders are taken")
            }
            UnpackError::Twice(name) => write!(formatter, "it has `{name}` twice"),
        }
    }
}

impl std::error::Error for UnpackError {}

/// The files of a `.tar` or `.tar.gz` with their paths, sorted.
///
/// # Errors
/// Says why the archive is refused. Links, devices, names that lead out of the folder, two files of one name, and more or
/// larger files than a source may have are among the reasons.
pub fn unpack(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, UnpackError> {
    match bytes {
        [0x1f, 0x8b, ..] => entries(MultiGzDecoder::new(bytes)),
        _ if bytes.get(257..262) == Some(b"ustar") => entries(bytes),
        [b'P', b'K', ..] => Err(UnpackError::OtherFormat("a zip")),
        [b'B', b'Z', b'h', ..] => Err(UnpackError::OtherFormat("packed by bzip2")),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Err(UnpackError::OtherFormat("packed by zstd")),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => Err(UnpackError::OtherFormat("packed by xz")),
        [] => Err(UnpackError::OtherFormat("empty")),
        [b'<', ..] => Err(UnpackError::OtherFormat("a page of HTML or XML")),
        _ => Err(UnpackError::OtherFormat("something else")),
    }
}

/// A stream that says where it ends too late.
struct Bounded<R> {
    inner: R,
    left: u64,
    is_over: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => {
                self.left = left;
                Ok(read)
            }
            None => {
                self.is_over = true;
                Err(io::Error::other("too large"))
            }
        }
    }
}

fn entries(stream: impl Read) -> Result<Vec<(String, Vec<u8>)>, UnpackError> {
    let mut bounded =
        Bounded { inner: stream, left: MOST_BYTES + ENTRY_BYTES * MOST_FILES as u64, is_over: false };
    let files = files(&mut bounded);
    // What a decoder finds wrong at the end is found when the end is read.
    let files = files.and_then(|files| {
        io::copy(&mut bounded, &mut io::sink()).map_err(damaged)?;
        Ok(files)
    });
    if bounded.is_over { Err(UnpackError::TooLarge(MOST_BYTES)) } else { files }
}

fn damaged(error: io::Error) -> UnpackError {
    let why: String = error.to_string().chars().filter(|one| !one.is_control()).take(200).collect();
    UnpackError::Damaged(why)
}

fn files(stream: &mut impl Read) -> Result<Vec<(String, Vec<u8>)>, UnpackError> {
    let mut archive = Archive::new(stream);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut left = MOST_BYTES;
    for (count, entry) in archive.entries().map_err(damaged)?.enumerate() {
        let mut entry = entry.map_err(damaged)?;
        if count >= MOST_FILES {
            return Err(UnpackError::TooManyFiles(MOST_FILES));
        }
        let kind = entry.header().entry_type();
        // What `git archive` says of the commit.
        if kind == EntryType::XGlobalHeader {
            continue;
        }
        let name = entry.path_bytes();
        let shown: String =
            String::from_utf8_lossy(&name).chars().flat_map(char::escape_default).take(200).collect();
        let name = std::str::from_utf8(&name).map_err(|_| UnpackError::Name(shown.clone(), "is no UTF-8"))?;
        let is_folder = kind == EntryType::Directory;
        let short = if is_folder { name.trim_end_matches('/') } else { name };
        let short = short.strip_prefix("./").unwrap_or(short).to_owned();
        // The folder of all, as some tools name it.
        if is_folder && (short.is_empty() || short == ".") {
            continue;
        }
        if let Some(why) = unsafe_path(&short) {
            return Err(UnpackError::Name(shown, why));
        }
        match kind {
            EntryType::Directory => continue,
            EntryType::Regular | EntryType::Continuous => {}
            other => return Err(UnpackError::Kind(shown, what(other))),
        }
        let size = entry.size();
        if size > FILE_BYTES as u64 {
            return Err(UnpackError::FileTooLarge(shown));
        }
        left = left.checked_sub(size).ok_or(UnpackError::TooLarge(MOST_BYTES))?;
        let mut bytes = Vec::with_capacity(size.min(1024 * 1024) as usize);
        entry.by_ref().take(size).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 != size {
            return Err(UnpackError::Damaged(format!("`{shown}` ends too early")));
        }
        if !seen.insert(short.clone()) {
            return Err(UnpackError::Twice(shown));
        }
        found.push((short, bytes));
    }
    found.sort();
    Ok(found)
}

fn what(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link => "a second name of another file",
        EntryType::Symlink => "a link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a file with holes",
        _ => "of a kind that slo doesn't know",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tar::{Builder, Header};

    use super::*;

    fn header(name: &str, size: u64, kind: EntryType) -> Header {
        let mut header = Header::new_ustar();
        // The builder would refuse the names that are tried here.
        let field = &mut header.as_old_mut().name;
        field[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(size);
        header.set_mode(0o644);
        header.set_entry_type(kind);
        header.set_cksum();
        header
    }

    fn tar(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (name, kind, bytes) in entries {
            builder.append(&header(name, bytes.len() as u64, *kind), *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn refused(entries: &[(&str, EntryType, &[u8])]) -> String {
        let plain = unpack(&tar(entries)).unwrap_err();
        assert_eq!(unpack(&packed(&tar(entries))), Err(plain.clone()));
        plain.to_string()
    }

    const FILE: EntryType = EntryType::Regular;

    #[test]
    fn files_are_read_whatever_their_order() {
        let bytes = tar(&[
            ("./", EntryType::Directory, b""),
            ("pax_global_header", EntryType::XGlobalHeader, b"20 comment=0123456\n"),
            ("house/", EntryType::Directory, b""),
            ("house/slo.toml", FILE, b"name"),
            ("./house/a.slo", FILE, b""),
        ]);
        let files =
            vec![("house/a.slo".to_owned(), Vec::new()), ("house/slo.toml".to_owned(), b"name".to_vec())];
        assert_eq!(unpack(&bytes), Ok(files.clone()));
        assert_eq!(unpack(&packed(&bytes)), Ok(files));
    }

    #[test]
    fn long_names_are_read() {
        let name = format!("{}/{}.slo", "folder".repeat(20), "file".repeat(40));
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(1);
        header.set_mode(0o644);
        builder.append_data(&mut header, &name, b"x".as_slice()).unwrap();
        assert_eq!(unpack(&builder.into_inner().unwrap()), Ok(vec![(name, b"x".to_vec())]));
    }

    #[test]
    fn what_is_no_plain_file_is_refused() {
        for (kind, what) in [
            (EntryType::Symlink, "a link"),
            (EntryType::Link, "a second name of another file"),
            (EntryType::Char, "a device"),
            (EntryType::Block, "a device"),
            (EntryType::Fifo, "a pipe"),
        ] {
            let said = refused(&[("slo.toml", FILE, b"x"), ("a.slo", kind, b"")]);
            assert_eq!(said, format!("`a.slo` in it is {what}: only files and folders are taken"));
        }
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in [
            "../a.slo",
            "/etc/a.slo",
            "a/../../b.slo",
            "C:/a.slo",
            "..\\a.slo",
            "a//b.slo",
            "a/./b.slo",
            "a\u{1b}b",
        ] {
            let said = refused(&[(name, FILE, b"")]);
            assert!(said.starts_with("the name `"), "{said}");
            assert!(!said.contains('\u{1b}'), "{said}");
        }
        assert!(refused(&[("../out/", EntryType::Directory, b"")]).contains("leads out of its folder"));
        assert_eq!(refused(&[("a.slo", FILE, b"1"), ("./a.slo", FILE, b"2")]), "it has `./a.slo` twice");
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_read() {
        // A header that lies about its size brings no memory.
        let mut bytes = header("a.slo", FILE_BYTES as u64 + 1, FILE).as_bytes().to_vec();
        bytes.extend([0; 1024]);
        assert_eq!(unpack(&bytes), Err(UnpackError::FileTooLarge("a.slo".to_owned())));
        let names: Vec<String> = (0..=MOST_FILES).map(|number| format!("{number}.slo")).collect();
        let many: Vec<(&str, EntryType, &[u8])> =
            names.iter().map(|name| (name.as_str(), FILE, b"".as_slice())).collect();
        assert_eq!(unpack(&packed(&tar(&many))), Err(UnpackError::TooManyFiles(MOST_FILES)));
        // Gigabytes of zeros behind the end of the archive: some megabytes of packed bytes.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&tar(&[("a.slo", FILE, b"x")])).unwrap();
        let zeros = vec![0; 1024 * 1024];
        for _ in 0..MOST_BYTES / zeros.len() as u64 + 64 {
            encoder.write_all(&zeros).unwrap();
        }
        assert_eq!(unpack(&encoder.finish().unwrap()), Err(UnpackError::TooLarge(MOST_BYTES)));
    }

    #[test]
    fn what_is_cut_off_is_refused_at_each_byte() {
        let whole = packed(&tar(&[("slo.toml", FILE, b"name = 1"), ("a.slo", FILE, &[7; 700])]));
        for end in 0..whole.len() {
            assert!(unpack(&whole[..end]).is_err(), "{end}");
        }
        let plain = tar(&[("a.slo", FILE, &[7; 700])]);
        assert!(matches!(unpack(&plain[..600]), Err(UnpackError::Damaged(_))));
        for (bytes, what) in [
            (b"PK\x03\x04".as_slice(), "it is a zip, and a `.tar` or `.tar.gz` is wanted"),
            (b"<!DOCTYPE html>", "it is a page of HTML or XML, and a `.tar` or `.tar.gz` is wanted"),
            (b"", "it is empty, and a `.tar` or `.tar.gz` is wanted"),
        ] {
            assert_eq!(unpack(bytes).unwrap_err().to_string(), what);
        }
    }
}
