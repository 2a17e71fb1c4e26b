//! What metrics become under Prometheus. No two of them have a series in common, none has two names, and where a text is
//! scraped, it has a form for each, and names that no other takes.

use crate::hash::HashMap;

use slo_grammar::Place;
use slo_model::names::{PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::collision::written;
use super::labels::on_way;
use super::signals::of_instrument;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Buckets, Contract, Instrument, Target};
use crate::measure::kind_of;
use crate::text::with_article;

/// The target, as findings name it.
const PROMETHEUS: &str = Target::Prometheus.name();

/// What a metric's points say of its resource; Prometheus makes it of OTLP's resource.
const TARGET_INFO: &str = "target_info";

/// The family whose sample that is (OpenMetrics 1.0, "Supporting target metadata in both push-based and pull-based
/// systems").
const TARGET: &str = "target";

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    if !contract.targets.contains(&Target::Prometheus) {
        return;
    }
    forms(contract, diagnostics);
    let mut taken = Taken {
        contract,
        names: HashMap::default(),
        series: HashMap::default(),
        families: HashMap::default(),
    };
    for metric in firsts(contract) {
        taken.take(metric, diagnostics);
    }
}

/// A metric as it is recorded on one way.
#[derive(Clone, Copy)]
struct Named<'c> {
    metric: &'c Instrument,
    naming: PrometheusNaming,
}

/// Histograms with exponential buckets: a server gets them over OTLP, or scrapes them as protobuf. Each place that
/// records one is to be changed.
fn forms(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let exponential = |metric: &&Instrument| metric.buckets() == Some(&Buckets::Exponential);
    for metric in contract.all_instruments().filter(exponential) {
        let naming = contract.naming(metric);
        if !naming.way.is_scraped() {
            continue;
        }
        let message =
            format!("`{}` has exponential buckets, and the text that is scraped has none", metric.name);
        let place = contract.places.place(metric.buckets_node.unwrap_or(metric.node));
        let finding = Diagnostic::new(Code::Unwritable, place, message).about(&metric.name).about(PROMETHEUS).help(
            "give it buckets, such as `buckets=[0.005, 0.05, 0.5, 5]`, or send its scope's points by `otlp`",
        );
        diagnostics.push(on_way(finding, naming.way));
    }
}

/// The metrics, each where it is recorded first on a way, in the order of the text, so that of two the second one is reported.
fn firsts(contract: &Contract) -> Vec<Named<'_>> {
    let mut firsts: Vec<Named<'_>> =
        contract.all_instruments().map(|metric| Named { metric, naming: contract.naming(metric) }).collect();
    let mut seen = crate::hash::HashSet::default();
    firsts.retain(|named| seen.insert((named.metric.name.as_str(), named.naming.way)));
    crate::sort::by_key(&mut firsts, |named| contract.places.place(named.metric.node));
    firsts
}

/// The names that metrics have.
struct Taken<'c> {
    contract: &'c Contract,
    /// Metrics by their names in the contract, with those in the server.
    names: HashMap<&'c str, (Named<'c>, String)>,
    /// Series, with the metrics whose they are.
    series: HashMap<String, Named<'c>>,
    /// What families of a way's text keep to themselves, with their metrics.
    families: HashMap<(PrometheusWay, String), Named<'c>>,
}

impl<'c> Taken<'c> {
    fn place(&self, metric: &Instrument) -> Place {
        self.contract.places.place(metric.node)
    }

    /// Takes the names of a metric, or reports what they are already.
    fn take(&mut self, named: Named<'c>, diagnostics: &mut Vec<Diagnostic>) {
        let Named { metric, naming } = named;
        let Some(kind) = kind_of(metric) else { return };
        let (name, unit) = (&metric.name, &metric.unit);
        let has_name = |name: &String| !name.is_empty() && !name.contains('\u{fffd}');
        let own = naming.metric(name, unit, kind).filter(has_name);
        let series = naming.series(name, unit, kind).filter(|series| series.iter().all(has_name));
        let (Some(own), Some(series)) = (own, series) else {
            let message = format!("Prometheus has no name for `{name}` under {naming}");
            let finding = Diagnostic::new(Code::Unnameable, self.place(metric), message)
                .about(name)
                .about(PROMETHEUS)
                .help("choose a name with an ASCII letter or digit, or another translation strategy");
            diagnostics.push(on_way(finding, naming.way));
            return;
        };
        let family = naming.family(name, unit, kind);
        self.reserved(named, &series, &family, diagnostics);
        if let Some((first, first_own)) = self.names.get(name.as_str()) {
            if *first_own != own {
                diagnostics.push(self.two_names(name, (first, first_own), (&named, &own)));
                return;
            }
            diagnostics.extend(self.two_labels(first, &named));
        } else {
            self.names.insert(name, (named, own));
        }
        let other = |first: &&Named<'_>| first.metric.name != *name;
        if let Some((name, first)) =
            series.iter().find_map(|name| Some((name, self.series.get(name).filter(other)?)))
        {
            diagnostics.push(self.one_series(name, *first, named));
            return;
        }
        let clash = family.iter().find_map(|name| {
            let first = self.families.get(&(naming.way, name.clone()));
            Some((name, first.filter(other)?))
        });
        if let Some((name, first)) = clash {
            diagnostics.push(self.one_family(name, *first, named));
        }
        for name in series {
            self.series.entry(name).or_insert(named);
        }
        for name in family {
            self.families.entry((naming.way, name)).or_insert(named);
        }
    }

