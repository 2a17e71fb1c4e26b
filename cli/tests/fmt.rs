//! `slo fmt` as people, editors and CI use it.

use crate::support::Folder;

const TIDY: &str = "package shop\n\nresource Shop {\n    service.name: required\n    host.id:      auto\n}\n";
const UNTIDY: &str = "package shop\n\n\nresource Shop\n{\n  service.name: required\n  host.id: auto }";

#[test]
fn files_of_a_root_are_put_into_the_style() {
    let folder = Folder::with(&[("shop.slo", UNTIDY), ("tidy/tidy.slo", TIDY)]);
    let check = folder.slo(&["fmt", "--check"]);
    assert_eq!((check.code, check.out.as_str()), (1, "slo/shop.slo:3\n"));
    assert!(check.error.contains("slo: 2 files, 1 not in the style\n"), "{}", check.error);
    assert_eq!(folder.read("slo/shop.slo"), UNTIDY, "nothing is written");
    let run = folder.slo(&["fmt"]);
    assert_eq!((run.code, run.out.as_str(), run.error.as_str()), (0, "", "slo: 2 files, 1 written\n"));
    assert_eq!(folder.read("slo/shop.slo"), TIDY);
    assert_eq!(folder.slo(&["fmt"]).error, "slo: 2 files, 0 written\n");
    let check = folder.slo(&["fmt", "--check", "."]);
    assert_eq!((check.code, check.out.as_str()), (0, ""), "a crate's folder stands for its contract");
}

#[test]
fn what_cannot_be_read_is_left_as_it_is() {
    let broken = "package shop\nscope Shop {\n";
    let folder = Folder::with(&[("broken.slo", broken), ("shop.slo", UNTIDY), ("latin.slo", "// \u{fc}")]);
    folder.write("slo/latin.slo", b"// \xfc");
    let run = folder.slo(&["fmt", "slo", "--format", "short"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    for expected in ["slo/broken.slo:2:12", "SLO0102", "SLO0002", "slo: 3 files, 1 written", "left as it is"]
    {
        assert!(run.error.contains(expected), "{expected}: {}", run.error);
    }
    assert_eq!(folder.read("slo/broken.slo"), broken);
    assert_eq!(folder.read("slo/shop.slo"), TIDY, "the others are written");
    let nothing = folder.slo(&["fmt", "elsewhere"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.error.contains("`elsewhere` can't be read"), "{}", nothing.error);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new();
    let run = folder.slo_with_input(&["fmt", "-"], UNTIDY);
    assert_eq!((run.code, run.out.as_str(), run.error.as_str()), (0, TIDY, ""));
    let run = folder.slo_with_input(&["fmt", "-"], TIDY);
    assert_eq!((run.code, run.out.as_str()), (0, TIDY));
    let check = folder.slo_with_input(&["fmt", "-", "--check"], UNTIDY);
    assert_eq!((check.code, check.out.as_str()), (1, "standard input:3\n"));
    let broken = folder.slo_with_input(&["fmt", "-"], "scope {");
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
    assert!(broken.error.contains("SLO0102"), "{}", broken.error);
    assert_eq!(folder.slo(&["fmt", "-", "slo"]).code, 2, "it stands by itself");
}

#[test]
fn what_a_new_root_holds_is_in_the_style() {
    let folder = Folder::new();
    assert_eq!(folder.slo(&["new", "slo"]).code, 0);
    assert_eq!(folder.slo(&["fmt", "--check"]).code, 0);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(&[("shop.slo", UNTIDY)]);
    let (path, link) = (folder.path().join("slo/shop.slo"), folder.path().join("link.slo"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(folder.slo(&["fmt", "link.slo"]).code, 0);
    assert!(link.is_symlink());
    assert_eq!(folder.read("slo/shop.slo"), TIDY);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    folder.write("slo/shop.slo", UNTIDY);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    let run = folder.slo(&["fmt"]);
    assert_eq!(run.code, 2, "what nobody may write is not written");
    assert!(run.error.contains("can't be written"), "{}", run.error);
    assert_eq!(folder.read("slo/shop.slo"), UNTIDY);
}
