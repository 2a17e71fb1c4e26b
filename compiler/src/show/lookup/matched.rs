//! What is told of a name that fits.

use std::collections::BTreeMap;

use serde::Serialize;
use slo_model::names::{MetricKind, PrometheusNaming};

use super::rank::Wanted;
use super::{By, Candidate, Ground, Kind, What};
use crate::ir::{Attribute, Contract, Entities, Instrument, Metric};
use crate::measure::kind_of;
use crate::show::sheet::{AttributeSheet, Deprecated, MeaningSheet, Place, Use, Values, place_in_table};

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

/// A name under Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrometheusName {
    /// The metric's name, or the label.
    pub name: String,
    /// The ways on which it is called so, as `slo.toml` names them.
    pub ways: Vec<&'static str>,
}

/// A struct with the derive that writes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StructUse {
    /// Its name.
    pub name: String,
    /// What it stands for: `resource`, `scope` or `event`.
    pub kind: &'static str,
    /// Where.
    pub place: Place,
}

impl What<'_> {
    pub(super) fn unit(&self) -> &str {
        match self {
            What::Attribute(attribute) => attribute.domain.unit.as_deref().unwrap_or_default(),
            What::Recorded(metric) => &metric.unit,
            What::Metric(metric) => &metric.unit,
            What::TableAttribute(_, attribute) => attribute.unit.unwrap_or_default(),
            What::TableMetric(_, metric) => metric.unit,
            _ => "",
        }
    }

    pub(super) fn docs(&self) -> &str {
        match self {
            What::Attribute(one) => &one.docs,
            What::Recorded(one) if one.docs.is_empty() => {
                one.convention.as_ref().map_or("", |convention| &convention.docs)
            }
            What::Recorded(one) => &one.docs,
            What::Metric(one) => &one.docs,
            What::Declared(one) => &one.docs,
            What::Meaning(one) => &one.docs,
            What::Event(one) | What::LogOf(one) => &one.docs,
            What::Container(one) => &one.docs,
            What::TableAttribute(_, one) => one.docs,
            What::TableMetric(_, one) => one.docs,
            What::TableDeclared(_, one) => one.docs,
        }
    }

    fn package(&self) -> &str {
        match self {
            What::Attribute(one) => &one.package,
            What::Recorded(one) => {
                one.convention.as_ref().map_or(&one.package, |convention| &convention.package)
            }
            What::Metric(one) => &one.package,
            What::Declared(one) => &one.package,
            What::Meaning(one) => &one.package,
            What::Event(one) | What::LogOf(one) => &one.package,
            What::Container(one) => &one.package,
            What::TableAttribute(_, one) => one.package,
            What::TableMetric(_, one) => one.package,
            What::TableDeclared(_, one) => one.package,
        }
    }

    fn deprecated(&self) -> Option<Deprecated> {
        match self {
            What::Attribute(one) => one.deprecated.as_ref().map(Deprecated::from),
            What::Recorded(one) => one.convention.as_ref()?.deprecated.as_ref().map(Deprecated::from),
            What::Metric(one) => one.deprecated.as_ref().map(Deprecated::from),
            What::Declared(one) => one.deprecated.as_ref().map(Deprecated::from),
            What::TableAttribute(_, one) => one.deprecated.map(Deprecated::from),
            What::TableMetric(_, one) => one.deprecated.map(Deprecated::from),
            What::TableDeclared(_, one) => one.deprecated.map(Deprecated::from),
            What::Meaning(_) | What::Event(_) | What::LogOf(_) | What::Container(_) => None,
        }
    }

    pub(super) fn is_deprecated(&self) -> bool {
        match self {
            What::Attribute(one) => one.deprecated.is_some(),
            What::Recorded(one) => one.convention.as_ref().is_some_and(|one| one.deprecated.is_some()),
            What::Metric(one) => one.deprecated.is_some(),
            What::Declared(one) => one.deprecated.is_some(),
            What::TableAttribute(_, one) => one.deprecated.is_some(),
            What::TableMetric(_, one) => one.deprecated.is_some(),
            What::TableDeclared(_, one) => one.deprecated.is_some(),
            What::Meaning(_) | What::Event(_) | What::LogOf(_) | What::Container(_) => false,
        }
    }

    fn stability(&self) -> Option<&str> {
        match self {
            What::Attribute(one) => one.stability.as_deref(),
            What::Recorded(one) => one.convention.as_ref()?.stability.as_deref(),
            What::Metric(one) => one.stability.as_deref(),
            What::Declared(one) => one.stability.as_deref(),
            What::TableAttribute(_, one) => one.stability,
            What::TableMetric(_, one) => one.stability,
            What::TableDeclared(_, one) => one.stability,
            What::Meaning(_) | What::Event(_) | What::LogOf(_) | What::Container(_) => None,
        }
    }

    /// Whether it stands in the contract's own text.
    pub(super) fn is_own(&self, contract: &Contract) -> bool {
        match self {
            What::Recorded(_) | What::LogOf(_) => true,
            What::TableAttribute(..) | What::TableMetric(..) | What::TableDeclared(..) => false,
            other => contract.owns(other.package()),
        }
    }

    fn place(&self, contract: Option<&Contract>) -> Option<Place> {
        let node = match self {
            What::TableAttribute(table, one) => return place_in_table(table, one.place),
            What::TableMetric(table, one) => return place_in_table(table, one.place),
            What::TableDeclared(table, one) => return place_in_table(table, one.place),
            What::Attribute(one) => one.node?,
            What::Recorded(one) => one.node,
            What::Metric(one) => one.node,
            What::Declared(one) => one.node,
            What::Meaning(one) => one.node,
            What::Event(one) | What::LogOf(one) => one.node,
            What::Container(one) => one.node,
        };
        Place::of(&contract?.places, node)
    }

    fn value_type(&self, contract: Option<&Contract>) -> Option<String> {
        Some(match self {
            What::Attribute(one) => Values::from(&one.domain).text,
            What::TableAttribute(_, one) => Values::from(&Attribute::from(*one).domain).text,
            What::Recorded(one) => one.kind.name().to_owned(),
            What::Metric(one) => one.kind.clone(),
            What::TableMetric(_, one) => one.kind.to_owned(),
            What::Declared(one) => one.kind.clone()?,
            What::TableDeclared(_, one) => one.kind?.to_owned(),
            What::Meaning(one) => {
                let of =
                    contract.and_then(|contract| Some(contract.meaning(one.view.as_ref()?.of).full_name()));
                let variants: Vec<&str> = one.variants.iter().map(|variant| variant.name.as_str()).collect();
                let (first, more) = crate::show::words::first_few(&variants);
                let more = more.map_or_else(String::new, |more| format!(" {more}"));
                let of = of.map_or_else(String::new, |of| format!("of {of}: "));
                format!("{of}{}{more}", first.join(", "))
            }
            What::Event(_) | What::LogOf(_) | What::Container(_) => return None,
        })
    }
}

