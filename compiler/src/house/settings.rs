//! What vocabularies say of servers and stores: a contract that says nothing of one has it as they do.

use slo_grammar::Place;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Logs, Prometheus, Traces};
use crate::manifest::Manifest;
use crate::roots::Roots;

/// What is said of servers and stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) prometheus: Prometheus,
    pub(crate) logs: Logs,
    pub(crate) traces: Traces,
}

impl Settings {
    fn of(manifest: &Manifest) -> Settings {
        Settings {
            prometheus: manifest.prometheus.clone(),
            logs: manifest.logs.clone(),
            traces: manifest.traces,
        }
    }
}

/// A setting with whoever says it.
struct Said<'m> {
    key: &'static str,
    place: Place,
    of: &'m Manifest,
}

/// The settings of a root together with those of all that it stands on, where these say more than its own.
pub(crate) fn settings(roots: &Roots, root: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<Settings> {
    let own = roots.manifest(root)?;
    let mut all = Settings::of(own);
    let mut said: Vec<Said<'_>> = said(own).collect();
    for (other, _) in roots.reached(root).filter(|(other, _)| *other != root) {
        let Some(house) = roots.manifest(other) else { continue };
        for setting in self::said(house) {
            let before = said.iter().find(|before| before.key == setting.key);
            let differs = merge(&mut all, setting.key, house, before.is_some());
            match before {
                Some(before) if differs => diagnostics.push(loosened(own, before, &setting)),
                Some(_) => {}
                None => said.push(setting),
            }
        }
    }
    (all != Settings::of(own)).then_some(all)
}

fn said(manifest: &Manifest) -> impl Iterator<Item = Said<'_>> {
    manifest.settings.iter().map(move |(key, place)| Said { key, place: *place, of: manifest })
}

/// Adds a setting of a house to what was said before, and tells whether the two contradict each other. Of lists the house's
/// are added.
fn merge(all: &mut Settings, key: &str, house: &Manifest, was_said: bool) -> bool {
    fn one<T: PartialEq + Clone>(own: &mut T, house: &T, was_said: bool) -> bool {
        let differs = *own != *house;
        if !was_said {
            own.clone_from(house);
        }
        differs
    }
    fn add(own: &mut Vec<String>, house: &[String]) -> bool {
        for name in house {
            if !own.contains(name) {
                own.push(name.clone());
            }
        }
        false
    }
    let Settings { prometheus, logs, traces } = all;
    match key {
        "translation_strategy" => {
            one(&mut prometheus.translation_strategy, &house.prometheus.translation_strategy, was_said)
        }
        "keep_identifying_resource_attributes" => {
            let house = house.prometheus.keep_identifying_resource_attributes;
            one(&mut prometheus.keep_identifying_resource_attributes, &house, was_said)
        }
        "promote_resource_attributes" => {
            add(&mut prometheus.promote_resource_attributes, &house.prometheus.promote_resource_attributes)
        }
        "ways" => house.prometheus.ways.iter().fold(false, |differs, (scope, way)| {
            let own = prometheus.ways.entry(scope.clone()).or_insert_with(|| way.clone());
            differs || own != way
        }),
        "reserved" => add(&mut logs.reserved, &house.logs.reserved),
        // To keep what a store of its own would let pass is to ask for more.
        "separate_stores" => {
            let is_looser = logs.separate_stores && !house.logs.separate_stores;
            one(&mut logs.separate_stores, &house.logs.separate_stores, was_said) && is_looser
        }
        _ => {
            let is_looser = !traces.nests && house.traces.nests;
            one(&mut traces.nests, &house.traces.nests, was_said) && is_looser
        }
    }
}

/// What a root, or another vocabulary of it, says otherwise than a vocabulary.
fn loosened(own: &Manifest, before: &Said<'_>, house: &Said<'_>) -> Diagnostic {
    let key = house.key;
    let message = format!("`{key}` is another one here than in a vocabulary that the contract stands on");
    let is_own = before.of.name == own.name;
    Diagnostic::new(Code::Loosened, before.place, message)
        .about(key)
        .about(&house.of.name)
        .and(house.place, format!("`{}` says this", house.of.name))
        .help(match is_own {
            true => "take it out here: what the vocabulary says holds",
            false => "two vocabularies can't say two things of one server: have one of them changed",
        })
        .of_house()
}
