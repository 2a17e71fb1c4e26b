//! Every mistake of the table is made here, and what is said of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxError, SyntaxErrorKind, parse, parse_tag};

use super::mistakes::MISTAKES;
use super::syntax_diagnostic;

/// Mistakes in a head: the item, and what to do.
const HEADS: &[(&str, &str)] = &[
    ("event {\n    log a.b: info\n}", "an event has a name: `event NAME in SCOPE { … }`"),
    ("event in Web {\n    log a.b: info\n}", "an event has a name: `event NAME in Web { … }`"),
    ("event Refund {\n    log a.b: info\n}", "an event says its scope: `event Refund in SCOPE { … }`"),
    ("event Refund: Web {\n    log a.b: info\n}", "an event says its scope: `event Refund in SCOPE { … }`"),
    ("event Refund of Web {\n}", "an event says its scope: `event Refund in SCOPE { … }`"),
    ("event Refund in Web invalid=drop {\n}", "options stand behind `:`"),
    ("event Refund in Web\n    log a.b: info\n}", "what it holds stands in `{ … }`"),
    ("view of Outcome {\n}", "a view has a name: `view NAME of Outcome { … }`"),
    ("view {\n}", "a view says its meaning: `view NAME of MEANING { … }`"),
    ("view Short {\n}", "a view says its meaning: `view Short of MEANING { … }`"),
    ("view Short in Outcome {\n}", "a view says its meaning: `view Short of MEANING { … }`"),
    ("view Short of {\n}", "a view says its meaning: `view NAME of MEANING { … }`"),
    ("view Short of Outcome, Other {\n}", "a view is of one meaning"),
    ("view Short of Outcome until=\"2027-01-01\" {\n}", "options stand behind `:`"),
    ("view Short of Outcome\n    Done { log none }\n", "what it holds stands in `{ … }`"),
    ("meaning Short of Outcome {\n}", "did you mean `view Short of Outcome`?"),
    ("meaning Outcome(A, B) {\n}", "payloads stand behind a variant's name: `VARIANT(NAME: TYPE)`"),
    ("meaning Outcome: until=\"2027-01-01\" {\n}", "a meaning takes no options"),
    ("group Common: closed {\n}", "a group takes no options"),
    ("meaning {\n    Done { log none }\n}", "a meaning has a name: `meaning NAME { … }`"),
    (
        "meaning Outcome\n    Done \"ok\" { log none }\n    Gone \"not\" { log info }\n",
        "what it holds stands in `{ … }`",
    ),
    ("resource Service closed {\n}", "options stand behind `:`: `resource Service: closed`"),
    ("attribute a.b int", "the type stands behind `:`: `a.b: int`"),
    ("attribute a.b", "a key has a type: `attribute a.b: TYPE`"),
    ("attribute a.b = int", "what is said of a key stands behind `:`"),
    ("refine a.b only=[1]", "options stand behind `:`"),
    ("attribute a.b: int attribute c: int", "a declaration stands on a line of its own"),
    ("attribute a.b: int range=0..=5", "options are separated by `,`"),
    ("metric a.b Web: counter", "the scope stands behind `in`: `metric a.b in Web`"),
    ("metric a.b", "a metric has a kind: `metric a.b: counter`"),
    ("metric a.b counter", "options stand behind `:`: `metric a.b: counter`"),
    ("metric a.b: counter, observed { c, }, limit=5", "options stand before the list"),
    ("metric a.b: Counter(observed)", "options are separated by `,`"),
    ("metric a.b: histogram, buckets=[..=5]", "a range holds both its ends: `0..=5`"),
    ("metric a.b: counter { c } metric d: counter", "a declaration stands on a line of its own"),
    ("attribute a.b: enum { c } open", "options are separated by `,`"),
    ("attribute a.b: string, only[x, y]", "write `only=[…]`"),
    ("metric a.b: histogram, buckets=[1 2]", "items are separated by `,`"),
    ("metric a.b: histogram, buckets=[1; 2]", "items are separated by `,`"),
    ("metric a.b: histogram, buckets=(1, 2)", "a list stands in `[ ]`"),
    ("metric a.b: updown, while Refund", "write `while=Refund`"),
    ("metric a.b: updown, observed limit=5", "options are separated by `,`, or have their value behind `=`"),
    ("metric a.b: counter,", "name one, or take out the `,` or `:` before it"),
    ("use a, b", "each package has a `use` of its own"),
    (
        "attribute a.b-c: int",
        "a part of a key that is no identifier is quoted by itself: http.\"content-type\"",
    ),
    ("attribute a: int, range=0..5", "a range holds both its ends: `0..=5`"),
    ("attribute a: int; // whole", "a line's end is enough: take it out"),
    ("attribute a: int # whole", "a comment begins with `//`"),
    ("attribute a: string, matches='x'", "text stands in double quotes, `\"`"),
    ("attribute a: enum { b: 1 }", "`=` stands between a member and its value: `b = 1`"),
    ("attribute a: enum { b c }", "items are separated by `,` or a line's end"),
    ("attribute a: string, max <= 5", "write `max=5`"),
    ("attribute a: string, max 5", "write `max=5`"),
];

