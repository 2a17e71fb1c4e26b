//! What a change breaks, and for whom: changes by hand with their near misses, and by brute force over small contracts.

use slo_compiler::compare::{Audience, Change, Verdict, compare, compare_indexes, notices};
use slo_compiler::index::Index;
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
attribute shop.way: enum { web, app }, open
attribute shop.port: int
attribute shop.note: string

scope Shop {}
";

/// An event with these fields and these signals.
const CASES: &[Case] = &[
    // Metrics.
    case(
        "a metric is gone",
        "event E in Shop { metric a: counter\n metric b: counter }",
        "event E in Shop { metric a: counter }",
        "metrics broken, rules broken",
    ),
    case(
        "a metric is new",
        "event E in Shop { metric a: counter }",
        "event E in Shop { metric a: counter\n metric b: counter }",
        "metrics more",
    ),
    case(
        "a metric is gone on its day",
        "event E in Shop { metric a: counter\n metric b: counter, until=\"2027-01-01\" }",
        "event E in Shop { metric a: counter }",
        "metrics notice, rules notice",
    ),
    case(
        "a metric is gone before its day",
        "event E in Shop { metric a: counter\n metric b: counter, until=\"2027-12-31\" }",
        "event E in Shop { metric a: counter }",
        "metrics broken, rules broken",
    ),
    case(
        "a unit is another",
        "event E in Shop { metric a: counter, unit=\"{order}\" }",
        "event E in Shop { metric a: counter, unit=\"{sale}\" }",
        "metrics broken",
    ),
    case(
        "a unit that renames series",
        "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1] {} }",
        "event E in Shop { elapsed: duration(ms)\n metric a: histogram, unit=\"ms\", value=elapsed, buckets=[1] {} }",
        "metrics broken, rules broken",
    ),
    case(
        "a kind is another",
        "metric a in Shop: gauge, observed {}",
        "metric a in Shop: counter, observed {}",
        "metrics broken, rules broken",
    ),
    case(
        "buckets are others",
        "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1] {} }",
        "event E in Shop { elapsed: duration(s)\n metric a: histogram, unit=\"s\", value=elapsed, buckets=[1, 2] {} }",
        "metrics broken, rules broken",
    ),
    // Labels.
    case(
        "a label is gone",
        "event E in Shop { m: shop.method\n metric a: counter { m }\n log l: info { m } }",
        "event E in Shop { m: shop.method\n metric a: counter {}\n log l: info { m } }",
        "metrics broken, rules broken",
    ),
    case(
        "a label is new",
        "event E in Shop { m: shop.method\n metric a: counter {}\n log l: info { m } }",
        "event E in Shop { m: shop.method\n metric a: counter { m }\n log l: info { m } }",
        "metrics more, rules broken",
    ),
    case(
        "a label is new and may be absent",
        "event E in Shop { m: shop.method?\n metric a: counter {}\n log l: info { m } }",
        "event E in Shop { m: shop.method?\n metric a: counter { m }\n log l: info { m } }",
        "metrics more, rules more",
    ),
    case(
        "a label may be absent",
        "event E in Shop { m: shop.method\n w: shop.way?\n metric a: counter { m } \n log l: info { m, w } }",
        "event E in Shop { m: shop.method?\n w: shop.way?\n metric a: counter { m }\n log l: info { m, w } }",
        "emitters broken, metrics broken, logs broken, rules broken",
    ),
    case(
        "a label is always there",
        "event E in Shop { m: shop.method?\n w: shop.way?\n metric a: counter { m } }",
        "event E in Shop { m: shop.method\n w: shop.way?\n metric a: counter { m } }",
        "emitters broken, metrics broken, rules broken",
    ),
    // Values.
    case(
        "a value of a closed set is gone",
        "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken, logs broken",
    ),
    case(
        "a value of a closed set is new",
        "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters more, logs broken",
    ),
    case(
        "a value of an open set is new, on a log",
        "attribute k: enum { x }, open\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x, y }, open\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters more",
    ),
    case(
        "a value of an open set is new, on a metric",
        "attribute k: enum { x }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "attribute k: enum { x, y }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "emitters more, metrics more, rules more",
    ),
    case(
        "a value of an open set is gone, on a metric",
        "attribute k: enum { x, y }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "attribute k: enum { x }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "emitters broken, metrics broken, rules broken",
    ),
    case(
        "a member has another name, and the same value",
        "attribute k: enum { x = \"v\" }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { y = \"v\" }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken",
    ),
    case(
        "a range is narrower",
        "event E in Shop { n: int, range=0..=10\n log l: info { n } }",
        "event E in Shop { n: int, range=0..=5\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a range is wider",
        "event E in Shop { n: int, range=0..=5\n log l: info { n } }",
        "event E in Shop { n: int, range=0..=10\n log l: info { n } }",
        "emitters more, logs broken",
    ),
    case(
        "a text is shorter",
        "event E in Shop { n: string, max=10\n log l: info { n } }",
        "event E in Shop { n: string, max=5\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a type is another",
        "event E in Shop { n: int\n log l: info { n } }",
        "event E in Shop { n: string\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a list has a value less",
        "event E in Shop { n: string[], only=[\"a\", \"b\"]\n log l: info { n } }",
        "event E in Shop { n: string[], only=[\"a\"]\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a list has a value more",
        "event E in Shop { n: int[], only=[1]\n log l: info { n } }",
        "event E in Shop { n: int[], only=[1, 2]\n log l: info { n } }",
        "emitters more, logs broken",
    ),
    case(
        "a list of members has one less",
        "event E in Shop { n: shop.method[]\n log l: info { n } }",
        "event E in Shop { n: shop.method[], only=[card]\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "the values of a list stand in another order",
        "event E in Shop { n: string[], only=[\"a\", \"b\"]\n log l: info { n } }",
        "event E in Shop { n: string[], only=[\"b\", \"a\"]\n log l: info { n } }",
        "",
    ),
    case(
        "an object is a list of such",
        "event E in Shop { n: object { a: string }\n log l: info { n } }",
        "event E in Shop { n: object { a: string }[]\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "an object in an object is a list of such",
        "event E in Shop { n: object { o: object { a: string } }\n log l: info { n } }",
        "event E in Shop { n: object { o: object { a: string }[] }\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "an object in an object may be absent",
        "event E in Shop { n: object { o: object { a: string } }\n log l: info { n } }",
        "event E in Shop { n: object { o: object { a: string }? }\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "an object has a member more",
        "event E in Shop { n: object { a: string }\n log l: info { n } }",
        "event E in Shop { n: object { a: string\n b: bool? }\n log l: info { n } }",
        "emitters broken, logs more",
    ),
    case(
        "the members of an object stand in another order",
        "event E in Shop { n: object { a: string\n b: bool }\n log l: info { n } }",
        "event E in Shop { n: object { b: bool\n a: string }\n log l: info { n } }",
        "",
    ),
    case(
        "a text is any value",
        "event E in Shop { n: string\n log l: info { n }\n span \"s\" { n } }",
        "event E in Shop { n: any\n log l: info { n }\n span \"s\" { n } }",
        "emitters broken, logs broken, traces broken",
    ),
    case(
        "a list is any value",
        "event E in Shop { n: int[]\n log l: info { n } }",
        "event E in Shop { n: any\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "any value is a text",
        "event E in Shop { n: any\n log l: info { n } }",
        "event E in Shop { n: string\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "any value may be absent",
        "event E in Shop { a: int?\n n: any\n log l: info { a, n } }",
        "event E in Shop { a: int?\n n: any?\n log l: info { a, n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a duration is in another unit",
        "event E in Shop { wait: duration(s)?\n log l: info { wait } }",
        "event E in Shop { wait: duration(ms)?\n log l: info { wait } }",
        "emitters broken, logs broken",
    ),
    case(
        "a number is text on one signal",
        "event E in Shop { n: int\n log l: info { n }\n span \"s\" { n } }",
        "event E in Shop { n: int\n log l: info { n = to_string(n) }\n span \"s\" { n } }",
        "logs broken",
    ),
    // Logs and spans.
    case(
        "a log is gone",
        "event E in Shop { log l: info\n span \"s\" }",
        "event E in Shop { span \"s\" }",
        "logs broken",
    ),
    case(
        "a log has another name",
        "event E in Shop { log l: info }",
        "event E in Shop { log k: info }",
        "logs broken",
    ),
    case(
        "a severity is another",
        "event E in Shop { log l: info }",
        "event E in Shop { log l: warn }",
        "logs broken",
    ),
    case(
        "a severity has a text",
        "event E in Shop { log l: info }",
        "event E in Shop { log l: info, severity_text=\"notice\" }",
        "logs broken",
    ),
    case(
        "a severity has another text",
        "event E in Shop { log l: info, severity_text=\"V\" }",
        "event E in Shop { log l: info, severity_text=\"W\" }",
        "logs broken",
    ),
    case(
        "a severity has the text that it had",
        "event E in Shop { log l: info }",
        "event E in Shop { log l: info, severity_text=\"INFO\" }",
        "",
    ),
    case(
        "of two severities the lesser holds too",
        "meaning M { A \"a\" { log info {} } }\nmeaning N {\n B \"b\" { log warn { k = \"b\" } }\n C \"c\" { log warn { k = \"c\" } } }\nevent E in Shop { m: M\n n: N\n log l: severity=max { m, n } }",
        "meaning M { A \"a\" { log info {} } }\nmeaning N {\n B \"b\" { log warn { k = \"b\" } }\n C \"c\" { log info { k = \"c\" } } }\nevent E in Shop { m: M\n n: N\n log l: severity=max { m, n } }",
        "logs broken",
    ),
    case(
        "of two severities the lesser is another",
        "meaning M { A \"a\" { log info {} } }\nmeaning N { B \"b\" { log warn {} } }\nevent E in Shop { m: M\n n: N\n log l: severity=max { m, n } }",
        "meaning M { A \"a\" { log debug {} } }\nmeaning N { B \"b\" { log warn {} } }\nevent E in Shop { m: M\n n: N\n log l: severity=max { m, n } }",
        "",
    ),
    case(
        "of two statuses the lesser holds too",
        "meaning M { A \"a\" { span ok {} } }\nmeaning N {\n B \"b\" { span error { k = \"b\" } }\n C \"c\" { span error { k = \"c\" } } }\nevent E in Shop { m: M\n n: N\n span \"s\": status=max { m, n } }",
        "meaning M { A \"a\" { span ok {} } }\nmeaning N {\n B \"b\" { span error { k = \"b\" } }\n C \"c\" { span ok { k = \"c\" } } }\nevent E in Shop { m: M\n n: N\n span \"s\": status=max { m, n } }",
        "traces broken",
    ),
    case(
        "a log is written where it is asked for",
        "event E in Shop { log l: info }",
        "event E in Shop { log l: info, opt_in }",
        "logs broken",
    ),
    case(
        "a log is always written",
        "event E in Shop { log l: info, opt_in }",
        "event E in Shop { log l: info }",
        "logs more",
    ),
    case(
        "a log is written where it is asked for, in one of two events",
        "event E in Shop { log l: info }\nevent F in Shop { log l: warn }",
        "event E in Shop { log l: info }\nevent F in Shop { log l: warn, opt_in }",
        "logs broken",
    ),
    case(
        "a log is new in another event, where it is asked for",
        "event E in Shop { log l: info }\nevent F in Shop { span \"s\" }",
        "event E in Shop { log l: info }\nevent F in Shop { span \"s\"\n log l: info, opt_in }",
        "",
    ),
    case(
        "a span has another kind",
        "event E in Shop { span \"s\": client }",
        "event E in Shop { span \"s\": server }",
        "traces broken",
    ),
    case(
        "a span has another name",
        "event E in Shop { span \"s\" }",
        "event E in Shop { span \"t\" }",
        "traces broken",
    ),
    case(
        "a hole has another name",
        "event E in Shop { m: shop.method\n span \"s {m}\" { m } }",
        "event E in Shop { k: shop.method\n span \"s {k}\" { k } }",
        "emitters broken",
    ),
    case(
        "a key is new on a log",
        "event E in Shop { m: shop.method\n log l: info {} \n span \"s\" { m } }",
        "event E in Shop { m: shop.method\n log l: info { m }\n span \"s\" { m } }",
        "logs more",
    ),
    case(
        "a condition leaves records out",
        "event E in Shop { m: shop.method\n w: shop.way?\n log l: info { m } }",
        "event E in Shop { m: shop.method\n w: shop.way?\n log l: info, when=(m == cash) { m } }",
        "logs broken",
    ),
    case(
        "a scope is another",
        "scope Other {}\nevent E in Shop { log l: info }",
        "scope Other {}\nevent E in Other { log l: info }",
        "logs broken",
    ),
    // Emitters.
    case(
        "an event is gone",
        "event E in Shop { log l: info }\nevent F in Shop { log f: info }",
        "event E in Shop { log l: info }",
        "emitters broken, logs broken",
    ),
    case(
        "an event has another name",
        "event E in Shop { log l: info }",
        "event F in Shop { log l: info }",
        "emitters broken",
    ),
    case(
        "a field is new and must be given",
        "event E in Shop { log l: info {} }",
        "event E in Shop { n: int\n log l: info {} }",
        "emitters broken",
    ),
    case(
        "a field is new and may be left out",
        "event E in Shop { a: int?\n log l: info {} }",
        "event E in Shop { a: int?\n n: int?\n log l: info {} }",
        "emitters more",
    ),
    case(
        "a field is the first that may be left out",
        "event E in Shop { log l: info {} }",
        "event E in Shop { n: int?\n log l: info {} }",
        "emitters broken",
    ),
    case(
        "fields stand in another order",
        "event E in Shop { a: int\n b: int\n log l: info { a, b } }",
        "event E in Shop { b: int\n a: int\n log l: info { b, a } }",
        "",
    ),
    case(
        "an elapsed time is new",
        "event E in Shop { n: int\n log l: info { n } }",
        "event E in Shop { n: int\n elapsed: duration(s)\n log l: info { n } }",
        "emitters broken",
    ),
    case(
        "an elapsed time is gone",
        "event E in Shop { n: int\n elapsed: duration(s)\n log l: info { n } }",
        "event E in Shop { n: int\n log l: info { n } }",
        "",
    ),
    case(
        "an event can't be begun any more",
        "event E in Shop { n: int\n log l: info { n } }",
        "event E in Shop: invalid=drop { n: int\n log l: info { n } }",
        "emitters broken",
    ),
    case(
        "a text in an object is an enum",
        "event E in Shop { n: object { a: string }\n log l: info { n } }",
        "event E in Shop { n: object { a: enum { x } }\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a constant field is new",
        "event E in Shop { log l: info {} }",
        "event E in Shop { n: string = \"x\"\n log l: info { n } }",
        "logs more",
    ),
    case(
        "a text of a list is an enum",
        "event E in Shop { n: string, only=[\"x\", \"y\"]\n log l: info { n } }",
        "event E in Shop { n: enum { x, y }\n log l: info { n } }",
        "emitters broken",
    ),
    case(
        "a text of a list is an enum, in what a variant carries",
        "meaning M {\n A(p: string, only=[\"x\", \"y\"]) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "meaning M {\n A(p: enum { x, y }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "emitters broken",
    ),
    case(
        "a text of a list is an enum, in a resource",
        "attribute k: string, only=[\"x\", \"y\"]\nresource R { shop.note: required\n k: required }",
        "attribute k: enum { x, y }\nresource R { shop.note: required\n k: required }",
        "emitters broken",
    ),
    case(
        "a callback's label has a value less",
        "attribute shop.k: enum { x, y }\nmetric a in Shop: gauge, observed { shop.k }",
        "attribute shop.k: enum { x }\nmetric a in Shop: gauge, observed { shop.k }",
        "emitters broken, metrics broken, rules broken",
    ),
    case(
        "a callback's label is an enum now",
        "attribute shop.k: string, only=[\"x\", \"y\"]\nmetric a in Shop: gauge, observed { shop.k }",
        "attribute shop.k: enum { x, y }\nmetric a in Shop: gauge, observed { shop.k }",
        "emitters broken",
    ),
    // Meanings.
    case(
        "a variant is gone",
        MEANING_THREE,
        MEANING_TWO,
        "emitters broken, metrics broken, logs broken, rules broken",
    ),
    case(
        "a variant is new",
        MEANING_TWO,
        MEANING_THREE,
        "emitters more, metrics broken, logs broken, rules broken",
    ),
    case(
        "a variant shows another value",
        MEANING_TWO,
        MEANING_OTHER,
        "logs broken, metrics broken, rules broken",
    ),
    case("what a variant says to people is other", MEANING_TWO, MEANING_WORDS, ""),
    // Resources.
    case(
        "a resource's key is gone",
        "resource R { shop.note: required\n shop.port: optional }",
        "resource R { shop.note: required }",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "a resource's key is new and must be given",
        "resource R { shop.note: required }",
        "resource R { shop.note: required\n shop.port: required }",
        "emitters broken, metrics more, logs more, traces more",
    ),
    case(
        "a resource's key is new and may be given",
        "resource R { shop.note: required }",
        "resource R { shop.note: required\n shop.port: optional }",
        "emitters more, metrics more, logs more, traces more",
    ),
    // What is declared for others.
    case(
        "a declared metric has another unit",
        "metric a.b: counter, unit=\"1\" {}",
        "metric a.b: counter, unit=\"s\" {}",
        "emitters broken, metrics broken, rules broken",
    ),
    case(
        "a declared metric requires one more label",
        "metric a.b: counter, unit=\"1\" {}",
        "metric a.b: counter, unit=\"1\" { shop.method required }",
        "emitters broken, metrics more, rules more",
    ),
    case(
        "a declared metric lists one more label",
        "metric a.b: counter, unit=\"1\" {}",
        "metric a.b: counter, unit=\"1\" { shop.method }",
        "emitters more, metrics more, rules more",
    ),
    case(
        "a declared metric has another unit, and is written now",
        "metric a.b: counter, unit=\"1\" {}\nevent E in Shop { m: int\n log l: info { m } }",
        "metric a.b: counter, unit=\"s\" {}\nevent E in Shop { m: int\n log l: info { m }\n metric a.b: counter, unit=\"s\" {} }",
        "emitters broken, metrics broken, rules broken",
    ),
    case(
        "what tells one entity from another is another key",
        "entity shop.till { shop.port id\n shop.note required }",
        "entity shop.till { shop.port required\n shop.note id }",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "an attribute is gone",
        "attribute k: int",
        "",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "an attribute has a value less, and is written now",
        "attribute shop.k: enum { x, y }\nevent E in Shop { n: int\n log l: info { n } }",
        "attribute shop.k: enum { x }\nevent E in Shop { n: int\n log l: info { n, shop.k = x } }",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "an attribute is new, and is written",
        "event E in Shop { n: int\n log l: info { n } }",
        "attribute shop.k: enum { x }\nevent E in Shop { n: int\n log l: info { n, shop.k = x } }",
        "logs more",
    ),
    // Series.
    case(
        "a metric has another name, and the same series",
        "event E in Shop { m: shop.method\n metric shop.sales: counter { m } }",
        "event E in Shop { m: shop.method\n metric shop_sales: counter { m } }",
        "metrics broken",
    ),
    case(
        "a metric has another name and the same series, with a label more",
        "event E in Shop { m: shop.method\n metric shop.sales: counter { }\n log l: info { m } }",
        "event E in Shop { m: shop.method\n metric shop_sales: counter { m }\n log l: info { m } }",
        "metrics broken, rules broken",
    ),
    case(
        "a label has another key, and the same name on series",
        "attribute shop.x: string\nattribute shop_x: string\nevent E in Shop { metric a: counter { shop.x = \"u\" } }",
        "attribute shop.x: string\nattribute shop_x: string\nevent E in Shop { metric a: counter { shop_x = \"u\" } }",
        "metrics broken",
    ),
    // What goes by a day.
    case(
        "an attribute is gone on its day",
        "attribute k: string, until=\"2027-01-01\"\nevent E in Shop { a: int\n k: k\n log l: info { a, k } }",
        "event E in Shop { a: int\n log l: info { a } }",
        "emitters notice, logs notice",
    ),
    case(
        "an attribute is gone before its day",
        "attribute k: string, until=\"2027-12-31\"\nevent E in Shop { a: int\n k: k\n log l: info { a, k } }",
        "event E in Shop { a: int\n log l: info { a } }",
        "emitters broken, logs broken",
    ),
    case(
        "an attribute is gone on its day, and another with it",
        "attribute k: string, until=\"2027-01-01\"\nevent E in Shop { a: int\n b: int\n k: k\n log l: info { a, b, k } }",
        "event E in Shop { a: int\n log l: info { a } }",
        "emitters broken, logs broken",
    ),
    case(
        "an attribute has another type on its day, on a log",
        "attribute k: string, until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: int\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken, logs broken",
    ),
    case(
        "an attribute has another unit on its day",
        "attribute k: int, unit=\"s\", until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: int, unit=\"ms\", until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken, logs broken",
    ),
    case(
        "an attribute is shorter on its day",
        "attribute k: string, max=20, until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: string, max=10, until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken, logs broken",
    ),
    case(
        "an attribute is shorter on its day, in a resource",
        "attribute k: string, max=20, until=\"2027-01-01\"\nresource R { shop.note: required\n k: required }",
        "attribute k: string, max=10, until=\"2027-01-01\"\nresource R { shop.note: required\n k: required }",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "an attribute goes from one signal on its day, and stays on another",
        "attribute k: string, until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { k }\n span \"s\" { k } }",
        "attribute k: string, until=\"2027-01-01\"\nevent E in Shop { k: k\n log l: info { }\n span \"s\" { k } }",
        "logs notice",
    ),
    case(
        "an attribute has another type on its day",
        "attribute k: string, until=\"2027-01-01\"",
        "attribute k: int",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "a member is gone on its day",
        "attribute k: enum { x, y: until=\"2027-01-01\" }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters notice, logs notice",
    ),
    case(
        "a member is gone before its day",
        "attribute k: enum { x, y: until=\"2027-12-31\" }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters broken, logs broken",
    ),
    case(
        "a member is gone on its day, and another for it",
        "attribute k: enum { x, y: until=\"2027-01-01\" }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x, z }\nevent E in Shop { k: k\n log l: info { k } }",
        "emitters notice, logs broken",
    ),
    case(
        "a member of an open set is gone on its day, on a metric",
        "attribute k: enum { x, y: until=\"2027-01-01\" }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "attribute k: enum { x }, open\nevent E in Shop { k: k\n metric a: counter { k } }",
        "emitters notice, metrics notice, rules notice",
    ),
    case(
        "a variant is gone on its day",
        MEANING_GOING,
        MEANING_TWO,
        "emitters notice, metrics notice, logs notice, rules notice",
    ),
    case(
        "a variant is gone before its day",
        MEANING_LATER,
        MEANING_TWO,
        "emitters broken, metrics broken, logs broken, rules broken",
    ),
    case(
        "a member of what a variant carries is gone on its day",
        "meaning M {\n A(p: enum { x, y: until=\"2027-01-01\" }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "meaning M {\n A(p: enum { x }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "emitters notice, logs notice",
    ),
    case(
        "a member of what a variant carries is gone before its day",
        "meaning M {\n A(p: enum { x, y: until=\"2027-12-31\" }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "meaning M {\n A(p: enum { x }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "emitters broken, logs broken",
    ),
    case(
        "a value in an object is gone",
        "event E in Shop { n: object { a: enum { x, y } }\n log l: info { n } }",
        "event E in Shop { n: object { a: enum { x } }\n log l: info { n } }",
        "emitters broken, logs broken",
    ),
    case(
        "a value in an object is gone on its day",
        "event E in Shop { n: object { a: enum { x, y: until=\"2027-01-01\" } }\n log l: info { n } }",
        "event E in Shop { n: object { a: enum { x } }\n log l: info { n } }",
        "emitters notice, logs notice",
    ),
    case(
        "a value in an object in an object is new",
        "event E in Shop { n: object { o: object { a: enum { x } } }\n log l: info { n } }",
        "event E in Shop { n: object { o: object { a: enum { x, y } } }\n log l: info { n } }",
        "emitters more, logs broken",
    ),
    case("a day is said", MEANING_THREE, MEANING_LATER, ""),
    case(
        "a log is gone on its day",
        "event E in Shop { log l: info, until=\"2027-01-01\"\n span \"s\" }",
        "event E in Shop { span \"s\" }",
        "logs notice",
    ),
    case(
        "one of two lists of a log is gone on its day",
        "event E in Shop { log l: info, until=\"2027-01-01\" }\nevent F in Shop { log l: warn }",
        "event E in Shop { metric a: counter }\nevent F in Shop { log l: warn }",
        "metrics more, logs notice",
    ),
    case(
        "a log that was always written is gone on its day, and is written where it is asked for",
        "event E in Shop { log l: info, until=\"2027-01-01\"\n span \"s\" }\nevent F in Shop { log l: info, opt_in }",
        "event E in Shop { span \"s\" }\nevent F in Shop { log l: info, opt_in }",
        "logs notice",
    ),
    case(
        "one of two texts of a severity is gone on its day",
        "event E in Shop { log l: info, severity_text=\"V\", until=\"2027-01-01\"\n span \"s\" }\nevent F in Shop { log l: info, severity_text=\"W\" }",
        "event E in Shop { span \"s\" }\nevent F in Shop { log l: info, severity_text=\"W\" }",
        "logs notice",
    ),
    // What is the same.
    case("a member stands elsewhere", "attribute k: enum { x, y }", "attribute k: enum { y, x }", ""),
    case("docs are others", "/// One.\nattribute k: int", "/// Two.\nattribute k: int", ""),
    case(
        "a local field has the key and the type of an attribute",
        "attribute k: int\nevent E in Shop { k: k\n log l: info { k } }",
        "event E in Shop { k: int\n log l: info { k } }",
        "emitters broken",
    ),
];

const MEANING_TWO: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"b\" { all { o = \"b\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_THREE: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"b\" { all { o = \"b\" }\n log info }\n C \"c\" { all { o = \"c\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_GOING: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"b\" { all { o = \"b\" }\n log info }\n C \"c\": until=\"2027-01-01\" { all { o = \"c\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_LATER: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"b\" { all { o = \"b\" }\n log info }\n C \"c\": until=\"2027-12-31\" { all { o = \"c\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_OTHER: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"b\" { all { o = \"x\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";
const MEANING_WORDS: &str = "meaning M {\n A \"a\" { all { o = \"a\" }\n log info }\n B \"another word\" { all { o = \"b\" }\n log info } }\nevent E in Shop { m: M\n metric a: counter { m }\n log l { m } }";

/// The changes between two contracts, or what is wrong with one of them.
fn changes(old: &str, new: &str) -> Result<Vec<Change>, String> {
    let checked = |text: &str| {
        let compilation = compile_text(text);
        let findings = rendered(&compilation);
        compilation.checked.ok_or_else(|| format!("{text}\n{findings}"))
    };
    Ok(compare(&checked(old)?, &checked(new)?, TODAY))
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
        let found = match changes(&format!("{HEAD}{old}\n"), &format!("{HEAD}{new}\n")) {
            Ok(found) => found,
            Err(unsound) => {
                problems.push(format!("{name}: {unsound}"));
                continue;
            }
        };
        let sorted = |text: &str| {
            let mut parts: Vec<String> = text.split(", ").map(str::to_owned).collect();
            parts.sort();
            parts
        };
        if sorted(&worst(&found)) != sorted(expected) {
            let said: Vec<String> =
                found.iter().map(|one| format!("    {} {:?}", one.message, one.verdicts)).collect();
            problems.push(format!(
                "{name}: expected {expected:?}, found {:?}\n{}",
                worst(&found),
                said.join("\n")
            ));
        }
        let same = changes(&format!("{HEAD}{old}\n"), &format!("{HEAD}{old}\n"));
        assert!(same.as_ref().is_ok_and(Vec::is_empty), "{name}: {same:?}");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A contract before and after, and what is said of it.
const WORDS: &[(&str, &str, &[&str])] = &[
    (
        "event E in Shop { n: int, range=0..=100\n log l: info { n } }",
        "event E in Shop { n: int, range=0..=200\n log l: info { n } }",
        &[
            "the log `l`: the key `n` has values of `0..=200`, and had values of `0..=100`",
            "the field `n` of the event `shop.E` has other values: it has values of `0..=200`, and had values of `0..=100`",
        ],
    ),
    (
        "event E in Shop { n: string, max=10\n log l: info { n } }",
        "event E in Shop { n: string\n log l: info { n } }",
        &[
            "the log `l`: the key `n` has all values of its type, and had texts of at most 10 characters",
            "the field `n` of the event `shop.E` has other values: it has all values of its type, and had texts of at most 10 characters",
        ],
    ),
    (
        "event E in Shop { b: bool\n w: shop.way?\n log l: info { b } }",
        "event E in Shop { b: bool\n w: shop.way?\n log l: info, when=(b == true) { b } }",
        &["the log `l`: the key `b` has no more `false`"],
    ),
    (
        "metric a.m: counter, unit=\"1\", deprecated=a.n {}\nmetric a.n: counter, unit=\"1\" {}",
        "metric a.n: counter, unit=\"1\" {}",
        &["the declared metric `a.m` is gone; `a.n` takes its place"],
    ),
    (
        "attribute a.m: string, deprecated=shop.note\nevent E in Shop { m: a.m\n log l: info { m } }",
        "event E in Shop { log l: info {} }",
        &[
            "the log `l`: the key `a.m` is gone; `shop.note` takes its place",
            "the field `m` of the event `shop.E` is gone",
            "the attribute `a.m` is gone; `shop.note` takes its place",
        ],
    ),
    (
        "event E in Shop { n: string[], only=[\"a\", \"b\"]\n log l: info { n } }",
        "event E in Shop { n: string[], only=[\"a\"]\n log l: info { n } }",
        &[
            "the log `l`: the key `n` has no more `b`",
            "the field `n` of the event `shop.E` has other values: it has no more `b`",
        ],
    ),
];

#[test]
fn values_are_told_by_what_the_contract_says_of_them() {
    for (old, new, expected) in WORDS {
        let found = changes(&format!("{HEAD}{old}\n"), &format!("{HEAD}{new}\n")).unwrap();
        let said: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(&said, expected, "{old}\n{new}");
    }
}

/// A contract before and after, and what becomes of whom by their indexes.
const INDEXES: &[Case] = &[
    case(
        "a scope is another",
        "scope Other {}\nevent E in Shop { metric a: counter }",
        "scope Other {}\nevent E in Other { metric a: counter }",
        "metrics broken",
    ),
    case(
        "a closed set is an open one",
        "event E in Shop { k: enum { x, y }\n metric a: counter { k } }",
        "event E in Shop { k: enum { x, y }, open\n metric a: counter { k } }",
        "metrics broken, rules broken",
    ),
    case(
        "an open set is a closed one",
        "event E in Shop { k: enum { x, y }, open\n metric a: counter { k } }",
        "event E in Shop { k: enum { x, y }\n metric a: counter { k } }",
        "metrics broken, rules broken",
    ),
    case(
        "one value is two",
        "event E in Shop { metric a: counter { k = \"x\" } }",
        "event E in Shop { k: enum { x, y }\n metric a: counter { k } }",
        "metrics broken, rules broken",
    ),
    case(
        "a resource is gone",
        "attribute service.name: string\nresource R { service.name: static=\"shop\" }\nresource S { service.name: static=\"post\" }",
        "attribute service.name: string\nresource R { service.name: static=\"shop\" }",
        "emitters broken, metrics broken, logs broken, traces broken",
    ),
    case(
        "a resource has another name",
        "attribute service.name: string\nresource R { service.name: static=\"shop\" }",
        "attribute service.name: string\nresource S { service.name: static=\"shop\" }",
        "emitters broken",
    ),
    case(
        "an open set has a value more",
        "event E in Shop { k: enum { x, y }, open\n metric a: counter { k } }",
        "event E in Shop { k: enum { x, y, z }, open\n metric a: counter { k } }",
        "",
    ),
];

#[test]
fn indexes_are_compared_by_what_they_list() {
    for Case { name, old, new, expected } in INDEXES {
        let index = |text: &str| {
            let compilation = compile_text(&format!("{HEAD}{text}\n"));
            let checked = compilation.checked.as_ref();
            let checked = checked.unwrap_or_else(|| panic!("{name}: {}", rendered(&compilation)));
            Index::of(checked.contract())
        };
        assert_eq!(worst(&compare_indexes(&index(old), &index(new))), *expected, "{name}");
    }
}

/// A contract before and after, and what of it goes too soon.
const SHORT: &[(&str, &str, &[&str])] = &[
    (
        "event E in Shop { n: enum { x, y }\n log l: info { n } }",
        "event E in Shop { n: enum { x, y: until=\"2027-07-31\" }\n log l: info { n } }",
        &["the member `y` of the field `n` of `shop.E`"],
    ),
    (
        "event E in Shop { n: object { o: object { a: enum { x, y } } }\n log l: info { n } }",
        "event E in Shop { n: object { o: object { a: enum { x, y: until=\"2027-07-31\" } } }\n log l: info { n } }",
        &["the member `y` of `a` in `o` in the field `n` of `shop.E`"],
    ),
    (
        "meaning M {\n A(p: enum { x, y }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        "meaning M {\n A(p: enum { x, y: until=\"2027-07-31\" }) \"a\" { log { p = p } } }\nevent E in Shop { m: M\n log l: info { m } }",
        &["the member `y` of `p`, which the variant `A` of `shop.M` carries"],
    ),
    // Whoever has an attribute's values has its days.
    (
        "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x, y: until=\"2027-07-31\" }\nevent E in Shop { k: k\n log l: info { k } }",
        &["the member `y` of `k`"],
    ),
    (
        "attribute k: enum { x, y }\nevent E in Shop { k: k\n log l: info { k } }",
        "attribute k: enum { x, y: until=\"2027-12-31\" }\nevent E in Shop { k: k\n log l: info { k } }",
        &[],
    ),
];

#[test]
fn what_goes_too_soon_is_told_wherever_its_day_is_said() {
    for (old, new, expected) in SHORT {
        let rule = "policy Changes { change.notice: error, days=90 }";
        let compiled = |text: &str| compile_text(&format!("{HEAD}{text}\n{rule}\n"));
        let (old, new) = (compiled(old), compiled(new));
        let both = old.checked.as_ref().zip(new.checked.as_ref());
        let (was, is) = both.unwrap_or_else(|| panic!("{}\n{}", rendered(&old), rendered(&new)));
        let found = notices(was, is, &new.notices, TODAY);
        let said: Vec<&str> =
            found.iter().filter_map(|one| Some(one.message.split_once(" goes on ")?.0)).collect();
        assert_eq!(&said, expected);
    }
}

/// The verdicts by brute force: each record of both contracts is listed, and the rule is asked of the lists.
mod brute {
    use std::cell::RefCell;
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    use slo_compiler::compare::{Audience, Kind, Verdict, compare};
    use slo_model::names::{MetricKind, PrometheusWay, TranslationStrategy};
    use slo_tests::compile_text;

    use crate::proofs::model::Block;
    use crate::proofs::model::{
        Contract, Domain, Event, Face, Field, Holds, Instrument, Item, Literal, Log, Meaning, Metric, Pair,
        PairValue, Passes, Payload, Signal, Span, Test, Variant,
    };
    use crate::proofs::records::{Map, World, passes_all};

    const CASES: u32 = 1_500;

    /// Throws, each part of a contract with its own, so that another throw changes one part alone.
    struct Dice<'r>(std::slice::Iter<'r, u32>);

    impl Dice<'_> {
        fn below(&mut self, sides: usize) -> usize {
            self.0.next().map_or(0, |roll| *roll as usize) % sides
        }

        fn once_in(&mut self, sides: usize) -> bool {
            self.below(sides) == sides - 1
        }

        fn pick<T: Copy>(&mut self, of: &[T]) -> T {
            of[self.below(of.len())]
        }
    }

    /// How many throws a part has, and how many parts there are.
    const THROWS: usize = 6;
    const PARTS: usize = 8;
    /// The throw that leaves the last field, which may be absent, away from the metric.
    const LAST_SHOWN: usize = 5 * THROWS + 2;

    fn variant(mut dice: Dice<'_>, number: usize) -> Variant {
        // What tells variants apart, whatever else they show.
        let own: [&[&str]; 3] = [&["x", "a"], &["y", "b"], &["z", "c"]];
        let constant = if dice.once_in(4) { own[number][1] } else { own[number][0] };
        let domains = [Domain::Ints(0, 2), Domain::Ints(0, 1), Domain::Holes(0, 3, &[1]), Domain::Bool];
        let payload =
            dice.once_in(2).then(|| Payload { name: "p", attribute: None, domain: dice.pick(&domains) });
        let mut pairs = vec![Pair { key: "g", value: PairValue::Constant(Literal::Text(constant)) }];
        if payload.is_some() {
            let key = dice.pick(&["s", "u"]);
            pairs.push(Pair { key, value: PairValue::PayloadText(0) });
        }
        Variant {
            name: ["A", "B", "C"][number].to_owned(),
            payload: payload.into_iter().collect(),
            all: Some(pairs),
            blocks: [Block::Unsaid, Block::Unsaid, Block::Unsaid],
            severity: None,
            status: None,
        }
    }

    fn field(name: &str, holds: Holds, optional: bool) -> Field {
        let name = name.to_owned();
        Field { name, holds, narrowed: None, optional, constant: None, clear: false }
    }

    fn listed_fields(fields: &[usize]) -> Vec<Item> {
        fields.iter().map(|field| Item::Field { field: *field, key: None, face: None }).collect()
    }

    fn when(dice: &mut Dice<'_>, variants: usize) -> Vec<Test> {
        if variants < 2 {
            return Vec::new();
        }
        let passes = match dice.below(6) {
            1 => Passes::Is(dice.below(variants)),
            2 => Passes::NotIn(vec![dice.below(variants)]),
            _ => return Vec::new(),
        };
        vec![Test { field: 0, passes }]
    }

    /// A contract of one event, whose texts and numbers are few, so that all of them are listed.
    fn contract(rolls: &[u32]) -> Contract {
        let mut parts = rolls.chunks(THROWS).map(|part| Dice(part.iter()));
        let mut next = || parts.next().unwrap_or(Dice([].iter()));
        let mut dice = next();
        let count = 1 + dice.below(3);
        let variants: Vec<Variant> = (0..3).map(|number| variant(next(), number)).take(count).collect();
        let texts =
            [Domain::Only(&["u", "v"]), Domain::Only(&["u"]), Domain::Only(&["u", "v", "w"]), Domain::Lines];
        let numbers =
            [Domain::Ints(0, 3), Domain::Ints(1, 2), Domain::OnlyInts(&[1, 3]), Domain::Holes(0, 3, &[2])];
        let mut dice = next();
        let outcome = Holds::Meaning { meaning: 0, face: Face::Own(0) };
        let fields = vec![
            field("outcome", outcome, dice.once_in(4)),
            field("t", Holds::Plain(dice.pick(&texts)), dice.once_in(4)),
            field("l", Holds::Plain(dice.pick(&numbers)), dice.once_in(4)),
            field("f", Holds::Plain(Domain::Bool), true),
        ];
        // What a metric shows stands on the log and the span as well.
        let mut dice = next();
        let mut shown = vec![0];
        shown.extend((1..4).filter(|_| !dice.once_in(3)));
        let (on_log, on_span) = (dice.once_in(2), dice.once_in(2));
        let on = |all: bool| listed_fields(if all { &[0, 1, 2, 3] } else { shown.as_slice() });
        let mut dice = next();
        let instrument = Instrument { kind: MetricKind::Counter, unit: "", measures: false, buckets: &[] };
        let metric = Metric {
            name: "shop.orders",
            instrument,
            points: None,
            limit: Some(1_000),
            when: when(&mut dice, count),
            items: listed_fields(&shown),
        };
        let log = Log {
            hole: None,
            severity: Some("info"),
            max: false,
            when: when(&mut dice, count),
            items: Some(on(on_log)),
        };
        let span = Span { of: None, hole: None, max: false, when: Vec::new(), items: Some(on(on_span)) };
        let event = Event {
            name: "Order".to_owned(),
            scope: "Shop",
            fields,
            metrics: vec![metric],
            logs: vec![log],
            span: Some(span),
            span_events: Vec::new(),
        };
        let meaning = Meaning { name: "Outcome".to_owned(), spread: None, variants, lossy: Vec::new() };
        Contract {
            prometheus: true,
            logs: false,
            separate_stores: false,
            strategy: TranslationStrategy::ALL[0],
            promoted: Vec::new(),
            way: PrometheusWay::Otlp,
            meanings: vec![meaning],
            views: Vec::new(),
            events: vec![event],
            observed: Vec::new(),
            running: Vec::new(),
        }
    }

    /// The records of each signal.
    fn listed(contract: &Contract) -> BTreeMap<Signal, BTreeSet<Map>> {
        let world = World::new(contract);
        let event = &contract.events[0];
        let span = event.span.as_ref().unwrap();
        let signals = [
            (Signal::Metric, Some(&event.metrics[0].items), &event.metrics[0].when),
            (Signal::Log, event.logs[0].items.as_ref(), &event.logs[0].when),
            (Signal::Span, span.items.as_ref(), &span.when),
        ];
        let of = |(signal, items, when): (Signal, Option<&Vec<Item>>, &Vec<Test>)| {
            let writers = world.writers(event, items);
            let records = world.records(event).into_iter().filter(|record| passes_all(event, when, record));
            let maps = records.map(|record| {
                writers
                    .iter()
                    .flat_map(|writer| world.written(event, writer, signal, &record))
                    .collect::<Map>()
            });
            (signal, maps.collect())
        };
        signals.into_iter().map(of).collect()
    }

    fn keys(records: &BTreeSet<Map>) -> BTreeSet<&String> {
        records.iter().flat_map(BTreeMap::keys).collect()
    }

    /// The rule: where records are wholes, a key that is new is one of theirs.
    fn verdict(old: &BTreeSet<Map>, new: &BTreeSet<Map>, whole: bool) -> Verdict {
        let asked = keys(old);
        let project = |map: &Map| -> Map {
            map.iter()
                .filter(|(key, _)| whole || asked.contains(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        };
        let left: BTreeSet<Map> = new.iter().map(project).collect();
        let is_gone = old.iter().any(|record| !left.contains(record));
        let values = |records: &BTreeSet<Map>, key: &String| -> BTreeSet<Option<String>> {
            records.iter().map(|record| record.get(key).cloned()).collect()
        };
        let is_unmet = asked.iter().any(|key| !values(new, key).is_subset(&values(old, key)));
        match (is_gone || is_unmet, old == new) {
            (true, _) => Verdict::Broken,
            (false, true) => Verdict::Same,
            (false, false) => Verdict::More,
        }
    }

    #[test]
    fn the_verdicts_are_those_of_a_list_of_all_records() {
        let mut bytes = [0; 32];
        bytes[0] = 7;
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let seen: RefCell<BTreeMap<(Audience, Verdict), usize>> = RefCell::default();
        let unsound = RefCell::new(0_u32);
        let rolls = || vec(0..1_000_u32, PARTS * THROWS);
        // A pair by chance, one that differs in a few throws, or one with a label more that may be absent.
        let pairs = (rolls(), rolls(), vec(0..PARTS * THROWS, 1..6), 0..8_u8);
        let outcome = runner.run(&pairs, |(mut old, other, changed, kind)| {
            let mut new = if kind < 2 { other.clone() } else { old.clone() };
            if kind == 7 {
                (old[LAST_SHOWN], new[LAST_SHOWN]) = (2, 0);
            } else {
                for at in changed {
                    new[at] = other[at];
                }
            }
            let (old, new) = (contract(&old), contract(&new));
            let (old_text, new_text) = (old.text(), new.text());
            let (was, is) = (compile_text(&old_text).checked, compile_text(&new_text).checked);
            let (Some(was), Some(is)) = (was, is) else {
                *unsound.borrow_mut() += 1;
                return Ok(());
            };
            let changes = compare(&was, &is, super::TODAY);
            let (old, new) = (listed(&old), listed(&new));
            let audiences = [
                (Audience::Metrics, Signal::Metric, false),
                (Audience::Logs, Signal::Log, false),
                (Audience::Traces, Signal::Span, false),
                (Audience::Rules, Signal::Metric, true),
            ];
            for (audience, signal, whole) in audiences {
                let expected = verdict(&old[&signal], &new[&signal], whole);
                let of = changes.iter().filter(|change| change.kind != Kind::Budget);
                let found = of.map(|change| change.verdict(audience)).max().unwrap_or(Verdict::Same);
                *seen.borrow_mut().entry((audience, expected)).or_default() += 1;
                prop_assert_eq!(
                    found,
                    expected,
                    "{:?}\n{}\n{}\n{:#?}",
                    audience,
                    old_text,
                    new_text,
                    changes.iter().map(|one| &one.message).collect::<Vec<_>>()
                );
            }
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
        let seen = seen.into_inner();
        let unsound = unsound.into_inner();
        assert!(unsound < CASES / 4, "{unsound} of {CASES} pairs are not sound; {seen:?}");
        for audience in [Audience::Metrics, Audience::Logs, Audience::Traces, Audience::Rules] {
            for verdict in [Verdict::Same, Verdict::More, Verdict::Broken] {
                let count = seen.get(&(audience, verdict)).copied().unwrap_or(0);
                assert!(count >= 20, "{audience:?} {verdict:?}: {count}; {seen:?}");
            }
        }
    }
}
