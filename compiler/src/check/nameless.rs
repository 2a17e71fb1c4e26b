//! Logs without a name and without keys: only their texts tell their records apart, so that no text may be of two of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::signals::{Of, signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::ir::draft::{
    Contract, Domain, Event, FieldValue, Leaf, Log, Node, TextPart, Variant, WriterValue,
};
use crate::ir::{ContainerId, FieldId, Literal, Range, Scalar, Type};
use crate::measure::records::Records;
use crate::measure::template::{Budget, Characters, Hole, Piece, Template};
use crate::text::{grouped, some_of};

/// How many events a finding names besides the text that it is about; how many others there are is its number.
const MOST_NAMES: usize = 32;

/// How many of the places that a finding is about it shows.
const MOST_PLACES: usize = 3;

/// How many values a hole lists; where there are more it may be any text.
const MOST_VALUES: usize = 256;

/// A log of which only its texts tell.
struct Nameless<'c> {
    event: &'c Event,
    log: &'c Log,
    /// The texts that it may have.
    texts: Vec<Text>,
    /// Whether its record may have no text either.
    may_be_empty: bool,
    /// Whether it has keys in other records.
    has_keys: bool,
}

/// A text that a log may have.
struct Text {
    template: Template,
    /// As the contract writes it.
    shown: String,
    node: Node,
}

impl Text {
    fn of(parts: impl Iterator<Item = Option<(Piece, String)>>, node: Node) -> Option<Text> {
        let parts: Vec<(Piece, String)> = parts.collect::<Option<_>>()?;
        let shown = parts.iter().map(|(_, shown)| shown.as_str()).collect();
        Some(Text {
            template: Template::of(parts.into_iter().map(|(piece, _)| piece).collect()),
            shown,
            node,
        })
    }
}

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let mut by_scope: BTreeMap<ContainerId, Vec<Nameless<'_>>> = BTreeMap::new();
    let mut values = Values::default();
    for event in &contract.events {
        for one in signals(event) {
            let Of::Log(log) = one.of else { continue };
            let Leaf::Known(scope) = log.scope else { continue };
            if log.name.is_none() && may_write_no_key(contract, event, log) {
                by_scope.entry(scope).or_default().extend(nameless(contract, event, log, &mut values));
            }
        }
    }
    let mut budget = Budget::default();
    let mut by_text: Vec<(String, Node, &str)> = Vec::new();
    for (scope, logs) in by_scope {
        for one in logs.iter().filter(|one| one.may_be_empty) {
            let message =
                format!("a record of a log of `{}` may have no name, no keys and no text", one.event.name);
            diagnostics.push(
                Diagnostic::new(Code::TextsAlike, contract.places.place(one.log.node), message)
                    .about(one.event.full_name())
                    .about("_")
                    .help("say what it is: a name, `log shop.order.placed`, a text, `body=\"…\"`, or a list of keys"),
            );
        }
        let scope = contract.container(scope).full_name();
        alike(contract, &scope, &logs, &mut budget, diagnostics);
        // What another program writes is as it is.
        let alone = logs.iter().filter(|one| !one.has_keys && !one.event.external);
        by_text.extend(alone.map(|one| (scope.clone(), one.log.node, one.event.name.as_str())));
    }
    alone(contract, by_text, diagnostics);
}

/// Whether a record of a log may have no key at all: its fields may be absent, and a meaning may have variants that write none.
fn may_write_no_key(contract: &Contract, event: &Event, log: &Log) -> bool {
    let records = Records::of(log.when.as_ref());
    log.writers.iter().all(|writer| {
        let absent =
            writer.field().is_some_and(|field| writer.optional && records.may_be_absent(event, field));
        absent
            || match &writer.value {
                Leaf::Known(WriterValue::Meaning { field, face }) => {
                    let mut variants = contract.meaning(*face).variants.iter();
                    variants.any(|one| records.has_variant(*field, one) && is_bare(one))
                }
                _ => false,
            }
    })
}

