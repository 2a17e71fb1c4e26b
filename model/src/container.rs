//! What keys stand in.

use crate::names::TranslationStrategy;
use crate::table::described;
use crate::{Key, Literal, Source};

described! {
    /// The kinds of container that a program fills by itself, without an event.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum ContainerKind {
        /// An OTLP `Resource`: who is speaking.
        Resource,
        /// An OTLP `InstrumentationScope`: which instrumentation is speaking.
        Scope,
    }

    /// A resource or a scope of a contract, as a table that is known when the program is compiled.
    #[derive(Clone, Copy, Debug)]
    pub struct Container<'a> {
        /// The package and name by which the contract knows it, such as `fin.pay.PaymentService`; the struct's name where
        /// there is no contract.
        pub name: &'a str,
        /// Resource or scope.
        pub kind: ContainerKind,
        /// The name of a scope that gives no `otel.scope.name`: its package. A resource has none.
        pub scope_name: &'a str,
        /// The schema URL that its attributes follow.
        pub schema_url: Option<&'a str>,
        /// Whether keys that nobody declared are kept out, the environment's included.
        pub closed: bool,
        /// Its keys, in the contract's order.
        pub keys: &'a [Key<'a>],
        /// What flattened structs bring with them.
        pub flattened: &'a [&'a Container<'a>],
    }

    /// Where telemetry is written, which says what keys can't stand beside each other.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Targets {
        /// How Prometheus translates keys, where it is one of them.
        pub prometheus: Option<TranslationStrategy>,
        /// Whether logs as nested JSON are one of them.
        pub logs: bool,
    }
}

impl Targets {
    /// Those of a container without a contract: all, and Prometheus by its default.
    pub const ALL: Targets =
        Targets { prometheus: Some(TranslationStrategy::UnderscoreEscapingWithSuffixes), logs: true };

    /// Whether two keys of a container of this kind can't stand beside each other: because they are one, because
    /// Prometheus makes one label of both, or because nested JSON would put one into the other's value.
    const fn collide(&self, kind: ContainerKind, left: &str, right: &str) -> bool {
        let is_one = match self.prometheus {
            Some(strategy) if strategy.escapes() => same_label(kind, left, right),
            _ => same_text(left, right),
        };
        is_one || (self.logs && (nests(left, right) || nests(right, left)))
    }
}

/// How often flattened structs may hold one another; deeper than anyone writes, and a bound on the recursion below.
const DEPTH: usize = 32;

impl Container<'_> {
    /// The scope of what has none, about which a mistake was reported.
    pub const NO_SCOPE: &'static Container<'static> = &Container {
        name: "",
        kind: ContainerKind::Scope,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[],
        flattened: &[],
    };
}

impl<'a> Container<'a> {
    /// Whether the container has this key, by itself or by what it flattens.
    #[must_use]
    pub const fn has_key(&self, name: &str) -> bool {
        self.find(name, DEPTH).is_some()
    }

