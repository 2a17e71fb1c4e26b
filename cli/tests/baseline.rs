//! A service with findings of the first day: they become a debt that only shrinks, and nothing new gets in.

use crate::support::{Folder, two_units};

/// A contract with findings of three codes.
const SHOP: &str = r#"package shop

scope Orders {}

event Order in Orders {
    customer: string
    city:     string
    item:     int, range=1..=900
    paid:     bool
    gift:     bool

    metric shop.orders: counter { customer }
    metric shop.items: counter { item, paid, gift }
    log shop.order: info { customer, city, item, paid, gift }
}
"#;

fn shop() -> Folder {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    let run = folder.slo(&["check", "slo", "--write-baseline"]);
    assert_eq!(run.code, 0, "{}", run.error);
    folder
}

fn change(folder: &Folder, from: &str, to: &str) {
    let text = folder.read("slo/shop.slo");
    assert!(text.contains(from));
    folder.write("slo/shop.slo", text.replace(from, to));
}

#[test]
fn the_first_day_becomes_a_baseline() {
    let folder = shop();
    insta::assert_snapshot!("baseline_first_day", folder.read("slo/slo-baseline.toml"));
    let run = folder.slo(&["check", "slo", "--deny-warnings"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("baseline_first_day_check", format!("{}{}", run.out, run.error));
    // What is generated is what the contract says.
    assert_eq!(folder.slo(&["build", "slo", "--target", "rust", "--out", "rust"]).code, 0);
}

#[test]
fn a_new_finding_fails_in_each_format() {
    let folder = shop();
    change(
        &folder,
        "    metric shop.items",
        "    metric shop.cities: counter { city }\n    metric shop.items",
    );
    for format in ["human", "rustc", "short", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let run = folder.slo(&["check", "slo", "--format", format]);
        assert_eq!(run.code, 1, "{format}");
        assert!(run.out.contains("SLO1102") && run.out.contains("shop.cities"), "{format}: {}", run.out);
        assert!(!run.out.contains("`shop.orders`"), "{format}: {}", run.out);
    }
    // Writing the baseline takes it in no more than checking does.
    let before = folder.read("slo/slo-baseline.toml");
    let run = folder.slo(&["check", "slo", "--write-baseline"]);
    assert_eq!(run.code, 1);
    assert_eq!(folder.read("slo/slo-baseline.toml"), before);
    insta::assert_snapshot!("baseline_new_finding", run.error);
}

#[test]
fn a_worse_one_under_an_old_line_fails() {
    let folder = shop();
    change(&folder, "1..=900", "1..=901");
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!("baseline_worse", run.out);
    // The line stays as it is.
    let before = folder.read("slo/slo-baseline.toml");
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline"]).code, 1);
    assert_eq!(folder.read("slo/slo-baseline.toml"), before);
}

#[test]
fn a_mended_one_is_taken_out_and_what_is_less_is_lowered() {
    let folder = shop();
    change(&folder, "1..=900", "1..=800");
    change(&folder, "counter { customer }", "counter");
    let run = folder.slo(&["check", "slo"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("baseline_less", run.out);
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]).code, 0);
    insta::assert_snapshot!("baseline_less_written", folder.read("slo/slo-baseline.toml"));
}

#[test]
fn one_is_added_with_a_reason_and_a_day() {
    let folder = shop();
    change(
        &folder,
        "    metric shop.items",
        "    metric shop.cities: counter { city }\n    metric shop.items",
    );
    let add = |more: &[&str]| {
        let all =
            [&["baseline", "add", "SLO1102", "--today", "2027-01-01"], more, &["--root", "slo"]].concat();
        folder.slo(&all)
    };
    assert_eq!(add(&["shop.towns", "--reason", "soon"]).code, 2);
    assert_eq!(add(&["shop.cities", "--reason", " "]).code, 2);
    assert_eq!(add(&["shop.cities", "--reason", "soon", "--until", "2027-02-30"]).code, 2);
    insta::assert_snapshot!("baseline_unknown_name", add(&["shop.towns", "--reason", "soon"]).error);
    assert_eq!(add(&["shop.cities", "--reason", "soon", "--until", "2026-12-31"]).code, 2);
    let run = add(&["shop.cities", "--reason", "say \"soon\"", "--until", "2027-06-30"]);
    assert_eq!(run.code, 0, "{}", run.error);
    insta::assert_snapshot!("baseline_added", folder.read("slo/slo-baseline.toml"));
    assert_eq!(folder.slo(&["check", "slo", "--deny-warnings", "--today", "2027-06-30"]).code, 0);
    // A year later the day is past, and main is still green.
    let run = folder.slo(&["check", "slo", "--deny-warnings", "--today", "2028-06-30"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("baseline_day_past", format!("{}{}", run.out, run.error));
    assert_eq!(folder.slo(&["check", "slo", "--today", "30.6.2028"]).code, 2);
}

#[test]
fn of_what_can_t_be_read_there_is_no_baseline() {
    let folder = Folder::with(&[("shop.slo", &SHOP.replace("city:     string", "city:     strin"))]);
    let run = folder.slo(&["check", "slo", "--write-baseline"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!("baseline_invalid", run.error);
    assert!(!folder.path().join("slo/slo-baseline.toml").exists());
}

#[test]
fn a_merge_that_is_not_finished_is_told_of() {
    let folder = shop();
    let text = folder.read("slo/slo-baseline.toml");
    let (first, rest) = text.split_once("findings = [\n").unwrap();
    folder.write("slo/slo-baseline.toml", format!("{first}findings = [\n<<<<<<< HEAD\n{rest}"));
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("error[SLO0212]: a merge of the baseline is not finished"), "{}", run.out);
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline"]).code, 2);
}

#[test]
fn one_metric_of_two_events_is_one_line_with_the_greater_number() {
    let folder = Folder::with(&[(
        "shop.slo",
        "package shop\n\nscope S {}\n\nevent A in S {\n    t: int, range=1..=300\n\n    metric m: counter, points=10 { t }\n    log a: info\n}\n\nevent B in S {\n    t: int, range=1..=200\n\n    metric m: counter, points=10 { t }\n    log b: info\n}\n",
    )]);
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]).code, 0);
    let text = folder.read("slo/slo-baseline.toml");
    assert!(text.contains("number = 300") && !text.contains("number = 200"), "{text}");
}

#[test]
fn a_finding_that_has_grown_is_added_in_the_place_of_its_line() {
    let folder = shop();
    change(&folder, "1..=900", "1..=901");
    let run = folder.slo(&["baseline", "add", "SLO1103", "shop.items", "--reason", "more", "--root", "slo"]);
    assert_eq!(run.code, 0, "{}", run.error);
    let text = folder.read("slo/slo-baseline.toml");
    assert_eq!(text.matches("SLO1103").count(), 1, "{text}");
    assert_eq!(folder.slo(&["check", "slo", "--deny-warnings"]).code, 0);
}

#[test]
fn more_findings_than_are_shown_are_accepted() {
    let mut contract = "package shop\n\nscope S {}\n".to_owned();
    for number in 0..150 {
        contract.push_str(&format!(
            "\nevent E{number} in S {{\n    who: string\n\n    metric shop.m{number}: counter {{ who }}\n    log shop.l{number}: info\n}}\n"
        ));
    }
    let folder = Folder::with(&[("shop.slo", &contract)]);
    let run = folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert_eq!(folder.read("slo/slo-baseline.toml").matches("SLO1102").count(), 150);
}

#[test]
fn two_branches_that_change_one_line_merge_by_keeping_both() {
    let folder = shop();
    let text = folder.read("slo/slo-baseline.toml");
    let (line, rest) = text.split_once("number = 3600").unwrap();
    let line = line.rsplit('\n').next().unwrap().to_owned();
    let owner = rest.split('\n').next().unwrap();
    let both = text.replace(
        &format!("{line}number = 3600{owner}"),
        &format!("{line}number = 0x1000{owner}\n{line}number = 3600{owner}"),
    );
    folder.write("slo/slo-baseline.toml", both);
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]).code, 0);
    assert_eq!(folder.read("slo/slo-baseline.toml"), text);
}

