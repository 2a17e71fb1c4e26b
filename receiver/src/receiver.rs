//! The receiver, as a test has it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::server::{Addresses, Command, Shared, serve};
use crate::store::Store;
use crate::{Digest, Done, Error, Everything, Keep, Plan, Signal};

/// A receiver of logs, spans and metrics, over OTLP/gRPC and OTLP/HTTP, in a thread of its own. It stops when it is dropped.
pub struct Receiver {
    addresses: Addresses,
    shared: Arc<Shared>,
    /// Gone when the receiver is to stop.
    commands: Option<UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// Takes how a [`Receiver`] is to be.
#[derive(Clone, Debug)]
#[must_use = "nothing is started before `start`"]
pub struct ReceiverBuilder {
    plan: Plan,
    keep: Keep,
    keep_at_most: usize,
    largest_request: usize,
    addresses: Addresses,
}

impl ReceiverBuilder {
    /// What it does with requests; else it takes them all.
    pub fn plan(mut self, plan: Plan) -> ReceiverBuilder {
        self.plan = plan;
        self
    }

    /// What it keeps of requests that it takes; else [`Keep::digest`].
    pub fn keep(mut self, keep: Keep) -> ReceiverBuilder {
        self.keep = keep;
        self
    }

    /// About how many bytes it keeps; else 1 GiB. Whole requests are kept as they came over the wire, and counted so, with
    /// their headers. What comes beyond is refused, and what was kept is not given any more: [`Error::Full`].
    pub const fn keep_at_most(mut self, bytes: usize) -> ReceiverBuilder {
        self.keep_at_most = bytes;
        self
    }

    /// The largest request that it reads, in bytes, packed and unpacked; else 16 MiB.
    pub const fn largest_request(mut self, bytes: usize) -> ReceiverBuilder {
        self.largest_request = bytes;
        self
    }

    /// Where it listens for gRPC; else at a free port of 127.0.0.1.
    pub const fn grpc_address(mut self, address: SocketAddr) -> ReceiverBuilder {
        self.addresses.grpc = address;
        self
    }

    /// Where it listens for HTTP; else at a free port of 127.0.0.1.
    pub const fn http_address(mut self, address: SocketAddr) -> ReceiverBuilder {
        self.addresses.http = address;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`Error::Socket`], where an address can't be had or a thread can't be started.
    pub fn start(self) -> Result<Receiver, Error> {
        let store = Store::new(self.keep, self.keep_at_most);
        let shared = Arc::new(Shared::new(self.plan, store, self.largest_request));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, received) = unbounded_channel();
        let (started, starts) = mpsc::channel();
        let (wanted, its) = (self.addresses, Arc::clone(&shared));
        let thread = std::thread::Builder::new().name("slo-receiver".to_owned()).spawn(move || {
            runtime.block_on(serve(wanted, its, received, started));
        })?;
        let gone = |_| io::Error::other("the receiver's thread has ended");
        let addresses = starts.recv().map_err(gone)??;
        Ok(Receiver { addresses, shared, commands: Some(commands), thread: Some(thread) })
    }
}

impl Receiver {
    /// Starts a receiver that does what the plan says, and keeps a digest of what it takes.
    ///
    /// # Errors
    /// [`Error::Socket`], where there is no free port or a thread can't be started.
    pub fn start(plan: Plan) -> Result<Receiver, Error> {
        Receiver::builder().plan(plan).start()
    }

    /// A receiver that keeps more, or listens elsewhere.
    pub fn builder() -> ReceiverBuilder {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        ReceiverBuilder {
            plan: Plan::healthy(),
            keep: Keep::default(),
            keep_at_most: 1 << 30,
            largest_request: 16 << 20,
            addresses: Addresses { grpc: free, http: free },
        }
    }

    /// The endpoint for OTLP/gRPC, such as `http://127.0.0.1:4317`.
    #[must_use]
    pub fn grpc_endpoint(&self) -> String {
        format!("http://{}", self.addresses.grpc)
    }

    /// The endpoint for OTLP/HTTP, such as `http://127.0.0.1:4318`, to which senders append `/v1/logs`, `/v1/traces` and
    /// `/v1/metrics`.
    #[must_use]
    pub fn http_endpoint(&self) -> String {
        format!("http://{}", self.addresses.http)
    }

    /// Has another plan hold for all requests that are read from now on. Their numbers and the plan's outages begin anew.
    /// What waits for a late answer goes on waiting.
    pub fn switch(&self, plan: Plan) {
        self.shared.switch(plan);
        self.command(Command::Switched);
    }

    /// Closes all connections and listens no more: who connects is refused. It is so when this returns. The ports are
    /// kept for [`up`](Receiver::up).
    pub fn down(&self) {
        self.wait(true);
    }

    /// Listens again, at the same ports. It does so when this returns, unless an outage of the plan is on.
    pub fn up(&self) {
        self.wait(false);
    }

    /// What it did so far with a signal.
    #[must_use]
    pub fn done(&self, signal: Signal) -> Done {
        self.shared.done(signal)
    }

    /// Waits until the condition holds, and says whether it did before patience ended. It holds up its thread: a runtime
    /// that has no other one does nothing meanwhile, and neither does a sender in it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use slo_receiver::{Plan, Receiver, Signal};
    /// # fn main() -> Result<(), slo_receiver::Error> {
    /// # let receiver = Receiver::start(Plan::healthy())?;
    /// let enough = |receiver: &Receiver| receiver.done(Signal::Logs).kept() >= 100;
    /// # let enough = |_: &Receiver| true;
    /// assert!(receiver.until(Duration::from_secs(10), enough));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn until(&self, patience: Duration, mut condition: impl FnMut(&Receiver) -> bool) -> bool {
        let start = Instant::now();
        while !condition(self) {
            if start.elapsed() >= patience {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }

    /// Waits until all requests that were read are over, and says whether they were before patience ended. Then the counts of
    /// what was done and what was kept agree. It holds up its thread as [`until`](Receiver::until) does.
    #[must_use]
    pub fn settle(&self, patience: Duration) -> bool {
        let is_over = |signal| self.done(signal).pending().requests == 0;
        self.until(patience, |_| Signal::ALL.into_iter().all(is_over))
    }

    /// All requests that were taken so far. They are decoded anew, and take more memory than they do in the receiver.
    ///
    /// # Errors
    /// [`Error::KeepsOther`] without [`Keep::everything`]; [`Error::Full`]; [`Error::Unreadable`].
    pub fn everything(&self) -> Result<Everything, Error> {
        self.shared.store().everything()
    }

    /// The digest of what was taken so far. It is copied.
    ///
    /// # Errors
    /// [`Error::KeepsOther`] with [`Keep::everything`]; [`Error::Full`].
    pub fn digest(&self) -> Result<Digest, Error> {
        self.shared.store().digest()
    }

    fn wait(&self, is_down: bool) {
        let (told, tells) = mpsc::channel();
        self.command(Command::Down(is_down, told));
        // It fails where the thread is gone, and with it the listeners.
        _ = tells.recv();
    }

    fn command(&self, command: Command) {
        if let Some(commands) = &self.commands {
            _ = commands.send(command);
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}
