//! Metrics to render.

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{Aggregation, Instrument, SdkMeterProvider, Stream, Temporality};
use slo_model::names::TranslationStrategy;

use crate::metrics::exemplar::{Exemplar, FindExemplars};
use crate::prometheus::accept::{Escaping, Exposition, Format};
use crate::prometheus::text::Rendering;
use slo::__export::SharedReader;

/// What a resource's meters measure; an instrument whose name ends in `exponential` gets such buckets.
pub(super) fn measured(
    resource: &[KeyValue],
    temporality: Temporality,
    measure: impl FnOnce(&dyn Fn(&'static str) -> Meter),
) -> ResourceMetrics {
    let reader = SharedReader::new(temporality);
    let exponential = |instrument: &Instrument| {
        let aggregation =
            Aggregation::Base2ExponentialHistogram { max_size: 160, max_scale: 20, record_min_max: true };
        let stream = Stream::builder().with_aggregation(aggregation);
        if instrument.name().ends_with("exponential") { stream.build().ok() } else { None }
    };
    let provider = SdkMeterProvider::builder()
        .with_resource(Resource::builder_empty().with_attributes(resource.iter().cloned()).build())
        .with_reader(reader.clone())
        .with_view(exponential)
        .build();
    measure(&|scope| provider.meter_with_scope(InstrumentationScope::builder(scope).build()));
    let mut metrics = ResourceMetrics::default();
    reader.collect(&mut metrics).unwrap();
    metrics
}

/// Exemplars of any metric whose name they are with.
#[derive(Default)]
pub(super) struct Exemplars(pub(super) Vec<(&'static str, Exemplar)>);

impl FindExemplars for Exemplars {
    fn of(&self, _: &InstrumentationScope, metric: &str, _: &[&KeyValue]) -> Vec<Exemplar> {
        self.0.iter().filter(|(name, _)| *name == metric).map(|(_, exemplar)| *exemplar).collect()
    }
}

pub(super) fn rendering<'r>(
    strategy: TranslationStrategy,
    format: Format,
    exemplars: &'r Exemplars,
) -> Rendering<'r> {
    let exposition = Exposition { format, escaping: Escaping::AllowUtf8 };
    Rendering { strategy, promoted: &["deployment.environment.name"], exposition, exemplars }
}

pub(super) fn service() -> Vec<KeyValue> {
    vec![
        KeyValue::new("service.name", "checkout"),
        KeyValue::new("service.namespace", "shop"),
        KeyValue::new("service.instance.id", "i-1"),
        KeyValue::new("deployment.environment.name", "prod"),
        KeyValue::new("host.cpus", 8),
    ]
}
