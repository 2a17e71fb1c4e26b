//! What a metric's name says that the metric isn't: nearly the name of a declared one, or another unit.

use std::cell::LazyCell;

use super::TakenIn;
use super::units::of_word;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::{HashMap, HashSet};
use crate::ir::draft::{Contract, Instrument};
use crate::text::differ_by_a_letter;

/// Shorter names differ by a letter on purpose.
const SHORTEST: usize = 8;

pub(super) fn check(contract: &Contract, taken_in: &TakenIn<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // Made where a metric is not a declared one: the conventions alone have hundreds.
    let declared = LazyCell::new(|| Declared::of(contract, taken_in));
    let mut seen: HashSet<&str> = HashSet::default();
    for metric in contract.all_instruments() {
        // What a vocabulary names is its own to answer for.
        let foreign =
            metric.convention.as_ref().is_some_and(|convention| !contract.owns(&convention.package));
        if foreign || !seen.insert(&metric.name) {
            continue;
        }
        if metric.convention.is_none() {
            near(contract, metric, &declared, diagnostics);
        }
        unit(contract, metric, diagnostics);
    }
}

/// The names of declared metrics, by what they are without what people spell in several ways, and by their first letters.
struct Declared<'d> {
    plain: HashMap<String, &'d str>,
    by_start: HashMap<&'d str, Vec<&'d str>>,
    by_end: HashMap<&'d str, Vec<&'d str>>,
}

impl<'d> Declared<'d> {
    fn of(contract: &'d Contract, taken_in: &TakenIn<'d>) -> Declared<'d> {
        let mut declared =
            Declared { plain: HashMap::default(), by_start: HashMap::default(), by_end: HashMap::default() };
        let of_tables = taken_in.tables.iter().flat_map(|table| table.metrics).map(|metric| metric.name);
        for name in of_tables
            .chain(taken_in.metrics.iter().copied())
            .chain(contract.metrics.iter().map(|metric| metric.name.as_str()))
        {
            declared.plain.entry(plain(name)).or_insert(name);
            let Some((start, end)) = ends(name) else { continue };
            declared.by_start.entry(start).or_default().push(name);
            declared.by_end.entry(end).or_default().push(name);
        }
        declared
    }

    /// A name that this one most likely means: the same but for signs, a plural and a word for the kind, or for one letter, which leaves its
    /// beginning or its end as it is.
    fn near(&self, name: &str) -> Option<&'d str> {
        if let Some(same) = self.plain.get(&plain(name)) {
            return Some(same);
        }
        let (start, end) = ends(name)?;
        let all = [self.by_start.get(start), self.by_end.get(end)].into_iter().flatten().flatten();
        // `v1` and `v2` differ on purpose.
        let letters = |name: &str| name.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
        all.copied().find(|other| differ_by_a_letter(name, other) && letters(name) != letters(other))
    }
}

/// The first and the last letters of a name that is long enough.
fn ends(name: &str) -> Option<(&str, &str)> {
    let half = SHORTEST / 2;
    let is_long = name.len() >= SHORTEST;
    is_long.then_some(()).and(name.get(..half)).zip(name.get(name.len().saturating_sub(half)..))
}

/// What some libraries have stand last in a name.
const KINDS: [&str; 3] = ["counter", "gauge", "histogram"];

/// A name without signs, case, the plural's `s`, and a last word that says the kind.
fn plain(name: &str) -> String {
    let name = match name.rsplit_once(['.', '_']) {
        Some((rest, last)) if KINDS.contains(&last) => rest,
        _ => name,
    };
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    plain.strip_suffix('s').map_or(plain.clone(), str::to_owned)
}

fn near(
    contract: &Contract,
    metric: &Instrument,
    declared: &Declared<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(other) = declared.near(&metric.name).filter(|other| *other != metric.name) else { return };
    let message = format!("`{}` is nearly the name of the declared metric `{other}`", metric.name);
    diagnostics.push(
        Diagnostic::new(Code::NearlyDeclared, contract.places.place(metric.node), message)
            .about(&metric.name)
            .about(other)
            .help(format!(
                "write `metric {other}` if it is that one: what is queried by its name doesn't find this one"
            )),
    );
}

/// The last word of a name is the word for a unit, and the metric is in another.
fn unit(contract: &Contract, metric: &Instrument, diagnostics: &mut Vec<Diagnostic>) {
    // `…_seconds_total` and `…_seconds_sum` are in seconds, too.
    let mut words = metric.name.rsplit(['.', '_']);
    let last = words.find(|word| !["total", "sum"].contains(word)).unwrap_or_default();
    let Some(units) = of_word(last) else { return };
    let unit = metric.own_unit();
    // What is counted in braces is no unit of anything: `vacation.days` in `{day}`.
    if units.contains(&unit) || unit.contains('{') || last.len() == metric.name.len() {
        return;
    }
    // What is counted one by one is counted in no unit: `show.hours` may count hours.
    if unit.is_empty() && metric.value.is_none() && !metric.observed {
        return;
    }
    let is = if unit.is_empty() { "has no unit".to_owned() } else { format!("is in `{unit}`") };
    let message = format!("the name of `{}` ends in `{last}`, and it {is}", metric.name);
    let first = units.first().copied().unwrap_or_default();
    diagnostics.push(
        Diagnostic::new(Code::NameUnit, contract.places.place(metric.node), message)
            .about(&metric.name)
            .and_maybe(metric.unit_node.map(|node| contract.places.place(node)), "the metric's unit")
            .help(format!(
                "give it another name, without a unit: OpenTelemetry's names have none in them, and Prometheus adds it; or the unit, `unit=\"{first}\"`, with its values in it"
            )),
    );
}
