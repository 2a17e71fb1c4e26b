//! What checking a contract costs as it grows: in fields of an event, and in variants of a meaning.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::time::Instant;

use slo_compiler::{Input, InputFile, Root, compile};

const MANIFEST: &str = "name = \"cost\"\nversion = \"0.0.0\"\nslo = \"0.1\"\n";

/// How often each contract is compiled; the median is shown.
const RUNS: usize = 5;

/// An event with this many fields, on a metric, a log and a span.
fn fields(count: usize) -> String {
    let mut text = String::from("package cost\n\nscope Cost {}\n\nevent Work in Cost {\n");
    for number in 0..count {
        writeln!(text, "    f{number}: string").unwrap();
    }
    text.push_str(
        "    kind: enum { a, b }\n    metric cost.work: counter { kind }\n    log cost.work.done: info\n",
    );
    text.push_str("    span \"work {kind}\": internal\n}\n");
    text
}

/// A meaning with this many variants, each with a value of its own on every signal.
fn own_pairs(count: usize) -> String {
    let mut text = String::from("package cost\n\nmeaning Outcome {\n");
    for number in 0..count {
        writeln!(
            text,
            "    V{number} {{ metric {{ status = \"s{number}\" }}, log warn {{ reason = \"r{number}\" }}, span error {{ cause = \"c{number}\" }} }}"
        )
        .unwrap();
    }
    text + "}\n"
}

/// A meaning with this many variants, each with a random half of 40 keys on every signal.
fn half_of_the_keys(count: usize) -> String {
    const KEYS: usize = 40;
    let mut text = String::from("package cost\n\nmeaning Outcome {\n");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // Marsaglia's xorshift: the same contract in every run.
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for number in 0..count {
        let mut keys: Vec<usize> = (0..KEYS).collect();
        for at in 0..KEYS / 2 {
            let other = at + (random() % (KEYS - at) as u64) as usize;
            keys.swap(at, other);
        }
        keys.truncate(KEYS / 2);
        keys.sort_unstable();
        let pairs: Vec<String> = keys.iter().map(|key| format!("k{key} = \"x\"")).collect();
        writeln!(text, "    V{number} {{ all {{ {} }}, log info }}", pairs.join(", ")).unwrap();
    }
    text + "}\n"
}

fn seconds(text: &str) -> f64 {
    let root = || Root::new(InputFile::new("slo.toml", MANIFEST), vec![InputFile::new("cost.slo", text)]);
    let mut took: Vec<f64> = (0..RUNS)
        .map(|_| {
            let input = Input { roots: vec![root()], ..Input::default() };
            let start = Instant::now();
            let compilation = compile(&input);
            let took = start.elapsed().as_secs_f64();
            assert!(compilation.checked.is_some(), "{:#?}", compilation.diagnostics.first());
            took
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[RUNS / 2]
}

fn main() {
    type Kind = (&'static str, fn(usize) -> String);
    let kinds: [Kind; 3] = [
        ("fields of one event", fields),
        ("variants, each with a pair of its own", own_pairs),
        ("variants, each with a random half of 40 keys", half_of_the_keys),
    ];
    println!("| `slo check`, in milliseconds | 100 | 1,000 | 10,000 |");
    println!("|---|---|---|---|");
    for (title, make) in kinds {
        let row: Vec<String> = [100, 1_000, 10_000]
            .into_iter()
            .map(|count| format!("{:.1}", seconds(&make(count)) * 1_000.0))
            .collect();
        println!("| {title} | {} |", row.join(" | "));
    }
}
