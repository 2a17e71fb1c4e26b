//! What a Prometheus server really makes of metrics, compared with what `slo_model::names` says of it.
#![allow(clippy::print_stdout, reason = "the seed is what a failed run is repeated with")]

#[path = "../prometheus/case.rs"]
pub(crate) mod case;
#[path = "../prometheus/message.rs"]
pub(crate) mod message;
#[path = "../prometheus/process.rs"]
pub(crate) mod process;
// Lists read better in lines than in columns.
#[rustfmt::skip]
#[path = "../prometheus/texts.rs"]
pub(crate) mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use case::{Case, MARK, PROMOTED, cases};
use message::{Attributes, BOUNDS, Metric, Scope, request, request_at};
use process::Server;
use slo_model::names::{
    MetricKind, PrometheusPoint, PrometheusScope, TranslationStrategy, prometheus_labels,
    prometheus_reserved, prometheus_series,
};

/// The labels of a series, its name among them.
type Series = BTreeMap<String, String>;

const IDENTIFYING: [&str; 3] = ["service.name", "service.namespace", "service.instance.id"];

#[test]
#[ignore = "needs a Prometheus server: tests/prometheus/server builds one"]
fn the_server_shows_what_the_model_says() {
    let (seed, count) = seed_and_count(4_500);
    let mut differences = Vec::new();
    for (index, strategy) in TranslationStrategy::ALL.into_iter().enumerate() {
        // A third of the cases go to a server that makes labels of scopes.
        for (scopes, count) in [(false, count - count / 3), (true, count / 3)] {
            let mut whole = [0; 32];
            whole[..8].copy_from_slice(&seed.to_le_bytes());
            whole[8..10].copy_from_slice(&[index as u8, scopes.into()]);
            compare(strategy, scopes, &cases(whole, count), &mut differences);
        }
    }
    assert!(
        differences.is_empty(),
        "{}\n{} differences, SLO_PROMETHEUS_SEED={seed} SLO_PROMETHEUS_CASES={count}",
        differences.join("\n"),
        differences.len()
    );
}

/// What the random cases are made of, and their number, where the environment doesn't say another.
pub(crate) fn seed_and_count(count: u64) -> (u64, usize) {
    let seed = from_environment("SLO_PROMETHEUS_SEED").unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64 % 1_000_000_000
    });
    let count = from_environment("SLO_PROMETHEUS_CASES").unwrap_or(count) as usize;
    println!("SLO_PROMETHEUS_SEED={seed} SLO_PROMETHEUS_CASES={count}");
    (seed, count)
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect(name))
}

/// Sends each case in a request of its own, because one that is refused takes the others with it.
fn compare(strategy: TranslationStrategy, scopes: bool, cases: &[Case], differences: &mut Vec<String>) {
    let start = Instant::now();
    let server = Server::start(strategy, &PROMOTED, scopes);
    let answers: Vec<(u16, String)> = cases
        .iter()
        .map(|case| {
            server.send(&request(&case.resource, &[(&case.scope, std::slice::from_ref(&case.metric))]))
        })
        .collect();
    let mut shown: BTreeMap<String, BTreeSet<Series>> = BTreeMap::new();
    for series in server.ask("series", "match[]", &format!("{{{MARK}!=\"\"}}")).as_array().unwrap() {
        let series: Series = serde_json::from_value(series.clone()).unwrap();
        shown.entry(series[MARK].clone()).or_default().insert(series);
    }
    let mut refused = 0;
    for (index, (case, answer)) in cases.iter().zip(answers).enumerate() {
        let expected = expected(case, strategy, scopes);
        refused += usize::from(expected.is_none());
        let found = match (answer.0, shown.remove(&index.to_string())) {
            (200, Some(series)) => Some(series),
            (500, None) => None,
            (_, series) => {
                differences.push(format!("\n{strategy}: {case:#?}\nanswer: {answer:?}\nshown: {series:#?}"));
                continue;
            }
        };
        if expected != found {
            differences.push(format!(
                "\n{strategy}, scopes {scopes}: {case:#?}\nanswer: {answer:?}\nexpected: {expected:#?}\nshown: {found:#?}"
            ));
        }
    }
    println!(
        "{strategy}, scopes {scopes}: {} metrics, {refused} of them refused, {:.1} s",
        cases.len(),
        start.elapsed().as_secs_f32()
    );
}

