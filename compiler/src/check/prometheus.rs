//! What metrics become under Prometheus. No two of them have a series in common, none has two names, and where a text is
//! scraped, it has a form for each, and names that no other takes.

use std::collections::{BTreeMap, BTreeSet};

use crate::hash::{HashMap, HashSet};

use slo_grammar::Place;
use slo_model::names::{PrometheusLoss, PrometheusNaming, PrometheusWay};

use super::collision::written;
use super::labels::on_way;
use super::signals::of_instrument;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Buckets, Contract, Instrument, Target};
use crate::measure::kind_of;
use crate::text::{list_of, with_article};

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
    let mut taken =
        Taken { contract, names: HashMap::default(), series: BTreeMap::new(), families: BTreeMap::new() };
    let metrics = firsts(contract);
    for metric in &metrics {
        taken.take(*metric, diagnostics);
    }
    taken.joined(diagnostics);
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
    /// Series, with the metrics whose they are, in the order of the text.
    series: BTreeMap<String, Vec<Named<'c>>>,
    /// What families of a way's text keep to themselves, with their metrics.
    families: BTreeMap<(&'static str, String), Vec<Named<'c>>>,
}

/// A name that several metrics have.
struct Clash<'c, 't> {
    name: &'t str,
    /// The metrics, in the order of the text, each once.
    of: Vec<Named<'c>>,
    /// Whether it is a series, and not a family of one text.
    is_series: bool,
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
            } else {
                diagnostics.extend(self.two_labels(first, &named));
            }
        } else {
            self.names.insert(name, (named, own));
        }
        for name in series {
            self.series.entry(name).or_default().push(named);
        }
        for name in family {
            self.families.entry((naming.way.name(), name)).or_default().push(named);
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

    /// Reports the metrics that have a name in common: all that have one are told of together, whichever comes first.
    fn joined(&self, diagnostics: &mut Vec<Diagnostic>) {
        let series = self.series.iter().map(|(name, of)| (name, of, true));
        let families = self.families.iter().map(|((_, name), of)| (name, of, false));
        let mut clashes: Vec<Clash<'_, '_>> = Vec::new();
        for (name, of, is_series) in series.chain(families).filter(|(_, of, _)| of.len() > 1) {
            let mut seen = HashSet::default();
            let of: Vec<Named<'_>> =
                of.iter().filter(|one| seen.insert(one.metric.name.as_str())).copied().collect();
            if of.len() > 1 {
                clashes.push(Clash { name, of, is_series });
            }
        }
        // What some of them have in common is told with what all have.
        clashes.sort_by_key(|clash| (usize::MAX - clash.of.len(), !clash.is_series));
        let mut told: Vec<BTreeSet<&str>> = Vec::new();
        for clash in clashes {
            let names: BTreeSet<&str> = clash.of.iter().map(|one| one.metric.name.as_str()).collect();
            if !told.iter().any(|known| known.is_superset(&names)) {
                diagnostics.extend(self.clash_finding(&clash));
                told.push(names);
            }
        }
    }

    /// That several metrics have one name: it stands at the second of them.
    fn clash_finding(&self, clash: &Clash<'c, '_>) -> Option<Diagnostic> {
        let [first, second, ..] = clash.of.as_slice() else { return None };
        let (message, help) = match clash.is_series {
            true => one_series(clash.name, *first, *second),
            false => one_family(clash.name, *first, *second),
        };
        let says: fn(&Named<'_>) -> String = match clash.is_series {
            true => |named| shown(named.metric),
            false => |named| of_family(*named),
        };
        let mut finding = Diagnostic::new(Code::MetricsJoin, self.place(second.metric), message)
            .about(&first.metric.name)
            .about(&second.metric.name)
            .about(PROMETHEUS)
            .and(self.place(first.metric), says(first))
            .here(says(second))
            .help(help);
        for other in clash.of.iter().skip(2) {
            finding = finding.about(&other.metric.name).and(self.place(other.metric), says(other));
        }
        let more: Vec<String> = clash.of.iter().skip(2).map(|one| format!("`{}`", one.metric.name)).collect();
        if !more.is_empty() {
            let verb = if more.len() == 1 { "has" } else { "have" };
            finding = finding.note(format!("{} {verb} it, too", list_of(&more)));
        }
        // Of a metric that several ways bring it is about all of them.
        let of_names = |one: &&Named<'_>| clash.of.iter().any(|of| of.metric.name == one.metric.name);
        let all = match clash.is_series {
            true => self.series.get(clash.name),
            false => self.families.get(&(second.naming.way.name(), clash.name.to_owned())),
        };
        let others = all.into_iter().flatten().filter(of_names).map(|one| one.naming.way);
        let others = others.filter(|way| *way != PrometheusWay::default()).map(PrometheusWay::name);
        Some(on_way(finding, second.naming.way).about_all(others))
    }
}

/// Two metrics that have a series in common: what to say, and what to do.
fn one_series(name: &str, first: Named<'_>, second: Named<'_>) -> (String, String) {
    let under = match first.naming == second.naming {
        true => format!("under {}", second.naming),
        false => format!("in one server, by `{}` and by `{}`", first.naming.way, second.naming.way),
    };
    let message =
        format!("`{}` and `{}` both have the series `{name}` {under}", first.metric.name, second.metric.name);
    let loss = match first.naming == second.naming {
        true => second.naming.way.metrics_meet(),
        // They are two targets: nobody sees both.
        false => PrometheusLoss::FirstKept,
    };
    let help = match loss {
        PrometheusLoss::FirstKept => "choose another name: the server joins them without a word".to_owned(),
        loss => format!("choose another name: {}", loss.words()),
    };
    (message, help)
}

/// Two metrics of one text, of which one family takes a name of the other.
fn one_family(name: &str, first: Named<'_>, second: Named<'_>) -> (String, String) {
    let naming = second.naming;
    let text = if naming.way.is_open_metrics() { "OpenMetrics text" } else { "one text" };
    let message = format!(
        "`{}` and `{}` both take the name `{name}` in {text} under {naming}",
        first.metric.name, second.metric.name
    );
    let help = match naming.way.metrics_meet() {
        loss if !naming.way.is_open_metrics() => format!("choose another name: {}", loss.words()),
        _ => {
            "choose another name: a family keeps its own name, and what its samples may be called".to_owned()
        }
    };
    (message, help)
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
