//! What the `OTEL_*` variables say (OpenTelemetry specification, "Environment Variable Specification").
//!
//! A variable that can't be read is told of and passed over, as the specification asks.

use std::time::Duration;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::{Sampler, SpanLimits};
use slo_model::event::Contract;

use crate::delivery::Patience;
use crate::metrics::worker::MetricsSchedule;
use crate::records::limits::Most;
use crate::records::worker::Schedule;

/// How a variable is looked up.
pub(crate) type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// The variables, and what could not be read of them.
pub(crate) struct Variables<'l> {
    lookup: Lookup<'l>,
    pub(crate) unread: Vec<(&'static str, String)>,
}

impl<'l> Variables<'l> {
    pub(crate) fn new(lookup: Lookup<'l>) -> Variables<'l> {
        Variables { lookup, unread: Vec::new() }
    }

    /// How variables are looked up.
    pub(crate) fn lookup(&self) -> Lookup<'l> {
        self.lookup
    }

    /// The text of a variable; none where it is unset, empty or blank.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = (self.lookup)(name)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Some variables are asked for each exporter: what is wrong with one is told once.
    pub(crate) fn unread(&mut self, name: &'static str, why: String) {
        let unread = (name, why);
        if !self.unread.contains(&unread) {
            self.unread.push(unread);
        }
    }