/// Mistakes in an entry of a resource.
const ENTRIES: &[(&str, &str)] = &[
    ("a.b", "an entry says where its value comes from: `a.b: required`"),
    ("a.b = required", "what is said of a key stands behind `:`"),
    ("a.b required", "options stand behind `:`: `a.b: required`"),
    ("..Common", "write `...Common`"),
    ("...Common, ...Other", "an entry stands on a line of its own"),
    ("a: required, b: required", "an entry stands on a line of its own"),
    ("a: required b: required", "an entry stands on a line of its own"),
    ("a: env\"A\"", "write `env=\"A\"`"),
    ("a: env[A, B]", "write `env=[…]`"),
    ("a: static=1.4.0", "text is quoted, a version such as \"1.4.0\" too"),
    ("a: static=eu-central", "text is quoted: `\"eu-central\"`"),
    (
        "//! What it is.\n    a: required",
        "`//!` describes a package; what stands inside one is described by `///`",
    ),
];

/// Mistakes in an entry of a policy.
const RULES: &[(&str, &str)] = &[
    ("allow SLO0101, a, \"why\"", "write `allow CODE: NAME, \"why\"`"),
    ("allow SLO0101: a \"why\"", "write `allow CODE: NAME, \"why\"`"),
    ("allow SLO0101: a", "write `allow CODE: NAME, \"why\"`"),
    ("matching required", "options stand behind `:`: `matching: required`"),
];

/// Mistakes in an entry of an event.
const FIELDS: &[(&str, &str)] = &[
    ("metric a.b: counter { a },", "a line's end is enough: take it out"),
    ("metric a.b: counter { a } { b }", "there is one list: put everything into it"),
    ("metric a.b: counter, points<=5", "write `points=5`"),
    ("metric a.b: counter, unit=1/s", "text is quoted: `\"1/s\"`"),
    ("metrics {\n        a.b: counter\n    }", "did you mean `metric`?"),
    ("logs a.b: info", "did you mean `log`?"),
    ("spans \"a\": server", "did you mean `span`?"),
    ("log { a }", "a log has a name: `log NAME { … }`"),
    ("span { a }", "a span's name stands in quotes, `span \"post\"`, or it is `current`"),
    ("span post: server", "a span's name stands in quotes, `span \"post\"`, or it is `current`"),
    ("span \"post\" server", "options stand behind `:`: `span \"post\": server`"),
    ("log \"a.b\" info", "options stand behind `:`: `log \"a.b\": info`"),
    ("int code", "the name stands before the type: `code: int`"),
    ("when=(a == b)", "tests belong to a signal: `log NAME: info, when=(…)`"),
    ("outcome", "a field has a type: `outcome: TYPE`"),
    ("outcome Outcome", "the type stands behind `:`: `outcome: Outcome`"),
    ("code?: int", "`?` stands behind the type: `code: TYPE?`"),
    ("code = 5", "the type stands before the value: `code: TYPE = 5`"),
    ("outcome: Outcome, via Side", "`via` stands behind the type, without a comma: `via Side`"),
    ("outcome: Outcome? Side", "a view stands behind `via`: `via Side`"),
    ("outcome: Outcome Side", "options are separated by `,`, and a view stands behind `via`"),
    ("region: string \"eu\"", "a constant stands behind `=`: `= \"eu\"`"),
    ("log a.b { c } span \"d\"", "an entry stands on a line of its own"),
    ("code: int as status", "`as` stands in the list of a signal"),
    ("outcome: Outcome { Done }", "a type is a name, or `enum { … }`; variants stand in a `meaning`"),
    ("event Inner in S {\n    }", "a declaration stands in no other one's block"),
    ("code: int, name: string", "an entry stands on a line of its own"),
];

