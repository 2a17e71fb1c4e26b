//! What a change takes away.

use std::fs;

use crate::support::{CONTRACT, found, series_of};

const DASHBOARD: &str = r#"{
  "title": "Shop",
  "panels": [
    {
      "title": "Slow sales",
      "targets": [{ "expr": "histogram_quantile(0.9, sum by (le) (rate(shop_sale_duration_seconds_bucket[$__rate_interval])))" }]
    },
    { "title": "Cash", "targets": [{ "expr": "shop_sales_total{shop_payment=\"cash\"}" }] },
    { "title": "Misspelt before", "targets": [{ "expr": "shop_salez_total" }] }
  ]
}
"#;

#[track_caller]
fn broken(from: &str, to: &str) -> String {
    broken_by(&CONTRACT.replace(from, to))
}

#[track_caller]
fn broken_by(new: &str) -> String {
    assert_ne!(new, CONTRACT);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.json"), DASHBOARD).unwrap();
    let text = found(folder.path(), &series_of(new), Some(&series_of(CONTRACT)));
    text.lines().filter(|line| line.contains("SLO")).map(|line| format!("{line}\n")).collect()
}

/// What happened to the OpenTelemetry demo's own dashboard: a unit is mended, and a series is gone.
#[test]
fn another_unit_takes_a_series_from_a_panel() {
    let new = CONTRACT
        .replace("duration(s)", "duration(ms)")
        .replace("histogram, unit=\"s\"", "histogram, unit=\"ms\"");
    insta::assert_snapshot!(broken_by(&new), @r#"
    shop.json:6:72 SLO1804 the panel `Slow sales` of the dashboard `Shop` asks for the series `shop_sale_duration_seconds_bucket`, which is no longer written
    "#);
}

#[test]
fn a_value_a_label_and_a_series_are_each_told_once() {
    insta::assert_snapshot!(broken("{ card, cash }", "{ card, gift }"), @r#"
    shop.json:8:79 SLO1804 the panel `Cash` of the dashboard `Shop` asks for `cash`, which the label `shop_payment` of `shop_sales_total` no longer is
    "#);
    insta::assert_snapshot!(broken("{ payment }\n", "{}\n"), @r#"
    shop.json:8:64 SLO1804 the panel `Cash` of the dashboard `Shop` asks for the label `shop_payment`, which `shop_sales_total` no longer has
    "#);
    insta::assert_snapshot!(broken("metric shop.sales:", "metric shop.sold:"), @r#"
    shop.json:8:47 SLO1804 the panel `Cash` of the dashboard `Shop` asks for the series `shop_sales_total`, which is no longer written
    "#);
}

#[test]
fn a_change_that_adds_breaks_nobody() {
    assert_eq!(broken("{ card, cash }", "{ card, cash, gift }"), "");
    assert_eq!(broken("unit=\"{sale}\" { payment }", "unit=\"{sale}\" { payment, cached }"), "");
}
