//! What services in four languages sent at the defaults of their SDKs (`recorded/README.md`) is never found wrong by their contracts.

use std::path::Path;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use slo_compiler::plan::{Arena, Plan};
use slo_verify::{Part, Report, Settings, Verifier};

pub(crate) const LANGUAGES: [&str; 4] = ["go", "java", "python", "javascript"];

/// The messages of a file, each after its length.
fn messages<M: Message + Default>(path: &Path) -> Vec<M> {
    let bytes = std::fs::read(path).unwrap();
    let mut rest = bytes.as_slice();
    let mut all = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (message, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        all.push(M::decode(message).unwrap());
        rest = after;
    }
    all
}

/// What a service sent.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    pub(crate) traces: Vec<ExportTraceServiceRequest>,
    pub(crate) logs: Vec<ExportLogsServiceRequest>,
    pub(crate) metrics: Vec<ExportMetricsServiceRequest>,
    /// Whether metrics came before logs, and these before spans, as with SDKs that send spans last.
    pub(crate) is_metrics_first: bool,
}

pub(crate) fn recording(language: &str) -> Recording {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(language);
    Recording {
        traces: messages(&folder.join("traces.binpb")),
        logs: messages(&folder.join("logs.binpb")),
        metrics: messages(&folder.join("metrics.binpb")),
        is_metrics_first: false,
    }
}

/// The contract of a language's service.
pub(crate) struct Contract {
    compilation: slo_compiler::Compilation,
}

impl Contract {
    pub(crate) fn of(language: &str) -> Contract {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/verify").join(language).join("slo");
        let input = slo_compiler::load::load(&root).unwrap();
        Contract { compilation: slo_compiler::compile(&input) }
    }

    /// What it finds in a recording.
    pub(crate) fn judge(&self, recording: &Recording) -> Report {
        let arena = Arena::default();
        let plans = [Plan::with_external(&arena, self.compilation.checked.as_ref().unwrap())];
        let mut verifier = Verifier::new(&plans, Settings::default());
        let mut signals = [0, 1, 2];
        if recording.is_metrics_first {
            signals.reverse();
        }
        for signal in signals {
            match signal {
                0 => recording.traces.iter().for_each(|one| verifier.traces(&one.resource_spans)),
                1 => recording.logs.iter().for_each(|one| verifier.logs(&one.resource_logs)),
                _ => recording.metrics.iter().for_each(|one| verifier.metrics(&one.resource_metrics)),
            }
        }
        verifier.finish()
    }
}

#[test]
fn nothing_is_found_in_what_sdks_send_at_their_defaults() {
    for language in LANGUAGES {
        let report = Contract::of(language).judge(&recording(language));
        assert!(report.causes.is_empty(), "{language}: {:#?}", report.causes);
        assert_eq!(report.covered(Part::Variants).seen, 7, "{language}: {:#?}", report.coverage);
    }
}
