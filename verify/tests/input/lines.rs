//! Log lines of many loggers.

use super::kept::{kept, read};

#[test]
fn lines_of_loggers_become_records() {
    for (line, expected) in [
        // slog's JSONHandler
        (
            r#"{"time":"2024-01-02T03:04:05.000000006Z","level":"INFO","msg":"hello","count":3,"order":{"id":"o-1"}}"#,
            r#"json time=1704164645000000006 severity=INFO body="hello" {count=3,order={id="o-1"}}"#,
        ),
        // zap
        (
            r#"{"level":"info","ts":1704164645.25,"logger":"shop","caller":"a.go:1","msg":"hello"}"#,
            r#"json time=1704164645250000000 severity=info body="hello" {caller="a.go:1"} in shop {}"#,
        ),
        // pino
        (
            r#"{"level":30,"time":1704164645123,"pid":1,"hostname":"h","trace_id":"0102030405060708090a0b0c0d0e0f10","span_id":"0102030405060708","trace_flags":"01","msg":"hello"}"#,
            r#"json time=1704164645123000000 number=9 body="hello" trace=0102030405060708090a0b0c0d0e0f10 span=0102030405060708 flags=1 {pid=1,hostname="h"}"#,
        ),
        // logstash-logback-encoder
        (
            r#"{"@timestamp":"2024-01-02T04:04:05.000+0100","@version":"1","message":"hello","logger_name":"com.shop","level":"WARN"}"#,
            r#"json time=1704164645000000000 severity=WARN body="hello" {@version="1"} in com.shop {}"#,
        ),
        // logback's JsonEncoder
        (
            r#"{"timestamp":1704164645123,"level":"INFO","mdc":{"tenant":"t"},"formattedMessage":"hello","kvpList":[{"order":"o-1"}]}"#,
            r#"json time=1704164645123000000 severity=INFO body="hello" {tenant="t",order="o-1"}"#,
        ),
        // structlog
        (
            r#"{"event":"hello","level":"info","timestamp":"2024-01-02T03:04:05Z","amount":12.5}"#,
            r#"json time=1704164645000000000 severity=info body="hello" {amount=12.5}"#,
        ),
        // tracing-subscriber
        (
            r#"{"timestamp":"2024-01-02T03:04:05Z","level":"INFO","fields":{"message":"hello","count":3},"target":"shop"}"#,
            r#"json time=1704164645000000000 severity=INFO body="hello" {count=3} in shop {}"#,
        ),
        // Serilog's compact format
        (
            r#"{"@t":"2024-01-02T03:04:05Z","@mt":"hello {Name}","@l":"Warning","@tr":"0102030405060708090a0b0c0d0e0f10","Name":"n"}"#,
            r#"json time=1704164645000000000 severity=Warning body="hello {Name}" trace=0102030405060708090a0b0c0d0e0f10 {Name="n"}"#,
        ),
        // ECS
        (
            r#"{"@timestamp":"2024-01-02T03:04:05Z","log.level":"info","message":"hello","service":{"name":"cart","version":"2"}}"#,
            r#"json time=1704164645000000000 severity=info body="hello" {} of {service.name="cart",service.version="2"}"#,
        ),
        // What doesn't fit its role is an attribute.
        (
            r#"{"time":"yesterday","level":[1],"trace_id":"12","msg":"hello","severity":"INFO"}"#,
            r#"json severity=INFO body="hello" {time="yesterday",level=[1],trace_id="12"}"#,
        ),
        (
            r#"{"msg":"hello","nothing":null,"big":18446744073709551615,"list":[1,"a",{}]}"#,
            r#"json body="hello" {nothing=empty,big=1.8446744073709552e19,list=[1,"a",{}]}"#,
        ),
        // slog's TextHandler
        (
            r#"time=2024-01-02T03:04:05.000Z level=INFO msg="hello \"you\"" count=3 order.id=o-1"#,
            r#"logfmt time=1704164645000000000 severity=INFO body="hello \"you\"" {count="3",order.id="o-1"}"#,
        ),
        (r#"level=info msg=hello done err="""#, r#"logfmt severity=info body="hello" {done=nothing,err=""}"#),
    ] {
        assert_eq!(read(line).records, [expected], "{line}");
    }
}

#[test]
fn lines_that_cannot_be_read_are_refused_and_the_others_stay() {
    let text: &[&[u8]] = &[
        br#"{"msg":"1"}"#,
        b"Server started on port 8080",
        br#"{"msg":"3"}"#,
        br#"{"msg":"4""#,
        b"{\"msg\":\"\xff\"}",
        br#"{"msg":"6"} {"msg":"too"}"#,
        b"",
        b"level=info msg=8",
        b"level=info msg=\"9",
        br#"{"msg":"10"}"#,
    ];
    let kept = kept(text.join(&b'\n'));
    assert_eq!(
        kept.records,
        [
            r#"json body="1" {}"#,
            r#"json body="3" {}"#,
            r#"logfmt severity=info body="8" {}"#,
            r#"json body="10" {}"#
        ]
    );
    assert_eq!(
        kept.said(),
        [
            "file:2 has no known form: neither JSON nor logfmt: Server started on port 8080",
            "file:4 ends in the middle: EOF while parsing an object at line 1 column 10",
            "file:5 isn't UTF-8",
            "file:6 is malformed: trailing characters at line 1 column 13",
            "file:9 has no known form: neither JSON nor logfmt: level=info msg=\"9",
        ]
    );
    let lines: Vec<_> = kept.places.iter().map(|(_, place)| place.line.unwrap()).collect();
    assert_eq!(lines, [1, 3, 8, 10]);
}

#[test]
fn a_value_that_another_one_cuts_off_is_refused_and_the_other_one_read() {
    let kept = kept("{\n\"msg\":\n{\"msg\":\"hello\"\n}\n{\"a\":\n");
    assert_eq!(kept.records, ["json body=\"hello\" {}"]);
    assert_eq!(
        kept.said(),
        [
            "file:1 ends in the middle: another one begins before it ends",
            "file:5 ends in the middle: the file ends before it"
        ]
    );
}

/// Whoever follows a log sees a line before the next one comes.
#[test]
fn lines_that_come_one_by_one_are_handed_over_one_by_one() {
    struct Slow<'a>(std::str::SplitInclusive<'a, char>, &'a std::cell::Cell<usize>);
    impl std::io::Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let Some(line) = self.0.next() else { return Ok(0) };
            self.1.set(self.1.get() + 1);
            buffer[..line.len()].copy_from_slice(line.as_bytes());
            Ok(line.len())
        }
    }
    let text = "{\"msg\":1}\n{\"msg\":2}\n{\"msg\":3}\n";
    for most in 1..=3 {
        let asked = std::cell::Cell::new(0);
        let mut kept = super::kept::Kept { most: Some(most), ..Default::default() };
        let lines = Slow(text.split_inclusive('\n'), &asked);
        slo_verify::input::file::read(lines, &slo_verify::input::Source::StandardInput, &mut kept);
        assert_eq!((kept.records.len(), asked.get()), (most, most));
    }
}

#[test]
fn lines_in_many_are_handed_over_in_parts_and_in_order() {
    let text: String = (0..2_000).map(|number| format!("{{\"msg\":\"{number}\"}}\n")).collect();
    let kept = read(text);
    assert_eq!(kept.records.len(), 2_000);
    assert_eq!(kept.records[1_999], "json body=\"1999\" {}");
    assert!(kept.places.len() > 2);
}
