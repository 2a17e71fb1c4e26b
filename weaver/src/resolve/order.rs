//! The order in which groups are resolved: each after those that it stands on.

use std::collections::HashMap;

use crate::definition::{Group, Item};
use crate::fields::Found;
use crate::place::{Placed, shown};
use crate::problem::{Kind, Problem};

/// How many groups of a circle are told of.
const SHOWN: usize = 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// The numbers of the groups in their order. What stands in a circle, or twice, is told of and left out.
pub(super) fn order(groups: &[Group], found: &mut Found) -> Vec<usize> {
    let mut by_id: HashMap<&str, usize> = HashMap::with_capacity(groups.len());
    let mut twice = vec![false; groups.len()];
    for (number, group) in groups.iter().enumerate() {
        let Some(first) = by_id.get(group.id.value.as_str()).and_then(|first| groups.get(*first)) else {
            by_id.insert(&group.id.value, number);
            continue;
        };
        let message = format!("the {} `{}` is declared twice", group.kind.name(), shown(&group.id.value));
        let problem =
            Problem::new(Kind::Duplicate, group.id.place.clone(), message, "give one of them another id");
        found.problem(problem.with(first.id.place.clone(), "it is declared here already"));
        if let Some(twice) = twice.get_mut(number) {
            *twice = true;
        }
    }
    let mut search = Search { groups, by_id, states: vec![State::New; groups.len()], order: Vec::new() };
    for (number, _) in groups.iter().enumerate() {
        if !twice.get(number).copied().unwrap_or(true) {
            search.from(number, found);
        }
    }
    search.order
}

struct Search<'a> {
    groups: &'a [Group],
    by_id: HashMap<&'a str, usize>,
    states: Vec<State>,
    order: Vec<usize>,
}

impl<'a> Search<'a> {
    /// What a group stands on, with the places that say so.
    fn parents(&self, number: usize) -> Vec<&'a Placed<String>> {
        let Some(group) = self.groups.get(number) else {
            return Vec::new();
        };
        let listed = group.items.iter().filter_map(|item| match item {
            Item::Group(id) => Some(id),
            Item::Attribute(_) => None,
        });
        group.extends.iter().chain(listed).collect()
    }

    fn set(&mut self, number: usize, state: State) {
        if let Some(old) = self.states.get_mut(number) {
            *old = state;
        }
    }

    /// Goes through all that a group stands on. The way is a list, not a stack of calls: it may be as long as there are groups.
    fn from(&mut self, start: usize, found: &mut Found) {
        if self.states.get(start) != Some(&State::New) {
            return;
        }
        self.set(start, State::Open);
        let mut way = vec![(start, self.parents(start), 0)];
        while let Some((number, parents, next)) = way.last_mut() {
            let number = *number;
            let Some(parent) = parents.get(*next).copied() else {
                self.set(number, State::Done);
                self.order.push(number);
                way.pop();
                continue;
            };
            *next += 1;
            let Some(parent) = self.by_id.get(parent.value.as_str()).copied() else {
                continue;
            };
            match self.states.get(parent) {
                Some(State::New) => {
                    self.set(parent, State::Open);
                    way.push((parent, self.parents(parent), 0));
                }
                Some(State::Open) => {
                    let begins = way.iter().position(|(other, _, _)| *other == parent).unwrap_or(0);
                    let circle: Vec<&Placed<String>> = way
                        .iter()
                        .skip(begins)
                        .filter_map(|(_, parents, next)| parents.get(next.saturating_sub(1)).copied())
                        .collect();
                    found.problem(problem(&circle));
                }
                Some(State::Done) | None => {}
            }
        }
    }
}

fn problem(circle: &[&Placed<String>]) -> Problem {
    let names: Vec<String> = circle.iter().take(SHOWN).map(|id| format!("`{}`", shown(&id.value))).collect();
    let more =
        if circle.len() > SHOWN { format!(" and {} more", circle.len() - SHOWN) } else { String::new() };
    let message = format!("groups stand on each other in a circle: {}{more}", names.join(", "));
    let mut places = circle.iter().take(SHOWN);
    let place = places.next().map(|first| first.place.clone());
    let place = place.unwrap_or(crate::place::Place { file: "".into(), line: 1, column: 1 });
    let mut problem =
        Problem::new(Kind::Circle, place, message, "take one of these `extends` and `ref_group` out");
    for id in places {
        problem = problem.with(id.place.clone(), format!("which stands on `{}`", shown(&id.value)));
    }
    problem
}
