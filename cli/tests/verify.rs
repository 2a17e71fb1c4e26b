//! `slo verify`

use crate::support::{Folder, Run, git};

const MANIFEST: &str =
    "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\ntargets = [\"otlp\"]\n";

pub(crate) const CONTRACT: &str = r#"package shop

attribute service.name: string
attribute shop.payment: enum { card, cash }
attribute error.type: string, max=32

resource Shop { service.name: static="shop" }

scope Till {}

meaning Outcome {
    Paid "the customer paid" {
        metric { outcome = "paid" }
        log info { outcome = "paid" }
        span none
    }
    Refused "the bank said no" {
        metric { outcome = "refused" }
        log warn { outcome = "refused" }
        span error { error.type = "refused" }
    }
}

event Sale in Till {
    outcome: Outcome
    payment: shop.payment

    metric shop.sales: counter, unit="{sale}", points=4 { outcome, payment }
    log shop.sale: body="a sale by {payment}" { outcome, payment }
    span "sale": internal { outcome, payment }
}
"#;

/// A request of a span, as OTLP/JSON, of a service and with a payment.
pub(crate) fn span(service: &str, payment: &str) -> String {
    format!(
        r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{service}"}}}}]}},"scopeSpans":[{{"scope":{{"name":"shop"}},"spans":[{{"traceId":"0000000000000000000000000000b001","spanId":"00000000000000a1","name":"sale","kind":1,"startTimeUnixNano":"1796083200000000000","endTimeUnixNano":"1796083201000000000","attributes":[{{"key":"shop.payment","value":{{"stringValue":"{payment}"}}}}]}}]}}]}}]}}"#
    ) + "\n"
}

pub(crate) fn shop() -> Folder {
    let folder = Folder::with(&[("slo.toml", MANIFEST), ("shop.slo", CONTRACT)]);
    folder.write("right.jsonl", span("shop", "card"));
    folder.write("wrong.jsonl", span("shop", "check") + &span("shop", "check"));
    folder
}

fn verified(folder: &Folder, arguments: &[&str]) -> Run {
    folder.slo(&[&["verify"], arguments].concat())
}

