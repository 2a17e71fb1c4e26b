//! Archives, good ones and others.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use slo_compiler::pinned::sha256;
use tar::{Builder, EntryType, Header};

use super::{HOUSE, KEYS, files, manifest, said, shop};
use crate::support::Folder;

fn entry(builder: &mut Builder<Vec<u8>>, name: &str, kind: EntryType, bytes: &[u8]) {
    let mut header = Header::new_ustar();
    // The builder would refuse the names that are tried here.
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    if kind == EntryType::Symlink {
        header.set_link_name("/etc/hostname").unwrap();
    }
    header.set_cksum();
    builder.append(&header, bytes).unwrap();
}

pub(super) fn packed(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        entry(&mut builder, name, *kind, bytes);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&builder.into_inner().unwrap()).unwrap();
    encoder.finish().unwrap()
}

pub(super) const FILE: EntryType = EntryType::Regular;

fn house() -> Vec<u8> {
    packed(&[
        ("house-1.0.0/slo.toml", FILE, HOUSE.as_bytes()),
        ("house-1.0.0/keys.slo", FILE, KEYS.as_bytes()),
        ("house-1.0.0/README.md", FILE, b"not needed"),
    ])
}

/// A contract that stands on this archive.
fn with(bytes: &[u8]) -> Folder {
    let folder = shop("");
    folder.write("slo/house.tar.gz", bytes);
    named(&folder, bytes);
    folder
}

fn named(folder: &Folder, bytes: &[u8]) {
    let hash = sha256(bytes);
    manifest(
        folder,
        &format!("house = {{ archive = \"house.tar.gz\", sha256 = \"{hash}\", path = \"house-1.0.0\" }}"),
    );
}

#[test]
fn an_archive_is_fetched_and_checked() {
    let folder = with(&house());
    insta::assert_snapshot!("archive", said(&folder.slo(&["fetch", "slo"])));
    insta::assert_snapshot!("archive_lock", folder.read("slo/slo.lock"));
    fs::remove_file(folder.path().join("slo/house.tar.gz")).unwrap();
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(folder.slo(&["fetch", "slo", "--update"]).code, 0, "no archive moves by itself");
}

/// A server that hands these bytes out, and how many times it did.
pub(super) fn serves(bytes: Vec<u8>) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                request.push(byte[0]);
            }
            count.fetch_add(1, Ordering::Relaxed);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
        }
    });
    (port, asked)
}

#[test]
fn an_archive_by_a_url_is_asked_for_by_fetch_alone() {
    let bytes = house();
    let hash = sha256(&bytes);
    let (port, asked) = serves(bytes);
    let url = format!("http://127.0.0.1:{port}/house-1.0.0.tar.gz");
    let folder =
        shop(&format!("house = {{ archive = \"{url}\", sha256 = \"{hash}\", path = \"house-1.0.0\" }}"));
    assert!(folder.slo(&["check", "slo"]).out.contains("SLO0203"));
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let run = folder.slo_with(
        &["fetch", "slo", "--vendor"],
        "",
        &[("no_proxy", "127.0.0.1"), ("NO_PROXY", "127.0.0.1")],
    );
    assert_eq!(run.code, 0, "{}", run.error);
    assert!(folder.read("slo/slo.lock").contains("name = \"house-1.0.0\""));
    for command in [
        ["check", "slo"].as_slice(),
        &["build", "slo", "--target", "rust", "--out", "out"],
        &["fetch", "slo"],
    ] {
        assert_eq!(folder.slo(command).code, 0);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn archives_that_are_not_as_they_should_be_are_refused_and_nothing_is_written() {
    let good = house();
    let cut = good.get(..good.len() / 2).unwrap();
    let cases: [(&str, Vec<u8>); 8] = [
        ("cut off", cut.to_vec()),
        (
            "a link",
            packed(&[
                ("house-1.0.0/slo.toml", FILE, HOUSE.as_bytes()),
                ("house-1.0.0/keys.slo", EntryType::Symlink, b""),
            ]),
        ),
        ("a device", packed(&[("house-1.0.0/null", EntryType::Char, b"")])),
        ("a name that climbs out", packed(&[("house-1.0.0/../../../evil.slo", FILE, b"package evil\n")])),
        ("an absolute name", packed(&[("/tmp/evil.slo", FILE, b"package evil\n")])),
        ("a drive", packed(&[("C:/evil.slo", FILE, b"package evil\n")])),
        (
            "one file twice",
            packed(&[("house-1.0.0/slo.toml", FILE, HOUSE.as_bytes()), ("house-1.0.0/slo.toml", FILE, b"")]),
        ),
        ("a page instead", b"<html>Please sign in</html>".to_vec()),
    ];
    let mut shown = String::new();
    for (what, bytes) in cases {
        let folder = with(&bytes);
        let run = folder.slo(&["fetch", "slo"]);
        shown.push_str(&format!("──── {what}\n{}", said(&run)));
        assert!(files(&folder, "cache").is_empty(), "{what}");
        assert!(!folder.path().join("slo/slo.lock").exists(), "{what}");
    }
    insta::assert_snapshot!("archives", shown);
}

#[test]
fn another_archive_than_was_meant_is_not_even_unpacked() {
    let folder = with(&house());
    // It would be refused by its link, were it read.
    let other = packed(&[("house-1.0.0/keys.slo", EntryType::Symlink, b"")]);
    folder.write("slo/house.tar.gz", &other);
    insta::assert_snapshot!("other_archive", said(&folder.slo(&["fetch", "slo"])));
    fs::remove_file(folder.path().join("slo/house.tar.gz")).unwrap();
    insta::assert_snapshot!("no_archive", said(&folder.slo(&["fetch", "slo"])));
}
