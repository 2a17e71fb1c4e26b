//! What is refused, whatever its form.

use std::io::{self, Read};

use prost::Message;
use slo_verify::input::limits::{LARGEST_REQUEST, LONGEST_LINE};
use slo_verify::input::{Source, Wrong, file};

use super::kept::{Kept, kept};
use super::protobuf::{framed, span, traces};

fn request() -> Vec<u8> {
    framed(&traces(vec![span("a")]).encode_to_vec())
}

#[test]
fn each_fault_has_its_name_and_the_rest_is_read() {
    let whole = request();
    let cut = &whole[..whole.len() - 3];
    for (file, records, wrongs) in [
        (b"".to_vec(), 0, vec![]),
        ([whole.as_slice(), cut].concat(), 1, vec![Wrong::Truncated]),
        ([whole.as_slice(), &[0, 0]].concat(), 1, vec![Wrong::Truncated]),
        ([framed(&[0xff; 40]), whole.clone()].concat(), 1, vec![Wrong::UnknownForm]),
        ([framed(b"{\"resourceSpans\":["), whole.clone()].concat(), 1, vec![Wrong::Truncated]),
        ([framed(&[0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), whole.clone()].concat(), 1, vec![Wrong::Packing]),
        (b"\xff\xfe{\0}\0".to_vec(), 0, vec![Wrong::UnknownForm]),
        (b"Dear reader,\n".to_vec(), 0, vec![Wrong::UnknownForm]),
        (vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a], 0, vec![Wrong::UnknownForm]),
        ([&b"{\"msg\":"[..], &b"[".repeat(100_000)].concat(), 0, vec![Wrong::Truncated]),
        (
            [&b"{\"msg\":"[..], &b"[".repeat(100), &b"]".repeat(100), b"}\n{\"msg\":1}"].concat(),
            1,
            vec![Wrong::TooDeep],
        ),
    ] {
        let kept = kept(&file);
        assert_eq!(kept.wrongs(), wrongs, "{:?} of {:?}", kept.said(), &file[..file.len().min(40)]);
        assert_eq!(kept.records.len(), records);
    }
}

#[test]
fn json_that_lies_too_deep_is_refused_as_a_request_too() {
    let deep = |depth: usize| {
        let value = r#"{"arrayValue":{"values":["#.repeat(depth) + &"]}}".repeat(depth);
        format!(r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{value}}},{{}}]}}]}}]}}"#)
    };
    for depth in [30, 1_000, 100_000] {
        let kept = kept(deep(depth));
        assert_eq!((kept.wrongs(), kept.records.len()), (vec![Wrong::TooDeep], 1));
    }
}

#[test]
fn a_message_that_is_too_large_is_passed_over_without_being_kept() {
    let length = u32::try_from(LARGEST_REQUEST + 1).unwrap().to_be_bytes();
    let zeros = io::repeat(0).take(u64::try_from(LARGEST_REQUEST + 1).unwrap());
    let whole = request();
    let mut kept = Kept::default();
    let file = length.as_slice().chain(zeros).chain(whole.as_slice());
    // A length with a byte above the largest is told from text by what stands before it.
    file::read(whole.as_slice().chain(file), &Source::StandardInput, &mut kept);
    assert_eq!((kept.records.len(), kept.wrongs()), (2, vec![Wrong::TooLarge]));
}

#[test]
fn a_line_that_is_too_long_is_passed_over_without_being_kept() {
    let long = io::repeat(b'x').take(u64::try_from(3 * LONGEST_LINE).unwrap());
    let mut kept = Kept::default();
    let file = b"{\"msg\":1}\n".chain(long).chain(b"\n{\"msg\":3}\n".as_slice());
    file::read(file, &Source::StandardInput, &mut kept);
    assert_eq!(kept.records, ["json body=1 {}", "json body=3 {}"]);
    assert_eq!(kept.said(), ["standard input:2 is too large: a line of more than 16777216 bytes"]);
}

#[test]
fn a_request_whose_messages_would_fill_memory_is_refused_before_it_is_decoded() {
    let inside = |tag: u8, bytes: Vec<u8>| {
        let mut outer = vec![tag];
        prost::encoding::encode_varint(u64::try_from(bytes.len()).unwrap(), &mut outer);
        outer.extend(bytes);
        outer
    };
    // Five million of either take ten megabytes here, and above a gigabyte in memory.
    let spans = [0x12, 0x00].repeat(5_000_000);
    let points = inside(0x12, inside(0x52, [0x0a, 0x00].repeat(5_000_000)));
    for scope in [spans, points] {
        let kept = kept(framed(&inside(0x0a, inside(0x12, scope))));
        assert_eq!((kept.records.len(), kept.wrongs()), (0, vec![Wrong::TooManyParts]));
    }
}

#[test]
fn a_long_key_of_many_members_is_not_repeated_for_each() {
    // Two megabytes here, and a hundred gigabytes were each member's key to have it.
    let members: Vec<String> = (0..100_000).map(|number| format!("\"{number}\":1")).collect();
    let line =
        |key: &str| format!("{{\"resource\":{{\"{key}\":{{{}}},\"a\":{{\"b\":2}}}}}}", members.join(","));
    let kept = kept(format!("{}\n{}\n", line(&"k".repeat(1 << 20)), line("k")));
    assert_eq!(kept.said(), [""; 0]);
    let [long, short] = kept.records.as_slice() else { panic!("two records are expected") };
    assert!(long.contains("kk={0=1,") && long.ends_with("99999=1},a.b=2}"));
    assert!(short.contains("k.0=1,") && short.ends_with("k.99999=1,a.b=2}"));
}

/// Much that is large on the wire is no larger in memory than it may be.
#[test]
fn a_large_request_of_few_messages_is_read() {
    let mut large = span("large");
    large.trace_state = "x".repeat(40 << 20);
    assert_eq!(kept(framed(&traces(vec![large]).encode_to_vec())).wrongs(), []);
}

#[test]
fn a_reader_that_fails_ends_its_file_and_no_other() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::PermissionDenied))
        }
    }
    for (begins, records) in [(request(), 1), (b"{\"msg\":1}\n".to_vec(), 1), (Vec::new(), 0)] {
        let mut kept = Kept::default();
        file::read(begins.as_slice().chain(Fails), &Source::StandardInput, &mut kept);
        assert_eq!(
            (kept.records.len(), kept.wrongs()),
            (records, vec![Wrong::Unreachable]),
            "{:?}",
            kept.said()
        );
    }
}

#[test]
fn what_a_refusal_quotes_is_short_and_without_control_characters() {
    let kept = kept(format!("{{\"msg\":1}}\n\u{1b}[31m{}\n", "x".repeat(1_000)));
    let said = &kept.said()[0];
    assert!(said.len() < 250 && said.ends_with('…') && !said.contains('\u{1b}'), "{said}");
}
