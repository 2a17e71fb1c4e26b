//! Threads of the standard library that run under the current context.

use std::thread::JoinHandle;

/// [`std::thread::spawn`] under the current context.
///
/// For scoped threads and for `std::thread::Builder`, hand [`carry`](crate::tasks::carry) the closure.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    std::thread::spawn(crate::tasks::carry(work))
}
