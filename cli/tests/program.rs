//! The program as people and CI use it.

use crate::support::{Folder, MANIFEST};
use slo_compiler::diagnostic::Code;

const SOUND: &str =
    "package shop\n\nuse std.otel\n\n/// A shop.\nresource Shop {\n    service.name: required\n}\n";

/// The formats of findings.
pub(crate) const FORMATS: [&str; 9] =
    ["human", "rustc", "short", "json", "sarif", "github", "gitlab", "junit", "markdown"];

/// Those among them that are reports for CI.
const REPORTS: [&str; 5] = ["sarif", "github", "gitlab", "junit", "markdown"];

#[test]
fn a_new_root_is_sound_and_builds() {
    let folder = Folder::new();
    let made = folder.slo(&["new", "shop"]);
    assert_eq!(made.code, 0, "{}", made.error);
    assert!(folder.read("shop/.gitattributes").contains("linguist-generated"));
    for target in ["otlp", "prometheus", "logs"] {
        assert!(folder.read("shop/slo.toml").contains(&format!("\"{target}\"")));
    }
    let checked = folder.slo(&["check", "shop", "--deny-warnings"]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{}", checked.error);
    let built = folder.slo(&["build", "shop", "--target", "rust", "--out", "generated"]);
    assert_eq!(built.code, 0, "{}", built.error);
    assert!(folder.read("generated/shop.rs").contains("pub struct Service"));
    let again = folder.slo(&["new", "shop"]);
    assert_eq!(again.code, 2, "what is there is not written over");
}

#[test]
fn the_root_is_found_from_below_and_in_a_folder_slo() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    assert_eq!(folder.slo(&["check"]).code, 0);
    assert_eq!(folder.slo(&["check", "slo"]).code, 0);
    let none = Folder::new().slo(&["check"]);
    assert_eq!(none.code, 2);
    assert!(none.error.contains("there is no `slo.toml`"), "{}", none.error);
    let wrong = folder.slo(&["check", "elsewhere"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.error.contains("`slo new elsewhere` makes one"), "{}", wrong.error);
}

#[test]
fn exit_codes_say_sound_findings_or_failed_request() {
    let warned = "package shop\n\nuse std.otel\n\nscope Shop {}\n";
    let folder = Folder::with(&[("shop.slo", warned)]);
    let run = folder.slo(&["check"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("SLO0305"), "findings are the result: {}", run.out);
    assert_eq!(folder.slo(&["check", "--deny-warnings"]).code, 1);
    let folder = Folder::with(&[("shop.slo", "package shop\nscope Shop {\n")]);
    assert_eq!(folder.slo(&["check"]).code, 1);
    assert_eq!(folder.slo(&["build", "--target", "rust", "--out", "generated"]).code, 1);
    assert!(!folder.path().join("generated").exists(), "nothing is written where there are findings");
    assert_eq!(folder.slo(&["check", "--no-such-flag"]).code, 2);
    assert_eq!(folder.slo(&["build", "--target", "rust"]).code, 1);
}

#[test]
fn what_is_on_disk_is_up_to_date_or_not() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    let build = ["build", "--target", "rust", "--out", "generated"];
    let check = ["build", "--target", "rust", "--out", "generated", "--check"];
    assert_eq!(folder.slo(&check).code, 1, "nothing was built yet");
    assert!(!folder.path().join("generated").exists());
    assert_eq!(folder.slo(&build).code, 0);
    assert_eq!(folder.slo(&check).code, 0);
    folder.write("slo/shop.slo", SOUND.replace("A shop.", "Another shop."));
    let stale = folder.slo(&check);
    assert_eq!(stale.code, 1);
    assert!(stale.error.contains("`generated/shop.rs` is not up to date"), "{}", stale.error);
    // What rustfmt made of it is still the same code.
    assert_eq!(folder.slo(&build).code, 0);
    folder.write("generated/shop.rs", folder.read("generated/shop.rs").replace("\n    ", "\n  "));
    assert_eq!(folder.slo(&check).code, 0, "formatting is no change");
    folder
        .write("generated/shop.rs", folder.read("generated/shop.rs").replace("service.name", "service.nmae"));
    assert_eq!(folder.slo(&check).code, 1, "another key is");
    // A package that went takes its file with it; what people wrote stays.
    folder.write("generated/own.rs", "// Ours.\n");
    folder.write("slo/shop.slo", SOUND.replace("package shop", "package store"));
    assert_eq!(folder.slo(&build).code, 0);
    assert!(!folder.path().join("generated/shop.rs").exists());
    assert!(folder.path().join("generated/own.rs").exists());
    assert_eq!(folder.slo(&check).code, 0);
}

#[test]
fn output_is_written_whole_or_not_at_all() {
    let folder =
        Folder::with(&[("a/a.slo", "package a\nscope A {}\n"), ("b/b.slo", "package b\nscope B {}\n")]);
    // A folder stands where a file must go: neither file is written.
    std::fs::create_dir_all(folder.path().join("generated/b.rs")).unwrap();
    let run = folder.slo(&["build", "--target", "rust", "--out", "generated"]);
    assert_eq!(run.code, 2);
    assert!(run.error.contains("can't be written"), "{}", run.error);
    let left: Vec<_> = std::fs::read_dir(folder.path().join("generated"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["b.rs"]);
}

#[test]
fn the_ir_goes_to_standard_output() {
    let folder = Folder::with(&[("shop.slo", SOUND)]);
    let run = folder.slo(&["build", "--target", "ir"]);
    assert_eq!(run.code, 0, "{}", run.error);
    let contract = slo_compiler::ir::Contract::from_json(&run.out).unwrap();
    assert_eq!(contract.containers[0].full_name(), "shop.Shop");
}

#[test]
fn completions_are_there_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Folder::new().slo(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.out.contains("slo"), "{shell}");
    }
}

