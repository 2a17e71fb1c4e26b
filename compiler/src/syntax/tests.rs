//! Every mistake of the table is made here, and what is said of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use slo_grammar::{FileId, Place, SyntaxError, SyntaxErrorKind, parse, parse_tag};

use super::mistakes::MISTAKES;
use super::syntax_diagnostic;

/// Mistakes in a head: the item, and what to do.
const HEADS: &[(&str, &str)] = &[
    ("event {\n    log a.b: info\n}", "give the event a name, as in `event NAME in SCOPE { … }`"),
    ("event in Web {\n    log a.b: info\n}", "give the event a name, as in `event NAME in Web { … }`"),
    (
        "event Refund {\n    log a.b: info\n}",
        "name the scope after `in`, as in `event Refund in SCOPE { … }`",
    ),
    (
        "event Refund: Web {\n    log a.b: info\n}",
        "name the scope after `in`, as in `event Refund in SCOPE { … }`",
    ),
    ("event Refund of Web {\n}", "name the scope after `in`, as in `event Refund in SCOPE { … }`"),
    (
        "event Refund in Web invalid=drop {\n}",
        "write options after `:`, as in `event Sale in Shop: invalid=drop { … }`",
    ),
    ("event Refund in Web\n    log a.b: info\n}", "write what it holds between `{` and `}`"),
    ("span { a.b required }", "give the span a name, as in `span NAME { … }`"),
    ("entity a.b in c { d id }", "take `in` and the scope out: what is declared for others is in no scope"),
    ("span a.b client { c }", "write options after `:`, as in `span a.b: client`"),
    ("span a.b: client { c required opt_in }", "a key has one level: keep `required` or `opt_in`"),
    ("log a.b { c if failed }", "write the condition in words, in quotes, as in `if \"the call failed\"`"),
    ("view of Outcome {\n}", "give the view a name, as in `view NAME of Outcome { … }`"),
    ("view {\n}", "name the meaning after `of`, as in `view NAME of MEANING { … }`"),
    ("view Short {\n}", "name the meaning after `of`, as in `view Short of MEANING { … }`"),
    ("view Short in Outcome {\n}", "name the meaning after `of`, as in `view Short of MEANING { … }`"),
    ("view Short of {\n}", "name the meaning after `of`, as in `view NAME of MEANING { … }`"),
    (
        "view Short of Outcome, Other {\n}",
        "name one meaning, as in `view NAME of MEANING { … }`: a view is of one",
    ),
    (
        "view Short of Outcome until=\"2027-01-01\" {\n}",
        "write options after `:`, as in `view Short of Sale: until=\"2027-06-30\" { … }`",
    ),
    ("view Short of Outcome\n    Done { log none }\n", "write what it holds between `{` and `}`"),
    ("meaning Short of Outcome {\n}", "did you mean `view Short of Outcome`?"),
    (
        "meaning Outcome(A, B) {\n}",
        "a meaning carries nothing itself: write payloads after a variant's name, as in `Failed(code: int)`",
    ),
    (
        "meaning Outcome: until=\"2027-01-01\" {\n}",
        "take the `:` and what follows it out: a meaning has no options",
    ),
    ("group Common: closed {\n}", "take the `:` and what follows it out: a group has no options"),
    ("meaning {\n    Done { log none }\n}", "give the meaning a name, as in `meaning NAME { … }`"),
    (
        "meaning Outcome\n    Done \"ok\" { log none }\n    Gone \"not\" { log info }\n",
        "write what it holds between `{` and `}`",
    ),
    ("resource Service closed {\n}", "write options after `:`, as in `resource Service: closed`"),
    ("attribute a.b int", "write the type after `:`, as in `a.b: int`"),
    ("attribute a.b", "write the key's type after `:`, as in `attribute a.b: string`"),
    ("attribute a.b = int", "write what you say of a key after `:`, as in `a.b: …`"),
    ("refine a.b only=[1]", "write options after `:`, as in `refine a.b: max=80`"),
    ("attribute a.b: int attribute c: int", "write each declaration on a line of its own"),
    ("attribute a.b: int range=0..=5", "put `,` between options, as in `required, max=80`"),
    ("metric a.b Web: counter", "write the scope after `in`, as in `metric a.b in Web`"),
    ("metric a.b", "write the metric's kind after `:`, as in `metric a.b: counter`"),
    ("metric a.b counter", "write options after `:`, as in `metric a.b: counter`"),
    (
        "metric a.b: counter, observed { c, }, limit=5",
        "write options before the list, as in `metric NAME: counter, points=10 { … }`",
    ),
    ("metric a.b: Counter(observed)", "put `,` between options, as in `required, max=80`"),
    (
        "metric a.b: histogram, buckets=[..=5]",
        "write a range with `..=` between its ends, as in `0..=5`: both are part of it",
    ),
    ("metric a.b: counter { c } metric d: counter", "write each declaration on a line of its own"),
    ("attribute a.b: enum { c } open", "put `,` between options, as in `required, max=80`"),
    ("attribute a.b: string, only[x, y]", "write `only=[…]`"),
    ("metric a.b: histogram, buckets=[1 2]", "put `,` between items, as in `[a, b]`"),
    ("metric a.b: histogram, buckets=[1; 2]", "put `,` between items, as in `[a, b]`"),
    ("metric a.b: histogram, buckets=(1, 2)", "write a list in `[ ]`, as in `[1, 2]`"),
    ("metric a.b: updowncounter, while Refund", "write `while=Refund`"),
    (
        "metric a.b: updowncounter, observed limit=5",
        "put `,` between options, or `=` before a value, as in `required, max=80`",
    ),
    ("metric a.b: counter,", "name one, or take out the `,` or `:` before it"),
    ("use a, b", "write a `use` for each package, on a line of its own"),
    (
        "attribute a.b-c: int",
        "put the part that has other signs than letters, digits and `_` in quotes, as in `http.\"content-type\"`",
    ),
    (
        "attribute a: int, range=0..5",
        "write a range with `..=` between its ends, as in `0..=5`: both are part of it",
    ),
    ("attribute a: int; // whole", "take it out: the end of the line is enough"),
    ("attribute a: int # whole", "begin a comment with `//`"),
    ("attribute a: string, matches='x'", "write text in double quotes, as in `\"text\"`"),
    ("attribute a: enum { b: 1 }", "write `=` between a member and its value, as in `b = 1`"),
    ("attribute a: enum { b c }", "put `,` or a line's end between items, as in `{ a, b }`"),
    ("attribute a: string, max <= 5", "write `max=5`"),
    ("attribute a: string, max 5", "write `max=5`"),
];