/// Whether a log writes a key in some records.
fn may_write_a_key(contract: &Contract, log: &Log) -> bool {
    log.writers.iter().any(|writer| match &writer.value {
        Leaf::Known(WriterValue::Meaning { face, .. }) => {
            !contract.meaning(*face).variants.iter().all(is_bare)
        }
        _ => true,
    })
}

/// Whether a variant writes no key on a log.
fn is_bare(variant: &Variant) -> bool {
    variant.pairs(crate::ir::Signal::Log).is_empty()
}

/// The fields that a log writes as keys of their own: in a record without keys they are absent.
fn keys(log: &Log) -> BTreeSet<FieldId> {
    let keys = log.writers.iter().filter_map(|writer| match &writer.value {
        Leaf::Known(WriterValue::Field(field) | WriterValue::ToString(field)) => Some(*field),
        _ => None,
    });
    keys.collect()
}

/// What holes list, made once for a field; after so many values over a contract they may be any text.
struct Values {
    left: usize,
    made: HashMap<(Node, FieldId), Hole>,
}

impl Default for Values {
    fn default() -> Values {
        Values { left: 1 << 18, made: HashMap::default() }
    }
}

impl Values {
    /// What may stand in the hole of a field.
    fn hole(&mut self, records: &Records<'_>, event: &Event, field: FieldId, domain: &Domain) -> Hole {
        let may_be_absent = records.may_be_absent(event, field);
        if !records.tests(field).is_empty() {
            // What a condition leaves is this log's alone.
            return match self.has_room(count_of(domain)) {
                true => self.listed(&records.domain(field, domain), may_be_absent, event.external),
                false => Hole::ANY,
            };
        }
        if let Some(hole) = self.made.get(&(event.node, field)) {
            return hole.clone();
        }
        let hole = self.listed(domain, may_be_absent, event.external);
        self.made.insert((event.node, field), hole.clone());
        hole
    }

    /// What may stand for the values of a domain: those that it lists, if it isn't too much.
    fn listed(&mut self, domain: &Domain, may_be_absent: bool, external: bool) -> Hole {
        let values = count_of(domain);
        if values <= MOST_VALUES && self.has_room(values) {
            hole(domain, may_be_absent, external)
        } else if domain.members.is_some() {
            Hole::ANY
        } else {
            written(domain, external)
        }
    }

    fn has_room(&mut self, values: usize) -> bool {
        self.left = self.left.saturating_sub(values);
        self.left > 0
    }
}

/// How many values a domain lists, at most: a boolean has two.
fn count_of(domain: &Domain) -> usize {
    match (&domain.members, few(domain)) {
        (Some(members), _) => members.len(),
        (None, Some(numbers)) => numbers.count(),
        (None, None) => 2,
    }
}

/// The integers of a range, where they are few.
fn few(domain: &Domain) -> Option<std::ops::RangeInclusive<i64>> {
    match domain.range {
        Some(Range::Int(low, high)) if high.abs_diff(low) < MOST_VALUES as u64 => Some(low..=high),
        _ => None,
    }
}