    const fn find(&self, name: &str, depth: usize) -> Option<Key<'a>> {
        let mut index = 0;
        while index < self.keys.len() {
            if same_text(self.keys[index].name, name) {
                return Some(self.keys[index]);
            }
            index += 1;
        }
        let mut index = 0;
        while depth > 0 && index < self.flattened.len() {
            if let Some(key) = self.flattened[index].find(name, depth - 1) {
                return Some(key);
            }
            index += 1;
        }
        None
    }

    /// Whether this key can't stand beside those of the container, with what it flattens, under these targets.
    #[must_use]
    pub const fn collides(&self, name: &str, targets: Targets) -> bool {
        self.collide(name, targets, DEPTH)
    }

    const fn collide(&self, name: &str, targets: Targets, depth: usize) -> bool {
        let mut index = 0;
        while index < self.keys.len() {
            if targets.collide(self.kind, self.keys[index].name, name) {
                return true;
            }
            index += 1;
        }
        let mut index = 0;
        while depth > 0 && index < self.flattened.len() {
            if self.flattened[index].collide(name, targets, depth - 1) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Whether no key here [collides](Container::collides) with one of `other`, each with what it flattens.
    #[must_use]
    pub const fn is_disjoint(&self, other: &Container<'_>, targets: Targets) -> bool {
        self.disjoint(other, targets, DEPTH)
    }

    const fn disjoint(&self, other: &Container<'_>, targets: Targets, depth: usize) -> bool {
        let mut index = 0;
        while index < other.keys.len() {
            if self.collides(other.keys[index].name, targets) {
                return false;
            }
            index += 1;
        }
        let mut index = 0;
        while depth > 0 && index < other.flattened.len() {
            if !self.disjoint(other.flattened[index], targets, depth - 1) {
                return false;
            }
            index += 1;
        }
        true
    }

    /// Whether every key of `inner`, with what it flattens, is a key here, and what `inner` says of its type, its source
    /// and its default is said here too. A key that the program may give says nothing of its source.
    #[must_use]
    pub const fn takes(&self, inner: &Container<'_>) -> bool {
        self.take(inner, DEPTH)
    }

    const fn take(&self, inner: &Container<'_>, depth: usize) -> bool {
        let mut index = 0;
        while index < inner.keys.len() {
            let key = inner.keys[index];
            match self.find(key.name, DEPTH) {
                Some(own) if key.value_type.fits(own.value_type) && repeats(&key, &own) => {}
                _ => return false,
            }
            index += 1;
        }
        let mut index = 0;
        while depth > 0 && index < inner.flattened.len() {
            if !self.take(inner.flattened[index], depth - 1) {
                return false;
            }
            index += 1;
        }
        true
    }
}

/// `left == right`, which is no const function for text.
#[must_use]
pub const fn same_text(left: &str, right: &str) -> bool {
    same_bytes(left.as_bytes(), right.as_bytes())
}

const fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Whether `key` says nothing of its source and default but what `own` says.
const fn repeats(key: &Key<'_>, own: &Key<'_>) -> bool {
    let source = match (key.source, own.source) {
        (Source::Optional, _) | (Source::Required, Source::Required) | (Source::Auto, Source::Auto) => true,
        (Source::Static(one), Source::Static(other)) => same_literal(one, other),
        (Source::Environment(ours), Source::Environment(theirs)) => same_texts(ours, theirs),
        _ => false,
    };
    let default = match (key.default, own.default) {
        (None, _) => true,
        (Some(one), Some(other)) => same_literal(one, other),
        (Some(_), None) => false,
    };
    source && default
}

/// Two lists of one length, compared element by element.
macro_rules! same_lists {
    ($left:expr, $right:expr, $same:expr) => {{
        let (left, right) = ($left, $right);
        let mut index = 0;
        while index < left.len() && index < right.len() && $same(left[index], right[index]) {
            index += 1;
        }
        index == left.len() && index == right.len()
    }};
}

const fn same_literal(left: Literal<'_>, right: Literal<'_>) -> bool {
    const fn same_int(left: i64, right: i64) -> bool {
        left == right
    }
    const fn same_double(left: f64, right: f64) -> bool {
        left == right
    }
    const fn same_bool(left: bool, right: bool) -> bool {
        left == right
    }
    match (left, right) {
        (Literal::String(left), Literal::String(right)) => same_text(left, right),
        (Literal::Int(left), Literal::Int(right)) => left == right,
        (Literal::Double(left), Literal::Double(right)) => left == right,
        (Literal::Bool(left), Literal::Bool(right)) => left == right,
        (Literal::StringArray(left), Literal::StringArray(right)) => same_texts(left, right),
        (Literal::IntArray(left), Literal::IntArray(right)) => same_lists!(left, right, same_int),
        (Literal::DoubleArray(left), Literal::DoubleArray(right)) => same_lists!(left, right, same_double),
        (Literal::BoolArray(left), Literal::BoolArray(right)) => same_lists!(left, right, same_bool),
        _ => false,
    }
}

const fn same_texts(left: &[&str], right: &[&str]) -> bool {
    same_lists!(left, right, same_text)
}

/// Whether nested JSON would put `inner` into the value of `outer`.
const fn nests(outer: &str, inner: &str) -> bool {
    let (outer, inner) = (outer.as_bytes(), inner.as_bytes());
    match inner.split_at_checked(outer.len()) {
        Some((start, [b'.', ..])) => same_bytes(start, outer),
        _ => false,
    }
}

/// Whether [`prometheus_label`](crate::names::prometheus_label), which no constant can call, makes one label of both
/// where it escapes them.
const fn same_label(kind: ContainerKind, left: &str, right: &str) -> bool {
    let (mut left, mut right) = match kind {
        ContainerKind::Resource => (Label::of(left), Label::of(right)),
        // What begins with `otel_scope_` needs nothing put before it.
        ContainerKind::Scope => (Label::rest_of(left), Label::rest_of(right)),
    };
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// The bytes of a key's label.
struct Label<'l> {
    prefix: &'l [u8],
    rest: &'l [u8],
}

impl<'l> Label<'l> {
    const fn rest_of(key: &'l str) -> Label<'l> {
        Label { prefix: b"", rest: key.as_bytes() }
    }

    const fn of(key: &'l str) -> Label<'l> {
        let mut label = Label::rest_of(key);
        let mut ahead = Label { prefix: b"", rest: label.rest };
        match (ahead.next(), ahead.next()) {
            (Some(b'_'), Some(b'_')) => {}
            (Some(b'_'), _) => label.prefix = b"key",
            (Some(b'0'..=b'9'), _) => label.prefix = b"key_",
            _ => {}
        }
        label
    }

    const fn next(&mut self) -> Option<u8> {
        if let [first, rest @ ..] = self.prefix {
            self.prefix = rest;
            return Some(*first);
        }
        let [first, rest @ ..] = self.rest else { return None };
        self.rest = rest;
        // A character is one `_`, of however many bytes it is.
        while let [0x80..=0xbf, rest @ ..] = self.rest {
            self.rest = rest;
        }
        Some(if first.is_ascii_alphanumeric() { *first } else { b'_' })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ValueType;
    use crate::names::{TranslationStrategy, prometheus_label};

    #[test]
    fn labels_are_compared_as_the_server_makes_them() {
        let keys = [
            "a.b", "a_b", "a-b", "aéb", "ab", "a.b.c", "_x", ".x", "key_x", "__x", "0x", "key_0x", "1x", "x",
            "é",
        ];
        for strategy in TranslationStrategy::ALL {
            let targets = Targets { prometheus: Some(strategy), logs: false };
            for (kind, before) in [(ContainerKind::Resource, ""), (ContainerKind::Scope, "otel_scope_")] {
                let label = |key: &str| prometheus_label(&format!("{before}{key}"), strategy);
                for left in keys {
                    for right in keys {
                        let collide = targets.collide(kind, left, right);
                        assert_eq!(collide, label(left) == label(right), "`{left}`, `{right}`, {strategy}");
                    }
                }
            }
        }
    }

    #[test]
    fn keys_nest_where_logs_do() {
        let none = Targets { prometheus: None, logs: false };
        assert!(!none.collide(ContainerKind::Resource, "a.b", "a_b"));
        assert!(!none.collide(ContainerKind::Resource, "a.b", "a.b.c"));
        assert!(none.collide(ContainerKind::Resource, "a.b", "a.b"));
        let logs = Targets { logs: true, ..none };
        assert!(logs.collide(ContainerKind::Resource, "a.b.c", "a.b"));
        assert!(!logs.collide(ContainerKind::Resource, "a.b", "a_b"));
    }

    #[test]
    fn what_is_flattened_repeats_what_the_container_says() {
        let key = Key::new("a", ValueType::String, "");
        let required = Key { source: Source::Required, ..key };
        let one = Key { source: Source::Static(Literal::String("one")), ..key };
        let other = Key { source: Source::Static(Literal::String("other")), ..key };
        let variables = Key { source: Source::Environment(&["A", "B"]), ..key };
        let fewer = Key { source: Source::Environment(&["A"]), ..key };
        let default = Key { default: Some(Literal::IntArray(&[1, 2])), ..fewer };
        let all = [key, required, one, other, variables, fewer, default];
        for (index, outer) in all.iter().enumerate() {
            assert!(repeats(&key, outer) && repeats(outer, outer), "{outer:?}");
            for inner in all.iter().skip(1).filter(|inner| *inner != outer) {
                let less = inner.default.is_none() && inner.source == outer.source;
                assert_eq!(repeats(inner, outer), less, "{index}: {inner:?} in {outer:?}");
            }
        }
    }

    #[test]
    fn a_key_nests_in_the_key_that_ends_at_one_of_its_dots() {
        assert!(nests("a.b", "a.b.c"));
        assert!(!nests("a.b.c", "a.b"));
        assert!(!nests("a.b", "a.bc"));
        assert!(!nests("a.b", "a.b"));
        assert!(!nests("é", "e"));
    }
}
