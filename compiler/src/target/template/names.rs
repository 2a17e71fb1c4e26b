//! Names that are given once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use super::language::Language;

/// Gives names that are each given once, and none that the language keeps for itself.
#[derive(Debug)]
pub(super) struct Names {
    language: Option<Language>,
    /// What of a name tells it from others.
    key: fn(&str) -> String,
    given: Mutex<Given>,
}

#[derive(Debug, Default)]
struct Given {
    keys: BTreeSet<String>,
    /// The number that the next of several with one name is tried with: without it, so many names would take their square.
    next: BTreeMap<String, usize>,
}

impl Names {
    /// Names of a language.
    pub(super) fn of(language: Language, taken: Vec<String>) -> Names {
        Names::with(Some(language), str::to_owned, &taken)
    }

    /// Parts of paths, which are still different in another case and without `_`.
    pub(super) fn of_files(taken: &[String]) -> Names {
        Names::with(None, |name| name.replace('_', "").to_lowercase(), taken)
    }

    fn with(language: Option<Language>, key: fn(&str) -> String, taken: &[String]) -> Names {
        let keys = taken.iter().map(|name| key(name)).collect();
        Names { language, key, given: Mutex::new(Given { keys, next: BTreeMap::new() }) }
    }

    /// The name itself, with `_` behind it where the language has it for itself, or the first of `name_2`, `name_3`, … that wasn't
    /// given.
    pub(super) fn give(&self, name: &str) -> String {
        let is_reserved = self.language.is_some_and(|language| language.reserves(name));
        let name = if is_reserved { format!("{name}_") } else { name.to_owned() };
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let Given { keys, next } = &mut *given;
        if keys.insert((self.key)(&name)) {
            return name;
        }
        let number = next.entry(name.clone()).or_insert(2);
        loop {
            let candidate = format!("{name}_{number}");
            *number += 1;
            if keys.insert((self.key)(&candidate)) {
                return candidate;
            }
        }
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
        let names = Names::of(Language::Go, vec!["Pair".to_owned()]);
        let given = ["a", "a", "a_2", "a", "func", "func", "Pair"].map(|name| names.give(name));
        assert_eq!(given, ["a", "a_2", "a_2_2", "a_3", "func_", "func__2", "Pair_2"]);
    }

    #[test]
    fn files_are_told_apart_in_any_case_and_without_separators() {
        let names = Names::of_files(&["go".to_owned()]);
        let given = ["fin_pay", "finpay", "fin_pay2", "g_o"].map(|name| names.give(name));
        assert_eq!(given, ["fin_pay", "finpay_2", "fin_pay2_2", "g_o_2"]);
    }
}
