//! What a name may be: everything that a contract and the built-in vocabularies have, by name, part of a name, near miss, unit and
//! words of the description.
//!
//! The built-in vocabularies that are tables are looked at there, so that nothing of them is read; those of meanings are compiled. What
//! is shown is made for the matches that are asked for alone.

mod matched;
mod prometheus;
mod rank;
mod render;
mod shared;
mod uses;
mod what;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use slo_grammar::{Item, parse};
use slo_model::names::PrometheusNaming;
use slo_stdlib_mappings::{VOCABULARIES, Vocabulary, vocabulary};

use super::known::{self, Kind, Known, What};
use super::name::of_series;
use crate::ir::Contract;
use crate::{Compilation, Written};

pub use matched::Match;
pub use prometheus::PrometheusName;
pub use rank::By;
use rank::{Fit, Wanted};
pub use uses::StructUse;

/// The number of the JSON's format. Another number is another format.
pub const FORMAT: u32 = 1;

/// How long a text may be that is looked up, in characters.
pub const MOST_LETTERS: usize = 200;

/// How many matches may be asked for.
pub const MOST_MATCHES: u16 = 500;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lookup {
    /// The format's number, [`FORMAT`].
    pub format: u32,
    /// The text that was looked up.
    pub text: String,
    /// The contract's name; none where there is no contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// What fits, the best first.
    pub matches: Vec<Match>,
    /// How many more fit.
    pub left_off: usize,
}

/// Where names are looked up.
pub struct Ground<'g> {
    contract: Option<&'g Contract>,
    /// The built-in vocabularies, in the versions that the contract stands on, else the newest.
    tables: Vec<&'static Vocabulary>,
    /// The packages that the contract's files use.
    uses: Vec<String>,
    /// The vocabularies that the contract stands on.
    stands_on: Vec<&'g str>,
    structs: &'g [Written],
    is_contract: bool,
    /// The built-in vocabularies of meanings.
    shared: Vec<Arc<Contract>>,
}

impl Default for Ground<'_> {
    /// The built-in vocabularies alone.
    fn default() -> Self {
        Ground {
            contract: None,
            tables: VOCABULARIES.to_vec(),
            uses: Vec::new(),
            stands_on: Vec::new(),
            structs: &[],
            is_contract: false,
            shared: shared::contracts(),
        }
    }
}

impl<'g> Ground<'g> {
    /// A contract, as far as it can be known, with the structs of its crates.
    #[must_use]
    pub fn of(compilation: &'g Compilation, structs: &'g [Written]) -> Ground<'g> {
        let own =
            compilation.sources.files().filter(|(_, file)| file.root == 0 && file.path.ends_with(".slo"));
        let mut uses: Vec<String> = own
            .flat_map(|(id, file)| parse(id, file.text.clone()).items)
            .filter_map(
                |item| if let Item::Use(used) = item { Some(used.name.value.to_string()) } else { None },
            )
            .collect();
        uses.sort();
        uses.dedup();
        let manifest = compilation.manifest.as_ref();
        let in_its_version = |newest: &&'static Vocabulary| {
            let taken = compilation.stands_on.iter().find(|(name, _)| name == newest.name);
            taken.and_then(|(name, version)| vocabulary(name, version)).unwrap_or(newest)
        };
        Ground {
            contract: compilation.contract.as_deref(),
            tables: VOCABULARIES.iter().map(in_its_version).collect(),
            uses,
            stands_on: manifest
                .iter()
                .flat_map(|manifest| manifest.vocabularies.iter().map(|(name, ..)| name.as_str()))
                .collect(),
            structs,
            is_contract: true,
            shared: shared::contracts(),
        }
    }

    /// The package that a file has to use so that it sees what this one declares; none where one of the contract's files does.
    fn missing_use(&self, package: &str) -> Option<String> {
        let sees = |used: &String| {
            package.strip_prefix(used.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        (!self.uses.iter().any(sees)).then(|| format!("use {package}"))
    }

    /// The line of `slo.toml` by which the contract stands on a vocabulary; none where it does.
    fn missing_vocabulary(&self, name: &str, version: &str) -> Option<String> {
        // A vocabulary of meanings is there only where it is named, so that also who has no contract yet is told.
        let is_asked = self.is_contract || shared::of_package(name).is_some();
        let missing = is_asked && !self.stands_on.contains(&name);
        missing.then(|| format!("\"{name}\" = \"{version}\""))
    }

    /// The ways on which points come to a server: the contract's, or all, where nothing says one.
    fn namings(&self) -> Vec<PrometheusNaming> {
        use crate::ir::Target;
        match self.contract {
            Some(contract) if contract.targets.contains(&Target::Prometheus) => contract.prometheus.namings(),
            Some(_) => Vec::new(),
            None => slo_model::names::PrometheusWay::ALL
                .map(|way| PrometheusNaming { way, ..PrometheusNaming::default() })
                .into(),
        }
    }
}

/// Something that fits.
struct Candidate<'g> {
    known: Known<'g>,
    /// The contract that it stands in; none where that is a table.
    contract: Option<&'g Contract>,
    fit: Fit,
    is_own: bool,
}

