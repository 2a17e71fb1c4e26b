//! How far reading of files is, for a person who watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use slo_verify::input::file::Progress;

/// After how long the line is shown, and how often it is drawn anew.
const STEP: Duration = Duration::from_millis(250);

/// A line on the standard error until it is dropped; none where that is no terminal.
pub(super) struct Line {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    pub(super) fn start(progress: Arc<Progress>) -> Line {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let draw = move || {
            thread::park_timeout(STEP);
            if over.load(Ordering::Relaxed) {
                return;
            }
            let bar = ProgressBar::new(progress.expected());
            // The template is a constant; where it weren't one, the bar would have its usual form.
            let template = "slo: reading {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            while !over.load(Ordering::Relaxed) {
                bar.set_position(progress.read());
                thread::park_timeout(STEP);
            }
            bar.finish_and_clear();
        };
        // Nobody is told how far it is where there is no thread for it.
        let thread = thread::Builder::new().name("slo-progress".to_owned()).spawn(draw).ok();
        Line { is_over, thread }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
