//! All the ways in which `slo.toml` can be wrong, each with what a person is told.

use slo_compiler::diagnostic::Code;
use slo_tests::{compile_text, rendered};

/// What is wrong, and the lines that stand in place of those of the same key in a manifest that is right, or behind it.
const WRONG: &[(&str, &str)] = &[
    ("nothing at all", ""),
    ("no name", "version = \"1.0.0\"\nslo = \"0.1\"\n"),
    ("no name, no version, no slo", "owner = \"team-mills\"\n"),
    ("a required key below a table", "name = \"mill\"\nslo = \"0.1\"\n[rust]\nversion = \"1.0.0\"\n"),
    ("a key of the top below a table", "+[prometheus]\nowner = \"team-mills\"\n"),
    ("a key of a table at the top", "+nests = true\n"),
    ("an unknown key", "+ownr = \"team-mills\"\n"),
    ("an unknown key that is like no other", "+tags = [\"a\"]\n"),
    ("an unknown key of [prometheus]", "+[prometheus]\ntranslation_stratgy = \"NoTranslation\"\n"),
    ("one that is like no other", "+[prometheus]\nurl = \"http://prometheus:9090\"\n"),
    ("an unknown key of [rust]", "+[rust]\ncrate = \"..\"\n"),
    ("an unknown table", "+[rest]\ncrates = [\"..\"]\n"),
    ("a number for a name", "name = 7\nversion = \"1.0.0\"\nslo = \"0.1\"\n"),
    ("a number for a version", "name = \"mill\"\nversion = 1.0\nslo = \"0.1\"\n"),
    ("a number for slo", "name = \"mill\"\nversion = \"1.0.0\"\nslo = 0.1\n"),
    ("a list for an owner", "+owner = [\"team-mills\"]\n"),
    ("a name that steers a terminal", "name = \"a\\u001b[31m\"\nversion = \"1\"\nslo = \"0.1\"\n"),
    ("true for a schema URL", "+schema_url = true\n"),
    ("a text for targets", "+targets = \"otlp\"\n"),
    ("a number among targets", "+targets = [\"otlp\", 2]\n"),
    ("a text for vocabularies", "+vocabularies = \"std.otel\"\n"),
    ("a list of vocabularies", "+vocabularies = [\"std.otel\"]\n"),
    ("a list of tables", "+[[prometheus]]\nways = {}\n"),
    ("true for [prometheus]", "+prometheus = true\n"),
    ("a date for [rust]", "+rust = 2026-01-01\n"),
    ("a list for the strategy", "+[prometheus]\ntranslation_strategy = [\"NoTranslation\"]\n"),
    ("a text for promoted keys", "+[prometheus]\npromote_resource_attributes = \"service.name\"\n"),
    ("a number among promoted keys", "+[prometheus]\npromote_resource_attributes = [1]\n"),
    ("a text for ways", "+[prometheus]\nways = \"slo\"\n"),
    ("a way that there isn't", "+[prometheus]\nways = { default = \"slp\" }\n"),
    ("a way that is no text", "+[prometheus]\nways = { default = true }\n"),
    ("a scope without quotes", "+[prometheus]\nways = { shop.pay.Meter = \"go\" }\n"),
    ("a text for crates", "+[rust]\ncrates = \"..\"\n"),
    ("a table among crates", "+[rust]\ncrates = [{ path = \"..\" }]\n"),
    ("a repository without a tag", "+[vocabularies]\nhouse = { git = \"https://example.com/house\" }\n"),
    (
        "a tag and a revision",
        "+[vocabularies]\nhouse = { git = \"https://example.com/house\", tag = \"v1\", rev = \"0000000000000000000000000000000000000000\" }\n",
    ),
    ("a branch", "+[vocabularies]\nhouse = { git = \"https://example.com/house\", branch = \"main\" }\n"),
    (
        "a short revision",
        "+[vocabularies]\nhouse = { git = \"https://example.com/house\", rev = \"0d9c1a7\" }\n",
    ),
    (
        "a tag that is an option",
        "+[vocabularies]\nhouse = { git = \"https://example.com/house\", tag = \"--upload-pack=x\" }\n",
    ),
    (
        "a repository that would run a program",
        "+[vocabularies]\nhouse = { git = \"ext::sh -c x\", tag = \"v1\" }\n",
    ),
    (
        "a repository that is an option",
        "+[vocabularies]\nhouse = { git = \"--upload-pack=x\", tag = \"v1\" }\n",
    ),
    ("a repository by a path from here", "+[vocabularies]\nhouse = { git = \"../house\", tag = \"v1\" }\n"),
    (
        "a password in a URL",
        "+[vocabularies]\nhouse = { git = \"https://me:secret@example.com/house\", tag = \"v1\" }\n",
    ),
    (
        "a folder that leads out",
        "+[vocabularies]\nhouse = { git = \"https://example.com/house\", tag = \"v1\", path = \"../slo\" }\n",
    ),
    (
        "an archive without a hash",
        "+[vocabularies]\nhouse = { archive = \"https://example.com/house.tar.gz\" }\n",
    ),
    (
        "an archive with half a hash",
        "+[vocabularies]\nhouse = { archive = \"https://example.com/house.tar.gz\", sha256 = \"0d9c1a7\" }\n",
    ),
    (
        "an archive by another protocol",
        "+[vocabularies]\nhouse = { archive = \"ftp://example.com/house.tar.gz\", sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\" }\n",
    ),
    (
        "an archive with a tag",
        "+[vocabularies]\nhouse = { archive = \"https://example.com/house.tar.gz\", tag = \"v1\" }\n",
    ),
    (
        "a repository and an archive",
        "+[vocabularies]\nhouse = { git = \"https://example.com/house\", archive = \"house.tar.gz\" }\n",
    ),
    ("both forms of a vocabulary", "+[vocabularies]\nhouse = { path = \"../house\", version = \"1.0.0\" }\n"),
    ("a vocabulary by nothing", "+[vocabularies]\nhouse = {}\n"),
    ("an empty path", "+[vocabularies]\nhouse = { path = \"\" }\n"),
    ("a list for a path", "+[vocabularies]\nhouse = { path = [\"../house\"] }\n"),
    ("a path without its key", "+[vocabularies]\nhouse = \"../house\"\n"),
    ("a number for a vocabulary", "+[vocabularies]\nhouse = 1\n"),
    ("a name with a dot outside of quotes", "+[vocabularies]\nstd.otel = \"1.44.0\"\n"),
    ("one of these that is not built in", "+[vocabularies]\nacme.house = \"1.0.0\"\n"),
    ("one with a path", "+[vocabularies]\nacme.house = { path = \"../house\" }\n"),
    ("one with a path, as a table", "+[vocabularies.acme.house]\npath = \"../house\"\n"),
    (
        "a required key among vocabularies",
        "name = \"mill\"\nslo = \"0.1\"\n[vocabularies]\nversion = \"1.0.0\"\n",
    ),
    ("a version that is none", "+[vocabularies]\n\"std.otel\" = \"\"\n"),
    ("several at once", "+owner = 1\nnests = true\n[rust]\ncrates = 1\n"),
    ("another language", "name = \"mill\"\nslo = \"9.0\"\nfuture = true\n"),
    ("a text without quotes", "name = mill\nversion = \"1.0.0\"\nslo = \"0.1\"\n"),
    ("a version without quotes", "name = \"mill\"\nversion = 1.0.0 # the first\nslo = \"0.1\"\n"),
    ("a key twice", "+owner = \"a\"\nowner = \"b\"\n"),
    ("a table twice", "+[rust]\n[prometheus]\n[rust]\n"),
    ("a line without a value", "+owner\n"),
    ("a colon", "+owner: \"team-mills\"\n"),
    ("a quote that is not closed", "+owner = \"team-mills\n"),
    ("a list that is not closed", "+targets = [\"otlp\", \"logs\"\n"),
    ("a list without commas", "+targets = [\"otlp\" \"logs\"]\n"),
    ("an escape that TOML doesn't have", "+owner = \"team\\mills\"\n"),
    ("a table that is not closed", "+[rust\ncrates = [\"..\"]\n"),
];

