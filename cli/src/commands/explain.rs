//! `slo explain`

use slo_compiler::diagnostic::Code;

use super::Failure;
use crate::Outcome;
use crate::arguments::Explain;
use crate::output::{self, Stream};

pub(crate) fn run(explain: &Explain) -> Result<Outcome, Failure> {
    let text = match &explain.code {
        Some(word) => {
            let code = code_of(word).ok_or_else(|| unknown(word))?;
            for_a_terminal(code.page(), output::is_colored(explain.color, Stream::Out))
        }
        None => list(),
    };
    output::result(&text)?;
    Ok(Outcome::Sound)
}

/// Every code, one a line.
fn list() -> String {
    let line = |code: &Code| {
        format!("{code}  {:<7}  {:<8}  {}\n", code.severity().name(), code.class().name(), code.title())
    };
    Code::ALL.iter().map(line).collect()
}

/// The id that is meant by `SLO0401`, `slo0401`, `0401` or `401`.
fn id_of(word: &str) -> String {
    let word = word.trim().to_ascii_uppercase();
    format!("SLO{:0>4}", word.strip_prefix("SLO").unwrap_or(&word))
}

fn code_of(word: &str) -> Option<Code> {
    Code::from_id(&id_of(word))
}

fn unknown(word: &str) -> String {
    let list = "`slo explain --list` lists all codes";
    match nearest(&id_of(word)) {
        Some(code) => format!("there is no code `{word}`; the nearest one is `{code}`, and {list}"),
        None => format!("there is no code `{word}`; {list}"),
    }
}

/// The code whose number begins as this one does; of several the one whose number is nearest.
fn nearest(id: &str) -> Option<Code> {
    let number = |id: &str| id.get(3..).and_then(|digits| digits.parse::<u32>().ok());
    let wanted = number(id);
    let alike =
        |code: &Code| code.id().bytes().zip(id.bytes()).take_while(|(left, right)| left == right).count();
    let distance = |code: &Code| number(code.id()).unwrap_or(0).abs_diff(wanted.unwrap_or(0));
    let begins = Code::ALL.iter().copied().filter(|code| wanted.is_some() || alike(code) > "SLO".len());
    begins.min_by_key(|code| (usize::MAX - alike(code), distance(code)))
}

/// A page without Markdown's signs: headings are bold where there are colours, code is indented.
fn for_a_terminal(page: &str, colored: bool) -> String {
    let mut text = String::new();
    let mut code = false;
    for line in page.lines() {
        let heading = line.trim_start_matches('#').trim_start();
        if line.starts_with("```") {
            code = !code;
        } else if code && !line.is_empty() {
            text.push_str(&format!("    {line}\n"));
        } else if !code && line.starts_with('#') && colored {
            text.push_str(&format!("\u{1b}[1m{heading}\u{1b}[0m\n"));
        } else if !code && line.starts_with('#') {
            text.push_str(&format!("{heading}\n"));
        } else {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}