#[test]
fn what_members_contradict_each_other_in_is_accepted_by_the_workspace() {
    let folder = two_units();
    folder.write("slo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n");
    assert_eq!(folder.slo(&["check"]).code, 1);
    let run = folder.slo(&["check", "--write-baseline"]);
    assert_eq!(run.code, 0, "{}", run.error);
    insta::assert_snapshot!("baseline_of_a_workspace", folder.read("slo-baseline.toml"));
    assert_eq!(folder.slo(&["check", "--deny-warnings"]).code, 0);
    assert_eq!(folder.slo(&["check", "a", "--deny-warnings"]).code, 0);
    let text = folder.read("b/b.slo");
    folder.write("b/b.slo", text.replace("\"ms\"", "\"us\""));
    assert_eq!(folder.slo(&["check"]).code, 1);
}

#[test]
fn what_is_accepted_is_marked_where_it_is_shown() {
    let folder = shop();
    let run = folder.slo(&["show", "shop.items", "slo"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("baseline_shown", run.out.split("what is accepted").nth(1).unwrap());
    let run = folder.slo(&["show", "shop.items", "slo", "--format", "json"]);
    assert!(run.out.contains("\"by\": \"baseline\""), "{}", run.out);
}

#[test]
fn what_is_accepted_is_told_in_sarif_where_that_is_asked_for() {
    let folder = shop();
    let default = folder.slo(&["check", "slo", "--format", "sarif"]);
    assert!(
        default.out.contains("\"results\": []") && !default.out.contains("suppressions"),
        "{}",
        default.out
    );
    let run = folder.slo(&["check", "slo", "--format", "sarif", "--with-accepted"]);
    assert_eq!(run.code, 0);
    let suppressions = run
        .out
        .split("\"suppressions\": ")
        .skip(1)
        .map(|rest| rest.split("\"fixes\"").next().unwrap().trim_end().trim_end_matches(',').to_owned());
    let suppressions: Vec<String> = suppressions.collect();
    assert_eq!(suppressions.len(), folder.read("slo/slo-baseline.toml").matches("code = ").count());
    insta::assert_snapshot!("baseline_suppressed", suppressions[0]);
    let wrong = folder.slo(&["check", "slo", "--with-accepted"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.error.contains("is for `--format sarif`"), "{}", wrong.error);
}

#[test]
fn what_stands_behind_an_accepted_finding_is_told() {
    let contract = |metric: &str| {
        format!(
            "package shop\n\nscope S {{}}\n\nattribute shop.mail: string, sensitive\n\nevent E in S {{\n    mail: shop.mail\n\n    metric shop.m: counter {{ mail }}\n    log shop.l: info {{}}\n}}\n{metric}"
        )
    };
    let folder = Folder::with(&[("shop.slo", &contract(""))]);
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert!(run.out.contains("SLO1105") && !run.out.contains("SLO1102"), "{}", run.out);
    // An `allow` of what is sensitive leaves that it has no bound.
    let allow = "\npolicy Ours {\n    allow SLO1105: shop.mail, shop.m, E.mail, \"why\"\n}\n";
    let folder = Folder::with(&[("shop.slo", &contract(allow))]);
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert!(!run.out.contains("SLO1105") && run.out.contains("SLO1102"), "{}", run.out);
    // The first day's baseline takes in both, so that it is green.
    let folder = Folder::with(&[("shop.slo", &contract(""))]);
    let run = folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    let text = folder.read("slo/slo-baseline.toml");
    assert!(text.contains("SLO1105") && text.contains("SLO1102"), "{text}");
    // Where it is mended, nothing of either is left.
    let text = folder.read("slo/shop.slo");
    folder.write("slo/shop.slo", text.replace("counter { mail }", "counter"));
    let run = folder.slo(&["check", "slo", "--write-baseline", "--format", "short"]);
    assert!(!run.out.contains("SLO1102") && !run.out.contains("SLO1105"), "{}", run.out);
}
