//! Where telemetry comes from, and when a run ends.

mod execution;
mod progress;

use std::fs::File;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use slo_verify::input::file::{Files, Reading};
use slo_verify::input::limits::MOST_WAITING;
use slo_verify::input::prometheus::Scraper;
use slo_verify::input::queue::{self, Inbox, Sender, Waited};
use slo_verify::input::serve::{self, Ask, Server};
use slo_verify::input::{FindingLogs, Recorder};
use slo_verify::{Run, Takes, Unread};

use execution::Execution;
use progress::Line;

use super::Failure;
use crate::arguments::Ways;
use crate::output;

/// How long is waited for anything before it is looked at whether the run is to end.
const STEP: Duration = Duration::from_millis(20);

/// How long after its end a command's last requests may still be under way.
const GRACE: Duration = Duration::from_millis(300);

/// How a run ended.
pub(super) struct Ended<T> {
    pub(super) takes: T,
    pub(super) unread: Unread,
    /// The code of the command of `--exec`.
    pub(super) code: Option<u8>,
}

/// What came in a step of a session.
pub(super) enum Turn {
    /// Telemetry, or nothing.
    Going,
    /// A question, which waits for its answer.
    Asked(Ask),
    /// The session's end.
    Over,
}

/// Whether a request to send on makes sense.
pub(super) fn check(ways: &Ways, served: &Served<'_>) -> Result<(), Failure> {
    if ways.forward.is_some() && ways.otlp.is_none() && !ways.exec && !served.answers {
        return Err(
            "`--forward` sends on what comes over OTLP: say `--otlp 4318` too, or `--exec -- COMMAND`".into(),
        );
    }
    Ok(())
}

/// Reads all that is asked for.
pub(super) fn read<T: Takes>(ways: &Ways, paths: &[PathBuf], takes: T) -> Result<Ended<T>, Failure> {
    let mut session = Session::open(ways, paths, &Served::default())?;
    let ((), mut run) = session.run()?.with(takes);
    while !matches!(session.step(&mut run)?, Turn::Over) {}
    let code = session.close(&mut run);
    let (takes, unread) = end(ways, run)?;
    Ok(Ended { takes, unread, code })
}

/// Ends a run, of which all that was to be kept is written.
pub(super) fn end<T>(ways: &Ways, run: Run<'_, T>) -> Result<(T, Unread), Failure> {
    run.end().map_err(|error| unwritable(ways.record.as_deref().unwrap_or(Path::new("")), &error))
}

/// What is served besides what listens.
#[derive(Clone, Copy, Default)]
pub(super) struct Served<'s> {
    /// Whether questions are answered.
    pub(super) answers: bool,
    /// Where findings are sent to.
    pub(super) findings: Option<&'s str>,
}

/// All that telemetry comes from, until it ends.
pub(super) struct Session<'w> {
    ways: &'w Ways,
    is_over: Arc<AtomicBool>,
    files: Option<Files>,
    reading: Option<Reading>,
    inbox: Inbox,
    server: Option<Server>,
    scrapers: Vec<Scraper>,
    findings: Option<FindingLogs>,
    execution: Option<Execution>,
    recorder: Option<Recorder<'static>>,
    begun: Instant,
    /// How often something new had come, and since when it is so often.
    news: u64,
    since: Instant,
    /// When the command ended.
    ended: Option<Instant>,
}

