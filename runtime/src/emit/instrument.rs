//! An instrument of OpenTelemetry, whatever its kind and the type of its numbers.

use opentelemetry::KeyValue;
#[cfg(feature = "bound-instruments")]
use opentelemetry::metrics::{BoundCounter, BoundGauge, BoundHistogram, BoundUpDownCounter};
use opentelemetry::metrics::{Counter, Gauge, Histogram, Meter, UpDownCounter};
use slo_model::event::{Buckets, InstrumentKind, Metric, NumberType};

/// A measured number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Int(i64),
    Double(f64),
}

impl Number {
    pub(crate) fn double(self) -> f64 {
        match self {
            Number::Int(number) => number as f64,
            Number::Double(number) => number,
        }
    }

    pub(crate) fn int(self) -> i64 {
        match self {
            Number::Int(number) => number,
            // The compiler sees to it that the types agree.
            Number::Double(number) => number as i64,
        }
    }

    /// Below zero there is nothing: the compiler refuses a counter or an integers' histogram that might be.
    pub(crate) fn unsigned(self) -> u64 {
        u64::try_from(self.int()).unwrap_or(0)
    }
}

macro_rules! instruments {
    ($($variant:ident($type:ty, $bound:ty, $method:ident, $number:ident);)*) => {
        /// An instrument.
        #[derive(Debug)]
        pub(crate) enum Instrument { $($variant($type),)* }

        /// What measures one point of an instrument without looking for it.
        #[cfg(feature = "bound-instruments")]
        #[derive(Debug)]
        pub(crate) enum Bound { $($variant($bound),)* }

        impl Instrument {
            /// Measures a number for the point with these attributes.
            #[cfg(not(feature = "bound-instruments"))]
            pub(crate) fn measure(&self, number: Number, attributes: &[KeyValue]) {
                match self { $(Instrument::$variant(instrument) => instrument.$method(number.$number(), attributes),)* }
            }

            /// What measures the point with these attributes.
            #[cfg(feature = "bound-instruments")]
            pub(crate) fn bind(&self, attributes: &[KeyValue]) -> Bound {
                match self { $(Instrument::$variant(instrument) => Bound::$variant(instrument.bind(attributes)),)* }
            }
        }

        #[cfg(feature = "bound-instruments")]
        impl Bound {
            /// Measures a number.
            #[inline]
            pub(crate) fn measure(&self, number: Number) {
                match self { $(Bound::$variant(instrument) => instrument.$method(number.$number()),)* }
            }
        }
    };
}

instruments! {
    CounterInt(Counter<u64>, BoundCounter<u64>, add, unsigned);
    CounterDouble(Counter<f64>, BoundCounter<f64>, add, double);
    UpDownInt(UpDownCounter<i64>, BoundUpDownCounter<i64>, add, int);
    UpDownDouble(UpDownCounter<f64>, BoundUpDownCounter<f64>, add, double);
    GaugeInt(Gauge<i64>, BoundGauge<i64>, record, int);
    GaugeDouble(Gauge<f64>, BoundGauge<f64>, record, double);
    HistogramInt(Histogram<u64>, BoundHistogram<u64>, record, unsigned);
    HistogramDouble(Histogram<f64>, BoundHistogram<f64>, record, double);
}

impl Instrument {
    /// Makes the instrument of a metric.
    pub(crate) fn new(meter: &Meter, metric: &Metric<'static>) -> Instrument {
        use InstrumentKind as Kind;
        use NumberType::{Double, Int};
        macro_rules! build {
            ($method:ident) => {
                meter.$method(metric.name).with_description(metric.description).with_unit(metric.unit).build()
            };
        }
        macro_rules! build_histogram {
            ($method:ident) => {{
                let builder =
                    meter.$method(metric.name).with_description(metric.description).with_unit(metric.unit);
                match metric.buckets {
                    Buckets::Explicit(bounds) => builder.with_boundaries(bounds.to_vec()),
                    Buckets::Exponential | Buckets::None => builder,
                }
                .build()
            }};
        }
        match (metric.kind, metric.number) {
            (Kind::Counter, Int) => Instrument::CounterInt(build!(u64_counter)),
            (Kind::Counter, Double) => Instrument::CounterDouble(build!(f64_counter)),
            (Kind::UpDownCounter, Int) => Instrument::UpDownInt(build!(i64_up_down_counter)),
            (Kind::UpDownCounter, Double) => Instrument::UpDownDouble(build!(f64_up_down_counter)),
            (Kind::Gauge, Int) => Instrument::GaugeInt(build!(i64_gauge)),
            (Kind::Gauge, Double) => Instrument::GaugeDouble(build!(f64_gauge)),
            (Kind::Histogram, Int) => Instrument::HistogramInt(build_histogram!(u64_histogram)),
            (Kind::Histogram, Double) => Instrument::HistogramDouble(build_histogram!(f64_histogram)),
        }
    }
}
