//! What a change breaks, and for whom: changes by hand with their near misses, and by brute force over small contracts.

use slo_compiler::compare::{Audience, Change, Verdict, compare};
use slo_tests::{compile_text, rendered};

/// The day that it is.
const TODAY: &str = "2027-06-30";

/// A contract before and after, and what becomes of whom, worst of all changes: broken, more or notice. Who isn't named has what was.
struct Case {
    name: &'static str,
    old: &'static str,
    new: &'static str,
    expected: &'static str,
}

const fn case(name: &'static str, old: &'static str, new: &'static str, expected: &'static str) -> Case {
    Case { name, old, new, expected }
}

/// What every contract begins with.
const HEAD: &str = "package shop

attribute shop.method: enum { card, cash }
attribute shop.way: open enum { web, app }
attribute shop.port: int
attribute shop.note: string

scope Shop {}
";

/// An event with these fields and these signals.
const CASES: &[Case] = &[
    // Metrics.
    case("a metric is gone", "event E in Shop { metric a: counter\n metric b: counter }", "event E in Shop { metric a: counter }", "metrics broken, rules broken"),
    case("a metric is new", "event E in Shop { metric a: counter }", "event E in Shop { metric a: counter\n metric b: counter }", "metrics more"),
    case("a metric is gone on its day", "event E in Shop { metric a: counter\n metric b: counter, until=\"2027-01-01\" }", "event E in Shop { metric a: counter }", "metrics notice, rules notice"),
    case("a metric is gone before its day", "event E in Shop { metric a: counter\n metric b: counter, until=\"2027-12-31\" }", "event E in Shop { metric a: counter }", "metrics broken, rules broken"),
    case("a unit is another", "event E in Shop { metric a: counter, unit=\"{order}\" }", "event E in Shop { metric a: counter, unit=\"{sale}\" }", "metrics broken"),
    case("a unit that renames series", "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1] {} }", "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"ms\", value=elapsed, buckets=[1] {} }", "metrics broken, rules broken"),
    case("a kind is another", "metric a in Shop: gauge, observed {}", "metric a in Shop: counter, observed {}", "metrics broken, rules broken"),
    case("buckets are others", "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1] {} }", "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1, 2] {} }", "metrics broken, rules broken"),
    // Labels.
    case("a label is gone", "event E in Shop { m: shop.method\n metric a: counter { m }\n log l: info { m } }", "event E in Shop { m: shop.method\n metric a: counter {}\n log l: info { m } }", "metrics broken, rules broken"),
    case("a label is new", "event E in Shop { m: shop.method\n metric a: counter {}\n log l: info { m } }", "event E in Shop { m: shop.method\n metric a: counter { m }\n log l: info { m } }", "metrics more, rules broken"),
    case("a label is new and may be absent", "event E in Shop { m: shop.method?\n metric a: counter {}\n log l: info { m } }", "event E in Shop { m: shop.method?\n metric a: counter { m }\n log l: info { m } }", "metrics more, rules more"),
    case("a label may be absent", "event E in Shop { m: shop.method\n w: shop.way?\n metric a: counter { m } \n log l: info { m, w } }", "event E in Shop { m: shop.method?\n w: shop.way?\n metric a: counter { m }\n log l: info { m, w } }", "emitters broken, metrics broken, logs broken, rules broken"),
    case("a label is always there", "event E in Shop { m: shop.method?\n w: shop.way?\n metric a: counter { m } }", "event E in Shop { m: shop.method\n w: shop.way?\n metric a: counter { m } }", "emitters broken, metrics broken, rules broken"),
    // Values.
    case("a value of a closed set is gone", "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }", "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }", "emitters broken, logs broken"),
    case("a value of a closed set is new", "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }", "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }", "emitters more, logs broken"),
    case("a value of an open set is new, on a log", "attribute k: open enum { x }\nevent E in Shop { k: k\n log l: info { k } }", "attribute k: open enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }", "emitters more"),
    case("a value of an open set is new, on a metric", "attribute k: open enum { x }\nevent E in Shop { k: k\n metric a: counter { k } }", "attribute k: open enum { x, y }\nevent E in Shop { k: k\n metric a: counter { k } }", "emitters more, metrics more, rules more"),
    case("a value of an open set is gone, on a metric", "attribute k: open enum { x, y }\nevent E in Shop { k: k\n metric a: counter { k } }", "attribute k: open enum { x }\nevent E in Shop { k: k\n metric a: counter { k } }", "emitters broken, metrics broken, rules broken"),
    case("a member has another name, and the same value", "attribute k: enum { x = \"v\" }\nevent E in Shop { k: k\n log l: info { k } }", "attribute k: enum { y = \"v\" }\nevent E in Shop { k: k\n log l: info { k } }", ""),
    case("a range is narrower", "event E in Shop { n: int, range=0..10\n log l: info { n } }", "event E in Shop { n: int, range=0..5\n log l: info { n } }", "emitters broken, logs broken"),
    case("a range is wider", "event E in Shop { n: int, range=0..5\n log l: info { n } }", "event E in Shop { n: int, range=0..10\n log l: info { n } }", "emitters more, logs broken"),
    case("a text is shorter", "event E in Shop { n: string, max_length=10\n log l: info { n } }", "event E in Shop { n: string, max_length=5\n log l: info { n } }", "emitters broken, logs broken"),
    case("a type is another", "event E in Shop { n: int\n log l: info { n } }", "event E in Shop { n: string\n log l: info { n } }", "emitters broken, logs broken"),
    case("a duration is in another unit", "event E in Shop { wait: duration(s)?\n log l: info { wait } }", "event E in Shop { wait: duration(ms)?\n log l: info { wait } }", "emitters broken, logs broken"),
    case("a number is text on one signal", "event E in Shop { n: int\n log l: info { n }\n span \"s\" { n } }", "event E in Shop { n: int\n log l: info { to_string(n) }\n span \"s\" { n } }", "logs broken"),
    // Logs and spans.
    case("a log is gone", "event E in Shop { log l: info\n span \"s\" }", "event E in Shop { span \"s\" }", "logs broken"),
    case("a log has another name", "event E in Shop { log l: info }", "event E in Shop { log k: info }", "logs broken"),
    case("a severity is another", "event E in Shop { log l: info }", "event E in Shop { log l: warn }", "logs broken"),
    case("a span has another kind", "event E in Shop { span \"s\": client }", "event E in Shop { span \"s\": server }", "traces broken"),
    case("a span has another name", "event E in Shop { span \"s\" }", "event E in Shop { span \"t\" }", "traces broken"),
    case("a hole has another name", "event E in Shop { m: shop.method\n span \"s {m}\" { m } }", "event E in Shop { k: shop.method\n span \"s {k}\" { k } }", "emitters broken"),
    case("a key is new on a log", "event E in Shop { m: shop.method\n log l: info {} \n span \"s\" { m } }", "event E in Shop { m: shop.method\n log l: info { m }\n span \"s\" { m } }", "logs more"),
    case("a condition leaves records out", "event E in Shop { m: shop.method\n w: shop.way?\n log l: info { m } }", "event E in Shop { m: shop.method\n w: shop.way?\n log l: info, when=m is cash { m } }", "logs broken"),
    case("a scope is another", "scope Other {}\nevent E in Shop { log l: info }", "scope Other {}\nevent E in Other { log l: info }", "logs broken"),
    // Emitters.
    case("an event is gone", "event E in Shop { log l: info }\nevent F in Shop { log f: info }", "event E in Shop { log l: info }", "emitters broken, logs broken"),
    case("an event has another name", "event E in Shop { log l: info }", "event F in Shop { log l: info }", "emitters broken"),
    case("a field is new and must be given", "event E in Shop { log l: info {} }", "event E in Shop { n: int\n log l: info {} }", "emitters broken"),
    case("a field is new and may be left out", "event E in Shop { a: int?\n log l: info {} }", "event E in Shop { a: int?\n n: int?\n log l: info {} }", "emitters more"),
    case("a field is the first that may be left out", "event E in Shop { log l: info {} }", "event E in Shop { n: int?\n log l: info {} }", "emitters broken"),
    case("fields stand in another order", "event E in Shop { a: int\n b: int\n log l: info { a, b } }", "event E in Shop { b: int\n a: int\n log l: info { b, a } }", ""),
    case("a constant field is new", "event E in Shop { log l: info {} }", "event E in Shop { n: string = \"x\"\n log l: info { n } }", "logs more"),
    // Meanings.
    case("a variant is gone", MEANING_THREE, MEANING_TWO, "emitters broken, metrics broken, logs broken, rules broken"),
    case("a variant is new", MEANING_TWO, MEANING_THREE, "emitters more, metrics broken, logs broken, rules broken"),
    case("a variant shows another value", MEANING_TWO, MEANING_OTHER, "logs broken, metrics broken, rules broken"),
    case("what a variant says to people is other", MEANING_TWO, MEANING_WORDS, ""),
    // Resources.
    case("a resource's key is gone", "resource R { shop.note: required\n shop.port: optional }", "resource R { shop.note: required }", "emitters broken, metrics broken, logs broken, traces broken"),
    case("a resource's key is new and must be given", "resource R { shop.note: required }", "resource R { shop.note: required\n shop.port: required }", "emitters broken, metrics more, logs more, traces more"),
    case("a resource's key is new and may be given", "resource R { shop.note: required }", "resource R { shop.note: required\n shop.port: optional }", "emitters more, metrics more, logs more, traces more"),
    // What is declared for others.
    case("a declared metric has another unit", "metric a.b: counter, unit=\"1\" {}", "metric a.b: counter, unit=\"s\" {}", "emitters broken, metrics broken, rules broken"),
    case("a declared metric requires one more label", "metric a.b: counter, unit=\"1\" {}", "metric a.b: counter, unit=\"1\" { shop.method required }", "emitters broken, metrics more, rules more"),
    case("a declared metric lists one more label", "metric a.b: counter, unit=\"1\" {}", "metric a.b: counter, unit=\"1\" { shop.method }", "emitters more, metrics more, rules more"),
    case("an attribute is gone", "attribute k: int", "", "emitters broken, metrics broken, logs broken, traces broken"),
];

