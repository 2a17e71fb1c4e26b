//! The JSON line that `docs/services.md` shows is the one that a program writes.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::generated::payments::CONTRACT;
use crate::generated::payments::fin_pay::{PaymentAttempt, PaymentMethod, PaymentOutcome, PaymentService};
use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::trace::IdGenerator;
use slo::{Clock, Event};
use slo_export::Pipeline;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// It stands still, two seconds into 2026.
struct Still;

impl Clock for Still {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_602)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// Those of W3C's examples (Trace Context, section 3.2.4).
#[derive(Debug)]
struct Ids;

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from(0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736_u128)
    }

    fn new_span_id(&self) -> SpanId {
        SpanId::from(0x00f0_67aa_0ba9_02b7_u64)
    }
}

#[test]
fn the_line_of_the_docs_is_what_is_written() {
    let written = Written::default();
    let service = PaymentService::new("fin-pay-prod");
    let resource = service.assemble().environment(|_| None).build().unwrap().to_resource();
    let pipeline = Pipeline::builder(&CONTRACT, resource)
        .json_lines(written.clone())
        .clock(Still)
        .traces(|traces| traces.with_id_generator(Ids))
        .without_globals()
        .environment(|_| None)
        .start()
        .unwrap();
    pipeline.telemetry().in_scope(|| {
        let (outcome, method) = (PaymentOutcome::Timeout, PaymentMethod::Card);
        PaymentAttempt { outcome, method, amount: 4_200, route: "/pay".into() }
            .record(Duration::from_secs(2));
    });
    let report = pipeline.shutdown_blocking(Duration::from_secs(60));
    assert!(report.counts.logs.add_up(), "{report}");
    let line = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/services.md");
    let docs = std::fs::read_to_string(path).unwrap();
    assert!(docs.contains(&format!("```json\n{line}```\n")), "{line}");
}
