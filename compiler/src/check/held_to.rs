//! Which version of the conventions something is held to.
//!
//! What a contract's own program records follows the version that the contract takes in. What a library records follows the
//! schema URL of its scope, and without one no version at all: some libraries send the names of years ago.

use std::borrow::Cow;

use slo_stdlib_mappings::{VOCABULARIES, Vocabulary, schema_version, vocabulary};

use crate::ir::draft::{
    Container, ContainerId, Contract, Declaration, Deprecation, Head, Leaf, Metric, Signal,
};
use crate::roots::built_in;

/// The version of the conventions that something is held to.
#[derive(Clone, Copy)]
pub(super) enum HeldTo {
    /// The one that the contract takes in.
    TakenIn,
    /// The one that a schema URL names.
    Version(&'static Vocabulary),
    /// None.
    Nothing,
}

impl HeldTo {
    /// What a scope records, and whether a library or another program does.
    pub(super) fn of(contract: &Contract, scope: Option<Leaf<ContainerId>>, is_external: bool) -> HeldTo {
        let scope = scope.as_ref().and_then(Leaf::known).map(|id| contract.container(*id));
        scope.map_or(HeldTo::without_url(is_external), |scope| HeldTo::of_scope(scope, is_external))
    }

    /// The same of a scope itself.
    pub(super) fn of_scope(scope: &Container, is_external: bool) -> HeldTo {
        let Some(url) = &scope.schema_url else { return HeldTo::without_url(is_external) };
        let of = |table: &&Vocabulary| Some(vocabulary(table.name, schema_version(table.name, url)?));
        match VOCABULARIES.iter().copied().find_map(|table| of(&table)) {
            Some(Some(table)) => HeldTo::Version(table),
            // A version that isn't known.
            Some(None) => HeldTo::Nothing,
            // A schema that is none of the conventions' says nothing of them.
            None => HeldTo::without_url(is_external),
        }
    }

    /// Whether it is the same.
    pub(super) fn is(self, other: HeldTo) -> bool {
        match (self, other) {
            (HeldTo::TakenIn, HeldTo::TakenIn) | (HeldTo::Nothing, HeldTo::Nothing) => true,
            (HeldTo::Version(one), HeldTo::Version(other)) => one.version == other.version,
            _ => false,
        }
    }

    const fn without_url(is_external: bool) -> HeldTo {
        if is_external { HeldTo::Nothing } else { HeldTo::TakenIn }
    }

    /// Why an attribute should not be used.
    pub(super) fn deprecation<'d>(self, attribute: &Head<'d>) -> Option<Cow<'d, Deprecation>> {
        match self {
            HeldTo::Version(table) if built_in::has(attribute.package) => {
                let deprecated = table.attribute(attribute.key)?.deprecated?;
                Some(Cow::Owned(Deprecation::from(deprecated)))
            }
            HeldTo::Nothing if built_in::has(attribute.package) => None,
            _ => attribute.deprecated.map(Cow::Borrowed),
        }
    }

    /// What a metric is held to: of another version the labels and the name are known.
    pub(super) fn metric(self, taken_in: &Metric) -> Option<Cow<'_, Metric>> {
        match self {
            HeldTo::Version(table) if built_in::has(&taken_in.package) => {
                Some(Cow::Owned(Metric::of_table(table.metric(&taken_in.name)?, taken_in.node)))
            }
            HeldTo::Nothing if built_in::has(&taken_in.package) => None,
            _ => Some(Cow::Borrowed(taken_in)),
        }
    }

    /// What a span or a log is held to.
    pub(super) fn declaration(self, signal: Signal, taken_in: &Declaration) -> Option<Cow<'_, Declaration>> {
        match self {
            HeldTo::Version(table) if built_in::has(&taken_in.package) => {
                let declared = match signal {
                    Signal::Span => table.span(&taken_in.name),
                    Signal::Log | Signal::Metric => table.log(&taken_in.name),
                };
                Some(Cow::Owned(Declaration::of_table(declared?, taken_in.node)))
            }
            HeldTo::Nothing if built_in::has(&taken_in.package) => None,
            _ => Some(Cow::Borrowed(taken_in)),
        }
    }
}