#[test]
fn a_code_is_explained_however_it_is_written() {
    let folder = Folder::new();
    let page = folder.slo(&["explain", "SLO0402"]);
    assert_eq!((page.code, page.error.as_str()), (0, ""));
    insta::assert_snapshot!("explain", page.out);
    for word in ["slo0402", "0402", "402"] {
        assert_eq!(folder.slo(&["explain", word]).out, page.out, "{word}");
    }
    let colored = folder.slo(&["explain", "402", "--color", "always"]).out;
    assert!(
        colored.starts_with("\u{1b}[1mSLO0402: two keys become one under a target\u{1b}[0m\n"),
        "{colored}"
    );
    assert_eq!(colored.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), page.out);
}

#[test]
fn a_page_has_no_sign_of_markdown() {
    let folder = Folder::new();
    for code in Code::ALL {
        let page = folder.slo(&["explain", code.id()]);
        assert_eq!(page.code, 0, "{code}");
        assert!(page.out.starts_with(&format!("{code}: {}\n", code.title())), "{}", page.out);
        assert!(!page.out.contains("```") && !page.out.contains("\n#"), "{}", page.out);
    }
}

#[test]
fn all_codes_are_listed() {
    let list = Folder::new().slo(&["explain", "--list"]);
    assert_eq!((list.code, list.error.as_str()), (0, ""));
    let expected = Code::ALL
        .iter()
        .map(|code| [code.id(), code.severity().name(), code.class().name(), code.title()].concat());
    let found = list.out.lines().map(|line| line.split("  ").map(str::trim).collect::<String>());
    assert!(found.eq(expected), "{}", list.out);
}

