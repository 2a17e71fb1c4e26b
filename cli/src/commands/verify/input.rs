//! Where telemetry comes from, and when a run ends.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slo_verify::input::file::Files;
use slo_verify::{Report, Run, Verifier};

use super::super::Failure;
use crate::arguments::Verify;

/// How a run ended.
pub(super) struct Ended {
    pub(super) report: Report,
    /// The code of the command of `--exec`.
    pub(super) code: Option<u8>,
}

/// Reads all that is asked for, and judges it.
pub(super) fn read(verify: &Verify, paths: &[PathBuf], verifier: Verifier<'_>) -> Result<Ended, Failure> {
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let mut run = Run::new(verifier, Box::new(move || over.load(Ordering::Relaxed)));
    Files::find(paths).read(&mut run);
    let _ = verify;
    Ok(Ended { report: run.finish(), code: None })
}
