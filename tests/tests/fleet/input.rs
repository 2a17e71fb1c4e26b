//! Indexes come from elsewhere: cut off, changed, of another version.

use super::Folder;

const INDEX: &str = r#"{
"index_format": 1,
"head": {"name":"print","version":"1.0.0","owner":"team-print","targets":["otlp"],"translation_strategy":"NoTranslation"},
"attributes": [],
"metrics": [
{"name":"acme.jobs","scope":"print.Work","kind":"counter","unit":"{job}","number":"int","at":"print.slo:6"}
],
"logs": [],
"spans": [],
"resources": []
}
"#;

fn told(index: &str) -> String {
    let folder = Folder::new();
    folder.write("slo.toml", "[workspace]\nmembers = [\"*.json\"]\n");
    folder.write("print.json", index);
    folder.short()
}

#[test]
fn an_index_that_is_whole_is_read() {
    assert_eq!(told(INDEX), "");
}

#[test]
fn what_is_wrong_with_an_index_is_said_at_its_line() {
    let mut all = String::new();
    for (what, from, to) in [
        ("another format", "\"index_format\": 1", "\"index_format\": 2"),
        ("no format", "\"index_format\": 1,\n", ""),
        ("a kind that is none", "\"counter\"", "\"meter\""),
        ("a number for a name", "\"acme.jobs\"", "7"),
        ("no name", "\"acme.jobs\"", "\"\""),
        ("a key that is none", "\"scope\"", "\"scop\""),
        ("a list that is none", "\"logs\": []", "\"logs\": 7"),
        ("a list that is missing", "\"logs\": [],\n", ""),
        ("what steers a terminal", "acme.jobs", "acme\\u001b[31m.jobs"),
        ("what turns text around", "acme.jobs", "acme\u{202e}.jobs"),
        ("buckets that fall", "\"unit\"", "\"buckets\":{\"explicit\":[2,1]},\"unit\""),
        ("buckets without a number", "\"unit\"", "\"buckets\":{\"explicit\":[1e999]},\"unit\""),
        ("an unknown target", "[\"otlp\"]", "[\"zipkin\"]"),
        ("conflict markers", "\"attributes\"", "<<<<<<< ours\n\"attributes\""),
    ] {
        let wrong = INDEX.replacen(from, to, 1);
        assert_ne!(wrong, INDEX, "{what}");
        all.push_str(&format!("──────── {what}\n{}\n", told(&wrong)));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn an_index_that_is_cut_off_is_known_wherever_it_is() {
    for end in 1..INDEX.len() - 2 {
        if !INDEX.is_char_boundary(end) {
            continue;
        }
        let told = told(&INDEX[..end]);
        assert!(told.contains("error[SLO1506]: "), "{end}: {told}");
    }
    assert!(told(&INDEX[..200]).contains("cut off"));
    assert!(told("").contains("SLO1506"));
}

#[test]
fn counts_and_lengths_have_bounds() {
    let long = "x".repeat(70_000);
    assert!(told(&INDEX.replace("acme.jobs", &long)).contains("more than 65536 bytes"));
    let item = "{\"name\":\"a\",\"scope\":\"b\",\"kind\":\"counter\",\"number\":\"int\",\"at\":\"\"},\n";
    let many = INDEX.replace("\"metrics\": [\n", &format!("\"metrics\": [\n{}", item.repeat(100_000)));
    assert!(told(&many).contains("`metrics` has more than 100000 items"));
    let deep =
        INDEX.replace("\"logs\": []", &format!("\"logs\": {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(told(&deep).contains("SLO1506"), "nothing overflows");
    let huge = INDEX.replace("\"logs\": []", &format!("\"logs\": [{}]", " ".repeat(17 * 1024 * 1024)));
    assert!(told(&huge).contains("SLO0005"));
}
