//! Values as samples: of each set of values that two contracts speak of, so many that no two sets are alike by chance.
//!
//! What a domain says of numbers are ends of ranges and numbers that are left out; of texts, members and lengths. Between two of
//! these all values are alike, so that one of them stands for all.

use std::borrow::Cow;
use std::collections::BTreeSet;

use slo_model::ValueType;

use super::past::Past;
use crate::hash::HashMap;
use crate::ir::{Domain, Literal, Passes, Range, Scalar, Test, Type};
use crate::measure::records::{Subject, passes};

/// Numbers of samples of one key.
pub(super) type Set = BTreeSet<u32>;

/// The number that stands for an absent key.
pub(super) const ABSENT: u32 = 0;

/// The values that something writes under a key.
#[derive(Clone, Debug)]
pub(super) enum Values<'c> {
    /// This one.
    Constant { value: &'c Literal, tag: String },
    /// A word of the record itself: a severity, a kind, a scope.
    Word(String),
    /// Values by names of their own, or a list of such, whose type is called this.
    Object(&'static str),
    /// Nothing: the key may be absent though others of its box are there.
    Nothing,
    /// Values of a domain that pass tests.
    Domain { domain: Box<Cow<'c, Domain>>, as_text: bool, tests: Vec<&'c Test>, folds: bool },
}

/// How values are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// With their types and units.
    Typed,
    /// As the texts of labels in Prometheus, where an empty one is none.
    Labels,
}

/// The type of a domain's values on the wire, with their unit.
pub(super) fn tag_of(domain: &Domain) -> String {
    let value = domain.value.clone();
    let wire = value.value_type().map_or_else(|| value.to_string(), |wire| wire.to_string());
    let unit = match &domain.value {
        Type::Duration(unit) => Some(unit.clone()),
        Type::Timestamp(unit) => Some(format!("timestamp in {unit}")),
        _ => domain.unit.clone(),
    };
    unit.filter(|unit| !unit.is_empty()).map_or(wire.clone(), |unit| format!("{wire} ({unit})"))
}

/// Which values a domain has, by its range, its length or its list.
pub(super) fn extent_of(domain: &Domain) -> String {
    if let Some(members) = domain.members.as_ref().filter(|_| !domain.open) {
        let wires: Vec<String> = members.iter().map(|member| member.wire.value().to_string()).collect();
        return crate::text::some_of(&wires);
    }
    let except: Vec<String> = domain.except.iter().map(|value| value.value().to_string()).collect();
    let except = match except.as_slice() {
        [] => String::new(),
        except => format!(" but {}", crate::text::some_of(except)),
    };
    match (domain.range, domain.max_length) {
        (Some(range), _) => format!("values of `{}`{except}", slo_model::Range::from(range)),
        (None, Some(1)) => "texts of at most 1 character".to_owned(),
        (None, Some(most)) => format!("texts of at most {most} characters"),
        (None, None) => format!("all values of its type{except}"),
    }
}

/// A member as a value of its domain: of a list, which lists what stands in it, that alone.
fn member_of(domain: &Domain, wire: &Literal) -> Literal {
    match (&domain.value, wire) {
        (Type::Array(_), Literal::String(text)) => Literal::StringArray(vec![text.clone()]),
        (Type::Array(_), Literal::Int(number)) => Literal::IntArray(vec![*number]),
        (Type::Array(_), Literal::Double(number)) => Literal::DoubleArray(vec![*number]),
        (Type::Array(_), Literal::Bool(truth)) => Literal::BoolArray(vec![*truth]),
        _ => wire.clone(),
    }
}

/// A value that stands for those that are like it.
#[derive(Clone, Debug)]
struct Sample {
    tag: String,
    text: String,
    value: Option<Literal>,
    /// Whether a contract writes it down.
    named: bool,
}

/// The samples of a key.
#[derive(Debug)]
pub(super) struct Samples {
    list: Vec<Sample>,
    numbers: HashMap<(String, String), u32>,
    reading: Reading,
}

