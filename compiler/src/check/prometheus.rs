//! What metrics become under Prometheus. No two of them have a series in common, and where the program itself is scraped,
//! OpenMetrics text has a form for each, and names that no other takes.

use crate::hash::{HashMap, HashSet};

use slo_grammar::Place;
use slo_model::names::{OpenMetricsFamily, TranslationStrategy, open_metrics_family, prometheus_series};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Buckets, Contract, Instrument, Target};
use crate::measure::kind_of;
use crate::text::with_article;

/// What a metric's points say of its resource; Prometheus makes it of OTLP's resource.
const TARGET_INFO: &str = "target_info";

/// The family whose sample that is (OpenMetrics 1.0, "Supporting target metadata in both push-based and pull-based
/// systems").
const TARGET: &str = "target";

/// Why something is found that would be none if the server were sent OTLP.
pub(super) const SCRAPED: &str = "`slo.toml` has the program scraped, under `[prometheus]`: `scrape`";

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    if !contract.targets.contains(&Target::Prometheus) {
        return;
    }
    if contract.is_scraped() {
        forms(contract, diagnostics);
    }
    let mut taken = Taken {
        contract,
        strategy: contract.prometheus.strategy(),
        series: HashMap::default(),
        families: HashMap::default(),
    };
    for metric in firsts(contract) {
        taken.take(metric, diagnostics);
    }
}

/// Histograms with exponential buckets: a server gets them over OTLP, or scrapes them as protobuf. Each place that
/// records one is to be changed.
fn forms(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let exponential = |metric: &&Instrument| metric.buckets() == Some(&Buckets::Exponential);
    for metric in contract.all_instruments().filter(exponential) {
        let message = format!("`{}` has exponential buckets, and OpenMetrics text has none", metric.name);
        diagnostics.push(
        Diagnostic::new(Code::Unwritable, contract.places.place(metric.buckets_node.unwrap_or(metric.node)), message)
            .about(&metric.name)
            .help("give it buckets, such as `buckets=[0.005, 0.05, 0.5, 5]`, or take `scrape` out and send it over OTLP")
            .note(SCRAPED),
        );
    }
}

/// The metrics, each where it is recorded first, in the order of the text, so that of two the second one is reported.
fn firsts(contract: &Contract) -> Vec<&Instrument> {
    let mut seen = HashSet::default();
    let mut firsts: Vec<&Instrument> =
        contract.all_instruments().filter(|metric| seen.insert(metric.name.as_str())).collect();
    crate::sort::by_key(&mut firsts, |metric| contract.places.place(metric.node));
    firsts
}

/// The names that metrics have.
struct Taken<'c> {
    contract: &'c Contract,
    strategy: TranslationStrategy,
    /// Series, with the metrics whose they are.
    series: HashMap<String, &'c Instrument>,
    /// What families of the text keep to themselves, with these families and their metrics.
    families: HashMap<String, (&'c Instrument, String)>,
}

impl<'c> Taken<'c> {
    fn place(&self, metric: &Instrument) -> Place {
        self.contract.places.place(metric.node)
    }

    /// Takes the names of a metric, or reports what they are already.
    fn take(&mut self, metric: &'c Instrument, diagnostics: &mut Vec<Diagnostic>) {
        let strategy = self.strategy;
        let Some(kind) = kind_of(metric) else { return };
        let series = prometheus_series(&metric.name, &metric.unit, kind, strategy)
            .filter(|series| !series.iter().any(|name| name.is_empty() || name.contains('\u{fffd}')));
        let Some(series) = series else {
            let message = format!("Prometheus has no name for `{}` under {strategy}", metric.name);
            diagnostics.push(
                Diagnostic::new(Code::Unnameable, self.place(metric), message)
                    .about(&metric.name)
                    .help("choose a name with an ASCII letter or digit, or another translation strategy"),
            );
            return;
        };
        let family = open_metrics_family(&metric.name, &metric.unit, kind, strategy)
            .filter(|_| self.contract.is_scraped());
        self.reserved(metric, &series, family.as_ref(), diagnostics);
        if let Some((name, first)) = series.iter().find_map(|name| Some((name, self.series.get(name)?))) {
            diagnostics.push(
                self.joined(
                    [first, metric],
                    format!(
                        "`{}` and `{}` both have the series `{name}` under {strategy}",
                        first.name, metric.name
                    ),
                )
                .and(self.place(first), shown(first))
                .here(shown(metric))
                .help("choose another name: the server joins them without a word"),
            );
            return;
        }
        for name in series {
            self.series.insert(name, metric);
        }
        if let Some(family) = family {
            self.take_family(metric, &family, diagnostics);
        }
    }

    /// Reports what Prometheus keeps for itself, and OpenMetrics text where a metric has a family in it.
    fn reserved(
        &self,
        metric: &Instrument,
        series: &[String],
        family: Option<&OpenMetricsFamily>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let report = |message: String| {
            Diagnostic::new(Code::Reserved, self.place(metric), message)
                .about(&metric.name)
                .help("choose another name")
        };
        let name = &metric.name;
        if series.iter().any(|name| name == TARGET_INFO) {
            diagnostics.push(report(format!(
                "`{name}` becomes `{TARGET_INFO}`, in which Prometheus keeps the resource"
            )));
            return;
        }
        let Some(family) = family else { return };
        let why = if family.name.starts_with('_') {
            "and OpenMetrics text keeps names for itself that begin with `_`"
        } else if family.names().any(|name| name == TARGET || name == TARGET_INFO) {
            "and OpenMetrics text keeps the resource in the family `target`"
        } else {
            return;
        };
        let message = format!("`{name}` becomes the family `{}`, {why}", family.name);
        diagnostics.push(report(message).note(SCRAPED));
    }

    /// Takes the names of a family in the text, which has each of them once.
    fn take_family(
        &mut self,
        metric: &'c Instrument,
        family: &OpenMetricsFamily,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let names: Vec<String> = family.names().collect();
        let clash = names.iter().find_map(|name| Some((name, self.families.get(name)?)));
        if let Some((name, (first, first_family))) = clash {
            diagnostics.push(
                self.joined(
                    [first, metric],
                    format!(
                        "`{}` and `{}` both take the name `{name}` in OpenMetrics text under {}",
                        first.name, metric.name, self.strategy
                    ),
                )
                .and(self.place(first), of_family(first, first_family))
                .here(of_family(metric, &family.name))
                .help("choose another name: a family keeps its own name, and what its samples may be called")
                .note(SCRAPED),
            );
            return;
        }
        for name in names {
            self.families.insert(name, (metric, family.name.clone()));
        }
    }

    fn joined(&self, metrics: [&Instrument; 2], message: String) -> Diagnostic {
        let [first, metric] = metrics;
        Diagnostic::new(Code::MetricsJoin, self.place(metric), message).about(&first.name).about(&metric.name)
    }
}

fn of_family(metric: &Instrument, family: &str) -> String {
    format!("{}: the family `{family}`", shown(metric))
}

fn shown(instrument: &Instrument) -> String {
    let kind = instrument.kind.known().map_or("", |kind| kind.name());
    match instrument.unit.as_str() {
        "" => format!("{} without a unit", with_article(kind)),
        unit => format!("{} in `{unit}`", with_article(kind)),
    }
}
