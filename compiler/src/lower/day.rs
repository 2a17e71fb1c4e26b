//! The days of `until=`.

use crate::day::{is_day, is_written_as_day};
use crate::diagnostic::{Code, Diagnostic};
use crate::options::{Options, wrong_kind};

/// The day of `until=`.
pub(super) fn until(options: &Options<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let value = options.value("until")?;
    let slo_grammar::Expression::String(text) = &value.value else {
        let help = "a day is written as year, month and day: `until=\"2027-06-30\"`";
        diagnostics.push(wrong_kind("until", value.place, "a day in quotes").help(help));
        return None;
    };
    let day = slo_grammar::Placed::new(text.clone(), value.place);
    if is_day(&day.value) {
        return Some(day.value.as_str().to_owned());
    }
    diagnostics.push(
        Diagnostic::new(Code::BadDate, day.place, format!("`{}` is no day", day.value)).about("until").help(
            match is_written_as_day(&day.value) {
                true => "the calendar has no such day",
                false => "a day is written as year, month and day: `2027-06-30`",
            },
        ),
    );
    None
}
