//! The comparison as a picture: SVG that is readable on light and on dark ground.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::arguments::Instrumentation;
use crate::comparison::{Comparison, Line, intervals};
use crate::joins::Joined;
use crate::table::milliseconds;

const WIDTH: usize = 800;
/// Where rows begin, and how high each is.
const TOP: usize = 96;
const ROW: usize = 52;
/// Where the bars of what was joined begin, and how long a whole one is.
const JOINED: usize = 24;
const WHOLE: usize = 360;
/// The same of the times.
const TIMES: usize = 540;
const LONGEST: usize = 170;
const BAR: usize = 10;

const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}
.asks{font-size:13px}
.small{font-size:11px;fill:#59636e}
.ground{fill:#ffffff;stroke:#d1d9e0}
.track{fill:#eaeef2}
.plain{fill:#d4762c}
.contract{fill:#1a7f8f}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}
.small{fill:#9198a1}
.ground{fill:#0d1117;stroke:#3d444d}
.track{fill:#21262d}
.plain{fill:#e08a45}
.contract{fill:#3fb6c6}
}";

/// The comparison as an SVG file. It is the same for the same figures.
#[must_use]
pub fn picture(comparison: &Comparison) -> String {
    let mut svg = String::new();
    // A `String` takes everything.
    _ = draw(comparison, &mut svg);
    svg
}

fn draw(comparison: &Comparison, svg: &mut String) -> fmt::Result {
    let lines = comparison.lines();
    let bottom = TOP + lines.len() * ROW;
    let height = bottom + 52;
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title">"#
    )?;
    writeln!(svg, r#"<title id="title">{TITLE}</title>"#)?;
    writeln!(svg, "<style>\n{STYLE}\n</style>")?;
    let (inner_width, inner_height) = (WIDTH - 1, height - 1);
    writeln!(
        svg,
        r#"<rect class="ground" x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="6"/>"#
    )?;
    text(svg, "title", JOINED, 30, TITLE)?;
    legend(comparison, svg)?;
    text(svg, "small", JOINED, 82, "joined")?;
    text(svg, "small", TIMES, 82, "95 of 100 joined within")?;
    let longest = longest(&lines);
    for (line, y) in lines.iter().zip((TOP..).step_by(ROW)) {
        row(comparison, line, longest, y, svg)?;
    }
    text(
        svg,
        "small",
        JOINED,
        bottom + 18,
        &format!("From the answer to the last record; {}.", intervals()),
    )?;
    text(svg, "small", JOINED, bottom + 36, &format!("{}. {}.", comparison.loads(), comparison.machine))?;
    writeln!(svg, "</svg>")
}

const TITLE: &str = "What happened, and how much of it can be joined across metric, log and trace";

fn legend(comparison: &Comparison, svg: &mut String) -> fmt::Result {
    for (run, x) in comparison.runs.iter().zip((JOINED..).step_by(190)) {
        bar(svg, class(run.instrumentation), x, 46, BAR)?;
        let name = match run.instrumentation {
            Instrumentation::Plain => "usual instrumentation",
            Instrumentation::Contract => "with a contract",
        };
        text(svg, "small", x + BAR + 6, 55, name)?;
    }
    Ok(())
}

const fn class(instrumentation: Instrumentation) -> &'static str {
    instrumentation.name()
}

fn row(
    comparison: &Comparison,
    line: &Line<'_>,
    longest: Duration,
    y: usize,
    svg: &mut String,
) -> fmt::Result {
    text(svg, "asks", JOINED, y + 12, &format!("{}: {}", line.number, line.asks))?;
    for ((run, judged), y) in comparison.runs.iter().zip(&line.judged).zip((y + 19..).step_by(BAR + 3)) {
        bar(svg, "track", JOINED, y, WHOLE)?;
        let label_x = JOINED + WHOLE + 8;
        let Ok(joined) = judged else {
            text(svg, "small", label_x, y + 9, "not judged")?;
            continue;
        };
        let class = class(run.instrumentation);
        bar(svg, class, JOINED, y, share(WHOLE, joined))?;
        let label = format!("{} % of {}", joined.percent(), joined.requests);
        text(svg, "small", label_x, y + 9, &label)?;
        match joined.percentile(95) {
            Some(time) => {
                let length = length(time, longest);
                bar(svg, class, TIMES, y, length)?;
                text(svg, "small", TIMES + length + 8, y + 9, &format!("{} ms", milliseconds(time)))?;
            }
            None => text(svg, "small", TIMES, y + 9, "—")?,
        }
    }
    Ok(())
}

fn share(whole: usize, joined: &Joined) -> usize {
    (whole * joined.count()).checked_div(joined.requests).unwrap_or_default()
}

/// The longest of the times that are shown.
fn longest(lines: &[Line<'_>]) -> Duration {
    let joined = lines.iter().flat_map(|line| &line.judged).filter_map(|judged| judged.ok());
    joined.filter_map(|joined| joined.percentile(95)).max().unwrap_or_default()
}

/// How long a time's bar is: a pixel at least.
fn length(time: Duration, longest: Duration) -> usize {
    let share = (time.as_nanos() * LONGEST as u128).checked_div(longest.as_nanos()).unwrap_or_default();
    usize::try_from(share).unwrap_or(LONGEST).clamp(1, LONGEST)
}

fn bar(svg: &mut String, class: &str, x: usize, y: usize, width: usize) -> fmt::Result {
    if width == 0 {
        return Ok(());
    }
    writeln!(svg, r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{BAR}" rx="2"/>"#)
}

fn text(svg: &mut String, class: &str, x: usize, y: usize, text: &str) -> fmt::Result {
    writeln!(svg, r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#, escaped(text))
}

/// Text as XML has it. Characters that XML can't hold are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::tests::comparison;

    #[test]
    fn a_comparison_is_a_picture() {
        insta::assert_snapshot!(picture(&comparison()));
    }

    #[test]
    fn without_figures_there_is_a_picture_as_well() {
        let mut comparison = comparison();
        comparison.runs.clear();
        let picture = picture(&comparison);
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    }

    #[test]
    fn what_comes_from_outside_is_escaped() {
        assert_eq!(escaped("<a b=\"c\">&\u{0}\u{1b}[0m\u{ffff}"), "&lt;a b=&quot;c&quot;&gt;&amp;[0m");
    }
}
