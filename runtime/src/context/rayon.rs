//! Jobs of rayon that run under the current context.
//!
//! A thread of the pool that waits does jobs of others meanwhile. What is carried brings its own context along; and
//! while [`join`] and [`scope`] wait, none is current, so that not even a job that was not carried sees the identifiers
//! of the one that waits.
//!
//! For a parallel iterator, hand [`carry_each`](crate::tasks::carry_each) the closure; for `ThreadPool::install` and the like,
//! [`carry`](crate::tasks::carry).

use opentelemetry::Context;

use crate::tasks::carry;

/// [`rayon::spawn`] under the current context.
pub fn spawn(work: impl FnOnce() + Send + 'static) {
    ::rayon::spawn(carry(work));
}

/// [`rayon::join`] with both closures under the current context.
pub fn join<A: Send, B: Send>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B + Send) -> (A, B) {
    let (first, second) = (carry(first), carry(second));
    let _waits = Context::new().attach();
    ::rayon::join(first, second)
}

/// [`rayon::scope`] under the current context, and whatever is spawned into it under the context that is current
/// then.
pub fn scope<'scope, T: Send>(work: impl FnOnce(&Scope<'_, 'scope>) -> T + Send) -> T {
    let context = Context::current();
    let _waits = Context::new().attach();
    ::rayon::scope(|scope| {
        let _attached = context.attach();
        work(&Scope(scope))
    })
}

/// Where jobs are spawned into, see [`scope`].
#[derive(Debug)]
pub struct Scope<'a, 'scope>(&'a ::rayon::Scope<'scope>);

impl<'scope> Scope<'_, 'scope> {
    /// [`rayon::Scope::spawn`] under the current context.
    pub fn spawn(&self, work: impl FnOnce(&Scope<'_, 'scope>) + Send + 'scope) {
        let context = Context::current();
        self.0.spawn(move |scope| {
            let _attached = context.attach();
            work(&Scope(scope));
        });
    }
}
