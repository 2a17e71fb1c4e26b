//! The values that a program gives.

use slo_model::{Member, Unfit, Value};

use crate::held::Held;
use crate::resource::Visitor;
use crate::value::ToValue;

/// The values that a program gives, until each is taken by its key.
#[derive(Default)]
pub(crate) struct Program<'a> {
    given: Vec<Given<'a>>,
}

struct Given<'a> {
    key: &'static str,
    value: Option<Result<Held<'a>, Unfit>>,
}

impl<'a> Program<'a> {
    fn add(
        &mut self,
        key: &'static str,
        value: Result<Option<Value<'a>>, Unfit>,
        members: Option<&'static [Member<'static>]>,
    ) {
        let value = match value {
            Ok(None) => return,
            Ok(Some(value)) if value.is_empty() => return,
            Ok(Some(value)) => Ok(hold(value, members)),
            Err(unfit) => Err(unfit),
        };
        self.given.push(Given { key, value: Some(value) });
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Result<Held<'a>, Unfit>> {
        self.given.iter_mut().find(|given| given.key == key)?.value.take()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.given.iter().map(|given| given.key)
    }
}

/// A member of a generated enum is a constant, though it comes as any value does.
fn hold<'a>(value: Value<'a>, members: Option<&'static [Member<'static>]>) -> Held<'a> {
    let constant =
        members.into_iter().flatten().map(|member| Value::from(member.wire)).find(|wire| *wire == value);
    match constant {
        Some(constant) => Held::Static(constant),
        None => Held::Given(value),
    }
}

impl<'a> Visitor<'a> for Program<'a> {
    fn value<T: ToValue + ?Sized>(&mut self, key: &'static str, value: &'a T) {
        self.add(key, value.to_value(), T::MEMBERS);
    }
}
