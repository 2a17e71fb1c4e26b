//! A draft of a contract from telemetry: what is there, as far as that can be told, and questions about the rest.
//!
//! | module | what it does |
//! |---|---|
//! | `values`, `texts`, `seen` | keep what was seen, bounded |
//! | `take` | takes records |
//! | `pairs` | finds logs that belong to spans |
//! | `guess` | guesses types and domains |
//! | `names` | makes names that the language takes |
//! | `contract`, `spans`, `logs`, `metrics`, `event` | write |

mod contract;
mod event;
mod guess;
mod logs;
mod metrics;
mod names;
mod pairs;
mod seen;
mod spans;
mod take;
mod texts;
mod values;

use std::collections::BTreeMap;

use slo_compiler::target::File;

use pairs::Pairs;
use seen::{Logs, Service, Spans};

/// How many services are told apart.
const MOST_SERVICES: usize = 64;

/// A draft of a contract, from the telemetry that it takes.
#[derive(Debug, Default)]
pub struct Draft {
    services: BTreeMap<String, Service>,
    spans: Vec<Spans>,
    logs: Vec<Logs>,
    pairs: Pairs,
    /// Records of services past those that are told apart.
    beyond: u64,
    records: u64,
}

/// The contract of a service.
#[derive(Debug)]
pub struct Drafted {
    /// The name of its folder, where there are several.
    pub folder: String,
    /// Its files.
    pub files: Vec<File>,
    /// What was left out, in words.
    pub left_out: Vec<String>,
}

impl Draft {
    /// How many records were taken.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Gives what came without a resource to the one service that has a name: lines and texts rarely say whose they are. What a line says
    /// that came over OTLP as well is the same log.
    fn settle(&mut self) {
        let has_resource = |service: &Service| !service.resource.keys.is_empty();
        let (2, Some(true)) = (self.services.len(), self.services.get("").map(|own| !has_resource(own)))
        else {
            return;
        };
        let Some(nameless) = self.services.remove("") else { return };
        let Some(named) = self.services.values_mut().next() else { return };
        for (name, scope) in nameless.scopes {
            let mut fresh = Vec::new();
            for (key, number) in scope.logs {
                let Some(known) = named.scopes.values().find_map(|own| own.logs.get(&key)) else {
                    fresh.push((key, number));
                    continue;
                };
                let of_line = self.logs.get_mut(number).map(std::mem::take).unwrap_or_default();
                if let Some(known) = self.logs.get_mut(*known) {
                    known.keys.merge(&of_line.keys);
                }
            }
            let own = named.scopes.entry(name).or_default();
            own.logs.extend(fresh);
            for (name, metric) in scope.metrics {
                own.metrics.entry(name).or_insert(metric);
            }
            own.beyond += scope.beyond;
        }
        named.scopes.retain(|_, scope| !scope.is_empty());
        named.beyond += nameless.beyond;
    }

    /// A contract for each service.
    #[must_use]
    pub fn contracts(mut self) -> Vec<Drafted> {
        self.settle();
        let mut names = names::Names::default();
        let mut all: Vec<Drafted> = self
            .services
            .iter()
            .map(|(name, service)| contract::write(&self, name, service, &mut names))
            .collect();
        if self.beyond > 0
            && let Some(first) = all.first_mut()
        {
            first
                .left_out
                .push(format!("{} records of services past the first {MOST_SERVICES}", self.beyond));
        }
        all
    }
}
