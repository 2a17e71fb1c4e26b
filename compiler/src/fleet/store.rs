//! Keys in a store of logs or of traces: each has one type there, and where keys are paths, none is a parent of another.

use std::collections::{BTreeMap, BTreeSet};

use slo_model::names::nested_path;

use super::differ::{Entry, differ, shared};
use super::meet::Meet;
use super::server::Meeting;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::index::{Head, IndexField, IndexRecord};
use crate::text::with_article;

/// A key of a record.
struct Written<'i> {
    record: &'i str,
    field: &'i IndexField,
    /// The record whose store it stands in, where each has its own.
    store: &'i str,
    nests: bool,
}

/// What is called how, in a store of logs and in one of traces.
struct Words {
    /// What a record is called.
    record: &'static str,
    help: &'static str,
}

const LOGS: Words = Words {
    record: "log",
    help: "a store gives a name one type, and loses records of another: show one of them under another name; where each log has a store of its own, say `separate_stores = true`",
};

const TRACES: Words = Words {
    record: "span",
    help: "a store gives a name one type, and loses spans of another: show one of them under another name",
};

pub(super) fn logs(meet: &Meet<'_>, meeting: &Meeting<'_>, found: &mut Vec<(usize, Diagnostic)>) {
    let separate = |head: &Head| {
        meeting.said.and_then(|server| server.separate_stores).unwrap_or(head.log_store.separate_stores)
    };
    let mut written = Vec::new();
    for (number, member) in meet.here(meeting) {
        let separate = separate(&member.index.head);
        let store = |record: &IndexRecord| separate && record.name != "_";
        for record in &member.index.logs {
            let store = if store(record) { record.name.as_str() } else { "" };
            let keys = record.fields.iter();
            written.extend(
                keys.map(|field| (number, Written { record: &record.name, field, store, nests: true })),
            );
        }
    }
    find(meet, meeting, &written, &LOGS, found);
    reserved(meet, meeting, &written, found);
}

pub(super) fn traces(meet: &Meet<'_>, meeting: &Meeting<'_>, found: &mut Vec<(usize, Diagnostic)>) {
    let mut written = Vec::new();
    for (number, member) in meet.here(meeting) {
        let said = meeting.said.and_then(|server| server.nests);
        let nests = said.unwrap_or(member.index.head.trace_store.nests);
        for record in &member.index.spans {
            let keys = record.fields.iter();
            written.extend(
                keys.map(|field| (number, Written { record: &record.name, field, store: "", nests })),
            );
        }
    }
    find(meet, meeting, &written, &TRACES, found);
}