/// Mistakes behind a log, in its options or its list.
const LOGS: &[(&str, &str)] = &[
    (", when=outcome == Late", "tests stand in parentheses: `when=(…)`"),
    (", when=outcome present", "tests stand in parentheses: `when=(…)`"),
    (", when (outcome == Late)", "tests stand in parentheses: `when=(…)`"),
    (", (outcome == Late)", "tests stand in parentheses: `when=(…)`"),
    (", when=(outcome = Late)", "`==` compares: `outcome == Late`"),
    (", when=(a == B and outcome = Late)", "`==` compares: `outcome == Late`"),
    (", when=(outcome != Late)", "write `outcome not in [Late]`"),
    (", when=(took > 5)", "numbers are not compared, only named: `took in [1, 2]`"),
    (", when=(outcome is present)", "write `outcome == VALUE` or `outcome present`"),
    (", when=(a)", "say what passes: `a == VALUE`, `a in [A, B]` or `a present`"),
    (", when=(not outcome == Late)", "`not` stands behind the field: `outcome not in [A, B]`"),
    (", when=(outcome not present)", "there is no test for what is absent"),
    (", when=(outcome in { Late, No })", "values stand in `[ ]`: `in [A, B]`"),
    (", when=(outcome in (Late, No))", "values stand in `[ ]`: `in [A, B]`"),
    (", when=(outcome not in Late)", "values stand in `[ ]`: `in [A, B]`"),
    (", when=()", "write a test, or take `when` out"),
    (", when=((a == B) and (c present))", "tests need no parentheses of their own: `A == B and C present`"),
    (
        ", when=(a == B or a == C)",
        "tests are joined by `and`; for one of several values write `FIELD in [A, B]`",
    ),
    (
        ", when=(a == B, c present)",
        "tests are joined by `and`; for one of several values write `FIELD in [A, B]`",
    ),
    (
        ", when=(a == B && c present)",
        "tests are joined by `and`; for one of several values write `FIELD in [A, B]`",
    ),
    (" { ...Common }", "a list names fields: take the group into the event"),
    (" { metric c: counter }", "a signal stands on a line of its own, in no other's list"),
    (" { a: 5 }", "`=` stands between a key and its value"),
    (" { a == 5 }", "one `=` is enough: `a = 5`"),
    (" { a as b via C }", "`via` stands before `as`: `a via C as …`"),
    (" { a b c }", "items are separated by `,` or a line's end"),
    (";", "a line's end is enough: take it out"),
];

