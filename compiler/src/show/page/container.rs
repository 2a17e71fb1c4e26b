//! A resource or a scope.

use super::{Page, Phrase, code, codes, place};
use crate::show::sheet::ContainerSheet;

pub(super) fn page(kind: &str, container: &ContainerSheet) -> Page {
    let mut page = Page::titled(kind, &container.name, container.place.as_ref(), &container.docs);
    let mut properties = Vec::new();
    properties.extend(container.of.as_ref().map(|of| ("of", Phrase::code(of))));
    properties.extend(container.schema_url.as_ref().map(|url| ("schema URL", Phrase::code(url))));
    if container.closed {
        properties.push(("closed", Phrase::words("keys that nobody declared are kept out")));
    }
    if !properties.is_empty() {
        page.properties(properties);
    }
    let keys = container.keys.iter().map(|key| {
        let values = code(&key.values.text);
        let through = key.through.iter().map(|place| Phrase::faint(place.to_string()));
        vec![code(&key.key), values, codes(key.options()), place(key.place.as_ref()), through.collect()]
    });
    page.section("keys", &["key", "holds", "source", "place", "taken in at"], keys.collect());
    if container.keys.is_empty() {
        page.remark(Phrase::words("it has no keys"));
    }
    let uses = container.used_by.iter().map(|name| vec![code(name)]);
    page.section(
        "used by",
        &[if kind == "scope" { "event or metric" } else { "scope or event" }],
        uses.collect(),
    );
    page
}
