//! What is known of something that has a name, whether a contract or a table has it.

use super::What;
use crate::ir::{Attribute, Contract};
use crate::show::sheet::{Deprecated, Place, Values, place_in_table};
use crate::show::words::first_few;

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

    pub(super) fn package(&self) -> &str {
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

    pub(super) fn deprecated(&self) -> Option<Deprecated> {
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

    pub(super) fn stability(&self) -> Option<&str> {
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

    pub(super) fn place(&self, contract: Option<&Contract>) -> Option<Place> {
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

    pub(super) fn value_type(&self, contract: Option<&Contract>) -> Option<String> {
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
                let (first, more) = first_few(&variants);
                let more = more.map_or_else(String::new, |more| format!(" {more}"));
                let of = of.map_or_else(String::new, |of| format!("of {of}: "));
                format!("{of}{}{more}", first.join(", "))
            }
            What::Event(_) | What::LogOf(_) | What::Container(_) => return None,
        })
    }
}
