//! Archives of indexes, as members of a workspace and as what a service is held to.

use crate::support::{Folder, two_units};

/// Two services that say two units of one metric, and the index of each.
fn services() -> Folder {
    let folder = two_units();
    for name in ["a", "b"] {
        let run = folder.slo(&["build", name, "--target", "index", "--out", "indexes"]);
        assert_eq!(run.code, 0, "{}", run.error);
    }
    folder
}

/// An archive of these files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut archive = tar::Builder::new(packed);
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[test]
fn an_archive_of_indexes_is_as_many_members() {
    let folder = services();
    let [a, b] = ["a", "b"].map(|name| folder.read(&format!("indexes/{name}.json")));
    folder
        .write("fleet/all.tar.gz", archive(&[("out/a.json", &a), ("b.json", &b), ("README.md", "no index")]));
    folder.write("fleet/slo.toml", "[workspace]\nmembers = [\"all.tar.gz\"]\n");
    let run = folder.slo(&["check", "fleet", "--format", "short"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.error);
    assert!(run.out.contains("error[SLO1501]: `shop.load` in `a` is not what it is in `b`"), "{}", run.out);
    assert!(run.out.contains("kept by team-b") && run.out.contains("all.tar.gz/out/a.json:"), "{}", run.out);
}

#[test]
fn a_service_is_held_to_an_archive() {
    let folder = services();
    let a = folder.read("indexes/a.json");
    folder.write("all.tgz", archive(&[("a.json", &a)]));
    let manifest = folder.read("b/slo.toml");
    folder.write("b/slo.toml", format!("{manifest}\n[fleet]\npath = \"../all.tgz\"\n"));
    let run = folder.slo(&["check", "b", "--format", "short"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("SLO1501"), "{}", run.out);
    folder.write(
        "b/slo.toml",
        format!("{manifest}\n[fleet]\npath = \"../all.tgz\"\nsha256 = \"{}\"\n", "0".repeat(64)),
    );
    let run = folder.slo(&["check", "b", "--format", "short"]);
    assert!(run.out.contains("error[SLO1507]"), "{}", run.out);
}

#[test]
fn an_archive_that_is_none_is_refused() {
    let folder = services();
    folder.write("fleet/slo.toml", "[workspace]\nmembers = [\"all.tar.gz\"]\n");
    for (bytes, why) in [
        (archive(&[("README.md", "no index")]), "it holds no index"),
        (archive(&[("a.json", "{")])[..40].to_vec(), "the archive `all.tar.gz` is refused: "),
        (b"PK\x03\x04".to_vec(), "a zip"),
        (Vec::new(), "the archive `all.tar.gz` is refused: "),
    ] {
        folder.write("fleet/all.tar.gz", bytes);
        let run = folder.slo(&["check", "fleet", "--format", "short"]);
        assert_eq!(run.code, 1);
        assert!(run.out.contains("error[SLO0201]") && run.out.contains(why), "{}", run.out);
    }
    folder.write("fleet/all.tar.gz", archive(&[("a.json", "{")]));
    let run = folder.slo(&["check", "fleet", "--format", "short"]);
    assert!(run.out.contains("error[SLO1506]"), "{}", run.out);
}
