//! What the parser makes of whole files, and the laws that its tree keeps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use proptest::prelude::*;
use slo_grammar::{
    Construct, Entry, EventEntry, Expression, FileId, Item, MeaningEntry, Place, SyntaxErrorKind, SyntaxTree,
    TokenKind, parse, parse_all, parse_tag,
};

const START: Place = Place::new(FileId(0), 0, 0);

fn read(text: &str) -> SyntaxTree {
    let tree = parse(FileId(0), Arc::from(text));
    nothing_is_lost(&tree);
    tree
}

/// Between the tokens stand blanks and comments only, and what is read knows tokens that it is made of.
fn nothing_is_lost(tree: &SyntaxTree) {
    let mut at = usize::from(tree.text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    let blank =
        |rest: &str| assert!(rest.trim_matches([' ', '\t', '\n', '\r']).is_empty(), "{rest:?} is lost");
    for number in 0..=tree.tokens.len() {
        let place = tree.tokens.place(number);
        let place = if number == tree.tokens.len() { tree.text.len()..tree.text.len() } else { place };
        for comment in tree.tokens.comments_before(number) {
            blank(&tree.text[at..comment.start]);
            let line = &tree.text[comment.clone()];
            assert!(line.starts_with("//") && !line.contains(['\n', '\r']), "{line:?}");
            at = comment.end;
        }
        blank(&tree.text[at..place.start]);
        let token = &tree.text[place.clone()];
        match tree.tokens.kind(number) {
            TokenKind::LineEnd => assert!(["\n", "\r", "\r\n"].contains(&token), "{token:?}"),
            TokenKind::Doc => assert!(token.starts_with("//"), "{token:?}"),
            TokenKind::Raw => panic!("a file has no raw values"),
            _ if number < tree.tokens.len() => assert!(!token.is_empty(), "an empty token"),
            _ => {}
        }
        at = place.end;
    }
    for item in &tree.items {
        let tokens = item.tokens();
        assert!(!tokens.is_empty() && tokens.end as usize <= tree.tokens.len());
        let name = item.name().place;
        assert!(tree.tokens.place(tokens.start as usize).start <= name.start as usize);
        assert!(name.end as usize <= tree.tokens.place(tokens.end as usize - 1).end);
    }
}

fn errors(text: &str) -> Vec<String> {
    read(text)
        .errors
        .iter()
        .map(|error| {
            let at = &text[error.place.range()];
            match &error.kind {
                SyntaxErrorKind::Unexpected { expected, found, .. } => {
                    format!("expected {expected:?}, found {found:?} at {at:?}")
                }
                kind => format!("{kind:?} at {at:?}"),
            }
        })
        .collect()
}

/// What an item declares, for tests that count items.
fn names(tree: &SyntaxTree) -> Vec<&str> {
    tree.whole_items().map(|item| &tree.text[item.name().place.range()]).collect()
}

const CONTRACT: &str = r#"//! Payments.
package fin.pay

use std.otel // the conventions

/// Amount charged.
attribute payment.amount: int, unit="{fen}",
    range=0..=100_000_000
attribute payment.method: enum { card, wallet = "W", /* no */ }
"#;

#[test]
fn a_file_is_read() {
    let tree = read(&CONTRACT.replace(" /* no */ ", ""));
    assert_eq!(tree.errors, []);
    assert_eq!(names(&tree), ["fin.pay", "std.otel", "payment.amount", "payment.method"]);
}

#[test]
fn keys_may_be_keywords_and_parts_may_be_quoted() {
    let tree = read(
        "resource R {\n    env: auto\n    resource: env=[A, B], default=\"x\"\n    http.\"content-type\": static=[1, -2.5e3]\n    ...Common\n}\n",
    );
    assert_eq!(tree.errors, []);
    let [Item::Resource(block)] = tree.items.as_slice() else { panic!("one resource") };
    let keys: Vec<&str> = block
        .entries
        .iter()
        .map(|entry| match entry {
            Entry::Key { key, .. } => key.value.as_str(),
            Entry::Spread(spread) => spread.name.value.as_str(),
            Entry::Field(field) => panic!("`{}` is no key", field.name.value),
        })
        .collect();
    assert_eq!(keys, ["env", "resource", "http.content-type", "Common"]);
}

#[test]
fn the_brace_may_stand_on_the_next_line_and_lines_may_end_as_on_windows() {
    assert_eq!(read("resource R\r\n{\r\n  a: auto\r\n}\r\n\r\nscope S {}\r\n").items.len(), 2);
}

#[test]
fn a_mistake_hides_none_in_the_next_item() {
    let tree = read(
        "attribute a int\nattribute b: int\nresource R {\n    a auto\n}\nattribute c: int,, range=1\nscope S {}\n",
    );
    assert_eq!(names(&tree), ["b", "S"]);
    assert_eq!(tree.errors.len(), 3);
}

#[test]
fn an_item_that_does_not_close_ends_at_the_next_declaration() {
    let tree = read("resource R {\n    a: auto\n\n/// Docs.\nattribute b: int\nscope S {}\n");
    assert_eq!(names(&tree), ["b", "S"]);
    assert_eq!(tree.errors.len(), 1);
    let tree = read("resource R {\n    a: env=[A, B\n}\nattribute b: int\n");
    assert_eq!(names(&tree), ["b"]);
    assert_eq!(tree.errors.len(), 1);
}

#[test]
fn an_item_that_closes_too_much_ends_at_the_next_declaration() {
    let tree = read("resource R { a: auto } }\n junk\n/// Docs.\nattribute b: int\n");
    assert_eq!(names(&tree), ["b"]);
    assert_eq!(tree.errors.len(), 1);
    // One brace too few, and later one too many: still one error each, and nothing between is hidden.
    let tree = read("resource R {\n a: auto\nattribute b: int\nscope S {\n}\n}\nattribute c: int\n");
    assert_eq!(names(&tree), ["b", "S", "c"]);
    assert_eq!(tree.errors.len(), 2);
}

#[test]
fn an_error_stands_where_something_else_was_expected() {
    assert_eq!(errors("attribute a = int\n"), ["expected [\"`:`\"], found \"=\" at \"=\""]);
    assert_eq!(
        errors("atribute a: int\n"),
        ["UnknownDeclaration { word: \"atribute\", nearest: Some(\"attribute\") } at \"atribute\""]
    );
    assert_eq!(errors("classify C: M { }\n"), ["NotInThisRelease { keyword: \"classify\" } at \"classify\""]);
    assert_eq!(errors("attribute a: string, unit=\"ms\n"), ["StringNotClosed at \"\\\"ms\""]);
    assert_eq!(
        errors("attribute a: string, unit=\"\\q\"\n"),
        ["UnknownEscape { escape: \"\\\\q\" } at \"\\\\q\""]
    );
    assert_eq!(errors("/// Nothing follows.\n"), ["DocWithoutItem at \"/// Nothing follows.\""]);
    // The character is reported, and not what it does to the item.
    assert_eq!(errors("use a\u{202e}\n").len(), 1);
    assert_eq!(errors("resource R {\n    /// Gone.\n}\n"), ["DocWithoutItem at \"/// Gone.\""]);
}

/// What the first mistake of a text stands in, what stands before it and behind it.
fn around(text: &str) -> (Construct, String, String) {
    match read(text).errors.first().map(|error| error.kind.clone()) {
        Some(SyntaxErrorKind::Unexpected { around, .. }) => {
            (around.construct, around.before.join(" "), around.next)
        }
        other => panic!("{other:?} in {text:?}"),
    }
}

#[test]
fn an_error_knows_what_it_stands_in() {
    let event = |entries: &str| around(&format!("/// Docs.\nevent E in S {{\n{entries}\n}}\n"));
    let at = |construct, before: &str, next: &str| (construct, before.to_owned(), next.to_owned());
    assert_eq!(around("event E: S {\n}\n"), at(Construct::Header, "event E", "S"));
    assert_eq!(event("a: enum { b\n c d }"), at(Construct::Members, "c", "}"));
    assert_eq!(
        event("a: int, range=\n0..=5, b: c // no"),
        at(Construct::Fields, "a : int , range = 0 ..= 5 , b", "c")
    );
    assert_eq!(event("a: int\nb"), at(Construct::Fields, "b", "}"));
    assert_eq!(event("log a.b: body=\"{x}\"\n{ a, b == 5 }"), at(Construct::List, "b", "5"));
    assert_eq!(event("log a.b { a } { b }"), at(Construct::Fields, "log a.b {}", "b"));
    assert_eq!(event("log a: when=(b == C and\nd = E)"), at(Construct::Tests, "d", "E"));
    assert_eq!(event("metric a: buckets=[1, 2.5 3]"), at(Construct::Values, "2.5", "]"));
    let meaning = |entries: &str| around(&format!("meaning M {{\n{entries}\n}}\n"));
    assert_eq!(meaning("A \"a\"\n{ log none }, B: c"), at(Construct::Variants, "B : c", "}"));
    assert_eq!(meaning("A(b: int, range=0..=1, c d)"), at(Construct::Payload, "c", ")"));
    assert_eq!(meaning("A { log info { a = 1 }\nspan: ok }"), at(Construct::Projections, "span", "ok"));
    assert_eq!(meaning("A { log { a = 1, \"b\".c: d } }"), at(Construct::Pairs, "\"b\".c", "d"));
    assert_eq!(meaning("A { log { a = to_string(b, c) } }"), at(Construct::Call, "b", "c"));
    assert_eq!(meaning("lossy log { A B }"), at(Construct::Names, "A", "}"));
    assert_eq!(around("resource R {\n a: required: b\n}\n"), at(Construct::Entries, "a : required", "b"));
    let tag = parse_tag(START, "a.b, env X").unwrap_err();
    assert!(
        matches!(tag.kind, SyntaxErrorKind::Unexpected { around, .. } if around.construct == Construct::Tag)
    );
}

#[test]
fn what_broke_off_at_its_end_takes_the_indented_lines_with_it() {
    let tree = read("meaning M\n    /// Docs.\n    A \"a\" { log none }\n    B\n\nscope S {}\n");
    assert_eq!((names(&tree), tree.errors.len()), (vec!["S"], 1));
    let tree = read("event E in S\n    log a.b: info\n    metric a: counter\n}\nscope S {}\n");
    assert_eq!((names(&tree), tree.errors.len()), (vec!["S"], 1));
    // One brace too few on a line, and so one too many: what begins no declaration is left of the item.
    let tree = read("meaning M {\n    A \"a\" log none }\n    B(c: int)\n}\nscope S {}\n");
    assert_eq!((names(&tree), tree.errors.len()), (vec!["S"], 1));
    // What is no deeper is another item, and so is what follows one that can be read.
    let tree = read("  metric a\n  junk b\n  scope S {}\n    junk c\n");
    assert_eq!((names(&tree), tree.errors.len()), (vec!["S"], 3));
}

#[test]
fn a_lossy_without_its_reason_ends_with_its_line() {
    let tree =
        read("meaning M {\n    lossy log { A, B }\n    lossy span { A, B }\n        \"why\"\n    A, B\n}\n");
    assert_eq!(tree.errors, []);
    let [Item::Meaning(meaning)] = tree.items.as_slice() else { panic!("one meaning") };
    assert_eq!(meaning.entries.len(), 4);
}

#[test]
fn what_an_item_that_could_not_be_read_declares_is_known() {
    let tree = read("attribute a.\"b-c\" int\ngroup G {\n    a b\n}\natribute d: int\n");
    let names: Vec<&str> = tree.unread.iter().map(|unread| unread.name.as_str()).collect();
    assert_eq!(names, ["a.b-c", "G", "d"]);
}

#[test]
fn nesting_is_counted_before_the_parser_recurses() {
    let deep = format!("attribute a: int, only={}1{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(errors(&deep), ["TooDeep at \"[\""]);
    assert_eq!(errors("attribute a: int, only=[[[1]]]\n"), [] as [String; 0]);
}

