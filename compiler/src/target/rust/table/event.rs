//! Events and observed metrics as tables.

use proc_macro2::TokenStream;

use super::code::tree_of_literal;
use super::signal::Named;
use super::tables::{Tables, key};
use super::tree::{FIELD_KIND, Kind, Tree};
use crate::ir::{ContainerId, Domain, Instrument, Literal, NumberType, Scalar, Type};
use crate::plan::{Given, Holds, LaidOut, Layout, observed_labels};

/// The name of what an observed metric measures.
const MEASURED: &str = "value";

impl Tables<'_> {
    /// An event as an expression of type `Event<'static>`.
    #[must_use]
    pub fn event(&self, layout: &Layout<'_>) -> TokenStream {
        (self.read)(&self.event_tree(layout).source(self.paths))
    }

    pub(super) fn event_tree(&self, layout: &Layout<'_>) -> Tree {
        let event = layout.event;
        let name = event.full_name();
        let running: Vec<&Instrument> = self.contract.running(event).collect();
        let elapsed = layout.fields.iter().enumerate().find_map(|(number, field)| match field.given {
            Given::Elapsed(nanoseconds) => {
                let fields =
                    vec![("field", Tree::number(number)), ("nanoseconds", Tree::Double(nanoseconds))];
                Some(Tree::Struct(Kind::Elapsed, fields))
            }
            _ => None,
        });
        let metric = |metric: &Instrument| self.metric(metric, Named::Event(layout));
        Tree::Struct(
            Kind::Event,
            vec![
                ("name", Tree::text(&name)),
                ("place", Tree::text(self.contract.places.shown(event.node))),
                ("scope", Tree::Scope((self.scope)(&self.name_of_scope(event.scope)))),
                ("fields", Tree::list(&layout.fields, |field| self.field(field))),
                ("values", Tree::number(layout.values)),
                ("elapsed", Tree::option(elapsed)),
                ("drop_invalid", Tree::Bool(event.drop_invalid)),
                ("metrics", Tree::list(&event.metrics, metric)),
                ("running", Tree::list(&running, |one| metric(one))),
                ("log", Tree::option(event.log.as_ref().map(|log| self.log(log, layout)))),
                ("span", Tree::option(event.span.as_ref().map(|span| self.span(span, layout)))),
            ],
        )
    }

    fn name_of_scope(&self, scope: Option<ContainerId>) -> String {
        scope.map_or(String::new(), |scope| self.contract.container(scope).full_name())
    }

    /// What a plain field's values are as an expression of type `Key<'static>`; nothing of another field.
    #[must_use]
    pub fn key(&self, laid_out: &LaidOut<'_>) -> String {
        match &laid_out.holds {
            Holds::Plain(values) => key(&laid_out.field.key, values, "").source(self.paths),
            Holds::Meaning(_) | Holds::Contexts => String::new(),
        }
    }

    fn field(&self, laid_out: &LaidOut<'_>) -> Tree {
        let LaidOut { field, holds, given, at, .. } = laid_out;
        let kind = match holds {
            Holds::Plain(values) => {
                let slot = self.slot(&field.key, values, &self.contract.places.shown(field.node));
                plain(slot, field.unset.as_ref().map(tree_of_literal))
            }
            Holds::Meaning(meaning) => {
                let number = field.unset.as_ref().and_then(|unset| match unset {
                    Literal::String(name) => meaning.variants.iter().position(|one| one.name == *name),
                    _ => None,
                });
                let table = Tree::Meaning((self.meaning)(&meaning.full_name()));
                let fields = vec![("meaning", table), ("unset", Tree::option(number.map(Tree::number)))];
                Tree::Named(&FIELD_KIND, 1, fields)
            }
            Holds::Contexts => Tree::unit(&FIELD_KIND, 2),
        };
        field_of(&field.name, kind, *at, matches!(given, Given::Begin | Given::Constant(_)))
    }

    /// An observed metric as an expression of type `Observed<'static>`.
    #[must_use]
    pub fn observed(&self, metric: &Instrument) -> TokenStream {
        let mut fields: Vec<Tree> = observed_labels(&metric.writers)
            .enumerate()
            .map(|(at, (writer, attribute))| {
                let values = self.attributes.values(Some(attribute), writer.domain.as_ref());
                let place = self.contract.places.shown(writer.node);
                field_of(&writer.key, plain(self.slot(attribute, &values, &place), None), at, true)
            })
            .collect();
        let labels = fields.len();
        let measured = Domain::of(Type::Scalar(match metric.number {
            Some(NumberType::Int) => Scalar::Int,
            Some(NumberType::Double) | None => Scalar::Double,
        }));
        let values = self.attributes.values(None, Some(&measured));
        let place = self.contract.places.shown(metric.node);
        fields.push(field_of(MEASURED, plain(self.slot(MEASURED, &values, &place), None), labels, true));
        let observed = Tree::Struct(
            Kind::Observed,
            vec![
                ("scope", Tree::Scope((self.scope)(&self.name_of_scope(metric.scope)))),
                ("fields", Tree::List(fields)),
                ("metric", self.metric(metric, Named::Observed(labels))),
            ],
        );
        (self.read)(&observed.source(self.paths))
    }
}

fn plain(slot: Tree, unset: Option<Tree>) -> Tree {
    Tree::Named(&FIELD_KIND, 0, vec![("slot", slot), ("unset", Tree::option(unset))])
}

fn field_of(name: &str, kind: Tree, at: usize, at_begin: bool) -> Tree {
    Tree::Struct(
        Kind::Field,
        vec![
            ("name", Tree::text(name)),
            ("kind", kind),
            ("at", Tree::number(at)),
            ("at_begin", Tree::Bool(at_begin)),
        ],
    )
}