impl<'w> Session<'w> {
    pub(super) fn open(
        ways: &'w Ways,
        paths: &[PathBuf],
        served: &Served<'_>,
    ) -> Result<Session<'w>, Failure> {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        // What was judged so far is told; whoever asks twice means it.
        ctrlc::set_handler(move || {
            if over.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        })?;
        let files = Files::find(paths);
        let recorder = ways.record.as_deref().map(|path| recorder(path, &files)).transpose()?;
        let (sender, inbox) = queue::bounded(MOST_WAITING);
        let findings = served.findings.map(|url| FindingLogs::start(url, sender.clone())).transpose()?;
        let server = server(ways, served.answers, &sender)?;
        let scrapers: Vec<Scraper> = ways
            .scrape
            .iter()
            .map(|url| Scraper::start(url, ways.every, sender.clone()))
            .collect::<Result<_, _>>()?;
        let execution = match (&server, ways.exec) {
            (Some(server), true) => Some(Execution::start(&ways.command, server.address())?),
            _ => None,
        };
        if let Some(server) = server.as_ref().filter(|_| execution.is_none()) {
            let (address, ends) = (server.address(), "Ctrl-C ends it with its verdict");
            output::aside(&match served.answers {
                false => format!("slo: takes OTLP at {address}, over gRPC and HTTP; {ends}\n"),
                true => format!(
                    "slo: takes OTLP at {address}, over gRPC and HTTP, and answers `GET /verdict` and `POST /stop` there; {ends}\n"
                ),
            });
        }
        let (files, reading) = match ways.are_any() || served.answers {
            true => (None, Some(files.start()?)),
            false => (Some(files), None),
        };
        Ok(Session {
            ways,
            is_over,
            files,
            reading,
            inbox,
            server,
            scrapers,
            findings,
            execution,
            recorder,
            begun: Instant::now(),
            news: 0,
            since: Instant::now(),
            ended: None,
        })
    }

    /// The run of this session. There is one.
    pub(super) fn run(&mut self) -> Result<Run<'static, ()>, Failure> {
        let over = Arc::clone(&self.is_over);
        let run = Run::new((), Box::new(move || over.load(Ordering::Relaxed)));
        Ok(run.recorded(self.recorder.take()))
    }

    /// Where findings are sent to.
    pub(super) fn findings(&self) -> Option<&FindingLogs> {
        self.findings.as_ref()
    }

    /// Takes what comes next, and waits a little where nothing does.
    pub(super) fn step<T: Takes>(&mut self, run: &mut Run<'_, T>) -> Result<Turn, Failure> {
        if let Some(files) = self.files.take() {
            // Nothing else comes.
            let line = Line::start(files.progress());
            files.read(run);
            drop(line);
            return Ok(Turn::Over);
        }
        if self.is_over.load(Ordering::Relaxed) || self.reading.is_none() && !self.listens() {
            return Ok(Turn::Over);
        }
        let patience = if self.reading.is_some() { Duration::ZERO } else { STEP };
        let came = self.inbox.wait(run, patience);
        if let Some(ask) = self.inbox.asked() {
            return Ok(Turn::Asked(ask));
        }
        if let Some(reading) = &self.reading {
            let patience = if came == Waited::Taken { Duration::ZERO } else { STEP };
            if reading.wait(run, patience) == Waited::Over {
                self.reading = None;
            }
        }
        let news = run.takes().news();
        if news != self.news {
            (self.news, self.since) = (news, Instant::now());
        }
        if let Some(execution) = &mut self.execution {
            execution.took(run.received());
            if self.ended.is_none() && execution.has_ended()? {
                self.ended = Some(Instant::now());
            }
        }
        let ways = self.ways;
        let is_idle = ways.until_idle.is_some_and(|idle| news > 0 && self.since.elapsed() >= idle);
        let is_late = ways.for_time.is_some_and(|time| self.begun.elapsed() >= time);
        let is_done = self.ended.is_some_and(|ended| ended.elapsed() >= GRACE && came == Waited::Nothing);
        Ok(if is_idle || is_late || is_done { Turn::Over } else { Turn::Going })
    }

    /// Whether anything can still come but from files.
    const fn listens(&self) -> bool {
        self.server.is_some() || !self.scrapers.is_empty()
    }

    /// Takes what has come.
    pub(super) fn drain<T: Takes>(&mut self, run: &mut Run<'_, T>) {
        while self.inbox.wait(run, STEP) == Waited::Taken {
            // Whoever asks now is answered that the run has ended.
            drop(self.inbox.asked());
        }
    }

    /// Takes nothing more but what is under way, and gives the code of the command of `--exec`.
    pub(super) fn close<T: Takes>(&mut self, run: &mut Run<'_, T>) -> Option<u8> {
        let code = self.execution.take().map(|execution| execution.end(run.received()));
        // Whoever is being answered is waited for, and what came by then is judged.
        (self.server, self.scrapers) = (None, Vec::new());
        self.drain(run);
        code
    }

    /// Ends all that is left of it. What could not be sent on is known then.
    pub(super) fn end(mut self, run: &mut Run<'_, ()>) {
        (self.server, self.scrapers, self.findings) = (None, Vec::new(), None);
        self.drain(run);
    }

    /// Waits for the command of `--exec` to end by itself, after whoever asked was told the last verdict.
    pub(super) fn wait(&mut self, received: u64) -> Result<Option<u8>, Failure> {
        let Some(mut execution) = self.execution.take() else { return Ok(None) };
        while !execution.has_ended()? && !self.is_over.load(Ordering::Relaxed) {
            std::thread::sleep(STEP);
        }
        Ok(Some(execution.end(received)))
    }
}

/// What keeps what comes.
fn recorder(path: &Path, files: &Files) -> Result<Recorder<'static>, Failure> {
    let same =
        |one: &Path| path.canonicalize().is_ok_and(|own| one.canonicalize().is_ok_and(|one| one == own));
    if files.paths().any(same) {
        return Err(format!(
            "`{}` is read, and `--record` would write over it: name another file",
            path.display()
        )
        .into());
    }
    let file = File::create(path).map_err(|error| unwritable(path, &error))?;
    // Each line is written as a whole when it comes, so that it is there whatever becomes of the program.
    Ok(Recorder::new(file))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    format!("`{}` can't be written: {error}", path.display()).into()
}

/// What listens, where something is to come over the network.
fn server(ways: &Ways, answers: bool, queue: &Sender) -> Result<Option<Server>, Failure> {
    let address = match (&ways.otlp, ways.exec) {
        (Some(said), _) => address(said)?,
        (None, true) => SocketAddr::new(LOOPBACK, 0),
        (None, false) if answers => SocketAddr::new(LOOPBACK, PORT),
        (None, false) => return Ok(None),
    };
    let settings = serve::Settings { forward: ways.forward.clone(), answers, ..serve::Settings::at(address) };
    let server = Server::start(&settings, queue.clone())
        .map_err(|error| format!("nothing can listen at `{address}`: {error}"))?;
    Ok(Some(server))
}

/// The port of OTLP over HTTP (OTLP specification, "OTLP/HTTP Default Port").
const PORT: u16 = 4318;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// An address, or a port of this machine alone.
fn address(said: &str) -> Result<SocketAddr, Failure> {
    if let Ok(port) = said.parse() {
        return Ok(SocketAddr::new(LOOPBACK, port));
    }
    let wanted = || format!("`{said}` is no address: write a port, as `4318`, or `127.0.0.1:4318`");
    said.to_socket_addrs().map_err(|_| wanted())?.next().ok_or_else(|| wanted().into())
}