    fn number(&mut self, name: &'static str) -> Option<u64> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(number) => Some(number),
            Err(_) => {
                self.unread(name, format!("`{}` is no whole number", shown(&text)));
                None
            }
        }
    }

    /// A pause between two of something: a thread that never rests helps nobody.
    fn interval(&mut self, name: &'static str, default: u64) -> Duration {
        let milliseconds = self.number(name).unwrap_or(default).max(1);
        Duration::from_millis(milliseconds).min(LONGEST)
    }

    /// A time limit, where 0 is none (specification, "Timeout").
    fn timeout(&mut self, name: &'static str, default: u64) -> Duration {
        match self.number(name).unwrap_or(default) {
            0 => LONGEST,
            milliseconds => Duration::from_millis(milliseconds).min(LONGEST),
        }
    }

    fn count(&mut self, name: &'static str, default: u32) -> u32 {
        let number = self.number(name);
        number.map_or(default, |number| u32::try_from(number).unwrap_or(u32::MAX))
    }

    fn size(&mut self, name: &'static str, default: usize) -> usize {
        let number = self.number(name).unwrap_or(default as u64);
        if number == 0 {
            self.unread(name, "0 is no size".to_owned());
            return default;
        }
        if number > MOST {
            self.unread(name, format!("{number} is more than {MOST}, which it is now"));
        }
        usize::try_from(number.min(MOST)).unwrap_or(default)
    }

    pub(crate) fn truth(&mut self, name: &'static str) -> bool {
        match self.text(name) {
            None => false,
            Some(text) if text.eq_ignore_ascii_case("true") => true,
            Some(text) if text.eq_ignore_ascii_case("false") => false,
            Some(text) => {
                self.unread(name, format!("`{}` is neither `true` nor `false`", shown(&text)));
                false
            }
        }
    }

    /// When batches of spans are sent.
    pub(crate) fn of_spans(&mut self) -> Schedule {
        self.schedule(
            [
                "OTEL_BSP_MAX_QUEUE_SIZE",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
                "OTEL_BSP_SCHEDULE_DELAY",
                "OTEL_BSP_EXPORT_TIMEOUT",
            ],
            5_000,
        )
    }

    /// When batches of log records are sent.
    pub(crate) fn of_logs(&mut self) -> Schedule {
        self.schedule(
            [
                "OTEL_BLRP_MAX_QUEUE_SIZE",
                "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
                "OTEL_BLRP_SCHEDULE_DELAY",
                "OTEL_BLRP_EXPORT_TIMEOUT",
            ],
            1_000,
        )
    }

    fn schedule(
        &mut self,
        [capacity, batch, delay, patience]: [&'static str; 4],
        default_delay: u64,
    ) -> Schedule {
        let capacity = self.size(capacity, 2_048);
        Schedule {
            capacity,
            batch: self.size(batch, 512).min(capacity),
            delay: self.interval(delay, default_delay),
            patience: Patience { whole: self.timeout(patience, 30_000), timeout: TIMEOUT },
        }
    }

    /// When metrics are sent.
    pub(crate) fn of_metrics(&mut self) -> MetricsSchedule {
        if let Some(preference) = self.text("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")
            && !preference.eq_ignore_ascii_case("cumulative")
        {
            self.unread(
                "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
                format!(
                    "`{}` is not supported: metrics are cumulative, so that none is dropped with a batch",
                    shown(&preference)
                ),
            );
        }
        MetricsSchedule {
            interval: self.interval("OTEL_METRIC_EXPORT_INTERVAL", 60_000),
            patience: Patience {
                whole: self.timeout("OTEL_METRIC_EXPORT_TIMEOUT", 30_000),
                timeout: TIMEOUT,
            },
        }
    }

    /// How much of the attributes that the contract doesn't declare signals may have: nothing limits it where no variable
    /// does.
    pub(crate) fn attribute_limits(&mut self) -> Most {
        let general = self.number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT");
        let count = self.number("OTEL_ATTRIBUTE_COUNT_LIMIT");
        let size = |own: Option<u64>, general: Option<u64>| {
            own.or(general).map(|most| usize::try_from(most).unwrap_or(usize::MAX))
        };
        Most {
            span_value: size(self.number("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"), general),
            log_value: size(self.number("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT"), general),
            log_attributes: size(self.number("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"), count),
        }
    }

    /// The limits of spans: the variables', but never below what the contract needs.
    pub(crate) fn limits(&mut self, contract: &Contract<'_>) -> SpanLimits {
        let own = SpanLimits::default();
        let general = self.count("OTEL_ATTRIBUTE_COUNT_LIMIT", own.max_attributes_per_span);
        let attributes = self.count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", general);
        let links = self.count("OTEL_SPAN_LINK_COUNT_LIMIT", own.max_links_per_span);
        SpanLimits {
            max_attributes_per_span: attributes.max(contract.span_attributes),
            max_links_per_span: if contract.span_links { u32::MAX } else { links },
            max_events_per_span: self.count("OTEL_SPAN_EVENT_COUNT_LIMIT", own.max_events_per_span),
            max_attributes_per_event: self
                .count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", own.max_attributes_per_event)
                .max(contract.span_event_attributes),
            max_attributes_per_link: self
                .count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", own.max_attributes_per_link),
        }
    }

    /// The sampler: all spans of a sampled parent, and all without a parent, unless the variables say another.
    pub(crate) fn sampler(&mut self) -> Sampler {
        let default = Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
        let Some(name) = self.text("OTEL_TRACES_SAMPLER") else { return default };
        let (base, is_parent_based) = match name.strip_prefix("parentbased_") {
            Some(base) => (base, true),
            None => (name.as_str(), false),
        };
        let sampler = match base {
            "always_on" => Sampler::AlwaysOn,
            "always_off" => Sampler::AlwaysOff,
            "traceidratio" => Sampler::TraceIdRatioBased(self.ratio()),
            _ => {
                let known = "`always_on`, `always_off` and `traceidratio`, each also behind `parentbased_`";
                self.unread(
                    "OTEL_TRACES_SAMPLER",
                    format!("there is no sampler `{}`: there are {known}", shown(&name)),
                );
                return default;
            }
        };
        if is_parent_based { Sampler::ParentBased(Box::new(sampler)) } else { sampler }
    }

    fn ratio(&mut self) -> f64 {
        let Some(text) = self.text("OTEL_TRACES_SAMPLER_ARG") else { return 1.0 };
        match text.parse::<f64>() {
            Ok(ratio) if (0.0..=1.0).contains(&ratio) => ratio,
            _ => {
                self.unread("OTEL_TRACES_SAMPLER_ARG", format!("`{}` is no ratio from 0 to 1", shown(&text)));
                1.0
            }
        }
    }

    /// Whether exemplars are kept.
    pub(crate) fn keeps_exemplars(&mut self) -> bool {
        match self.text("OTEL_METRICS_EXEMPLAR_FILTER").as_deref() {
            None | Some("trace_based") => true,
            Some("always_off") => false,
            Some(other) => {
                let why =
                    format!("`{}` is not supported: there are `trace_based` and `always_off`", shown(other));
                self.unread("OTEL_METRICS_EXEMPLAR_FILTER", why);
                true
            }
        }
    }

    /// The propagators: both of W3C unless the variable names others that there are.
    pub(crate) fn propagators(&mut self) -> Vec<Box<dyn TextMapPropagator + Send + Sync>> {
        const NAME: &str = "OTEL_PROPAGATORS";
        let names = self.names(NAME, "propagator", &["tracecontext", "baggage", "none"]);
        let has = |name| names.as_ref().is_none_or(|names| names.contains(&name));
        let mut propagators: Vec<Box<dyn TextMapPropagator + Send + Sync>> = Vec::new();
        if has("tracecontext") {
            propagators.push(Box::new(TraceContextPropagator::new()));
        }
        if has("baggage") {
            propagators.push(Box::new(BaggagePropagator::new()));
        }
        propagators
    }

    /// Whether the variables let an exporter have a signal: they say nothing, or name it.
    pub(crate) fn lets_out(&mut self, variable: &'static str, exporter: &str) -> bool {
        let names = self.names(variable, "exporter", &["otlp", "console", "prometheus", "none"]);
        names.is_none_or(|names| names.contains(&exporter))
    }

    /// Whether a variable leaves a signal without exporters.
    pub(crate) fn is_none(&self, variable: &str) -> bool {
        self.text(variable).is_some_and(|text| text.eq_ignore_ascii_case("none"))
    }

    /// Which of these a list names, whatever its case. None where it is unset, or names nothing that there is.
    fn names(
        &mut self,
        variable: &'static str,
        what: &str,
        known: &[&'static str],
    ) -> Option<Vec<&'static str>> {
        let text = self.text(variable)?;
        let mut names = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match known.iter().find(|known| name.eq_ignore_ascii_case(known)) {
                Some(known) => names.push(*known),
                None => {
                    let there_are = known.join("`, `");
                    self.unread(
                        variable,
                        format!("there is no {what} `{}`: there are `{there_are}`", shown(name)),
                    );
                }
            }
        }
        (!names.is_empty()).then_some(names)
    }
}

