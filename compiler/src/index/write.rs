//! An index as a file: JSON with an item a line, so that a difference of two is read as a list.

use serde::Serialize;

use super::Index;

impl Index {
    /// The index as JSON, an item a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = format!("{{\n\"index_format\": {},\n\"head\": {}", self.format, item(&self.head));
        list(&mut text, "attributes", &self.attributes);
        list(&mut text, "metrics", &self.metrics);
        list(&mut text, "logs", &self.logs);
        list(&mut text, "spans", &self.spans);
        list(&mut text, "resources", &self.resources);
        text.push_str("\n}\n");
        text
    }
}

/// Texts, numbers and lists always serialise; a bound of a bucket is never NaN, the checks see to that.
fn item(item: &impl Serialize) -> String {
    serde_json::to_string(item).unwrap_or_default()
}

fn list(text: &mut String, name: &str, items: &[impl Serialize]) {
    let items: Vec<String> = items.iter().map(|one| format!("\n{}", item(one))).collect();
    let end = if items.is_empty() { "" } else { "\n" };
    text.push_str(&format!(",\n\"{name}\": [{}{end}]", items.join(",")));
}
