//! Ways to spoil a sound contract. Each is caught by the check that should catch it, and by no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use slo_compiler::Compilation;
use slo_compiler::diagnostic::{Code, Severity, render};
use slo_tests::{compile_text, rendered};

const SOUND: &str = include_str!("../proofs/sound.slo");

/// One edit of the sound contract, and the errors that come of it.
struct Mutation {
    name: &'static str,
    /// Each stands in the contract once.
    edits: &'static [(&'static str, &'static str)],
    code: Code,
    findings: usize,
}

const fn spoil(
    name: &'static str,
    edits: &'static [(&'static str, &'static str)],
    code: Code,
    findings: usize,
) -> Mutation {
    Mutation { name, edits, code, findings }
}

const MUTATIONS: &[Mutation] = &[
    // Keys of one record
    spoil(
        "a field that is named like a meaning's key",
        &[(r#"region: string = "eu""#, r#"result: string = "eu""#), ("stock, region }", "stock, result }")],
        Code::KeyTwice,
        1,
    ),
    spoil(
        "an alias that a meaning writes too",
        &[("method, tenant }", "method, tenant as status }")],
        Code::KeyTwice,
        1,
    ),
    spoil("one field listed twice", &[("stock, region }", "stock, region, region }")], Code::KeyTwice, 1),
    spoil(
        "an alias that joins another label",
        &[("method, tenant }", "method, tenant as order_method }")],
        Code::Collision,
        1,
    ),
    spoil(
        "a label that the server promotes",
        &[("method, tenant }", "method, tenant as service_namespace }")],
        Code::Collision,
        1,
    ),
    spoil(
        "a label that Prometheus sets",
        &[("method, tenant }", "method, tenant as job }")],
        Code::Reserved,
        1,
    ),
    spoil("a label of a histogram", &[("stock, region }", "stock, region as le }")], Code::Reserved, 1),
    spoil(
        "a label of a scope",
        &[("method, tenant }", "method, tenant as otel_scope_tenant }")],
        Code::Reserved,
        1,
    ),
    spoil(
        "the label of the overflow",
        &[
            ("attribute order.method", "attribute otel.metric.overflow: bool\nattribute order.method"),
            ("method, tenant }", "method, tenant, otel.metric.overflow = true }"),
        ],
        Code::Reserved,
        1,
    ),
    spoil(
        "a label of which nothing is left",
        &[("method, tenant }", "method, tenant as 名前 }")],
        Code::Unnameable,
        1,
    ),
    spoil(
        "a value that is a parent in nested logs",
        &[("stock_rest = rest", "basket = rest")],
        Code::NestedPrefix,
        1,
    ),
    spoil("a local key with two types", &[(r#"blame = "shop""#, "blame = 1")], Code::TypeConflict, 1),
    // Metrics
    spoil(
        "two metrics that Prometheus joins",
        &[("metric order.waiting", "metric order_attempts_total")],
        Code::MetricsJoin,
        1,
    ),
    spoil(
        "a metric that is a histogram's part",
        &[("metric order.waiting", "metric order.duration.seconds.count")],
        Code::MetricsJoin,
        1,
    ),
    spoil(
        "one metric of two kinds",
        &[(
            r#"metric shop.calls: counter, unit="{call}", points=1"#,
            r#"metric shop.calls: updown, unit="{call}", points=1"#,
        )],
        Code::MetricDiffers,
        1,
    ),
    spoil(
        "one metric in two units",
        &[(
            r#"metric shop.calls: counter, unit="{call}", points=1"#,
            r#"metric shop.calls: counter, unit="{request}", points=1"#,
        )],
        Code::MetricDiffers,
        1,
    ),
    spoil(
        "one metric with two sets of buckets",
        &[("buckets=[1, 5], points=1", "buckets=[1, 6], points=1")],
        Code::MetricDiffers,
        1,
    ),
    spoil(
        "one metric with two sets of labels",
        &[(
            r#"metric shop.calls: counter, unit="{call}", points=1"#,
            r#"metric shop.calls: counter, unit="{call}", points=3 { method }"#,
        )],
        Code::MetricDiffers,
        1,
    ),
    spoil(
        "points that nothing keeps apart",
        &[(r#"direction = "out""#, r#"direction = "in""#)],
        Code::PointsJoin,
        1,
    ),
    spoil(
        "a unit that the value doesn't have",
        &[(
            r#"unit="s", value=elapsed, buckets=[0.1, 1, 10]"#,
            r#"unit="ms", value=elapsed, buckets=[0.1, 1, 10]"#,
        )],
        Code::Unit,
        1,
    ),
    spoil("buckets that don't rise", &[("[0.1, 1, 10]", "[0.1, 10, 1]")], Code::Buckets, 1),
    spoil(
        "a histogram without a value",
        &[("value=elapsed, buckets=[0.1, 1, 10]", "buckets=[0.1, 1, 10]")],
        Code::Measure,
        1,
    ),
    spoil(
        "a counter of text",
        &[(
            r#"metric shop.calls: counter, unit="{call}", points=1"#,
            "metric order.notes: counter, value=note",
        )],
        Code::Measure,
        1,
    ),
    spoil(
        "a unit that the convention doesn't have",
        &[(
            "metric http.client.request.duration: value",
            r#"metric http.client.request.duration: unit="ms", value"#,
        )],
        Code::Convention,
        1,
    ),
    spoil(
        "a kind that the convention doesn't have",
        &[(
            "metric http.client.request.duration: value=elapsed, buckets=[0.1, 1], limit",
            "metric http.client.request.duration: gauge, value=elapsed, limit",
        )],
        Code::Convention,
        1,
    ),
    spoil(
        "a label that the convention requires",
        &[("verb, server, port }", "verb, server }")],
        Code::RequiredLabel,
        1,
    ),
    // Variants
    spoil(
        "variants that are one on a metric",
        &[(r#"status = "left""#, r#"status = "ok""#)],
        Code::Ambiguous,
        1,
    ),
    spoil(
        "variants that are one on a log",
        &[(r#"result = "queued""#, r#"result = "accepted""#)],
        Code::Ambiguous,
        1,
    ),
    spoil(
        "variants that are one on a span",
        &[("order.result = queued", "order.result = accepted")],
        Code::Ambiguous,
        1,
    ),
    spoil("payloads that overlap", &[("range=500..=599", "range=499..=599")], Code::Ambiguous, 2),
    spoil(
        "a merge that isn't named",
        &[("    lossy metric { Refused, Failed } \"the dashboards of 2021 know one status for both\"\n", "")],
        Code::Ambiguous,
        1,
    ),
    spoil(
        "a merge without a reason",
        &[(
            r#"{ Refused, Failed } "the dashboards of 2021 know one status for both""#,
            "{ Refused, Failed }",
        )],
        Code::OptionValue,
        1,
    ),
    spoil(
        "a merge of a variant that isn't there",
        &[("lossy metric { Refused, Failed }", "lossy metric { Refused, Failed, Lost }")],
        Code::UnknownName,
        1,
    ),
    spoil(
        "two variants that show nothing",
        &[(r#"log info { result = "queued" }"#, "log none")],
        Code::TwoBlank,
        1,
    ),
    spoil(
        "a variant that looks like absence",
        &[("all { order.stock = reserved }", "all { order.stock = reserved }, span none")],
        Code::BlankOptional,
        1,
    ),
    spoil("a payload that is written nowhere", &[(", stock_rest = rest", "")], Code::PayloadLost, 1),
    spoil(
        "a payload that doesn't fit its key",
        &[("range=400..=499", "range=399..=499")],
        Code::OutOfRange,
        2,
    ),
    spoil(
        "a payload of another type than its key",
        &[("stock_rest = rest", "order.stock = rest"), ("log warn { order.stock = missing, ", "log warn { ")],
        Code::Type,
        1,
    ),
    spoil(
        "a payload that is named like a member",
        &[("Missing(rest: int", "Missing(missing: int"), ("stock_rest = rest", "stock_rest = missing")],
        Code::AmbiguousWord,
        3,
    ),
    spoil(
        "a member that the enum lacks",
        &[("order.result = queued", "order.result = waiting")],
        Code::NotAMember,
        1,
    ),
    spoil(
        "a variant that doesn't say how it shows",
        &[("        span { order.result = queued }\n", "")],
        Code::Incomplete,
        1,
    ),
    spoil(
        "a variant twice",
        &[(r#"Left "the customer went away""#, r#"Failed "the customer went away""#)],
        Code::DeclaredTwice,
        1,
    ),
    spoil(
        "a view of a variant that isn't there",
        &[("Refused { metric { blame", "Refuse { metric { blame")],
        Code::UnknownName,
        1,
    ),
    spoil(
        "a view of another meaning",
        &[
            ("outcome via Blame", "stock via Blame"),
            ("when=(outcome in [Refused, Failed]), points=2", "when=(stock present), points=2"),
        ],
        Code::OtherKind,
        1,
    ),
    spoil("a day that isn't in the calendar", &[("2027-06-30", "2027-06-31")], Code::BadDate, 1),
    spoil(
        "a variant that nobody can set",
        &[("outcome: OrderOutcome", "outcome: OrderOutcome, unset=Refused")],
        Code::Unset,
        1,
    ),
    // Bounds
    spoil("a point more than is said", &[("points=252", "points=251")], Code::PointsExceeded, 1),
    spoil(
        "points of a label that the world bounds",
        &[
            ("port: server.port, only=[80, 443]", "port: server.port, range=0..=29"),
            ("limit=2_000", "points=2_000"),
        ],
        Code::PointsExceeded,
        1,
    ),
    spoil(
        "many points, and nothing said",
        &[("bounded=20", "bounded=200"), (", points=252", "")],
        Code::NeedsBound,
        1,
    ),
    spoil("a label without a bound", &[("method, tenant }", "method, tenant, note }")], Code::Unbounded, 1),
    spoil("a duration as a label", &[("stock, region }", "stock, region, elapsed }")], Code::Unbounded, 1),
    spoil(
        "a span's name without a bound",
        &[(r#"span "{verb}""#, r#"span "{verb} {elapsed}""#)],
        Code::Unbounded,
        1,
    ),
    spoil("a secret as a label", &[("stock, region }", "stock, coupon }")], Code::Sensitive, 1),
    spoil("a secret on a log and a span", &[("order.coupon, clear", "order.coupon")], Code::Sensitive, 1),
    spoil("both bounds at once", &[("limit=2_000", "limit=2_000, points=2_000")], Code::Misplaced, 1),
    spoil(
        "a bound without a value for the rest",
        &[(r#"bounded=8, other="_OTHER""#, "bounded=8")],
        Code::OtherMissing,
        1,
    ),
    spoil("a rest of another type", &[(r#"bounded=8, other="_OTHER""#, "bounded=8, other=8")], Code::Type, 1),
    // Signals
    spoil(
        "a label that the log lacks",
        &[("severity=max", "severity=max { outcome, stock, method, region }")],
        Code::NotCarried,
        1,
    ),
    spoil(
        "a label that the span lacks",
        &[("status=max", "status=max { outcome, stock, method, tenant }")],
        Code::NotCarried,
        1,
    ),
    spoil(
        "a condition that no record passes",
        &[("when=(outcome in [Refused, Failed])", "when=(outcome == Refused and outcome == Failed)")],
        Code::ConstantCondition,
        1,
    ),
    spoil(
        "a condition that every record passes",
        &[("log request.done: info", "log request.done: info, when=(server present)")],
        Code::ConstantCondition,
        1,
    ),
    spoil(
        "a log that may have no severity",
        &[("log order.done: info, body", "log order.done: body")],
        Code::NoSeverity,
        1,
    ),
    spoil("two severities", &[(", severity=max", "")], Code::TwoLevels, 1),
    spoil("two statuses", &[(", status=max", "")], Code::TwoLevels, 1),
    spoil(
        "a severity that there isn't",
        &[("log warn { order.stock", "log warning { order.stock")],
        Code::Misplaced,
        1,
    ),
    spoil("a span of two kinds", &[(r#"": client"#, r#"": client, server"#)], Code::OptionTwice, 1),
    spoil(
        "a body with a field that isn't there",
        &[("order by {method}", "order by {methods}")],
        Code::UnknownName,
        1,
    ),
    // Events
    spoil(
        "a scope that isn't there",
        &[("event Request in Orders", "event Request in Ordres")],
        Code::UnknownName,
        1,
    ),
    spoil("an event that isn't there", &[("while=Order,", "while=Ordre,")], Code::UnknownName, 1),
    spoil("a meaning that runs", &[("while=Order,", "while=StockOutcome,")], Code::OtherKind, 1),
    spoil(
        "a list with a field that isn't there",
        &[("method, tenant }", "method, tenants }")],
        Code::UnknownName,
        1,
    ),
    spoil(
        "a field that widens its attribute",
        &[("items: basket.items", "items: basket.items, range=1..=200")],
        Code::Widens,
        1,
    ),
    spoil("a constant of another type", &[(r#"region: string = "eu""#, "region: string = 5")], Code::Type, 1),
    // House rules
    spoil(
        "a key that a policy denies",
        &[
            ("attribute order.tenant", "attribute tmp.tenant"),
            ("tenant: order.tenant", "tenant: tmp.tenant"),
            ("{ order.tenant }", "{ tmp.tenant }"),
        ],
        Code::DeniedPrefix,
        1,
    ),
    spoil(
        "more points than a policy allows",
        &[("bounded=20", "bounded=499"), ("points=252", "points=6_000")],
        Code::TooManyPoints,
        1,
    ),
    spoil("a label that a policy denies", &[("stock, region }", "items }")], Code::DeniedLabel, 1),
    spoil(
        "a meaning that is called otherwise",
        &[("meaning StockOutcome", "meaning Stock"), ("stock: StockOutcome", "stock: Stock")],
        Code::NamePattern,
        1,
    ),
    spoil("an event without a span", &[("    span \"{verb}\": client\n", "")], Code::MissingSignal, 1),
];

fn spoilt(mutation: &Mutation) -> String {
    mutation.edits.iter().fold(SOUND.to_owned(), |text, (from, to)| {
        assert_eq!(SOUND.matches(from).count(), 1, "{}: `{from}`", mutation.name);
        text.replace(from, to)
    })
}

/// The errors on a line each.
fn errors_of(compilation: &Compilation) -> String {
    let short = render::short(&compilation.diagnostics, &compilation.sources);
    let lines = short.lines().filter(|line| line.contains("error["));
    lines.map(|line| format!("    {line}\n")).collect()
}

#[test]
fn the_contract_is_sound() {
    let compilation = compile_text(SOUND);
    let worse = compilation.count(Severity::Error) + compilation.count(Severity::Warning);
    assert_eq!(worse, 0, "{}", rendered(&compilation));
}

#[test]
fn each_way_to_spoil_it_is_caught_by_its_check_alone() {
    let mut problems = Vec::new();
    for mutation in MUTATIONS {
        let compilation = compile_text(&spoilt(mutation));
        let errors = compilation.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let codes: Vec<Code> = errors.map(|error| error.code).collect();
        if codes != vec![mutation.code; mutation.findings] {
            let expected = format!("{} of {} ({})", mutation.findings, mutation.code, mutation.code.title());
            problems.push(format!("{}: expected {expected}\n{}", mutation.name, errors_of(&compilation)));
        }
    }
    assert!(problems.is_empty(), "{} of {}\n{}", problems.len(), MUTATIONS.len(), problems.join("\n"));
}

#[test]
fn there_are_thirty_ways_at_least() {
    assert!(MUTATIONS.len() >= 30, "{}", MUTATIONS.len());
}
