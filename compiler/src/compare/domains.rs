//! Two sets of values of one key, where nothing else is compared.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Kind, Verdict};
use super::paired::paired;
use super::past::Past;
use super::values::{Reading, Samples, Set, Values, extent_of, tag_of};
use crate::ir::{Domain, ObjectMember};

/// How a set of values changes.
pub(super) struct Changed {
    pub(super) kind: Kind,
    /// For those who write values of it.
    pub(super) writers: Verdict,
    /// For those who read them.
    pub(super) readers: Verdict,
    /// What was, and what is.
    pub(super) words: String,
}

/// Whether values of the same wire type are of another type in Rust: that of an enum or an object has the name of its key.
pub(super) fn has_another_type(old: (&str, &Domain), new: (&str, &Domain)) -> bool {
    let is_named = |domain: &Domain| domain.is_enum() || domain.value.object().is_some();
    let (was, is) = (is_named(old.1), is_named(new.1));
    (was || is) && (old.0 != new.0 || was != is)
}

/// What changes of the values of a key.
pub(super) fn changes(past: &Past<'_>, old: &Domain, new: &Domain) -> Vec<Changed> {
    if old == new {
        return Vec::new();
    }
    if let (Some(was), Some(is)) = (old.value.object(), new.value.object())
        && old.value.to_string() == new.value.to_string()
    {
        return match shape(was) == shape(is) {
            true => of_members(past, was, is),
            false => vec![Changed::of_type("its members are others".to_owned())],
        };
    }
    let (was, is) = (tag_of(old), tag_of(new));
    if was != is || old.value.to_string() != new.value.to_string() {
        return vec![Changed::of_type(format!("it is of type `{is}`, and was of `{was}`"))];
    }
    let (was, is) = (Values::of(old, None), Values::of(new, None));
    let samples = Samples::of([&was, &is].into_iter(), Reading::Typed);
    let (old_set, new_set) = (samples.set(&was, true), samples.set(&is, true));
    let stays = samples.set(&Values::of(old, Some(past)), true);
    let verdict = match stays.is_subset(&new_set) {
        true => Verdict::Notice,
        false => Verdict::Broken,
    };
    let gone: Set = old_set.difference(&new_set).copied().collect();
    let fresh: Set = new_set.difference(&old_set).copied().collect();
    // Values that nobody wrote down are told by what they are of.
    let told = |values: &Set, words: String| match samples.first(values) {
        None => format!("it has {}, and had {}", extent_of(new), extent_of(old)),
        Some(_) => words,
    };
    let mut changed = Vec::new();
    if !gone.is_empty() {
        changed.push(Changed {
            kind: Kind::ValueGone,
            writers: verdict,
            readers: verdict,
            words: told(&gone, format!("it has no more {}", samples.shown(&gone))),
        });
    }
    if !fresh.is_empty() {
        changed.push(Changed {
            kind: Kind::ValueNew,
            writers: Verdict::More,
            readers: Verdict::Broken,
            words: told(&fresh, format!("it has {}, which it had not", samples.shown(&fresh))),
        });
    }
    let lists = |domain: &Domain| -> BTreeSet<String> {
        domain.members.iter().flatten().map(|member| member.wire.value().to_string()).collect()
    };
    let (was, is) = (lists(old), lists(new));
    let named: Vec<&String> = is.difference(&was).collect();
    // Rust's variants have the names of members; readers see what is on the wire.
    if old.is_enum() && new.is_enum() {
        let names = |domain: &'_ Domain| -> BTreeMap<String, String> {
            let all = domain.members.iter().flatten();
            all.map(|member| (member.wire.value().to_string(), member.name.clone())).collect()
        };
        let now = names(new);
        let is_renamed = |(wire, name): &(String, String)| now.get(wire).is_some_and(|now| now != name);
        let renamed: Vec<String> = names(old).into_iter().filter(is_renamed).map(|(_, name)| name).collect();
        if !renamed.is_empty() {
            changed.push(Changed {
                kind: Kind::Gone,
                writers: Verdict::Broken,
                readers: Verdict::Same,
                words: format!("{} has another name", crate::text::some_of(&renamed)),
            });
        }
    }
    // A member of an open set that is new could be met before.
    if changed.is_empty() && old.open && !named.is_empty() {
        changed.push(Changed {
            kind: Kind::ValueNew,
            writers: Verdict::More,
            readers: Verdict::More,
            words: format!("it lists {}", crate::text::some_of(&named)),
        });
    }
    let unlisted: Vec<&String> = was.difference(&is).collect();
    let left = past.staying(old).map_or_else(|| was.clone(), |stays| lists(&stays));
    let verdict = if left.is_subset(&is) { Verdict::Notice } else { Verdict::Broken };
    if new.open && old.open && !unlisted.is_empty() {
        changed.push(Changed {
            kind: Kind::ValueGone,
            writers: verdict,
            readers: Verdict::Same,
            words: format!("it lists {} no more", crate::text::some_of(&unlisted)),
        });
    }
    changed
}

impl Changed {
    fn of_type(words: String) -> Changed {
        Changed { kind: Kind::Type, writers: Verdict::Broken, readers: Verdict::Broken, words }
    }
}

/// What changes of the values in an object: of each kind one change, whichever members it is of.
fn of_members(past: &Past<'_>, old: &[ObjectMember], new: &[ObjectMember]) -> Vec<Changed> {
    fn by_name(members: &[ObjectMember]) -> impl Iterator<Item = (&str, &ObjectMember)> {
        members.iter().map(|member| (member.name.as_str(), member))
    }
    let mut all: Vec<Changed> = Vec::new();
    for (name, (was, is)) in paired(by_name(old), by_name(new)) {
        let (Some(was), Some(is)) = (was, is) else { continue };
        let mut own = changes(past, &was.domain, &is.domain);
        if has_another_type((&was.attribute, &was.domain), (&is.attribute, &is.domain)) {
            let words = "it has another type in Rust".to_owned();
            own.push(Changed { readers: Verdict::Same, ..Changed::of_type(words) });
        }
        for changed in own {
            let words = format!("in `{name}` {}", changed.words);
            match all.iter_mut().find(|one| one.kind == changed.kind) {
                Some(one) => {
                    one.writers = one.writers.max(changed.writers);
                    one.readers = one.readers.max(changed.readers);
                    one.words = format!("{}; {words}", one.words);
                }
                None => all.push(Changed { words, ..changed }),
            }
        }
    }
    all
}

/// What an object is made of, without what people read.
fn shape(members: &[ObjectMember]) -> Vec<String> {
    let one = |member: &ObjectMember| {
        let value = &member.domain.value;
        let inner = value.object().map(|inner| format!("{value}({})", shape(inner).join(" ")));
        let own = inner.unwrap_or_else(|| tag_of(&member.domain));
        format!("{}:{}:{own}", member.name, member.optional)
    };
    let mut all: Vec<String> = members.iter().map(one).collect();
    all.sort();
    all
}
