//! One feature or one mistake a folder: `registry/` is read, with what `dependencies/` holds, and what comes of it stands in
//! `read.snap`; the contract root that is made of it, with what is left, in `written.snap`.

use std::fs;
use std::path::Path;

use slo_weaver::{Dependencies, Problem, Registry, Style};

use crate::{facts, written};

/// What was read, for people.
pub(crate) fn shown(result: &Result<Registry, Vec<Problem>>) -> String {
    let registry = match result {
        Ok(registry) => registry,
        Err(problems) => return problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"),
    };
    let mut text = String::new();
    if let Some(manifest) = &registry.manifest {
        text.push_str(&format!(
            "registry {} {}\n",
            manifest.name,
            manifest.version.as_deref().unwrap_or("-")
        ));
        for dependency in &manifest.dependencies {
            text.push_str(&format!(
                "  stands on {} {}\n",
                dependency.name,
                dependency.version.as_deref().unwrap_or("-")
            ));
        }
    }
    for (name, facts) in facts::of(registry) {
        text.push_str(&format!("{name}\n"));
        for (fact, value) in facts {
            text.push_str(&format!("  {fact}: {value}\n"));
        }
    }
    for attribute in registry.attributes.iter().filter(|attribute| attribute.origin.is_some()) {
        let origin = attribute.origin.as_deref().unwrap_or_default();
        text.push_str(&format!("from {origin}: attribute {}\n", attribute.key.value));
    }
    let signals = (registry.metrics.iter().map(|metric| &metric.signal))
        .chain(registry.spans.iter().map(|span| &span.signal))
        .chain(registry.events.iter().map(|event| &event.signal))
        .chain(registry.entities.iter().map(|entity| &entity.signal))
        .chain(registry.groups.iter().map(|group| &group.signal));
    for signal in signals.filter(|signal| signal.origin.is_some()) {
        let origin = signal.origin.as_deref().unwrap_or_default();
        text.push_str(&format!("from {origin}: {}\n", signal.id));
    }
    for left in &registry.left {
        text.push_str(&format!("left: {left}\n"));
    }
    text
}

#[test]
fn each_folder_reads_as_its_snapshot_says() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders: Vec<_> = fs::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 80, "the folders are gone");
    for folder in folders {
        let mut dependencies = Dependencies::new();
        if let Ok(entries) = fs::read_dir(folder.join("dependencies")) {
            for entry in entries.map(Result::unwrap) {
                dependencies.insert(entry.file_name().into_string().unwrap(), entry.path());
            }
        }
        let result = slo_weaver::read(&folder.join("registry"), &dependencies);
        let text = shown(&result).replace(&*golden.to_string_lossy(), "GOLDEN");
        let settings = |name: &str, text: &str| {
            insta::with_settings!({
                snapshot_path => &folder,
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_snapshot!(name, text);
            })
        };
        settings("read", &text);
        if let Ok(registry) = &result {
            let style = Style { name: "shop".to_owned(), docs: true };
            settings("written", &written::shown(registry, &style));
        }
    }
}