/// A log with the texts that it may have; nothing where these can't be known.
fn nameless<'c>(
    contract: &'c Contract,
    event: &'c Event,
    log: &'c Log,
    values: &mut Values,
) -> Option<Nameless<'c>> {
    let records = Records::of(log.when.as_ref());
    let keys = keys(log);
    // Of a meaning that the log lists only those variants are in a record without keys that write none.
    let listed = |field: FieldId| log.writers.iter().any(|writer| writer.field() == Some(field));
    let mut texts = Vec::new();
    // Whether some meaning gives each record a text.
    let mut always = false;
    for level in &log.levels {
        let level = level.known()?;
        let gives = |one: &Variant| one.severity.is_some() && one.body.is_some();
        let variants = contract.meaning(level.face).variants.iter();
        let variants: Vec<&Variant> = variants
            .filter(|one| records.has_variant(level.field, one) && (!listed(level.field) || is_bare(one)))
            .collect();
        always |= log.levels.len() == 1
            && !records.may_be_absent(event, level.field)
            && variants.iter().all(|one| gives(one));
        for variant in variants.into_iter().filter(|one| gives(one)) {
            let Some(body) = &variant.body else { continue };
            let parts = body.text.parts.iter().map(|part| match part {
                TextPart::Known(text) => Some((Piece::Text(text.clone()), text.clone())),
                TextPart::Value(id) => {
                    let payload = variant.payload(*id);
                    let hole = values.listed(payload.domain.known()?, false, event.external);
                    Some((Piece::Hole(hole), format!("{{{}}}", payload.name)))
                }
            });
            texts.push(Text::of(parts, body.node)?);
        }
    }
    if let (Some(body), Some(node)) = (&log.body, log.body_node)
        && !always
    {
        let parts = body.parts.iter().map(|part| match part {
            TextPart::Known(text) => Some((Piece::Text(text.clone()), text.clone())),
            TextPart::Value(id) => {
                let field = event.field(*id);
                let FieldValue::Plain(domain) = field.value.known()? else { return None };
                let piece = match &field.constant {
                    // It is absent where the record has no key.
                    _ if keys.contains(id) => Piece::Hole(Hole::Listed(Arc::from([String::new()]))),
                    Some(constant) => Piece::Text(constant.value().to_string()),
                    None => Piece::Hole(values.hole(&records, event, *id, domain)),
                };
                Some((piece, format!("{{{}}}", field.name)))
            }
        });
        texts.push(Text::of(parts, node)?);
    }
    let has_keys = may_write_a_key(contract, log);
    Some(Nameless { event, log, texts, may_be_empty: log.body.is_none() && !always, has_keys })
}

/// What may stand in a hole.
fn hole(domain: &Domain, may_be_absent: bool, external: bool) -> Hole {
    let mut listed: Vec<String> = match (&domain.members, &domain.value) {
        (Some(members), _) if !domain.open => {
            members.iter().map(|member| member.wire.value().to_string()).collect()
        }
        (None, Type::Scalar(Scalar::Bool)) => vec!["false".to_owned(), "true".to_owned()],
        (None, Type::Scalar(Scalar::Int) | Type::Timestamp(_)) if let Some(numbers) = few(domain) => {
            let numbers = numbers.filter(|number| !domain.except.contains(&Literal::Int(*number)));
            // What is outside of the range leaves the hole empty.
            numbers.map(|number| number.to_string()).chain([String::new()]).collect()
        }
        _ => return written(domain, external),
    };
    if may_be_absent {
        listed.push(String::new());
    }
    Hole::Listed(Arc::from(listed))
}

/// As what the values of a domain are written, where they are too many to list. What doesn't fit leaves the hole empty.
fn written(domain: &Domain, external: bool) -> Hole {
    let of_range = |low: i64, high: i64| {
        let characters = if low < 0 { Characters::Integer } else { Characters::Digits };
        Hole::Of(characters, u32::try_from(low.to_string().len().max(high.to_string().len())).ok())
    };
    match (&domain.value, domain.range) {
        // A member of an open enum need not keep the range.
        (Type::Scalar(Scalar::Int), Some(Range::Int(low, high))) if domain.members.is_none() => {
            of_range(low, high)
        }
        (Type::Scalar(Scalar::Int), _) => Hole::Of(Characters::Integer, None),
        (Type::Timestamp(unit), range) if unit != "rfc3339" => match range {
            Some(Range::Int(low, high)) => of_range(low, high),
            _ => Hole::Of(Characters::Integer, None),
        },
        // Other programs write a length of time with its unit.
        (Type::Duration(_), _) if external => Hole::Of(Characters::Duration, None),
        (Type::Duration(_) | Type::Scalar(Scalar::Double), _) => Hole::Of(Characters::Number, None),
        (Type::Scalar(Scalar::String), _) if domain.members.is_none() => {
            Hole::Of(Characters::Any, domain.max_length)
        }
        // The text of a moment isn't checked.
        _ => Hole::ANY,
    }
}

