//! Closures and futures that run under the context of the code that made them.

use std::pin::Pin;
use std::task::{Context as Task, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

/// A closure that runs under the current context, wherever and whenever it is called: for whatever takes a closure to
/// run elsewhere.
///
/// ```
/// std::thread::scope(|scope| {
///     scope.spawn(slo::tasks::carry(|| "events in here belong to the span that runs out there"));
/// });
/// ```
#[must_use = "nothing runs before it is called"]
pub fn carry<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let context = Context::current();
    move || {
        let _attached = context.attach();
        work()
    }
}

/// The same for a closure that is called for each of many things, as parallel iterators do:
/// `orders.par_iter().map(slo::tasks::carry_each(|order| charge(order)))`.
#[must_use = "nothing runs before it is called"]
pub fn carry_each<A, T>(work: impl Fn(A) -> T) -> impl Fn(A) -> T {
    let context = Context::current();
    move |argument| {
        let _attached = context.clone().attach();
        work(argument)
    }
}

/// A future that runs under the current context, whatever polls it.
///
/// An `async` block runs when it is polled, but belongs to the code that wrote it: what is current now counts, not
/// what is when it is spawned.
#[must_use = "nothing runs before it is polled"]
pub fn carry_future<F: Future>(work: F) -> Carried<F> {
    Carried { work: Some(work), context: Context::current() }
}

pin_project! {
    /// A future that runs under the context of the code that made it, see [`carry_future`].
    ///
    /// Where it is cancelled, what it holds goes under that context, too: an event that is recorded by a destructor belongs to
    /// where it was going to be recorded.
    #[derive(Debug)]
    #[must_use = "nothing runs before it is polled"]
    pub struct Carried<F> {
        // None from the moment on when it goes.
        #[pin]
        work: Option<F>,
        context: Context,
    }

    impl<F> PinnedDrop for Carried<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _attached = this.context.clone().attach();
            this.work.set(None);
        }
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _attached = this.context.clone().attach();
        match this.work.as_pin_mut() {
            Some(work) => work.poll(task),
            None => Poll::Pending,
        }
    }
}
