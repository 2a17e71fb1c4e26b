//! A resource or a scope.

use super::{Page, Phrase, code, codes, place};
use crate::show::sheet::ContainerSheet;

pub(super) fn page(kind: &str, container: &ContainerSheet) -> Page {
    let mut page = Page::titled(kind, &container.name, container.place.as_ref(), &container.docs);
    if container.closed {
        page.properties(vec![("closed", Phrase::words("keys that nobody declared are kept out"))]);
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
    page.section("used by", &["event or metric"], uses.collect());
    page
}
