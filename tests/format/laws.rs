//! What the style keeps of a file.

use std::sync::Arc;

use slo_grammar::{FileId, SyntaxTree, TokenKind, format, parse};

pub(crate) fn read(text: &str) -> SyntaxTree {
    parse(FileId(0), Arc::from(text))
}

pub(crate) fn formatted(text: &str) -> Option<String> {
    format(FileId(0), Arc::from(text)).ok()
}

/// What a file says, without the places where it does.
pub(crate) fn says(tree: &SyntaxTree) -> String {
    let text = format!("{:?}", tree.items);
    let text = ["Place {", "TokenRange {"].iter().fold(text, |text, places| {
        replaced(&text, places, |rest| rest.split_once('}').map(|(_, rest)| (String::new(), rest)).unwrap())
    });
    replaced(&text, "written: \"", |rest| {
        let escaped = |at: usize| rest[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        let end = rest.match_indices('"').map(|(at, _)| at).find(|at| !escaped(*at)).unwrap();
        // Among the lines of docs stand blanks and comments.
        let lines = rest[..end].split("\\n").flat_map(|line| line.split("\\r"));
        let lines = lines.map(|line| line.trim_matches([' ', '\t']).trim_start_matches("\\t"));
        let docs = lines.filter(|line| line.starts_with("//!") || line.starts_with("///"));
        (docs.filter(|line| !line.starts_with("////")).collect(), &rest[end..])
    })
}

/// A text in which each `mark` and what `replace` takes behind it is replaced.
fn replaced<'t>(text: &'t str, mark: &str, replace: impl Fn(&'t str) -> (String, &'t str)) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once(mark) {
        let (instead, behind) = replace(behind);
        out.push_str(before);
        out.push_str(&instead);
        rest = behind;
    }
    out + rest
}

/// The tokens as they are spelled, without what stands for each other at the end of a line.
fn spelled(tree: &SyntaxTree) -> Vec<&str> {
    let tokens = (0..tree.tokens.len()).filter(|token| tree.tokens.kind(*token) != TokenKind::LineEnd);
    let texts = tokens.map(|token| tree.text[tree.tokens.place(token)].trim_end());
    texts.filter(|text| *text != ",").collect()
}

/// The comments: behind how many tokens each stands, and whether the first one there stands on the line of the token
/// before it. A comment may pass a comma and the `{` that its line waits for.
fn comments(tree: &SyntaxTree) -> Vec<(usize, bool, &str)> {
    let mut comments: Vec<(usize, bool, &str)> = Vec::new();
    let (mut count, mut last) = (0, 0);
    for token in 0..=tree.tokens.len() {
        for place in tree.tokens.comments_before(token) {
            let first = comments.last().is_none_or(|(before, ..)| *before != count);
            let on_its_line = last > 0 && !tree.text[last..place.start].contains(['\n', '\r']);
            last = place.end;
            comments.push((count, first && on_its_line, tree.text[place].trim_end()));
        }
        if token < tree.tokens.len() && tree.tokens.kind(token) != TokenKind::LineEnd {
            let place = tree.tokens.place(token);
            last = place.end;
            count += usize::from(![",", "{"].contains(&&tree.text[place]));
        }
    }
    comments
}

/// `parse(fmt(x)) = parse(x)`, with comments and spelling, and `fmt(fmt(x)) = fmt(x)`.
#[track_caller]
pub(crate) fn keeps_the_laws(text: &str) {
    let before = read(text);
    assert!(before.errors.is_empty(), "{:?}\n{text}", before.errors);
    let tidy = formatted(text).unwrap();
    let after = read(&tidy);
    assert!(after.errors.is_empty(), "{:?}\n{text}\n=>\n{tidy}", after.errors);
    assert!(says(&before) == says(&after), "{text}\n=>\n{tidy}");
    assert_eq!(spelled(&before), spelled(&after), "{text}\n=>\n{tidy}");
    assert_eq!(comments(&before), comments(&after), "{text}\n=>\n{tidy}");
    let again = formatted(&tidy).unwrap();
    assert!(again == tidy, "{text}\n=>\n{tidy}\n=>\n{again}");
    assert!(tidy.is_empty() || tidy.ends_with('\n') && !tidy.ends_with("\n\n"), "{tidy}");
    assert!(!tidy.starts_with('\n') && !tidy.contains("\n\n\n") && !tidy.contains(" \n"), "{tidy}");
}
