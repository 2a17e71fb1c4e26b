//! Sets a pipeline up.

use std::sync::{Arc, Mutex, mpsc};

use opentelemetry::global;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::{Instrument, InstrumentKind, SdkMeterProvider, Stream, Temporality};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, ShouldSample};
use slo::__export::{Accounting, EXPONENTIAL, Exemplars, Teller, count, own_scope};
use slo::{ProblemKind, view};
use slo_model::event::Contract;

use super::builder::PipelineBuilder;
use super::error::{PipelineError, PipelineProblem};
use super::exporters::{Exporters, RecordExporter, Setting};
use super::flow::Flow;
use super::handle::{Last, Pipeline, Waiter, run_flushes};
use super::variables::Variables;
use crate::counts::{DropReason, own_metrics};
use crate::delivery::orders::Orders;
use crate::delivery::trouble::Tell;
use crate::metrics::collector::Collector;
use crate::metrics::covered::Covered;
use crate::metrics::meters::PipelineMeterProvider;
use crate::metrics::worker::MetricsWorker;
use crate::records::lane::Lane;
use crate::records::limits::AttributeLimits;
use crate::records::processors::Processor;
use crate::records::queue::queue;
use crate::records::worker::Worker;

pub(super) fn start(mut builder: PipelineBuilder) -> Result<Pipeline, PipelineError> {
    let lookup = std::mem::replace(&mut builder.lookup, Box::new(|_| None));
    let mut variables = Variables::new(&lookup);
    let is_disabled = variables.truth("OTEL_SDK_DISABLED");
    let names_exporters = builder.names_exporters();
    let mut problems = Vec::new();
    let mut setting = Setting { variables: &mut variables, problems: &mut problems };
    let exporters = if is_disabled { Exporters::default() } else { builder.exporters(&mut setting) };
    if exporters.are_none() && !is_disabled && problems.is_empty() && !names_exporters {
        problems.push(PipelineProblem::NoExporter);
    }
    problems.extend(exporters.same_names());
    if !problems.is_empty() {
        return Err(PipelineError::new(problems));
    }
    let have_metrics = exporters.have_metrics();
    let limits = variables.limits(builder.contract);
    let attribute_limits = AttributeLimits::new(builder.contract, variables.attribute_limits()).map(Arc::new);
    let from_variables = variables.sampler();
    let sampler = match builder.sampler.take() {
        _ if is_disabled => Box::new(Sampler::AlwaysOff),
        Some(sampler) => sampler,
        None => Box::new(from_variables),
    };
    let keeps_exemplars = variables.keeps_exemplars() && have_metrics;
    let propagators = variables.propagators();
    let unread = variables.unread;

    let accounting = Arc::new(Accounting::default());
    let exemplars = keeps_exemplars.then(|| Arc::new(Exemplars::default()));
    let mut flow = Flow { accounting: Arc::clone(&accounting), ..Flow::default() };
    let (log_processor, log_starts) = lanes(exporters.logs, &accounting, &attribute_limits, &mut flow.logs);
    let (span_processor, span_starts) =
        lanes(exporters.spans, &accounting, &attribute_limits, &mut flow.spans);
    let mut metrics =
        SdkMeterProvider::builder().with_resource(builder.resource.clone()).with_view(view(builder.contract));
    if exporters.are_exponential {
        metrics = metrics.with_view(exponential(builder.contract));
    }
    let mut collectors: Vec<Arc<Collector>> = Vec::new();
    let mut collector_of = |temporality: Temporality| {
        if let Some(shared) = collectors.iter().find(|collector| collector.is_cumulative())
            && temporality == Temporality::Cumulative
        {
            return Arc::clone(shared);
        }
        let is_exact = builder.has_exact_collections;
        let collector = Arc::new(Collector::new(temporality, &accounting, exemplars.as_ref(), is_exact));
        collectors.push(Arc::clone(&collector));
        collector
    };
    let metric_exporters: Vec<_> = exporters
        .metrics
        .into_iter()
        .map(|exporter| (collector_of(exporter.temporality), exporter))
        .collect();
    #[cfg(feature = "prometheus")]
    let scraped = exporters.scraped.map(|listener| (listener, collector_of(Temporality::Cumulative)));
    for collector in &collectors {
        metrics = metrics.with_reader(collector.reader());
    }
    let metrics = if is_disabled { metrics } else { (builder.configure_metrics)(metrics) }.build();
    let traces = SdkTracerProvider::builder()
        .with_resource(builder.resource.clone())
        .with_span_limits(limits)
        .with_sampler(Chosen(sampler));
    let traces = if is_disabled {
        traces
    } else {
        (builder.configure_traces)(traces.with_span_processor(span_processor))
    }
    .build();
    let logs = SdkLoggerProvider::builder().with_resource(builder.resource.clone());
    let logs =
        if is_disabled { logs } else { (builder.configure_logs)(logs.with_log_processor(log_processor)) }
            .build();

    let telemetry = builder.telemetry.metrics(metrics.clone()).traces(traces.clone()).logs(logs.clone());
    let telemetry = count(telemetry, Arc::clone(&accounting), exemplars).build();
    let teller = Teller::of(&telemetry);
    for (of, why) in unread {
        teller.tell(ProblemKind::Setting, of, "", why);
    }
    let meters = PipelineMeterProvider { provider: metrics.clone(), teller: teller.clone() };
    let mut threads: Vec<Thread> = Vec::new();
    for start in log_starts {
        threads.push(start.thread("log", &teller));
    }
    for start in span_starts {
        threads.push(start.thread("span", &teller));
    }
    for (collector, exporter) in metric_exporters {
        let name = exporter.name;
        let covered =
            Arc::new(Covered::new(name, &accounting, collector.is_cumulative(), DropReason::Deadline));
        let orders = Arc::new(Orders::default());
        flow.metrics.push((Arc::clone(&covered), Some(Arc::clone(&orders))));
        let tell = Tell::new(&teller, name, "metric");
        let schedule = exporter.schedule;
        let worker = MetricsWorker { collector, covered, orders, sink: exporter.sink, schedule, tell };
        threads.push((format!("slo-metric-{name}"), Box::new(move || worker.run())));
    }
    #[cfg(feature = "prometheus")]
    let scraped = scraped.map(|(listener, collector)| {
        let name = crate::names::PROMETHEUS;
        let covered = Arc::new(Covered::new(name, &accounting, true, DropReason::NotScraped));
        flow.metrics.push((Arc::clone(&covered), None));
        let tell = Tell::new(&teller, name, "metric");
        let named = builder.contract.prometheus;
        (listener, crate::prometheus::Scrapes { collector, covered, named, tell })
    });
    let flow = Arc::new(flow);
    let own = metrics.meter_with_scope(own_scope());
    own_metrics::observe(&own, &flow);
    if let Some(limits) = attribute_limits {
        own_metrics::observe_limits(&own, limits);
    }
    let (flushes, waiting) = mpsc::channel::<Waiter>();
    let (of_flushes, timeout) = (Arc::clone(&flow), builder.flush_timeout);
    threads.push(("slo-flush".to_owned(), Box::new(move || run_flushes(&of_flushes, &waiting, timeout))));

    #[cfg(feature = "prometheus")]
    let (mut last, mut prometheus): (Option<Last>, _) = (None, None);
    #[cfg(not(feature = "prometheus"))]
    let last: Option<Last> = None;
    #[cfg(feature = "prometheus")]
    if let Some((listener, scrapes)) = scraped {
        let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
        let server = crate::prometheus::Server::start(listener, Arc::new(scrapes));
        let mut server =
            server.map_err(|error| PipelineProblem::Endpoint { address, why: error.to_string() })?;
        prometheus = Some(server.address());
        last = Some(Box::new(move |until| server.stop(until)));
    }
    let pipeline = Pipeline {
        flow,
        telemetry,
        metrics: meters,
        traces,
        logs,
        flushes,
        shutdown: Arc::default(),
        last: Arc::new(Mutex::new(last)),
        #[cfg(feature = "prometheus")]
        prometheus,
    };
    for (name, work) in threads {
        // Where one does not start, dropping the pipeline ends the others.
        std::thread::Builder::new()
            .name(name)
            .spawn(in_runtime(work))
            .map_err(|error| PipelineProblem::Thread { why: error.to_string() })?;
    }
    // Last: what is global stays, whatever fails.
    if builder.is_global {
        let installed = pipeline.telemetry.clone().install();
        installed.map_err(|slo::AlreadyInstalled| PipelineProblem::AlreadyInstalled)?;
        global::set_tracer_provider(pipeline.traces.clone());
        global::set_meter_provider(pipeline.metrics.clone());
        global::set_text_map_propagator(TextMapCompositePropagator::new(propagators));
    }
    Ok(pipeline)
}

