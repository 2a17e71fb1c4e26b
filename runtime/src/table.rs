//! A container's keys with those that it flattens.

use slo_model::{Container, Key};

/// The container's own keys, then those of the containers that it flattens, by the first that says something of them.
pub(crate) fn keys(container: &'static Container<'static>) -> Vec<&'static Key<'static>> {
    let mut keys = Vec::with_capacity(container.keys.len());
    add(container, &mut keys, &mut Vec::new());
    keys
}

fn add(
    container: &'static Container<'static>,
    keys: &mut Vec<&'static Key<'static>>,
    seen: &mut Vec<&'static Container<'static>>,
) {
    // Statics may hold one another in a circle.
    if seen.iter().any(|one| std::ptr::eq(*one, container)) {
        return;
    }
    for key in container.keys {
        if !keys.iter().any(|one| one.name == key.name) {
            keys.push(key);
        }
    }
    if !container.flattened.is_empty() {
        seen.push(container);
    }
    for inner in container.flattened {
        add(inner, keys, seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slo_model::{ContainerKind, Source, ValueType};

    const EMPTY: Container<'static> = Container {
        name: "",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: None,
        closed: false,
        keys: &[],
        flattened: &[],
    };

    static OUTER: Container<'static> = Container {
        keys: &[Key { source: Source::Required, ..Key::new("a", ValueType::String, "") }],
        flattened: &[&INNER],
        ..EMPTY
    };
    static INNER: Container<'static> = Container {
        keys: &[Key::new("b", ValueType::String, ""), Key::new("a", ValueType::Int, "")],
        flattened: &[&OUTER],
        ..EMPTY
    };

    #[test]
    fn what_a_container_says_itself_goes_before_what_it_flattens() {
        let keys = keys(&OUTER);
        assert_eq!(keys.iter().map(|key| key.name).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(keys[0].source, Source::Required);
    }
}
