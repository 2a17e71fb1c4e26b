//! The tokens of every contract in the repository, for whoever colours them: `tests/textmate/run` compares the grammar with them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use slo_grammar::{FileId, TokenKind, parse};

/// The contract files below a folder. What was built, and hidden folders, hold none.
fn contracts(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && !name.starts_with("target") {
            contracts(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "slo") && path.is_file() {
            files.push(path);
        }
    }
}

/// A text's tokens and comments: the class, and where each begins and ends, in UTF-16.
fn tokens(text: &str) -> Vec<(String, usize, usize)> {
    let tree = parse(FileId(0), text.into());
    let mut offsets = vec![0; text.len() + 1];
    let mut units = 0;
    for (offset, character) in text.char_indices() {
        offsets[offset] = units;
        units += character.len_utf16();
    }
    offsets[text.len()] = units;
    let utf16 = |offset: usize| offsets[offset];
    let mut tokens = Vec::new();
    for number in 0..=tree.tokens.len() {
        for comment in tree.tokens.comments_before(number) {
            tokens.push(("Comment".to_owned(), utf16(comment.start), utf16(comment.end)));
        }
        let place = tree.tokens.place(number);
        if number < tree.tokens.len() && tree.tokens.kind(number) != TokenKind::LineEnd {
            let kind = format!("{:?}", tree.tokens.kind(number));
            tokens.push((kind, utf16(place.start), utf16(place.end)));
        }
    }
    tokens
}

/// Texts that no contract of the repository has.
const MORE: [&str; 6] = [
    "a.\"b c\".d: \"x\\\"y\" \"unclosed\nb.\"unclosed too\n\"a\".b.\"c\n",
    "-5 eu-1 5-3 \"x\"-1 a -1 [-1,-2.5e-3ms] 1_000 50% 5%x 1e 1e5 1e+ 0..=9 1.a 1.5.5 9x_9 7ü\n",
    "log.record: event.name span_ logs _ _x x_ if ifs in9 ünïcödé 名前.名 名\n",
    "/// doc\n//! inner\n//// comment\n// comment /// not\nx // y\n\"// text\" //z\n",
    "meaning M { A { metric { status = \"a{b}c\\u{41}\" } } } // {\r\n\tenum{a,b}\r// c\n",
    "\u{feff}package a\n\"\\",
];

#[test]
#[ignore = "needs the engine of a grammar: tests/textmate/run brings it"]
fn the_tokens_of_every_contract_are_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    contracts(root, &mut files);
    files.sort();
    assert!(files.len() > 500, "there are {} contracts", files.len());
    let read = files.iter().filter_map(|file| {
        let name = file.strip_prefix(root).unwrap().display().to_string();
        Some((name, fs::read_to_string(file).ok()?))
    });
    let more = MORE.iter().enumerate().map(|(number, text)| (format!("more {number}"), (*text).to_owned()));
    let mut written = String::new();
    for (name, text) in read.chain(more) {
        let line = serde_json::json!({ "path": name, "tokens": tokens(&text), "text": text });
        writeln!(written, "{line}").unwrap();
    }
    fs::write(std::env::var_os("SLO_TOKENS").unwrap(), written).unwrap();
}

/// Each keyword of the parser is one of the grammar, and no other word is.
#[test]
fn the_grammars_keywords_are_the_parsers() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/textmate/syntaxes/slo.tmLanguage.json");
    let grammar: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let patterns = grammar["repository"]["keyword"]["patterns"].as_array().unwrap();
    let words: Vec<&str> = patterns
        .iter()
        .flat_map(|pattern| {
            let of = pattern["match"].as_str().unwrap().strip_prefix("(?:").unwrap();
            of.split_once(')').unwrap().0.split('|')
        })
        .collect();
    for word in &words {
        let found = tokens(word);
        assert!(
            matches!(&found[..], [(kind, 0, end)] if kind == "Keyword" && *end == word.len()),
            "{word}: {found:?}"
        );
    }
    for word in slo_grammar::DECLARATIONS.iter().chain(&slo_grammar::LATER_DECLARATIONS) {
        assert!(words.contains(word), "the grammar has no keyword `{word}`");
    }
}