/// Looks a text up. At most `most` matches are shown, and the others counted.
#[must_use]
pub fn lookup(ground: &Ground<'_>, text: &str, most: usize) -> Lookup {
    let cut: String = text.chars().take(MOST_LETTERS).collect();
    let mut wanted = Wanted::new(&cut);
    let namings = ground.namings();
    let series = ground.contract.map(|contract| of_series(contract, wanted.text())).unwrap_or_default();
    // What the contract has by a name is told of that name, and not again of the vocabulary that it comes from.
    let mut found: BTreeMap<(Kind, String), Candidate<'_>> = BTreeMap::new();
    for known in ground.contract.into_iter().flat_map(known::of_contract) {
        let is_series = known.kind == Kind::Metric && series.contains(&*known.name);
        let fit = if is_series { Some((By::Name, 1)) } else { None };
        let Some(fit) = fit.into_iter().chain(fit_of(&mut wanted, &known)).min() else { continue };
        let is_own = ground.contract.is_some_and(|contract| known.what.is_own(contract));
        let key = (known.kind, known.name.to_string());
        let better = found.get(&key).is_none_or(|other| (fit, !is_own) < (other.fit, !other.is_own));
        if better {
            found.insert(key, Candidate { known, contract: ground.contract, fit, is_own });
        }
    }
    for shared in ground.shared.iter().map(|shared| &**shared) {
        for known in known::of_contract(shared) {
            let key = (known.kind, known.name.to_string());
            // What they stand on is looked at in its tables.
            if shared::of_package(known.what.package()).is_none() || found.contains_key(&key) {
                continue;
            }
            // What the contract calls by a word comes before what others call so in their packages.
            let of_all = wanted.name(&known.name, None);
            let of_bare = fit_of(&mut wanted, &known).map(|fit| fit.max((By::Word, 0)));
            if let Some(fit) = of_all.into_iter().chain(of_bare).min() {
                found.insert(key, Candidate { known, contract: Some(shared), fit, is_own: false });
            }
        }
    }
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for known in known::of_tables(&ground.tables) {
        let fit = fit_of(&mut wanted, &known);
        let series = || prometheus::is_series(&wanted, &known.what, &namings).then_some((By::Name, 1));
        let Some(fit) = fit.filter(|(by, _)| *by == By::Name).or_else(series).or(fit) else { continue };
        // A metric that an event records is the convention's, and says so itself.
        if found.contains_key(&(known.kind, known.name.to_string())) {
            continue;
        }
        candidates.push(Candidate { known, contract: None, fit, is_own: false });
    }
    candidates.extend(found.into_values());
    candidates.sort_by(|left, right| left.order().cmp(&right.order()));
    let left_off = candidates.len().saturating_sub(most);
    candidates.truncate(most);
    let matches = candidates.iter().map(|one| Match::of(ground, &namings, one)).collect();
    Lookup {
        format: FORMAT,
        text: cut,
        contract: ground.contract.map(|contract| contract.name.clone()),
        matches,
        left_off,
    }
}

impl Candidate<'_> {
    /// The best first; of equals the contract's own, what isn't deprecated, the shortest.
    fn order(&self) -> impl Ord + '_ {
        let Candidate { known, fit, is_own, .. } = self;
        (*fit, !is_own, known.what.is_deprecated(), known.name.len(), &*known.name, known.kind)
    }
}

fn fit_of(wanted: &mut Wanted, known: &Known<'_>) -> Option<Fit> {
    let name = wanted.name(&known.name, known.bare);
    match name {
        Some((By::Name | By::Prefix | By::Word, _)) => name,
        _ => {
            let unit = wanted.unit(known.what.unit());
            let described = || wanted.described(&known.name, known.what.docs());
            name.into_iter().chain(unit).min().or_else(described)
        }
    }
}

impl Lookup {
    /// For people at a terminal of so many columns: with bold and faint text if `color`, else plain.
    #[must_use]
    pub fn terminal(&self, color: bool, width: usize) -> String {
        render::terminal(self, color, width)
    }

    /// As JSON, on lines for people.
    #[must_use]
    pub fn json(&self) -> String {
        super::render::json(self)
    }
}
