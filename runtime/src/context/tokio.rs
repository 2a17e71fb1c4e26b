//! Tasks of tokio that run under the current context.
//!
//! For whatever is not here, as `LocalSet` and `JoinSet::spawn_on`, hand [`carry_future`](crate::tasks::carry_future) the future,
//! or [`carry`](crate::tasks::carry) the closure.

use tokio::task::{AbortHandle, JoinHandle, JoinSet};

use crate::tasks::{carry, carry_future};

/// [`tokio::spawn`] under the current context.
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    ::tokio::spawn(carry_future(work))
}

/// [`tokio::task::spawn_blocking`] under the current context.
///
/// # Panics
/// Outside of a tokio runtime.
#[track_caller]
pub fn spawn_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    ::tokio::task::spawn_blocking(carry(work))
}

/// Sets of tasks that run under the context that is current when they are spawned.
pub trait JoinSetExt<T> {
    /// [`JoinSet::spawn`] under the current context.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[track_caller]
    fn spawn_carried(&mut self, work: impl Future<Output = T> + Send + 'static) -> AbortHandle;

    /// [`JoinSet::spawn_blocking`] under the current context.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[track_caller]
    fn spawn_blocking_carried(&mut self, work: impl FnOnce() -> T + Send + 'static) -> AbortHandle;
}

impl<T: Send + 'static> JoinSetExt<T> for JoinSet<T> {
    #[track_caller]
    fn spawn_carried(&mut self, work: impl Future<Output = T> + Send + 'static) -> AbortHandle {
        self.spawn(carry_future(work))
    }

    #[track_caller]
    fn spawn_blocking_carried(&mut self, work: impl FnOnce() -> T + Send + 'static) -> AbortHandle {
        self.spawn_blocking(carry(work))
    }
}
