//! Resources and scopes.

use slo_model::{ContainerKind, Key, Part, Source, Template};

use super::planner::Planner;
use super::values::Values;
use super::{Arena, Container};
use crate::ir::{self, ContainerId, Places, TemplatePart, Writer};

impl<'p> Planner<'p> {
    pub(super) fn container(&self, id: ContainerId, container: &'p ir::Container) -> Container<'p> {
        let said = |writer: &'p Writer| {
            self.said(container.node, writer.node, &writer.docs, Some(&writer.domain.value))
        };
        Container {
            table: self.container_table(id),
            docs: &container.docs,
            node: container.node,
            keys: container.writers.iter().map(said).collect(),
        }
    }
}

/// What a container's table says before its keys, and the places of those.
#[derive(Clone, Copy, Debug)]
pub struct Head<'p> {
    /// The name by which violations call the container.
    pub name: &'p str,
    /// The name of a scope that doesn't give its own.
    pub scope_name: &'p str,
    /// The schema URL.
    pub schema_url: Option<&'p str>,
    /// Where its keys stand.
    pub places: Option<&'p Places>,
}

impl<'p> Arena<'p> {
    /// The table of a container: a contract's own, or that of a struct which is held to none.
    #[must_use]
    pub fn container(&'p self, container: &'p ir::Container, head: Head<'p>) -> slo_model::Container<'p> {
        let keys = container.writers.iter().map(|writer| self.key_of(writer, head.places));
        slo_model::Container {
            name: head.name,
            kind: match container.kind {
                ir::ContainerKind::Resource => ContainerKind::Resource,
                ir::ContainerKind::Scope => ContainerKind::Scope,
            },
            scope_name: head.scope_name,
            schema_url: container.schema_url.as_deref().or(head.schema_url),
            closed: container.closed,
            keys: self.list(keys.collect()),
            flattened: &[],
        }
    }

    fn key_of(&'p self, writer: &'p Writer, places: Option<&Places>) -> Key<'p> {
        let place = places.map_or("", |places| self.text(places.shown(writer.node)));
        let source = match &*writer.source {
            ir::Source::Optional => Source::Optional,
            ir::Source::Required => Source::Required,
            ir::Source::Auto => Source::Auto,
            ir::Source::Static(literal) => Source::Static(self.literal(literal)),
            ir::Source::Environment(names) => Source::Environment(self.texts(names)),
        };
        Key {
            source,
            default: writer.default.as_ref().map(|default| self.literal(default)),
            matches: writer.matches.as_ref().map(|template| self.template(template)),
            ..self.key(&writer.key, &Values::of_domain(&writer.domain), place)
        }
    }

    fn template(&'p self, template: &'p ir::Template) -> Template<'p> {
        let parts = template.parts.iter().map(|part| match part {
            TemplatePart::Text(text) => Part::Text(text),
            TemplatePart::Hole(name) => Part::Hole(name),
            TemplatePart::Key(key) => Part::Key(key),
        });
        Template { parts: self.list(parts.collect()) }
    }
}
