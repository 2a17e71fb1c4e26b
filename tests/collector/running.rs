//! The process of an OpenTelemetry Collector for as long as a value lives.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long the Collector has to start.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Running(Child);

impl Running {
    /// Starts a Collector by this configuration, which is written into the folder, and waits until it takes requests. The error
    /// is what the Collector said.
    pub(crate) fn start(program: &OsStr, configuration: &Value, folder: &Path) -> Result<Running, String> {
        // What is JSON is YAML.
        let path = folder.join("collector.yaml");
        std::fs::write(&path, configuration.to_string()).unwrap();
        let mut process = Command::new(program)
            .arg(format!("--config={}", path.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the Collector starts");
        let log = process.stderr.take().unwrap();
        let running = Running(process);
        let (sender, lines) = mpsc::channel();
        // The log is read to its end, so that the Collector never waits for a reader.
        std::thread::spawn(move || {
            BufReader::new(log).lines().map_while(Result::ok).for_each(|line| _ = sender.send(line));
        });
        let (end, mut said) = (Instant::now() + PATIENCE, String::new());
        loop {
            match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains("Everything is ready") => return Ok(running),
                Ok(line) => said = said + &line + "\n",
                Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => return Err(said),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}
