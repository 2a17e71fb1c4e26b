//! `slo new`

use std::path::Path;

use slo_compiler::save::{self, Over, SaveError};
use slo_compiler::target::File;

use super::Failure;
use crate::Outcome;
use crate::arguments::New;

/// A name for the contract, from the folder that it is made in.
fn name_of(path: &Path) -> String {
    let folder = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // A folder `slo` is named after what it belongs to.
    let named = if folder.file_name().is_some_and(|name| name == "slo") {
        folder.parent()
    } else {
        Some(folder.as_path())
    };
    let name =
        named.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String = name
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
        .collect();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { "service".to_owned() }
}

pub(crate) fn run(new: &New) -> Result<Outcome, Failure> {
    let path = new.path.as_path();
    #[cfg(feature = "verify")]
    if !new.from.is_empty() || new.ways.are_any() {
        return super::draft::run(new);
    }
    let name = name_of(path);
    let manifest = format!(
        r#"name = "{name}"
version = "0.1.0"
# Who keeps this contract: findings that span packages say whose file to change.
# owner = "team-{name}"
# The version of the language that it is written for.
slo = "0.1"
targets = ["otlp", "prometheus", "logs"]

[vocabularies]
"std.otel" = "1.44.0"

[prometheus]
translation_strategy = "UnderscoreEscapingWithSuffixes"
# Resource attributes that the server is told to put on every series.
promote_resource_attributes = []
# By which way points reach the server: "otlp", the text of "slo" or of another exporter.
ways = {{ default = "otlp" }}

[rust]
# Crates whose structs with `#[derive(SloAttributes)]` `slo check` reads, as paths from here.
crates = []
"#
    );
    let contract = format!(
        r#"//! What {name} says about itself, the same on every signal.
package {name}

use std.otel

/// The service that sends the telemetry.
resource Service {{
    service.name:           required
    service.version:        env=SERVICE_VERSION, default="0.0.0"
    telemetry.sdk.language: auto
}}

/// Which instrumentation is speaking.
scope Instrumentation {{
    otel.scope.version: static="0.1.0"
}}
"#
    );
    let attributes = "# What `slo build` writes is not for review.\n*_generated/** linguist-generated=true\ngenerated/** linguist-generated=true\n";
    let files = [
        ("slo.toml".to_owned(), manifest),
        (format!("{name}.slo"), contract),
        (".gitattributes".to_owned(), attributes.to_owned()),
    ];
    let files = files.map(|(path, text)| File { path, text });
    save::save(path, &files.each_ref(), &[], Over::Nothing).map_err(|error| match error {
        SaveError::InTheWay(_) => Failure::from(format!("{error}; nothing was written")),
        other => other.into(),
    })?;
    for file in &files {
        eprintln!("slo: made `{}`", path.join(&file.path).display());
    }
    eprintln!("slo: next, `slo check {}`", path.display());
    Ok(Outcome::Sound)
}