/// A text of a log.
#[derive(Clone, Copy)]
struct Told<'l, 'c> {
    /// The log, by its number among those of the scope.
    log: usize,
    event: &'c Event,
    text: &'l Text,
    /// Whether the log has keys in other records.
    has_keys: bool,
}

impl Told<'_, '_> {
    /// The event with the text: what a finding about this text names, and no finding about another one does.
    fn name(&self) -> String {
        format!("{}.{}", self.event.full_name(), self.text.shown)
    }
}

/// Logs that may have one text. Each pair is part of exactly one finding, whatever is accepted and in whichever order they
/// are declared: that of all that have the same text, or that of the text that may be the most others.
fn alike(
    contract: &Contract,
    scope: &str,
    logs: &[Nameless<'_>],
    budget: &mut Budget,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let groups = same(logs);
    // In the order of what they begin with, those stand together of which one begins as the other.
    let prefixes: Vec<&str> = groups.iter().map(|group| group[0].text.template.prefix()).collect();
    let mut all: Vec<usize> = (0..groups.len()).collect();
    crate::sort::by_key(&mut all, |group| (prefixes[*group], *group));
    let mut pairs: Vec<(usize, usize, Option<String>)> = Vec::new();
    // Those whose beginning the next one may continue, and how many pairs were not looked at.
    let (mut open, mut left): (Vec<usize>, u64) = (Vec::new(), 0);
    for group in all {
        // Each one continues those before it.
        while open.pop_if(|before| !prefixes[group].starts_with(prefixes[*before])).is_some() {}
        if budget.is_spent() {
            left += open.len() as u64;
            open.push(group);
            continue;
        }
        for other in &open {
            if are_of_one_log(&groups[*other], &groups[group]) {
                continue;
            }
            if budget.is_spent() {
                left += 1;
                continue;
            }
            budget.compare(groups[*other].len() + groups[group].len());
            let [one, two] = [*other, group].map(|group| &groups[group][0].text.template);
            match one.meets(two, budget) {
                Some(None) if budget.is_spent() => left += 1,
                Some(meet) => pairs.push((*other, group, meet)),
                None => {}
            }
        }
        open.push(group);
    }
    if left > 0
        && let Some(first) = logs.first()
    {
        let message = format!(
            "whether {} pairs of logs of `{scope}` may have one text took too long to find out",
            grouped(left)
        );
        diagnostics.push(
            Diagnostic::new(Code::TextsAlike, contract.places.place(first.log.node), message)
                .about(scope)
                .counting_maybe(Some(left))
                .help_or_allow(ACCEPTABLE),
        );
    }
    let mut degrees = vec![0_usize; groups.len()];
    for (one, two, _) in &pairs {
        degrees[*one] += groups[*two].len();
        degrees[*two] += groups[*one].len();
    }
    // Of a pair it is told of the text that may be the most others, and of several of the one that begins with a hole. Groups are
    // in the order of their texts, so that nothing depends on the order of the declarations.
    let rank = |group: usize| (std::cmp::Reverse(degrees[group]), prefixes[group].len(), group);
    let mut others: BTreeMap<usize, Vec<(usize, Option<String>)>> = BTreeMap::new();
    for (one, two, meet) in pairs {
        let (of, other) = if rank(one) < rank(two) { (one, two) } else { (two, one) };
        others.entry(of).or_default().push((other, meet));
    }
    // What has one text, and may be that of others, is told once.
    for (_, group) in
        groups.iter().enumerate().filter(|(of, group)| !is_one_log(group) && !others.contains_key(of))
    {
        diagnostics.push(have_one(contract, group));
    }
    for (of, mut others) in others {
        others.sort_unstable_by_key(|(other, _)| *other);
        let meet = others.iter().map(|(_, meet)| meet.as_deref()).next().flatten();
        let partners = others.iter().flat_map(|(other, _)| &groups[*other]);
        let partners: Vec<Told<'_, '_>> =
            partners.filter(|one| groups[of].iter().any(|own| own.log != one.log)).copied().collect();
        diagnostics.push(may_be(contract, &groups[of], &partners, meet));
    }
}

const ACCEPTABLE: &str =
    "let them begin with other words, give one of them a name, or a key that tells; if that is how they are";

/// The texts of all logs, those that are the same together, in the order of what they say and of their events.
fn same<'l, 'c>(logs: &'l [Nameless<'c>]) -> Vec<Vec<Told<'l, 'c>>> {
    let mut all: Vec<Told<'l, 'c>> = Vec::new();
    for (log, one) in logs.iter().enumerate() {
        all.extend(one.texts.iter().map(|text| Told { log, event: one.event, text, has_keys: one.has_keys }));
    }
    let key = |one: &Told<'l, 'c>| {
        let event = (one.event.package.as_str(), one.event.name.as_str());
        (one.text.template.pieces(), one.text.shown.as_str(), event, one.log)
    };
    crate::sort::by(&mut all, |one, other| key(one).cmp(&key(other)));
    let groups = all.chunk_by(|one, other| one.text.template.pieces() == other.text.template.pieces());
    groups.map(<[Told<'_, '_>]>::to_vec).collect()
}

