//! The service's process.

use std::error::Error;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::arguments::Instrumentation;
use crate::intervals;

/// How long the service may take to listen.
const START: Duration = Duration::from_secs(30);

/// How long it may take to end: its own shutdown has less.
const END: Duration = Duration::from_secs(30);

/// The most that is kept of what it says on its standard error, in bytes.
const MOST_SAID: u64 = 64 * 1024;

/// A service that runs. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    said: JoinHandle<String>,
    url: String,
}

/// Where the service finds what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'s> {
    pub(crate) bank: &'s str,
    pub(crate) otlp: &'s str,
    pub(crate) prometheus: Option<std::net::SocketAddr>,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub(crate) async fn start(
        program: &Path,
        instrumentation: Instrumentation,
        around: Surroundings<'_>,
    ) -> Result<Process, Box<dyn Error>> {
        let mut command = Command::new(program);
        command.args(["serve", instrumentation.option(), "--bank", around.bank, "--otlp", around.otlp]);
        if let Some(address) = around.prometheus {
            command.arg("--prometheus").arg(address.to_string());
        }
        // What this shell has of OpenTelemetry's variables would decide what comes out.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OTEL_") {
                command.env_remove(name);
            }
        }
        for (name, value) in intervals::VARIABLES {
            command.env(name, value.as_millis().to_string());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("the service has no output")?;
        let errors = child.stderr.take().ok_or("the service has no standard error")?;
        let said = tokio::spawn(async move {
            let mut bytes = Vec::new();
            let mut errors = errors.take(MOST_SAID);
            _ = errors.read_to_end(&mut bytes).await;
            // The rest is read all the same: who writes into a pipe that nobody reads waits.
            _ = tokio::io::copy(&mut errors.into_inner(), &mut tokio::io::sink()).await;
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let mut url = String::new();
        // An address has less.
        let mut output = BufReader::new(output).take(1_024);
        timeout(START, output.read_line(&mut url))
            .await
            .map_err(|_| "the service does not listen in time")??;
        let url = url.trim_end().to_owned();
        if url.is_empty() {
            let said = timeout(END, said).await.ok().and_then(Result::ok).unwrap_or_default();
            return Err(format!("the service ended before it listened: {}", words(&said)).into());
        }
        Ok(Process { child, input, said, url })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Tells it to end, waits until it has, and gives what it said on its standard error.
    pub(crate) async fn end(mut self) -> Result<String, Box<dyn Error>> {
        self.input = None;
        let status: ExitStatus =
            timeout(END, self.child.wait()).await.map_err(|_| "the service does not end in time")??;
        let said = timeout(END, self.said).await.ok().and_then(Result::ok).unwrap_or_default();
        if status.success() {
            Ok(said)
        } else {
            Err(format!("the service failed, {status}: {}", words(&said)).into())
        }
    }
}

/// What the service said, without its name: it is this program's.
fn words(said: &str) -> &str {
    let said = said.trim();
    said.strip_prefix("payments: ").unwrap_or(said)
}
