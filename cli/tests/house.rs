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

/// A house whose new rule breaks 37 of 200 services: it is announced, each owner takes it in as a debt or mends it, and it
/// becomes an error without a red pipeline.
#[test]
fn a_new_rule_gets_into_two_hundred_services() {
    let folder = Folder::new();
    let house = |rule: &str| {
        folder.write("house/house.slo", format!("package house\n\nattribute team.name: string\n{rule}"));
    };
    folder.write("slo.toml", "[workspace]\nmembers = [\"house\", \"services/*\"]\n");
    folder.write(
        "house/slo.toml",
        "name = \"house\"\nversion = \"1.0.0\"\nowner = \"team-house\"\nslo = \"0.1\"\n",
    );
    house("");
    for number in 0..200 {
        let root = format!("services/s{number:03}");
        folder.write(
            &format!("{root}/slo.toml"),
            format!("name = \"s{number:03}\"\nversion = \"1.0.0\"\nowner = \"team-{number:03}\"\nslo = \"0.1\"\n\n[vocabularies]\nhouse = {{ path = \"../../house\" }}\n"),
        );
        let team = if number % 5 == 0 && number < 185 { "" } else { "    team.name: static=\"us\"\n" };
        folder.write(
            &format!("{root}/s.slo"),
            format!("package s{number:03}\n\nuse house\n\nattribute s{number:03}.zone: string\n\nresource Service {{\n    s{number:03}.zone: required\n{team}}}\n\nresource Other {{\n    team.name: required\n}}\n"),
        );
    }
    assert_eq!(folder.slo(&["check", "--deny-warnings"]).code, 0);
    // What the author of the rule sees, before anybody else does.
    house("\npolicy House {\n    resource.keys: warn, require=[team.name], until=\"2027-03-01\"\n}\n");
    let run = folder.slo(&["check", "--format", "short"]);
    assert_eq!(run.code, 0);
    let run = folder.slo(&["check"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("house_two_hundred", run.error);
    // What an owner sees: a warning with the day.
    let run = folder.slo(&["check", "services/s005"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!("house_owner", run.out);
    // Half of them are mended, the others become a debt of their owners.
    for number in (0..185).step_by(5) {
        let path = format!("services/s{number:03}/s.slo");
        if number % 2 == 0 {
            let text = folder.read(&path);
            let zone = format!("    s{number:03}.zone: required\n");
            folder.write(&path, text.replace(&zone, &format!("{zone}    team.name: static=\"us\"\n")));
        } else {
            let root = format!("services/s{number:03}");
            assert_eq!(folder.slo(&["check", &root, "--write-baseline", "--deny-warnings"]).code, 0);
        }
    }
    // The rule is an error, and no pipeline is red.
    house("\npolicy House {\n    resource.keys: error, require=[team.name]\n}\n");
    let run = folder.slo(&["check", "--deny-warnings"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    insta::assert_snapshot!("house_an_error", run.error);
    // A new service that breaks it is told.
    let text = folder.read("services/s001/s.slo");
    folder.write("services/s001/s.slo", text.replace("    team.name: static=\"us\"\n", ""));
    assert_eq!(folder.slo(&["check"]).code, 1);
}

#[test]
fn what_a_house_declares_itself_is_declared() {
    let house = "package house\n\nattribute house.region: string, only=[\"eu\"]\n\npolicy House {\n    keys.declared: error\n}\n";
    let folder = Folder::with(&[("house.slo", house)]);
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.error);
    // A service is held to it.
    let service = "scope S {}\n\nevent E in S {\n    region: house.region\n    log shop.e: info\n}\n";
    folder.write("slo/house.slo", format!("{house}\n{service}"));
    let run = folder.slo(&["check", "slo", "--format", "short"]);
    assert!(run.out.contains("error[SLO0710]: no vocabulary declares the key `house.region`"), "{}", run.out);
}
