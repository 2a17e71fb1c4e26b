//! Waiting for a future on a thread that has nothing else to do.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// Wakes a thread that is parked.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What the future comes to; none where it takes longer than this. It is dropped then, and goes no further.
pub(super) fn block_on<T>(future: impl Future<Output = T>, within: Duration) -> Option<T> {
    let until = Instant::now() + within;
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        std::thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_is_waited_for_until_another_thread_wakes_it() {
        let (sender, receiver) = futures_channel::oneshot::channel();
        let other = std::thread::spawn(move || sender.send(7));
        assert_eq!(block_on(receiver, Duration::from_secs(3600)), Some(Ok(7)));
        assert_eq!(other.join().ok(), Some(Ok(())));
    }

    #[test]
    fn a_future_that_never_comes_is_given_up() {
        assert_eq!(block_on(std::future::pending::<()>(), Duration::from_millis(1)), None);
    }
}
