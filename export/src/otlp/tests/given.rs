//! What the tests send.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLoggerProvider};
use slo_model::event::Signal;

use crate::delivery::answer::{Answer, Retry};
use crate::otlp::Otlp;
use crate::otlp::checked::Settings;
use crate::otlp::encoding::Encoding;
use crate::otlp::request::{Request, SentResource};
use crate::otlp::sender::Sender;
use crate::records::processors::LogItem;

pub(super) const SCHEMA: &str = "https://opentelemetry.io/schemas/1.37.0";

/// Long enough for any machine.
pub(super) const LONG: Duration = Duration::from_secs(60);

/// So long is waited where no answer comes.
pub(super) const SHORT: Duration = Duration::from_secs(1);

/// Keeps log records.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<(SdkLogRecord, InstrumentationScope)>>>);

impl LogProcessor for Kept {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.0.lock().unwrap().push((record.clone(), scope.clone()));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

pub(super) fn resource() -> Resource {
    let attributes = [KeyValue::new("service.name", "payments")];
    Resource::builder_empty().with_schema_url(attributes, SCHEMA).build()
}

/// Log records with these bodies, of the scope `checkout`.
pub(super) fn records(bodies: &[&str]) -> Vec<(SdkLogRecord, InstrumentationScope)> {
    let kept = Kept::default();
    let provider = SdkLoggerProvider::builder().with_log_processor(kept.clone()).build();
    let scope = InstrumentationScope::builder("checkout").with_version("1.2").with_schema_url(SCHEMA).build();
    let logger = provider.logger_with_scope(scope);
    for body in bodies {
        let mut record = logger.create_log_record();
        record.set_event_name("order.placed");
        record.set_body((*body).to_owned().into());
        logger.emit(record);
    }
    std::mem::take(&mut *kept.0.lock().unwrap())
}

/// As they wait for an exporter.
pub(super) fn items(records: Vec<(SdkLogRecord, InstrumentationScope)>) -> Vec<LogItem> {
    records.into_iter().map(Arc::new).collect()
}

/// A request with these log records.
pub(super) fn logs(bodies: &[&str]) -> Request {
    Request::logs(&items(records(bodies)), &SentResource::from(&resource()), Encoding::Protobuf)
}

/// The settings for log records, by the program alone.
pub(super) fn settings(otlp: &Otlp) -> Settings {
    otlp.settings(&[Signal::Log], &|_| None).unwrap().remove(0)
}

pub(super) fn sender(otlp: &Otlp) -> Sender {
    settings(otlp).sender().unwrap()
}

pub(super) fn taken() -> Answer {
    Answer::Taken { rejected: 0, why: String::new() }
}

/// What is told of it, where it was refused and may be sent again after this.
#[track_caller]
pub(super) fn refused_for_now(answer: Answer, pause: Option<Duration>) -> String {
    match answer {
        Answer::Refused { why, retry: Retry::After(after) } if after == pause => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn refused(answer: Answer) -> String {
    match answer {
        Answer::Refused { why, retry: Retry::Never } => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn unanswered(answer: Answer) -> String {
    match answer {
        Answer::Unanswered { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

/// What is told of it, where nobody knows what became of it and it is not sent again.
#[track_caller]
pub(super) fn doubtful(answer: Answer) -> String {
    match answer {
        Answer::Unanswered { why, retry: Retry::Never } => why,
        other => panic!("{other:?}"),
    }
}

/// What is told of it, where so many were rejected.
#[track_caller]
pub(super) fn taken_but(answer: Answer, but: u64) -> String {
    match answer {
        Answer::Taken { rejected, why } if rejected == but => why,
        other => panic!("{other:?}"),
    }
}

/// A port that nothing listens at.
pub(super) fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