const MEANING_TWO: &str = "meaning M { A \"a\" { o = \"a\", severity info }\n B \"b\" { o = \"b\", severity info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_THREE: &str = "meaning M { A \"a\" { o = \"a\", severity info }\n B \"b\" { o = \"b\", severity info }\n C \"c\" { o = \"c\", severity info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_OTHER: &str = "meaning M { A \"a\" { o = \"a\", severity info }\n B \"b\" { o = \"x\", severity info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_WORDS: &str = "meaning M { A \"a\" { o = \"a\", severity info }\n B \"another word\" { o = \"b\", severity info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";

/// The changes between two contracts, each of which is sound.
fn changes(old: &str, new: &str) -> Vec<Change> {
    let checked = |text: &str| {
        let compilation = compile_text(text);
        let findings = rendered(&compilation);
        compilation.checked.unwrap_or_else(|| panic!("{text}\n{findings}"))
    };
    compare(&checked(old), &checked(new), TODAY)
}

/// The worst that becomes of each audience: `metrics broken, rules more`.
fn worst(changes: &[Change]) -> String {
    let of = |audience: Audience| changes.iter().map(|change| change.verdict(audience)).max();
    let words = [("emitters", Audience::Emitters), ("metrics", Audience::Metrics), ("logs", Audience::Logs)];
    let words = words.into_iter().chain([("traces", Audience::Traces), ("rules", Audience::Rules)]);
    let said = words.filter_map(|(word, audience)| {
        let verdict = of(audience).filter(|verdict| *verdict != Verdict::Same)?;
        Some(format!("{word} {}", verdict.word()))
    });
    said.collect::<Vec<_>>().join(", ")
}

#[test]
fn changes_by_hand_break_whom_they_break() {
    let mut problems = Vec::new();
    for Case { name, old, new, expected } in CASES {
        let found = changes(&format!("{HEAD}{old}\n"), &format!("{HEAD}{new}\n"));
        let sorted = |text: &str| {
            let mut parts: Vec<String> = text.split(", ").map(str::to_owned).collect();
            parts.sort();
            parts
        };
        if sorted(&worst(&found)) != sorted(expected) {
            let said: Vec<String> = found.iter().map(|one| format!("    {} {:?}", one.message, one.verdicts)).collect();
            problems.push(format!("{name}: expected {expected:?}, found {:?}\n{}", worst(&found), said.join("\n")));
        }
        let same = changes(&format!("{HEAD}{old}\n"), &format!("{HEAD}{old}\n"));
        assert!(same.is_empty(), "{name}: {same:?}");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
