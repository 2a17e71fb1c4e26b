//! Whose telemetry is: the contract of a resource, and of a scope.

use std::sync::Arc;

use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use slo_compiler::diagnostic::{Code, Severity};
use slo_model::event::Signal;
use slo_model::{Source, Value};

use super::attributes::{self, Attributes, shown};
use super::habits;
use super::metric::Habits;
use super::origin;
use super::recognise::best;
use super::subject::Subject;
use super::verifier::{Recorded, Verifier};
use crate::tables::shape::Shape;
use crate::tables::{Tables, scope_version};
use crate::tally::{At, Errors, Fault, Faults, Words};

/// How many resources are remembered; past these each is judged anew.
const MOST_ORIGINS: usize = 10_000;

/// Where telemetry comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// What it holds, as text: the same resource has the same.
    pub(super) text: String,
    /// Its number among those whose signals are compared; none where it isn't.
    pub(super) number: Option<u32>,
    /// The contract and its resource; none where it is of none.
    pub(super) of: Option<(usize, usize)>,
    pub(super) version: Arc<str>,
    pub(super) shown: Arc<str>,
    pub(super) habits: Habits,
}

impl Origin {
    /// Where text comes from that says less of its resource than OTLP does.
    pub(super) fn of_text(came: &Resource, form: &str, of: Option<(usize, usize)>) -> Origin {
        let mut origin = Origin::of(came, format!("{form}\n{}", resource_text(came)), of);
        origin.habits.has_times = false;
        origin
    }

    /// The same, with what else its records' paths say.
    pub(super) fn with_note(mut self, note: &str) -> Origin {
        self.shown = format!("{}, {note}", self.shown).into();
        self
    }

    fn of(came: &Resource, text: String, of: Option<(usize, usize)>) -> Origin {
        let value = |key| origin::text(&came.attributes, key);
        Origin {
            text,
            number: None,
            of,
            version: value("service.version").unwrap_or_default().into(),
            shown: format!("service `{}`", shown(value("service.name").unwrap_or("without a name"))).into(),
            habits: Habits {
                counts_in_doubles: habits::counts_in_doubles(value("telemetry.sdk.language")),
                has_times: true,
            },
        }
    }
}

/// A resource as text: the same has the same.
fn resource_text(came: &Resource) -> String {
    let pair = |pair: &KeyValue| format!("{}={}", pair.key, crate::value::Came::of(pair.value.as_ref()));
    let mut pairs: Vec<String> = came.attributes.iter().map(pair).collect();
    pairs.sort_unstable();
    pairs.join("\n")
}

