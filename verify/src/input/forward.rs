//! Sends requests on, as OTLP over HTTP, to whom they would go without a check in between.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender as ChannelSender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use ureq::Agent;

use super::client;
use super::limits::MOST_FORWARDED;
use super::queue::Sender;
use super::refusal::{Problem, Source, Wrong, without_user};

/// A request's body, unpacked, and what its head says of it.
pub(super) struct Forwarded {
    /// Such as `/v1/traces`.
    pub(super) path: &'static str,
    pub(super) content_type: &'static str,
    pub(super) body: Bytes,
}

/// Sends requests on until it is dropped. Each is sent once: whoever wants one sent again asks for it at the place itself.
#[derive(Debug)]
pub(super) struct Forwarder {
    requests: Option<ChannelSender<Forwarded>>,
    state: Arc<State>,
    timeout: Duration,
    refuse: Refuse,
    thread: Option<JoinHandle<()>>,
}

/// What the thread that sends and those who offer have in common.
#[derive(Debug, Default)]
struct State {
    /// How many bytes wait.
    waiting: AtomicUsize,
    /// Past when nothing is sent any more.
    end: OnceLock<Instant>,
}

/// Counts what isn't sent on.
#[derive(Clone, Debug)]
struct Refuse {
    queue: Sender,
    source: Source,
}

impl Refuse {
    fn not_forwarded(&self, why: &str) {
        self.queue.refuse(Problem::at(&self.source, None, None)(Problem::new(Wrong::NotForwarded, why)));
    }
}

impl Forwarder {
    /// Begins. The URL is one that `OTEL_EXPORTER_OTLP_ENDPOINT` could have.
    pub(super) fn start(url: &str, timeout: Duration, queue: Sender) -> std::io::Result<Forwarder> {
        let refuse = Refuse { queue, source: Source::Otlp(without_user(url).into()) };
        let (requests, inbox) = channel();
        let state = Arc::new(State::default());
        let run = {
            let (state, refuse, url) =
                (Arc::clone(&state), refuse.clone(), url.trim_end_matches('/').to_owned());
            move || send_all(&inbox, &url, timeout, &state, &refuse)
        };
        let thread = thread::Builder::new().name("slo-verify-forward".to_owned()).spawn(run)?;
        Ok(Forwarder { requests: Some(requests), state, timeout, refuse, thread: Some(thread) })
    }

    /// Takes a request that is to be sent on. Where too much waits, it isn't.
    pub(super) fn offer(&self, request: Forwarded) {
        let length = request.body.len();
        let before = self.state.waiting.fetch_add(length, Ordering::Relaxed);
        let is_room = before == 0 || before.saturating_add(length) <= MOST_FORWARDED;
        let is_taken =
            is_room && self.requests.as_ref().is_some_and(|requests| requests.send(request).is_ok());
        if !is_taken {
            self.state.waiting.fetch_sub(length, Ordering::Relaxed);
            self.refuse.not_forwarded("too much waits to be sent on");
        }
    }
}

impl Drop for Forwarder {
    fn drop(&mut self) {
        self.requests = None;
        // What waits has the time of one request.
        _ = self.state.end.set(Instant::now() + self.timeout);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

fn send_all(inbox: &Receiver<Forwarded>, url: &str, timeout: Duration, state: &State, refuse: &Refuse) {
    let agent: Agent =
        client::config(timeout).http_status_as_error(false).max_redirects(0).build().new_agent();
    while let Ok(request) = inbox.recv() {
        let sent = match state.end.get().is_some_and(|end| Instant::now() > *end) {
            true => Err("there was no time for it at the end".to_owned()),
            false => send(&agent, url, &request),
        };
        if let Err(why) = sent {
            refuse.not_forwarded(&why);
        }
        state.waiting.fetch_sub(request.body.len(), Ordering::Relaxed);
    }
}

fn send(agent: &Agent, url: &str, request: &Forwarded) -> Result<(), String> {
    let to = format!("{url}{}", request.path);
    let answer = agent.post(&to).content_type(request.content_type).send(request.body.as_ref());
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("it answers {}", answer.status())),
        Err(error) => Err(error.to_string()),
    }
}
