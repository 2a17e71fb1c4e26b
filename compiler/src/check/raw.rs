//! Keys whose values are what callers send: the first that come would fill any bound, and say nothing.

use slo_stdlib_mappings::Vocabulary;

use crate::text::some_alternatives;

/// Keys of raw values, and the keys of few values that the conventions have for the same: OpenTelemetry semantic
/// conventions 1.44.0, by the registry's text of each key that is named second.
const RAW: [(&[&str], &[&str]); 6] = [
    // `http.route`: "MUST be low-cardinality"; `url.template`: "low-cardinality template of an absolute path reference".
    (&["url.path", "http.target"], &["http.route", "url.template"]),
    (&["url.full", "url.original", "http.url"], &["url.template", "http.route"]),
    // `user_agent.name`: "Usually refers to the browser's name".
    (&["user_agent.original", "http.user_agent"], &["user_agent.name"]),
    // `db.query.summary`: "Low cardinality summary of a database query".
    (&["db.query.text", "db.statement"], &["db.query.summary", "db.operation.name"]),
    // `error.type`: "SHOULD be predictable, and SHOULD have low cardinality".
    (&["exception.message", "exception.stacktrace", "error.message"], &["error.type", "exception.type"]),
    // `process.executable.name`: the name alone, where these are the command with its arguments.
    (&["process.command_line", "process.command_args"], &["process.executable.name"]),
];

/// Keys of raw values for which the conventions have no other: what stands behind the path, and who asks.
const WITHOUT_OTHER: [&str; 5] =
    ["url.query", "url.fragment", "client.address", "network.peer.address", "http.client_ip"];

/// What to do instead of bounding a key whose values are what callers send. None for other keys. `bound` is how a bound
/// is said, for what may be few.
pub(super) fn instead(key: &str, tables: &[&'static Vocabulary], bound: &str) -> Option<String> {
    const FILLED: &str = "its values are what callers send, and the first of them would fill any bound";
    if let Some((_, others)) = RAW.iter().find(|(keys, _)| keys.contains(&key)) {
        let there = others.iter().filter(|key| tables.iter().any(|table| table.attribute(key).is_some()));
        let there: Vec<String> = there.map(|key| format!("`{key}`")).collect();
        return Some(match there.as_slice() {
            [] => format!("{FILLED}: take it out"),
            there => format!(
                "{FILLED}: show {} instead, with `bounded=N, other=\"_OTHER\"`",
                some_alternatives(there)
            ),
        });
    }
    if WITHOUT_OTHER.contains(&key) {
        return Some(format!("{FILLED}: take it out"));
    }
    let last = key.rsplit('.').next().unwrap_or(key);
    let is_id = ["id", "uid", "uuid"]
        .into_iter()
        .any(|id| last.strip_suffix(id).is_some_and(|before| before.is_empty() || before.ends_with('_')));
    is_id.then(|| format!("an id is one of many: take it out; or, where there are only a few, {bound}"))
}
