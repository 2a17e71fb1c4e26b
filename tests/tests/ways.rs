//! What a Prometheus server really shows of the texts that SDKs' exporters write, compared with what `slo_model::names` says of
//! these ways.
#![allow(clippy::print_stdout, reason = "the counts show what a run has tried")]

#[path = "../exporters/case.rs"]
mod case;
#[path = "../exporters/endpoint.rs"]
mod endpoint;
// Lists read better in lines than in columns.
#[rustfmt::skip]
#[path = "../exporters/rows.rs"]
mod rows;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use case::{Case, SCOPE, cases};
use serde_json::{Value, json};
use slo_model::names::{MetricKind, PrometheusLoss, PrometheusNaming, PrometheusWay, TranslationStrategy};

use crate::prometheus::case::MARK;
use crate::prometheus::message::Metric;
use crate::prometheus::process::Server;
use crate::prometheus::seed_and_count;

const WAYS: [PrometheusWay; 4] =
    [PrometheusWay::Go, PrometheusWay::Python, PrometheusWay::JavaScript, PrometheusWay::Rust];

const PATIENCE: Duration = Duration::from_secs(120);

type Labels = BTreeMap<String, String>;

/// Series, with their values.
type Series = BTreeMap<Labels, String>;

/// A metric, and the labels of its point.
type Point<'m> = (&'m Metric, Labels);

/// What the server has of a case; nothing where the target is down.
type Shown = Option<Series>;

#[test]
#[ignore = "needs exporters and a Prometheus server: tests/prometheus/exporters builds them"]
fn exporters_write_what_the_model_says() {
    let (seed, count) = seed_and_count(1_000);
    let (mut tried, mut pages) = (Vec::new(), HashMap::new());
    for (index, way) in WAYS.into_iter().enumerate() {
        let naming = PrometheusNaming { way, strategy: TranslationStrategy::default() };
        let mut whole = [0; 32];
        whole[..8].copy_from_slice(&seed.to_le_bytes());
        whole[8] = index as u8;
        let cases = cases(naming, whole, count);
        let Some(written) = endpoint::pages(way, &cases) else {
            assert_eq!(way, PrometheusWay::JavaScript, "run tests/prometheus/exporters");
            println!("{way}: left out, no exporter");
            continue;
        };
        pages.extend(written.into_iter().enumerate().map(|(index, page)| (path(way, index), page)));
        tried.push((naming, cases));
    }
    let mut shown = scraped(pages);
    let mut differences = Vec::new();
    for (naming, cases) in &tried {
        let (mut down, mut met, mut loose) = (0, 0, 0);
        for (index, case) in cases.iter().enumerate() {
            let (page, found) = shown.remove(&path(naming.way, index)).unwrap();
            let allowed = allowed(*naming, case);
            down += usize::from(found.is_none());
            met += usize::from(case.len() == 2 && meet(*naming, &case[0], &case[1]));
            loose += usize::from(allowed.len() > 1);
            if !allowed.contains(&found) {
                differences.push(format!(
                    "\n{}, case {index}: {case:#?}\n{page}\nexpected one of: {allowed:#?}\nshown: {found:#?}",
                    naming.way
                ));
            }
        }
        let all = cases.len();
        println!(
            "{}: {all} cases, {down} of them down, {met} of metrics that meet, {loose} with two outcomes",
            naming.way
        );
    }
    assert!(
        differences.is_empty(),
        "{}\n{} differences, SLO_PROMETHEUS_SEED={seed} SLO_PROMETHEUS_CASES={count}",
        differences.join("\n"),
        differences.len()
    );
}

fn path(way: PrometheusWay, index: usize) -> String {
    format!("/{way}/{index}")
}

