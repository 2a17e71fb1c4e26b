//! Writes lines.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use opentelemetry_sdk::Resource;

use super::line::Lines;
use crate::exits::answer::{Answer, Retry};
use crate::exits::processors::LogItem;
use crate::exits::worker::Sink;

/// Writes lines to what the program gave.
pub(crate) struct JsonLines {
    writer: Box<dyn Write + Send>,
    lines: Lines,
    /// What is to be written.
    text: Vec<u8>,
    /// Where each line of it ends.
    ends: Vec<usize>,
    /// Whether the line before was cut short by an error.
    is_cut: bool,
}

impl JsonLines {
    pub(crate) fn new(writer: Box<dyn Write + Send>, resource: &Resource) -> JsonLines {
        let lines = Lines::new(resource);
        JsonLines { writer, lines, text: Vec::new(), ends: Vec::new(), is_cut: false }
    }

    /// Writes as much as can be, and says how many bytes that is.
    fn write(&mut self) -> Result<(), (usize, std::io::Error)> {
        let mut written = 0;
        while let Some(rest) = self.text.get(written..).filter(|rest| !rest.is_empty()) {
            match self.writer.write(rest) {
                Ok(0) => return Err((written, ErrorKind::WriteZero.into())),
                Ok(bytes) => written += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err((written, error)),
            }
        }
        self.writer.flush().map_err(|error| (written, error))
    }
}

impl Sink<LogItem> for JsonLines {
    fn prepare(&mut self, batch: Vec<LogItem>) {
        self.text.clear();
        self.ends.clear();
        if self.is_cut {
            // What was cut is no line; the next one is.
            self.text.push(b'\n');
        }
        for item in batch {
            self.lines.write(&item.0, &item.1, &mut self.text);
            self.ends.push(self.text.len());
        }
    }

    /// What can't be written is not written again: whoever reads would see it twice.
    fn send(&mut self, _: Duration) -> Answer {
        match self.write() {
            Ok(()) => {
                self.is_cut = false;
                Answer::Taken { rejected: 0, why: String::new() }
            }
            Err((written, error)) => {
                // A line is whole without its line feed: that comes before the next one.
                let whole = self.ends.partition_point(|end| *end <= written + 1);
                self.is_cut = if written == 0 { self.is_cut } else { !self.ends.contains(&written) };
                let why = error.to_string();
                if whole == 0 {
                    return Answer::Refused { why, retry: Retry::Never };
                }
                Answer::Taken { rejected: (self.ends.len() - whole) as u64, why }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
    use opentelemetry_sdk::logs::{SdkLogRecord, SdkLoggerProvider};

    use super::*;

    /// A writer that takes so many bytes, and then fails once.
    struct Failing(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let mut all = self.0.lock().map_err(|_| ErrorKind::Other)?;
            let room = self.1.min(bytes.len()).min(7);
            if room == 0 {
                self.1 = usize::MAX;
                return Err(ErrorKind::BrokenPipe.into());
            }
            all.extend_from_slice(&bytes[..room]);
            self.1 -= room;
            Ok(room)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn records(bodies: &[&str]) -> Vec<LogItem> {
        let logger = SdkLoggerProvider::builder().build().logger("pay");
        let record = |body: &&str| {
            let mut record: SdkLogRecord = logger.create_log_record();
            record.set_body((*body).to_owned().into());
            Arc::new((record, InstrumentationScope::builder("pay").build()))
        };
        bodies.iter().map(record).collect()
    }

    #[test]
    fn whole_lines_count_whatever_the_writer_takes() {
        let mut lengths = Vec::new();
        Lines::new(&Resource::builder_empty().build()).write(
            &records(&["a"])[0].0,
            &records(&["a"])[0].1,
            &mut lengths,
        );
        let length = lengths.len();
        for room in 0..=3 * length {
            let written = Arc::default();
            let writer = Box::new(Failing(Arc::clone(&written), room));
            let mut sink = JsonLines::new(writer, &Resource::builder_empty().build());
            let mut confirmed = 0;
            for batch in [&["a", "b", "c"][..], &["d"]] {
                sink.prepare(records(batch));
                confirmed += match sink.send(Duration::ZERO) {
                    Answer::Taken { rejected, .. } => batch.len() - rejected as usize,
                    _ => 0,
                };
            }
            let text = written.lock().map(|text| text.clone()).unwrap_or_default();
            let lines = String::from_utf8_lossy(&text);
            let whole = lines.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
            assert_eq!(whole.count(), confirmed, "{room} bytes: {lines}");
        }
    }
}
