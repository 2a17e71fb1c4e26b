//! What takes the place of what is gone, as far as a contract says so by `deprecated=SUCCESSOR`.

use crate::hash::HashMap;
use crate::ir::{Contract, Deprecation};

/// The successors that two contracts name, by what they take the place of: the new contract counts before the old. They are asked
/// for of each thing that is gone.
pub(super) struct Successors<'c> {
    keys: HashMap<&'c str, &'c str>,
    metrics: HashMap<&'c str, &'c str>,
}

impl<'c> Successors<'c> {
    pub(super) fn of(old: &'c Contract, new: &'c Contract) -> Successors<'c> {
        let mut found = Successors { keys: HashMap::default(), metrics: HashMap::default() };
        for contract in [new, old] {
            for one in &contract.attributes {
                if let Some(successor) = one.deprecated.as_ref().and_then(Deprecation::successor) {
                    found.keys.entry(&one.key).or_insert(successor);
                }
            }
            for one in &contract.metrics {
                if let Some(successor) = one.deprecated.as_ref().and_then(Deprecation::successor) {
                    found.metrics.entry(&one.name).or_insert(successor);
                }
            }
        }
        found
    }

    /// The end of a sentence on a key that is gone; empty where nothing is said of a successor.
    pub(super) fn of_key(&self, key: &str) -> String {
        told(self.keys.get(key))
    }

    /// The same of a metric.
    pub(super) fn of_metric(&self, name: &str) -> String {
        told(self.metrics.get(name))
    }
}

fn told(successor: Option<&&str>) -> String {
    successor.map_or_else(String::new, |successor| format!("; `{successor}` takes its place"))
}