#[test]
fn what_keeps_to_the_contract_is_no_finding() {
    let folder = shop();
    let run = verified(&folder, &["slo", "right.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    insta::assert_snapshot!(run.error, @r#"
    slo: of the contract are 1 of 1 spans, 0 of 0 log records, 0 of 0 points
    slo: 1 of 1 events seen
    slo: 1 of 3 records seen; not seen: `log shop.sale of shop.Sale`, `metric shop.sales of shop.Sale`
    slo: 1 of 2 variants seen; not seen: `shop.Outcome.Refused of shop.Sale`
    slo: nothing was found
    "#);
}

#[test]
fn one_cause_is_one_finding_however_often_it_is_seen() {
    let folder = shop();
    let run = verified(&folder, &["slo", "right.jsonl", "wrong.jsonl", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.error);
    insta::assert_snapshot!(run.out, @"slo/shop.slo:30:10: error[SLO1903]: `shop.payment` of span `sale` of `shop.Sale`: `check` is none of `card`, `cash`");
    let run = verified(&folder, &["slo", "wrong.jsonl"]);
    assert!(run.out.contains("seen 2 times, at 2026-12-01T00:00:01Z"), "{}", run.out);
}

#[test]
fn the_root_is_found_and_the_standard_input_read() {
    let folder = shop();
    let run = folder.slo_with_input(&["verify", "slo", "-", "--format", "short"], &span("shop", "check"));
    assert!(run.code == 1 && run.out.contains("SLO1903"), "{}{}", run.out, run.error);
    let run = folder.slo_in("slo", &["verify", "../right.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.error);
}

#[test]
fn a_run_that_has_shown_nothing_has_not_passed() {
    let folder = shop();
    folder.write("other.jsonl", span("unknown_service:node", "card"));
    let run = verified(&folder, &["slo", "other.jsonl", "--format", "short"]);
    assert!(run.code == 1 && run.out.contains("SLO1911"), "{}{}", run.out, run.error);
    let run = verified(&folder, &["slo", "other.jsonl", "--as", "Shop"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    let run = verified(&folder, &["slo", "other.jsonl", "--as", "Shops"]);
    assert!(run.code == 2 && run.error.contains("it has `shop.Shop`"), "{}", run.error);
    let run = verified(
        &folder,
        &["slo", "right.jsonl", "--require-coverage", "variants=100%", "--format", "short"],
    );
    assert!(run.code == 1 && run.out.contains("SLO1961"), "{}{}", run.out, run.error);
    let run = verified(&folder, &["slo", "right.jsonl", "--forward", "http://127.0.0.1:1"]);
    assert!(run.code == 2 && run.error.contains("`--otlp 4318`"), "{}", run.error);
    let run = verified(&folder, &["slo"]);
    assert!(run.code == 2 && run.error.contains("`--exec -- COMMAND`"), "{}", run.error);
}

#[test]
fn levels_and_acceptances_hold_for_telemetry() {
    let folder = shop();
    folder.write("slo/slo.toml", format!("{MANIFEST}\n[verify]\nlevels = {{ SLO1903 = \"note\" }}\n"));
    let run = verified(&folder, &["slo", "wrong.jsonl", "--format", "short"]);
    assert!(run.code == 0 && run.out.contains("note[SLO1903]"), "{}{}", run.out, run.error);
    folder.write(
        "slo/slo.toml",
        format!("{MANIFEST}\n[verify]\nlevels = {{ SLO0402 = \"note\", SLO1904 = \"grave\" }}\n"),
    );
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert_eq!(run.out.matches("SLO0201").count(), 2, "{}", run.out);
    folder.write("slo/slo.toml", MANIFEST);
    let allow = "\npolicy House {\n    allow SLO1903: Sale, sale, shop.payment, \"the old tills\"\n}\n";
    folder.write("slo/shop.slo", format!("{CONTRACT}{allow}"));
    let run = verified(&folder, &["slo", "wrong.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    assert_eq!(
        folder.slo(&["check", "slo", "--deny-warnings"]).code,
        0,
        "it accepts nothing where nothing is verified"
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_judged() {
    let folder = shop();
    folder.write(
        "cut.jsonl",
        format!("{}{{\"resourceSpans\":[{{\n{}", span("shop", "check"), span("shop", "card")),
    );
    let run = verified(&folder, &["slo", "cut.jsonl", "none.jsonl", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.error);
    assert!(run.out.contains("SLO1903") && run.out.matches("SLO1962").count() == 2, "{}", run.out);
}

#[test]
fn a_report_has_all_counts() {
    let folder = shop();
    verified(&folder, &["slo", "right.jsonl", "--report", "report.json"]);
    let report: serde_json::Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    assert_eq!(report["format"], 1);
    assert_eq!(report["scopes"][0]["of_contract"]["spans"], 1);
    assert_eq!(report["events"][0]["variants"][0]["span"], 1);
}

#[cfg(unix)]
#[test]
fn a_command_has_the_variables_and_its_code_is_handed_on() {
    let folder = shop();
    let script =
        "test -n \"$OTEL_EXPORTER_OTLP_ENDPOINT\" && test \"$OTEL_TRACES_SAMPLER\" = always_off && exit 7";
    let run = folder.slo_with(
        &["verify", "slo", "--exec", "--", "sh", "-c", script],
        "",
        &[("OTEL_TRACES_SAMPLER", "always_off")],
    );
    assert_eq!(run.code, 7, "{}", run.error);
    assert!(run.error.contains("the command sent nothing"), "{}", run.error);
}

#[test]
fn a_recording_gives_the_same_verdict() {
    let folder = shop();
    folder.write("cut.jsonl", "{\"resourceSpans\":[{\n");
    folder.write("till.prom", "# TYPE shop_sales_total counter\nshop_sales_total{outcome=\"lost\"} 1\n");
    let files = ["wrong.jsonl", "right.jsonl", "cut.jsonl", "till.prom"];
    let live = verified(&folder, &[&["slo", "--record", "all.jsonl"], &files[..]].concat());
    assert!(live.code == 1 && live.out.contains("SLO1903") && live.out.contains("SLO1962"), "{}", live.out);
    let again = verified(&folder, &["slo", "all.jsonl"]);
    assert_eq!((live.code, live.out, live.error), (again.code, again.out, again.error));
    let over = verified(&folder, &["slo", "all.jsonl", "--record", "all.jsonl"]);
    insta::assert_snapshot!(over.error, @"slo: `all.jsonl` is read, and `--record` would write over it: name another file");
    let nowhere = verified(&folder, &["slo", "right.jsonl", "--record", "none/all.jsonl"]);
    assert!(
        nowhere.code == 2 && nowhere.error.contains("`none/all.jsonl` can't be written"),
        "{}",
        nowhere.error
    );
}

#[test]
fn runs_are_judged_as_one() {
    let folder = shop();
    verified(&folder, &["slo", "right.jsonl", "--save", "a.json"]);
    verified(&folder, &["slo", "wrong.jsonl", "--save", "b.json"]);
    let wanted = ["--require-coverage", "events=100%", "--format", "short"];
    let run = verified(&folder, &[&["slo", "--merge", "a.json", "b.json"], &wanted[..]].concat());
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.out, @"slo/shop.slo:30:10: error[SLO1903]: `shop.payment` of span `sale` of `shop.Sale`: `check` is none of `card`, `cash`");
    let run = verified(&folder, &["slo", "wrong.jsonl", "--merge", "b.json"]);
    assert!(
        run.out.contains("seen 4 times") && run.error.contains("4 of 4 spans"),
        "{}{}",
        run.out,
        run.error
    );
    let run = verified(&folder, &["slo", "--merge", "a.json", "./a.json"]);
    assert!(run.code == 2 && run.error.contains("`./a.json` is named twice"), "{}", run.error);
    folder.write("slo/shop.slo", CONTRACT.replace("points=4", "points=5"));
    let run = verified(&folder, &["slo", "--merge", "a.json"]);
    assert!(run.code == 2 && run.error.contains("judged by other contracts"), "{}", run.error);
}

#[test]
fn findings_of_telemetry_are_taken_into_the_baseline() {
    let folder = shop();
    let add = |more: &[&str]| {
        folder.slo(
            &[
                &["baseline", "add", "SLO1903", "shop.payment", "--reason", "the old tills", "--root", "slo"],
                more,
            ]
            .concat(),
        )
    };
    let run = add(&[]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.error, @r#"slo: `SLO1903` is found of telemetry: keep a run by `slo verify … --save RUN`, and name it, `slo baseline add SLO1903 shop.payment --run RUN --reason "…"`"#);
    verified(&folder, &["slo", "wrong.jsonl", "--save", "run.json"]);
    let run = add(&["--run", "run.json"]);
    assert_eq!(run.code, 0, "{}", run.error);
    insta::assert_snapshot!(folder.read("slo/slo-baseline.toml"), @r##"
    # Findings that are accepted as a debt, a line each. `slo check --write-baseline` takes out what is gone, and adds nothing.
    format = 1
    findings = [
      { code = "SLO1903", names = ["sale", "shop.Sale", "shop.payment"], owner = "team-shop", reason = "the old tills" },
    ]
    "##);
    let run = verified(&folder, &["slo", "wrong.jsonl", "--deny-warnings"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    // What a check doesn't look at isn't gone for it.
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline"]).code, 0);
    assert!(folder.read("slo/slo-baseline.toml").contains("SLO1903"));
    let run = verified(&folder, &["slo", "wrong.jsonl", "--write-baseline"]);
    assert!(run.code == 2 && run.error.contains("accepts findings of telemetry already"), "{}", run.error);
}

#[test]
fn what_is_found_at_first_is_a_debt() {
    let folder = shop();
    let run = verified(&folder, &["slo", "wrong.jsonl", "--write-baseline"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.error, @r#"slo: `slo/slo-baseline.toml` accepts 1 finding of telemetry"#);
    let run = verified(&folder, &["slo", "wrong.jsonl"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
}

#[test]
fn what_old_pods_send_is_judged_by_the_contract_that_they_have() {
    let folder = shop();
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "the tills take cash"]);
    git(&folder, &["tag", "v1"]);
    folder.write("slo/slo.toml", MANIFEST.replace("1.0.0", "2.0.0"));
    folder.write("slo/shop.slo", CONTRACT.replace("card, cash", "card, wallet"));
    let of_version = |version: &str, payment: &str| {
        span("shop", payment)
            .replace(r#""name":"shop"}"#, &format!(r#""name":"shop","version":"{version}"}}"#))
    };
    folder.write("old.jsonl", of_version("1.0.0", "cash"));
    folder.write("new.jsonl", of_version("2.0.0", "wallet"));
    let run = verified(&folder, &["slo", "old.jsonl", "new.jsonl", "--format", "short"]);
    assert!(run.code == 1 && run.out.contains("`cash` is none of `card`, `wallet`"), "{}", run.out);
    let run = verified(&folder, &["slo", "old.jsonl", "new.jsonl", "--previous", "v1"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    // The coverage is that of the contract that holds.
    assert!(run.error.contains("2 of 2 spans") && run.error.contains("1 of 3 records seen"), "{}", run.error);
    // Each is held to its own, and shown where that says so.
    folder.write("old.jsonl", of_version("1.0.0", "wallet"));
    folder.write("new.jsonl", of_version("2.0.0", "cash"));
    let run = verified(&folder, &["slo", "old.jsonl", "new.jsonl", "--previous", "v1", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.error);
    insta::assert_snapshot!(run.out, @"
    slo/shop.slo:30:10: error[SLO1903]: `shop.payment` of span `sale` of `shop.Sale`: `cash` is none of `card`, `wallet`
    v1:slo/shop.slo:30:10: error[SLO1903]: `shop.payment` of span `sale` of `shop.Sale`: `wallet` is none of `card`, `cash`
    ");
    let run = verified(&folder, &["slo", "old.jsonl", "--previous", "v1", "--save", "run.json"]);
    assert!(run.out.contains("v1:slo/shop.slo:30:10"), "{}", run.out);
    let run = verified(&folder, &["slo", "--merge", "run.json"]);
    assert!(run.code == 2 && run.error.contains("judged by other contracts"), "{}", run.error);
    let run = verified(&folder, &["slo", "old.jsonl", "--previous", "v0"]);
    assert!(run.code == 2 && run.error.contains("git can't list the revision `v0`"), "{}", run.error);
}

/// A span of an instance whose clock is so many seconds ahead, and its log.
pub(crate) fn sale(instance: &str, ahead: u64, payments: [&str; 2]) -> [String; 2] {
    let with_instance = |request: String| {
        let keys = format!(
            r#""attributes":[{{"key":"telemetry.sdk.name","value":{{"stringValue":"opentelemetry"}}}},{{"key":"service.instance.id","value":{{"stringValue":"{instance}"}}}},{{"key":"service.name","#
        );
        request.replacen(r#""attributes":[{"key":"service.name","#, &keys, 1)
    };
    let ids = |request: String| request.replace("00000000000000a1", &format!("{:0>16}", ahead + 1));
    let [on_span, on_log] = payments;
    let span = ids(span("shop", on_span))
        .replace("1796083200000000000", &(1_796_083_200_000_000_000 + ahead * 1_000_000_000).to_string())
        .replace("1796083201000000000", &(1_796_083_201_000_000_000 + ahead * 1_000_000_000).to_string());
    let log = format!(
        r#"{{"resourceLogs":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},"scopeLogs":[{{"scope":{{"name":"shop"}},"logRecords":[{{"timeUnixNano":"{}","severityNumber":9,"severityText":"INFO","eventName":"shop.sale","body":{{"stringValue":"a sale by {on_log}"}},"traceId":"0000000000000000000000000000b001","spanId":"00000000000000a1","attributes":[{{"key":"outcome","value":{{"stringValue":"paid"}}}},{{"key":"shop.payment","value":{{"stringValue":"{on_log}"}}}}]}}]}}]}}]}}"#,
        1_796_083_201_000_000_000 + ahead * 1_000_000_000
    ) + "\n";
    [with_instance(span), with_instance(ids(log))]
}

#[test]
fn a_clock_that_is_ahead_makes_nothing_late_but_what_is_its_own() {
    let folder = shop();
    let [span, log] = sale("a", 0, ["cash", "card"]);
    let [ahead, _] = sale("b", 3_600, ["card", "card"]);
    folder.write("skewed.jsonl", log + &ahead + &span);
    let run = verified(&folder, &["slo", "skewed.jsonl", "--format", "short"]);
    assert!(run.code == 1 && run.out.contains("SLO1943"), "{}{}", run.out, run.error);
}

#[test]
fn a_flood_of_notes_leaves_no_error_out() {
    let folder = shop();
    let key = |number: usize| {
        let more = format!(
            r#""attributes":[{{"key":"till.{number}","value":{{"stringValue":"x"}}}},{{"key":"shop.payment","#
        );
        span("shop", "card").replace(r#""attributes":[{"key":"shop.payment","#, &more)
    };
    let flood: String = (0..2_100).map(key).collect();
    folder.write("flood.jsonl", flood + &span("shop", "check"));
    let run = verified(&folder, &["slo", "flood.jsonl", "--format", "short"]);
    assert!(run.code == 1 && run.out.contains("error[SLO1903]"), "{}", run.error);
}

#[test]
fn a_run_to_which_nothing_came_has_not_passed() {
    let folder = shop();
    folder.write("empty.jsonl", "");
    let run = verified(&folder, &["slo", "empty.jsonl", "--format", "short"]);
    assert_eq!(run.code, 1, "{}", run.error);
    insta::assert_snapshot!(run.out, @"slo/slo.toml:1:1: error[SLO1961]: no telemetry came");
    let run = verified(&folder, &["slo", "right.jsonl", "--send-findings", "collector:4318"]);
    assert!(run.code == 2 && run.error.contains("is no URL to send findings to"), "{}", run.error);
}

#[test]
fn a_revision_is_that_of_the_contracts_repository() {
    let folder = Folder::new();
    for (path, payments) in [("ours", "card, cash"), ("theirs", "card, token")] {
        folder.write(&format!("{path}/slo/slo.toml"), MANIFEST);
        folder.write(&format!("{path}/slo/shop.slo"), CONTRACT.replace("card, cash", payments));
        git(&folder, &["init", "--quiet", path]);
        git(&folder, &["-C", path, "add", "--all"]);
        git(&folder, &["-C", path, "commit", "--quiet", "--message", "a"]);
    }
    folder.write("ours/slo/slo.toml", MANIFEST.replace("1.0.0", "2.0.0"));
    folder.write("ours/slo/shop.slo", CONTRACT.replace("card, cash", "card, wallet"));
    folder.write(
        "old.jsonl",
        span("shop", "cash").replace(r#""name":"shop"}"#, r#""name":"shop","version":"1.0.0"}"#),
    );
    for (from, root, file) in [(".", "ours/slo", "old.jsonl"), ("theirs", "../ours/slo", "../old.jsonl")] {
        let run = folder.slo_in(from, &["verify", root, file, "--previous", "HEAD"]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{from}: {}", run.error);
    }
}
