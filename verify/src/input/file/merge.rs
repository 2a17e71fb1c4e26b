//! Several files at once, in the order of the times that stand in them: a log and its span, which wait for each other only so long, stand in
//! files of their own.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, metric::Data};
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;

use super::{Files, Progress};
use crate::input::queue::Waited;
use crate::input::{LineForm, Receive, Refusal, Scrape, Source};

/// How many files are read at once. Where the times of more overlap, the others wait.
const MOST_OPEN: usize = 32;

/// How many requests of a file may wait: none but the one that its thread holds until it is taken, for each takes megabytes, and so many
/// files may be open.
const MOST_WAITING: usize = 0;

/// What a file gave.
#[derive(Debug)]
enum Item {
    Traces(Vec<ResourceSpans>),
    Logs(Vec<ResourceLogs>),
    Metrics(Vec<ResourceMetrics>),
    Lines(LineForm, Vec<ResourceLogs>),
    Scrape(Scrape),
    Refusal(Refusal),
}

impl Item {
    /// When it was, in nanoseconds since 1970: the time of its first record. 0 where it says none.
    fn time(&self) -> u64 {
        match self {
            Item::Traces(all) => {
                let mut spans = all.iter().flat_map(|one| &one.scope_spans).flat_map(|group| &group.spans);
                spans.next().map_or(0, |span| span.end_time_unix_nano)
            }
            Item::Logs(all) | Item::Lines(_, all) => {
                let mut records =
                    all.iter().flat_map(|one| &one.scope_logs).flat_map(|group| &group.log_records);
                records.next().map_or(0, crate::judge::log_time)
            }
            Item::Metrics(all) => {
                let mut metrics =
                    all.iter().flat_map(|one| &one.scope_metrics).flat_map(|group| &group.metrics);
                metrics.next().and_then(|metric| metric.data.as_ref()).map_or(0, time_of)
            }
            Item::Scrape(scrape) => scrape.when.unwrap_or(0),
            Item::Refusal(_) => 0,
        }
    }

    fn give(self, to: &mut dyn Receive) {
        match self {
            Item::Traces(all) => to.traces(all),
            Item::Logs(all) => to.logs(all),
            Item::Metrics(all) => to.metrics(all),
            Item::Lines(form, all) => to.log_lines(form, all),
            Item::Scrape(scrape) => to.scrape(scrape),
            Item::Refusal(refusal) => to.refused(refusal),
        }
    }
}

fn time_of(data: &Data) -> u64 {
    match data {
        Data::Gauge(all) => all.data_points.first().map_or(0, |point| point.time_unix_nano),
        Data::Sum(all) => all.data_points.first().map_or(0, |point| point.time_unix_nano),
        Data::Histogram(all) => all.data_points.first().map_or(0, |point| point.time_unix_nano),
        Data::ExponentialHistogram(all) => all.data_points.first().map_or(0, |point| point.time_unix_nano),
        Data::Summary(all) => all.data_points.first().map_or(0, |point| point.time_unix_nano),
    }
}

/// Hands on what a file gives, as long as somebody takes it.
struct HandOn {
    sender: SyncSender<Item>,
    is_gone: bool,
}

impl HandOn {
    fn send(&mut self, item: Item) {
        self.is_gone |= self.sender.send(item).is_err();
    }
}

impl Receive for HandOn {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        self.send(Item::Traces(spans));
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.send(Item::Logs(logs));
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        self.send(Item::Metrics(metrics));
    }

    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>) {
        self.send(Item::Lines(form, logs));
    }

    fn scrape(&mut self, scrape: Scrape) {
        self.send(Item::Scrape(scrape));
    }

    fn refused(&mut self, refusal: Refusal) {
        self.send(Item::Refusal(refusal));
    }

    fn goes_on(&self) -> bool {
        !self.is_gone
    }
}

/// The time of the first thing that a file gives.
#[derive(Default)]
struct First(Option<u64>);

impl First {
    fn take(&mut self, item: &Item) {
        self.0.get_or_insert(item.time());
    }
}

impl Receive for First {
    fn traces(&mut self, spans: Vec<ResourceSpans>) {
        self.take(&Item::Traces(spans));
    }

    fn logs(&mut self, logs: Vec<ResourceLogs>) {
        self.take(&Item::Logs(logs));
    }

    fn metrics(&mut self, metrics: Vec<ResourceMetrics>) {
        self.take(&Item::Metrics(metrics));
    }

