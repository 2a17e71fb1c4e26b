//! Files that want to hurt: each ends in bounded time, and says what it can't read.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use slo_compiler::fleet::AllSeries;

use crate::support::{CONTRACT, found, series_of};

static SERIES: LazyLock<AllSeries> = LazyLock::new(|| series_of(CONTRACT));

fn read(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    found(folder.path(), &SERIES, None)
}

fn rule(expression: &str) -> Vec<u8> {
    let quoted = serde_json::to_string(expression).unwrap();
    format!("groups:\n  - name: g\n    rules:\n      - alert: a\n        expr: {quoted}\n").into_bytes()
}

fn unread(name: &str, bytes: &[u8]) -> bool {
    read(&[(name, bytes)]).contains("SLO1805")
}

#[test]
fn what_is_deep_long_or_no_text_is_told() {
    assert!(unread("a.json", "[".repeat(200_000).as_bytes()));
    assert!(unread("a.yaml", "[".repeat(200_000).as_bytes()));
    assert!(unread("a.yaml", b"\xff\xfe"));
    assert!(unread("a.json", b"{\"panels\": [\xff]}"));
    assert!(unread("a.yaml", &vec![b' '; 9 * 1024 * 1024]));
    assert!(unread("a.yaml", &rule(&"(".repeat(10_000))));
    assert!(unread("a.yaml", &rule(&"x+".repeat(10_000))));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &(0..8)
            .map(|n| {
                format!(
                    "{0}: &{0} [*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1}]\n",
                    char::from(b'b' + n),
                    char::from(b'a' + n)
                )
            })
            .collect::<String>();
    assert!(unread("a.yaml", bomb.as_bytes()));
    let panels = "{\"panels\":[".repeat(40) + &"]}".repeat(40);
    assert!(unread("a.json", panels.as_bytes()));
}

#[test]
fn the_longest_expression_ends() {
    for text in [
        "shop_sales_total+".repeat(900) + "1",
        "(".repeat(7_000) + "1" + &")".repeat(7_000),
        "-".repeat(15_000) + "1",
        "1^".repeat(8_000) + "1",
    ] {
        read(&[("a.yaml", &rule(&text))]);
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.yaml"), rule("shop_salez_total")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link(&outside.path().join("secret.yaml"), "a.yaml");
    link(outside.path(), "b");
    link(Path::new("nowhere.yaml"), "c.yaml");
    let text = found(folder.path(), &SERIES, None);
    assert!(!text.contains("salez"), "{text}");
    assert_eq!(text.matches("SLO1805").count(), 3, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&[("a.yaml", &bytes), ("a.json", &bytes)]);
    }

    #[test]
    fn any_expression_is_read(text in "[a-z_:{}()\\[\\]\"'=~!,.0-9+*/ $@\u{e9}-]{0,60}") {
        let quoted = serde_json::to_string(&text).unwrap();
        let dashboard = format!("{{\"title\": \"t\", \"panels\": [{{\"targets\": [{{\"expr\": {quoted}}}]}}]}}");
        read(&[("a.yaml", &rule(&text)), ("a.json", dashboard.as_bytes())]);
    }

    #[test]
    fn any_dashboard_is_read(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"panels\"", "\"targets\"", "\"expr\"", "\"templating\"", "\"list\"", "\"title\"", "null", "1",
        "\"label_values(a, b)\"", "\"rows\"", "\"datasource\"", "\"$x\"",
    ]), 0..30)) {
        read(&[("a.json", parts.concat().as_bytes())]);
    }
}