/// Whether all of these are of one log: its variants tell them.
fn is_one_log(group: &[Told<'_, '_>]) -> bool {
    group.iter().all(|one| one.log == group[0].log)
}

fn are_of_one_log(group: &[Told<'_, '_>], other: &[Told<'_, '_>]) -> bool {
    is_one_log(group) && is_one_log(other) && group[0].log == other[0].log
}

/// How many different logs these are of.
fn count(texts: &[Told<'_, '_>]) -> usize {
    texts.iter().map(|one| one.log).collect::<BTreeSet<_>>().len()
}

/// Logs that have the same text.
fn have_one(contract: &Contract, group: &[Told<'_, '_>]) -> Diagnostic {
    let in_text: Vec<Told<'_, '_>> = in_order(group);
    let finding = about_all(contract, &in_text, group, None);
    // What is accepted of this text beside others says nothing of itself: no finding about that has this word.
    let mut finding = group.iter().fold(finding, |finding, one| finding.about(one.name())).about("same");
    let logs = count(group);
    // Two logs of one event are one name.
    if logs + 1 > finding.names.len() {
        finding.number = Some(logs as u64);
    }
    finding.note(format!("the text is `{}`", group[0].text.shown)).help_or_allow(ACCEPTABLE)
}

/// A text that may be that of other logs.
fn may_be(
    contract: &Contract,
    own: &[Told<'_, '_>],
    others: &[Told<'_, '_>],
    meet: Option<&str>,
) -> Diagnostic {
    let all: Vec<Told<'_, '_>> = own.iter().chain(others).copied().collect();
    let in_text = match count(&all) {
        2 => in_order(&all),
        // What may be several others is what is to be changed.
        _ => all.clone(),
    };
    let mut finding = about_all(contract, &in_text, &all, Some((own, others)));
    let events: BTreeSet<String> = others.iter().map(|one| one.event.full_name()).collect();
    for name in own.iter().map(Told::name).chain(events.iter().take(MOST_NAMES).cloned()) {
        finding = finding.about(name);
    }
    let (several, logs) = (count(own), count(others));
    if several > 1 {
        finding = finding.about("same");
    }
    // Two logs of one event are one name.
    if logs > events.len().min(MOST_NAMES)
        || several > own.iter().map(Told::name).collect::<BTreeSet<_>>().len()
    {
        finding.number = Some((logs + several - 1) as u64);
    }
    let note = match meet {
        Some(text) if several > 1 => {
            format!("the text is `{}`; it and another one may be `{text}`", own[0].text.shown)
        }
        Some(text) => format!("both may be `{text}`"),
        None => "whether there is such a text took too long to find out".to_owned(),
    };
    finding.note(note).help_or_allow(ACCEPTABLE)
}

/// In the order of the text, the last one first: that is where the finding is.
fn in_order<'l, 'c>(texts: &[Told<'l, 'c>]) -> Vec<Told<'l, 'c>> {
    let mut texts = texts.to_vec();
    texts.sort_by_key(|one| std::cmp::Reverse((one.log, one.text.node)));
    texts
}

