//! Where records wait for the worker that sends them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use crate::delivery::orders::Orders;
use crate::records::lane::Lane;

/// Where the records of one signal wait for one exporter. It holds so many and no more: what comes beyond is dropped, and
/// counted.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    sender: SyncSender<T>,
    lane: Arc<Lane>,
    orders: Arc<Orders>,
    batch: u64,
}

/// The other end.
#[derive(Debug)]
pub(crate) struct Waiting<T> {
    receiver: Receiver<T>,
    lane: Arc<Lane>,
}

pub(crate) fn queue<T>(
    capacity: usize,
    batch: usize,
    lane: &Arc<Lane>,
    orders: &Arc<Orders>,
) -> (Queue<T>, Waiting<T>) {
    let (sender, receiver) = sync_channel(capacity);
    let queue =
        Queue { sender, lane: Arc::clone(lane), orders: Arc::clone(orders), batch: batch.max(1) as u64 };
    (queue, Waiting { receiver, lane: Arc::clone(lane) })
}

impl<T> Queue<T> {
    /// Adds a record, and wakes the worker when a batch or the queue is full. It never waits.
    pub(crate) fn push(&self, record: T) {
        if self.lane.is_closed() {
            return self.lane.come_late();
        }
        let waiting = self.lane.wait();
        let is_full = self.sender.try_send(record).is_err();
        if is_full {
            self.lane.turn_away();
        }
        // One that is turned away may have had the number at which a batch is full.
        if is_full || waiting.is_multiple_of(self.batch) {
            self.orders.wake();
        }
    }
}

impl<T> Waiting<T> {
    /// Takes at most so many, as far as there are any. They count as waiting until the lane is told.
    pub(crate) fn take(&self, most: u64) -> Vec<T> {
        let mut taken = Vec::new();
        while (taken.len() as u64) < most {
            match self.receiver.try_recv() {
                Ok(record) => taken.push(record),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        taken
    }

    pub(crate) fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Of two threads one may have the number at which the batch is full, and the other the last place.
    #[test]
    fn a_full_queue_wakes_the_worker_whoever_filled_it() {
        let (lane, orders) = (Arc::new(Lane::new("otlp")), Arc::new(Orders::default()));
        orders.begin();
        let (queue, _waiting) = queue(2, 2, &lane, &orders);
        queue.push(1);
        lane.wait();
        queue.push(2);
        lane.turn_away();
        queue.push(3);
        // It would not return.
        std::thread::park_timeout(Duration::from_secs(3600));
    }
}
