//! A service with findings of the first day: they become a debt that only shrinks, and nothing new gets in.

use crate::support::Folder;

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
        let all = [&["baseline", "add", "SLO1102"], more, &["--root", "slo"]].concat();
        folder.slo(&all)
    };
    assert_eq!(add(&["shop.towns", "--reason", "soon"]).code, 2);
    assert_eq!(add(&["shop.cities", "--reason", " "]).code, 2);
    assert_eq!(add(&["shop.cities", "--reason", "soon", "--until", "2027-02-30"]).code, 2);
    insta::assert_snapshot!("baseline_unknown_name", add(&["shop.towns", "--reason", "soon"]).error);
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
