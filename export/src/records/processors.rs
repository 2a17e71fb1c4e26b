//! Where the SDK hands over log records and spans.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use slo_model::event::Signal;

use super::limits::{AttributeLimits, within};

use crate::delivery::orders::Orders;
use crate::records::queue::Queue;
use slo::__export::Accounting;

/// A log record with its scope, which the exporters share.
pub(crate) type LogItem = Arc<(SdkLogRecord, InstrumentationScope)>;

/// How long `force_flush` of a provider waits. The handle's own flush says what became of everything.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes the records of one signal in, and has them wait for each exporter.
#[derive(Debug)]
pub(crate) struct Processor<T> {
    pub(crate) accounting: Arc<Accounting>,
    pub(crate) queues: Vec<Queue<T>>,
    pub(crate) orders: Vec<Arc<Orders>>,
    pub(crate) limits: Option<Arc<AttributeLimits>>,
}

impl<T> Processor<T> {
    fn flush(&self) -> OTelSdkResult {
        let until = Instant::now() + PATIENCE;
        let tickets: Vec<_> = self.orders.iter().map(|orders| (orders, orders.flush())).collect();
        if tickets.into_iter().all(|(orders, ticket)| orders.wait_for(ticket, until)) {
            Ok(())
        } else {
            Err(OTelSdkError::Timeout(PATIENCE))
        }
    }
}

impl LogProcessor for Processor<LogItem> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        if !self.accounting.take(Signal::Log) {
            return;
        }
        if let Some((last, others)) = self.queues.split_last() {
            // Cloned where it stays: a record is large, and moving it took 62 instructions.
            let record = match within(self.limits.as_deref(), record) {
                Cow::Borrowed(record) => Arc::new((record.clone(), scope.clone())),
                Cow::Owned(record) => Arc::new((record, scope.clone())),
            };
            for queue in others {
                queue.push(Arc::clone(&record));
            }
            last.push(record);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush()
    }

    /// The handle of the exporters shuts down: a provider may go before it does.
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl SpanProcessor for Processor<SpanData> {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, mut span: SpanData) {
        if !span.span_context.is_sampled() || !self.accounting.take(Signal::Span) {
            return;
        }
        if let Some(limits) = &self.limits {
            limits.span(&mut span);
        }
        if let Some((last, others)) = self.queues.split_last() {
            for queue in others {
                queue.push(span.clone());
            }
            last.push(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush()
    }

    /// The handle of the exporters shuts down: a provider may go before it does.
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
