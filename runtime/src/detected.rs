//! What resource detectors found.

use std::collections::BTreeMap;

use slo_model::{Key, Unfit, Value};

use crate::held::Held;
use crate::resource::Origin;

/// What resource detectors found, by key.
#[derive(Default)]
pub(crate) struct Detected {
    /// By the SDK's own detector, which tells of the SDK. It counts for declared keys only.
    pub(crate) telemetry: BTreeMap<String, Detection>,
    /// By the detectors that the program added.
    pub(crate) added: BTreeMap<String, Detection>,
}

pub(crate) type Detection = Result<Value<'static>, Unfit>;

impl Detected {
    /// The value of a declared key. An empty one is none.
    pub(crate) fn find(&self, key: &Key<'_>) -> Option<(Origin, Result<Held<'static>, Unfit>)> {
        let value = match self.added.get(key.name).or_else(|| self.telemetry.get(key.name))? {
            Ok(Value::String(text)) => key.parse(text).map(Value::into_owned),
            other => other.clone(),
        };
        let empty = value.as_ref().is_ok_and(Value::is_empty);
        (!empty).then(|| (Origin::Detector, value.map(Held::Static)))
    }
}
