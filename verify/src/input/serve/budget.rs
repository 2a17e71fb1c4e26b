//! How much may be in memory at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that may be held.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    left: Arc<AtomicUsize>,
    whole: usize,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Budget {
        Budget { left: Arc::new(AtomicUsize::new(bytes)), whole: bytes }
    }

    /// All that may be held at once.
    pub(super) const fn whole(&self) -> usize {
        self.whole
    }

    /// Holds nothing as yet.
    pub(super) fn hold(&self) -> Hold {
        Hold { left: Arc::clone(&self.left), held: 0 }
    }
}

/// Bytes that are held until it is dropped.
#[derive(Debug)]
pub(super) struct Hold {
    left: Arc<AtomicUsize>,
    held: usize,
}

impl Hold {
    /// Holds so many in all, if there is room.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.held);
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(more))
            .is_ok();
        if taken {
            self.held += more;
        }
        taken
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.left.fetch_add(self.held, Ordering::Relaxed);
    }
}
