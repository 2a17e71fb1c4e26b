//! Whether the signals of one program come from one resource.
//!
//! Signals belong together by their resource. Where each provider of a program was set up by itself, each has its own: none of what one
//! signal names is named by the other. Only resources that an SDK made are compared: what an agent reads from files or endpoints has what the
//! agent knows.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::common::v1::KeyValue;
use slo_compiler::diagnostic::Code;
use slo_model::event::Signal;

use super::super::attributes::shown;
use super::super::origin;
use crate::tables::Tables;
use crate::tally::{At, Fault, Tally, Words};

/// How many of the keys that differ a message names.
const NAMED: usize = 8;

/// A resource, with what came from it.
#[derive(Debug)]
struct Seen {
    of: (usize, usize),
    service: String,
    namespace: String,
    instance: String,
    version: String,
    /// What it holds, a pair a line.
    text: String,
    signals: [bool; 3],
}

impl Seen {
    fn has(&self, signal: Signal) -> bool {
        self.signals.get(index(signal)).is_some_and(|came| *came)
    }
}

const fn index(signal: Signal) -> usize {
    match signal {
        Signal::Metric => 0,
        Signal::Log => 1,
        Signal::Span => 2,
    }
}

const fn called(signal: Signal) -> &'static str {
    match signal {
        Signal::Metric => "metrics",
        Signal::Log => "log records",
        Signal::Span => "spans",
    }
}

/// The resources of contracts that SDKs made.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    resources: Vec<Seen>,
    /// Whether there were more resources than are remembered, so that nothing can be said.
    is_full: bool,
}

impl Signals {
    /// The number of a resource that came for the first time; none of one that isn't compared.
    pub(crate) fn add(
        &mut self,
        of: (usize, usize),
        attributes: &[KeyValue],
        text: &str,
        most: usize,
    ) -> Option<u32> {
        let value = |key| origin::text(attributes, key).unwrap_or_default().to_owned();
        if value("telemetry.sdk.name").is_empty() && value("telemetry.sdk.language").is_empty() {
            return None;
        }
        if self.resources.len() >= most {
            self.is_full = true;
            return None;
        }
        self.resources.push(Seen {
            of,
            service: value("service.name"),
            namespace: value("service.namespace"),
            instance: value("service.instance.id"),
            version: value("service.version"),
            text: text.to_owned(),
            signals: [false; 3],
        });
        u32::try_from(self.resources.len() - 1).ok()
    }

    /// Whether a resource has an instance that its SDK made at random (a UUID of version 4), so that no other process has it, and none
    /// that started anew.
    pub(crate) fn is_of_one_process(&self, number: u32) -> bool {
        let is_random = |id: &str| {
            let parts: Vec<&str> = id.split('-').collect();
            parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
                && parts.iter().all(|part| part.chars().all(|one| one.is_ascii_hexdigit()))
                && parts.get(2).is_some_and(|part| part.starts_with('4'))
        };
        self.resources.get(number as usize).is_some_and(|seen| is_random(&seen.instance))
    }

    /// A signal came from a resource.
    pub(crate) fn take(&mut self, number: Option<u32>, signal: Signal) {
        let seen = number.and_then(|number| self.resources.get_mut(number as usize));
        if let Some(came) = seen.and_then(|seen| seen.signals.get_mut(index(signal))) {
            *came = true;
        }
    }

    /// Tells which programs' signals come from different resources. A span whose own log came from another is of one program with it, whatever
    /// identifiers both have.
    pub(crate) fn end(&self, contracts: &[Tables<'_>], apart: &BTreeSet<(u32, u32)>, tally: &mut Tally) {
        if self.is_full {
            return;
        }
        let mut programs: BTreeMap<_, Vec<&Seen>> = BTreeMap::new();
        for seen in &self.resources {
            programs.entry((seen.of, &seen.service, &seen.namespace, &seen.instance)).or_default().push(seen);
        }
        let pairs =
            [(Signal::Span, Signal::Log), (Signal::Span, Signal::Metric), (Signal::Log, Signal::Metric)];
        for all in programs.values() {
            let differ = pairs.iter().find_map(|(one, other)| {
                if all.iter().any(|seen| seen.has(*one) && seen.has(*other)) {
                    return None;
                }
                let first = |signal| all.iter().find(|seen| seen.has(signal));
                Some(((*one, *first(*one)?), (*other, *first(*other)?)))
            });
            if let Some((one, other)) = differ {
                tell(contracts, tally, one, other);
            }
        }
        for (span, log) in apart {
            let get = |number: u32| self.resources.get(number as usize);
            let (Some(span), Some(log)) = (get(*span), get(*log)) else { continue };
            let is_one_program = (span.of, &span.service, &span.namespace)
                == (log.of, &log.service, &log.namespace)
                && span.instance != log.instance
                && !span.instance.is_empty()
                && !log.instance.is_empty();
            let has_both = |seen: &Seen| seen.has(Signal::Span) && seen.has(Signal::Log);
            if is_one_program && !has_both(span) && !has_both(log) {
                tell(contracts, tally, (Signal::Span, span), (Signal::Log, log));
            }
        }
    }
}

fn tell(
    contracts: &[Tables<'_>],
    tally: &mut Tally,
    (one, first): (Signal, &Seen),
    (other, second): (Signal, &Seen),
) {
    let (contract, resource) = first.of;
    let held = contracts.get(contract).and_then(|tables| tables.resources.get(resource));
    let Some(held) = held else { return };
    let service = format!("service `{}`", shown(&first.service));
    let path = || format!("the resources of {service}");
    let fault = Fault {
        code: Code::TelemetryResources,
        severity: Code::TelemetryResources.severity(),
        contract,
        names: &[held.table.name],
        node: Some(held.node),
    };
    tally.take(fault, At { time: 0, version: &first.version, path: &path }, &|| {
        let keys = keys_that_differ(&first.text, &second.text);
        let (named, more) = keys.split_at(keys.len().min(NAMED));
        let mut named: Vec<String> = named.iter().map(|key| format!("`{}`", shown(key))).collect();
        if !more.is_empty() {
            named.push(format!("{} more", more.len()));
        }
        Words::new(format!(
            "{} and {} of {service} come from different resources: they differ in {}",
            called(one),
            called(other),
            named.join(", ")
        ))
        .help("make one resource, and give it to the providers of all signals")
    });
}

/// The keys of pairs that only one of two resources has.
fn keys_that_differ<'t>(one: &'t str, other: &'t str) -> Vec<&'t str> {
    let pairs = |text: &'t str| text.lines().collect::<BTreeSet<&str>>();
    let (one, other) = (pairs(one), pairs(other));
    let mut keys: Vec<&str> = one
        .symmetric_difference(&other)
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, _)| key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
