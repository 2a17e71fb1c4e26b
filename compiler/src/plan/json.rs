//! Tables as JSON, by the same description as every other form of them.
//!
//! A struct is an object of its fields, a variant its name, or an object of its name and what it holds; what is not there is
//! `null`. A meaning, a resource or a scope that a table names stands there by its full name.

use serde::{Serialize, Serializer};
use slo_model::table::{Described, Members, Shape};

/// A value of a table.
pub(super) struct Json<'t>(pub(super) &'t dyn Described);

/// Values by their names.
struct Object<'t>(Members<'t>);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.shape() {
            Shape::Text(text) => serializer.serialize_str(text),
            Shape::Int(number) => serializer.serialize_i64(number),
            Shape::Double(number) => serializer.serialize_f64(number),
            Shape::Bool(truth) => serializer.serialize_bool(truth),
            Shape::Option(value) => value.map(Json).serialize(serializer),
            Shape::List(_, values) => serializer.collect_seq(values.into_iter().map(Json)),
            Shape::Struct(_, fields) => Object(fields).serialize(serializer),
            Shape::Variant(variant) if variant.holds.is_empty() => serializer.serialize_str(variant.name),
            Shape::Variant(variant) => serializer.collect_map([(variant.name, Object(variant.holds))]),
            Shape::Meaning(meaning) => serializer.serialize_str(meaning.name),
            Shape::Container(container) => serializer.serialize_str(container.name),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Json(*value))))
    }
}

/// A table within what the plan says beside it.
pub(super) fn table<S: Serializer>(table: &impl Described, serializer: S) -> Result<S::Ok, S::Error> {
    Json(table).serialize(serializer)
}

/// One that others name too, where it stands itself.
pub(super) fn named<S: Serializer>(table: &&impl Described, serializer: S) -> Result<S::Ok, S::Error> {
    Json(*table).serialize(serializer)
}
