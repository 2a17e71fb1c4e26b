//! The baseline: a file beside `slo.toml` with a line for each finding that is accepted as a debt. It is made once, and from
//! then on only shrinks, unless a person adds a line.

#[cfg(feature = "json")]
mod write;

#[cfg(feature = "json")]
pub use write::{can_be_accepted, first, line_of, print, without_gone};

use slo_grammar::{FileId, Place};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Acceptance, AcceptanceKind};
use crate::day::is_day;
use crate::diagnostic::{Class, Code, Diagnostic};
use crate::text::{list, nearest};

/// The name of the file.
pub const FILE_NAME: &str = crate::pinned::BASELINE_NAME;

/// The version of its format.
const FORMAT: i64 = 1;

/// How many findings it may hold.
const MOST_LINES: usize = 10_000;

/// What a line may say.
const KEYS: [&str; 6] = ["code", "names", "number", "owner", "reason", "until"];

/// Reads the baseline of a file.
pub(crate) fn read(text: &str, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Acceptance> {
    let mut reader = Reader { text, file, diagnostics };
    reader.lines().unwrap_or_default()
}

struct Reader<'r> {
    text: &'r str,
    file: FileId,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn lines(&mut self) -> Option<Vec<Acceptance>> {
        if let Some(place) = self.conflict() {
            return self.wrong(
                place,
                "a merge of the baseline is not finished",
                "keep the lines of both sides and take the marks out: `slo check --write-baseline` then takes out what is gone",
            );
        }
        let whole = match DeTable::parse(self.text) {
            Ok(whole) => whole,
            Err(error) => {
                let place = self.at(error.span().unwrap_or(0..0));
                let message = format!("this is no TOML: {}", error.message().replace('\n', " "));
                return self.wrong(place, &message, "put back what `slo check --write-baseline` wrote");
            }
        };
        let whole = whole.get_ref();
        for (key, _) in whole {
            if !["format", "findings"].contains(&key.get_ref().as_ref()) {
                let message = format!("there is no key `{}` in the baseline", key.get_ref());
                let place = self.at(key.span());
                return self.wrong(place, &message, "its keys are `format` and `findings`");
            }
        }
        match whole.get("format").map(|format| (format.get_ref().as_integer(), format.span())) {
            Some((Some(format), _)) if format.as_str() == FORMAT.to_string() => {}
            Some((_, span)) => {
                let place = self.at(span);
                return self.wrong(
                    place,
                    "the baseline is of another format than this compiler's, `1`",
                    "use the release of slo that wrote it",
                );
            }
            None => {
                let place = self.at(0..0);
                return self.wrong(place, "the baseline doesn't say its format", "write `format = 1` first");
            }
        }
        let findings = whole.get("findings")?;
        let Some(findings) = findings.get_ref().as_array() else {
            let place = self.at(findings.span());
            return self.wrong(place, "`findings` is a list", "write `findings = [ … ]`");
        };
        if let Some(line) = findings.get(MOST_LINES) {
            let place = self.at(line.span());
            return self.wrong(
                place,
                "the baseline has more than 10,000 findings",
                "so many are no debt that anybody pays: mend those of one code first, or write a rule less strict",
            );
        }
        Some(findings.iter().filter_map(|line| self.line(line)).collect())
    }

    fn line(&mut self, line: &Spanned<DeValue<'_>>) -> Option<Acceptance> {
        let place = self.at(line.span());
        let Some(table) = line.get_ref().as_table() else {
            return self.wrong(place, "a finding is a table", EXAMPLE);
        };
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !KEYS.contains(&name) {
                let help = match nearest(name, KEYS.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its keys are {}", list(&KEYS)),
                };
                let place = self.at(key.span());
                return self.wrong(place, &format!("a finding has no key `{name}`"), &help);
            }
        }
        let (id, at) =
            self.text(table, "code")?.or_else(|| self.wrong(place, "a finding has a code", EXAMPLE))?;
        let Some(code) = Code::from_id(&id) else {
            return self.wrong(
                at,
                &format!("there is no check `{id}`"),
                "a finding shows its code, such as `SLO0402`",
            );
        };
        if code.class() == Class::Invalid {
            let message = format!("`{id}` can't be accepted: no plan can be made of such a contract");
            let finding = Diagnostic::new(Code::AllowedError, at, message).about(id);
            self.diagnostics.push(finding.help("mend what it reports, and take the line out"));
            return None;
        }
        let names = self.names(table)?;
        let number = match table.get("number") {
            None => None,
            Some(number) => match whole(number.get_ref()) {
                Some(number) => Some(number),
                None => {
                    let place = self.at(number.span());
                    return self.wrong(place, "a finding's number is a whole one", EXAMPLE);
                }
            },
        };
        let owner = self.text(table, "owner")?.map(|(owner, _)| owner);
        let reason = self.text(table, "reason")?.map(|(reason, _)| reason).unwrap_or_default();
        let until = self.text(table, "until")?;
        if let Some((day, at)) = until.as_ref().filter(|(day, _)| !is_day(day)) {
            return self.wrong(
                *at,
                &format!("`{day}` is no day"),
                "a day is written as year, month and day: `2027-06-30`",
            );
        }
        let until = until.map(|(day, _)| day);
        Some(Acceptance {
            place,
            code,
            names,
            number,
            reason,
            kind: AcceptanceKind::Baseline { owner, until },
        })
    }

    /// The text of a key, where there is one.
    fn text(&mut self, table: &DeTable<'_>, name: &str) -> Option<Option<(String, Place)>> {
        let Some(value) = table.get(name) else { return Some(None) };
        let place = self.at(value.span());
        match value.get_ref().as_str() {
            Some(text) => Some(Some((text.to_owned(), place))),
            None => self.wrong(place, &format!("`{name}` is a text in quotes"), EXAMPLE),
        }
    }

    fn names(&mut self, table: &DeTable<'_>) -> Option<Vec<String>> {
        let Some(value) = table.get("names") else { return Some(Vec::new()) };
        let names = value.get_ref().as_array().map(|names| {
            names.iter().map(|name| name.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        match names.flatten() {
            Some(names) => Some(names),
            None => {
                let place = self.at(value.span());
                self.wrong(place, "`names` is a list of texts in quotes", EXAMPLE)
            }
        }
    }

    fn wrong<T>(&mut self, place: Place, message: &str, help: &str) -> Option<T> {
        self.diagnostics.push(Diagnostic::new(Code::Baseline, place, message).help(help));
        None
    }

    fn at(&self, range: std::ops::Range<usize>) -> Place {
        Place::new(self.file, range.start as u32, range.end as u32)
    }

    /// Where a tool for versions has left that two sides differ.
    fn conflict(&self) -> Option<Place> {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let written = line.trim_end();
            if ["<<<<<<< ", "||||||| ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark))
                || written == "======="
            {
                return Some(self.at(start..start + written.len()));
            }
            start += line.len();
        }
        None
    }
}

/// A whole number, in whatever base it is written.
fn whole(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

const EXAMPLE: &str =
    r#"a finding is written as `{ code = "SLO0402", names = ["shop.id", "shop_id"], owner = "team-shop" },`"#;
