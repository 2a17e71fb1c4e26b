//! What keys stand in.

use crate::Key;

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

/// How often flattened structs may hold one another; deeper than anyone writes, and a bound on the recursion below.
const DEPTH: usize = 32;

impl<'a> Container<'a> {
    /// Whether the container has this key, by itself or by what it flattens.
    #[must_use]
    pub const fn has_key(&self, name: &str) -> bool {
        self.find(name, DEPTH).is_some()
    }

    const fn find(&self, name: &str, depth: usize) -> Option<Key<'a>> {
        let mut index = 0;
        while index < self.keys.len() {
            if same(self.keys[index].name, name) {
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

    /// Whether no key stands both here and in `other`, each with what it flattens.
    #[must_use]
    pub const fn is_disjoint(&self, other: &Container<'_>) -> bool {
        self.disjoint(other, DEPTH)
    }

    const fn disjoint(&self, other: &Container<'_>, depth: usize) -> bool {
        let mut index = 0;
        while index < other.keys.len() {
            if self.has_key(other.keys[index].name) {
                return false;
            }
            index += 1;
        }
        let mut index = 0;
        while depth > 0 && index < other.flattened.len() {
            if !self.disjoint(other.flattened[index], depth - 1) {
                return false;
            }
            index += 1;
        }
        true
    }

    /// Whether every key of `inner`, with what it flattens, is a key here, of the same type.
    #[must_use]
    pub const fn takes(&self, inner: &Container<'_>) -> bool {
        self.take(inner, DEPTH)
    }

    const fn take(&self, inner: &Container<'_>, depth: usize) -> bool {
        let mut index = 0;
        while index < inner.keys.len() {
            let key = inner.keys[index];
            match self.find(key.name, DEPTH) {
                Some(own) if key.value_type.fits(own.value_type) => {}
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

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
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