/// Mistakes in an entry of a resource.
const ENTRIES: &[(&str, &str)] = &[
    ("a.b", "write where the value comes from after `:`, as in `a.b: required`"),
    ("a.b = required", "write what you say of a key after `:`, as in `a.b: …`"),
    ("a.b required", "write options after `:`, as in `a.b: required`"),
    ("..Common", "write `...Common`"),
    ("...Common, ...Other", "write each entry on a line of its own"),
    ("a: required, b: required", "write each entry on a line of its own"),
    ("a: required b: required", "write each entry on a line of its own"),
    ("a: env\"A\"", "write `env=\"A\"`"),
    ("a: env[A, B]", "write `env=[…]`"),
    ("a: static=1.4.0", "write text in quotes, a version too, as in `\"1.4.0\"`"),
    ("a: static=eu-central", "write text in quotes, as in `\"eu-central\"`"),
    ("//! What it is.\n    a: required", "write `///` here: `//!` describes a package, above its first line"),
];

/// Mistakes in an entry of a policy.
const RULES: &[(&str, &str)] = &[
    ("allow SLO0101, a, \"why\"", "write `allow CODE: NAME, \"why\"`"),
    ("allow SLO0101: a \"why\"", "write `allow CODE: NAME, \"why\"`"),
    ("allow SLO0101: a", "write `allow CODE: NAME, \"why\"`"),
    ("matching required", "write options after `:`, as in `matching: required`"),
];