/// A finding about these texts, the first of them first, without what it names.
fn about_all(
    contract: &Contract,
    in_text: &[Told<'_, '_>],
    all: &[Told<'_, '_>],
    sides: Option<(&[Told<'_, '_>], &[Told<'_, '_>])>,
) -> Diagnostic {
    let mut events: Vec<(usize, &str)> = all.iter().map(|one| (one.log, one.event.name.as_str())).collect();
    events.sort_unstable();
    events.dedup();
    let logs = events.len();
    let keys = if all.iter().any(|one| one.has_keys) { "may have no keys" } else { "no keys" };
    let mut names: Vec<&str> = events.iter().map(|(_, name)| *name).collect();
    names.dedup();
    let may = if sides.is_some() { "may have" } else { "have" };
    let message = match (names.as_slice(), sides) {
        ([one], _) => format!("{} logs of `{one}` {may} one text, and have no name and {keys}", word(logs)),
        (_, Some((own, others))) if logs > 2 => {
            let of_own: BTreeSet<(usize, &str)> =
                own.iter().map(|one| (one.log, one.event.name.as_str())).collect();
            let of_own: Vec<&str> = of_own.into_iter().map(|(_, name)| name).collect();
            let more = match count(others) {
                1 => "another log".to_owned(),
                logs => format!("{} other logs", grouped(logs as u64)),
            };
            let mut names: Vec<(usize, &str)> =
                others.iter().map(|one| (one.log, one.event.name.as_str())).collect();
            names.sort_unstable();
            let mut names: Vec<&str> = names.into_iter().map(|(_, name)| name).collect();
            names.dedup();
            format!(
                "the text `{}` of {} may be that of {more}, of {}, and they have no name and {keys}",
                own[0].text.shown,
                some_of(&of_own),
                some_of(&names)
            )
        }
        (names, _) => format!("the logs of {} {may} one text, and have no name and {keys}", some_of(names)),
    };
    let mut places: Vec<Node> = Vec::new();
    for one in in_text {
        if !places.contains(&one.text.node) && places.len() <= MOST_PLACES {
            places.push(one.text.node);
        }
    }
    let first =
        places.first().map_or(contract.places.place(all[0].text.node), |node| contract.places.place(*node));
    let label = if logs == 2 { "the other one" } else { "another one" };
    let rest = places.iter().skip(1);
    rest.fold(Diagnostic::new(Code::TextsAlike, first, message), |finding, node| {
        finding.and(contract.places.place(*node), label)
    })
}

/// A number as a sentence begins with it.
fn word(number: usize) -> String {
    match number {
        2 => "two".to_owned(),
        more => grouped(more as u64),
    }
}

/// That texts alone tell: one note for a contract, of logs with their scopes and events.
fn alone(contract: &Contract, mut logs: Vec<(String, Node, &str)>, diagnostics: &mut Vec<Diagnostic>) {
    crate::sort::by_key(&mut logs, |(_, node, _)| *node);
    let Some((_, first, _)) = logs.first() else { return };
    let mut events: Vec<&str> = logs.iter().map(|(.., event)| *event).collect();
    events.dedup();
    let what = match logs.len() {
        1 => format!("a log of {} is told by its text alone", some_of(&events)),
        count => {
            format!("{} logs are told by their texts alone: of {}", grouped(count as u64), some_of(&events))
        }
    };
    let mut finding = Diagnostic::new(Code::TextAlone, contract.places.place(*first), what);
    for (_, node, _) in logs.iter().skip(1).take(MOST_PLACES) {
        finding = finding.and(contract.places.place(*node), "another one");
    }
    let scopes: BTreeSet<&String> = logs.iter().map(|(scope, ..)| scope).collect();
    diagnostics.push(finding.about_all(scopes).help_or_allow(
        "a name, `log shop.order.placed`, is found by a search for one word, and stays when the text changes; if that is meant",
    ));
}