/// Words of the libraries that read TOML, which say nothing to a person who writes a manifest.
const INNER: [&str; 7] =
    ["untagged", "variant", "deserialize", "invalid type", "unknown field", "missing field", "sequence"];

#[test]
fn each_way_to_be_wrong_is_said_in_plain_words() {
    let mut shown = String::new();
    for (what, text) in WRONG {
        let manifest = match text.strip_prefix('+') {
            Some(more) => format!("name = \"mill\"\nversion = \"1.0.0\"\nslo = \"0.1\"\n{more}"),
            None => (*text).to_owned(),
        };
        let compilation = compile_text(&format!(
            "=== slo.toml ===\n{manifest}=== mill.slo ===\npackage mill\n\nscope Mill {{}}\n"
        ));
        assert!(compilation.checked.is_none(), "{what}");
        for diagnostic in &compilation.diagnostics {
            let codes = [Code::Manifest, Code::OtherVersion, Code::UnknownVocabulary];
            assert!(codes.contains(&diagnostic.code), "{what}: {diagnostic:?}");
            let help = diagnostic.help.as_deref();
            assert!(help.is_some(), "{what}: {}", diagnostic.message);
            for inner in INNER {
                assert!(!diagnostic.message.contains(inner), "{what}: {}", diagnostic.message);
            }
        }
        shown.push_str(&format!("──────── {what}\n{}\n", rendered(&compilation)));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_manifest_may_end_anywhere() {
    for (_, text) in WRONG {
        for end in 0..=text.len() {
            let compilation = compile_text(&format!("=== slo.toml ===\n{}", &text[..end]));
            assert!(!compilation.diagnostics.is_empty());
        }
    }
}

#[test]
fn what_the_reference_shows_is_read() {
    let manifest = "name = \"mill\"\nversion = \"1.0.0\"\nslo = \"0.1\"\nowner = \"team-mills\"\nschema_url = \"https://example.com/1\"\ntargets = [\"otlp\"]\n\n[vocabularies]\n\"std.otel\" = \"1.44.0\"\n\n[prometheus]\ntranslation_strategy = \"NoTranslation\"\npromote_resource_attributes = [\"a\"]\n\n[rust]\ncrates = [\"..\"]\n";
    let compilation = compile_text(&format!("=== slo.toml ===\n{manifest}=== mill.slo ===\npackage mill\n"));
    let manifest = compilation.manifest.unwrap();
    assert_eq!(manifest.owner.as_deref(), Some("team-mills"));
    assert_eq!(manifest.prometheus.promote_resource_attributes, ["a"]);
    assert!(manifest.rust);
    assert_eq!(manifest.crates.len(), 1);
}
