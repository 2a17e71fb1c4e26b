//! Bytes and paths of every kind: a finding with a place, never a panic or a hang.

use crate::support::Folder;

const SOUND: &str = "package shop\nscope Shop {}\n";

/// The findings' lines, each with code and place.
fn findings(folder: &Folder) -> (i32, String) {
    let run = folder.slo(&["check", "--format", "short"]);
    assert!(!run.error.contains("panicked"), "{}", run.error);
    (run.code, run.out)
}

fn assert_finds(folder: &Folder, expected: &str) {
    let (code, out) = findings(folder);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains(expected), "expected {expected:?} in:\n{out}");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    folder.write("slo/bad.slo", b"package shop\n\xff\xfe");
    assert_finds(
        &folder,
        "slo/bad.slo:1:1: error[SLO0002]: `slo/bad.slo` is not UTF-8: the byte at offset 13",
    );
}

#[test]
fn a_folder_for_a_file() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    folder.write("slo/folder.slo/inner.txt", "");
    assert_finds(&folder, "slo/folder.slo:1:1: error[SLO0001]: `slo/folder.slo` is no file");
}

#[cfg(unix)]
#[test]
fn links_stay_in_the_root() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    folder.write("outside/secret.slo", "package secret\n");
    std::os::unix::fs::symlink(folder.path().join("outside/secret.slo"), folder.path().join("slo/link.slo"))
        .unwrap();
    std::os::unix::fs::symlink(folder.path().join("outside"), folder.path().join("slo/folder")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("slo/nowhere"), folder.path().join("slo/dangling.slo"))
        .unwrap();
    // A link in a circle is neither followed nor waited for.
    std::os::unix::fs::symlink(folder.path().join("slo"), folder.path().join("slo/circle")).unwrap();
    assert_finds(&folder, "slo/link.slo:1:1: error[SLO0006]");
    assert_finds(&folder, "slo/folder:1:1: error[SLO0006]");
    assert_finds(&folder, "slo/dangling.slo:1:1: error[SLO0001]");
    // A link that stays inside is a file like any other.
    let folder = Folder::with(&[("a/shop.slo", SOUND)]);
    std::os::unix::fs::symlink("shop.slo", folder.path().join("slo/a/again.slo")).unwrap();
    assert_finds(&folder, "SLO0304");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("slo/pipe.slo")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_finds(&folder, "slo/pipe.slo:1:1: error[SLO0001]");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(&[("shop.slo", SOUND), ("closed.slo", SOUND)]);
    let path = folder.path().join("slo/closed.slo");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Who may read everything sees the second declaration instead.
    let expected =
        if std::fs::read(&path).is_ok() { "SLO0304" } else { "slo/closed.slo:1:1: error[SLO0001]" };
    assert_finds(&folder, expected);
}

#[test]
fn a_file_beyond_the_limit() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    folder.write("slo/large.slo", vec![b' '; 16 * 1024 * 1024 + 1]);
    assert_finds(&folder, "slo/large.slo:1:1: error[SLO0005]: `slo/large.slo` has 16777217 bytes");
}

#[test]
fn directions_and_controls_in_text() {
    let folder = Folder::with(&[("shop.slo", "package shop\n// \u{202e}oops\nscope Shop {} // \u{0}\n")]);
    assert_finds(&folder, "slo/shop.slo:2:4: error[SLO0003]");
    assert_finds(&folder, "slo/shop.slo:3:18: error[SLO0004]");
}

#[test]
fn brackets_beyond_the_limit() {
    let deep = format!("package shop\n\nattribute a: int, only={}\n", "[".repeat(200_000));
    let folder = Folder::with(&[("shop.slo", deep.as_str())]);
    assert_finds(&folder, "error[SLO0105]");
}

#[test]
fn a_manifest_of_another_version_or_kind() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    folder.write("slo/slo.toml", "name = \"shop\"\nversion = \"1\"\nslo = \"7.0\"\n");
    assert_finds(
        &folder,
        "slo/slo.toml:3:7: error[SLO0202]: the contract is written for slo `7.0`, this compiler speaks `0.1`",
    );
    folder.write("slo/slo.toml", "name = \"shop\"\nversoin = \"1\"\nslo = \"0.1\"\n");
    assert_finds(&folder, "error[SLO0201]");
    folder.write("slo/slo.toml", b"\xff");
    assert_finds(&folder, "slo/slo.toml:1:1: error[SLO0002]");
    folder.write("slo/slo.toml", "");
    assert_finds(&folder, "error[SLO0201]");
}

#[test]
fn lists_of_values_stay_in_the_root() {
    let contract = "package shop\n\nattribute shop.city: string, values=\"../cities.txt\"\n";
    let folder = Folder::with(&[("shop.slo", contract)]);
    folder.write("cities.txt", "Bergen\n");
    assert_finds(&folder, "error[SLO0006]");
    let contract = contract.replace("../", "");
    let folder = Folder::with(&[("shop.slo", contract.as_str()), ("cities.txt", "Bergen\nTurku\n")]);
    assert_eq!(findings(&folder), (0, String::new()));
}
