//! Names and units of metrics, as the SDK has them (OpenTelemetry, metrics API, "Instrument name syntax" and "Instrument
//! unit"). It makes nothing of what it refuses, and says so in its own log only.

use crate::hash::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Node, Places};
use crate::plan::Plan;

/// The longest name, in characters.
const NAME: usize = 255;

/// The longest unit, in characters.
const UNIT: usize = 63;

pub(super) fn check(plan: &Plan<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // A metric that is recorded several times has one name and one unit.
    let mut seen: HashSet<&str> = HashSet::default();
    let mut alike: HashMap<(&str, String), (&str, Node)> = HashMap::default();
    for (table, said) in plan.metrics() {
        let (name, at) = (table.name, plan.places.place(said.node));
        let (first, first_node) =
            *alike.entry((said.scope, name.to_ascii_lowercase())).or_insert((name, said.node));
        if first != name {
            diagnostics.push(
                Diagnostic::new(
                    Code::SameButForCase,
                    at,
                    format!("`{first}` and `{name}` differ in capitals only"),
                )
                .about(name)
                .about(first)
                .and(plan.places.place(first_node), "the other one")
                .help("choose another name: to the SDK two such metrics of one scope are one"),
            );
        }
        if !seen.insert(name) {
            continue;
        }
        if let Some((why, help)) = refused(name) {
            diagnostics.push(
                Diagnostic::new(
                    Code::RefusedName,
                    at,
                    format!("OpenTelemetry's SDK refuses the name `{name}`: {why}"),
                )
                .about(name)
                .help(help),
            );
        }
        diagnostics.extend(unit(plan.places, name, table.unit, said.unit));
    }
}

/// Why the SDK refuses a name, and what to write.
fn refused(name: &str) -> Option<(String, &'static str)> {
    const CHARACTERS: &str = "write ASCII letters, digits, `_`, `.`, `-` and `/`";
    let other =
        |character: &char| !(character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-' | '/'));
    match name.chars().next() {
        None => return Some(("it is empty".to_owned(), "say what is measured")),
        Some(first) if !first.is_ascii_alphabetic() => {
            let why = format!("it begins with `{first}`");
            return Some((why, "begin it with an ASCII letter"));
        }
        Some(_) => {}
    }
    if let Some(other) = name.chars().find(other) {
        return Some((format!("it has a `{other}`"), CHARACTERS));
    }
    let length = name.len();
    (length > NAME).then(|| (format!("it has {length} characters"), "write 255 characters or fewer"))
}

fn unit(places: &Places, metric: &str, unit: &str, node: Node) -> Option<Diagnostic> {
    let other = unit.chars().find(|character| !character.is_ascii());
    let (why, help) = match (other, unit.len()) {
        (Some(other), _) => (format!("it has a `{other}`"), "write ASCII characters, such as `us` or `Cel`"),
        (None, length) if length > UNIT => {
            (format!("it has {length} characters"), "write 63 characters or fewer")
        }
        (None, _) => return None,
    };
    Some(
        Diagnostic::new(
            Code::RefusedUnit,
            places.place(node),
            format!("OpenTelemetry's SDK refuses the unit of `{metric}`: {why}"),
        )
        .about(metric)
        .help(help),
    )
}
