//! Over all logs of a contract, which one store takes: a key has one type, and is no parent of another.

use super::collision::{Written, collide, parents};
use super::signals::{Of, Signals};
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::{HashMap, HashSet};
use crate::ir::draft::{Contract, Node, Target, Type};
use crate::text::with_article;

/// How a log gets a store of its own.
const SEPARATE: &str =
    "where each log has a store of its own, say `separate_stores = true` under `[logs]` in `slo.toml`";

/// A log, told from another of its name by its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Log<'c> {
    name: &'c str,
    node: Node,
    /// The number of what a finding about it is about.
    about: usize,
}

/// What the logs of a contract write, in the order of the text.
#[derive(Default)]
pub(super) struct Store<'c> {
    keys: Vec<(Log<'c>, Written<'c>)>,
    about: Vec<Vec<String>>,
}

impl<'c> Store<'c> {
    /// Adds what a log writes.
    pub(super) fn add(&mut self, log: &Signals<'c>, written: Vec<Written<'c>>) {
        self.about.push(log.about());
        let name = match log.of {
            Of::Log(log) => log.name.as_deref().unwrap_or("_"),
            _ => "",
        };
        let log = Log { name, node: log.node, about: self.about.len() - 1 };
        self.keys.extend(written.into_iter().map(|one| (log, one)));
    }

    pub(super) fn check(&self, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        if contract.targets.contains(&Target::Logs) && !contract.logs.separate_stores {
            self.types(diagnostics);
            self.nested(diagnostics);
        }
    }

    /// A finding about a path that is a value in some logs and a parent of other keys in others: it is about all of them and all
    /// of these keys, whichever comes first.
    fn of_path(
        &self,
        finding: Diagnostic,
        path: &str,
        is_parent: impl Fn(&str, Log<'_>) -> bool,
    ) -> Diagnostic {
        let of_path =
            || self.keys.iter().filter(|(log, one)| one.key() == path || is_parent(one.key(), *log));
        let logs = of_path().filter_map(|(log, _)| self.about.get(log.about)).flatten();
        let finding = finding.about_all(logs).about(Target::Logs.name());
        finding.about_all(of_path().map(|(_, one)| one.key()))
    }

    /// A finding about a key whose types differ: it is about all logs that have it, and all of the types, whichever comes first.
    fn of_key(&self, finding: Diagnostic, key: &str) -> Diagnostic {
        let of_key = || self.keys.iter().filter(|(_, one)| one.key() == key);
        let logs = of_key().filter_map(|(log, _)| self.about.get(log.about)).flatten();
        let finding = finding.about_all(logs).about(Target::Logs.name());
        let types = of_key().filter_map(|(_, one)| Some(one.domain?.value.to_string()));
        finding.about_all(types)
    }

    /// One type a key: each other type is told once.
    fn types(&self, diagnostics: &mut Vec<Diagnostic>) {
        let mut known: HashMap<&str, Vec<(&Type, Log<'_>, &Written<'_>)>> = HashMap::default();
        for (log, one) in &self.keys {
            // What may be anything is of no one type wherever it stands.
            let Some(value) = one.domain.map(|domain| &domain.value).filter(|value| **value != Type::Any)
            else {
                continue;
            };
            let types = known.entry(one.key()).or_default();
            if types.iter().any(|(other, ..)| other.value_type() == value.value_type()) {
                continue;
            }
            let first = types.first().copied();
            // In one log that is two writers of one key, which is told of the log.
            if first.is_some_and(|(_, first, _)| first == *log) {
                continue;
            }
            types.push((value, *log, one));
            let Some((other, first_log, first)) = first else { continue };
            let message = format!(
                "`{}` is {} in the log `{}` and {} in `{}`",
                one.key(),
                with_article(&value.to_string()),
                log.name,
                with_article(&other.to_string()),
                first_log.name,
            );
            let help = format!(
                "a store gives a name one type, and loses records of another: show one of them under another name; or, {SEPARATE}"
            );
            let finding = collide(Code::TypeConflict, one, Some(first), message, &help);
            diagnostics.push(self.of_key(finding, one.key()));
        }
    }

    /// One path is a value or a parent: each parent is told once.
    fn nested(&self, diagnostics: &mut Vec<Diagnostic>) {
        let mut firsts: HashMap<&str, &(Log<'_>, Written<'_>)> = HashMap::default();
        for one in &self.keys {
            firsts.entry(one.1.key()).or_insert(one);
        }
        let nested: HashSet<&str> = (firsts.keys().flat_map(|key| parents(key)))
            .filter(|parent| firsts.contains_key(parent))
            .collect();
        let here: HashSet<(&str, Log<'_>)> = self
            .keys
            .iter()
            .map(|(log, one)| (one.key(), *log))
            .filter(|(key, _)| nested.contains(key))
            .collect();
        let mut told: HashSet<&str> = HashSet::default();
        for (log, one) in self.keys.iter().filter(|_| !nested.is_empty()) {
            for parent in parents(one.key()) {
                let Some((first_log, first)) = firsts.get(parent) else { continue };
                // Within one log that is told of the log.
                if here.contains(&(parent, *log)) || !told.insert(parent) {
                    continue;
                }
                let message = format!(
                    "one store can't hold both `{parent}` of the log `{}` and `{}` of `{}`",
                    first_log.name,
                    one.key(),
                    log.name
                );
                let help = format!(
                    "choose another key: one path is either a value or a parent of others; or, {SEPARATE}"
                );
                let finding = collide(Code::NestedPrefix, one, Some(first), message, &help);
                let is_parent = |key: &str, log: Log<'_>| {
                    parents(key).any(|other| other == parent) && !here.contains(&(parent, log))
                };
                diagnostics.push(self.of_path(finding, parent, is_parent));
            }
        }
    }
}
