//! The comparison as a table.

use std::time::Duration;

use crate::comparison::{Comparison, intervals};
use crate::joins::Joined;

/// The comparison as lines of text.
#[must_use]
pub fn table(comparison: &Comparison) -> String {
    let lines = comparison.lines();
    let mut rows = vec![headings(comparison)];
    for line in &lines {
        let mut cells = vec![line.number.to_string(), line.asks.to_owned()];
        for judged in &line.judged {
            cells.extend(match judged {
                Ok(joined) => figures(joined),
                Err(_) => ["not judged", "", "", "", ""].map(str::to_owned),
            });
        }
        rows.push(cells);
    }
    let mut text = format!("{}\n{}", names(comparison, &rows), aligned(&rows));
    for line in &lines {
        for (run, judged) in comparison.runs.iter().zip(&line.judged) {
            if let Err(why) = judged {
                let name = run.instrumentation.name();
                text.push_str(&format!("row {} is not judged for {name}: {why}\n", line.number));
            }
        }
    }
    text.push_str(&format!(
        "\nTimes are in ms, from the answer until the last record that the join needs had come; {}.\n{}\n{}\n",
        intervals(),
        comparison.loads(),
        comparison.machine
    ));
    text
}

fn headings(comparison: &Comparison) -> Vec<String> {
    let mut cells = vec!["row".to_owned(), "of each request".to_owned()];
    for _ in &comparison.runs {
        cells.extend(["joined", "", "p50", "p95", "p99"].map(str::to_owned));
    }
    cells
}

fn figures(joined: &Joined) -> [String; 5] {
    let at = |of: usize| joined.percentile(of).map_or_else(|| "—".to_owned(), milliseconds);
    let count = format!("{} of {}", joined.count(), joined.requests);
    [count, format!("{} %", joined.percent()), at(50), at(95), at(99)]
}

/// A time in milliseconds: with a digit behind the point where it is short.
pub(crate) fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    if milliseconds < 9.95 { format!("{milliseconds:.1}") } else { format!("{milliseconds:.0}") }
}

/// The line above the headings: each run's name over its columns.
fn names(comparison: &Comparison, rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let mut text = String::new();
    for (run, first) in comparison.runs.iter().zip((2..).step_by(5)) {
        let before: usize = widths.iter().take(first).map(|width| width + GAP.len()).sum();
        let missing = before.saturating_sub(text.chars().count());
        text.push_str(&" ".repeat(missing));
        text.push_str(run.instrumentation.name());
    }
    text
}

/// What stands between two columns.
const GAP: &str = "  ";

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    (0..columns).map(|column| width(column).unwrap_or_default()).collect()
}

/// The rows, with their columns aligned: the second one, which is text, and what heads figures to the left.
fn aligned(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let is_text =
                column == 1 || column % 5 == 2 && cell.starts_with(|first: char| !first.is_ascii_digit());
            if is_text { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        let line = cells.collect::<Vec<_>>().join(GAP);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::tests::comparison;

    #[test]
    fn a_comparison_is_a_table() {
        insta::assert_snapshot!(table(&comparison()));
    }

    #[test]
    fn a_run_alone_is_one_too() {
        let mut comparison = comparison();
        comparison.runs.remove(1);
        insta::assert_snapshot!(table(&comparison));
    }

    #[test]
    fn short_times_have_a_digit_more() {
        let times = [0, 1_234, 9_949, 9_951, 123_456].map(Duration::from_micros);
        assert_eq!(times.map(milliseconds), ["0.0", "1.2", "9.9", "10", "123"]);
    }
}
