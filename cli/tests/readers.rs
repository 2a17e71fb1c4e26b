//! `--readers` of `slo check` and `slo diff`.

use crate::support::Folder;

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
