//! Things of both sides, by their names.

use std::collections::BTreeMap;

/// What was under a name, and what is.
pub(super) type Pair<T> = (Option<T>, Option<T>);

/// Each name of one side or the other, with what it was and what it is.
pub(super) fn paired<K: Ord, T>(
    old: impl IntoIterator<Item = (K, T)>,
    new: impl IntoIterator<Item = (K, T)>,
) -> BTreeMap<K, Pair<T>> {
    let mut all: BTreeMap<K, Pair<T>> = BTreeMap::new();
    for (name, was) in old {
        all.entry(name).or_insert((None, None)).0 = Some(was);
    }
    for (name, is) in new {
        all.entry(name).or_insert((None, None)).1 = Some(is);
    }
    all
}
