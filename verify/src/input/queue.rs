//! The way from those who listen and scrape to the one who judges. It is bounded: who hands over is told where it is full.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::otlp::Request;
use super::serve::Ask;
use super::{Place, Receive, Refusal, Scrape, Source, Wrong};

/// What is handed over.
pub(super) enum Item {
    /// What a body brought, and what is let go when it was taken.
    Requests(Vec<Request>, Source, Box<dyn Send>),
    Scrape(Scrape, Source),
    /// A question of what was found until it.
    Ask(Ask),
}

/// What was refused, by what was wrong and where it came from: as many as there are of both.
type Refusals = Arc<Mutex<BTreeMap<(Wrong, Source), Refusal>>>;

/// Hands over. It is cloned for each who listens or scrapes; the queue is over when all are dropped.
#[derive(Clone, Debug)]
pub struct Sender {
    items: SyncSender<Item>,
    refusals: Refusals,
}

/// Where it is taken.
#[derive(Debug)]
pub struct Inbox {
    items: Receiver<Item>,
    refusals: Refusals,
    /// The question that was taken last.
    asked: Option<Ask>,
}

/// What became of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Something was handed over.
    Taken,
    /// Nothing came in that time.
    Nothing,
    /// Nothing will come any more.
    Over,
}

/// A queue in which so many may wait.
#[must_use]
pub fn bounded(most: usize) -> (Sender, Inbox) {
    let (sender, receiver) = sync_channel(most);
    let refusals = Refusals::default();
    (
        Sender { items: sender, refusals: Arc::clone(&refusals) },
        Inbox { items: receiver, refusals, asked: None },
    )
}

impl Sender {
    /// Whether there was room.
    pub(super) fn offer(&self, item: Item) -> bool {
        !matches!(self.items.try_send(item), Err(TrySendError::Full(_) | TrySendError::Disconnected(_)))
    }

    /// Counts what could not be read. It needs no room.
    pub(super) fn refuse(&self, refusal: Refusal) {
        match locked(&self.refusals).entry((refusal.wrong, refusal.source.clone())) {
            Entry::Occupied(mut entry) => {
                let seen = entry.get_mut();
                seen.count = seen.count.saturating_add(refusal.count);
            }
            Entry::Vacant(entry) => _ = entry.insert(refusal),
        }
    }
}

impl Inbox {
    /// The question that came last.
    pub fn asked(&mut self) -> Option<Ask> {
        self.asked.take()
    }

    /// Waits for the next, and hands it on with what was refused until then.
    /// A question is kept until it is taken, or the next one comes.
    pub fn wait(&mut self, to: &mut dyn Receive, patience: Duration) -> Waited {
        let waited = match self.items.recv_timeout(patience) {
            Ok(Item::Requests(requests, source, held)) => {
                to.reading(&source, &Place::default());
                requests.into_iter().for_each(|request| request.give(to));
                drop(held);
                Waited::Taken
            }
            Ok(Item::Scrape(scrape, source)) => {
                to.reading(&source, &Place::default());
                to.scrape(scrape);
                Waited::Taken
            }
            Ok(Item::Ask(ask)) => {
                self.asked = Some(ask);
                Waited::Taken
            }
            Err(RecvTimeoutError::Timeout) => Waited::Nothing,
            Err(RecvTimeoutError::Disconnected) => Waited::Over,
        };
        let refusals = std::mem::take(&mut *locked(&self.refusals));
        refusals.into_values().for_each(|refusal| to.refused(refusal));
        waited
    }
}

fn locked(refusals: &Refusals) -> MutexGuard<'_, BTreeMap<(Wrong, Source), Refusal>> {
    // A panic leaves a count that is too low by one.
    refusals.lock().unwrap_or_else(PoisonError::into_inner)
}
