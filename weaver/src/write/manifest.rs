//! `slo.toml`, and what a registry is called.

use crate::left::Left;
use crate::registry::Registry;

use super::Style;
use super::text::is_word;

/// What packages' names begin with, by the registry's name: of a server's name what stands before its last part.
#[must_use]
pub fn package_prefix(registry: &Registry) -> Option<String> {
    let name = &registry.manifest.as_ref()?.name;
    let host = name.split('/').next().unwrap_or(name);
    let host = host.split(':').next().unwrap_or(host);
    let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
    let kept = match labels.as_slice() {
        [kept @ .., _] if !kept.is_empty() => kept.join("_"),
        all => all.join("_"),
    };
    let word: String = kept
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '_' })
        .collect();
    (is_word(&word) && !word.starts_with('_')).then_some(word)
}

/// The registry's name and version, as a sentence has them.
pub(super) fn about(registry: &Registry) -> String {
    let Some(manifest) = &registry.manifest else {
        return "a registry without a name".to_owned();
    };
    let name = crate::place::shown(&manifest.name);
    match &manifest.version {
        Some(version) => format!("the registry {name} {}", crate::place::shown(version)),
        None => format!("the registry {name}"),
    }
}

pub(super) fn slo_toml(registry: &Registry, style: &Style) -> String {
    let manifest = registry.manifest.as_ref();
    let version = manifest.and_then(|manifest| manifest.version.as_deref()).unwrap_or("0.0.0");
    let mut text = format!("name = {}\nversion = {}\nslo = \"0.1\"\n", toml(&style.name), toml(version));
    let url = manifest.and_then(|manifest| manifest.schema_url.as_ref());
    if let Some(url) = url {
        text.push_str(&format!("schema_url = {}\n", toml(&url.value)));
    }
    text
}

/// What of the manifest a contract doesn't say.
pub(super) fn left(registry: &Registry, style: &Style) -> Vec<Left> {
    let Some(manifest) = &registry.manifest else {
        return Vec::new();
    };
    let why = "a contract says its name, its version and its schema URL";
    let mut left = Vec::new();
    if let Some(description) = manifest.description.as_ref().filter(|_| style.docs) {
        let what = "the description of the registry".to_owned();
        left.push(Left { place: description.place.clone(), what, why });
    }
    if let Some(stability) = &manifest.stability {
        left.push(Left {
            place: stability.place.clone(),
            what: "how stable the registry is".to_owned(),
            why,
        });
    }
    for dependency in &manifest.dependencies {
        let what = format!("that the registry depends on `{}`", crate::place::shown(&dependency.name));
        let why = "what it has of that is written out";
        left.push(Left { place: dependency.place.clone(), what, why });
    }
    left
}

/// A text of TOML.
fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            one if one.is_control() => quoted.push_str(&format!("\\u{:04x}", one as u32)),
            one => quoted.push(one),
        }
    }
    quoted.push('"');
    quoted
}