/// Mistakes among the variants of a meaning.
const VARIANTS: &[(&str, &str)] = &[
    ("lossy \"why\" log { A, B }", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy { A, B } \"why\"", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy log A, B \"why\"", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy log { A, B } why", "the reason stands in quotes"),
    ("\"ok\" Done { log none }", "the description stands between the name and `{`"),
    ("Done { log none } \"ok\"", "the description stands between the name and `{`"),
    ("Done: \"ok\" { log none }", "the description follows the name directly: `Done \"…\"`"),
    ("Timed-out { log none }", "the name of a variant is one word"),
    ("Timed.out { log none }", "the name of a variant is one word"),
    (
        "Done \"ok\" (code: int) { log none }",
        "payloads stand between the name and the description: `Done(…) \"ok\"`",
    ),
    ("Done Gone", "variants are separated by `,` or a line's end; a description stands in quotes"),
    ("Done | Gone { log none }", "variants are separated by `,` or a line's end"),
    ("Done 'ok' { log none }", "text stands in double quotes, `\"`"),
    ("..Other", "write `...Other`"),
    ("Done(code) { log none }", "a payload has a type: `code: TYPE`"),
    ("Done(int code) { log none }", "the name stands before the type: `code: int`"),
    ("Done(code: int other: int) { log none }", "payloads are separated by `,`"),
    ("Done(code: int, max=5 other: int) { log none }", "payloads are separated by `,`"),
    ("Done(code: int, max=5 bounded=3) { log none }", "options are separated by `,`"),
    ("Done(code: int; other: int) { log none }", "items are separated by `,`"),
    ("Done(code: int max=5) { log none }", "options are separated by `,`"),
    ("Done(code: int?) { log none }", "what a variant carries is always there: take `?` out"),
    ("Done { log: info }", "the word follows without `:`: `log info`"),
    ("Done { state = \"ok\" }", "keys stand in the block of a signal: `log { state = … }`"),
    ("Done { log state = \"ok\" }", "keys stand in the block of a signal: `log { state = … }`"),
    ("Done { log info warn { a = \"b\" } }", "one word stands between a signal and its keys"),
    ("Done { log { a = \"b\" } span none }", "items are separated by `,` or a line's end"),
    ("Done { log { state \"ok\" } }", "`=` stands between a key and its value"),
    ("Done { log { state: \"ok\" } }", "`=` stands between a key and its value"),
    ("Done { log { state } }", "a key has a value: `state = \"…\"`"),
    (
        "Done { log { a = code + 1 } }",
        "a value is written down, or what the variant carries: nothing is computed",
    ),
    (
        "Done { log { a = -code } }",
        "a value is written down, or what the variant carries: nothing is computed",
    ),
    ("Done { log { a = \"b\" c = 1 } }", "items are separated by `,` or a line's end"),
    ("Done { log { a = to_string(code, 16) } }", "`to_string` takes the name of a payload"),
    ("Done { log { a = to_string(\"code\") } }", "`to_string` takes the name of a payload"),
];

/// All mistakes, each in an item.
fn made() -> Vec<(String, &'static str)> {
    let within = |mistakes: &'static [(&str, &'static str)], head: &'static str, end: &'static str| {
        mistakes.iter().map(move |(text, help)| (format!("{head}{text}{end}\n"), *help))
    };
    within(HEADS, "", "")
        .chain(within(ENTRIES, "resource R {\n    ", "\n}"))
        .chain(within(RULES, "policy P {\n    ", "\n}"))
        .chain(within(FIELDS, "event E in S {\n    ", "\n    name: string\n}"))
        .chain(within(LOGS, "event E in S {\n    log a.b: info", "\n    name: string\n}"))
        .chain(within(VARIANTS, "meaning M {\n    ", "\n    Last \"one\" { log none }\n}"))
        .collect()
}

