//! What rustc takes for one crate.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a measurement")]

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// Where this program, in rustc's place, writes down what rustc took.
const NOTE: &str = "SLO_RUSTC_COST_NOTE";

/// What rustc took for one crate, in seconds.
#[derive(Clone, Copy, Default)]
pub struct Cost {
    /// Time by the clock.
    pub wall: f64,
    /// Processor time.
    pub cpu: f64,
}

/// What a program that measures rustc begins with: in rustc's place, it runs rustc and notes what that took.
pub fn in_rustcs_place() -> Option<ExitCode> {
    std::env::var(NOTE).ok().map(|note| wrapper(&note))
}

/// Runs Cargo on a crate, with this program in rustc's place, which notes what rustc took.
///
/// # Panics
/// Cargo can't be run, or fails.
pub fn cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Cost {
    let note = target.with_extension("note");
    let _ = fs::remove_file(&note);
    let output = Command::new("cargo")
        .args(arguments)
        .args(["--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe().unwrap())
        .env(NOTE, &note)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let notes = fs::read_to_string(&note).unwrap_or_default();
    let mut cost = Cost::default();
    for line in notes.lines() {
        let (wall, cpu) = line.split_once(' ').unwrap();
        cost.wall += wall.parse::<f64>().unwrap();
        cost.cpu += cpu.parse::<f64>().unwrap();
    }
    cost
}

fn wrapper(note: &str) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let is_root = |text: &str| text.ends_with("src/lib.rs") || text.ends_with("src/main.rs");
    let measured = arguments.iter().any(|argument| is_root(&argument.to_string_lossy()));
    let start = Instant::now();
    let status = Command::new(&arguments[0]).args(&arguments[1..]).status().unwrap();
    let wall = start.elapsed().as_secs_f64();
    if measured {
        fs::write(note, format!("{wall} {}\n", children_cpu())).unwrap();
    }
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}

/// The processor time of the finished children of this process, in seconds (proc(5): `cutime` and `cstime`, in
/// hundredths); 0 where there is no such file.
#[must_use]
pub fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(13) + ticks(14)) / 100.0
}

/// The one in the middle.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
