//! What is known when the program is compiled is never copied: the number of allocations and their bytes tell.
#![allow(clippy::unwrap_used)]

mod counting;

use counting::allocations;
use slo::__private::v8::{Container, ContainerKind, Key, Source};
use slo::SloAttributes;
use slo::resource::Visitor;
use slo::value::{Literal, ValueType};

const fn fixed(name: &'static str, text: &'static str) -> Key<'static> {
    Key { source: Source::Static(Literal::String(text)), ..Key::new(name, ValueType::String, "") }
}

const fn container(keys: &'static [Key<'static>]) -> Container<'static> {
    Container {
        name: "Service",
        kind: ContainerKind::Resource,
        scope_name: "",
        schema_url: Some("https://example.com/1"),
        closed: false,
        keys,
        flattened: &[],
    }
}

struct Short;

impl SloAttributes for Short {
    type Kind = slo::resource::Resource;
    const CONTAINER: &'static Container<'static> =
        &container(&[fixed("a", "1"), fixed("b", "2"), fixed("c", "3"), fixed("d", "4")]);

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
}

struct Long;

impl SloAttributes for Long {
    type Kind = slo::resource::Resource;
    const CONTAINER: &'static Container<'static> = &container(&[
        fixed(
            "a.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "b.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "c.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
        fixed(
            "d.key.that.is.longer.than.any.small.string.optimisation.holds",
            "so is this text, to be sure of it",
        ),
    ]);

    fn visit<'a, V: Visitor<'a>>(&'a self, _: &mut V) {}
}

#[test]
fn constants_are_borrowed_up_to_and_into_the_sdk() {
    let (short, short_count, short_bytes) =
        allocations(|| Short.assemble().environment(|_| None).build().unwrap());
    let (long, long_count, long_bytes) =
        allocations(|| Long.assemble().environment(|_| None).build().unwrap());
    // The table of keys, what became of each, and the attributes.
    assert_eq!(short_count, 3);
    assert_eq!((long_count, long_bytes), (short_count, short_bytes));

    let (_, short_count, short_bytes) = allocations(|| short.to_resource());
    let (_, long_count, long_bytes) = allocations(|| long.to_resource());
    assert_eq!((long_count, long_bytes), (short_count, short_bytes));
}
