//! What the static tables of built-in vocabularies declare, as the IR has it.

use super::{
    Attribute, Declaration, Deprecation, Domain, Entities, ListedKey, Literal, Member, Metric, Node, Scalar,
    Type,
};

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
                until: None,
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
            until: None,
            examples: attribute.examples.iter().map(|example| Literal::from(*example)).collect(),
        }
    }
}

impl From<slo_stdlib_mappings::Example> for Literal {
    fn from(example: slo_stdlib_mappings::Example) -> Literal {
        use slo_stdlib_mappings::Example;
        match example {
            Example::String(text) => Literal::String(text.to_owned()),
            Example::Int(number) => Literal::Int(number),
            Example::Double(number) => Literal::Double(number),
            Example::Bool(truth) => Literal::Bool(truth),
            Example::StringArray(texts) => {
                Literal::StringArray(texts.iter().map(|text| (*text).to_owned()).collect())
            }
            Example::IntArray(numbers) => Literal::IntArray(numbers.to_vec()),
            Example::DoubleArray(numbers) => Literal::DoubleArray(numbers.to_vec()),
            Example::BoolArray(truths) => Literal::BoolArray(truths.to_vec()),
        }
    }
}

impl Metric {
    /// A metric of a table, whose declaration stands at a node.
    pub(crate) fn of_table(metric: &slo_stdlib_mappings::Metric, node: Node) -> Metric {
        Metric {
            node,
            package: metric.package.to_owned(),
            name: metric.name.to_owned(),
            docs: metric.docs.to_owned(),
            kind: metric.kind.to_owned(),
            unit: metric.unit.to_owned(),
            stability: metric.stability.map(str::to_owned),
            deprecated: metric.deprecated.map(Deprecation::from),
            labels: metric.labels.iter().map(ListedKey::from).collect(),
            entities: metric.entities.map(Entities::from),
        }
    }
}

impl Declaration {
    /// A span, a log or an entity of a table, whose declaration stands at a node.
    pub(crate) fn of_table(declared: &slo_stdlib_mappings::Declaration, node: Node) -> Declaration {
        Declaration {
            node,
            package: declared.package.to_owned(),
            name: declared.name.to_owned(),
            docs: declared.docs.to_owned(),
            kind: declared.kind.map(str::to_owned),
            closed: declared.closed,
            stability: declared.stability.map(str::to_owned),
            deprecated: declared.deprecated.map(Deprecation::from),
            keys: declared.keys.iter().map(ListedKey::from).collect(),
            entities: declared.entities.map(Entities::from),
        }
    }
}

impl From<&(&str, &str, &str)> for ListedKey {
    fn from((key, level, condition): &(&str, &str, &str)) -> ListedKey {
        ListedKey { key: (*key).to_owned(), level: (*level).to_owned(), condition: (*condition).to_owned() }
    }
}

impl From<slo_stdlib_mappings::Entities> for Entities {
    fn from(entities: slo_stdlib_mappings::Entities) -> Entities {
        use slo_stdlib_mappings::Entities as Table;
        let all = |parts: &[Table]| parts.iter().map(|part| Entities::from(*part)).collect();
        match entities {
            Table::Entity(name) => Entities::Entity(name.to_owned()),
            Table::OneOf(parts) => Entities::OneOf(all(parts)),
            Table::AllOf(parts) => Entities::AllOf(all(parts)),
        }
    }
}

impl From<slo_stdlib_mappings::Deprecation> for Deprecation {
    fn from(deprecation: slo_stdlib_mappings::Deprecation) -> Deprecation {
        match deprecation {
            slo_stdlib_mappings::Deprecation::Successor(key) => Deprecation::Successor(key.to_owned()),
            slo_stdlib_mappings::Deprecation::Reason(reason) => Deprecation::Reason(reason.to_owned()),
            slo_stdlib_mappings::Deprecation::NotYet { version, names } => Deprecation::NotYet {
                version: version.to_owned(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            },
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