impl<'c> Values<'c> {
    /// All values of a domain, without members that were to go by now.
    pub(super) fn of(domain: &'c Domain, past: Option<&Past<'_>>) -> Values<'c> {
        let stays = past.and_then(|past| past.staying(domain));
        let domain = stays.map_or(Cow::Borrowed(domain), Cow::Owned);
        Values::Domain { domain: Box::new(domain), as_text: false, tests: Vec::new(), folds: false }
    }

    /// As texts.
    pub(super) fn read_as_text(mut self, is_text: bool) -> Values<'c> {
        if let Values::Domain { as_text, .. } = &mut self {
            *as_text = is_text;
        }
        self
    }

    /// Those that pass tests.
    pub(super) fn passing(mut self, all: &[&'c Test]) -> Values<'c> {
        if let Values::Domain { tests, .. } = &mut self {
            tests.extend(all);
        }
        self
    }

    /// With what an open set lists no value for as one value.
    pub(super) fn folded(mut self, is_folded: bool) -> Values<'c> {
        if let Values::Domain { folds, .. } = &mut self {
            *folds = is_folded;
        }
        self
    }

    /// Whether values beyond those that are listed occur.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Values::Domain { domain, .. } if domain.open || domain.bounded.is_some())
    }

    /// Which values there are, where none of them is written down.
    pub(super) fn extent(&self) -> Option<String> {
        match self {
            Values::Domain { domain, .. } => Some(extent_of(domain)),
            _ => None,
        }
    }

    pub(super) fn tag(&self) -> String {
        match self {
            Values::Constant { tag, .. } => tag.clone(),
            Values::Word(_) | Values::Nothing => "word".to_owned(),
            Values::Object(name) => (*name).to_owned(),
            Values::Domain { as_text: true, .. } => "string".to_owned(),
            Values::Domain { domain, .. } => tag_of(domain),
        }
    }
}

