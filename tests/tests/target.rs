//! What adding a target touches: a folder of its own, of which this file is all. It knows the plan and nothing else of the
//! compiler. The commit of `slo build --target plan` added
//! one file to `compiler/src/target`, a line to its list and the program's, and nothing else, but for JSON itself (`plan/json`).

use slo_compiler::plan::{Arena, Plan};
use slo_tests::compile_text;

/// A target that lists the series of a contract under Prometheus.
mod series {
    use std::collections::BTreeSet;

    use slo_compiler::plan::{Package, Plan};
    use slo_compiler::target::File;
    use slo_model::event::{Buckets, InstrumentKind, Metric};
    use slo_model::names::{MetricKind, prometheus_series};

    fn metrics<'p>(package: &'p Package<'_>) -> impl Iterator<Item = &'p Metric<'p>> {
        let of_events =
            package.events.iter().flat_map(|event| event.table.metrics.iter().chain(event.table.running));
        of_events.chain(package.observed.iter().map(|observed| &observed.table.metric))
    }

    fn kind(metric: &Metric<'_>) -> MetricKind {
        match (metric.kind, metric.buckets) {
            (InstrumentKind::Counter, _) => MetricKind::Counter,
            (InstrumentKind::UpDownCounter, _) => MetricKind::UpDownCounter,
            (InstrumentKind::Gauge, _) => MetricKind::Gauge,
            (InstrumentKind::Histogram, Buckets::Exponential) => MetricKind::ExponentialHistogram,
            (InstrumentKind::Histogram, _) => MetricKind::Histogram,
        }
    }

    /// What it can't say: a metric of which one name is not enough.
    pub(super) fn refuse(plan: &Plan<'_>) -> Vec<String> {
        let all = plan.packages.iter().flat_map(metrics);
        let exponential = all.filter(|metric| metric.buckets == Buckets::Exponential);
        exponential.map(|metric| format!("`{}` has no series of its own", metric.name)).collect()
    }

    pub(super) fn print(plan: &Plan<'_>) -> Vec<File> {
        let strategy = plan.table.prometheus.strategy;
        let all = plan.packages.iter().flat_map(metrics);
        let names: BTreeSet<String> = all
            .flat_map(|metric| prometheus_series(metric.name, metric.unit, kind(metric), strategy))
            .flatten()
            .collect();
        let text = names.into_iter().map(|name| name + "\n").collect();
        vec![File { path: "series.txt".to_owned(), text }]
    }
}

const CONTRACT: &str = "
package shop

scope Shop {}

event Sale in Shop {
    express: bool
    elapsed: duration(s)

    metric shop.sales: counter, unit=\"{sale}\" { express }
    metric shop.sale.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.5, 5]
    log shop.sale: info
}

metric shop.sales.running: updowncounter, while=Sale, points=2 { express }
metric shop.queue in Shop: gauge, observed, value=int
";

#[test]
fn a_target_is_one_folder_that_refuses_and_prints() {
    let compilation = compile_text(CONTRACT);
    let checked = compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let arena = Arena::default();
    let plan = Plan::of(&arena, &checked);
    assert_eq!(series::refuse(&plan), [""; 0]);
    assert_eq!(
        series::print(&plan)[0].text,
        "shop_queue\nshop_sale_duration_seconds_bucket\nshop_sale_duration_seconds_count\n\
         shop_sale_duration_seconds_sum\nshop_sales_running\nshop_sales_total\n"
    );

    let exponential = CONTRACT.replace("buckets=[0.5, 5]", "exponential");
    let checked = compile_text(&exponential).checked.unwrap();
    let plan_of_other = Plan::of(&arena, &checked);
    assert_eq!(series::refuse(&plan_of_other), ["`shop.sale.duration` has no series of its own"]);
}

/// JSON holds what the tables hold: of one description.
#[test]
fn the_plan_is_printed_as_json() {
    let compilation = compile_text(CONTRACT);
    let checked = compilation.checked.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let arena = Arena::default();
    let file = slo_compiler::target::plan::print(&Plan::of(&arena, &checked));
    assert_eq!(file.path, "plan.json");
    assert!(slo_compiler::target::is_generated(&file.text));
    insta::assert_snapshot!(file.text);
}