/// Mistakes in an entry of an event.
const FIELDS: &[(&str, &str)] = &[
    ("span current of a.b { c }", "take `of` and the name out: the span that runs was opened elsewhere"),
    ("metric a.b: counter { a },", "take it out: the end of the line is enough"),
    ("metric a.b: counter { a } { b }", "write one list with everything in it"),
    ("metric a.b: counter, points<=5", "write `points=5`"),
    ("metric a.b: counter, unit=1/s", "write text in quotes, as in `\"1/s\"`"),
    ("metrics {\n        a.b: counter\n    }", "did you mean `metric`?"),
    ("logs a.b: info", "did you mean `log`?"),
    ("spans \"a\": server", "did you mean `span`?"),
    ("log { a }", "give the log a name, as in `log NAME { … }`"),
    (
        "span { a }",
        "write a span's name in quotes, as in `span \"post\"`, or `span current` for the one that runs",
    ),
    (
        "span post: server",
        "write a span's name in quotes, as in `span \"post\"`, or `span current` for the one that runs",
    ),
    ("span \"post\" server", "write options after `:`, as in `span \"post\": server`"),
    ("log \"a.b\" info", "write options after `:`, as in `log \"a.b\": info`"),
    ("int code", "write the name before the type, as in `code: int`"),
    ("when=(a == b)", "write `when` among the options of a signal, as in `log NAME: info, when=(…)`"),
    ("outcome", "write the field's type after `:`, as in `outcome: string`"),
    ("outcome Outcome", "write the type after `:`, as in `outcome: Outcome`"),
    ("code?: int", "write `?` after the type, as in `code: TYPE?`"),
    ("code = 5", "write the type before the value, as in `code: TYPE = 5`"),
    ("outcome: Outcome, via Side", "write `via Side` right after the type, without a comma"),
    ("outcome: Outcome? Side", "write a view after `via`, as in `via Side`"),
    (
        "outcome: Outcome Side",
        "put `,` between options, as in `sensitive, max=80`, and `via` before a view, as in `via Short`",
    ),
    ("region: string \"eu\"", "write a constant after `=`, as in `= \"eu\"`"),
    ("log a.b { c } span \"d\"", "write each entry on a line of its own"),
    ("code: int as status", "write `as` in the list of a signal, as in `log NAME { field as key }`"),
    (
        "outcome: Outcome { Done }",
        "write a type's name, or `enum { … }`; write variants in a `meaning` of their own",
    ),
    (
        "event Inner in S {\n    }",
        "close the block with `}` before the next declaration: none can be inside another",
    ),
    ("code: int, name: string", "write each entry on a line of its own"),
];

/// Mistakes behind a log, in its options or its list.
const LOGS: &[(&str, &str)] = &[
    (", when=outcome == Late", "write tests in parentheses, as in `when=(outcome == Done)`"),
    (", when=outcome present", "write tests in parentheses, as in `when=(outcome == Done)`"),
    (", when (outcome == Late)", "write tests in parentheses, as in `when=(outcome == Done)`"),
    (", (outcome == Late)", "write tests in parentheses, as in `when=(outcome == Done)`"),
    (", when=(outcome = Late)", "compare with `==`, as in `outcome == Late`"),
    (", when=(a == B and outcome = Late)", "compare with `==`, as in `outcome == Late`"),
    (", when=(outcome != Late)", "write `outcome not in [Late]`"),
    (
        ", when=(took > 5)",
        "name the values that pass, as in `took in [1, 2]`: numbers are not compared by size",
    ),
    (", when=(outcome is present)", "write `outcome == VALUE` or `outcome present`"),
    (", when=(a)", "say what passes: `a == VALUE`, `a in [A, B]` or `a present`"),
    (", when=(not outcome == Late)", "write `not` after the field, as in `outcome not in [A, B]`"),
    (
        ", when=(outcome not present)",
        "test for what is there, with `outcome present`: there is no test for what is absent",
    ),
    (", when=(outcome in { Late, No })", "write the values in `[ ]`, as in `in [A, B]`"),
    (", when=(outcome in (Late, No))", "write the values in `[ ]`, as in `in [A, B]`"),
    (", when=(outcome not in Late)", "write the values in `[ ]`, as in `in [A, B]`"),
    (", when=()", "write a test, or take `when` out"),
    (", when=((a == B) and (c present))", "take these parentheses out, as in `when=(a == B and c present)`"),
    (", when=(a == B or a == C)", "join tests with `and`; for one of several values write `FIELD in [A, B]`"),
    (
        ", when=(a == B, c present)",
        "join tests with `and`; for one of several values write `FIELD in [A, B]`",
    ),
    (
        ", when=(a == B && c present)",
        "join tests with `and`; for one of several values write `FIELD in [A, B]`",
    ),
    (" { ...Common }", "write `...GROUP` in the event's block, and name its fields here"),
    (" { metric c: counter }", "close this list with `}`, and write the signal on a line of its own"),
    (" { a: 5 }", "write `=` between a key and its value, as in `status = \"ok\"`"),
    (" { a == 5 }", "write one `=`, as in `a = 5`"),
    (" { a as b via C }", "write `via` before `as`, as in `a via C as …`"),
    (" { a b c }", "put `,` or a line's end between items, as in `{ a, b }`"),
    (";", "take it out: the end of the line is enough"),
];