fn find(
    meet: &Meet<'_>,
    meeting: &Meeting<'_>,
    written: &[(usize, Written<'_>)],
    words: &Words,
    found: &mut Vec<(usize, Diagnostic)>,
) {
    let mut by_key: HashMap<(&str, &str), Vec<Entry<'_, Written<'_>>>> = HashMap::default();
    for (member, item) in written {
        let entries = by_key.entry((item.store, &item.field.key)).or_default();
        // One member's key counts once: what its own logs contradict each other in is its own finding.
        if entries.last().is_none_or(|last| last.member != *member) {
            entries.push(Entry { member: *member, item });
        }
    }
    nested(meet, meeting, &by_key, words, found);
    for ((_, key), entries) in shared(by_key) {
        let contradict = |one: &&str, other: &&str| one != other;
        fn shape<'i>(written: &'i Written<'_>) -> &'i str {
            written.field.value.as_str()
        }
        for (one, other) in differ(&entries, shape, contradict, meet.is_asked) {
            let types = [one, other].map(|entry| with_article(&entry.item.field.value));
            let names = [one, other].map(|entry| meet.name(entry.member));
            let message = format!(
                "`{key}` is {} in a {} of `{}` and {} in one of `{}`",
                types[0], words.record, names[0], types[1], names[1]
            );
            let says = |entry: &Entry<'_, Written<'_>>| {
                format!(
                    "{} in the {} `{}`",
                    with_article(&entry.item.field.value),
                    words.record,
                    entry.item.record
                )
            };
            let sides = [&one, &other].map(|entry| (entry.member, &entry.item.field.at, says(entry)));
            let finding =
                meet.contradiction(Code::FleetType, meeting, message, sides).about(key).help(words.help);
            let finding = finding.about_all([one, other].map(|entry| &entry.item.field.value));
            found.push((one.member, meet.about(finding, [one.member, other.member])));
        }
    }
}

/// Keys that are values in one member and parents in another.
fn nested(
    meet: &Meet<'_>,
    meeting: &Meeting<'_>,
    by_key: &HashMap<(&str, &str), Vec<Entry<'_, Written<'_>>>>,
    words: &Words,
    found: &mut Vec<(usize, Diagnostic)>,
) {
    // By the parent: who has it as a value, and who has keys below it.
    let mut paths: BTreeMap<(&str, &str), Vec<Entry<'_, Written<'_>>>> = BTreeMap::new();
    let mut below: Vec<(&str, &str, &str)> = Vec::new();
    for (store, key) in by_key.keys() {
        let there = parents(key).filter(|parent| by_key.contains_key(&(*store, *parent)));
        below.extend(there.map(|parent| (*store, parent, *key)));
    }
    below.sort_unstable();
    for (store, parent, key) in below {
        let of = |key| by_key.get(&(store, key)).into_iter().flatten().copied();
        paths.entry((store, parent)).or_insert_with(|| of(parent).collect()).extend(of(key));
    }
    for ((_, parent), entries) in paths {
        let holds =
            |entry: &Entry<'_, Written<'_>>, is_value: bool| (entry.item.field.key == parent) == is_value;
        // A member that has both has a finding of its own.
        let of = |is_value: bool| -> BTreeSet<usize> {
            entries.iter().filter(|entry| holds(entry, is_value)).map(|entry| entry.member).collect()
        };
        let (values, parents) = (of(true), of(false));
        let mut seen = BTreeSet::new();
        let mut once: Vec<Entry<'_, Written<'_>>> = entries
            .into_iter()
            .filter(|entry| {
                entry.item.nests && !(values.contains(&entry.member) && parents.contains(&entry.member))
            })
            .filter(|entry| seen.insert((entry.member, entry.item.field.key == parent)))
            .collect();
        once.sort_by_key(|entry| entry.member);
        let contradict = |one: &bool, other: &bool| one != other;
        let shape = |written: &Written<'_>| written.field.key == parent;
        for (one, other) in differ(&once, shape, contradict, meet.is_asked) {
            let keys = [one, other].map(|entry| entry.item.field.key.as_str());
            let names = [one, other].map(|entry| meet.name(entry.member));
            let message = format!(
                "{} can't hold both `{}` of `{}` and `{}` of `{}`",
                meeting.name(),
                keys[0],
                names[0],
                keys[1],
                names[1]
            );
            let says = |entry: &Entry<'_, Written<'_>>| {
                format!("`{}` in the {} `{}`", entry.item.field.key, words.record, entry.item.record)
            };
            let sides = [&one, &other].map(|entry| (entry.member, &entry.item.field.at, says(entry)));
            let finding = meet
                .contradiction(Code::FleetNested, meeting, message, sides)
                .about(keys[0])
                .about(keys[1])
                .help("choose another key for one of them: one path is either a value or a parent of others");
            found.push((one.member, meet.about(finding, [one.member, other.member])));
        }
    }
}

/// The paths above a key, from the top.
fn parents(key: &str) -> impl Iterator<Item = &str> {
    let above = nested_path(key).count().saturating_sub(1);
    let ends = nested_path(key).take(above).scan(0, |end, part| {
        let here = *end + part.len();
        *end = here + 1;
        Some(here)
    });
    ends.filter_map(|end| key.get(..end))
}

/// Keys of logs that the store keeps for itself.
fn reserved(
    meet: &Meet<'_>,
    meeting: &Meeting<'_>,
    written: &[(usize, Written<'_>)],
    found: &mut Vec<(usize, Diagnostic)>,
) {
    let Some(server) = meeting.said else { return };
    let mut seen = BTreeSet::new();
    for (member, item) in written.iter().filter(|(member, _)| (meet.is_asked)(*member)) {
        let key = item.field.key.as_str();
        let top = nested_path(key).next().unwrap_or_default();
        if !server.reserved.iter().any(|name| name == top) || !seen.insert((*member, key)) {
            continue;
        }
        let message = match key == top {
            true => format!(
                "`{key}` of `{}` is a name that {} keeps for itself",
                meet.name(*member),
                meeting.name()
            ),
            false => format!(
                "`{key}` of `{}` nests below `{top}`, a name that {} keeps for itself",
                meet.name(*member),
                meeting.name()
            ),
        };
        let finding = Diagnostic::new(Code::Reserved, item.field.at.place, message)
            .about(key)
            .about(meet.name(*member))
            .and(server.place, "the workspace says so: `reserved`")
            .help("show it under another name: `as NAME` for a field, `via VIEW` for a meaning");
        found.push((*member, finding));
    }
}