    /// Reports what Prometheus keeps for itself, and OpenMetrics text where a metric has a family in it.
    fn reserved(
        &self,
        Named { metric, naming }: Named<'_>,
        series: &[String],
        family: &[String],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let report = |message: String| {
            let finding = Diagnostic::new(Code::Reserved, self.place(metric), message);
            on_way(finding.about(&metric.name).about(PROMETHEUS).help("choose another name"), naming.way)
        };
        let name = &metric.name;
        let is = |names: &[String], searched: &str| names.iter().any(|name| name == searched);
        // A histogram of that name is no series of it, and takes the exporter's own away all the same.
        let of_family = !naming.way.is_open_metrics() && is(family, TARGET_INFO);
        if naming.way.has_resource() && (is(series, TARGET_INFO) || of_family) {
            diagnostics.push(report(format!(
                "`{name}` becomes `{TARGET_INFO}`, in which Prometheus keeps the resource"
            )));
            return;
        }
        let Some(own) = family.first() else { return };
        let keeps_target = naming.way.is_open_metrics() || naming.way == PrometheusWay::Java;
        let why = if naming.way.is_open_metrics() && own.starts_with('_') {
            "and OpenMetrics text keeps names for itself that begin with `_`"
        } else if keeps_target && (is(family, TARGET) || is(family, TARGET_INFO)) {
            "and OpenMetrics text keeps the resource in the family `target`"
        } else {
            return;
        };
        diagnostics.push(report(format!("`{name}` becomes the family `{own}`, {why}")));
    }

    /// The first label of a metric that is called differently on two ways.
    fn two_labels(&self, first: &Named<'_>, second: &Named<'_>) -> Option<Diagnostic> {
        let keys = written(self.contract, &of_instrument(None, second.metric));
        keys.iter().find_map(|written| {
            let labels = [first, second].map(|named| named.naming.label(written.key()));
            let [Some(first_own), Some(second_own)] = labels else { return None };
            let differ = first_own != second_own;
            differ.then(|| self.two_names(written.key(), (first, &first_own), (second, &second_own)))
        })
    }

    /// One metric that reaches the server on two ways, and is called differently there, or has a label that is.
    fn two_names(
        &self,
        name: &str,
        (first, first_own): (&Named<'_>, &str),
        (second, second_own): (&Named<'_>, &str),
    ) -> Diagnostic {
        let (way, first_way) = (second.naming.way, first.naming.way);
        let metric = &second.metric.name;
        let of = if name == metric { String::new() } else { format!(" of `{metric}`") };
        let message = format!("`{name}`{of} is `{first_own}` by `{first_way}` and `{second_own}` by `{way}`");
        Diagnostic::new(Code::MetricNames, self.place(second.metric), message)
            .about_all((name != metric).then_some(name))
            .about(metric)
            .about(first_way.name())
            .about(way.name())
            .and(self.place(first.metric), format!("by `{first_way}`: `{first_own}`"))
            .here(format!("by `{way}`: `{second_own}`"))
            .help("record it in scopes whose points reach the server on one way, or choose a name that both ways keep: a query of one name misses the other")
            .note("`slo.toml` says the ways, under `[prometheus]`: `ways`")
    }

    /// Two metrics that have a series in common.
    fn one_series(&self, name: &str, first: Named<'_>, second: Named<'_>) -> Diagnostic {
        let under = match first.naming == second.naming {
            true => format!("under {}", second.naming),
            false => format!("in one server, by `{}` and by `{}`", first.naming.way, second.naming.way),
        };
        let message = format!(
            "`{}` and `{}` both have the series `{name}` {under}",
            first.metric.name, second.metric.name
        );
        let loss = match first.naming == second.naming {
            true => second.naming.way.metrics_meet(),
            // They are two targets: nobody sees both.
            false => PrometheusLoss::FirstKept,
        };
        let help = match loss {
            PrometheusLoss::FirstKept => {
                "choose another name: the server joins them without a word".to_owned()
            }
            loss => format!("choose another name: {}", loss.words()),
        };
        self.joined([first, second], message)
            .and(self.place(first.metric), shown(first.metric))
            .here(shown(second.metric))
            .help(help)
    }

    /// Two metrics of one text, of which one family takes a name of the other.
    fn one_family(&self, name: &str, first: Named<'_>, second: Named<'_>) -> Diagnostic {
        let naming = second.naming;
        let text = if naming.way.is_open_metrics() { "OpenMetrics text" } else { "one text" };
        let message = format!(
            "`{}` and `{}` both take the name `{name}` in {text} under {naming}",
            first.metric.name, second.metric.name
        );
        let help = match naming.way.metrics_meet() {
            loss if !naming.way.is_open_metrics() => format!("choose another name: {}", loss.words()),
            _ => "choose another name: a family keeps its own name, and what its samples may be called"
                .to_owned(),
        };
        self.joined([first, second], message)
            .and(self.place(first.metric), of_family(first))
            .here(of_family(second))
            .help(help)
    }

    fn joined(&self, [first, second]: [Named<'_>; 2], message: String) -> Diagnostic {
        let finding = Diagnostic::new(Code::MetricsJoin, self.place(second.metric), message)
            .about(&first.metric.name)
            .about(&second.metric.name)
            .about(PROMETHEUS);
        on_way(finding, second.naming.way)
    }
}

fn of_family(Named { metric, naming }: Named<'_>) -> String {
    let family = kind_of(metric).map(|kind| naming.family(&metric.name, &metric.unit, kind));
    let family = family.and_then(|names| names.into_iter().next()).unwrap_or_default();
    format!("{}: the family `{family}`", shown(metric))
}

fn shown(instrument: &Instrument) -> String {
    let kind = instrument.kind.known().map_or("", |kind| kind.name());
    match instrument.unit.as_str() {
        "" => format!("{} without a unit", with_article(kind)),
        unit => format!("{} in `{unit}`", with_article(kind)),
    }
}
