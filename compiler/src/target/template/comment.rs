//! Comments: whatever a contract says stays a comment, and is an order to no tool.

use super::language::Language;
use crate::text::is_hostile;

/// A text as a comment: each of its lines behind the prefix, and nothing in it that ends the comment or that a tool obeys.
pub(super) fn comment(text: &str, prefix: &str) -> String {
    lines(text.split(LINE_BREAKS).map(str::trim_end), prefix)
}

/// A text as what the language documents a declaration by: a comment before it, in Python the text of a docstring.
pub(super) fn doc(language: Language, text: &str, indent: &str) -> String {
    match language {
        Language::Go => {
            // gofmt writes these quotes so itself.
            let quoted = text.replace("``", "“").replace("''", "”");
            lines(paragraphs(&quoted).into_iter(), &format!("{indent}// "))
        }
        Language::Java | Language::TypeScript => {
            // Both know tags that begin with `@`, and HTML.
            let escaped =
                text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('@', "&#64;");
            match *paragraphs(&escaped) {
                [line] => format!("{indent}/** {} */", inner(line)),
                ref all => {
                    let all = lines(all.iter().copied(), &format!("{indent} * "));
                    format!("{indent}/**\n{all}\n{indent} */")
                }
            }
        }
        Language::Python => {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            match *paragraphs(&escaped) {
                [line] => format!("{indent}\"\"\"{}\"\"\"", inner(line)),
                ref all => {
                    let all = lines(all.iter().copied(), indent);
                    format!("{indent}\"\"\"{}\n{indent}\"\"\"", all.trim_start())
                }
            }
        }
    }
}

const LINE_BREAKS: [char; 2] = ['\n', '\r'];

/// The lines without blanks around them, and with one empty line between paragraphs: so gofmt leaves a comment as it is, and takes none of
/// it for a list or for code ("Go Doc Comments").
fn paragraphs(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for line in text.split(LINE_BREAKS).map(str::trim) {
        if !line.is_empty() || all.last().is_some_and(|last| !last.is_empty()) {
            all.push(line);
        }
    }
    if all.last().is_some_and(|last| last.is_empty()) {
        all.pop();
    }
    all
}

fn lines<'l>(all: impl Iterator<Item = &'l str>, prefix: &str) -> String {
    let line = |line: &str| match line.is_empty() {
        true => prefix.trim_end().to_owned(),
        false => format!("{prefix}{}", inner(line)),
    };
    all.map(line).collect::<Vec<_>>().join("\n")
}

/// A line within a comment.
fn inner(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            // Java reads escapes within comments, too: by one of them a comment can end.
            ('\\', Some('u' | 'U')) => text.push_str("\\ "),
            // The end of a comment of several lines, and words to tools: `@ts-nocheck`, `+build`, `coding:`, `[x]:` of gofmt.
            ('*', Some('/')) => text.push_str("* "),
            ('/', Some('*')) => text.push_str("/ "),
            ('@', Some('t')) => text.push_str("@ "),
            ('+', Some('b')) => text.push_str("+ "),
            ('-', Some('-')) => text.push_str("- "),
            (']', Some(':')) => text.push_str("] "),
            (':' | '=', Some(_)) if text.ends_with("coding") => {
                text.push(' ');
                text.push(character);
            }
            ('\t', _) => text.push('\t'),
            (other, _) if is_hostile(other) => text.push('\u{fffd}'),
            (other, _) => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "one\r\ntwo */ /* \\u000a x\u{2028}y @ts-nocheck +build coding: latin-1 -->\n\n\n  - a \"\"\" <b> @deprecated\\\n[x]: y ``z''' \n\n";

    #[test]
    fn a_comment_never_ends_before_its_text() {
        insta::assert_snapshot!(comment(HOSTILE, "// "));
    }

    #[test]
    fn what_documents_a_declaration_is_that_of_the_language() {
        let all = Language::ALL.map(|language| {
            format!("{}\n{}", doc(language, HOSTILE, "  "), doc(language, "One line, \"quoted\"", ""))
        });
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
