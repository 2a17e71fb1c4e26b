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
    InputFile::new(format!("yard{number:02}.slo"), text)
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
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let number = round * 7 % FILES;
        let edited = files[number].text.replacen(
            "key0: string, max=64",
            &format!("key0: string, max={}", 10 + round),
            1,
        );
        files[number] = InputFile::new(files[number].path.clone(), edited);
        let input = input(&files);
        let begun = Instant::now();
        black_box(session.compile(&input));
        warm.push(begun.elapsed());
        let begun = Instant::now();
        black_box(compile(&input));
        cold.push(begun.elapsed());
    }
    let (cold, warm) = (median(cold), median(warm));
    println!("| {FILES} files of {ATTRIBUTES} attributes, median of {ROUNDS} | time | ratio |");
    println!("|---|---|---|");
    println!("| a cold check | {:.1} ms | 1 |", cold.as_secs_f64() * 1e3);
    println!(
        "| after an edit of one line | {:.1} ms | {:.2} |",
        warm.as_secs_f64() * 1e3,
        warm.as_secs_f64() / cold.as_secs_f64()
    );
}
