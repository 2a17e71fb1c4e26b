//! Within one container, what a target makes of the keys differs, keeps clear of what the target reserves, and,
//! where the target nests, no key is a parent of another.

use std::collections::HashMap;

use slo_model::names::{nested_path, prometheus_label};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Container, ContainerKind, Contract, Target, Writer};
use crate::lower::SCOPE_FIELDS;

/// The labels of `target_info` that are Prometheus's own. `job` and `instance` are made of `service.name`,
/// `service.namespace` and `service.instance.id`; an attribute of that name is lost without a word.
const TARGET_INFO: [&str; 3] = ["__name__", "instance", "job"];

/// The labels that say which scope a series comes from.
const SCOPE_LABELS: [&str; 3] = ["otel_scope_name", "otel_scope_schema_url", "otel_scope_version"];

pub(super) fn check(contract: &Contract, container: &Container, diagnostics: &mut Vec<Diagnostic>) {
    let writers = twice(contract, container, diagnostics);
    for target in &contract.targets {
        match target {
            // OTLP takes keys as they are: that they differ was seen already.
            Target::Otlp => {}
            Target::Prometheus => prometheus(contract, container, &writers, diagnostics),
            Target::Logs => logs(contract, container, &writers, diagnostics),
        }
    }
}

/// The writers whose keys are the first of their name; the others are reported.
fn twice<'c>(
    contract: &Contract,
    container: &'c Container,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'c Writer> {
    let mut seen: HashMap<&str, &Writer> = HashMap::new();
    let mut firsts = Vec::new();
    for writer in &container.writers {
        match seen.get(writer.key.as_str()) {
            None => {
                seen.insert(&writer.key, writer);
                firsts.push(writer);
            }
            Some(first) => {
                let place = |writer: &Writer| contract.places.place(writer.node);
                let mut diagnostic = Diagnostic::new(
                    Code::KeyTwice,
                    shown_at(contract, writer),
                    format!(
                        "`{}` stands twice in the {} `{}`",
                        writer.key,
                        container.kind.name(),
                        container.name
                    ),
                )
                .about(&writer.key)
                .and(shown_at(contract, first), "the first one");
                for brought in [*first, writer].into_iter().filter(|writer| !writer.through.is_empty()) {
                    if !diagnostic.labels.iter().any(|label| label.place == place(brought)) {
                        diagnostic = diagnostic.and(place(brought), "brought in from here");
                    }
                }
                diagnostics.push(
                    diagnostic
                        .help("take one of them out: `...NAME` overrides nothing and is not overridden"),
                );
            }
        }
    }
    firsts
}

/// Where the container itself has a writer: the entry, or the `...NAME` that brought it in.
fn shown_at(contract: &Contract, writer: &Writer) -> slo_grammar::Place {
    contract.places.place(writer.through.first().copied().unwrap_or(writer.node))
}

/// A pair of keys that become one, or one that becomes a reserved name.
fn collide(
    contract: &Contract,
    code: Code,
    writer: &Writer,
    first: Option<&Writer>,
    message: String,
    help: &str,
) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(code, shown_at(contract, writer), message).about(&writer.key).help(help);
    if let Some(first) = first {
        diagnostic = diagnostic.about(&first.key).and(shown_at(contract, first), "the other key");
    }
    for brought in [Some(writer), first].into_iter().flatten().filter(|writer| !writer.through.is_empty()) {
        diagnostic = diagnostic
            .and(contract.places.place(brought.node), format!("`{}` is brought in from here", brought.key));
    }
    diagnostic
}

fn prometheus(
    contract: &Contract,
    container: &Container,
    writers: &[&Writer],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let strategy = contract.prometheus.strategy();
    let mut seen: HashMap<String, &Writer> = HashMap::new();
    let (carrier, reserved) = match container.kind {
        ContainerKind::Resource => ("`target_info`", TARGET_INFO.as_slice()),
        ContainerKind::Scope => ("the scope's labels", SCOPE_LABELS.as_slice()),
    };
    for writer in writers {
        let label = match container.kind {
            ContainerKind::Resource => prometheus_label(&writer.key, strategy),
            ContainerKind::Scope if SCOPE_FIELDS.contains(&writer.key.as_str()) => continue,
            ContainerKind::Scope => prometheus_label(&format!("otel_scope_{}", writer.key), strategy),
        };
        let Some(label) = label else {
            diagnostics.push(collide(
                contract,
                Code::Unnameable,
                writer,
                None,
                format!(
                    "Prometheus has no label for `{}` under {strategy}: nothing is left of it",
                    writer.key
                ),
                "choose a key with an ASCII letter or digit, or a translation strategy that keeps UTF-8",
            ));
            continue;
        };
        if reserved.contains(&label.as_str()) {
            diagnostics.push(collide(
                contract,
                Code::Reserved,
                writer,
                None,
                format!(
                    "`{}` becomes the label `{label}`, which Prometheus keeps for itself in {carrier}",
                    writer.key
                ),
                "choose another key: the server drops this one without a word",
            ));
            continue;
        }
        if let Some(first) = seen.get(&label) {
            diagnostics.push(collide(
                contract,
                Code::Collision,
                writer,
                Some(first),
                format!(
                    "`{}` and `{}` become one label `{label}` in {carrier} under {strategy}",
                    first.key, writer.key
                ),
                "choose another key: the server joins their values as `a;b`",
            ));
            continue;
        }
        seen.insert(label, writer);
    }
}

fn logs(contract: &Contract, container: &Container, writers: &[&Writer], diagnostics: &mut Vec<Diagnostic>) {
    // The writers that are values, by their whole path.
    let values: HashMap<&str, &Writer> =
        writers.iter().map(|writer| (writer.key.as_str(), *writer)).collect();
    for writer in writers {
        let mut length = 0;
        let parts: Vec<&str> = nested_path(&writer.key).collect();
        for part in parts.iter().take(parts.len().saturating_sub(1)) {
            length += part.len();
            let parent = &writer.key[..length];
            length += 1;
            if let Some(first) = values.get(parent) {
                diagnostics.push(collide(
                    contract,
                    Code::NestedPrefix,
                    writer,
                    Some(first),
                    format!(
                        "nested logs can't hold both `{parent}` and `{}` in the {} `{}`",
                        writer.key,
                        container.kind.name(),
                        container.name
                    ),
                    "choose another key: one path is either a value or a parent of others",
                ));
            }
        }
    }
}
