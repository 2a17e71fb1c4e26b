//! `--readers` of `slo check` and `slo diff`.

use crate::support::{Folder, Run};

const MANIFEST: &str = include_str!("../../readers/tests/contract/slo.toml");
const CONTRACT: &str = include_str!("../../readers/tests/contract/shop.slo");

const RULES: &str = r#"groups:
  - name: shop
    rules:
      - alert: NoSales
        expr: rate(shop_sales[5m]) == 0
      - alert: NoCards
        expr: rate(shop_sales_total{shop_payment="card"}[5m]) == 0
      - alert: Disk
        expr: node_filesystem_free_bytes < 1
"#;

fn shop() -> Folder {
    let folder = Folder::with(&[("slo.toml", MANIFEST), ("shop.slo", CONTRACT)]);
    folder.write("rules/shop.yaml", RULES);
    folder
}

#[test]
fn what_nobody_writes_is_a_warning_that_can_be_accepted() {
    let folder = shop();
    let run = folder.slo(&["check", "slo", "--readers", "rules", "--format", "short"]);
    assert!(run.out.contains("rules/shop.yaml:5:20: warning[SLO1801]"), "{}{}", run.out, run.error);
    assert!(run.error.contains("`node_filesystem_free_bytes`"), "{}", run.error);
    let allow = "\npolicy House {\n    allow SLO1801: shop_sales, \"until the release\"\n}\n";
    folder.write("slo/shop.slo", format!("{CONTRACT}{allow}"));
    let run = folder.slo(&["check", "slo", "--readers", "rules", "--format", "short", "--deny-warnings"]);
    assert_eq!(run.out, "");
    let run = folder.slo(&["check", "slo", "--format", "short", "--deny-warnings"]);
    assert_eq!(run.out, "", "what is accepted of readers is no finding where none are read");
}

#[test]
fn a_change_names_the_rules_that_it_breaks() {
    let folder = shop();
    folder.write("new/slo.toml", MANIFEST);
    folder.write("new/shop.slo", CONTRACT.replace("card, cash", "credit, cash"));
    let run = folder.slo(&["diff", "slo", "new", "--readers", "rules", "--format", "short"]);
    assert!(
        run.out.contains("error[SLO1804]: the alert `NoCards` of the group `shop` asks for `card`"),
        "{}",
        run.out
    );
    assert_eq!(run.out.matches("SLO1804").count(), 1, "{}{}", run.out, run.error);
}

fn add(folder: &Folder, code: &str, name: &str, more: &[&str]) -> Run {
    let arguments = [&["baseline", "add", code, name, "--reason", "until the release"], more];
    folder.slo(&arguments.concat())
}

#[test]
fn what_rules_ask_for_is_accepted_as_a_debt() {
    let folder = shop();
    let of_rules = ["--root", "slo", "--readers", "rules"];
    let run = add(&folder, "SLO1801", "shop_sales", &of_rules);
    assert_eq!(run.code, 0, "{}", run.error);
    let baseline = folder.read("slo/slo-baseline.toml");
    assert!(baseline.contains("SLO1801") && baseline.contains("until the release"), "{baseline}");
    let check = ["check", "slo", "--readers", "rules", "--format", "short", "--deny-warnings"];
    let run = folder.slo(&check);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    // It is a debt once, and stays where no rules are read.
    let run = add(&folder, "SLO1801", "shop_sales", &of_rules);
    assert_eq!(run.code, 2);
    assert!(run.error.contains("nothing is found of `SLO1801` about `shop_sales`"), "{}", run.error);
    assert_eq!(folder.slo(&["check", "slo", "--write-baseline", "--deny-warnings"]).code, 0);
    assert_eq!(folder.read("slo/slo-baseline.toml"), baseline);
    // What is asked for besides is a finding as before.
    folder.write("rules/shop.yaml", RULES.replace("shop_sales[5m]", "shop_sale[5m]"));
    let run = folder.slo(&check);
    assert!(run.code == 1 && run.out.contains("`shop_sale`"), "{}", run.out);
}

#[test]
fn a_debt_of_readers_says_what_it_needs() {
    let folder = shop();
    for (code, more, why) in [
        (
            "SLO1801",
            vec!["--root", "slo"],
            "name their folder, `slo baseline add SLO1801 shop_sales --readers DIR",
        ),
        ("SLO1103", vec!["--root", "slo", "--readers", "rules"], "leave `--readers` out"),
        ("SLO1804", vec!["--root", "slo", "--readers", "rules"], "is of a change"),
        ("SLO1801", vec!["--root", "slo", "--readers", "nowhere"], "`nowhere` can't be read"),
    ] {
        let run = add(&folder, code, "shop_sales", &more);
        assert_eq!(run.code, 2, "{code} {more:?}");
        assert!(run.error.contains(why), "{code} {more:?}: {}", run.error);
    }
    assert!(!folder.path().join("slo/slo-baseline.toml").exists());
}

#[test]
fn a_workspace_keeps_what_is_asked_of_all_its_members() {
    let folder = Folder::new();
    folder.write("slo.toml", "[workspace]\nmembers = [\"*/slo\"]\n");
    folder.write("shop/slo/slo.toml", MANIFEST);
    folder.write("shop/slo/shop.slo", CONTRACT);
    folder.write("rules/shop.yaml", RULES);
    let run = add(&folder, "SLO1801", "shop_sales", &["--readers", "rules", "--root", "."]);
    assert_eq!(run.code, 0, "{}", run.error);
    assert!(folder.read("slo-baseline.toml").contains("SLO1801"));
    assert!(!folder.path().join("shop/slo/slo-baseline.toml").exists());
    let check = ["check", ".", "--readers", "rules", "--format", "short", "--deny-warnings"];
    let run = folder.slo(&check);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
}

/// Labels that are added on the way are known of both sides, of a contract that is no member of a workspace too.
#[test]
fn labels_that_are_added_on_the_way_are_no_break() {
    let folder = shop();
    let rule = "groups:\n  - name: shop\n    rules:\n      - alert: A\n        expr: sum by (cluster) (shop_sales_total)\n";
    folder.write("rules/shop.yaml", rule);
    folder.write("bare/slo.toml", MANIFEST.replace("target_labels = [\"cluster\"]\n", ""));
    folder.write("bare/shop.slo", CONTRACT);
    let run = folder.slo(&["diff", "bare", "slo", "--readers", "rules", "--format", "short"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    let run = folder.slo(&["diff", "slo", "bare", "--readers", "rules", "--format", "short"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.error);
    assert!(run.out.contains("SLO1804") && run.out.contains("`cluster`"), "{}{}", run.out, run.error);
}