/// Mistakes among the variants of a meaning.
const VARIANTS: &[(&str, &str)] = &[
    ("lossy \"why\" log { A, B }", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy { A, B } \"why\"", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy log A, B \"why\"", "write `lossy SIGNAL { A, B } \"why\"`"),
    ("lossy log { A, B } why", "write the reason in quotes, as in `\"one label upstream\"`"),
    (
        "\"ok\" Done { log none }",
        "write the description after the name and before `{`, as in `Lost \"nobody knows where\" { … }`",
    ),
    (
        "Done { log none } \"ok\"",
        "write the description after the name and before `{`, as in `Lost \"nobody knows where\" { … }`",
    ),
    ("Done: \"ok\" { log none }", "write the description right after the name, as in `Done \"…\"`"),
    ("Done = \"ok\" { log none }", "write the description right after the name, as in `Done \"…\"`"),
    ("Timed-out { log none }", "write the name of a variant as one word, as in `TimedOut`"),
    ("Timed.out { log none }", "write the name of a variant as one word, as in `TimedOut`"),
    ("Done \"ok\" (code: int) { log none }", "write payloads before the description, as in `Done(…) \"ok\"`"),
    (
        "Done Gone",
        "put `,` or a line's end between variants, and a description in quotes, as in `Lost \"nobody knows where\"`",
    ),
    ("Done | Gone { log none }", "put `,` or a line's end between variants, as in `Won, Lost`"),
    ("Done 'ok' { log none }", "write text in double quotes, as in `\"text\"`"),
    ("..Other", "write `...Other`"),
    ("Done(code) { log none }", "write the payload's type after `:`, as in `code: int`"),
    ("Done(int code) { log none }", "write the name before the type, as in `code: int`"),
    (
        "Done(code: int other: int) { log none }",
        "put `,` between payloads, as in `(code: int, text: string)`",
    ),
    (
        "Done(code: int, max=5 other: int) { log none }",
        "put `,` between payloads, as in `(code: int, text: string)`",
    ),
    ("Done(code: int, max=5 bounded=3) { log none }", "put `,` between options, as in `required, max=80`"),
    ("Done(code: int; other: int) { log none }", "put `,` between items, as in `[a, b]`"),
    ("Done(code: int max=5) { log none }", "put `,` between options, as in `required, max=80`"),
    ("Done(code: int?) { log none }", "take the `?` out: what a variant carries is always there"),
    ("Done { log: info }", "take the `:` out, as in `log info`"),
    ("Done { state = \"ok\" }", "write keys in the block of a signal, as in `log { state = … }`"),
    ("Done { log state = \"ok\" }", "write keys in the block of a signal, as in `log { state = … }`"),
    (
        "Done { log info warn { a = \"b\" } }",
        "write one word between a signal and its keys, as in `log warn { … }`",
    ),
    ("Done { log { a = \"b\" } span none }", "put `,` or a line's end between items, as in `{ a, b }`"),
    ("Done { log { state \"ok\" } }", "write `=` between a key and its value, as in `status = \"ok\"`"),
    ("Done { log { state: \"ok\" } }", "write `=` between a key and its value, as in `status = \"ok\"`"),
    ("Done { log { state } }", "give the key a value, as in `state = \"…\"`"),
    ("Done { log { a = code + 1 } }", "write the value itself or a payload's name: nothing is computed"),
    ("Done { log { a = -code } }", "write the value itself or a payload's name: nothing is computed"),
    ("Done { log { a = \"b\" c = 1 } }", "put `,` or a line's end between items, as in `{ a, b }`"),
    ("Done { log { a = to_string(code, 16) } }", "write the name of one payload, as in `to_string(code)`"),
    ("Done { log { a = to_string(\"code\") } }", "write the name of one payload, as in `to_string(code)`"),
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
        Some("put `,` between options, or `=` before a value, as in `required, max=80`"),
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
        ["expected `,`, `{`, `}`, a text in quotes, a word or the end of the line, found `:`"]
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
    assert_eq!(help.as_deref(), Some("write options after `:`, as in `span \"{found}\": server`"));
}