#[test]
fn a_line_that_cannot_be_read_loses_no_other() {
    let tree = read(
        "event E in S {\n    a int\n    b: int\n    log c {\n        b == c\n    }\n    d: env=[A, B\n    e: string\n}\nscope S {}\n",
    );
    assert_eq!((names(&tree), tree.errors.len()), (vec!["S"], 3));
    let Some(Item::Event(event)) = tree.items.first() else { panic!("an event") };
    let fields: Vec<&str> = event
        .entries
        .iter()
        .map(|entry| match entry {
            EventEntry::Field(field) => field.name.value.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(fields, ["b", "e"]);
    let broken: Vec<&str> = event
        .broken
        .iter()
        .map(|tokens| {
            let start = tree.tokens.place(tokens.start as usize).start;
            &tree.text[start..tree.tokens.place(tokens.end as usize - 1).end]
        })
        .collect();
    assert_eq!(broken, ["a int", "log c {\n        b == c\n    }", "d: env=[A, B"]);
}

#[test]
fn a_text_full_of_mistakes_is_read_to_its_end() {
    // Each of these took time by the square of its length: 40,000 lines are too many for that.
    let open = read(&format!("{}scope S {{}}\n", "metric a: counter {\n".repeat(40_000)));
    assert_eq!(names(&open), ["S"]);
    let docs = read(&format!("event A in B {{\n{}}}\n", "///\n".repeat(40_000)));
    assert_eq!((docs.items.len(), docs.errors.len()), (1, 1));
    let brackets = read(&format!("{}{}", "{".repeat(200_000), ")".repeat(200_000)));
    assert_eq!(brackets.errors.len(), 1);
    let nested = read(&format!("metric r: [\nx {{\n{}}}\n", "metric a: counter (\n".repeat(40_000)));
    assert_eq!(nested.errors.len(), 101);
    assert!(matches!(
        nested.errors.last().map(|error| &error.kind),
        Some(SyntaxErrorKind::More { count }) if *count > 30_000
    ));
}

#[test]
fn a_tag_is_read_raw_up_to_the_comma() {
    let tag =
        parse_tag(START, "service.version,env=SERVICE_VERSION, default=0.0.0 ,only=[a, \"b,c\"]").unwrap();
    assert_eq!(tag.key.value, "service.version");
    let values: Vec<_> = tag.options.iter().map(|option| option.value.clone().unwrap().value).collect();
    assert_eq!(values[0], Expression::Raw("SERVICE_VERSION".into()));
    assert_eq!(values[1], Expression::Raw("0.0.0".into()));
    assert!(matches!(&values[2], Expression::List(list) if list.len() == 2));
    assert_eq!(parse_tag(START, "tenant-id").unwrap().key.value, "tenant-id");
    assert!(parse_tag(START, "").is_err());
    assert!(parse_tag(START, "a,env=\"X").is_err());
}

#[test]
fn many_files_are_read_in_their_order() {
    let text: Arc<str> = Arc::from("attribute a: int\n".repeat(5_000).as_str());
    let files: Vec<_> = (0..8).map(|number| (FileId(number), Arc::clone(&text))).collect();
    let trees = parse_all(&files);
    assert_eq!(trees.iter().map(|tree| tree.file.0).collect::<Vec<_>>(), (0..8).collect::<Vec<_>>());
    assert!(trees.iter().all(|tree| tree.items.len() == 5_000));
}

/// Pieces of contracts, and of anything else, one behind the other.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        Just("attribute a.b: int, range=0..=5".to_owned()),
        Just("attribute c: enum {\n  /// One.\n  one, two = \"2\"\n}, open".to_owned()),
        Just("resource R: closed {\n  a: required, matches=\"{x}-{y}\"\n  ...G // taken\n}".to_owned()),
        Just("policy P {\n  allow SLO0101: a, \"why\"\n}".to_owned()),
        Just("metric m: counter, unit=\"1\" { a required, b if \"x\" }".to_owned()),
        Just(
            "meaning M {\n  A(b: int) \"a\" { log info { c = to_string(b) } }\n  lossy log { A, B }\n}"
                .to_owned()
        ),
        Just("event E in S {\n  a: M via V\n  log b: when=(a in [C] and d present) { a as e }".to_owned()),
        Just("span a.b: client, closed {\n  a required\n  b recommended if \"x\"\n}".to_owned()),
        Just("entity e { a id, b if \"x\" }".to_owned()),
        Just("metric m: gauge, entities=all_of(a, one_of(b.c, d)) {}".to_owned()),
        Just("event E in S {\n  span \"x\" of a.b in S: when=(a present) { a }\n}".to_owned()),
        Just("package p".to_owned()),
        Just("// comment".to_owned()),
        Just("/// doc".to_owned()),
        Just("//! file".to_owned()),
        Just("\r\n".to_owned()),
        "[{}\\[\\]()\",:=/ \n]{1,6}",
        "\\PC{0,8}",
        any::<String>(),
    ];
    proptest::collection::vec((fragment, prop_oneof![Just("\n"), Just(" "), Just("")]), 0..12)
        .prop_map(|fragments| fragments.into_iter().flat_map(|(text, end)| [text, end.to_owned()]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_read_without_loss(text in fragments()) {
        read(&text);
    }

    #[test]
    fn any_tag_is_read_or_refused(text in fragments()) {
        if let Err(error) = parse_tag(START, &text) {
            prop_assert!(text.get(error.place.range()).is_some());
        }
    }
}

#[test]
fn a_meaning_has_variants_with_payloads_and_projections() {
    let tree = read(
        "meaning M {\n    /// Fine.\n    Good \"all is well\" { metric { status = \"ok\", n = 1 }, log info\n span none }\n    Bad(code: int, range=1..=5, why: enum { a, b }) {\n        all { error.type = to_string(code) }\n    }\n    ...Other\n    lossy metric { Good, Bad } \"one label upstream\"\n}\n",
    );
    assert_eq!(tree.errors, []);
    let [Item::Meaning(meaning)] = tree.items.as_slice() else { panic!("one meaning") };
    let [
        MeaningEntry::Variant(good),
        MeaningEntry::Variant(bad),
        MeaningEntry::Spread(other),
        MeaningEntry::Lossy(lossy),
    ] = meaning.entries.as_slice()
    else {
        panic!("two variants, a spread, a class")
    };
    assert_eq!((good.docs.text().as_str(), good.projections.len()), ("Fine.", 3));
    assert_eq!(good.projections[1].word.as_ref().map(|word| word.value.as_str()), Some("info"));
    let payload: Vec<(&str, usize)> =
        bad.payload.iter().map(|field| (field.name.value.as_str(), field.options.len())).collect();
    assert_eq!(payload, [("code", 1), ("why", 0)]);
    let pair = &bad.projections[0].pairs.as_ref().unwrap()[0];
    assert!(matches!(&pair.value.value, Expression::Call(function, argument)
        if function.value == "to_string" && argument.value == "code"));
    assert_eq!((other.name.value.as_str(), lossy.variants.len()), ("Other", 2));
}

#[test]
fn an_event_has_fields_and_signals() {
    let tree = read(
        "event E in S: invalid=drop {\n    outcome: a.M? via V, unset=Good\n    log: http.route\n    region: string = \"eu\"\n    batch: context[]\n    ...Common\n    metric a.b: counter, when=(outcome in [A, B] and log present), points=5\n    { outcome, log as path, result = \"x\" }\n    log a.c\n    span \"x {log}\": server { outcome via W as w }\n    span event \"y\": when=(log present) { outcome }\n}\n",
    );
    assert_eq!(tree.errors, []);
    let [Item::Event(event)] = tree.items.as_slice() else { panic!("one event") };
    let kinds: Vec<&str> = event
        .entries
        .iter()
        .map(|entry| match entry {
            EventEntry::Field(field) if field.optional.is_some() => "optional field",
            EventEntry::Field(_) => "field",
            EventEntry::Spread(_) => "spread",
            EventEntry::Metric(_) => "metric",
            EventEntry::Log(_) => "log",
            EventEntry::Span(_) => "span",
            EventEntry::SpanEvent(_) => "span event",
        })
        .collect();
    assert_eq!(
        kinds,
        ["optional field", "field", "field", "field", "spread", "metric", "log", "span", "span event"]
    );
    let EventEntry::Metric(metric) = &event.entries[5] else { panic!("a metric") };
    assert!(
        matches!(&metric.options[1].value.as_ref().unwrap().value, Expression::Conditions(tests) if tests.len() == 2)
    );
    assert_eq!(metric.list.as_ref().unwrap()[1].shown_as.as_ref().unwrap().value, "path");
}

#[test]
fn spans_logs_and_entities_are_declared_as_metrics_are() {
    let text = "/// A call.
span http.client: client, stability=stable {
    http.request.method required
    http.request.resend_count recommended if \"retried\"
    error.type if \"it failed\"
}
log exception: error { exception.type, exception.stacktrace opt_in }
entity k8s.pod { k8s.pod.uid id }
span bare
metric a.b: gauge, entities=all_of(k8s.pod, one_of(host, k8s.node)) {}
";
    let tree = read(text);
    assert!(tree.errors.is_empty(), "{:?}", tree.errors);
    let keywords: Vec<&str> = tree.items.iter().map(Item::keyword).collect();
    assert_eq!(keywords, ["span", "log", "entity", "span", "metric"]);
    let Item::Span(span) = &tree.items[0] else { panic!("no span") };
    let levels: Vec<(Option<&str>, Option<&str>)> = span
        .list
        .iter()
        .flatten()
        .filter_map(|item| item.level.as_ref())
        .map(|level| {
            let word = level.value.word.as_ref().map(|word| word.value.as_str());
            (word, level.value.condition.as_ref().map(|condition| condition.value.as_str()))
        })
        .collect();
    let expected =
        [(Some("required"), None), (Some("recommended"), Some("retried")), (None, Some("it failed"))];
    assert_eq!(levels, expected);
    let Item::Metric(metric) = &tree.items[4] else { panic!("no metric") };
    let Some(Expression::Combination(word, parts)) =
        metric.options[1].value.as_ref().map(|value| &value.value)
    else {
        panic!("no combination")
    };
    assert_eq!((word.value.as_str(), parts.len()), ("all_of", 2));
    let Expression::Combination(word, parts) = &parts[1].value else { panic!("not nested") };
    assert_eq!((word.value.as_str(), parts.len()), ("one_of", 2));
}

#[test]
fn a_group_holds_keys_or_fields() {
    let tree = read(
        "group G {\n    a.b: required, max=3\n    c: a.b\n    d: string, max=2\n    e: M\n    f: int?\n}\n",
    );
    assert_eq!(tree.errors, []);
    let [Item::Group(group)] = tree.items.as_slice() else { panic!("one group") };
    let fields = group.entries.iter().filter(|entry| matches!(entry, Entry::Field(_))).count();
    assert_eq!((group.entries.len(), fields), (5, 4));
}
