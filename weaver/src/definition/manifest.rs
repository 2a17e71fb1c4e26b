//! The manifest: which registry it is, and on which others it stands.

use crate::fields::{Fields, Found};
use crate::files::Text;
use crate::place::{Place, Placed, shown};
use crate::problem::{Kind, Problem};
use crate::yaml;

use super::common::{Stability, stability};

/// What a registry says of itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Its name: its schema URL without scheme and version, or what the older form calls `name`.
    pub name: String,
    /// Its version, where it says one.
    pub version: Option<String>,
    /// The schema URL, where it has one.
    pub schema_url: Option<Placed<String>>,
    /// What it is.
    pub description: Option<Placed<String>>,
    /// How stable it is.
    pub stability: Option<Placed<Stability>>,
    /// The registries that it stands on.
    pub dependencies: Vec<Dependency>,
    /// Where it stands.
    pub place: Place,
}

/// A registry that another one stands on.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Its version, where one is said.
    pub version: Option<String>,
    /// Where it is.
    pub path: Option<Placed<String>>,
    /// Where that is said.
    pub place: Place,
}

pub(crate) fn manifest(text: &Text, found: &mut Found) -> Option<Manifest> {
    let node = match yaml::parse(&text.text, &text.file) {
        Ok(node) => node,
        Err(problems) => {
            problems.into_iter().for_each(|problem| found.problem(problem));
            return None;
        }
    };
    let mut fields = Fields::of(node, "the manifest", found)?;
    if let Some(format) = fields.text("file_format") {
        let message = format!("the registry is in the form `{}`", shown(&format.value));
        let help =
            "a published registry is one file that is resolved already: name the folder of its definitions";
        fields.found.problem(Problem::new(Kind::Dependency, format.place, message, help));
    }
    let schema_url = fields.text("schema_url");
    let name = fields.any_name("name");
    let base = fields.text("schema_base_url");
    let version = fields.text("semconv_version").or_else(|| fields.text("version"));
    let description = fields.text("description");
    let stability = stability(&mut fields);
    let nodes = fields.list("dependencies");
    let mut dependencies = Vec::with_capacity(nodes.len());
    for node in nodes {
        dependencies.extend(dependency(node, fields.found));
    }
    let place = fields.place.clone();
    let of_url = schema_url.as_ref().and_then(|url| split(url, fields.found));
    let of_base = base.as_ref().map(|base| without_scheme(&base.value).to_owned());
    let (name, version) = match (of_url, name.map(|name| name.value).or(of_base)) {
        (Some((name, version)), _) => (name, Some(version)),
        (None, Some(name)) => (name, version.map(|version| version.value)),
        (None, None) => {
            if schema_url.is_none() {
                fields.missing("schema_url");
            }
            return None;
        }
    };
    fields.end();
    Some(Manifest { name, version, schema_url, description, stability, dependencies, place })
}

fn without_scheme(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches('/')
}

/// The name and the version that a schema URL holds.
fn split(url: &Placed<String>, found: &mut Found) -> Option<(String, String)> {
    let is_url = url.value.starts_with("https://") || url.value.starts_with("http://");
    let parts = without_scheme(&url.value).rsplit_once('/');
    match parts.filter(|(name, version)| is_url && !name.is_empty() && !version.is_empty()) {
        Some((name, version)) => Some((name.to_owned(), version.to_owned())),
        None => {
            let message = format!("`{}` is no schema URL", shown(&url.value));
            let help = "it is `https://SERVER/PATH/VERSION`";
            found.problem(Problem::new(Kind::Field, url.place.clone(), message, help));
            None
        }
    }
}

fn dependency(node: yaml::Node, found: &mut Found) -> Option<Dependency> {
    let mut fields = Fields::of(node, "a dependency", found)?;
    let schema_url = fields.text("schema_url");
    let named = fields.any_name("name");
    let path = fields.text("registry_path");
    let place = fields.place.clone();
    let of_url = schema_url.as_ref().and_then(|url| split(url, fields.found));
    let (name, version) = match (of_url, named) {
        (Some((name, version)), _) => (name, Some(version)),
        (None, Some(name)) => (name.value, None),
        (None, None) => {
            if schema_url.is_none() {
                fields.missing("schema_url");
            }
            return None;
        }
    };
    fields.end();
    Some(Dependency { name, version, path, place })
}
