//! Writes lines.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use opentelemetry_sdk::Resource;

use super::line::Lines;
use crate::delivery::answer::{Answer, Retry};
use crate::records::processors::LogItem;
use crate::records::worker::Sink;

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
    /// Whether all of the text was written, but nobody knows how far it came.
    is_held_back: bool,
}

impl JsonLines {
    pub(crate) fn new(writer: Box<dyn Write + Send>, resource: &Resource) -> JsonLines {
        let lines = Lines::new(resource);
        JsonLines { writer, lines, text: Vec::new(), ends: Vec::new(), is_cut: false, is_held_back: false }
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
        Ok(())
    }
}

impl Sink<LogItem> for JsonLines {
    fn prepare(&mut self, batch: Vec<LogItem>) {
        self.is_held_back = false;
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

    /// What can't be written is not written again: whoever reads would see it twice. A writer that can't say whether all
    /// came through is asked once more.
    fn send(&mut self, _: Duration) -> Answer {
        // A writer that panics may have cut a line.
        let was_cut = std::mem::replace(&mut self.is_cut, true);
        let is_again = std::mem::take(&mut self.is_held_back);
        if !is_again && let Err((written, error)) = self.write() {
            // A line is whole without its line feed: that comes before the next one.
            let whole = self.ends.partition_point(|end| *end <= written + 1);
            self.is_cut = if written == 0 { was_cut } else { !self.ends.contains(&written) };
            let why = error.to_string();
            if whole == 0 {
                return Answer::Refused { why, retry: Retry::Never };
            }
            // A writer with a buffer has taken more than it has passed on.
            if self.writer.flush().is_err() {
                self.is_cut = true;
                return Answer::Unanswered { why, retry: Retry::Never };
            }
            return Answer::Taken { rejected: (self.ends.len() - whole) as u64, why };
        }
        match self.writer.flush() {
            Ok(()) => {
                self.is_cut = false;
                Answer::Taken { rejected: 0, why: String::new() }
            }
            Err(error) if is_again => Answer::Refused { why: error.to_string(), retry: Retry::Never },
            Err(error) => {
                self.is_held_back = true;
                Answer::lost(error.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::LineWriter;
    use std::sync::{Arc, Mutex};

    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
    use opentelemetry_sdk::logs::{SdkLogRecord, SdkLoggerProvider};

    use super::*;

    /// A writer that takes so many bytes, and then fails: once, or for good.
    struct Failing(Arc<Mutex<Vec<u8>>>, usize, bool);

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let mut all = self.0.lock().map_err(|_| ErrorKind::Other)?;
            let room = self.1.min(bytes.len()).min(7);
            if room == 0 {
                if !self.2 {
                    self.1 = usize::MAX;
                }
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

    /// The length of a line.
    fn length() -> usize {
        let mut line = Vec::new();
        let record = &records(&["a"])[0];
        Lines::new(&Resource::builder_empty().build()).write(&record.0, &record.1, &mut line);
        line.len()
    }

    /// Sends three lines and then one. Says how many of them were confirmed, and how many may have come beside these.
    fn sent(writer: Box<dyn Write + Send>) -> (usize, usize) {
        let mut sink = JsonLines::new(writer, &Resource::builder_empty().build());
        let (mut confirmed, mut unconfirmed) = (0, 0);
        for batch in [&["a", "b", "c"][..], &["d"]] {
            sink.prepare(records(batch));
            match sink.send(Duration::ZERO) {
                Answer::Taken { rejected, .. } => confirmed += batch.len() - rejected as usize,
                Answer::Unanswered { .. } => unconfirmed += batch.len(),
                Answer::Refused { .. } => {}
            }
        }
        (confirmed, unconfirmed)
    }

    fn whole_lines(text: &[u8]) -> usize {
        let lines = String::from_utf8_lossy(text);
        lines.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count()
    }

    #[test]
    fn whole_lines_count_whatever_the_writer_takes() {
        for room in 0..=3 * length() {
            let written = Arc::default();
            let (confirmed, _) = sent(Box::new(Failing(Arc::clone(&written), room, false)));
            let text = written.lock().map(|text| text.clone()).unwrap_or_default();
            assert_eq!(whole_lines(&text), confirmed, "{room} bytes: {}", String::from_utf8_lossy(&text));
        }
    }

    /// As standard output has one, but smaller.
    #[test]
    fn what_a_writer_keeps_in_a_buffer_is_not_confirmed() {
        for room in 0..=4 * length() {
            let written = Arc::default();
            let failing = Failing(Arc::clone(&written), room, true);
            let buffered = LineWriter::with_capacity(length() * 3 / 2, failing);
            let (confirmed, unconfirmed) = sent(Box::new(buffered));
            let text = written.lock().map(|text| text.clone()).unwrap_or_default();
            let has = whole_lines(&text);
            let all = format!("{room} bytes: {confirmed} and {unconfirmed} of {has}");
            assert!(confirmed <= has && has <= confirmed + unconfirmed, "{all}");
        }
    }
}