/// No timer of a program runs longer than ten years.
pub(crate) const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

/// The largest queue. Queues are made as large as they may become.
const MOST: u64 = 1_000_000;

/// How long one try takes at most, where the exporter says nothing else (OTLP exporter specification: 10 seconds).
const TIMEOUT: Duration = Duration::from_secs(10);

/// A value of a variable, as far as it is shown.
fn shown(text: &str) -> String {
    let short: String =
        text.chars().take(60).map(|character| if character.is_control() { ' ' } else { character }).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(variables: &[(&str, &str)], read: impl FnOnce(&mut Variables<'_>) -> T) -> (T, Vec<String>) {
        let lookup =
            |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        let mut variables = Variables::new(&lookup);
        let found = read(&mut variables);
        let unread = variables.unread.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        (found, unread)
    }

    #[test]
    fn queues_are_those_of_the_specification_unless_variables_say_more() {
        let (schedule, unread) = with(&[], |variables| variables.of_spans());
        assert_eq!((schedule.capacity, schedule.batch, schedule.delay), (2048, 512, Duration::from_secs(5)));
        assert!(unread.is_empty());
        let (schedule, unread) = with(
            &[
                ("OTEL_BLRP_MAX_QUEUE_SIZE", "100"),
                ("OTEL_BLRP_SCHEDULE_DELAY", " 20 "),
                ("OTEL_BSP_MAX_QUEUE_SIZE", "1"),
            ],
            |variables| variables.of_logs(),
        );
        assert_eq!(
            (schedule.capacity, schedule.batch, schedule.delay),
            (100, 100, Duration::from_millis(20))
        );
        assert!(unread.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told_and_passed_over() {
        let (schedule, unread) = with(
            &[
                ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
                ("OTEL_BSP_SCHEDULE_DELAY", "-5"),
                ("OTEL_BSP_EXPORT_TIMEOUT", "99999999999999999999"),
            ],
            |variables| variables.of_spans(),
        );
        assert_eq!((schedule.capacity, schedule.delay), (2048, Duration::from_secs(5)));
        assert_eq!(
            unread,
            [
                "OTEL_BSP_MAX_QUEUE_SIZE: 0 is no size",
                "OTEL_BSP_SCHEDULE_DELAY: `-5` is no whole number",
                "OTEL_BSP_EXPORT_TIMEOUT: `99999999999999999999` is no whole number",
            ]
        );
    }

    #[test]
    fn samplers_have_the_names_of_the_specification() {
        for (name, argument, expected) in [
            ("always_off", "", "AlwaysOff"),
            ("traceidratio", "0.25", "TraceIdRatioBased(0.25)"),
            ("parentbased_traceidratio", "", "ParentBased(TraceIdRatioBased(1.0))"),
            ("parentbased_always_off", "", "ParentBased(AlwaysOff)"),
        ] {
            let variables = [("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument)];
            let (sampler, unread) = with(&variables, |variables| variables.sampler());
            assert_eq!((format!("{sampler:?}"), unread.len()), (expected.to_owned(), 0));
        }
        let variables = [("OTEL_TRACES_SAMPLER", "jaeger_remote"), ("OTEL_TRACES_SAMPLER_ARG", "7")];
        let (sampler, unread) = with(&variables, |variables| variables.sampler());
        assert_eq!(format!("{sampler:?}"), "ParentBased(AlwaysOn)");
        assert_eq!(unread.len(), 1, "{unread:?}");
    }

    #[test]
    fn a_variable_names_the_exits_that_a_signal_has() {
        let otlp = |variables: &[(&str, &str)]| {
            with(variables, |variables| variables.lets_out("OTEL_LOGS_EXPORTER", "otlp"))
        };
        assert!(otlp(&[]).0 && otlp(&[("OTEL_LOGS_EXPORTER", "console, otlp")]).0);
        assert!(!otlp(&[("OTEL_LOGS_EXPORTER", "none")]).0 && !otlp(&[("OTEL_LOGS_EXPORTER", "console")]).0);
        // What there isn't is passed over, as if the variable were not set.
        let (is_let_out, unread) = otlp(&[("OTEL_LOGS_EXPORTER", "zipkin")]);
        assert!(is_let_out);
        assert_eq!(
            unread,
            [
                "OTEL_LOGS_EXPORTER: there is no exporter `zipkin`: there are `otlp`, `console`, `prometheus`, `none`"
            ]
        );
        assert!(otlp(&[("OTEL_LOGS_EXPORTER", "OTLP")]).0);
    }

    #[test]
    fn propagators_can_be_switched_off() {
        let count = |names: &str| {
            let (propagators, unread) =
                with(&[("OTEL_PROPAGATORS", names)], |variables| variables.propagators());
            (propagators.len(), unread.len())
        };
        assert_eq!(
            [count(""), count("none"), count("baggage,baggage"), count("b3,tracecontext"), count("b3")],
            [(2, 0), (0, 0), (1, 0), (1, 1), (2, 1)]
        );
    }

    #[test]
    fn a_time_limit_of_0_is_none_and_a_pause_of_0_is_short() {
        let variables = [
            ("OTEL_BSP_EXPORT_TIMEOUT", "0"),
            ("OTEL_BSP_SCHEDULE_DELAY", "0"),
            ("OTEL_METRIC_EXPORT_TIMEOUT", "0"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
        ];
        let ((spans, metrics), unread) =
            with(&variables, |variables| (variables.of_spans(), variables.of_metrics()));
        assert!(unread.is_empty());
        assert_eq!((spans.patience.whole, metrics.patience.whole), (LONGEST, LONGEST));
        assert_eq!((spans.delay, metrics.interval), (Duration::from_millis(1), Duration::from_millis(1)));
    }

    #[test]
    fn limits_are_never_below_what_the_contract_needs() {
        let limits = |span_attributes, span_links| {
            let contract = Contract { span_attributes, span_links, ..Contract::EMPTY };
            let variables = [("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "10"), ("OTEL_SPAN_LINK_COUNT_LIMIT", "3")];
            let (limits, unread) = with(&variables, |variables| variables.limits(&contract));
            assert!(unread.is_empty());
            (limits.max_attributes_per_span, limits.max_links_per_span)
        };
        assert_eq!([limits(5, false), limits(40, true)], [(10, 3), (40, u32::MAX)]);
    }

    #[test]
    fn attributes_are_limited_for_a_signal_or_for_both() {
        let limits = [
            ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"),
            ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7"),
            ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "many"),
            ("OTEL_ATTRIBUTE_COUNT_LIMIT", "3"),
        ];
        let (most, unread) = with(&limits, |variables| variables.attribute_limits());
        assert_eq!(most, Most { span_value: Some(7), log_value: Some(100), log_attributes: Some(3) });
        assert_eq!(unread, ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: `many` is no whole number"]);
        assert_eq!(with(&[], |variables| variables.attribute_limits()).0, Most::default());
    }
}
