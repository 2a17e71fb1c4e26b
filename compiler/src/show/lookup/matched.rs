//! What is told of a name that fits.

use serde::Serialize;
use slo_model::names::PrometheusNaming;

use super::prometheus::{self, PrometheusName};
use super::uses::{self, StructUse};
use super::{By, Candidate, Ground, Kind, What, shared};
use crate::ir::Contract;
use crate::show::sheet::{Deprecated, Place, Use};

/// How many uses of a name are listed, of the contract and of structs each.
const MOST_USES: usize = 8;

/// The longest description that is told, in characters.
const MOST_DOCS: usize = 2_000;

/// Something that fits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// By what it was found.
    pub by: By,
    /// The package that declares it; none of what only events name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What is said of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// An attribute's values, a metric's instrument, a span's kind or a log's severity.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub value_type: Option<String>,
    /// Its unit, in UCUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its stability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<String>,
    /// Why it should not be used any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<Deprecated>,
    /// What it is called under Prometheus, by the ways on which points come there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prometheus: Vec<PrometheusName>,
    /// The line that takes it in, where no file of the contract does.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub missing_use: Option<String>,
    /// What `slo.toml` lacks for that under `[vocabularies]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<String>,
    /// How a built-in meaning is taken: as a field of an event, or into a meaning of the contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_by: Vec<String>,
    /// Where the contract uses it: the first few.
    pub uses: Vec<Use>,
    /// The structs that write it: the first few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub structs: Vec<StructUse>,
    /// How many more of both there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_uses: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Match {
    pub(super) fn of(ground: &Ground<'_>, namings: &[PrometheusNaming], candidate: &Candidate<'_>) -> Match {
        let Candidate { known, fit: (by, _), .. } = candidate;
        let (name, what) = (&*known.name, &known.what);
        // What the contract doesn't take in it may use by name: what a table declares.
        let of_contract = |contract: &Contract| uses::of_contract(contract, known.kind, name, what);
        let is_here = candidate
            .contract
            .is_none_or(|contract| ground.contract.is_some_and(|own| std::ptr::eq(own, contract)));
        let all = ground.contract.filter(|_| is_here).map(of_contract).unwrap_or_default();
        let structs = uses::of_structs(ground, known.kind, name);
        let more_uses = all.len().saturating_sub(MOST_USES) + structs.len().saturating_sub(MOST_USES);
        let contract = candidate.contract;
        let built_in = match what {
            What::TableAttribute(table, _) | What::TableMetric(table, _) | What::TableDeclared(table, _) => {
                Some((table.name, table.version))
            }
            _ => shared::of_package(what.package()).map(|meanings| (meanings.name, meanings.version)),
        };
        let unit = what.unit();
        Match {
            kind: known.kind,
            name: name.to_owned(),
            by: *by,
            package: Some(what.package().to_owned()).filter(|package| !package.is_empty()),
            place: what.place(contract).map(|place| match shared::of_package(what.package()) {
                Some(meanings) => Place { file: format!("{}/{}", meanings.name, place.file), ..place },
                None => place,
            }),
            docs: cut(what.docs()),
            value_type: what.value_type(contract),
            unit: (!unit.is_empty()).then(|| unit.to_owned()),
            stability: what.stability().map(str::to_owned),
            deprecated: what.deprecated(),
            prometheus: prometheus::names(contract, namings, name, what),
            missing_use: built_in.and_then(|_| ground.missing_use(what.package())),
            vocabulary: built_in.and_then(|(name, version)| ground.missing_vocabulary(name, version)),
            taken_by: taken_by(known.kind, what),
            uses: all.into_iter().take(MOST_USES).collect(),
            structs: structs.into_iter().take(MOST_USES).collect(),
            more_uses,
        }
    }
}

fn taken_by(kind: Kind, what: &What<'_>) -> Vec<String> {
    match what {
        What::Meaning(meaning) if kind == Kind::Meaning && shared::of_package(&meaning.package).is_some() => {
            vec![format!("outcome: {}", meaning.name), format!("...{}", meaning.name)]
        }
        _ => Vec::new(),
    }
}

fn cut(docs: &str) -> String {
    match docs.char_indices().nth(MOST_DOCS) {
        Some((end, _)) => format!("{}…", docs.get(..end).unwrap_or_default()),
        None => docs.to_owned(),
    }
}
