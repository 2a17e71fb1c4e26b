//! `slo diff`: folders and revisions of real repositories.

use crate::support::{Folder, git};

const MANIFEST: &str = "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\ntargets = [\"otlp\", \"prometheus\"]\n";

fn contract(signals: &str) -> String {
    format!("package shop\n\nscope Shop {{}}\n\nevent Sale in Shop {{\n{signals}}}\n")
}

const TWO: &str = "    metric shop.sales: counter, unit=\"{sale}\"\n    log shop.sale: info\n";
const ONE: &str = "    metric shop.sales: counter, unit=\"{sale}\"\n";

fn root(folder: &Folder, path: &str, signals: &str) {
    folder.write(&format!("{path}/slo.toml"), MANIFEST);
    folder.write(&format!("{path}/shop.slo"), contract(signals));
}

#[test]
fn two_folders_are_compared() {
    let folder = Folder::new();
    root(&folder, "old", TWO);
    root(&folder, "new", ONE);
    let broken = folder.slo(&["diff", "old", "new"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    insta::assert_snapshot!(format!("{}{}", broken.out, broken.error));
    let more = folder.slo(&["diff", "new", "old", "--format", "short"]);
    assert_eq!(more.code, 0, "{}{}", more.out, more.error);
    assert!(more.out.contains("note[SLO1606]: the log `shop.sale` is new"), "{}", more.out);
    let same = folder.slo(&["diff", "old", "old"]);
    assert_eq!((same.code, same.out.as_str()), (0, ""), "{}", same.error);
    assert_eq!(same.error, "slo: nothing that is compared changes\n");
}

#[test]
fn revisions_are_read_as_git_has_them() {
    let folder = Folder::new();
    git(&folder, &["init", "--quiet"]);
    root(&folder, "service/slo", TWO);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "a"]);
    root(&folder, "service/slo", ONE);
    let broken = folder.slo(&["diff", "HEAD:service/slo", "service/slo", "--format", "short"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    assert!(broken.out.contains("error[SLO1601]: the log `shop.sale` is gone"), "{}", broken.out);
    // A crate stands for the contract in it, and a path may be from here.
    let here = folder.slo_in("service", &["diff", "HEAD:./slo", "slo", "--format", "json"]);
    assert_eq!(here.code, 1, "{}{}", here.out, here.error);
    assert!(here.out.contains("HEAD:service/slo/shop.slo"), "{}", here.out);
    let twice = folder.slo(&["diff", "HEAD:service", "HEAD:service/slo"]);
    assert_eq!(twice.code, 0, "{}{}", twice.out, twice.error);
}

#[test]
fn what_can_not_be_compared_is_no_finding() {
    let folder = Folder::new();
    root(&folder, "old", TWO);
    root(&folder, "bad", "    log shop.sale: info { nothing }\n");
    for (arguments, words) in [
        (["diff", "old", "nowhere"], "`nowhere` is no contract root"),
        (["diff", "old", "bad"], "`bad` is not sound, and nothing was compared"),
        (["diff", "HEAD:old", "old"], "git can't list the revision `HEAD`"),
        (["diff", "--", "-x:old"], "the following required arguments"),
        (["diff", "old", "old/shop.slo"], "is a file"),
    ] {
        let run = folder.slo(&arguments);
        assert_eq!(run.code, 2, "{arguments:?} {}{}", run.out, run.error);
        assert!(run.error.contains(words), "{arguments:?} {}", run.error);
    }
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "a"]);
    let run = folder.slo(&["diff", "HEAD:../old", "old"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.error);
    let run = folder.slo(&["diff", "--", "--output=x:old", "old"]);
    assert!(run.error.contains("`--output=x` is no revision of git"), "{}", run.error);
}

/// Whoever asked for a format gets what is wrong with a side in it.
#[test]
fn a_side_that_is_not_sound_is_told_in_the_format_that_was_asked_for() {
    let folder = Folder::new();
    root(&folder, "old", TWO);
    root(&folder, "bad", "    log shop.sale: info { nothing }\n");
    for format in ["rustc", "short", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let run = folder.slo(&["diff", "old", "bad", "--format", format]);
        assert_eq!(run.code, 2, "{format}: {}", run.error);
        assert!(run.out.contains("SLO0"), "{format}: {}", run.out);
        assert!(!run.error.contains("SLO0"), "{format}: {}", run.error);
        assert!(
            run.error.contains("`bad` is not sound, and nothing was compared"),
            "{format}: {}",
            run.error
        );
    }
    let people = folder.slo(&["diff", "old", "bad"]);
    assert_eq!((people.code, people.out.as_str()), (2, ""), "{}", people.error);
    assert!(people.error.contains("SLO0"), "{}", people.error);
}

/// An index has less than a contract, which is said.
#[test]
fn indexes_are_compared_by_what_they_have() {
    let folder = Folder::new();
    root(&folder, "old", TWO);
    root(&folder, "new", ONE);
    let index = folder.slo(&["build", "old", "--target", "index"]);
    folder.write("old.json", index.out);
    let broken = folder.slo(&["diff", "old.json", "new", "--format", "short"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    assert!(broken.out.contains("error[SLO1601]: the log `shop.sale`: it is gone"), "{}", broken.out);
    assert!(broken.error.contains("are not in indexes, and are not compared"), "{}", broken.error);
    let same = folder.slo(&["diff", "old.json", "old"]);
    assert_eq!((same.code, same.out.as_str()), (0, ""), "{}", same.error);
    folder.write("bad.json", "{");
    let bad = folder.slo(&["diff", "bad.json", "old"]);
    assert_eq!(bad.code, 2, "{}{}", bad.out, bad.error);
}

/// An index that is checked in is read from a revision as a root is.
#[test]
fn an_index_of_a_revision_is_compared() {
    let folder = Folder::new();
    git(&folder, &["init", "--quiet"]);
    root(&folder, "slo", TWO);
    let index = folder.slo(&["build", "slo", "--target", "index"]);
    folder.write("indexes/shop.json", index.out);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "a"]);
    root(&folder, "slo", ONE);
    let broken = folder.slo(&["diff", "HEAD:indexes/shop.json", "slo", "--format", "short"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    assert!(broken.out.contains("error[SLO1601]: the log `shop.sale`: it is gone"), "{}", broken.out);
    let none = folder.slo(&["diff", "HEAD:indexes/none.json", "slo"]);
    assert_eq!(none.code, 2, "{}{}", none.out, none.error);
    assert!(none.error.contains("in the revision `HEAD`"), "{}", none.error);
}

#[test]
fn workspaces_are_compared_member_by_member() {
    let folder = Folder::new();
    let member = |path: &str, name: &str, signals: &str| {
        let manifest = MANIFEST.replace("\"shop\"", &format!("\"{name}\""));
        folder.write(&format!("{path}/slo.toml"), manifest);
        let signals = signals.replace("shop.", &format!("{name}."));
        folder.write(
            &format!("{path}/a.slo"),
            contract(&signals).replace("package shop", &format!("package {name}")),
        );
    };
    git(&folder, &["init", "--quiet"]);
    folder.write("slo.toml", "[workspace]\nmembers = [\"services/*\"]\n");
    member("services/a", "shop", TWO);
    member("services/b", "post", ONE);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "--message", "a"]);
    let same = folder.slo(&["diff", "HEAD:.", "."]);
    assert_eq!((same.code, same.out.as_str()), (0, ""), "{}", same.error);
    // A folder is no name: `shop` is in another one now, and `post` is gone.
    std::fs::remove_dir_all(folder.path().join("services")).unwrap();
    member("services/c", "shop", ONE);
    member("services/d", "mail", ONE);
    let broken = folder.slo(&["diff", "HEAD:.", "."]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    insta::assert_snapshot!(format!("{}{}", broken.out, broken.error));
    let mixed = folder.slo(&["diff", "HEAD:.", "services/c"]);
    assert_eq!(mixed.code, 2, "{}{}", mixed.out, mixed.error);
    assert!(mixed.error.contains("`services/c` is no workspace"), "{}", mixed.error);
}

/// Every format of a check has the changes.
#[test]
fn all_formats_have_the_changes() {
    let folder = Folder::new();
    root(&folder, "old", TWO);
    root(&folder, "new", ONE);
    for format in ["human", "rustc", "short", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let run = folder.slo(&["diff", "old", "new", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.error);
        assert!(run.out.contains("SLO1601"), "{format}: {}", run.out);
    }
}

#[test]
fn renames_that_the_contract_says_become_a_schema_file() {
    let folder = Folder::new();
    for (path, version, deprecated) in [("old", "1.0.0", ""), ("new", "1.1.0", ", deprecated=shop.way")] {
        folder.write(
            &format!("{path}/slo.toml"),
            MANIFEST.replace("1.0.0", version) + "schema_url = \"https://example.com/schemas/1.1.0\"\n",
        );
        folder.write(
            &format!("{path}/shop.slo"),
            format!("package shop\n\nattribute shop.path: string{deprecated}\nattribute shop.way: string\n"),
        );
    }
    let run = folder.slo(&["diff", "old", "new", "--schema-file", "schema.yaml"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.error);
    insta::assert_snapshot!(folder.read("schema.yaml"));
    let same = folder.slo(&["diff", "old", "old", "--schema-file", "schema.yaml"]);
    assert_eq!(same.code, 2);
    assert!(same.error.contains("both contracts are version `1.0.0`"), "{}", same.error);
}

fn commit(folder: &Folder) {
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a"]);
}

/// What a contract stands on is read from the revision too: lists of values beside it, and the indexes that a workspace names,
/// wherever they stand.
#[test]
fn a_revision_has_the_lists_and_the_indexes_that_are_named() {
    let folder = Folder::new();
    let index = |signals: &str| {
        root(&folder, "other", signals);
        folder.slo(&["build", "other", "--target", "index"]).out
    };
    let all = Folder::new();
    all.write("slo.toml", "[workspace]\nmembers = [\"services/*\", \"indexes/*.json\"]\n");
    all.write("indexes/shop.json", index(TWO));
    all.write("services/post/slo.toml", MANIFEST.replace("\"shop\"", "\"post\""));
    all.write("services/post/lists/ways.txt", "sea\nair\n");
    let text = "package post\n\nattribute post.way: string, values=\"lists/ways.txt\"\n";
    all.write("services/post/post.slo", text);
    // What no contract names is not read, however large it is.
    all.write("services/post/picture.bin", vec![0; 17 * 1024 * 1024]);
    commit(&all);
    let same = all.slo(&["diff", "HEAD:.", "."]);
    assert_eq!((same.code, same.out.as_str()), (0, ""), "{}", same.error);
    all.write("services/post/lists/ways.txt", "sea\n");
    all.write("indexes/shop.json", index(ONE));
    let broken = all.slo(&["diff", "HEAD:.", ".", "--format", "short"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.error);
    assert!(broken.out.contains("the attribute `post.way`: it has no more `air`"), "{}", broken.out);
    assert!(broken.out.contains("the log `shop.sale`: it is gone"), "{}", broken.out);
}

/// A file that is too large isn't passed over, as if it were not there.
#[test]
fn a_contract_file_of_a_revision_that_is_too_large_is_told() {
    let folder = Folder::new();
    root(&folder, "slo", ONE);
    folder.write("slo/more.slo", "// a\n".repeat(16 * 1024 * 1024 / 5 + 1));
    commit(&folder);
    let run = folder.slo(&["diff", "HEAD:slo", "HEAD:slo"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.error);
    assert!(
        run.error.contains("`HEAD:slo/more.slo` has 16777220 bytes, more than 16777216"),
        "{}",
        run.error
    );
}

/// A promoted attribute is a label where the server promotes: not on the way of a scrape of libraries' own endpoints.
#[test]
fn promoted_attributes_count_where_a_server_promotes() {
    let folder = Folder::new();
    for (way, expected) in [("otlp", 1), ("go", 0)] {
        for (path, promoted) in [("old", "[\"shop.region\"]"), ("new", "[]")] {
            let ways = format!("ways = {{ default = \"{way}\" }}\n");
            let prometheus = format!("\n[prometheus]\n{ways}promote_resource_attributes = {promoted}\n");
            folder.write(&format!("{path}/slo.toml"), format!("{MANIFEST}{prometheus}"));
            let resource = "attribute shop.region: string\nresource Shop { shop.region: required }\n";
            let scope = "scope Shop {}";
            let text = contract(ONE).replace(scope, &format!("{resource}scope Meter {{}}"));
            folder.write(&format!("{path}/shop.slo"), text.replace("in Shop", "in Meter"));
        }
        let run = folder.slo(&["diff", "old", "new", "--format", "short"]);
        assert_eq!(run.code, expected, "{way}: {}{}", run.out, run.error);
        let words = "`shop.region` of the resource is no label of all series any more";
        assert_eq!(run.out.contains(words), expected == 1, "{way}: {}", run.out);
    }
}

/// Programs state what their events hold, whoever says it.
#[test]
fn a_meaning_of_a_house_counts_for_the_events_that_hold_it() {
    let folder = Folder::new();
    let manifest = |name: &str| {
        format!("name = \"{name}\"\nversion = \"1.0.0\"\nowner = \"team-{name}\"\nslo = \"0.1\"\n")
    };
    for (side, more) in [("old", "\n    Lost \"it was lost\" { log { outcome = \"lost\" } }"), ("new", "")] {
        let paid = "Paid \"it was paid\" { log { outcome = \"paid\" } }";
        folder.write(&format!("{side}/house/slo.toml"), manifest("house"));
        let house = format!("package house\n\nmeaning Outcome {{\n    {paid}{more}\n}}\n");
        folder.write(&format!("{side}/house/house.slo"), house);
        let vocabularies = "\n[vocabularies]\nhouse = { path = \"../house\" }\n";
        folder.write(&format!("{side}/shop/slo.toml"), manifest("shop") + vocabularies);
        let text = contract("    outcome: Outcome\n    log shop.sale: info { outcome }\n");
        folder.write(
            &format!("{side}/shop/shop.slo"),
            text.replace("package shop\n", "package shop\n\nuse house\n"),
        );
    }
    let run = folder.slo(&["diff", "old/shop", "new/shop", "--format", "short"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.error);
    assert!(run.out.contains("the variant `Lost` of `house.Outcome` is gone"), "{}", run.out);
}
