//! For people at a terminal.

use unicode_width::UnicodeWidthChar;

use super::{By, Lookup, Match};
use crate::show::sheet::Deprecated;
use crate::text::{grouped, list, visible};

/// How far the lines below a name stand in.
const INDENT: &str = "    ";

pub(super) fn terminal(lookup: &Lookup, color: bool, width: usize) -> String {
    let mut writer = Writer { text: String::new(), color, width };
    for one in &lookup.matches {
        writer.one(one);
    }
    if lookup.left_off > 0 {
        let (word, fit) = if lookup.left_off == 1 { ("name", "fits") } else { ("names", "fit") };
        let count = grouped(lookup.left_off as u64);
        writer.line(&format!("{count} more {word} {fit}: write more of it, or `--limit NUMBER`"));
    }
    writer.text
}

struct Writer {
    text: String,
    color: bool,
    width: usize,
}

impl Writer {
    fn one(&mut self, one: &Match) {
        let (bold, plain) = if self.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        let mut head = vec![one.kind.name().to_owned()];
        head.extend(one.value_type.as_deref().map(visible));
        head.extend(one.unit.as_ref().map(|unit| format!("in {}", visible(unit))));
        head.extend(one.stability.as_deref().map(visible));
        head.extend(one.deprecated.as_ref().map(|why| match why {
            Deprecated::Successor(name) => format!("deprecated: use {}", visible(name)),
            Deprecated::Reason(reason) if reason.is_empty() => "deprecated".to_owned(),
            Deprecated::Reason(reason) => format!("deprecated: {}", visible(reason)),
            Deprecated::NotYet { version, names } => {
                format!("not in {}: it has {}", visible(version), visible(&list(names)))
            }
        }));
        head.extend(match one.by {
            By::Near => Some("a near name".to_owned()),
            By::Description => Some("by its description".to_owned()),
            _ => None,
        });
        let name = visible(&one.name);
        self.text.push_str(&format!("{bold}{name}{plain}  {}\n", head.join(", ")));
        let first = one.docs.lines().next().unwrap_or_default().trim();
        if !first.is_empty() {
            self.inner(&visible(first));
        }
        for name in &one.prometheus {
            self.inner(&format!("Prometheus: {} ({})", visible(&name.name), name.ways.join(", ")));
        }
        let place = one.place.as_ref().map(|place| format!(", {}", visible(&place.to_string())));
        let place = place.unwrap_or_default();
        match (&one.missing_use, &one.vocabulary) {
            (Some(used), Some(vocabulary)) => self.inner(&format!(
                "by `{}`, and `{vocabulary}` under [vocabularies] of slo.toml{place}",
                visible(used)
            )),
            (Some(used), None) => self.inner(&format!("by `{}`{place}", visible(used))),
            (None, _) => {
                if let Some(package) = &one.package {
                    self.inner(&format!("in {}{place}", visible(package)));
                }
            }
        }
        if let [field, spread] = one.taken_by.as_slice() {
            self.inner(&visible(&format!(
                "an event has it by `{field}`, a meaning takes it in by `{spread}`"
            )));
        }
        for used in &one.uses {
            let place = used.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
            let part = if used.part.is_empty() { String::new() } else { format!(", {}", used.part) };
            self.inner(&visible(&format!("used by {} {}{part}{place}", used.owner_kind, used.name)));
        }
        for used in &one.structs {
            self.inner(&visible(&format!("used by struct {} ({}), {}", used.name, used.kind, used.place)));
        }
        if one.more_uses > 0 {
            self.inner(&format!("and {} more uses: `slo show`", grouped(one.more_uses as u64)));
        }
    }

    fn inner(&mut self, text: &str) {
        let line = format!("{INDENT}{text}");
        self.line(&line);
    }

    /// A line, cut where the terminal ends: the JSON has all of it.
    fn line(&mut self, text: &str) {
        let mut columns = 0;
        let fits = |character: char| {
            columns += character.width().unwrap_or(0);
            columns < self.width
        };
        let cut: String = text
            .chars()
            .take_while({
                let mut fits = fits;
                move |character| fits(*character)
            })
            .collect();
        self.text.push_str(&cut);
        if cut.len() < text.len() {
            self.text.push('…');
        }
        self.text.push('\n');
    }
}
