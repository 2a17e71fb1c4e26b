//! The two listeners, open or closed, and the connections that came through them.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use super::shared::Shared;
use super::{grpc, http};
use crate::Protocol;

/// How many connections there may be at once; what comes beyond is closed.
const MOST_CONNECTIONS: usize = 1_024;

/// How many streams a connection of HTTP/2 may have at once.
const MOST_STREAMS: u32 = 256;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// How long to wait where the system has no socket to give.
const PAUSE: Duration = Duration::from_millis(10);

/// What the test wants.
pub(crate) enum Command {
    /// To be down, or up again. It is told when it is so.
    Down(bool, mpsc::Sender<()>),
    /// That the plan is looked at again.
    Switched,
}

/// Where the receiver listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
}

/// Listens until there is nobody any more who could give commands. Tells once where, or why it can't.
pub(crate) async fn serve(
    wanted: Addresses,
    shared: Arc<Shared>,
    mut commands: UnboundedReceiver<Command>,
    started: mpsc::Sender<io::Result<Addresses>>,
) {
    let (mut grpc, mut http) = match (Door::open_at(wanted.grpc), Door::open_at(wanted.http)) {
        (Ok(grpc), Ok(http)) => (grpc, http),
        (Err(error), _) | (_, Err(error)) => {
            _ = started.send(Err(error));
            return;
        }
    };
    _ = started.send(Ok(Addresses { grpc: grpc.address, http: http.address }));
    let mut connections = JoinSet::new();
    let mut is_down = false;
    let mut waiting: Vec<mpsc::Sender<()>> = Vec::new();
    loop {
        let (is_out, change) = shared.outage();
        if is_down || is_out {
            for door in [&mut grpc, &mut http] {
                door.close();
            }
            connections.shutdown().await;
        } else {
            for door in [&mut grpc, &mut http] {
                door.open();
            }
        }
        let is_as_wanted = is_down || is_out || (grpc.is_open() && http.is_open());
        if is_as_wanted {
            waiting.drain(..).for_each(|told| _ = told.send(()));
        }
        // Who has no change to wait for waits for an hour: a plan may be longer than a timer can be.
        let hour = Duration::from_secs(3_600);
        let pause = if is_as_wanted { change.unwrap_or(hour).min(hour) } else { PAUSE };
        tokio::select! {
            stream = grpc.accept() => accept(&mut connections, &shared, Protocol::Grpc, stream).await,
            stream = http.accept() => accept(&mut connections, &shared, Protocol::Http, stream).await,
            Some(_) = connections.join_next() => {}
            command = commands.recv() => match command {
                Some(Command::Down(down, told)) => {
                    is_down = down;
                    waiting.push(told);
                }
                Some(Command::Switched) => {}
                None => return,
            },
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn accept(
    connections: &mut JoinSet<()>,
    shared: &Arc<Shared>,
    protocol: Protocol,
    stream: io::Result<TcpStream>,
) {
    let Ok(stream) = stream else {
        tokio::time::sleep(PAUSE).await;
        return;
    };
    if connections.len() < MOST_CONNECTIONS {
        connections.spawn(connect(Arc::clone(shared), protocol, stream));
    }
}

/// Answers what comes over a connection, until one of both closes it.
async fn connect(shared: Arc<Shared>, protocol: Protocol, stream: TcpStream) {
    // Answers are small: they don't wait for more to come.
    _ = stream.set_nodelay(true);
    let stream = TokioIo::new(stream);
    let close = Arc::new(Notify::new());
    let closed = Arc::clone(&close);
    // How a connection ends is the sender's matter, or the plan's: nothing is to be done about it.
    let ended = async {
        match protocol {
            Protocol::Http => {
                let service =
                    service_fn(move |request| http::answer(Arc::clone(&shared), Arc::clone(&close), request));
                // Without a timer: a connection that is idle is left open, because no plan says otherwise.
                _ = http1::Builder::new().serve_connection(stream, service).await;
            }
            Protocol::Grpc => {
                let service =
                    service_fn(move |request| grpc::answer(Arc::clone(&shared), Arc::clone(&close), request));
                let mut server = http2::Builder::new(TokioExecutor::new());
                let server = server.timer(TokioTimer::new()).max_concurrent_streams(MOST_STREAMS);
                _ = server.serve_connection(stream, service).await;
            }
        }
    };
    tokio::select! {
        () = ended => {}
        () = closed.notified() => {}
    }
}

/// A listener that can be closed, and opened again at the same address.
struct Door {
    address: SocketAddr,
    state: State,
}

enum State {
    Open(TcpListener),
    /// Nobody listens, and nobody else can: who connects is refused.
    Closed(TcpSocket),
    /// The address could not be taken again.
    Lost,
}

impl Door {
    fn open_at(address: SocketAddr) -> io::Result<Door> {
        let listener = bound(address)?.listen(BACKLOG)?;
        Ok(Door { address: listener.local_addr()?, state: State::Open(listener) })
    }

    const fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    fn open(&mut self) {
        if self.is_open() {
            return;
        }
        let socket = match std::mem::replace(&mut self.state, State::Lost) {
            State::Closed(socket) => Ok(socket),
            _ => bound(self.address),
        };
        if let Ok(listener) = socket.and_then(|socket| socket.listen(BACKLOG)) {
            self.state = State::Open(listener);
        }
    }

    fn close(&mut self) {
        if self.is_open() {
            // The listener goes first, or the address is not free.
            self.state = State::Lost;
            if let Ok(socket) = bound(self.address) {
                self.state = State::Closed(socket);
            }
        }
    }

    /// The next connection; none where nobody listens.
    async fn accept(&self) -> io::Result<TcpStream> {
        match &self.state {
            State::Open(listener) => listener.accept().await.map(|(stream, _)| stream),
            State::Closed(_) | State::Lost => std::future::pending().await,
        }
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections that were closed a moment ago must not keep the address.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
