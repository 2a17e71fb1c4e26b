//! What a vocabulary asks of whoever takes it in fails `slo check`, and changes nothing that is made.

use crate::support::Folder;

fn fleet(rule: &str) -> Folder {
    let folder = Folder::new();
    let manifest = "name = \"house\"\nversion = \"1.0.0\"\nowner = \"team-house\"\nslo = \"0.1\"\n";
    folder.write("house/slo.toml", manifest);
    folder.write(
        "house/house.slo",
        format!("package house\n\nattribute team.name: string\n\npolicy House {{\n    {rule}\n}}\n"),
    );
    let manifest = "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = { path = \"../house\" }\n";
    folder.write("shop/slo.toml", manifest);
    folder.write("shop/shop.slo", "package shop\n\nuse house\n\nresource Shop {}\n\nscope Orders {}\n\nevent Order in Orders {\n    log shop.order: info\n}\n\nattribute shop.city: string\n\nresource City {\n    team.name: static=\"shop\"\n    shop.city: required\n}\n");
    folder
}

#[test]
fn a_rule_of_the_house_fails_the_check_and_no_build() {
    let folder = fleet("resource.keys: error, require=[team.name]");
    assert_eq!(folder.slo(&["check", "house"]).code, 0);
    let run = folder.slo(&["check", "shop"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!("house_check", format!("{}{}", run.out, run.error));
    let run = folder.slo(&["build", "shop", "--target", "rust", "--out", "rust"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    insta::assert_snapshot!("house_build", run.error);
    // The owner of the service accepts it as a debt.
    assert_eq!(folder.slo(&["check", "shop", "--write-baseline"]).code, 0);
    assert_eq!(folder.slo(&["check", "shop", "--deny-warnings"]).code, 0);
}

#[test]
fn a_rule_is_announced_before_it_is_an_error() {
    let folder = fleet("resource.keys: warn, require=[team.name], until=\"2027-03-01\"");
    let run = folder.slo(&["check", "shop", "--today", "2027-02-28"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("house_announced", run.out);
    // The day changes nothing for the services; the house hears of it.
    assert_eq!(folder.slo(&["check", "shop", "--today", "2027-03-02"]).out, run.out);
    let run = folder.slo(&["check", "house", "--today", "2027-03-02", "--deny-warnings"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("house_day_past", run.out);
}
