//! The command of `--exec`.

use std::env;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use super::Failure;
use crate::output;

/// What SDKs are told, each unless it is set: to send everything, soon, and to nobody else (OpenTelemetry, "Environment Variable
/// Specification"). Delays and intervals are in milliseconds.
const VARIABLES: [(&str, &str); 10] = [
    ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
    ("OTEL_TRACES_EXPORTER", "otlp"),
    ("OTEL_METRICS_EXPORTER", "otlp"),
    ("OTEL_LOGS_EXPORTER", "otlp"),
    ("OTEL_TRACES_SAMPLER", "always_on"),
    ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
    // A test makes in a second what the default queues of 2,048 don't hold.
    ("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
    ("OTEL_BLRP_MAX_QUEUE_SIZE", "65536"),
    ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
];

/// Where SDKs send to.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// How long before its end a command's last request came, where nothing was sent at the end. SDKs that are shut down send what
/// they have when they are.
const LATE: Duration = Duration::from_secs(2);

/// A command that runs.
pub(super) struct Execution {
    child: Child,
    status: Option<ExitStatus>,
    /// How many requests came, and when the last did.
    received: u64,
    last: Option<Instant>,
    ended: Option<Instant>,
}

impl Execution {
    pub(super) fn start(command: &[OsString], address: SocketAddr) -> Result<Execution, Failure> {
        let Some((program, arguments)) = command.split_first() else {
            return Err("say the command behind `--`: `--exec -- make test`".into());
        };
        let mut command = Command::new(program);
        command.args(arguments);
        let endpoint = format!("http://{address}");
        let all = VARIABLES.iter().copied().chain([(ENDPOINT, endpoint.as_str())]);
        for (name, value) in all.filter(|(name, _)| env::var_os(name).is_none()) {
            command.env(name, value);
        }
        if let Some(set) = env::var_os(ENDPOINT) {
            output::aside(&format!(
                "slo: `{ENDPOINT}` is set to `{}`, and telemetry goes there: slo listens at {endpoint}\n",
                set.to_string_lossy()
            ));
        }
        let child = command
            .spawn()
            .map_err(|error| format!("`{}` can't be started: {error}", program.to_string_lossy()))?;
        Ok(Execution { child, status: None, received: 0, last: None, ended: None })
    }

    /// Notes that so many requests came.
    pub(super) fn took(&mut self, received: u64) {
        if received != self.received {
            (self.received, self.last) = (received, Some(Instant::now()));
        }
    }

    pub(super) fn has_ended(&mut self) -> Result<bool, Failure> {
        if self.status.is_none() {
            self.status = self.child.try_wait()?;
            self.ended = self.status.map(|_| Instant::now());
        }
        Ok(self.status.is_some())
    }

    /// The code with which the command ended; one that still runs is ended.
    pub(super) fn end(mut self, received: u64) -> u8 {
        self.took(received);
        let status = match self.status {
            Some(status) => status,
            None => {
                // The run ended before it did, by Ctrl-C or by its time.
                let _ = self.child.kill();
                match self.child.wait() {
                    Ok(status) => status,
                    Err(_) => return 1,
                }
            }
        };
        match (self.last, self.ended) {
            (None, _) => output::aside(
                "slo: the command sent nothing: is its SDK set up, and does it read OpenTelemetry's variables?\n",
            ),
            (Some(last), Some(ended)) if ended.saturating_duration_since(last) > LATE => {
                output::aside(&format!(
                    "slo: the command ended {:.1} s after its last request: if it shut no SDK down, what that still had is lost\n",
                    ended.saturating_duration_since(last).as_secs_f64()
                ))
            }
            _ => {}
        }
        code(status)
    }
}

/// The code of a shell: 128 and the signal's number where a signal ended it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}