/// The kind of a metric that is declared for others, under Prometheus. A histogram's buckets are for who records it to say.
fn declared_kind(kind: &str) -> Option<MetricKind> {
    Some(match kind {
        "counter" => MetricKind::Counter,
        "updowncounter" => MetricKind::UpDownCounter,
        "gauge" => MetricKind::Gauge,
        "histogram" => MetricKind::Histogram,
        _ => return None,
    })
}

/// Whether a text is the name of a metric of a table, or of a series of it, under Prometheus.
pub(super) fn is_series(wanted: &Wanted, what: &What<'_>, namings: &[PrometheusNaming]) -> bool {
    let What::TableMetric(_, metric) = what else { return false };
    let Some(kind) = declared_kind(metric.kind).filter(|_| wanted.may_be_series_of(metric.name)) else {
        return false;
    };
    let text = wanted.text();
    namings.iter().any(|naming| {
        let name = naming.metric(metric.name, metric.unit, kind);
        let is_name = name.is_some_and(|name| {
            name == text || (kind == MetricKind::Counter && name.strip_suffix("_total") == Some(text))
        });
        let series = || naming.series(metric.name, metric.unit, kind);
        is_name || series().is_some_and(|series| series.iter().any(|one| one == text))
    })
}

impl Match {
    pub(super) fn of(ground: &Ground<'_>, namings: &[PrometheusNaming], candidate: &Candidate<'_>) -> Match {
        let Candidate { known, fit: (by, _), .. } = candidate;
        let (name, what, contract) = (&*known.name, &known.what, ground.contract);
        let all = contract.map(|contract| uses(contract, known.kind, name, what)).unwrap_or_default();
        let structs = structs(ground, known.kind, name);
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
            prometheus: prometheus(contract, namings, name, what),
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

/// The names under Prometheus, the ways that agree together.
fn prometheus(
    contract: Option<&Contract>,
    namings: &[PrometheusNaming],
    name: &str,
    what: &What<'_>,
) -> Vec<PrometheusName> {
    let mut names: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut add = |name: Option<String>, naming: &PrometheusNaming| {
        let Some(name) = name else { return };
        let ways = names.entry(name).or_default();
        if !ways.contains(&naming.way.name()) {
            ways.push(naming.way.name());
        }
    };
    let metric = |unit: &str, kind: &str| {
        let kind = declared_kind(kind);
        let unit = unit.to_owned();
        move |naming: &PrometheusNaming| naming.metric(name, &unit, kind?)
    };
    match what {
        What::Attribute(_) | What::TableAttribute(..) => {
            namings.iter().for_each(|naming| add(naming.label(name), naming));
        }
        What::TableMetric(_, one) => {
            let of = metric(one.unit, one.kind);
            namings.iter().for_each(|naming| add(of(naming), naming));
        }
        What::Metric(one) => {
            let of = metric(&one.unit, &one.kind);
            namings.iter().for_each(|naming| add(of(naming), naming));
        }
        What::Recorded(_) => {
            // By the ways of the scopes that record it.
            let Some(contract) = contract.filter(|_| !namings.is_empty()) else { return Vec::new() };
            for one in contract.all_instruments().filter(|one| one.name == name) {
                let naming = contract.naming(one);
                let called = kind_of(one).and_then(|kind| naming.metric(name, &one.unit, kind));
                add(called, &naming);
            }
        }
        _ => {}
    }
    names.into_iter().map(|(name, ways)| PrometheusName { name, ways }).collect()
}

/// Where a contract uses something.
fn uses(contract: &Contract, kind: Kind, name: &str, what: &What<'_>) -> Vec<Use> {
    let place = |node| Place::of(&contract.places, node);
    let used = |owner_kind, name: String, part: String, place| Use {
        owner_kind,
        name,
        part,
        key: None,
        value: String::new(),
        place,
    };
    let mut uses = Vec::new();
    match kind {
        Kind::Attribute => return AttributeSheet::uses_of(contract, name),
        Kind::Metric => {
            for event in &contract.events {
                let metrics = event.metrics.iter().filter(|metric| metric.name == name);
                uses.extend(
                    metrics.map(|one| {
                        used("event", event.full_name(), format!("metric {name}"), place(one.node))
                    }),
                );
            }
            let alone: Vec<&Instrument> =
                contract.instruments.iter().filter(|metric| metric.name == name).collect();
            uses.extend(
                alone.iter().map(|one| used("metric", name.to_owned(), String::new(), place(one.node))),
            );
        }
        Kind::Span => {
            for event in &contract.events {
                let of = |declared: &str| declared == name;
                let span = event
                    .span
                    .as_ref()
                    .filter(|span| span.convention.as_ref().is_some_and(|convention| of(&convention.name)));
                uses.extend(
                    span.map(|span| used("event", event.full_name(), "span".to_owned(), place(span.node))),
                );
            }
        }
        Kind::Log => {
            for event in &contract.events {
                let logs = event.logs.iter().filter(|log| log.name.as_deref() == Some(name));
                uses.extend(
                    logs.map(|log| used("event", event.full_name(), format!("log {name}"), place(log.node))),
                );
            }
        }
        Kind::Entity => {
            let about = |entities: &Option<Entities>| entities.as_ref().is_some_and(|one| one.names(name));
            let metrics: Vec<&Metric> =
                contract.metrics.iter().filter(|metric| about(&metric.entities)).collect();
            uses.extend(
                metrics.iter().map(|one| used("metric", one.name.clone(), String::new(), place(one.node))),
            );
            for (kind, all) in [("span", &contract.declared_spans), ("log", &contract.declared_logs)] {
                let all = all.iter().filter(|one| about(&one.entities));
                uses.extend(all.map(|one| used(kind, one.name.clone(), String::new(), place(one.node))));
            }
        }
        Kind::Meaning | Kind::View => {
            if let What::Meaning(meaning) = what {
                let sheet = MeaningSheet::of(contract, meaning);
                uses.extend(
                    sheet
                        .used_by
                        .into_iter()
                        .map(|one| used("event", one.event, format!("field {}", one.field), one.place)),
                );
            }
        }
        Kind::Scope => {
            for event in &contract.events {
                let scope = event.scope.as_ref().map(|scope| contract.container(**scope).full_name());
                let is_in = scope.as_deref() == Some(name);
                uses.extend(
                    is_in.then(|| used("event", event.full_name(), String::new(), place(event.node))),
                );
            }
        }
        Kind::Event | Kind::Resource => {}
    }
    uses
}

/// The structs that write a key, or that are held to something.
fn structs(ground: &Ground<'_>, kind: Kind, name: &str) -> Vec<StructUse> {
    let mut uses = Vec::new();
    for one in ground.structs {
        let line = match kind {
            Kind::Attribute if one.kind != "event" => {
                one.keys.iter().find(|(key, _)| key == name).map(|(_, line)| *line)
            }
            Kind::Event | Kind::Resource | Kind::Scope => {
                (one.held_to.as_deref() == Some(name)).then_some(one.line)
            }
            _ => None,
        };
        uses.extend(line.map(|line| StructUse {
            name: one.name.clone(),
            kind: one.kind,
            place: Place { file: one.file.clone(), line: u32::try_from(line).unwrap_or(u32::MAX) },
        }));
    }
    uses
}
