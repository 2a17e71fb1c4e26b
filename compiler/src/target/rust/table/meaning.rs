//! Meanings and views as tables.

use proc_macro2::TokenStream;

use super::code::tree_of_literal;
use super::signal::severity;
use super::tables::{Tables, maybe_text, numbers};
use super::tree::{Kind, PAIR_VALUE, SHOWN, SIGNAL, STATUS, Tree};
use crate::ir::{
    Lossy, Meaning, Pair, PairValue, Payload, PayloadId, Projection, Shown, Signal, Status, Variant,
};

impl Tables<'_> {
    /// A meaning or a view as an expression of type `Meaning<'static>`.
    #[must_use]
    pub fn meaning(&self, meaning: &Meaning) -> TokenStream {
        (self.read)(&self.meaning_text(meaning))
    }

    /// The same as text, for where the table itself stands in another one.
    #[must_use]
    pub fn meaning_text(&self, meaning: &Meaning) -> String {
        let until = meaning.view.as_ref().and_then(|view| view.until.as_deref());
        let tree = Tree::Struct(
            Kind::Meaning,
            vec![
                ("name", Tree::text(meaning.full_name())),
                ("variants", Tree::list(&meaning.variants, |variant| self.variant(variant))),
                ("lossy", Tree::list(&meaning.lossy, |merged| lossy(meaning, merged))),
                ("until", maybe_text(until)),
            ],
        );
        tree.source(self.paths)
    }

    fn variant(&self, variant: &Variant) -> Tree {
        Tree::Struct(
            Kind::Variant,
            vec![
                ("name", Tree::text(&variant.name)),
                ("payload", Tree::list(&variant.payload, |payload| self.payload(payload))),
                ("metric", shown(variant.metric.as_ref())),
                ("log", shown(variant.log.as_ref())),
                ("span", shown(variant.span.as_ref())),
                ("severity", Tree::option(variant.severity.map(severity))),
                ("status", Tree::option(variant.status.map(status))),
            ],
        )
    }

    fn payload(&self, payload: &Payload) -> Tree {
        let key = (!payload.key.is_empty()).then_some(payload.key.as_str());
        let values = self.attributes.values(key, payload.domain.as_ref());
        self.slot(&payload.name, &values, &self.contract.places.shown(payload.node))
    }
}

fn shown(projection: Option<&Projection>) -> Tree {
    match projection.map(|projection| &projection.shown) {
        None => Tree::unit(&SHOWN, 0),
        Some(Shown::None) => Tree::unit(&SHOWN, 1),
        Some(Shown::Pairs(pairs)) => {
            // A pair whose value can't be known is another root's mistake.
            let known = pairs.iter().filter_map(pair).collect();
            Tree::Variant(&SHOWN, 2, vec![Tree::List(known)])
        }
    }
}

fn pair(pair: &Pair) -> Option<Tree> {
    let number = |payload: PayloadId| Tree::number(payload.index());
    let value = match pair.value.as_ref()? {
        PairValue::Constant(literal) => Tree::Variant(&PAIR_VALUE, 0, vec![tree_of_literal(literal)]),
        PairValue::Payload(id) => Tree::Variant(&PAIR_VALUE, 1, vec![number(*id)]),
        PairValue::ToString(id) => Tree::Variant(&PAIR_VALUE, 2, vec![number(*id)]),
    };
    Some(Tree::Struct(Kind::Pair, vec![("key", Tree::text(&pair.key)), ("value", value)]))
}

fn lossy(meaning: &Meaning, lossy: &Lossy) -> Tree {
    let number = |name: &String| meaning.variants.iter().position(|variant| variant.name == *name);
    let variants: Vec<usize> = lossy.variants.iter().filter_map(number).collect();
    let signal = match lossy.signal {
        Signal::Metric => 0,
        Signal::Log => 1,
        Signal::Span => 2,
    };
    let fields = vec![("signal", Tree::unit(&SIGNAL, signal)), ("variants", numbers(&variants))];
    Tree::Struct(Kind::Lossy, fields)
}

fn status(status: Status) -> Tree {
    let number = match status {
        Status::Unset => 0,
        Status::Ok => 1,
        Status::Error => 2,
    };
    Tree::unit(&STATUS, number)
}