impl Verifier<'_> {
    /// Where telemetry of a resource comes from; the resource itself is judged when it comes first.
    pub(super) fn origin(&mut self, came: Option<&Resource>) -> Origin {
        let empty = Resource::default();
        let came = came.unwrap_or(&empty);
        let text = resource_text(came);
        if let Some(origin) = self.origins.get(&text) {
            return origin.clone();
        }
        let (of, is_named) = self.contract_of(came);
        let mut origin = Origin::of(came, text.clone(), of);
        if let Some(of) = of {
            origin.number = self.across.signals.add(of, &came.attributes, &text, MOST_ORIGINS);
        }
        if let Some((contract, resource)) = of {
            // Which version of the contract it is of, the scopes say, which come after it.
            let name = self.contracts.get(contract).and_then(|tables| tables.resources.get(resource));
            let name = name.map(|held| held.table.name);
            let candidates: Vec<(usize, usize)> = self
                .versions(contract)
                .filter_map(|(version, tables)| {
                    let same = tables.resources.iter().position(|held| Some(held.table.name) == name);
                    Some((version, same?))
                })
                .collect();
            let (contracts, deployed) = (&self.contracts, self.settings.deployed);
            let judge = |(contract, resource): (usize, usize), faults: &mut dyn Faults| {
                if let Some(tables) = contracts.get(contract) {
                    origin::judge(tables, contract, resource, came, deployed, is_named, faults);
                }
            };
            let path = || format!("the resource of {}", origin.shown);
            let at = At { time: 0, version: &origin.version, path: &path };
            if let Some(best) = best(&candidates, |one, errors: &mut Errors| judge(one, errors)) {
                judge(best, &mut Recorded { tally: &mut self.tally, at });
            }
        }
        if self.origins.len() < MOST_ORIGINS {
            self.origins.insert(text, origin.clone());
        }
        origin
    }

    /// The contract of a resource, and whether the settings name it rather than its own attributes.
    pub(super) fn contract_of(&self, came: &Resource) -> (Option<(usize, usize)>, bool) {
        let all = self.current().flat_map(|(contract, tables)| {
            tables.resources.iter().enumerate().map(move |(number, held)| ((contract, number), held))
        });
        let fitting = all
            .clone()
            .filter_map(|(place, held)| Some((origin::fits(held.table, &came.attributes)?, place)));
        // The first of those that have most in common.
        if let Some((_, place)) =
            fitting.min_by_key(|(constants, place)| (std::cmp::Reverse(*constants), *place))
        {
            return (Some(place), false);
        }
        if let Some(name) = &self.settings.resource {
            let mut all = all;
            let named = all.find(|(_, held)| is_named(held.table.name, name));
            return (named.map(|(place, _)| place), true);
        }
        // A contract that says nothing of resources answers for its scopes wherever they come from.
        if self.current == 1 && self.current().all(|(_, only)| only.resources.is_empty()) {
            return (Some((0, usize::MAX)), false);
        }
        (None, false)
    }

    /// The contract for the telemetry of a scope, and its scopes of this name.
    pub(super) fn scopes(
        &mut self,
        origin: &Origin,
        scope: Option<&InstrumentationScope>,
    ) -> Option<(usize, Vec<usize>)> {
        let name = scope.map_or("", |scope| scope.name.as_str());
        if let Some((contract, _)) = origin.of {
            let contract = self.of_version(contract, name, scope.map_or("", |scope| scope.version.as_str()));
            let scopes = self.contracts.get(contract)?.scopes_named(name).to_vec();
            if !scopes.is_empty() {
                self.scope(contract, &scopes, origin, scope);
            }
            return Some((contract, scopes));
        }
        // What comes from a scope that only one contract has is that contract's, whatever the resource says.
        let mut owners =
            self.contracts.iter().take(self.current).enumerate().filter(|(_, tables)| {
                tables.scopes_named(name).iter().any(|scope| tables.is_own_scope(*scope))
            });
        let (contract, tables) = owners.next()?;
        let scopes = tables.scopes_named(name).to_vec();
        let known = scopes.first().and_then(|scope| tables.scopes.get(*scope))?;
        let (node, scope_name) = (known.held.node, known.held.table.name);
        let wanted: Vec<String> = tables.resources.iter().filter_map(|held| service(held.table)).collect();
        let path = || format!("scope `{}` of {}", shown(name), origin.shown);
        let at = At { time: 0, version: &origin.version, path: &path };
        let fault = Fault {
            code: Code::TelemetryResource,
            severity: Severity::Error,
            contract,
            names: &[scope_name],
            node: Some(node),
        };
        self.tally.take(fault, at, &|| {
            let words = Words::new(format!(
                "the scope `{}` of the contract sends from {}, and the contract has no such resource",
                shown(name),
                origin.shown
            ));
            let words = match wanted.is_empty() {
                true => words,
                false => words.note(format!("the contract's resources are {}", wanted.join(", "))),
            };
            words.help("set `service.name` (`OTEL_SERVICE_NAME`), or say `--as RESOURCE` where a test can't")
        });
        Some((contract, scopes))
    }

    /// The version of a contract that a scope names: the one that holds, where it names none or one that nobody knows.
    fn of_version(&self, contract: usize, scope: &str, version: &str) -> usize {
        let names = |(_, tables): &(usize, &Tables<'_>)| {
            let scopes = tables.scopes_named(scope).iter().filter_map(|number| tables.scopes.get(*number));
            let mut versions = scopes.map(|one| scope_version(one.held.table, tables));
            versions.any(|own| own == Some(version))
        };
        match version {
            "" => contract,
            _ => self.versions(contract).find(names).map_or(contract, |(number, _)| number),
        }
    }

    /// Judges the attributes of a scope.
    fn scope(
        &mut self,
        contract: usize,
        scopes: &[usize],
        origin: &Origin,
        came: Option<&InstrumentationScope>,
    ) {
        let (Some(tables), Some(came)) = (self.contracts.get(contract), came) else { return };
        let candidates: Vec<usize> = scopes.to_vec();
        let judge = |number: usize, faults: &mut dyn Faults| {
            let Some(scope) = tables.scopes.get(number) else { return };
            // Nobody sets attributes of a library's scope for us.
            if scope.held.table.keys.iter().all(|key| key.name.starts_with("otel.scope."))
                && came.attributes.is_empty()
            {
                version(scope.held.table, came, &subject_of(contract, scope), faults);
                return;
            }
            let shape = Shape::of_container(scope.held.table, false);
            let subject = subject_of(contract, scope);
            let mut sorted = Attributes::sort(&shape, &came.attributes, &subject, faults);
            for key in ["otel.scope.name", "otel.scope.version", "otel.scope.schema_url"] {
                sorted.forgive(&shape, key);
            }
            attributes::judge(&shape, &mut sorted, &subject, faults);
            version(scope.held.table, came, &subject, faults);
        };
        let Some(number) = best(&candidates, |number, errors: &mut Errors| judge(number, errors)) else {
            return;
        };
        let path = || format!("scope `{}` of {}", shown(&came.name), origin.shown);
        let at = At { time: 0, version: &origin.version, path: &path };
        judge(number, &mut Recorded { tally: &mut self.tally, at });
    }
}

/// Whether a full name is the one that is meant: in full, or by its last part.
#[must_use]
pub fn is_named(full_name: &str, name: &str) -> bool {
    full_name.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// What a resource is called, as messages have it.
pub(super) fn service(table: &slo_model::Container<'_>) -> Option<String> {
    let key = table.keys.iter().find(|key| key.name == "service.name")?;
    Some(match (key.source, key.matches) {
        (Source::Static(name), _) => {
            format!("`{}` with `service.name` = `{}`", table.name, Value::from(name))
        }
        (_, Some(template)) => format!("`{}` with `service.name` like `{template}`", table.name),
        _ => format!("`{}`", table.name),
    })
}

pub(super) fn subject_of<'s>(contract: usize, scope: &crate::tables::Scope<'s>) -> Subject<'s> {
    Subject {
        contract,
        event: scope.held.table.name,
        kind: "",
        record: "",
        node: scope.held.node,
        signal: Signal::Log,
        closed: scope.held.table.closed,
    }
}

fn version(
    table: &slo_model::Container<'_>,
    came: &InstrumentationScope,
    subject: &Subject<'_>,
    faults: &mut dyn Faults,
) {
    let Some(key) = table.keys.iter().find(|key| key.name == "otel.scope.version") else { return };
    let Source::Static(literal) = key.source else { return };
    let wanted = Value::from(literal).to_string();
    if wanted != came.version {
        subject.fault(faults, Code::TelemetryValue, key.name, &|| {
            Words::new(format!(
                "the version of {} is `{}`, and the contract says `{wanted}`",
                subject.shown(),
                shown(&came.version)
            ))
        });
    }
}
