//! Which records of an event a signal is for: what `when=` leaves of each field.

use std::collections::BTreeMap;

use crate::ir::draft;
use crate::ir::{
    Domain, Event, FieldId, FieldValue, Literal, Member, Members, Passes, Scalar, Test, Type, Variant, When,
};

/// The records of an event that a signal is for.
pub(crate) struct Records<'c> {
    tests: BTreeMap<FieldId, Vec<&'c Test>>,
}

impl<'c> Records<'c> {
    /// The records that pass a condition: all where there is none. A test that could not be read passes everything.
    pub(crate) fn of<E>(when: Option<&'c When<E>>) -> Records<'c> {
        let mut tests: BTreeMap<FieldId, Vec<&Test>> = BTreeMap::new();
        for test in when.into_iter().flat_map(When::tests) {
            tests.entry(test.field).or_default().push(test);
        }
        Records { tests }
    }

    /// The tests of a field.
    pub(crate) fn tests(&self, field: FieldId) -> &[&'c Test] {
        self.tests.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The tested fields, in the order of the text.
    pub(crate) fn tested(&self) -> impl Iterator<Item = FieldId> {
        self.tests.keys().copied()
    }

    /// Whether a field may be absent in one of these records.
    pub(crate) fn may_be_absent<E>(&self, event: &Event<E>, field: FieldId) -> bool {
        event.field(field).optional && self.tests(field).iter().all(|test| passes(&test.passes, None))
    }

    /// Whether a field that holds a meaning may be this variant in one of these records.
    pub(crate) fn has_variant<E>(&self, field: FieldId, variant: &Variant<E>) -> bool {
        self.tests(field).iter().all(|test| passes(&test.passes, Some(&Subject::Variant(&variant.name))))
    }

    /// Whether a plain field may have this value in one of these records, if its domain has it.
    pub(crate) fn has_value(&self, field: FieldId, value: &Literal) -> bool {
        self.tests(field).iter().all(|test| passes(&test.passes, Some(&Subject::Value(value))))
    }

    /// The values that a plain field has in these records.
    pub(crate) fn domain(&self, field: FieldId, domain: &Domain) -> Domain {
        let tests = self.tests(field);
        if tests.is_empty() {
            return domain.clone();
        }
        let values = listed(domain).or_else(|| {
            // Of an open enum only what a test names can be listed.
            tests.iter().find_map(|test| match &test.passes {
                Passes::In(values) => Some(values.clone()),
                _ => None,
            })
        });
        match values {
            Some(values) => {
                let left = values.into_iter().filter(|value| self.has_value(field, value));
                Domain { members: Some(left.map(Member::of).collect()), open: false, ..domain.clone() }
            }
            None => {
                let left = |members: &Members| {
                    members.iter().filter(|member| self.has_value(field, &member.wire)).cloned().collect()
                };
                Domain { members: domain.members.as_ref().map(left), ..domain.clone() }
            }
        }
    }
}

/// Every value of a domain that lists them; none where there are others.
pub(crate) fn listed(domain: &Domain) -> Option<Vec<Literal>> {
    match (&domain.members, &domain.value) {
        (Some(members), _) if !domain.open => {
            Some(members.iter().map(|member| member.wire.clone()).collect())
        }
        (None, Type::Scalar(Scalar::Bool)) => Some(vec![Literal::Bool(false), Literal::Bool(true)]),
        _ => None,
    }
}

/// What a test looks at.
pub(crate) enum Subject<'s> {
    Variant(&'s str),
    Value(&'s Literal),
}

impl Subject<'_> {
    fn is(&self, literal: &Literal) -> bool {
        match self {
            Subject::Variant(name) => matches!(literal, Literal::String(other) if other == name),
            Subject::Value(value) => *value == literal,
        }
    }
}

/// Whether a field passes a test: absent where there is no subject.
pub(crate) fn passes(test: &Passes, subject: Option<&Subject<'_>>) -> bool {
    match (test, subject) {
        (Passes::Present, subject) => subject.is_some(),
        (Passes::In(values), Some(subject)) => values.iter().any(|value| subject.is(value)),
        (Passes::In(_), None) => false,
        (Passes::NotIn(values), Some(subject)) => !values.iter().any(|value| subject.is(value)),
        (Passes::NotIn(_), None) => true,
    }
}

/// Something that a field may be: absent, a variant, a value; and, of an open enum, a value that no test names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    Absent,
    Variant(String),
    Value(Literal),
    Else,
}

impl State {
    /// Whether a field in this state passes a test.
    pub(crate) fn passes(&self, test: &Passes) -> bool {
        match self {
            State::Absent => passes(test, None),
            State::Variant(name) => passes(test, Some(&Subject::Variant(name))),
            State::Value(value) => passes(test, Some(&Subject::Value(value))),
            State::Else => !matches!(test, Passes::In(_)),
        }
    }

    /// The state as a message shows it.
    pub(crate) fn shown(&self, field: &str) -> String {
        match self {
            State::Absent => format!("`{field}` is absent"),
            State::Variant(name) => format!("`{field}` is `{name}`"),
            State::Value(value) => format!("`{field}` is `{}`", value.value()),
            State::Else => format!("`{field}` is something else"),
        }
    }
}

/// The states of a field that tests can tell apart. None where the field can't be known.
pub(crate) fn states(
    contract: &draft::Contract,
    field: &draft::Field,
    tests: &[&Test],
) -> Option<Vec<State>> {
    let mut states = Vec::new();
    match field.value.known()? {
        FieldValue::Meaning { meaning, .. } => {
            let variants = &contract.meaning(*meaning).variants;
            states.extend(variants.iter().map(|variant| State::Variant(variant.name.clone())));
        }
        FieldValue::Plain(domain) => match (&field.constant, listed(domain)) {
            (Some(constant), _) => states.push(State::Value(constant.clone())),
            (None, Some(values)) => states.extend(values.into_iter().map(State::Value)),
            (None, None) => {
                let members = domain.members.iter().flatten().map(|member| &member.wire);
                let named = tests.iter().flat_map(|test| match &test.passes {
                    Passes::In(values) | Passes::NotIn(values) => values.as_slice(),
                    Passes::Present => &[],
                });
                for value in members.chain(named) {
                    let state = State::Value(value.clone());
                    if !states.contains(&state) {
                        states.push(state);
                    }
                }
                states.push(State::Else);
            }
        },
        FieldValue::Contexts => return None,
    }
    if field.optional {
        states.push(State::Absent);
    }
    Some(states)
}
