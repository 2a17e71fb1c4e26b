//! What OpenTelemetry's own variables say of a resource.

pub(crate) mod entries;

use std::collections::BTreeMap;

use slo_model::{Key, Unfit, Value};

use crate::environment::Environment;
use crate::held::Held;
use crate::resource::{Notice, Origin};

pub(crate) const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
pub(crate) const RESOURCE_ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";

/// What `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say, by key. The first of a key's values counts.
#[derive(Default)]
pub(crate) struct Injected {
    pub(crate) by_key: BTreeMap<String, Vec<Injection>>,
}

/// A value that a variable injects.
pub(crate) struct Injection {
    pub(crate) variable: &'static str,
    pub(crate) text: Result<String, Unfit>,
    /// How often the variable holds the key.
    pub(crate) times: usize,
}

impl Injected {
    pub(crate) fn read(environment: &Environment<'_>, notices: &mut Vec<Notice>) -> Injected {
        let mut by_key: BTreeMap<String, Vec<Injection>> = BTreeMap::new();
        if let Some(text) = environment.read(SERVICE_NAME).transpose() {
            let injection = Injection { variable: SERVICE_NAME, text, times: 1 };
            by_key.entry("service.name".to_owned()).or_default().push(injection);
        }
        let entries = match environment.read(RESOURCE_ATTRIBUTES) {
            Ok(None) => Ok(entries::Entries::default()),
            Ok(Some(text)) => entries::read(&text),
            Err(_) => Err("it is no Unicode text".to_owned()),
        };
        match entries {
            Ok(entries) => {
                if entries.beyond > 0 {
                    notices.push(Notice::TooLong { count: entries.beyond });
                }
                for (key, entry) in entries.by_key {
                    let injection = Injection {
                        variable: RESOURCE_ATTRIBUTES,
                        text: Ok(entry.value),
                        times: entry.times,
                    };
                    by_key.entry(key).or_default().push(injection);
                }
            }
            Err(reason) => notices.push(Notice::Discarded { reason }),
        }
        Injected { by_key }
    }

    /// The value of a declared key. An empty one is none.
    pub(crate) fn find(&self, key: &Key<'_>) -> Option<(Origin, Result<Held<'static>, Unfit>)> {
        self.of(key.name).iter().find_map(|injection| {
            let value = injection.value(key);
            let empty = value.as_ref().is_ok_and(Value::is_empty);
            (!empty).then(|| (injection.origin(), value.map(Held::Static)))
        })
    }

    pub(crate) fn of(&self, key: &str) -> &[Injection] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Injection {
    pub(crate) fn origin(&self) -> Origin {
        Origin::Variable(self.variable)
    }

    pub(crate) fn value(&self, key: &Key<'_>) -> Result<Value<'static>, Unfit> {
        match &self.text {
            Ok(text) => key.parse(text).map(Value::into_owned),
            Err(unfit) => Err(unfit.clone()),
        }
    }
    pub(crate) fn repeated(&self, key: &str) -> Option<Notice> {
        (self.times > 1).then(|| Notice::Repeated { key: key.to_owned(), times: self.times })
    }

    pub(crate) fn overridden(&self, key: &str, by: Origin) -> Notice {
        Notice::Overridden { key: key.to_owned(), variable: self.variable, by }
    }
}
