//! Rule files of Prometheus, and `PrometheusRule`s of Kubernetes.

use std::collections::BTreeSet;

use crate::query::{At, Readers, shown};
use crate::yaml::{self, Node};

/// Reads the rules of a file of YAML. Whether it holds any, or should, is the answer.
pub(crate) fn read(text: &str, file: usize, readers: &mut Readers) -> bool {
    let documents = match yaml::parse(text) {
        Ok(documents) => documents,
        Err((start, why)) => {
            readers.unread(At { file, range: start..start }, why);
            return false;
        }
    };
    let mut any = false;
    for document in &documents {
        let spec = document.get("spec").unwrap_or(document);
        let Some(groups) = spec.get("groups") else { continue };
        any = true;
        let Some(groups) = groups.list() else {
            readers.unread(At { file, range: groups.range.clone() }, "`groups` is no list");
            continue;
        };
        for group in groups {
            read_group(group, file, readers);
        }
    }
    any
}

fn read_group(group: &Node, file: usize, readers: &mut Readers) {
    let name = group.get("name").and_then(Node::text).unwrap_or("without a name");
    let Some(rules) = group.get("rules") else {
        let why = format!("the group `{}` has no `rules`", shown(name));
        return readers.unread(At { file, range: group.range.clone() }, why);
    };
    let Some(rules) = rules.list() else {
        return readers.unread(At { file, range: rules.range.clone() }, "`rules` is no list");
    };
    for rule in rules {
        read_rule(rule, name, file, readers);
    }
}

fn read_rule(rule: &Node, group: &str, file: usize, readers: &mut Readers) {
    let word = |key: &str| rule.get(key).and_then(Node::text);
    let (record, alert) = (word("record"), word("alert"));
    let (kind, name) = match (record, alert) {
        (Some(record), _) => ("recording rule", record),
        (None, Some(alert)) => ("alert", alert),
        (None, None) => ("rule", "without a name"),
    };
    let by = format!("the {kind} `{}` of the group `{}`", shown(name), shown(group));
    let Some((expression, text)) = rule.get("expr").and_then(|node| Some((node, node.text()?))) else {
        if let Some(record) = record {
            readers.recorded.insert(record.to_owned(), None);
        }
        return readers.unread(At { file, range: rule.range.clone() }, format!("{by} has no `expr`"));
    };
    let at = At { file, range: expression.range.clone() };
    let result = readers.expression(text, at, by, false).and_then(|query| query.asked.result.clone());
    if let Some(record) = record {
        let own = rule.get("labels").into_iter().flat_map(Node::keys).map(str::to_owned);
        let labels: Option<BTreeSet<String>> = result.map(|labels| labels.into_iter().chain(own).collect());
        // What several rules record has the labels of all.
        let known = readers.recorded.remove(record);
        let all = match (known, labels) {
            (None, labels) => labels,
            (Some(Some(one)), Some(other)) => Some(one.into_iter().chain(other).collect()),
            _ => None,
        };
        readers.recorded.insert(record.to_owned(), all);
    }
}
