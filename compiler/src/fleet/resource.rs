//! What says which service it is: two services with one name are one to every backend.

use std::collections::BTreeMap;

use super::differ::{Entry, differ};
use super::meet::Meet;
use super::server::Meeting;
use crate::diagnostic::{Code, Diagnostic};
use crate::index::IndexResource;

pub(super) fn find(meet: &Meet<'_>, meeting: &Meeting<'_>, found: &mut Vec<(usize, Diagnostic)>) {
    let mut by_name: BTreeMap<(&str, &str), Vec<Entry<'_, IndexResource>>> = BTreeMap::new();
    for (number, member) in meet.here(meeting) {
        for resource in &member.index.resources {
            let (Some(name), Some(namespace)) = (&resource.service_name, &resource.service_namespace) else {
                continue;
            };
            let entries = by_name.entry((namespace, name)).or_default();
            if entries.last().is_none_or(|last| last.member != number) {
                entries.push(Entry { member: number, item: resource });
            }
        }
    }
    for ((namespace, name), entries) in by_name {
        // Each member is another service, whatever its resource is called.
        let contradict = |one: &*const IndexResource, other: &*const IndexResource| one != other;
        for (one, other) in differ(&entries, std::ptr::from_ref, contradict, meet.is_asked) {
            let names = [one, other].map(|entry| meet.name(entry.member));
            let shown = match namespace {
                "" => format!("`{name}`"),
                namespace => format!("`{name}` in the namespace `{namespace}`"),
            };
            let message = format!("`{}` and `{}` are both the service {shown}", names[0], names[1]);
            let sides = [&one, &other]
                .map(|entry| (entry.member, &entry.item.at, format!("the resource `{}`", entry.item.name)));
            let finding = meet
                .contradiction(Code::FleetService, meeting, message, sides)
                .about(name)
                .help("give one of them another `service.name`, or each a `service.namespace` of its own: a backend takes what both send for one service's");
            found.push((one.member, meet.about(finding, [one.member, other.member])));
        }
    }
}