/// Exponential buckets for histograms that the contract doesn't declare.
fn exponential(
    contract: &'static Contract<'static>,
) -> impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static {
    let declared = view(contract);
    move |instrument| match instrument.kind() {
        InstrumentKind::Histogram if declared(instrument).is_none() => {
            Stream::builder().with_aggregation(EXPONENTIAL).build().ok()
        }
        _ => None,
    }
}

/// A thread's name, and its work.
type Thread = (String, Box<dyn FnOnce() + Send>);

/// The work, in the tokio runtime that the pipeline is started in: exporters may make connections and timers there.
#[cfg(feature = "tokio")]
fn in_runtime(work: Box<dyn FnOnce() + Send>) -> Box<dyn FnOnce() + Send> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => Box::new(move || {
            let _entered = runtime.enter();
            work();
        }),
        Err(_) => work,
    }
}

#[cfg(not(feature = "tokio"))]
fn in_runtime(work: Box<dyn FnOnce() + Send>) -> Box<dyn FnOnce() + Send> {
    work
}

/// What a worker is started from.
struct Start<T> {
    exporter: &'static str,
    worker: Box<dyn FnOnce(Tell) -> Worker<T> + Send>,
}

impl<T: Send + 'static> Start<T> {
    /// The thread's name and its work.
    fn thread(self, signal: &'static str, teller: &Teller) -> Thread {
        let tell = Tell::new(teller, self.exporter, signal);
        let worker = (self.worker)(tell);
        (format!("slo-{signal}-{}", self.exporter), Box::new(move || worker.run()))
    }
}