/// Has a server scrape each page as a target of its own, and says what it has of each.
fn scraped(pages: HashMap<String, endpoint::Page>) -> HashMap<String, (String, Shown)> {
    let mut all: HashMap<String, (String, Shown)> =
        pages.iter().map(|(path, page)| (path.clone(), (page.to_string(), None))).collect();
    let count = pages.len().to_string();
    let paths: Vec<String> = pages.keys().cloned().collect();
    let address = endpoint::serve(pages).to_string();
    let target =
        |path: &String| json!({ "targets": [address], "labels": { MARK: path, "__metrics_path__": path } });
    let server = Server::configured(&json!({
        "global": { "scrape_interval": "10s", "scrape_timeout": "10s" },
        "scrape_configs": [{
            "job_name": "ways",
            "static_configs": paths.iter().map(target).collect::<Vec<_>>(),
        }],
    }));
    let end = Instant::now() + PATIENCE;
    while server.ask("query", "query", "count(up)")["result"][0]["value"][1] != count.as_str() {
        assert!(Instant::now() < end, "not every target was scraped");
        std::thread::sleep(Duration::from_millis(500));
    }
    let samples = server.ask("query", "query", &format!("{{{MARK}!=\"\"}}"));
    let samples = samples["result"].as_array().unwrap().iter().map(|sample: &Value| {
        let labels: Labels = serde_json::from_value(sample["metric"].clone()).unwrap();
        (labels, sample["value"][1].as_str().unwrap().to_owned())
    });
    for (mut labels, value) in samples {
        let (_, shown) = all.get_mut(&labels.remove(MARK).unwrap()).unwrap();
        // The target's own, on every series.
        labels.retain(|label, _| label != "job" && label != "instance");
        match labels["__name__"].as_str() {
            "up" if value == "0" => assert_eq!(*shown, None),
            "up" => _ = shown.get_or_insert_default(),
            "target_info" => {}
            name if name.starts_with("scrape_") => {}
            _ => _ = shown.get_or_insert_default().insert(labels, value),
        }
    }
    all
}

/// What the server may show of a case.
fn allowed(naming: PrometheusNaming, case: &Case) -> Vec<Shown> {
    let mut points = Vec::new();
    for metric in without_gone(naming, case) {
        match labels(naming, metric) {
            Ok(labels) => points.push((metric, labels)),
            Err(PrometheusLoss::MetricGone) => {}
            Err(PrometheusLoss::TargetDown) => return vec![None],
            Err(loss) => panic!("{loss:?} of {metric:?}"),
        }
    }
    match &points[..] {
        [first, second] if meet(naming, first.0, second.0) => joined(naming, first, second),
        points => vec![Some(together(points.iter().map(|(metric, labels)| series(naming, metric, labels))))],
    }
}

/// The metrics that are in the text where two of one name and two kinds are left out: both, or the second.
fn without_gone(naming: PrometheusNaming, case: &Case) -> &[Metric] {
    match &case[..] {
        [first, second]
            if naming.way.metrics_meet() == PrometheusLoss::MetricGone
                && of_one_name(naming, first, second)
                && kind(first) != kind(second) =>
        {
            if naming.way == PrometheusWay::JavaScript {
                &[]
            } else {
                &case[..1]
            }
        }
        all => all,
    }
}

/// The labels of a point as they are in the text, or what happens to more than the attributes.
fn labels(naming: PrometheusNaming, metric: &Metric) -> Result<Labels, PrometheusLoss> {
    let way = naming.way;
    let mut labels: Labels = SCOPE.map(|(label, value)| (label.to_owned(), value.to_owned())).into();
    let mut attributes: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for (key, value) in &metric.attributes {
        match naming.label(key) {
            Some(label) => attributes.entry(label).or_default().push((key, value)),
            None if way.label_missing() == PrometheusLoss::Lost => {}
            None => return Err(way.label_missing()),
        }
    }
    for (label, mut values) in attributes {
        match way.reserved(&label, metric.kind) {
            Some(loss @ (PrometheusLoss::MetricGone | PrometheusLoss::TargetDown)) => return Err(loss),
            // What the exporter writes stands as an attribute whose key is the label.
            Some(PrometheusLoss::Joined) => {
                let (own, value) = SCOPE.into_iter().find(|(own, _)| *own == label).unwrap();
                values.insert(0, (own, value));
            }
            // A bucket's bound takes its place later on.
            _ => {}
        }
        match way.labels_meet() {
            PrometheusLoss::Joined => {}
            PrometheusLoss::LastKept => _ = values.drain(..values.len() - 1),
            loss if values.len() > 1 => return Err(loss),
            _ => {}
        }
        match way {
            PrometheusWay::Go => values.sort_by_key(|(_, value)| *value),
            _ => values.sort_by_key(|(key, _)| *key),
        }
        let values: Vec<&str> = values.into_iter().map(|(_, value)| value).collect();
        labels.insert(label, values.join(";"));
    }
    Ok(labels)
}

