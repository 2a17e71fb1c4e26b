//! Names that are given once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use super::language::Language;

/// Gives names that are each given once, and none that the language keeps for itself.
#[derive(Debug)]
pub(super) struct Names {
    language: Option<Language>,
    given: Mutex<BTreeSet<String>>,
}

impl Names {
    pub(super) fn new(language: Option<Language>, taken: impl IntoIterator<Item = String>) -> Names {
        Names { language, given: Mutex::new(taken.into_iter().collect()) }
    }

    /// The name itself, with `_` behind it where the language has it for itself, or the first of `name_2`, `name_3`, … that wasn't
    /// given.
    pub(super) fn give(&self, name: &str) -> String {
        let is_reserved = self.language.is_some_and(|language| language.reserved().contains(&name));
        let name = if is_reserved { format!("{name}_") } else { name.to_owned() };
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let mut candidate = name.clone();
        let mut number = 2;
        while !given.insert(candidate.clone()) {
            candidate = format!("{name}_{number}");
            number += 1;
        }
        candidate
    }
}

impl Object for Names {
    fn call_method(
        self: &Arc<Self>,
        _state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method != "give" {
            let message = format!("names have no method `{method}`: they have `give`");
            return Err(Error::new(ErrorKind::UnknownMethod, message));
        }
        let (name,): (&str,) = from_args(args)?;
        Ok(Value::from(self.give(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_once_and_never_one_of_the_languages_own() {
        let names = Names::new(Language::named("go"), ["Pair".to_owned()]);
        let given = ["a", "a", "a_2", "a", "func", "func", "Pair"].map(|name| names.give(name));
        assert_eq!(given, ["a", "a_2", "a_2_2", "a_3", "func_", "func__2", "Pair_2"]);
    }
}