    fn log_lines(&mut self, form: LineForm, logs: Vec<ResourceLogs>) {
        self.take(&Item::Lines(form, logs));
    }

    fn scrape(&mut self, scrape: Scrape) {
        self.take(&Item::Scrape(scrape));
    }

    fn refused(&mut self, _: Refusal) {}

    fn goes_on(&self) -> bool {
        self.0.is_none()
    }
}

/// A file that is being read.
struct Open<'scope> {
    number: usize,
    head: Option<Item>,
    items: Receiver<Item>,
    _thread: ScopedJoinHandle<'scope, ()>,
}

/// Reads files together: always that whose next request is the earliest. The first of several that are as early comes first, so that
/// the same files are read in the same order each time.
pub(super) fn read(files: &[(PathBuf, Source)], progress: &Arc<Progress>, to: &mut dyn Receive) {
    let mut waiting: Vec<(u64, usize)> = files
        .iter()
        .enumerate()
        .map(|(number, file)| {
            let mut first = First::default();
            // The standard input and pipes are read once alone, and begin whenever they do.
            let is_file = || std::fs::metadata(&file.0).is_ok_and(|metadata| metadata.is_file());
            if file.1 != Source::StandardInput && is_file() {
                super::read_one(file, &Arc::default(), &mut first);
            }
            (first.0.unwrap_or(0), number)
        })
        .collect();
    waiting.sort_unstable();
    let mut waiting: VecDeque<(u64, usize)> = waiting.into();
    std::thread::scope(|scope| {
        let mut open: Vec<Open<'_>> = Vec::new();
        loop {
            for one in open.iter_mut().filter(|one| one.head.is_none()) {
                one.head = one.items.recv().ok();
            }
            open.retain(|one| one.head.is_some());
            let earliest = open
                .iter()
                .enumerate()
                .filter_map(|(at, one)| Some((one.head.as_ref()?.time(), one.number, at)));
            let earliest = earliest.min();
            let is_due = |(time, _): &&(u64, usize)| earliest.is_none_or(|(earliest, ..)| *time <= earliest);
            if open.len() < MOST_OPEN
                && let Some((_, number)) = waiting.front().filter(is_due).copied()
            {
                waiting.pop_front();
                match files.get(number).map(|file| start(scope, number, file, progress)) {
                    Some(Ok(started)) => open.push(started),
                    // A file that no thread can be had for is read now.
                    Some(Err(file)) => super::read_one(file, progress, to),
                    None => {}
                }
                continue;
            }
            let Some((.., at)) = earliest else { return };
            if let Some(item) = open.get_mut(at).and_then(|one| one.head.take()) {
                item.give(to);
            }
            if !to.goes_on() {
                // Whoever still reads finds nobody who takes it.
                return drop(open);
            }
        }
    });
}

fn start<'scope, 'file>(
    scope: &'scope Scope<'scope, '_>,
    number: usize,
    file: &'file (PathBuf, Source),
    progress: &Arc<Progress>,
) -> Result<Open<'scope>, &'file (PathBuf, Source)>
where
    'file: 'scope,
{
    let (sender, items) = sync_channel(MOST_WAITING);
    let progress = Arc::clone(progress);
    let run = move || super::read_one(file, &progress, &mut HandOn { sender, is_gone: false });
    let thread = std::thread::Builder::new().name("slo-verify-file".to_owned()).spawn_scoped(scope, run);
    match thread {
        Ok(thread) => Ok(Open { number, head: None, items, _thread: thread }),
        Err(_) => Err(file),
    }
}

/// Files that are read beside what comes over the network.
#[derive(Debug)]
pub struct Reading {
    items: Receiver<Item>,
}

impl Reading {
    /// Begins to read in a thread of its own.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub(super) fn start(files: Files) -> io::Result<Reading> {
        let (sender, items) = sync_channel(MOST_WAITING);
        let run = move || files.read(&mut HandOn { sender, is_gone: false });
        // It ends with the files, or when nobody takes what it reads.
        std::thread::Builder::new().name("slo-verify-files".to_owned()).spawn(run)?;
        Ok(Reading { items })
    }

    /// Hands on what was read, or waits for it.
    pub fn wait(&self, to: &mut dyn Receive, patience: Duration) -> Waited {
        match self.items.recv_timeout(patience) {
            Ok(item) => {
                item.give(to);
                Waited::Taken
            }
            Err(RecvTimeoutError::Timeout) => Waited::Nothing,
            Err(RecvTimeoutError::Disconnected) => Waited::Over,
        }
    }
}
