//! The listener, and the connections that come through it.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{Shared, grpc, http};
use crate::input::limits::MOST_STREAMS;
use crate::input::refusal::{Problem, Wrong};

/// How long to wait where the system has no socket to give.
const PAUSE: Duration = Duration::from_millis(50);

/// How long an answer has to go out, when nothing is listened to any more.
const FAREWELL: Duration = Duration::from_millis(100);

/// Listens until it is stopped.
pub(super) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    most: usize,
    mut stopped: oneshot::Receiver<()>,
) {
    let failed = |why: String| shared.refuse(Problem::new(Wrong::Unreachable, why));
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return failed(error.to_string()),
    };
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(most));
    loop {
        let stream = tokio::select! {
            stream = listener.accept() => stream,
            _ = &mut stopped => break,
        };
        match stream {
            Ok((stream, _)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => {
                    _ = tokio::spawn(connect(stream, Arc::clone(&shared), graceful.watcher(), place))
                }
                Err(_) => shared.refuse(Problem::new(Wrong::TooManyConnections, format!("{most} are open"))),
            },
            Err(error) => {
                failed(error.to_string());
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    // Requests that are under way may come to their end, and their answers go out. A client that is idle isn't waited for.
    let done = async {
        sleep(FAREWELL).await;
        while shared.open.load(Ordering::Relaxed) > 0 {
            sleep(FAREWELL).await;
        }
    };
    let ended = async {
        tokio::select! {
            () = graceful.shutdown() => {}
            () = done => {}
        }
    };
    _ = timeout(shared.body_time, ended).await;
}

/// Answers what comes over a connection, until one of both closes it.
async fn connect(stream: TcpStream, shared: Arc<Shared>, watcher: Watcher, place: OwnedSemaphorePermit) {
    // Answers are small: they don't wait for more to come.
    _ = stream.set_nodelay(true);
    let activity = Arc::new(Activity::default());
    let service = {
        let (activity, shared) = (Arc::clone(&activity), Arc::clone(&shared));
        service_fn(move |request| answer(Arc::clone(&shared), Open::new(&activity, &shared), request))
    };
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(MOST_STREAMS);
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    tokio::select! {
        // How a connection ends is the client's matter: what it sent was answered, or its body broke off.
        _ = watcher.watch(connection) => {}
        has_begun = activity.idle(shared.head_time) => if !has_begun {
            let detail = format!("no request came in {:?}", shared.head_time);
            shared.refuse(Problem::new(Wrong::Slow, detail));
        }
    }
    drop(place);
}

async fn answer(
    shared: Arc<Shared>,
    open: Open,
    request: Request<Incoming>,
) -> Result<hyper::Response<tonic::body::Body>, Infallible> {
    let answer = match grpc::is_grpc(request.headers()) {
        true => grpc::answer(&shared, request).await,
        false => http::answer(&shared, request).await,
    };
    drop(open);
    Ok(answer)
}

/// What a connection does.
#[derive(Debug, Default)]
struct Activity(Mutex<Doing>);

#[derive(Debug)]
struct Doing {
    /// How many requests are under way.
    open: usize,
    /// Since when there is none.
    since: Instant,
    has_begun: bool,
}

impl Default for Doing {
    fn default() -> Doing {
        Doing { open: 0, since: Instant::now(), has_begun: false }
    }
}

impl Activity {
    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing was done for this time, and says whether there was a request before.
    async fn idle(&self, time: Duration) -> bool {
        loop {
            let (is_idle, end, has_begun) = {
                let doing = self.doing();
                (doing.open == 0, doing.since + time, doing.has_begun)
            };
            match is_idle {
                true if end <= Instant::now() => return has_begun,
                true => sleep_until(end).await,
                false => sleep(time).await,
            }
        }
    }
}

/// A request that is under way.
struct Open(Arc<Activity>, Arc<Shared>);

impl Open {
    fn new(activity: &Arc<Activity>, shared: &Arc<Shared>) -> Open {
        shared.open.fetch_add(1, Ordering::Relaxed);
        let mut doing = activity.doing();
        doing.open += 1;
        doing.has_begun = true;
        Open(Arc::clone(activity), Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut doing = self.0.doing();
        doing.open = doing.open.saturating_sub(1);
        doing.since = Instant::now();
        self.1.open.fetch_sub(1, Ordering::Relaxed);
    }
}