#[test]
fn an_unknown_code_leads_to_the_nearest_one() {
    let last = format!("the nearest one is `{}`, and ", Code::ALL.last().unwrap());
    for (word, nearest) in [
        ("SLO0412", "the nearest one is `SLO0411`, and "),
        ("9999", last.as_str()),
        ("slo04o1", "the nearest one is `SLO0401`, and "),
        ("collision", ""),
        ("SLÖ0401", ""),
    ] {
        let run = Folder::new().slo(&["explain", word]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let expected =
            format!("slo: there is no code `{word}`; {nearest}`slo explain --list` lists all codes\n");
        assert_eq!(run.error, expected);
    }
    assert_eq!(Folder::new().slo(&["explain"]).code, 2);
    assert_eq!(Folder::new().slo(&["explain", "401", "--list"]).code, 2);
}

#[test]
fn findings_name_the_command_that_says_more_once() {
    let sound = Folder::with(&[("shop.slo", SOUND)]);
    assert_eq!(sound.slo(&["check"]).error, "slo: `shop` is sound\n");
    let one = Folder::with(&[("shop.slo", "package shop\n\nuse std.otel\n\nscope Shop {}\n")]);
    let says_more = "slo: `slo explain SLO0305` says more\n";
    assert_eq!(one.slo(&["check"]).error, format!("slo: `shop` is sound (1 warning)\n{says_more}"));
    let built = one.slo(&["build", "--target", "rust", "--out", "generated"]).error;
    assert_eq!(built.matches(says_more).count(), 1, "{built}");
    for format in FORMATS.into_iter().filter(|format| *format != "human") {
        let run = one.slo(&["check", "--format", format]);
        assert_eq!(run.error, "", "what isn't for people at a terminal has no last line");
        assert_eq!(run.out.contains("`slo explain SLO0305`"), REPORTS.contains(&format), "{}", run.out);
    }
    let several = Folder::with(&[("shop.slo", "package shop\n\nuse std.otel\n\nscope shop\nnothing\n")]);
    let run = several.slo(&["check"]);
    assert!(run.error.ends_with("slo: `slo explain CODE` says more of a finding\n"), "{}", run.error);
    let formatted = several.slo(&["fmt"]).error;
    assert_eq!(
        formatted.matches("slo: `slo explain CODE` says more of a finding\n").count(),
        1,
        "{formatted}"
    );
}

/// One finding with labels in two files of two owners, in each rendering.
#[test]
fn each_format_shows_every_file_that_has_a_part() {
    let folder = Folder::with(&[(
        "shop.slo",
        "package shop\n\nuse std.otel\n\nattribute service.name: int\n\nresource Shop {\n    std.otel.service.service.version: required\n}\n",
    )]);
    for format in FORMATS {
        let run = folder.slo(&["check", "--format", format]);
        assert_eq!(run.code, 1);
        let version = format!("\"semanticVersion\": {:?}", env!("CARGO_PKG_VERSION"));
        let out = run.out.replace(&version, "\"semanticVersion\": \"VERSION\"");
        insta::assert_snapshot!(format!("format_{format}"), out);
    }
}

/// A report names files from the root of the repository, wherever in it the program runs.
#[test]
fn a_report_is_the_same_from_every_folder_of_the_repository() {
    let text = "package shop\n\nuse std.otel\n\nscope Shop {}\n";
    // What a file's name may hold, a report has a form for.
    let folder = Folder::with(&[("a b/50%,é #1'&.slo", text)]);
    folder.write(".git/HEAD", "");
    folder.write("elsewhere/README.md", "");
    for format in REPORTS {
        let at_root = folder.slo(&["check", "--format", format]);
        assert_eq!((at_root.code, at_root.error.as_str()), (0, ""));
        let below = folder.slo_in("slo/a b", &["check", "--format", format]);
        let beside = folder.slo_in("elsewhere", &["check", "../slo", "--format", format]);
        assert_eq!(below.out, at_root.out);
        assert_eq!(beside.out, at_root.out);
        let name = match format {
            "sarif" => "\"slo/a%20b/50%25,%C3%A9%20%231'&.slo\"",
            "github" => "file=slo/a b/50%25%2Cé #1'&.slo,",
            "junit" => "file=\"slo/a b/50%,é #1&apos;&amp;.slo\"",
            _ => "slo/a b/50%,é #1'&.slo",
        };
        assert!(at_root.out.contains(name), "{}", at_root.out);
    }
}

#[cfg(unix)]
#[test]
fn a_files_name_breaks_no_report() {
    let text = "package shop\n\nuse std.otel\n\nscope Shop {}\n";
    let folder = Folder::with(&[("a\n::error::b]]>`@team`\u{1b}[31m.slo", text)]);
    for format in REPORTS {
        let run = folder.slo(&["check", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.error);
        assert!(!run.out.contains('\u{1b}'), "{}", run.out);
        assert!(!run.out.lines().any(|line| line.starts_with("::error")), "{}", run.out);
    }
}

/// Past what is shown of one code in one file, one finding counts the others, in every report.
#[test]
fn findings_that_are_counted_are_counted_in_each_report() {
    let lines: String =
        (0..150).map(|number| format!("attribute shop.a{number}: int, nothing=1\n")).collect();
    let folder = Folder::with(&[("shop.slo", &format!("package shop\n\n{lines}"))]);
    let out = |format: &str| {
        let run = folder.slo(&["check", "--format", format]);
        assert_eq!(run.code, 1);
        run.out
    };
    assert!(out("sarif").contains("\"occurrenceCount\": 50"));
    assert_eq!(out("gitlab").matches("\"fingerprint\"").count(), 101);
    let github = out("github");
    assert!(github.starts_with("::notice title=slo::150 errors: GitHub shows the first 10 "), "{github}");
    assert_eq!(github.lines().count(), 102);
    assert!(out("markdown").starts_with("**Telemetry contract: 150 errors**\n"));
    let junit = out("junit");
    assert_eq!(junit.matches("error[SLO").count(), 101, "{junit}");
    assert!(junit.contains("50 more findings of SLO"), "{junit}");
}

#[test]
fn warnings_fail_in_junit_where_they_are_denied() {
    let warned = Folder::with(&[("shop.slo", "package shop\n\nuse std.otel\n\nscope Shop {}\n")]);
    let allowed = warned.slo(&["check", "--format", "junit"]);
    assert_eq!(allowed.code, 0);
    assert!(
        allowed.out.contains("<testsuites name=\"slo check\" tests=\"2\" failures=\"0\""),
        "{}",
        allowed.out
    );
    assert!(allowed.out.contains("<system-out>slo/shop.slo:3:5: warning[SLO0305]"), "{}", allowed.out);
    let denied = warned.slo(&["check", "--format", "junit", "--deny-warnings"]);
    assert_eq!(denied.code, 1);
    assert!(
        denied.out.contains("failures=\"1\"") && denied.out.contains("<failure message="),
        "{}",
        denied.out
    );
}

#[test]
fn a_vocabulary_stands_in_another_root_with_an_owner_of_its_own() {
    let folder = Folder::with(&[(
        "shop.slo",
        "package shop\n\nuse acme.platform\n\nresource Shop {\n    ...Common\n    tenant.id: static=\"x\"\n}\n",
    )]);
    folder.write("slo/slo.toml", format!("{MANIFEST}platform = {{ path = \"../platform\" }}\n"));
    folder.write(
        "platform/slo.toml",
        "name = \"platform\"\nversion = \"1.0.0\"\nowner = \"team-platform\"\nslo = \"0.1\"\n",
    );
    folder.write(
        "platform/tenant.slo",
        "package acme.platform\n\nattribute tenant.id: string\n\ngroup Common {\n    tenant.id: env=TENANT\n}\n",
    );
    let run = folder.slo(&["check", "--format", "rustc"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!("vocabulary", run.out);
}

#[test]
fn rust_is_made_of_what_rust_can_be_made_of() {
    let text = "package shop\n\nscope Shop {}\n\nevent Sale in Shop {\n    change: int\n    metric shop.change: counter, value=change\n    log shop.sale: info\n}\n";
    let folder = Folder::with(&[("shop.slo", text)]);
    assert_eq!(folder.slo(&["check"]).code, 0, "the contract is sound");
    let built = folder.slo(&["build", "--target", "rust", "--out", "generated"]);
    assert_eq!(built.code, 1);
    assert!(built.error.contains("SLO1404"), "{}", built.error);
    assert!(!folder.path().join("generated").exists());
    assert_eq!(folder.slo(&["build", "--target", "ir", "--out", "generated"]).code, 0);
    folder.write("slo/slo.toml", format!("{MANIFEST}\n[rust]\n"));
    let checked = folder.slo(&["check"]);
    assert_eq!(checked.code, 1, "whoever makes Rust of it says so");
    assert!(checked.out.contains("SLO1404"), "{}", checked.out);
}
