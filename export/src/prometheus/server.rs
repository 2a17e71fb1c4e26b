//! The listener: HTTP/1 on a thread and a runtime of its own.
//!
//! Whoever connects may be anybody: connections, their headers and their time are bounded, and nothing of a request is
//! read but its head.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use opentelemetry::Context;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::scrapes::Held;
use super::scrapes::Scrapes;

/// What the listener bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// So many connections at once.
    pub(super) connections: usize,
    /// A request's head comes within this time.
    pub(super) head: Duration,
    /// A connection lives so long. A server connects anew.
    pub(super) life: Duration,
}

const BOUNDS: Bounds =
    Bounds { connections: 16, head: Duration::from_secs(10), life: Duration::from_secs(60) };

/// The most bytes of a request's head, and the most headers of it.
const HEAD: usize = 16 * 1024;
const HEADERS: usize = 64;

/// A listener that answers scrapes until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens at this host and port, from when this returns on.
    pub(crate) fn start(listener: TcpListener, scrapes: Arc<Scrapes>) -> io::Result<Server> {
        Server::within(BOUNDS, listener, scrapes)
    }

    pub(super) fn within(bounds: Bounds, listener: TcpListener, scrapes: Arc<Scrapes>) -> io::Result<Server> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        // One thread makes texts at a time; another waits for its turn.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(2).build()?;
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new().name("slo-prometheus".to_owned()).spawn(move || {
            let _suppressed = Context::enter_telemetry_suppressed_scope();
            runtime.block_on(serve(bounds, listener, scrapes, stopped));
            // A callback of the program that does not come back is left behind.
            runtime.shutdown_background();
        })?;
        Ok(Server { address, stop, thread: Some(thread) })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Listens no more, and lets those finish who are being answered, until that moment. Says whether they have.
    pub(crate) fn stop(&mut self, until: Instant) -> bool {
        self.stop.send_replace(true);
        let Some(thread) = self.thread.take() else { return true };
        while !thread.is_finished() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
        if thread.is_finished() {
            // What it did is over, whatever it says.
            _ = thread.join();
            return true;
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop(Instant::now());
    }
}

/// How long those that are being answered may finish at the end.
const GRACE: Duration = Duration::from_secs(1);

async fn serve(
    bounds: Bounds,
    listener: TcpListener,
    scrapes: Arc<Scrapes>,
    mut stopped: watch::Receiver<bool>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let room = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        match accepted {
            Ok((stream, _)) => match Arc::clone(&room).try_acquire_owned() {
                Ok(permit) => {
                    let (scrapes, stopped) = (Arc::clone(&scrapes), stopped.clone());
                    tokio::spawn(connection(bounds, stream, scrapes, stopped, permit));
                }
                // There is no room: a server comes back at its next interval.
                Err(_) => drop(stream),
            },
            // Such as too many open files: it may pass.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
    _ = tokio::time::timeout(GRACE, room.acquire_many(all)).await;
}

/// What the last answer of a connection holds, until it is known that it was written.
type Last = Arc<Mutex<Option<Held>>>;

async fn connection(
    bounds: Bounds,
    stream: TcpStream,
    scrapes: Arc<Scrapes>,
    mut stopped: watch::Receiver<bool>,
    permit: OwnedSemaphorePermit,
) {
    let last = Last::default();
    let permit = Arc::new(permit);
    let service = service_fn(|request: Request<Incoming>| {
        let (scrapes, last, permit) = (Arc::clone(&scrapes), Arc::clone(&last), Arc::clone(&permit));
        async move { Ok::<_, Infallible>(answer(&request, scrapes, &last, permit).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_headers(HEADERS)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let whole = async {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = tokio::time::sleep(bounds.life) => {}
        }
        connection.as_mut().graceful_shutdown();
        connection.await
    };
    // Who does not read has half as long again.
    let ended = tokio::time::timeout(bounds.life.mul_f64(1.5), whole).await;
    let written = match ended {
        Ok(Ok(())) => true,
        // It waited for another request: everything before was written.
        Ok(Err(error)) => error.is_timeout(),
        Err(_) => false,
    };
    if written {
        confirm(&scrapes, &last);
    }
}

/// What was answered last was written to its end.
fn confirm(scrapes: &Scrapes, last: &Last) {
    if let Some(held) = last.lock().unwrap_or_else(PoisonError::into_inner).take() {
        scrapes.confirm(held);
    }
}

async fn answer(
    request: &Request<Incoming>,
    scrapes: Arc<Scrapes>,
    last: &Last,
    permit: Arc<OwnedSemaphorePermit>,
) -> Response<Full<Bytes>> {
    // A server that asks again has read what it was answered before.
    confirm(&scrapes, last);
    if request.uri().path() != "/metrics" {
        return plain(StatusCode::NOT_FOUND, "metrics are at /metrics\n");
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "metrics are asked for by GET\n");
        refused.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let is_head = request.method() == Method::HEAD;
    // Several headers of a name are one list (RFC 9110, section 5.3).
    let accept: Vec<&str> =
        request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = (!accept.is_empty()).then(|| accept.join(","));
    let making = Arc::clone(&scrapes);
    let answered = tokio::task::spawn_blocking(move || {
        // Who hangs up leaves a text to be made behind, and there are so many of those at once as of connections.
        let _permit = permit;
        // This is a thread of its own: what callbacks state while they are collected is none of the program's events.
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        making.answer(accept.as_deref())
    });
    match answered.await {
        Ok(Ok(answered)) => {
            if !is_head {
                scrapes.doubt(answered.held);
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(answered.held);
            }
            let mut response = Response::new(Full::new(Bytes::from(answered.text)));
            let content_type = hyper::header::HeaderValue::from_static(answered.content_type);
            response.headers_mut().insert(CONTENT_TYPE, content_type);
            response
        }
        // What is wrong is told to the program, and no business of whoever asks.
        Ok(Err(_)) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "metrics can't be collected\n"),
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    let content_type = hyper::header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
