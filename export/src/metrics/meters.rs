//! Metrics that are measured by other means than events.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{
    AsyncInstrumentBuilder, Callback, Counter, Gauge, Histogram, HistogramBuilder, InstrumentBuilder,
    InstrumentProvider, Meter, MeterProvider, ObservableCounter, ObservableGauge, ObservableUpDownCounter,
    UpDownCounter,
};
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::delivery::last_words;
use slo::__export::Teller;
use slo::ProblemKind;

/// The SDK's meter provider, with callbacks that may panic: the program is told once, and everything else is
/// collected.
///
/// The SDK runs callbacks while it holds its locks. A panic would leave these poisoned, and no metric would ever be collected
/// again.
#[derive(Clone)]
pub struct PipelineMeterProvider {
    pub(crate) provider: SdkMeterProvider,
    pub(crate) teller: Teller,
}

impl std::fmt::Debug for PipelineMeterProvider {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PipelineMeterProvider").finish_non_exhaustive()
    }
}

impl MeterProvider for PipelineMeterProvider {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        let meter = self.provider.meter_with_scope(scope);
        Meter::new(Arc::new(Instruments { meter, teller: self.teller.clone() }))
    }
}

/// Makes instruments of one scope.
struct Instruments {
    meter: Meter,
    teller: Teller,
}

impl Instruments {
    fn guarded<M: 'static>(&self, name: Cow<'static, str>, callback: Callback<M>) -> Callback<M> {
        let teller = self.teller.clone();
        let is_told = AtomicBool::new(false);
        Box::new(move |observer| {
            let given = catch_unwind(AssertUnwindSafe(|| callback(observer)));
            let Err(panic) = given else { return };
            if is_told.swap(true, Ordering::Relaxed) {
                return;
            }
            let why = last_words(panic.as_ref());
            let (of, why) = match &name {
                Cow::Borrowed(name) => (*name, why.to_owned()),
                Cow::Owned(name) => ("an observable instrument", format!("`{name}`: {why}")),
            };
            teller.tell(ProblemKind::Panicked, of, "", why);
        })
    }
}

macro_rules! pass_on {
    ($($method:ident $instrument:ty,)*) => {
        $(fn $method(&self, builder: InstrumentBuilder<'_, $instrument>) -> $instrument {
            let mut own = self.meter.$method(builder.name);
            (own.description, own.unit) = (builder.description, builder.unit);
            own.build()
        })*
    };
}

macro_rules! pass_histogram_on {
    ($($method:ident $instrument:ty,)*) => {
        $(fn $method(&self, builder: HistogramBuilder<'_, $instrument>) -> $instrument {
            let mut own = self.meter.$method(builder.name);
            (own.description, own.unit) = (builder.description, builder.unit);
            own.boundaries = builder.boundaries;
            own.build()
        })*
    };
}

macro_rules! guard {
    ($($method:ident $instrument:ident $number:ty,)*) => {
        $(fn $method(
            &self,
            builder: AsyncInstrumentBuilder<'_, $instrument<$number>, $number>,
        ) -> $instrument<$number> {
            let mut own = self.meter.$method(builder.name.clone());
            (own.description, own.unit) = (builder.description, builder.unit);
            let callbacks = builder.callbacks.into_iter();
            own.callbacks = callbacks.map(|callback| self.guarded(builder.name.clone(), callback)).collect();
            own.build()
        })*
    };
}

impl InstrumentProvider for Instruments {
    pass_on! {
        u64_counter Counter<u64>,
        f64_counter Counter<f64>,
        i64_up_down_counter UpDownCounter<i64>,
        f64_up_down_counter UpDownCounter<f64>,
        u64_gauge Gauge<u64>,
        i64_gauge Gauge<i64>,
        f64_gauge Gauge<f64>,
    }
    pass_histogram_on! {
        u64_histogram Histogram<u64>,
        f64_histogram Histogram<f64>,
    }
    guard! {
        u64_observable_counter ObservableCounter u64,
        f64_observable_counter ObservableCounter f64,
        i64_observable_up_down_counter ObservableUpDownCounter i64,
        f64_observable_up_down_counter ObservableUpDownCounter f64,
        u64_observable_gauge ObservableGauge u64,
        i64_observable_gauge ObservableGauge i64,
        f64_observable_gauge ObservableGauge f64,
    }
}