#[test]
fn each_mistake_is_found_once_with_what_to_do() {
    let mut wrong = Vec::new();
    for (text, help) in made() {
        let tree = parse(FileId(0), Arc::from(text.as_str()));
        let said: Vec<_> = tree.errors.iter().map(syntax_diagnostic).collect();
        match said.as_slice() {
            [one] if one.help.as_deref() == Some(help) => {}
            said => {
                let said: Vec<_> = said.iter().map(|one| (&one.message, &one.help)).collect();
                wrong.push(format!("{text}expected: {help}\nsaid: {said:?}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Mistakes in a tag of the derive.
const TAGS: &[(&str, &str, Option<&str>)] = &[
    ("a.b,", "expected a name, found the end", Some("name an option, or take the `,` out")),
    (
        "a.b, required env=A",
        "expected `,`, `=` or the end of the line, found `env`",
        Some("options are separated by `,`, or have their value behind `=`"),
    ),
    (
        "a.b, default=\"c",
        "the text is not closed on its line",
        Some("end it with `\"`; a line's end is written `\\n`"),
    ),
    ("a.b, default=[c", "expected `,` or `]`, found the end", None),
];

#[test]
fn a_mistake_in_a_tag_is_told_as_well() {
    for (text, message, help) in TAGS {
        let error = parse_tag(Place::new(FileId(0), 0, text.len() as u32), text).err();
        let said = error.map(|error| syntax_diagnostic(&error)).map(|said| (said.message, said.help));
        assert_eq!(said, Some(((*message).to_owned(), help.map(str::to_owned))), "{text}");
    }
}

#[test]
fn each_mistake_of_the_table_is_made() {
    let mut seen = BTreeSet::new();
    let mut see = |error: &SyntaxError| {
        if let SyntaxErrorKind::Unexpected { found, around, .. } = &error.kind {
            seen.extend(MISTAKES.iter().position(|mistake| mistake.is_made(found, around)));
        }
    };
    for (text, _) in made() {
        parse(FileId(0), Arc::from(text.as_str())).errors.iter().for_each(&mut see);
    }
    for (text, ..) in TAGS {
        parse_tag(Place::new(FileId(0), 0, 0), text).err().iter().for_each(&mut see);
    }
    let never: Vec<_> = MISTAKES
        .iter()
        .enumerate()
        .filter(|(index, _)| !seen.contains(index))
        .map(|(_, mistake)| mistake)
        .collect();
    assert!(never.is_empty(), "{never:#?}");
}

#[test]
fn what_was_expected_is_named_without_noise() {
    let said = |text: &str| {
        let tree = parse(FileId(0), Arc::from(text));
        tree.errors.iter().map(|error| syntax_diagnostic(error).message).collect::<Vec<_>>()
    };
    let list = |item: &str| said(&format!("event E in S {{\n    log a.b: info {item}\n}}\n"));
    assert_eq!(
        list("{ a == 5 }"),
        ["expected `,`, `=`, `as`, `via`, `}` or the end of the line, found `==`"]
    );
    assert_eq!(
        list("{ \"a\" \"b\" }"),
        ["expected `,`, `=`, `as`, `via`, `}` or the end of the line, found a text in quotes"]
    );
    assert_eq!(list("{ ...C }"), ["expected `}`, a field or a key, found `...`"]);
    assert_eq!(list(", when=()"), ["expected a field, found `)`"]);
    assert_eq!(list(", bounded=,"), ["expected a value, found `,`"]);
    assert_eq!(list(", when=,"), ["expected `(` or a value, found `,`"]);
    let variant = |item: &str| said(&format!("meaning M {{\n    {item}\n}}\n"));
    assert_eq!(variant("A { log { b = c + 1 } }"), ["expected `,`, `}` or the end of the line, found `+`"]);
    assert_eq!(variant("A { log { b = } }"), ["expected a value, found `}`"]);
    assert_eq!(
        variant("A { log: info }"),
        ["expected `,`, `{`, `}`, a word or the end of the line, found `:`"]
    );
    assert_eq!(variant("lossy log { A, B }\n    A \"a\" { log none }"), [] as [&str; 0]);
    assert_eq!(
        said("attribute a.b: int attribute c: int\n"),
        ["expected `,` or the end of the line, found `attribute`"]
    );
    assert_eq!(said("metric a.b: counter { c } { d }\n"), ["expected the end of the line, found `{`"]);
    assert_eq!(
        said("attribute a.b: int, range=0..5\n"),
        ["expected `,`, `..=` or the end of the line, found `..`"]
    );
}

#[test]
fn names_in_texts_of_the_contract_stay_as_they_are() {
    let text = "event E in S {\n    span \"{found}\" server\n}\n";
    let tree = parse(FileId(0), Arc::from(text));
    let help = tree.errors.first().and_then(|error| syntax_diagnostic(error).help);
    assert_eq!(help.as_deref(), Some("options stand behind `:`: `span \"{found}\": server`"));
}
