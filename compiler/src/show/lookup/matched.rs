//! What is told of a name that fits.

use serde::Serialize;
use slo_model::names::PrometheusNaming;

use super::prometheus::{self, PrometheusName};
use super::uses::{self, StructUse};
use super::{By, Candidate, Ground, Kind, What};
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
        let (name, what, contract) = (&*known.name, &known.what, ground.contract);
        let all =
            contract.map(|contract| uses::of_contract(contract, known.kind, name, what)).unwrap_or_default();
        let structs = uses::of_structs(ground, known.kind, name);
        let more_uses = all.len().saturating_sub(MOST_USES) + structs.len().saturating_sub(MOST_USES);
        let table = match what {
            What::TableAttribute(table, _) | What::TableMetric(table, _) | What::TableDeclared(table, _) => {
                Some(*table)
            }
            _ => None,
        };
        let unit = what.unit();
        Match {
            kind: known.kind,
            name: name.to_owned(),
            by: *by,
            package: Some(what.package().to_owned()).filter(|package| !package.is_empty()),
            place: what.place(contract),
            docs: cut(what.docs()),
            value_type: what.value_type(contract),
            unit: (!unit.is_empty()).then(|| unit.to_owned()),
            stability: what.stability().map(str::to_owned),
            deprecated: what.deprecated(),
            prometheus: prometheus::names(contract, namings, name, what),
            missing_use: table.and_then(|_| ground.missing_use(what.package())),
            vocabulary: table.and_then(|table| ground.missing_vocabulary(table.name, table.version)),
            uses: all.into_iter().take(MOST_USES).collect(),
            structs: structs.into_iter().take(MOST_USES).collect(),
            more_uses,
        }
    }
}

fn cut(docs: &str) -> String {
    match docs.char_indices().nth(MOST_DOCS) {
        Some((end, _)) => format!("{}…", docs.get(..end).unwrap_or_default()),
        None => docs.to_owned(),
    }
}