impl Samples {
    /// Samples for all that stands under a key.
    pub(super) fn of<'v, 'c: 'v>(
        all: impl Iterator<Item = &'v Values<'c>> + Clone,
        reading: Reading,
    ) -> Samples {
        let absent = Sample { tag: String::new(), text: String::new(), value: None, named: true };
        let mut samples = Samples { list: vec![absent], numbers: HashMap::default(), reading };
        let mut domains: Vec<(&Domain, bool)> = Vec::new();
        for values in all {
            match values {
                Values::Constant { value, tag } => {
                    samples.add(tag.clone(), value.value().to_string(), Some((*value).clone()), true);
                }
                Values::Nothing => {}
                Values::Object(name) => {
                    samples.add((*name).to_owned(), (*name).to_owned(), None, true);
                }
                Values::Word(word) => {
                    samples.add("word".to_owned(), word.clone(), None, true);
                }
                Values::Domain { domain, as_text, tests, .. } => {
                    let domain: &Domain = domain;
                    let known = domains.iter().any(|(one, text)| *one == domain && text == as_text);
                    if !known {
                        domains.push((domain, *as_text));
                        samples.named(domain, *as_text);
                    }
                    for test in tests {
                        if let Passes::In(values) | Passes::NotIn(values) = &test.passes {
                            for value in values {
                                samples.add_of(domain, *as_text, value.clone(), true);
                            }
                        }
                    }
                }
            }
        }
        // What stands for the rest is none of those that are written down.
        let ends = Ends::of(&samples, &domains);
        for (domain, as_text) in domains {
            for value in ends.between(domain) {
                // There are two truths, which people know by their names.
                let named = matches!(value, Literal::Bool(_));
                samples.add_of(domain, as_text, value, named);
            }
        }
        samples
    }

    fn named(&mut self, domain: &Domain, as_text: bool) {
        for member in domain.members.iter().flatten() {
            self.add_of(domain, as_text, member_of(domain, &member.wire), true);
        }
        for value in domain.except.iter().cloned().chain(domain.rest()) {
            self.add_of(domain, as_text, value, true);
        }
    }

    fn add_of(&mut self, domain: &Domain, as_text: bool, value: Literal, named: bool) {
        let text = value.value().to_string();
        match as_text {
            true => self.add("string".to_owned(), text.clone(), Some(Literal::String(text)), named),
            false => self.add(tag_of(domain), text, Some(value), named),
        };
    }

    fn key(&self, tag: String, text: String) -> (String, String) {
        match self.reading {
            Reading::Typed => (tag, text),
            Reading::Labels => (String::new(), text),
        }
    }

    fn add(&mut self, tag: String, text: String, value: Option<Literal>, named: bool) -> u32 {
        if self.reading == Reading::Labels && text.is_empty() {
            return ABSENT;
        }
        let key = self.key(tag.clone(), text.clone());
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.list.push(Sample { tag, text, value, named });
        } else if let Some(known) = self.list.get_mut(number as usize) {
            known.named |= named;
        }
        number
    }

    /// The values as samples: what is written, and what a reader must be ready for where values fold.
    pub(super) fn set(&self, values: &Values<'_>, unfolded: bool) -> Set {
        match values {
            Values::Constant { value, tag } => {
                self.number(tag, &value.value().to_string()).into_iter().collect()
            }
            Values::Word(word) => self.number("word", word).into_iter().collect(),
            Values::Object(name) => self.number(name, name).into_iter().collect(),
            Values::Nothing => [ABSENT].into(),
            Values::Domain { domain, as_text, tests, folds } => {
                let rest = domain.rest().filter(|_| *folds);
                let lists = !domain.open || (rest.is_some() && domain.bounded.is_none() && !unfolded);
                let mut set = Set::new();
                let passes_all = |value: &Literal| {
                    tests.iter().all(|test| passes(&test.passes, Some(&Subject::Value(value))))
                };
                let tag = values.tag();
                match &domain.members {
                    Some(members) if lists => {
                        for member in members {
                            let value = member_of(domain, &member.wire);
                            let fits = domain.fit_unlisted(&value.value()).is_ok() && passes_all(&value);
                            let number = self.number(&tag, &value.value().to_string());
                            set.extend(number.filter(|_| fits));
                        }
                    }
                    _ => {
                        for (number, sample) in self.list.iter().enumerate().skip(1) {
                            let Some(value) = sample.of(*as_text, domain) else { continue };
                            let same_type = self.reading == Reading::Labels || sample.tag == tag;
                            if same_type && domain.fit_unlisted(&value.value()).is_ok() && passes_all(&value)
                            {
                                set.insert(number as u32);
                            }
                        }
                        if self.reading == Reading::Labels
                            && domain.fit_unlisted(&Literal::String(String::new()).value()).is_ok()
                        {
                            set.insert(ABSENT);
                        }
                    }
                }
                set.extend(rest.and_then(|rest| self.number(&tag, &rest.value().to_string())));
                set
            }
        }
    }

    fn number(&self, tag: &str, text: &str) -> Option<u32> {
        if self.reading == Reading::Labels && text.is_empty() {
            return Some(ABSENT);
        }
        self.numbers.get(&self.key(tag.to_owned(), text.to_owned())).copied()
    }

    /// The text of the first value that somebody wrote down.
    pub(super) fn first(&self, set: &Set) -> Option<String> {
        let mut samples = set.iter().filter_map(|number| self.list.get(*number as usize));
        samples.find(|sample| sample.named).map(|sample| sample.text.clone())
    }

    /// A set as a sentence shows it: the values that contracts write down, or what it is of.
    pub(super) fn shown(&self, set: &Set) -> String {
        let samples: Vec<&Sample> = set.iter().filter_map(|number| self.list.get(*number as usize)).collect();
        let named: Vec<String> = samples
            .iter()
            .filter(|sample| sample.named && !(sample.text.is_empty() && sample.tag.is_empty()))
            .map(|sample| sample.shown())
            .collect();
        match named.as_slice() {
            [] => "values that no list has".to_owned(),
            named => crate::text::some_of(named),
        }
    }
}

impl Sample {
    /// Its text; of a list, that of what stands in it.
    fn shown(&self) -> String {
        match &self.value {
            Some(Literal::StringArray(texts)) => texts.join(", "),
            Some(Literal::IntArray(_) | Literal::DoubleArray(_) | Literal::BoolArray(_)) => {
                self.text.trim_start_matches('[').trim_end_matches(']').to_owned()
            }
            _ => self.text.clone(),
        }
    }

    /// The sample as a value of a domain's type.
    fn of(&self, as_text: bool, domain: &Domain) -> Option<Literal> {
        let value = self.value.clone()?;
        let wanted = domain.value.value_type();
        let is_of_it = match wanted {
            None | Some(ValueType::Any) => true,
            Some(wanted) => value.value().value_type() == wanted,
        };
        if !as_text && is_of_it {
            return Some(value);
        }
        // Texts of numbers and truths are read back.
        let text = self.text.as_str();
        let read = match domain.value {
            Type::Scalar(Scalar::Int) => Literal::Int(text.parse().ok()?),
            Type::Scalar(Scalar::Bool) => Literal::Bool(text.parse().ok()?),
            Type::Scalar(Scalar::Double) | Type::Duration(_) => Literal::Double(text.parse().ok()?),
            Type::Timestamp(ref unit) if unit != "rfc3339" => Literal::Int(text.parse().ok()?),
            Type::Scalar(Scalar::String) | Type::Timestamp(_) => Literal::String(text.to_owned()),
            _ => return None,
        };
        (read.value().to_string() == text).then_some(read)
    }
}

