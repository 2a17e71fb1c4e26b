//! Renames as an OpenTelemetry schema file (specification, "Schema File Format", 1.1.0). They are those that the new contract says
//! itself, by `deprecated=SUCCESSOR`, and the old one didn't; none is guessed.

use std::collections::BTreeMap;

use crate::CheckedContract;
use crate::ir::Contract;

/// The format of the file.
const FORMAT: &str = "1.1.0";

/// The renames from one version to the next, as a schema file.
///
/// # Errors
/// Says what a schema file needs that the contracts don't say.
pub fn schema_file(old: &CheckedContract, new: &CheckedContract) -> Result<String, String> {
    let (old, new) = (old.contract(), new.contract());
    let Some(url) = &new.schema_url else {
        return Err(
            "a schema file has a schema URL: say `schema_url` in the new contract's `slo.toml`".to_owned()
        );
    };
    if old.version == new.version {
        return Err(format!(
            "a schema file says what changes from one version to the next, and both contracts are version `{}`",
            new.version
        ));
    }
    let (keys_before, keys) = (keys(old), keys(new));
    let (metrics_before, metrics) = (metrics(old), metrics(new));
    let mut text = format!("file_format: {FORMAT}\nschema_url: {}\nversions:\n", quoted(url));
    text.push_str(&format!("  {}:\n", quoted(&new.version)));
    let all = renamed(&keys_before, &keys);
    if !all.is_empty() {
        text.push_str("    all:\n      changes:\n        - rename_attributes:\n            attribute_map:\n");
        for (key, successor) in all {
            text.push_str(&format!("              {}: {}\n", quoted(key), quoted(successor)));
        }
    }
    let all = renamed(&metrics_before, &metrics);
    if !all.is_empty() {
        text.push_str("    metrics:\n      changes:\n        - rename_metrics:\n");
        for (name, successor) in all {
            text.push_str(&format!("            {}: {}\n", quoted(name), quoted(successor)));
        }
    }
    text.push_str(&format!("  {}:\n", quoted(&old.version)));
    Ok(text)
}

type Renames<'c> = BTreeMap<&'c str, &'c str>;

fn keys(contract: &Contract) -> Renames<'_> {
    let own = contract.attributes.iter().filter(|one| contract.owns(&one.package));
    own.filter_map(|one| Some((one.key.as_str(), one.deprecated.as_ref()?.successor()?))).collect()
}

fn metrics(contract: &Contract) -> Renames<'_> {
    let own = contract.metrics.iter().filter(|one| contract.owns(&one.package));
    own.filter_map(|one| Some((one.name.as_str(), one.deprecated.as_ref()?.successor()?))).collect()
}

/// What is said now, and wasn't.
fn renamed<'c>(old: &Renames<'_>, new: &Renames<'c>) -> Renames<'c> {
    let is_new = |(name, successor): &(&&str, &&str)| old.get(**name) != Some(*successor);
    new.iter().filter(is_new).map(|(name, successor)| (*name, *successor)).collect()
}

/// A text as YAML and JSON both have it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
