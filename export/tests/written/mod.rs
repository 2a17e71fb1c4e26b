//! A writer that a test reads, and that does what it is told.
#![allow(dead_code, clippy::panic, clippy::unwrap_used, reason = "each test uses a part of it")]

use std::io::{Error, ErrorKind, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the writer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Writes,
    Panics,
    /// Writes half of what it is given, and panics at the rest.
    CutsAndPanics,
    Fails,
    FailsToFlush,
    WritesNothing,
    /// Says that it wrote more than it was given.
    Lies,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) struct Written(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    does: Does,
    /// Whether a text was cut.
    is_cut: bool,
    text: Vec<u8>,
}

impl Written {
    pub(crate) fn new(does: Does) -> Written {
        Written(Arc::new(Mutex::new(State { does, is_cut: false, text: Vec::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self, does: Does) {
        self.state().does = does;
    }

    /// How many lines are whole.
    pub(crate) fn lines(&self) -> u64 {
        let text = self.state().text.clone();
        let lines = text.split(|byte| *byte == b'\n');
        lines.filter(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok()).count() as u64
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.state().text.clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut state = self.state();
        match state.does {
            Does::Writes | Does::FailsToFlush => {
                state.text.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            Does::CutsAndPanics if !state.is_cut => {
                state.is_cut = true;
                state.text.extend_from_slice(&bytes[..bytes.len() / 2]);
                Ok(bytes.len() / 2)
            }
            Does::Panics | Does::CutsAndPanics => panic!("the disk is on fire"),
            Does::Fails => Err(Error::new(ErrorKind::StorageFull, "the disk is full")),
            Does::WritesNothing => Ok(0),
            Does::Lies => Ok(bytes.len() + 1_000),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self.state().does {
            Does::FailsToFlush => Err(Error::new(ErrorKind::BrokenPipe, "nobody reads")),
            _ => Ok(()),
        }
    }
}
