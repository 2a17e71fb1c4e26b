//! The thread that connections live on.

use std::future::Future;
use std::io;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use opentelemetry::Context;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

use crate::otlp::proxy::Proxy;

/// A thread with a runtime of its own, on which all gRPC connections of the process live. It ends with the last of them.
///
/// Waiting for it blocks no runtime of the program's, which may have one thread alone and need that thread for the program
/// to go on.
#[derive(Debug)]
pub(super) struct Thread {
    handle: Handle,
    /// The thread ends when this does.
    _running: oneshot::Sender<()>,
}

static SHARED: Mutex<Weak<Thread>> = Mutex::new(Weak::new());

impl Thread {
    /// The thread, which is started where it does not run.
    pub(super) fn shared() -> io::Result<Arc<Thread>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = shared.upgrade() {
            return Ok(thread);
        }
        let thread = Arc::new(Thread::start()?);
        *shared = Arc::downgrade(&thread);
        Ok(thread)
    }

    fn start() -> io::Result<Thread> {
        let (running, ended) = oneshot::channel::<()>();
        let (started_to, started) = sync_channel(1);
        // The runtime is made on its own thread, and dropped there: dropped among futures, it would panic.
        std::thread::Builder::new().name("slo-grpc".to_owned()).spawn(move || {
            let runtime = match runtime() {
                Ok(runtime) => runtime,
                Err(error) => return started_to.send(Err(error)).unwrap_or_default(),
            };
            // What connections say of themselves is no business of the program's telemetry: sending it would say more.
            let _suppressed = Context::enter_telemetry_suppressed_scope();
            if started_to.send(Ok(runtime.handle().clone())).is_ok() {
                let _ = runtime.block_on(ended);
            }
            // A look-up of a name that does not come back would hold it.
            runtime.shutdown_background();
        })?;
        let handle = started.recv().map_err(|_| io::Error::other("it ended at once"))??;
        Ok(Thread { handle, _running: running })
    }

    /// A connection to the endpoint, which is made when it is needed.
    pub(super) fn connect(&self, endpoint: &Endpoint, proxy: Option<&Proxy>) -> Channel {
        let _entered = self.handle.enter();
        match proxy {
            Some(proxy) => endpoint.connect_with_connector_lazy(proxy.tunnel()),
            None => endpoint.connect_lazy(),
        }
    }

    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.handle.spawn(future)
    }
}

fn runtime() -> io::Result<Runtime> {
    // Names are looked up on threads beside it: one for each signal, and one that hangs.
    Builder::new_current_thread().enable_all().max_blocking_threads(4).thread_name("slo-grpc-names").build()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn it_ends_with_the_last_that_needs_it() {
        let thread = Thread::start().unwrap();
        let (to, was) = sync_channel::<()>(1);
        // Whatever a task holds is dropped when the thread ends.
        thread.spawn(async move {
            let _ended = to;
            std::future::pending::<()>().await;
        });
        drop(thread);
        assert!(was.recv().is_err());
    }

    #[test]
    fn nothing_on_it_is_telemetry() {
        let thread = Thread::shared().unwrap();
        let (to, said) = sync_channel(1);
        thread.spawn(async move { to.send(Context::is_current_telemetry_suppressed()).unwrap() });
        assert!(said.recv().unwrap());
        assert!(!Context::is_current_telemetry_suppressed());
    }
}