/// Where sets of values begin and end.
struct Ends {
    ints: BTreeSet<i64>,
    doubles: Vec<f64>,
    lengths: BTreeSet<u32>,
    rest: String,
}

impl Ends {
    fn of(samples: &Samples, domains: &[(&Domain, bool)]) -> Ends {
        let mut ends =
            Ends { ints: [0].into(), doubles: vec![0.0], lengths: [1].into(), rest: "~".to_owned() };
        for sample in &samples.list {
            match &sample.value {
                Some(Literal::Int(number)) => {
                    ends.ints.insert(*number);
                }
                Some(Literal::Double(number)) => ends.doubles.push(*number),
                Some(Literal::IntArray(numbers)) => ends.ints.extend(numbers),
                Some(Literal::DoubleArray(numbers)) => ends.doubles.extend(numbers),
                _ => {}
            }
            // A text that is written down nowhere: no member is made of this sign alone.
            let begins = |text: &str| text.starts_with('~');
            let is_in_list = matches!(&sample.value, Some(Literal::StringArray(texts)) if texts.iter().any(|text| begins(text)));
            if is_in_list || begins(&sample.text) {
                ends.rest = "\u{2021}".to_owned();
            }
        }
        for (domain, _) in domains {
            match domain.range {
                Some(Range::Int(low, high)) => ends.ints.extend([low, high]),
                Some(Range::Double(low, high)) => ends.doubles.extend([low, high]),
                None => {}
            }
            ends.lengths.extend(domain.max_length);
        }
        ends
    }

    /// Values between the ends, of a domain's type.
    fn between(&self, domain: &Domain) -> Vec<Literal> {
        let ints = || {
            let near = |end: &i64| [end.checked_sub(1), Some(*end), end.checked_add(1)];
            let near = self.ints.iter().flat_map(near).flatten();
            near.chain([i64::MIN, i64::MAX]).collect::<BTreeSet<i64>>()
        };
        let doubles = || {
            let mut ends = self.doubles.clone();
            ends.sort_by(f64::total_cmp);
            ends.dedup();
            let middles: Vec<f64> =
                ends.windows(2).filter_map(|two| Some((two.first()? + two.get(1)?) / 2.0)).collect();
            let outside = [ends.first().map(|low| low - 1.0), ends.last().map(|high| high + 1.0)];
            ends.into_iter().chain(middles).chain(outside.into_iter().flatten()).collect::<Vec<f64>>()
        };
        let texts = || {
            let lengths = self.lengths.iter().flat_map(|length| [*length, length.saturating_add(1)]);
            let long =
                lengths.filter(|length| *length <= 4096).map(|length| self.rest.repeat(length as usize));
            long.chain([String::new()]).collect::<BTreeSet<String>>()
        };
        let bools = [false, true];
        match &domain.value {
            Type::Scalar(Scalar::String) => texts().into_iter().map(Literal::String).collect(),
            Type::Timestamp(unit) if unit == "rfc3339" => {
                ["2027-06-30T00:00:00Z".to_owned()].map(Literal::String).into()
            }
            Type::Scalar(Scalar::Int) | Type::Timestamp(_) => ints().into_iter().map(Literal::Int).collect(),
            Type::Scalar(Scalar::Double) | Type::Duration(_) => {
                doubles().into_iter().map(Literal::Double).collect()
            }
            Type::Scalar(Scalar::Bool) => bools.map(Literal::Bool).into(),
            Type::Array(Scalar::String) => {
                texts().into_iter().map(|one| Literal::StringArray(vec![one])).collect()
            }
            Type::Array(Scalar::Int) => ints().into_iter().map(|one| Literal::IntArray(vec![one])).collect(),
            Type::Array(Scalar::Double) => {
                doubles().into_iter().map(|one| Literal::DoubleArray(vec![one])).collect()
            }
            Type::Array(Scalar::Bool) => bools.map(|one| Literal::BoolArray(vec![one])).into(),
            // Of these nothing is said but the type.
            _ => vec![Literal::String("any".to_owned())],
        }
    }
}
