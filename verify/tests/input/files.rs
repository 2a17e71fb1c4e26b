//! Files: their forms, their packing, their order.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use slo_verify::input::file::Files;
use slo_verify::input::{Source, Wrong};

use super::kept::{Kept, kept, read};
use super::protobuf::{framed, span, traces};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 0).unwrap()
}

#[test]
fn what_is_packed_is_read_as_what_is_in_it() {
    let request = traces(vec![span("a")]).encode_to_vec();
    let files = [
        framed(&request),
        request.clone(),
        b"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{}]}]}]}\n".to_vec(),
        b"{\"msg\":\"hello\"}\n{\"msg\":\"you\"}".to_vec(),
        b"level=info msg=hello".to_vec(),
    ];
    for file in files {
        let plain = read(&file).records;
        assert!(!plain.is_empty());
        for packed in [gzip(&file), zstd(&file), [gzip(&file[..7]), gzip(&file[7..])].concat()] {
            assert_eq!(read(packed).records, plain);
        }
    }
    // As the Collector's file exporter writes with `compression: zstd`.
    let packed = [framed(&zstd(&request)), framed(&zstd(&request))].concat();
    assert_eq!(read(packed).records.len(), 2);
    assert_eq!(read(gzip(b"# TYPE a counter\na_total 1\n")).scrapes.len(), 1);
}

#[test]
fn what_is_packed_and_broken_is_read_up_to_there() {
    let lines: String = (0..20_000).map(|number| format!("{{\"msg\":\"{:x}\"}}\n", number * 7_919)).collect();
    for packed in [gzip(lines.as_bytes()), zstd(lines.as_bytes())] {
        let kept = kept(&packed[..packed.len() / 2]);
        assert!((1..20_000).contains(&kept.records.len()), "{}", kept.records.len());
        assert!(kept.wrongs().contains(&Wrong::Truncated), "{:?}", kept.said());
    }
    let mut garbled = gzip(lines.as_bytes());
    let middle = garbled.len() / 2;
    garbled[middle..middle + 64].fill(0xa5);
    assert!(kept(garbled).wrongs().contains(&Wrong::Packing));
}

#[test]
fn a_bomb_is_read_in_proportion_to_what_it_is_packed_in() {
    let lines = b"{\"msg\":1}\n".repeat(1 << 20);
    for packed in [gzip(&lines), zstd(&lines)] {
        let kept = kept(&packed);
        assert_eq!(kept.wrongs(), [Wrong::Bomb], "{:?}", kept.said());
        assert!(kept.records.len() < 500_000);
    }
    let kept = kept([framed(&zstd(&lines)), framed(b"")].concat());
    assert_eq!((kept.wrongs(), kept.places.len()), (vec![Wrong::Bomb], 1));
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("b");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(folder.path().join("c.jsonl"), "{\"msg\":\"c\"}\n").unwrap();
    std::fs::write(inner.join("b.jsonl"), "{\"msg\":\"b\"}\n").unwrap();
    std::fs::write(folder.path().join("a.log"), "level=info msg=a\n").unwrap();
    std::fs::write(folder.path().join(".hidden"), "{\"msg\":\"hidden\"}\n").unwrap();
    let missing = folder.path().join("missing");
    let files = Files::find(&[folder.path().to_owned(), missing.clone()]);
    assert_eq!(files.paths().count(), 3);
    let progress = files.progress();
    let mut kept = Kept::default();
    files.read(&mut kept);
    assert_eq!(
        kept.records,
        ["logfmt severity=info body=\"a\" {}", "json body=\"b\" {}", "json body=\"c\" {}"]
    );
    assert_eq!((progress.read(), progress.expected()), (41, 41));
    let [refusal] = kept.refusals.as_slice() else { panic!("one refusal is expected") };
    assert_eq!(refusal.wrong, Wrong::Unreachable);
    assert_eq!(refusal.source, Source::File(missing.to_string_lossy().into()));
}

#[cfg(unix)]
#[test]
fn a_pipe_among_files_is_read_once_and_wholly() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, file) = (folder.path().join("pipe"), folder.path().join("file"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::write(&file, "{\"msg\":\"file\"}\n").unwrap();
    let written = pipe.clone();
    let writer = std::thread::spawn(move || {
        let lines: String = (0..2_000).map(|number| format!("{{\"msg\":\"{number}\"}}\n")).collect();
        std::fs::write(written, lines).unwrap();
    });
    let mut kept = Kept::default();
    Files::find(&[pipe, file]).read(&mut kept);
    writer.join().unwrap();
    assert_eq!((kept.records.len(), kept.said()), (2_001, vec![]));
}

#[test]
fn reading_stops_when_the_receiver_says_so() {
    let request = framed(&traces(vec![span("a")]).encode_to_vec());
    let mut kept = Kept { most: Some(2), ..Kept::default() };
    slo_verify::input::file::read(request.repeat(5).as_slice(), &Source::StandardInput, &mut kept);
    assert_eq!(kept.records.len(), 2);
    assert!(Files::find(&[PathBuf::from("-")]).paths().eq([std::path::Path::new("-")]));
}
