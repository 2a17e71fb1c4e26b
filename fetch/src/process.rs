//! Runs a program that is bounded in time, in what it says and in what it writes.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// What a run may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    /// Bytes on standard output.
    pub(crate) output: usize,
    /// Bytes in the folder that it works in.
    pub(crate) disk: u64,
}

/// Why a run gave nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program is not there.
    NoProgram,
    /// The system says no.
    System(io::Error),
    TookTooLong,
    WroteTooMuch,
    /// It ended with a failure; what it said on standard error.
    Failed(String),
}

/// How much of standard error is kept.
const ERROR_BYTES: u64 = 64 * 1024;

/// How often a run is looked at, and how often the size of its folder.
const LOOK: Duration = Duration::from_millis(10);
const MEASURE: Duration = Duration::from_millis(500);

/// Runs a program in `folder` and gives its standard output.
pub(crate) fn run(
    command: &mut Command,
    input: Vec<u8>,
    folder: &Path,
    limits: Limits,
) -> Result<Vec<u8>, Failure> {
    // What waits for a person would wait for ever.
    let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
    command.current_dir(folder).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::NoProgram,
        _ => Failure::System(error),
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that is gone doesn't read it.
        thread::spawn(move || stdin.write_all(&input));
    }
    let output = reader(child.stdout.take(), limits.output as u64);
    let error = reader(child.stderr.take(), ERROR_BYTES);
    let start = Instant::now();
    let mut measured = start;
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if start.elapsed() > limits.time => break Err(Failure::TookTooLong),
            Ok(None) if measured.elapsed() > MEASURE => {
                measured = Instant::now();
                if size_of(folder, 0) > limits.disk {
                    break Err(Failure::WroteTooMuch);
                }
            }
            Ok(None) => thread::sleep(LOOK),
            Err(error) => break Err(Failure::System(error)),
        }
    };
    let status = ended.inspect_err(|_| {
        // It may be gone by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    })?;
    // A program that it started may hold the pipes open: nobody waits for that one longer than for the whole.
    let left = limits.time.saturating_sub(start.elapsed()).max(LOOK);
    if !status.success() {
        let said = error.recv_timeout(left).unwrap_or_default();
        return Err(Failure::Failed(String::from_utf8_lossy(&said).into_owned()));
    }
    let output = output.recv_timeout(left).map_err(|_| Failure::TookTooLong)?;
    if output.len() > limits.output || size_of(folder, 0) > limits.disk {
        Err(Failure::WroteTooMuch)
    } else {
        Ok(output)
    }
}

/// Reads a stream to its end, and keeps its beginning.
fn reader(stream: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.by_ref().take(most + 1).read_to_end(&mut bytes);
            let _ = io::copy(&mut stream, &mut io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// How many bytes the files below a folder have.
fn size_of(folder: &Path, depth: usize) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < 16 => size_of(&entry.path(), depth + 1),
            _ => entry.metadata().map_or(0, |metadata| metadata.len()),
        })
        .sum()
}
