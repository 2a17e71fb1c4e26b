//! What the static tables of built-in vocabularies declare, as the IR has it.

use super::{Attribute, Deprecation, Domain, Literal, Member, Scalar, Type};

/// An attribute of a table. Tables were checked when they were made.
impl From<&slo_stdlib_mappings::Attribute> for Attribute {
    fn from(attribute: &slo_stdlib_mappings::Attribute) -> Attribute {
        let members = attribute.members.map(|members| {
            let member = |member: &slo_stdlib_mappings::Member| Member {
                name: member.name.to_owned(),
                wire: match member.wire {
                    slo_stdlib_mappings::Wire::String(text) => Literal::String(text.to_owned()),
                    slo_stdlib_mappings::Wire::Int(number) => Literal::Int(number),
                },
                docs: member.docs.to_owned(),
            };
            members.iter().map(member).collect()
        });
        let domain = Domain {
            members,
            open: attribute.open,
            unit: attribute.unit.map(str::to_owned),
            ..Domain::of(table_type(attribute.value))
        };
        Attribute {
            node: None,
            package: attribute.package.into(),
            key: attribute.key.to_owned(),
            docs: attribute.docs.to_owned(),
            domain,
            stability: attribute.stability.map(str::to_owned),
            sensitive: false,
            deprecated: attribute.deprecated.map(Deprecation::from),
        }
    }
}

impl From<slo_stdlib_mappings::Deprecation> for Deprecation {
    fn from(deprecation: slo_stdlib_mappings::Deprecation) -> Deprecation {
        match deprecation {
            slo_stdlib_mappings::Deprecation::Successor(key) => Deprecation::Successor(key.to_owned()),
            slo_stdlib_mappings::Deprecation::Reason(reason) => Deprecation::Reason(reason.to_owned()),
        }
    }
}

fn table_type(value: slo_stdlib_mappings::Type) -> Type {
    use slo_stdlib_mappings::Type as Table;
    match value {
        Table::String => Type::Scalar(Scalar::String),
        Table::Int => Type::Scalar(Scalar::Int),
        Table::Double => Type::Scalar(Scalar::Double),
        Table::Bool => Type::Scalar(Scalar::Bool),
        Table::Bytes => Type::Scalar(Scalar::Bytes),
        Table::StringArray => Type::Array(Scalar::String),
        Table::IntArray => Type::Array(Scalar::Int),
        Table::DoubleArray => Type::Array(Scalar::Double),
        Table::BoolArray => Type::Array(Scalar::Bool),
        Table::Any => Type::Any,
        Table::Map(inner) => Type::Map(Box::new(table_type(*inner))),
        Table::Timestamp(unit) => Type::Timestamp(unit.to_owned()),
        Table::Duration(unit) => Type::Duration(unit.to_owned()),
    }
}
