//! Names and units of metrics, as the SDK has them (OpenTelemetry, metrics API, "Instrument name syntax" and "Instrument
//! unit"). It makes nothing of what it refuses, and says so in its own log only.

use crate::hash::{HashMap, HashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{ContainerId, Contract, Instrument};

/// The longest name, in characters.
const NAME: usize = 255;

/// The longest unit, in characters.
const UNIT: usize = 63;

pub(super) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    // A metric that is recorded several times has one name and one unit.
    let mut seen: HashSet<&str> = HashSet::default();
    let mut alike: HashMap<(Option<ContainerId>, String), &Instrument> = HashMap::default();
    for metric in contract.all_instruments() {
        let at = contract.places.place(metric.node);
        let first = *alike.entry((metric.scope, metric.name.to_ascii_lowercase())).or_insert(metric);
        if first.name != metric.name {
            diagnostics.push(
                Diagnostic::new(
                    Code::SameButForCase,
                    at,
                    format!("`{}` and `{}` differ in capitals only", first.name, metric.name),
                )
                .about(&metric.name)
                .about(&first.name)
                .and(contract.places.place(first.node), "the other one")
                .help("choose another name: to the SDK two such metrics of one scope are one"),
            );
        }
        if !seen.insert(&metric.name) {
            continue;
        }
        if let Some((why, help)) = refused(&metric.name) {
            diagnostics.push(
                Diagnostic::new(
                    Code::RefusedName,
                    at,
                    format!("OpenTelemetry's SDK refuses the name `{}`: {why}", metric.name),
                )
                .about(&metric.name)
                .help(help),
            );
        }
        unit(contract, metric, diagnostics);
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

fn unit(contract: &Contract, metric: &Instrument, diagnostics: &mut Vec<Diagnostic>) {
    let other = metric.unit.chars().find(|character| !character.is_ascii());
    let (why, help) = match (other, metric.unit.len()) {
        (Some(other), _) => (format!("it has a `{other}`"), "write ASCII characters, such as `us` or `Cel`"),
        (None, length) if length > UNIT => {
            (format!("it has {length} characters"), "write 63 characters or fewer")
        }
        (None, _) => return,
    };
    let said = metric.unit_node.unwrap_or(metric.node);
    diagnostics.push(
        Diagnostic::new(
            Code::RefusedUnit,
            contract.places.place(said),
            format!("OpenTelemetry's SDK refuses the unit of `{}`: {why}", metric.name),
        )
        .about(&metric.name)
        .help(help),
    );
}