/// The exporters' own lanes.
type Lanes = Vec<(Arc<Lane>, Arc<Orders>)>;

/// A lane for each exporter of a signal, and what takes its records in.
fn lanes<T: Send + 'static>(
    exporters: Vec<RecordExporter<T>>,
    accounting: &Arc<Accounting>,
    limits: &Option<Arc<AttributeLimits>>,
    lanes: &mut Lanes,
) -> (Processor<T>, Vec<Start<T>>) {
    let mut processor = Processor {
        accounting: Arc::clone(accounting),
        queues: Vec::new(),
        orders: Vec::new(),
        limits: limits.clone(),
    };
    let mut starts = Vec::new();
    for RecordExporter { name, sink, schedule } in exporters {
        let (lane, orders) = (Arc::new(Lane::new(name)), Arc::new(Orders::default()));
        let (queue, waiting) = queue(schedule.capacity, schedule.batch, &lane, &orders);
        processor.queues.push(queue);
        processor.orders.push(Arc::clone(&orders));
        lanes.push((lane, Arc::clone(&orders)));
        let worker = Box::new(move |tell| Worker { waiting, orders, sink, schedule, tell });
        starts.push(Start { exporter: name, worker });
    }
    (processor, starts)
}

/// A sampler behind a pointer.
#[derive(Clone, Debug)]
struct Chosen(Box<dyn ShouldSample>);

impl ShouldSample for Chosen {
    fn should_sample(
        &self,
        parent: Option<&opentelemetry::Context>,
        trace_id: opentelemetry::trace::TraceId,
        name: &str,
        kind: &opentelemetry::trace::SpanKind,
        attributes: &[opentelemetry::KeyValue],
        links: &[opentelemetry::trace::Link],
    ) -> opentelemetry_sdk::trace::SamplingResult {
        self.0.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}
