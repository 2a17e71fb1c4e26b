//! The entities that signals go with are there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::definition::GroupKind;
use crate::fields::Found;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};

use super::inherit::{Inherited, private};
use super::{Resolved, may_use_private};

pub(super) fn check(groups: &BTreeMap<String, Inherited>, dependencies: &[Arc<Resolved>], found: &mut Found) {
    let entities = groups.values().filter(|group| group.kind == GroupKind::Entity);
    let local: HashMap<&str, &Inherited> =
        entities.filter_map(|group| Some((group.name.as_ref()?.value.as_str(), group))).collect();
    for group in groups.values() {
        for name in group.signal.associations.iter().flat_map(|associations| associations.entities()) {
            let user = format!("the {} `{}`", group.kind.name(), shown(&group.id.value));
            match local.get(name.value.as_str()) {
                Some(entity) if entity.is_private && !may_use_private(group) => {
                    let what = format!("the entity `{}`", shown(&name.value));
                    found.problem(private(name, &entity.place, &what, &user));
                }
                Some(_) => {}
                None => elsewhere(name, &user, dependencies, found),
            }
        }
    }
}

fn elsewhere(name: &Placed<String>, user: &str, dependencies: &[Arc<Resolved>], found: &mut Found) {
    let mut seen: Vec<(Arc<str>, Place)> = Vec::new();
    let mut hidden = None;
    for other in dependencies {
        for entity in &other.registry.entities {
            let signal = &entity.signal;
            if signal.name.value != name.value {
                continue;
            }
            let origin = signal.origin.clone().unwrap_or_else(|| Arc::clone(&other.name));
            let exclude = signal.about.annotation(&["dependency_resolution", "exclude"]);
            if exclude == Some(&crate::value::Value::Boolean(true)) {
                hidden = Some(signal.place.clone());
            } else if !seen.iter().any(|(known, _)| *known == origin) {
                seen.push((origin, signal.place.clone()));
            }
        }
    }
    let what = format!("the entity `{}`", shown(&name.value));
    match (seen.as_slice(), hidden) {
        ([_], _) => {}
        ([], Some(hidden)) => found.problem(private(name, &hidden, &what, user)),
        ([], None) => {
            let message = format!("{user} goes with {what}, which nothing declares");
            let help = "declare the entity; of another registry, name it among the manifest's dependencies";
            found.problem(Problem::new(Kind::Unknown, name.place.clone(), message, help));
        }
        (several, _) => {
            let message = format!("{user} goes with {what}, which several registries declare");
            let help = "declare it in this registry, or depend on one of them";
            let mut problem = Problem::new(Kind::Conflict, name.place.clone(), message, help);
            for (origin, place) in several {
                problem = problem.with(place.clone(), format!("declared by `{}`", shown(origin)));
            }
            found.problem(problem);
        }
    }
}
