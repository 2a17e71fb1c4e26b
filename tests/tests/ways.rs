//! What a Prometheus server really shows of the texts that SDKs' exporters write, compared with what `slo_model::names` says of
//! these ways.
#![allow(clippy::print_stdout, reason = "the counts show what a run has tried")]

#[path = "../exporters/case.rs"]
mod case;
#[path = "../exporters/collector.rs"]
mod collector;
#[path = "../exporters/endpoint.rs"]
mod endpoint;
#[path = "../exporters/expected.rs"]
mod expected;
#[path = "../exporters/orders.rs"]
mod orders;
// Lists read better in lines than in columns.
#[rustfmt::skip]
#[path = "../exporters/rows.rs"]
mod rows;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use case::cases;
use expected::{Labels, Shown, allowed, meet};
use serde_json::{Value, json};
use slo_model::names::{PrometheusNaming, PrometheusWay, TranslationStrategy};

use crate::prometheus::case::MARK;
use crate::prometheus::process::Server;
use crate::prometheus::seed_and_count;

const WAYS: [PrometheusWay; 6] = [
    PrometheusWay::Go,
    PrometheusWay::Python,
    PrometheusWay::JavaScript,
    PrometheusWay::Rust,
    PrometheusWay::Java,
    PrometheusWay::Collector,
];

/// The ways whose exporters aren't on every machine that has the others.
const LEFT_OUT: [PrometheusWay; 2] = [PrometheusWay::JavaScript, PrometheusWay::Java];

const PATIENCE: Duration = Duration::from_secs(120);

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
            assert!(LEFT_OUT.contains(&way), "run tests/prometheus/exporters");
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
        // The first scrapes are spread over the interval: as many at once as a busy machine answers in time.
        "global": { "scrape_interval": "30s", "scrape_timeout": "30s" },
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
