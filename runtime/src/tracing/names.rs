//! Names that are nearly a key's.

use slo_model::Key;

/// A name shorter than this has neighbours that mean something else: `code` and `mode`.
const SHORT: usize = 5;

/// The key that the name was most likely meant to be, where it is not one: the same but for separators and capitals,
/// else the same but for one letter. The first of several in the alphabet.
pub(super) fn nearly<'k>(name: &str, keys: &'k [Key<'k>]) -> Option<&'k Key<'k>> {
    // `tracing` and its bridges give these meanings of their own.
    if name == "message" || name.starts_with("log.") || name.starts_with("otel.") {
        return None;
    }
    let folded = fold(name);
    if folded.is_empty() {
        return None;
    }
    let mut close = None;
    for key in keys.iter().filter(|key| key.name.len().abs_diff(name.len()) <= name.len()) {
        let other = fold(key.name);
        if other == folded {
            return Some(key);
        }
        if close.is_none() && folded.len().min(other.len()) >= SHORT && one_off(&folded, &other) {
            close = Some(key);
        }
    }
    close
}

/// The letters and digits of a name, in small letters.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .filter(|letter| !matches!(letter, '.' | '_' | '-' | ':'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether one letter must be put in, taken out, changed or swapped with its neighbour to make one of the other.
fn one_off(left: &[char], right: &[char]) -> bool {
    let same = |pair: &(&char, &char)| pair.0 == pair.1;
    let begin = left.iter().zip(right).take_while(same).count();
    let (left, right) = (left.get(begin..).unwrap_or_default(), right.get(begin..).unwrap_or_default());
    let end = left.iter().rev().zip(right.iter().rev()).take_while(same).count();
    let rest = |letters: &[char]| letters.len() - end;
    match (rest(left), rest(right)) {
        (0, 1) | (1, 0) | (1, 1) => true,
        (2, 2) => left.first() == right.get(1) && left.get(1) == right.first(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::ValueType;

    fn meant(name: &str) -> Option<&'static str> {
        const fn key(name: &'static str) -> Key<'static> {
            Key::new(name, ValueType::String, "")
        }
        const KEYS: &[Key<'static>] =
            &[key("code"), key("http.route"), key("order.id"), key("server.port"), key("user.name")];
        nearly(name, KEYS).map(|key| key.name)
    }

    #[test]
    fn separators_and_capitals_make_no_other_name() {
        for name in ["http_route", "httpRoute", "HTTP-ROUTE", "httproute"] {
            assert_eq!(meant(name), Some("http.route"), "{name}");
        }
        assert_eq!(meant("CODE"), Some("code"));
    }

    #[test]
    fn nor_does_one_letter() {
        for name in ["http.rout", "http.routes", "http.roite", "http_ruote"] {
            assert_eq!(meant(name), Some("http.route"), "{name}");
        }
    }

    #[test]
    fn other_names_are_other_names() {
        let others = [
            "mode",
            "node",
            "route",
            "server.host",
            "user.age",
            "order",
            "message",
            "",
            "_",
            "http.request.method",
        ];
        for name in others {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
