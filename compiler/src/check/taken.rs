//! Which records the signals of an event take: what of each field lets a record through.

use std::collections::BTreeMap;

use crate::ir::draft::{Contract, Event, FieldId, Test, When};
use crate::measure::records::{Records, State, states};

/// How many choices are tried in the search for a record that no signal takes.
const MOST_STEPS: usize = 100_000;

/// The fields of an event that conditions test, each with the states that these tell apart.
pub(super) struct Tested(BTreeMap<FieldId, Vec<State>>);

/// What a condition lets through: of each field that it tests the states that pass. None where it can't be read whole.
pub(super) struct Taken(Option<BTreeMap<FieldId, Vec<bool>>>);

/// What a search found.
pub(super) enum Found {
    /// A record, by the states of some fields: any other state of the others does as well. Each field stands with the number of
    /// its states that would do.
    Record(Vec<(FieldId, State, usize)>),
    /// None.
    Nothing,
    /// Neither, within so many choices.
    TooMany(usize),
}

impl Tested {
    /// The fields that these conditions of an event test.
    pub(super) fn of<'c>(
        contract: &Contract,
        event: &Event,
        conditions: impl Iterator<Item = &'c When>,
    ) -> Tested {
        let mut tests: BTreeMap<FieldId, Vec<&Test>> = BTreeMap::new();
        for test in conditions.flat_map(When::tests) {
            tests.entry(test.field).or_default().push(test);
        }
        let known = tests
            .into_iter()
            .filter_map(|(id, tests)| Some((id, states(contract, event.field(id), &tests)?)));
        Tested(known.collect())
    }

    /// What a condition lets through.
    pub(super) fn taken(&self, when: Option<&When>) -> Taken {
        if when.is_some_and(|when| when.tests.iter().any(|test| test.known().is_none())) {
            return Taken(None);
        }
        let records = Records::of(when);
        let passing = records.tested().filter_map(|id| {
            let tests = records.tests(id);
            let pass = |state: &State| tests.iter().all(|test| state.passes(&test.passes));
            Some((id, self.0.get(&id)?.iter().map(pass).collect()))
        });
        Taken(Some(passing.collect()))
    }

    /// A record that the first takes and none of the others.
    pub(super) fn only<'t>(&self, one: &Taken, others: impl Iterator<Item = &'t Taken>) -> Found {
        let Some(one) = &one.0 else { return Found::Nothing };
        // What can't be read may take everything.
        let Some(mut others) = others.map(|other| other.0.as_ref()).collect::<Option<Vec<_>>>() else {
            return Found::Nothing;
        };
        others.sort_by_key(|other| other.len());
        let mut search = Search { left: one.clone(), chosen: Vec::new(), steps: 0 };
        match search.leaves_out(&others) {
            Some(true) => Found::Record(
                (search.chosen.into_iter())
                    .filter_map(|id| {
                        let left = search.left.get(&id)?;
                        let state = left.iter().position(|passes| *passes)?;
                        let count = left.iter().filter(|passes| **passes).count();
                        Some((id, self.0.get(&id)?.get(state)?.clone(), count))
                    })
                    .collect(),
            ),
            Some(false) => Found::Nothing,
            None => Found::TooMany(MOST_STEPS),
        }
    }

    /// A record that both take, by the states of the fields that they test.
    pub(super) fn both(&self, one: &Taken, other: &Taken) -> Option<Vec<(FieldId, State)>> {
        let (one, other) = (one.0.as_ref()?, other.0.as_ref()?);
        let mut record = BTreeMap::new();
        for (id, passing) in one.iter().chain(other) {
            let second = if one.contains_key(id) { other.get(id) } else { None };
            let passes = |at: usize| passing[at] && second.is_none_or(|second| second[at]);
            let state = (0..passing.len()).find(|at| passes(*at))?;
            record.entry(*id).or_insert(self.0.get(id)?.get(state)?.clone());
        }
        Some(record.into_iter().collect())
    }
}

/// The search for a record that passes and is left out by all others: each of them has to fail by one of its fields.
struct Search {
    /// The states that are left of each field.
    left: BTreeMap<FieldId, Vec<bool>>,
    /// The fields by which others fail.
    chosen: Vec<FieldId>,
    steps: usize,
}

impl Search {
    /// Whether there is one; nothing where that took too many steps.
    fn leaves_out(&mut self, others: &[&BTreeMap<FieldId, Vec<bool>>]) -> Option<bool> {
        let Some((first, rest)) = others.split_first() else { return Some(true) };
        for (id, passing) in *first {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return None;
            }
            let before = self.left.get(id).cloned();
            let failing = passing.iter().enumerate().map(|(at, passes)| {
                !passes && before.as_ref().is_none_or(|left| left.get(at).copied().unwrap_or(false))
            });
            let failing: Vec<bool> = failing.collect();
            if !failing.contains(&true) {
                continue;
            }
            self.left.insert(*id, failing);
            let is_new = !self.chosen.contains(id);
            if is_new {
                self.chosen.push(*id);
            }
            if self.leaves_out(rest)? {
                return Some(true);
            }
            if is_new {
                self.chosen.pop();
            }
            match before {
                Some(left) => self.left.insert(*id, left),
                None => self.left.remove(id),
            };
        }
        Some(false)
    }
}
