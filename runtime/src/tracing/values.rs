//! Whether a field's value fits its key.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Debug;

use slo_model::{Key, Unfit, Value, ValueType};
use tracing_core::Field;
use tracing_core::field::Visit;

use super::sites::Site;

/// Looks at the fields of an event or a span that were not looked at before, and keeps what does not fit.
pub(super) struct Values<'s> {
    site: &'s Site,
    pub(super) misfits: Vec<(&'static str, Unfit)>,
}

impl Values<'_> {
    pub(super) fn of(site: &Site) -> Values<'_> {
        Values { site, misfits: Vec::new() }
    }

    fn look(&mut self, field: &Field, fits: impl FnOnce(&Key<'static>) -> Result<(), Unfit>) {
        if let Some(key) = self.site.look_at(field.index())
            && let Err(unfit) = fits(key)
        {
            self.misfits.push((field.name(), unfit));
        }
    }

    /// Integers: what goes out of `tracing` is an integer, or text where 64 bits with a sign can't hold it.
    fn integer<N: TryInto<i64> + ToString + Copy>(&mut self, field: &Field, number: N) {
        self.look(field, |key| match number.try_into() {
            // A contract's events make a double of it; `tracing` does not.
            Ok(_) if key.value_type == ValueType::Double => Err(other(key, "an `int`")),
            Ok(number) => key.check(&Value::Int(number)),
            Err(_) => Err(Unfit::TooLarge { value: number.to_string() }),
        });
    }
}

fn other(key: &Key<'_>, found: &str) -> Unfit {
    Unfit::Type { expected: key.value_type, found: found.to_owned() }
}

impl Visit for Values<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.look(field, |key| key.check(&Value::Double(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.integer(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.integer(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.integer(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.integer(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.look(field, |key| key.check(&Value::Bool(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.look(field, |key| key.check(&Value::String(Cow::Borrowed(value))));
    }

    fn record_bytes(&mut self, field: &Field, _: &[u8]) {
        self.look(field, |key| match key.value_type {
            ValueType::Any => Ok(()),
            _ => Err(other(key, "bytes")),
        });
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.look(field, |key| text(key, || value.to_string()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.look(field, |key| text(key, || format!("{value:?}")));
    }
}

/// What is recorded by `%` or `?` goes out as text. It is only made where the key says which text.
fn text(key: &Key<'_>, make: impl FnOnce() -> String) -> Result<(), Unfit> {
    match key.value_type {
        ValueType::Any => Ok(()),
        ValueType::String if key.members.is_none() && key.max_length.is_none() => Ok(()),
        ValueType::String => key.check(&Value::String(Cow::Owned(make()))),
        _ => Err(other(key, "text, by `%` or `?`")),
    }
}
