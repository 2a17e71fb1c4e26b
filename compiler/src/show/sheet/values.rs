//! Which values something has.

use serde::Serialize;
use slo_grammar::quote;

use crate::ir::{Domain, Literal, Member, Range, Scalar, Type};
use crate::show::words::integer;
use crate::text::grouped;

use super::{Constant, is_false};

/// Which values something has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Values {
    /// All of it as the language writes it; of many members the first few.
    pub text: String,
    /// The type, as the language names it; an enum's is that of its members.
    #[serde(rename = "type")]
    pub value_type: String,
    /// The members of an enum, or the values of `only=` and `values=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<MemberOfValues>>,
    /// Whether values beyond the members occur.
    #[serde(skip_serializing_if = "is_false")]
    pub open: bool,
    /// The least and the greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[Constant; 2]>,
    /// The numbers that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Constant>,
    /// The greatest length of a text, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// The unit, in UCUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How many distinct values there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounded: Option<BoundedValues>,
}

/// A listed value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberOfValues {
    /// Its name in the contract.
    pub name: String,
    /// What stands on the wire.
    pub wire: Constant,
    /// What the contract says of it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The day on which it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A bound on distinct values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoundedValues {
    /// How many.
    pub values: u64,
    /// What stands for the rest.
    pub other: Constant,
}

impl From<&Domain> for Values {
    fn from(domain: &Domain) -> Values {
        let members = domain.members.as_ref().map(|members| {
            let member = |member: &Member| MemberOfValues {
                name: member.name.clone(),
                wire: Constant::from(&member.wire),
                docs: member.docs.clone(),
                until: member.until.clone(),
            };
            members.iter().map(member).collect()
        });
        Values {
            text: text(domain),
            value_type: domain.value.to_string(),
            members,
            open: domain.open,
            range: domain.range.map(|range| match range {
                Range::Int(low, high) => [low, high].map(|number| Constant(Literal::Int(number))),
                Range::Double(low, high) => [low, high].map(|number| Constant(Literal::Double(number))),
            }),
            except: domain.except.iter().map(Constant::from).collect(),
            max_length: domain.max_length,
            unit: domain.unit.clone(),
            bounded: domain.bounded.as_ref().map(|bounded| BoundedValues {
                values: bounded.values,
                other: Constant::from(&bounded.other),
            }),
        }
    }
}

/// A domain as the language writes it.
fn text(domain: &Domain) -> String {
    let mut text = match &domain.members {
        Some(members) => of_members(&domain.value, members),
        None => domain.value.to_string(),
    };
    if let Some(range) = domain.range {
        text.push_str(if domain.members.is_some() { ", range=" } else { " " });
        match range {
            Range::Int(low, high) => {
                text.push_str(&format!("{}..={}", integer(low), integer(high)));
            }
            Range::Double(low, high) => text.push_str(&format!("{low:?}..={high:?}")),
        }
    }
    if !domain.except.is_empty() {
        let numbers: Vec<String> = domain
            .except
            .iter()
            .take(EXCEPTED_SHOWN)
            .map(|number| Constant::from(number).to_string())
            .collect();
        let more = domain.except.len().saturating_sub(EXCEPTED_SHOWN);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        text.push_str(&format!(", except=[{}{more}]", numbers.join(", ")));
    }
    if domain.open {
        text.push_str(", open");
    }
    if let Some(length) = domain.max_length {
        text.push_str(&format!(", max={}", grouped(length.into())));
    }
    // A duration's unit stands in its type already.
    if let Some(unit) = &domain.unit
        && !matches!(&domain.value, Type::Duration(own) if own == unit)
    {
        text.push_str(&format!(", unit={}", quote(unit)));
    }
    if let Some(bounded) = &domain.bounded {
        let other = Constant::from(&bounded.other);
        text.push_str(&format!(", bounded={}, other={other}", grouped(bounded.values)));
    }
    text
}

/// How many numbers that are left out a text lists.
const EXCEPTED_SHOWN: usize = 8;

/// How many characters of members a text lists before it says how many more there are.
const MEMBERS_SHOWN: usize = 60;

fn of_members(value: &Type, members: &[Member]) -> String {
    let plain = |member: &Member| match &member.wire {
        Literal::Int(number) => number.to_string() == member.name,
        Literal::String(text) => *text == member.name,
        _ => false,
    };
    let mut shown = String::new();
    for (at, member) in members.iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        if shown.chars().count() > MEMBERS_SHOWN {
            shown.push_str(&format!("{separator}and {} more", grouped((members.len() - at) as u64)));
            break;
        }
        let wire = Constant::from(&member.wire);
        let is_word = |character: char| character.is_alphanumeric() || "_.-".contains(character);
        let text = match plain(member) {
            true if member.name.chars().all(is_word) && !member.name.is_empty() => member.name.clone(),
            true => wire.to_string(),
            false => format!("{} = {wire}", member.name),
        };
        shown.push_str(&format!("{separator}{text}"));
    }
    match value {
        Type::Scalar(Scalar::Int) if members.iter().all(plain) => format!("int, only=[{shown}]"),
        Type::Scalar(_) => format!("enum {{ {shown} }}"),
        other => format!("{other} of enum {{ {shown} }}"),
    }
}
