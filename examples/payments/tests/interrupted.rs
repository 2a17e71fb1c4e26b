//! Ctrl-C at a run: the first ends the requests, the second the program.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program, sending requests for two minutes; it draws there.
fn run(svg: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payments"));
    command.args(["--seconds", "120", "--rate", "20", "--svg"]).arg(svg);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

/// Reads the standard error until a line has these words.
fn until(errors: &mut impl BufRead, words: &str) {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert!(errors.read_line(&mut line).unwrap() > 0, "nothing says `{words}`");
    }
}

#[test]
fn the_first_ends_the_requests_and_what_happened_is_judged() {
    let svg = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interrupted.svg");
    let mut child = run(&svg);
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    until(&mut errors, "running the service");
    // So that something happens.
    std::thread::sleep(Duration::from_secs(2));
    interrupt(&child);
    until(&mut errors, "no more requests are sent");
    let mut shown = String::new();
    child.stdout.take().unwrap().read_to_string(&mut shown).unwrap();
    assert!(child.wait().unwrap().success(), "{shown}");
    assert!(shown.contains(" of 2400 requests, "), "{shown}");
    assert!(!shown.contains("contract"), "another run began: {shown}");
    assert!(std::fs::read_to_string(svg).unwrap().ends_with("</svg>\n"));
}

#[test]
fn the_second_ends_the_program_and_leaves_the_picture_that_was_there() {
    let svg = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interrupted_twice.svg");
    std::fs::write(&svg, "an earlier one").unwrap();
    let mut child = run(&svg);
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    until(&mut errors, "running the service");
    std::thread::sleep(Duration::from_secs(2));
    interrupt(&child);
    until(&mut errors, "no more requests are sent");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_to_string(svg).unwrap(), "an earlier one");
}
