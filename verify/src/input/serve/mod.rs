//! OTLP over the network: gRPC and HTTP at one port.
//!
//! Source: opentelemetry-proto, `docs/specification.md`.

mod body;
mod budget;
mod connections;
mod control;
mod grpc;
mod http;
mod refused;
mod take;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::forward::Forwarder;
use super::limits::{BODY_TIME, FORWARD_TIME, HEAD_TIME, MOST_BYTES, MOST_CONNECTIONS};
use super::queue::Sender;
use super::refusal::{Problem, Source};
use budget::Budget;
pub use control::{Ask, Question};

/// How a server listens.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where. The port 0 takes one that is free.
    pub address: SocketAddr,
    /// Where what was received is sent on to, over HTTP: a URL that `OTEL_EXPORTER_OTLP_ENDPOINT` could have.
    pub forward: Option<String>,
    /// Whether questions are answered: the verdict so far, and the end.
    pub answers: bool,
    /// See [`HEAD_TIME`].
    pub head_time: Duration,
    /// See [`BODY_TIME`].
    pub body_time: Duration,
    /// See [`FORWARD_TIME`].
    pub forward_time: Duration,
    /// See [`MOST_CONNECTIONS`].
    pub connections: usize,
    /// See [`MOST_BYTES`].
    pub bytes: usize,
}

impl Settings {
    /// At an address, with the limits that hold for everybody.
    #[must_use]
    pub const fn at(address: SocketAddr) -> Settings {
        Settings {
            address,
            forward: None,
            answers: false,
            head_time: HEAD_TIME,
            body_time: BODY_TIME,
            forward_time: FORWARD_TIME,
            connections: MOST_CONNECTIONS,
            bytes: MOST_BYTES,
        }
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    /// Whoever waits for it sees that it is gone.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Begins to listen.
    ///
    /// # Errors
    /// Where the address can't be taken, or a thread can't be started.
    pub fn start(settings: &Settings, queue: Sender) -> io::Result<Server> {
        let listener = TcpListener::bind(settings.address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let forwarder = match &settings.forward {
            Some(url) => Some(Forwarder::start(url, settings.forward_time, queue.clone())?),
            None => None,
        };
        let shared = Arc::new(Shared {
            source: Source::Otlp(address.to_string().into()),
            queue,
            forwarder,
            budget: Budget::new(settings.bytes),
            open: AtomicUsize::new(0),
            answers: settings.answers,
            head_time: settings.head_time,
            body_time: settings.body_time,
        });
        let (stop, stopped) = oneshot::channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("slo-verify-otlp")
            .enable_all()
            .build()?;
        let most = settings.connections;
        let run = move || runtime.block_on(connections::serve(listener, shared, most, stopped));
        let thread = thread::Builder::new().name("slo-verify-otlp".to_owned()).spawn(run)?;
        Ok(Server { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    /// Ends when requests that are under way have their answers, and what was taken is sent on.
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// What all connections have in common.
struct Shared {
    source: Source,
    queue: Sender,
    forwarder: Option<Forwarder>,
    budget: Budget,
    /// How many requests are under way.
    open: AtomicUsize,
    answers: bool,
    head_time: Duration,
    body_time: Duration,
}

impl Shared {
    /// Counts what could not be read.
    fn refuse(&self, problem: Problem) {
        self.queue.refuse(Problem::at(&self.source, None, None)(problem));
    }
}
