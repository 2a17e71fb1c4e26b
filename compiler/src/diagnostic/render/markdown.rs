//! As Markdown, for a comment on a pull request or a merge request.
//!
//! Source: GitHub Flavored Markdown 0.29. What a contract says is text and never markup. What GitHub or GitLab would make a
//! link or a notification of (`@team`, `#12`, an address) they make of text, after the markup was read, so that no escape
//! hinders them: such a word stands as code.

use super::report::{Finding, Report, counts, says_more};

/// How long the text may be, in characters: a comment on GitHub holds 65,536.
const LONGEST: usize = 60_000;

/// The findings as a list. Those that a comment doesn't hold are counted at its end.
#[must_use]
pub fn markdown(report: &Report<'_>) -> String {
    let findings = report.findings();
    let counted = counts(&findings);
    let head = if counted.is_empty() { "no findings" } else { &counted };
    let mut text = format!("**Telemetry contract: {head}**\n");
    let mut length = 0;
    for (number, one) in findings.iter().enumerate() {
        let entry = format!("\n{}", finding(one));
        length += entry.chars().count();
        if length > LONGEST {
            let left = counts(findings.get(number..).unwrap_or_default());
            text.push_str(&format!(
                "\n{left} more, which a comment has no room for: `slo check` shows all.\n"
            ));
            break;
        }
        text.push_str(&entry);
    }
    text
}

/// A finding, and what is said of it, as a list of one item.
pub(super) fn finding(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let at = finding.places.first().map_or(String::new(), |at| format!(" at {}", code(&at.shown())));
    let mut text = format!(
        "- **{} {}**{at}: {}\n",
        diagnostic.severity.name(),
        diagnostic.code,
        inline(&finding.message())
    );
    for at in finding.told() {
        let said = if at.text.is_empty() { String::new() } else { format!(": {}", inline(&at.text)) };
        text.push_str(&format!("  - {}{said}\n", code(&at.shown())));
    }
    for remark in finding.remarks().iter().chain([&says_more(diagnostic.code)]) {
        text.push_str(&format!("  - {}\n", inline(remark)));
    }
    text
}

/// A message as Markdown: what stands between its backticks as code, the rest as text.
fn inline(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let part = |(number, part): (usize, &&str)| match number % 2 == 1 && paired {
        true => code(part),
        false => text(part),
    };
    let parts: Vec<String> = parts.iter().enumerate().map(part).collect();
    // A backtick without another one is text.
    parts.join(if paired { "" } else { "\\`" })
}

/// A text as a code span. Nothing in it is markup.
fn code(text: &str) -> String {
    if text.is_empty() {
        return "\\`\\`".to_owned();
    }
    // A fence is longer than any row of backticks in it; blanks keep it apart from those at the ends.
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 || text.trim() != text { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A text without markup, word by word.
fn text(text: &str) -> String {
    text.split(' ')
        .map(|word| if is_linked(word) { code(word) } else { escaped(word) })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether GitHub or GitLab may make a link of a word: one with a sign of theirs, an address, an issue of a tracker, a commit.
fn is_linked(word: &str) -> bool {
    let low = word.to_ascii_lowercase();
    let is_commit = |part: &str| part.len() >= 7 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.len() > 1 && word.contains(['@', '#', '!', '~', '%', '$', '&', '^', '*'])
        || low.contains("://")
        || low.contains("www.")
        || low.contains("gh-")
        || word.split(|character: char| !character.is_ascii_alphanumeric()).any(is_commit)
}

/// A word in which every sign is one: Markdown lets each of ASCII's be escaped.
fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for character in word.chars() {
        // The signs of a sentence, and those that begin something at the start of a line, are text inside of one.
        let is_text = ",.;:'\"?/()+-=".contains(character);
        if character.is_ascii_punctuation() && !is_text {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
