//! Where telemetry comes from, and when a run ends.

mod execution;
mod progress;

use std::fs::File;
use std::io::{self, BufWriter};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use slo_verify::input::Recorder;
use slo_verify::input::file::Files;
use slo_verify::input::limits::MOST_WAITING;
use slo_verify::input::prometheus::Scraper;
use slo_verify::input::queue::{self, Inbox, Sender, Waited};
use slo_verify::input::serve::{self, Server};
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

/// Whether a request to send on makes sense.
pub(super) fn check(ways: &Ways) -> Result<(), Failure> {
    if ways.forward.is_some() && ways.otlp.is_none() && !ways.exec {
        return Err(
            "`--forward` sends on what comes over OTLP: say `--otlp 4318` too, or `--exec -- COMMAND`".into(),
        );
    }
    Ok(())
}

/// Reads all that is asked for.
pub(super) fn read<T: Takes>(ways: &Ways, paths: &[PathBuf], takes: T) -> Result<Ended<T>, Failure> {
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    // What was judged so far is told; whoever asks twice means it.
    ctrlc::set_handler(move || {
        if over.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })?;
    let over = Arc::clone(&is_over);
    let files = Files::find(paths);
    let recorder = ways.record.as_deref().map(|path| recorder(path, &files)).transpose()?;
    let mut run = Run::new(takes, Box::new(move || over.load(Ordering::Relaxed))).recorded(recorder);
    if !ways.are_any() {
        let line = Line::start(files.progress());
        files.read(&mut run);
        drop(line);
        return ended(ways, run, None);
    }
    let (sender, inbox) = queue::bounded(MOST_WAITING);
    let server = server(ways, &sender)?;
    let scrapers: Vec<Scraper> = ways
        .scrape
        .iter()
        .map(|url| Scraper::start(url, ways.every, sender.clone()))
        .collect::<Result<_, _>>()?;
    drop(sender);
    let mut execution = match (&server, ways.exec) {
        (Some(server), true) => Some(Execution::start(&ways.command, server.address())?),
        _ => None,
    };
    if let Some(server) = &server
        && execution.is_none()
    {
        output::aside(&format!(
            "slo: takes OTLP at {}, over gRPC and HTTP; Ctrl-C ends it with its verdict\n",
            server.address()
        ));
    }
    follow(ways, files, &inbox, &mut run, execution.as_mut(), &is_over)?;
    let code = execution.map(|execution| execution.end(run.received()));
    // Whoever is being answered is waited for, and what came by then is judged.
    drop((server, scrapers));
    while inbox.wait(&mut run, STEP) == Waited::Taken {}
    ended(ways, run, code)
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
    Ok(Recorder::new(BufWriter::new(file)))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    format!("`{}` can't be written: {error}", path.display()).into()
}

fn ended<T: Takes>(ways: &Ways, run: Run<'_, T>, code: Option<u8>) -> Result<Ended<T>, Failure> {
    let written =
        run.end().map_err(|error| unwritable(ways.record.as_deref().unwrap_or(Path::new("")), &error));
    let (takes, unread) = written?;
    Ok(Ended { takes, unread, code })
}

/// Judges what comes until the run is to end.
fn follow(
    ways: &Ways,
    files: Files,
    inbox: &Inbox,
    run: &mut Run<'_, impl Takes>,
    mut execution: Option<&mut Execution>,
    is_over: &AtomicBool,
) -> Result<(), Failure> {
    let reading = files.start()?;
    let mut reads = true;
    let begun = Instant::now();
    let (mut news, mut since) = (run.news(), Instant::now());
    let mut ended: Option<Instant> = None;
    while !is_over.load(Ordering::Relaxed) {
        let patience = if reads { Duration::ZERO } else { STEP };
        let came = inbox.wait(run, patience);
        if reads {
            reads =
                reading.wait(run, if came == Waited::Taken { Duration::ZERO } else { STEP }) != Waited::Over;
        }
        if run.news() != news {
            (news, since) = (run.news(), Instant::now());
        }
        if let Some(execution) = execution.as_deref_mut() {
            execution.took(run.received());
            if ended.is_none() && execution.has_ended()? {
                ended = Some(Instant::now());
            }
        }
        let is_idle = ways.until_idle.is_some_and(|idle| news > 0 && since.elapsed() >= idle);
        let is_late = ways.for_time.is_some_and(|time| begun.elapsed() >= time);
        let is_done = ended.is_some_and(|ended| ended.elapsed() >= GRACE && came == Waited::Nothing);
        if is_idle || is_late || is_done {
            break;
        }
    }
    Ok(())
}

/// What listens, where something is to come over the network.
fn server(ways: &Ways, queue: &Sender) -> Result<Option<Server>, Failure> {
    let address = match (&ways.otlp, ways.exec) {
        (Some(said), _) => address(said)?,
        (None, true) => SocketAddr::new(LOOPBACK, 0),
        (None, false) => return Ok(None),
    };
    let settings = serve::Settings { forward: ways.forward.clone(), ..serve::Settings::at(address) };
    let server = Server::start(&settings, queue.clone())
        .map_err(|error| format!("nothing can listen at `{address}`: {error}"))?;
    Ok(Some(server))
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// An address, or a port of this machine alone.
fn address(said: &str) -> Result<SocketAddr, Failure> {
    if let Ok(port) = said.parse() {
        return Ok(SocketAddr::new(LOOPBACK, port));
    }
    let wanted = || format!("`{said}` is no address: write a port, as `4318`, or `127.0.0.1:4318`");
    said.to_socket_addrs().map_err(|_| wanted())?.next().ok_or_else(|| wanted().into())
}
