//! The layer, its filter, and who is told.

use std::cell::Cell;
use std::sync::Arc;

use opentelemetry::Context as Otel;
use slo_model::event::Contract;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

use super::exporters::is_exporter;
use super::sites::{Site, Sites};
use super::values::Values;
use crate::emit::{Current, Telemetry, installed};
use crate::{Problem, ProblemKind};

/// Whom the layer tells, where it has someone of its own.
pub(super) type Tell = Box<dyn Fn(&Problem) + Send + Sync>;

thread_local! {
    /// Whether a value is being looked at, or someone told: what that logs is not looked at.
    static LOOKING: Cell<bool> = const { Cell::new(false) };
}

/// What layer and filter share.
pub(super) struct Checks {
    contract: &'static Contract<'static>,
    tell: Option<Tell>,
    sites: Sites,
}

impl Checks {
    pub(super) fn new(contract: &'static Contract<'static>, tell: Option<Tell>) -> Checks {
        Checks { contract, tell, sites: Sites::default() }
    }

    /// Works out what a call site's fields are to the contract. Whether they are of its business.
    ///
    /// Nobody is told of anything here: `tracing` holds a lock while call sites are registered, and whoever is told may
    /// log from a call site that is not registered yet.
    fn register(&self, metadata: &'static Metadata<'static>) -> bool {
        if is_exporter(metadata.target()) {
            return false;
        }
        let sites = self.sites.pin();
        if sites.contains_key(&metadata.callsite()) {
            return true;
        }
        match Site::new(metadata, self.contract.keys) {
            Some(site) => {
                sites.get_or_insert(metadata.callsite(), site);
                true
            }
            None => false,
        }
    }

    /// Whether something is to be done for a call site.
    fn is_due(&self, metadata: &Metadata<'_>) -> bool {
        self.sites.pin().get(&metadata.callsite()).is_some_and(|site| !site.is_done())
            && !LOOKING.get()
            && !Otel::is_current_telemetry_suppressed()
    }

    /// Looks at what is new of a call site, and tells of it.
    fn look(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Values<'_>)) {
        if !self.is_due(metadata) {
            return;
        }
        let context = Otel::current();
        let carried = context.get::<Current>().map(|Current(telemetry)| telemetry);
        let Some(told) = Told::find(self.tell.as_ref(), carried) else { return };
        let sites = self.sites.pin();
        let Some(site) = sites.get(&metadata.callsite()) else { return };
        let _looking = Looking::begin();
        if site.tell_of_names() {
            for (name, key) in &site.misspelt {
                told.tell(&problem(site, ProblemKind::Misspelt, name, format!("write `{}`", key.name)));
            }
        }
        let mut values = Values::of(site);
        record(&mut values);
        for (name, unfit) in values.misfits {
            told.tell(&problem(site, ProblemKind::Misfit, name, unfit.to_string()));
        }
    }
}

fn problem(site: &Site, kind: ProblemKind, what: &'static str, why: String) -> Problem {
    let (of, file, line) = (site.metadata.name(), site.metadata.file(), site.metadata.line());
    let place = match (file, line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.to_owned(),
        (None, _) => String::new(),
    };
    // An event without a name of its own is called by its place.
    let why = if place.is_empty() || of.ends_with(&place) { why } else { format!("{why}, at {place}") };
    Problem { kind, of, what, why }
}

/// Who is told.
enum Told<'t> {
    Own(&'t Tell),
    Telemetry(&'t Telemetry),
}

impl<'t> Told<'t> {
    fn find(own: Option<&'t Tell>, carried: Option<&'t Telemetry>) -> Option<Told<'t>> {
        match (own, carried) {
            (Some(tell), _) => Some(Told::Own(tell)),
            (None, Some(telemetry)) => Some(Told::Telemetry(telemetry)),
            (None, None) => installed().map(Told::Telemetry),
        }
    }

    fn tell(&self, problem: &Problem) {
        match self {
            Told::Own(tell) => tell(problem),
            Told::Telemetry(telemetry) => telemetry.shared().tell(problem),
        }
    }
}

/// Marks the thread as looking, until it goes: on a panic, too.
struct Looking;

impl Looking {
    fn begin() -> Looking {
        LOOKING.set(true);
        Looking
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.set(false);
    }
}

/// The layer.
pub(super) struct ByHand(pub(super) Arc<Checks>);

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for ByHand {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.0.look(event.metadata(), |values| event.record(values));
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.0.look(attributes.metadata(), |values| attributes.record(values));
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(metadata) = context.metadata(id) {
            self.0.look(metadata, |values| record.record(values));
        }
    }
}

/// Keeps the layer from switching on call sites that it has no business with: a layer without a filter of its own would
/// have every `trace!` of every crate raised, however the other layers are filtered.
pub(super) struct OfBusiness(pub(super) Arc<Checks>);

impl<S> Filter<S> for OfBusiness {
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.0.register(metadata) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.0.is_due(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        None
    }
}
