//! What a finding is about hangs on no order: declarations may be moved, and what is accepted stays accepted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use slo_compiler::diagnostic::Code;
use slo_tests::{compile_text, sections};

/// What a finding is known by: its code, all that it is about, and its number.
type Identity = (Code, Vec<String>, Option<u64>);

fn identities(text: &str) -> BTreeSet<Identity> {
    let compiled = compile_text(text);
    let identity = |finding: &slo_compiler::diagnostic::Diagnostic| {
        let mut names = finding.names.clone();
        names.sort();
        (finding.code, names, finding.number)
    };
    compiled.diagnostics.iter().map(identity).collect()
}

/// How deep a line goes into braces, those in texts and comments left out.
fn depth(line: &str) -> i32 {
    let (mut depth, mut is_text) = (0, false);
    let code = line.split("//").next().unwrap();
    for one in code.chars() {
        match one {
            '"' => is_text = !is_text,
            '{' | '[' | '(' if !is_text => depth += 1,
            '}' | ']' | ')' if !is_text => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// A text's beginning, with its package and what it uses, and its declarations, each with the comments before it.
fn declarations(text: &str) -> (String, Vec<String>) {
    let (mut head, mut all, mut open, mut level) = (String::new(), Vec::new(), String::new(), 0);
    for line in text.split_inclusive('\n') {
        let is_head = level == 0 && (line.starts_with("package ") || line.starts_with("use "));
        if is_head {
            head.push_str(&std::mem::take(&mut open));
            head.push_str(line);
            continue;
        }
        open.push_str(line);
        level += depth(line);
        if level == 0 && !line.trim().is_empty() && !line.starts_with("//") {
            all.push(std::mem::take(&mut open));
        }
    }
    // Comments at the end stay there.
    head.push('\n');
    (head, all)
}

/// Other orders of so many things: turned around, rotated, and some by chance.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![(0..count).rev().collect::<Vec<_>>()];
    orders.extend((1..count.min(4)).map(|by| (0..count).map(|at| (at + by) % count).collect()));
    let mut state = 12345_u64;
    for _ in 0..3 {
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            order.swap(at, (state >> 33) as usize % (at + 1));
        }
        orders.push(order);
    }
    orders
}

/// The codes whose findings differ where the declarations of the text stand in another order, with an example.
fn depends(text: &str, codes: &[Code]) -> Vec<String> {
    let files = sections(text);
    let own: Vec<usize> = (0..files.len()).filter(|file| files[*file].0.ends_with(".slo")).collect();
    let of_codes = |text: &str| -> BTreeSet<Identity> {
        let all = identities(text).into_iter();
        all.filter(|(code, ..)| codes.is_empty() || codes.contains(code)).collect()
    };
    let expected = of_codes(text);
    let mut found = Vec::new();
    for file in own {
        let (head, all) = declarations(&files[file].1);
        for order in orders(all.len()) {
            let permuted: String =
                order.iter().map(|at| all[*at].clone()).fold(head.clone(), |text, one| text + &one);
            let texts = files.iter().enumerate().map(|(number, (path, text))| {
                format!("=== {path} ===\n{}", if number == file { &permuted } else { text })
            });
            let seen = of_codes(&texts.collect::<String>());
            if seen != expected {
                let differs: Vec<_> = seen.symmetric_difference(&expected).collect();
                found.push(format!("{differs:?}"));
            }
        }
    }
    found.truncate(1);
    found
}

const SEVERAL: [Code; 6] = [
    Code::NestedPrefix,
    Code::MetricsJoin,
    Code::MetricDiffers,
    Code::TextsAlike,
    Code::BlankOptional,
    Code::TypeConflict,
];

#[test]
fn a_finding_about_several_is_about_the_same_in_any_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut problems = Vec::new();
    for case in cases {
        let text = fs::read_to_string(case.join("fail.slo")).unwrap();
        problems
            .extend(depends(&text, &SEVERAL).into_iter().map(|what| format!("{}: {what}", case.display())));
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Three and more that can't be together, in each way that there is.
#[test]
fn of_three_that_differ_all_are_named() {
    let mut found = BTreeSet::new();
    for text in [
        // A path that is a value in two logs and a parent in two others.
        "package a\n\nattribute a.b: string\nattribute a.b.c: string\nattribute a.b.d: string\n\nscope S {}\n\nevent One in S {\n    b: a.b\n    log a.one: info\n}\n\nevent Two in S {\n    b: a.b\n    log a.two: info\n}\n\nevent Three in S {\n    c: a.b.c\n    log a.three: info\n}\n\nevent Four in S {\n    d: a.b.d\n    log a.four: info\n}\n",
        // Three names of one series.
        "package a\n\nscope S {}\n\nevent One in S {\n    metric a.b_c: counter\n}\n\nevent Two in S {\n    metric a.b.c: counter\n}\n\nevent Three in S {\n    metric a_b.c: counter\n}\n",
        // A gauge that is a series of a histogram, which is one of a counter's.
        "package a\n\nscope S {}\n\nevent One in S {\n    t: double, unit=\"s\"\n    metric a.t: histogram, value=t, unit=\"s\", buckets=[1.0]\n}\n\nevent Two in S {\n    n: int\n    metric a.t.seconds.count: gauge, value=n\n}\n\nevent Three in S {\n    n: int\n    metric a.t_seconds_count: gauge, value=n\n}\n\nevent Four in S {\n    n: int\n    metric a.t.seconds_sum: gauge, value=n\n}\n",
        // Three kinds, three units, and labels that some have.
        "package a\n\nscope S {}\n\nevent One in S {\n    metric a.m: counter, unit=\"{x}\"\n}\n\nevent Two in S {\n    metric a.m: counter, unit=\"{y}\"\n}\n\nevent Three in S {\n    metric a.m: updowncounter, unit=\"{z}\"\n}\n\nevent Four in S {\n    metric a.m: counter, unit=\"{z}\"\n}\n",
        "package a\n\nscope S {}\n\nevent One in S {\n    k: bool?\n    metric a.m: counter { k }\n}\n\nevent Two in S {\n    k: bool\n    l: bool\n    metric a.m: counter { k, l }\n}\n\nevent Three in S {\n    metric a.m: counter\n}\n",
        "package a\n\nscope S {}\n\nscope T {}\n\nscope U {}\n\nevent One in S {\n    metric a.m: counter\n}\n\nevent Two in T {\n    metric a.m: counter\n}\n\nevent Three in U {\n    metric a.m: counter\n}\n",
        // Texts of three logs, of which one begins as each of two others.
        "package a\n\nscope S {}\n\nevent One in S {\n    n: int\n    log _: warn, body=\"done {n}\" {}\n}\n\nevent Two in S {\n    m: int\n    log _: warn, body=\"done {m}\" {}\n}\n\nevent Three in S {\n    s: string, max=80\n    log _: warn, body=\"done {s}\" {}\n}\n",
        // A meaning that may be absent, on two metrics and two logs.
        "package a\n\nscope S {}\n\nmeaning M {\n    Good \"went well\" {\n        metric none\n        log none\n    }\n    Bad \"went wrong\" {\n        metric { a.bad = true }\n        log { a.bad = true }\n    }\n}\n\nattribute a.bad: bool\n\nevent One in S {\n    m: M?\n    metric a.x: counter { m }\n    metric a.y: counter { m }\n    log a.one: info { m }\n}\n\nevent Two in S {\n    m: M?\n    metric a.x: counter { m }\n    log a.two: info { m }\n}\n",
    ] {
        let codes: BTreeSet<Code> = identities(text).into_iter().map(|(code, ..)| code).collect();
        let codes: BTreeSet<Code> = codes.into_iter().filter(|code| SEVERAL.contains(code)).collect();
        assert!(!codes.is_empty(), "{:?}\n{text}", identities(text));
        found.extend(codes);
        let depends = depends(text, &SEVERAL);
        assert!(depends.is_empty(), "{depends:#?}\n{text}");
    }
    assert!(found.len() >= 4, "{found:?}");
}

/// Each way in which a metric differs has a finding with names of its own, none of which is accepted with another.
#[test]
fn each_difference_of_a_metric_is_a_finding_of_its_own() {
    let text = "package a\n\nattribute a.k: int, range=1..=3\nattribute a.l: bool\n\nscope S {}\n\nscope T {}\n\nevent One in S {\n    k: a.k\n    n: double\n    metric a.m: gauge, value=n, unit=\"s\" { k as t }\n}\n\nevent Two in T {\n    l: a.l\n    metric a.m: counter { l as t, l }\n}\n";
    let names: Vec<Vec<String>> = identities(text)
        .into_iter()
        .filter(|(code, ..)| *code == Code::MetricDiffers)
        .map(|(_, names, _)| names)
        .collect();
    let has = |expected: &[&str]| {
        names.iter().any(|names| expected.iter().all(|one| names.iter().any(|name| name == one)))
    };
    for expected in [
        &["a.m", "kind", "counter", "gauge"][..],
        &["a.m", "unit", "none", "s"],
        &["a.m", "type", "t", "int", "bool"],
        &["a.m", "label", "a.l"],
        &["a.m", "scope", "a.S", "a.T"],
    ] {
        assert!(has(expected), "{expected:?} {names:#?}");
    }
    for (number, one) in names.iter().enumerate() {
        for (other, more) in names.iter().enumerate() {
            assert!(number == other || !one.iter().all(|name| more.contains(name)), "{one:?} {more:?}");
        }
    }
}