/// The series that a case shows, those of `target_info` among them, or `None` where it is refused.
fn expected(case: &Case, strategy: TranslationStrategy, scopes: bool) -> Option<BTreeSet<Series>> {
    let of_resource = |key: &str| {
        let attribute = case.resource.iter().find(|(other, _)| other == key);
        attribute.map(|(_, value)| value.as_str())
    };
    let job = match (of_resource("service.namespace"), of_resource("service.name")) {
        (_, None) => String::new(),
        (None, Some(name)) => name.to_owned(),
        (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
    };
    let instance = of_resource("service.instance.id").unwrap_or_default();
    let attributes = borrowed(&case.metric.attributes);
    let mut promoted = borrowed(&case.resource);
    promoted.retain(|(key, _)| PROMOTED.contains(key));
    let scope_attributes = borrowed(&case.scope.attributes);
    let scope = PrometheusScope {
        name: &case.scope.name,
        version: &case.scope.version,
        schema_url: &case.scope.schema_url,
        attributes: &scope_attributes,
    };
    let point = PrometheusPoint {
        attributes: &attributes,
        promoted: &promoted,
        job: &job,
        instance,
        scope: scopes.then_some(scope),
    };
    let labels: Series = prometheus_labels(&point, strategy)?.into_iter().collect();
    let Metric { name, unit, kind, .. } = &case.metric;
    let mut all = BTreeSet::new();
    for series in prometheus_series(name, unit, *kind, strategy)? {
        let bucket = *kind == MetricKind::Histogram && series.ends_with("_bucket");
        for bound in if bucket { BOUNDS.map(Some).to_vec() } else { vec![None] } {
            let mut labels = labels.clone();
            labels.extend(bound.map(|bound| ("le".to_owned(), bound.to_owned())));
            if !series.is_empty() {
                labels.insert("__name__".to_owned(), series.clone());
            }
            all.insert(labels);
        }
    }
    let mut others = borrowed(&case.resource);
    others.retain(|(key, _)| !IDENTIFYING.contains(key));
    let resource = PrometheusPoint { attributes: &others, job: &job, instance, ..PrometheusPoint::default() };
    let mut target: Series = prometheus_labels(&resource, strategy)?.into_iter().collect();
    if target.contains_key("job") || target.contains_key("instance") {
        target.insert("__name__".to_owned(), "target_info".to_owned());
        all.insert(target);
    }
    Some(all)
}

fn borrowed(attributes: &Attributes) -> Vec<(&str, &str)> {
    attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// What the checks of a contract rest on, where more than one metric is needed to see it.
#[test]
#[ignore = "needs a Prometheus server: tests/prometheus/server builds one"]
fn the_server_joins_loses_and_refuses() {
    let strategy = TranslationStrategy::default();
    let server = Server::start(strategy, &[], false);
    let resource = attributes(&[("service.name", "shop"), ("service.instance.id", "1"), ("a", "b")]);
    let lib = Scope { name: "lib".to_owned(), ..Scope::default() };
    let send = |metrics: &[Metric]| server.send(&request(&resource, &[(&lib, metrics)])).0;
    let shown = |query: &str| {
        let data = server.ask("query", "query", query);
        let value = |sample: &serde_json::Value| sample["value"][1].as_str().map(str::to_owned);
        data["result"].as_array().unwrap().iter().map(value).collect::<Vec<_>>()
    };
    let one = |value: &str| vec![Some(value.to_owned())];
    use MetricKind::{Counter, ExponentialHistogram, Gauge, Histogram};

    // Two metrics that have a series in common: the first one of the request stays, and nobody hears of it.
    assert_eq!(send(&[metric("t", Counter, &[], 1.0), metric("t.total", Gauge, &[], 2.0)]), 200);
    assert_eq!(shown("t_total"), one("1"));
    assert_eq!(send(&[metric("h", Histogram, &[], 1.0), metric("h.count", Gauge, &[], 7.0)]), 200);
    assert_eq!(shown("h_count"), one("1"));
    assert_eq!(send(&[metric("n", Gauge, &[], 7.0), metric("n", ExponentialHistogram, &[], 1.0)]), 200);
    assert_eq!(shown("n"), one("7"));
    // Another label is another series of the same name.
    assert_eq!(send(&[metric("u", Counter, &[("x", "1")], 1.0), metric("u.total", Gauge, &[], 2.0)]), 200);
    assert_eq!(shown("u_total").len(), 2);

    // The series of a histogram and a metric of the histogram's own name stand beside each other.
    assert_eq!(send(&[metric("g", Histogram, &[], 1.0), metric("g", Gauge, &[], 7.0)]), 200);
    assert_eq!((shown("g"), shown("g_sum")), (one("7"), one("1")));

    // Two scopes are one.
    let other = Scope { name: "other".to_owned(), ..Scope::default() };
    let two = [(&lib, 1.0), (&other, 2.0)].map(|(scope, value)| (scope, [metric("s", Gauge, &[], value)]));
    let scopes = two.each_ref().map(|(scope, metrics)| (*scope, metrics.as_slice()));
    assert_eq!(server.send(&request(&resource, &scopes)).0, 200);
    assert_eq!(shown("s"), one("1"));

    // A metric may be called `target_info`, and takes the place of the resource's.
    let another = attributes(&[("service.name", "shop"), ("service.instance.id", "2"), ("a", "b")]);
    let own = [metric("target.info", Gauge, &[("a", "b")], 5.0)];
    assert_eq!(server.send(&request(&another, &[(&lib, &own)])).0, 200);
    assert_eq!(shown("target_info{instance='2'}"), one("5"));

    // In another request, at the same time, the second one is refused, and takes the others with it.
    let now = SystemTime::now();
    let first = [metric("r", Counter, &[], 1.0)];
    let second = [metric("fine", Gauge, &[], 1.0), metric("r.total", Gauge, &[], 2.0)];
    assert_eq!(server.send(&request_at(now, &resource, &[(&lib, &first)])).0, 200);
    assert_eq!(server.send(&request_at(now, &resource, &[(&lib, &second)])).0, 400);
    assert_eq!((shown("r_total"), shown("fine")), (one("1"), vec![]));

    // What is refused takes the others with it.
    for odd in [metric("名前", Gauge, &[], 1.0), metric("odd", Gauge, &[("名前", "x")], 1.0)] {
        assert_eq!(send(&[metric("fine", Gauge, &[], 1.0), odd]), 500);
        assert_eq!(shown("fine"), []);
    }
    let unnameable = attributes(&[("名前", "x")]);
    let fine = [metric("fine", Gauge, &[], 1.0)];
    assert_eq!(server.send(&request(&unnameable, &[(&lib, &fine)])).0, 500);

    // A reserved label is one that doesn't show the attribute on every series.
    for (index, kind) in MetricKind::ALL.into_iter().enumerate() {
        for label in ["__name__", "job", "instance", "le", "quantile", "otel_scope_name", "__type__", "x"] {
            let case = format!("{index} {label}");
            let own = metric("reserved", kind, &[(label, "own"), (MARK, &case)], 1.0);
            assert_eq!(send(&[own]), 200);
            let series = server.ask("series", "match[]", &format!("{{{MARK}=\"{case}\",a=\"\"}}"));
            let series = series.as_array().unwrap();
            assert!(!series.is_empty());
            let kept = series.iter().all(|series| series[label] == "own");
            assert_eq!(prometheus_reserved(label, kind), !kept, "`{label}` of {kind:?}");
        }
    }
}

fn metric(name: &str, kind: MetricKind, labels: &[(&str, &str)], value: f64) -> Metric {
    Metric { name: name.to_owned(), unit: String::new(), kind, attributes: attributes(labels), value }
}

fn attributes(attributes: &[(&str, &str)]) -> Attributes {
    attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