/// The series of a metric with these labels in its text, as the server has them.
fn series(naming: PrometheusNaming, metric: &Metric, labels: &Labels) -> Series {
    let mut all = Series::new();
    for name in naming.series(&metric.name, &metric.unit, metric.kind).unwrap() {
        let of_histogram = |part: &str| metric.kind == MetricKind::Histogram && name.ends_with(part);
        let within = if metric.value > case::BOUND { "0" } else { "1" };
        let samples = if of_histogram("_bucket") {
            vec![(Some("1.0"), within.to_owned()), (Some("+Inf"), "1".to_owned())]
        } else if of_histogram("_count") {
            vec![(None, "1".to_owned())]
        } else {
            vec![(None, metric.value.to_string())]
        };
        for (bound, value) in samples {
            let mut shown = Labels::from([("__name__".to_owned(), name.clone())]);
            for (label, value) in labels.iter().filter(|(_, value)| !value.is_empty()) {
                let renamed = naming.way.reserved(label, metric.kind) == Some(PrometheusLoss::Renamed);
                let shown_label = if renamed { format!("exported_{label}") } else { label.clone() };
                // The server writes a bound in its own way, whoever made it.
                let bound = value.parse::<f64>().ok().filter(|_| of_histogram("") && label == "le");
                shown.insert(shown_label, bound.map_or_else(|| value.clone(), |bound| format!("{bound:?}")));
            }
            shown.extend(bound.map(|bound| ("le".to_owned(), bound.to_owned())));
            all.insert(shown, value);
        }
    }
    all
}

/// Of a series that stands twice in a text, the server has the first.
fn together(all: impl DoubleEndedIterator<Item = Series>) -> Series {
    all.rev().flatten().collect()
}

/// Whether the model says that two metrics have a name in common, as `slo check` asks it.
fn meet(naming: PrometheusNaming, first: &Metric, second: &Metric) -> bool {
    let series = |metric: &Metric| naming.series(&metric.name, &metric.unit, metric.kind).unwrap();
    let family = |metric: &Metric| naming.family(&metric.name, &metric.unit, metric.kind);
    let common = |first: Vec<String>, second: Vec<String>| first.iter().any(|name| second.contains(name));
    common(series(first), series(second)) || common(family(first), family(second))
}

fn of_one_name(naming: PrometheusNaming, first: &Metric, second: &Metric) -> bool {
    let name = |metric: &Metric| naming.metric(&metric.name, &metric.unit, metric.kind).unwrap();
    name(first) == name(second)
}

/// The kind as a text has it, which knows no other sum than a counter.
fn kind(metric: &Metric) -> MetricKind {
    match metric.kind {
        MetricKind::UpDownCounter => MetricKind::Gauge,
        kind => kind,
    }
}

/// What the server may show of two metrics that have a name in common, where both are in the text.
///
/// The model says the worst that happens, which isn't what always does: points of one kind that differ in a label stand beside each
/// other, and a series of a histogram's that is another metric's too stands there twice.
fn joined<'p>(naming: PrometheusNaming, mut first: &'p Point<'p>, mut second: &'p Point<'p>) -> Vec<Shown> {
    let of_one_name = of_one_name(naming, first.0, second.0);
    // Two of the exporters sort what they write by name, and then by the number of labels.
    let place =
        |(metric, labels): &Point<'_>| (naming.metric(&metric.name, &metric.unit, metric.kind), labels.len());
    let sorted = matches!(naming.way, PrometheusWay::Go | PrometheusWay::Rust);
    if sorted && place(second) < place(first) {
        (first, second) = (second, first);
    }
    let shown = |(metric, labels): &Point<'_>| series(naming, metric, labels);
    let both = Some(together([shown(first), shown(second)].into_iter()));
    match naming.way.metrics_meet() {
        PrometheusLoss::TargetDown
            if of_one_name && kind(first.0) == kind(second.0) && first.1 != second.1 =>
        {
            vec![both]
        }
        PrometheusLoss::TargetDown => vec![None],
        PrometheusLoss::MetricGone => vec![both],
        // Metrics whose names are one before units are appended have the labels' names of the first, and whatever values they have
        // themselves; the model doesn't say which do.
        PrometheusLoss::FirstKept => {
            let mixed: Labels = first.1.keys().cloned().zip(second.1.values().cloned()).collect();
            vec![both, Some(together([shown(first), series(naming, second.0, &mixed)].into_iter()))]
        }
        loss => panic!("{loss:?} of two metrics"),
    }
}
