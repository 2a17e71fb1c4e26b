//! What it costs to check a contract again after an edit: 50 files of 200 attributes, of which one changes a line.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use slo_compiler::{Input, InputFile, Root, Session, compile};

const FILES: usize = 50;
const ATTRIBUTES: usize = 200;
const ROUNDS: usize = 40;
const TYPES: [&str; 6] = [
    "string, max=64",
    "int, range=0..=1_000_000",
    "double",
    "bool",
    "enum { open, shut, unknown }",
    "string[]",
];

fn file(number: usize) -> InputFile {
    let attributes = (0..ATTRIBUTES).map(|attribute| {
        let kind = TYPES[attribute % TYPES.len()];
        format!("/// What the team measures as number {attribute}, and why anybody would ask.\nattribute yard{number}.key{attribute}: {kind}\n")
    });
    let text: String = std::iter::once(format!("package yard{number}\n\n")).chain(attributes).collect();
    InputFile::new(format!("yard{number:02}/measures.slo"), text)
}

fn input(files: &[InputFile]) -> Input<'static> {
    let manifest = "name = \"yard\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n";
    Input { roots: vec![Root::new(InputFile::new("slo.toml", manifest), files.to_vec())], data: None }
}

/// Half of the rounds took no longer.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let mut files: Vec<InputFile> = (0..FILES).map(file).collect();
    let mut session = Session::default();
    let _ = session.compile(&input(&files));
    let (mut cold, mut changed, mut added) = (Vec::new(), Vec::new(), Vec::new());
    let mut edit = |number: usize, edit: &dyn Fn(&str) -> String, warm: &mut Vec<Duration>| {
        files[number] = InputFile::new(files[number].path.clone(), edit(&files[number].text));
        let input = input(&files);
        let begun = Instant::now();
        let again = black_box(session.compile(&input));
        warm.push(begun.elapsed());
        assert!(again.checked.is_some(), "an edited contract is sound: {:?}", again.diagnostics.first());
        let begun = Instant::now();
        let _ = black_box(compile(&input));
        cold.push(begun.elapsed());
    };
    for round in 0..ROUNDS {
        let number = round * 7 % FILES;
        let other = format!("key0: string, max={}", 10 + round);
        edit(number, &|text| text.replacen("key0: string, max=64", &other, 1), &mut changed);
        let one_more = format!("attribute yard{number}.added{round}: string, max=64\n");
        edit(number, &|text| format!("{text}{one_more}"), &mut added);
    }
    let cold = median(cold);
    println!("| {FILES} files of {ATTRIBUTES} attributes, medians | time | ratio |");
    println!("|---|---|---|");
    for (what, time) in [
        ("a cold check", cold),
        ("after a changed line", median(changed)),
        ("after a line more", median(added)),
    ] {
        let ratio = time.as_secs_f64() / cold.as_secs_f64();
        println!("| {what} | {:.1} ms | {ratio:.2} |", time.as_secs_f64() * 1e3);
    }
}
