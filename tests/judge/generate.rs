//! Makes small contracts up, each from the number of a seed. They are sound but for what a draw can't see to, and that is left out.

use std::fmt::Write;

use slo_compiler::{Compilation, Input, InputFile, Root};

const MANIFEST: &str = r#"
name = "made-up"
version = "1.0.0"
slo = "0.1"
targets = ["otlp"]
"#;

/// Compiles a contract that was made up.
pub(crate) fn compiled(text: &str) -> Compilation {
    let files = vec![InputFile::new("shop.slo", text)];
    let root = Root::new(InputFile::new("slo.toml", MANIFEST), files);
    slo_compiler::compile(&Input { roots: vec![root], ..Input::default() })
}

/// Numbers that look random, the same for a seed in each run (xorshift, Marsaglia 2003).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        let mut dice = Dice((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| {
            dice.next();
        });
        dice
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(crate) fn below(&mut self, sides: usize) -> usize {
        (self.next() % sides.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What a declared or a plain type is good for.
#[derive(Clone, Copy)]
struct Kind {
    spelled: &'static str,
    /// A value for `unset=` and constants.
    value: &'static str,
    /// Something to test for.
    tested: Option<&'static str>,
    bounded: bool,
    measured: Measured,
}

#[derive(Clone, Copy, PartialEq)]
enum Measured {
    Never,
    /// What may be below zero.
    Any,
    /// What is never below zero.
    Up,
}

const fn kind(
    spelled: &'static str,
    value: &'static str,
    tested: Option<&'static str>,
    bounded: bool,
    measured: Measured,
) -> Kind {
    Kind { spelled, value, tested, bounded, measured }
}

const ATTRIBUTES: &str = r#"
attribute a.method: enum { card, wallet = "W", transfer }
attribute a.grade: enum { low = -1, mid = 2, high = 3 }
attribute a.rail: enum { sepa, swift = "S" }, open
attribute a.level: enum { one = 1, two = 2 }, open, other=0
attribute a.route: string, bounded=2, other="_OTHER"
attribute a.shard: int, bounded=3, other=-1
attribute a.zones: string[]
attribute a.any: any
attribute a.label: map<string>
attribute a.stamp: timestamp(rfc3339)
"#;

use Measured::{Any, Never, Up};

/// Attributes: one field each.
const DECLARED: [Kind; 12] = [
    kind("a.method", "card", Some("wallet"), true, Never),
    kind("a.method, only=[card, transfer]", "transfer", Some("card"), true, Never),
    kind("a.grade", "mid", Some("low"), true, Any),
    kind("a.rail", "sepa", Some("\"other\""), true, Never),
    kind("a.level", "one", Some("7"), true, Never),
    kind("a.route", "\"/\"", None, true, Never),
    kind("a.shard", "4", None, true, Never),
    kind("a.zones", "[\"x\"]", None, false, Never),
    kind("a.any", "\"x\"", None, false, Never),
    kind("a.label.one, max=3", "\"x\"", None, false, Never),
    kind("a.stamp", "\"2027\"", None, false, Never),
    kind("a.grade, only=[mid, high]", "mid", Some("high"), true, Up),
];

/// Plain types, which show under the field's name.
const PLAIN: [Kind; 22] = [
    kind("bool", "true", Some("false"), true, Never),
    kind("int, range=0..=9", "3", None, true, Up),
    kind("int, range=-2..=9", "3", None, true, Any),
    kind("int", "3", None, false, Any),
    kind("int, only=[80, 443]", "80", Some("443"), true, Up),
    kind("double", "2.5", None, false, Any),
    kind("double, range=0.0..=1.0", "0.5", None, false, Up),
    kind("string", "\"x\"", None, false, Never),
    kind("string, max=3", "\"x\"", None, false, Never),
    kind("string, only=[\"x\", \"y\"]", "\"y\"", Some("\"x\""), true, Never),
    kind("string, bounded=2, other=\"rest\"", "\"x\"", None, true, Never),
    kind("enum { on, off = \"0\" }", "on", Some("off"), true, Never),
    kind("timestamp(ms)", "5", None, false, Never),
    kind("int[]", "[1]", None, false, Never),
    kind("double[], range=0.0..=9.0", "[1.5]", None, false, Never),
    kind("bool[]", "[true]", None, false, Never),
    kind("int, range=0..=9, except=[3, 5]", "4", None, true, Up),
    kind("double, except=[0.5]", "2.5", None, false, Any),
    kind("string, max=3, bounded=2, other=\"x\"", "\"y\"", None, true, Never),
    kind("int, range=-2..=2, bounded=3, other=-1", "1", None, true, Any),
    kind("duration(ms)", "2.5", None, false, Never),
    kind("duration(us), range=0.0..=5.0", "2.5", None, false, Never),
];

/// A field, as the lists of signals need to know it.
struct Field {
    name: String,
    holds: Holds,
    optional: bool,
    unset: bool,
    constant: bool,
}

#[derive(Clone, Copy)]
enum Holds {
    Plain(Kind),
    Meaning(usize),
    Elapsed(&'static str),
    Contexts,
}

/// The text of the contract of a seed.
pub(crate) fn contract(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = format!("package shop\n{ATTRIBUTES}\nscope Shop {{}}\n");
    let meanings: Vec<Meaning> =
        (0..1 + dice.below(2)).map(|number| meaning(&mut dice, number, &mut text)).collect();
    for number in 0..1 + dice.below(2) {
        event(&mut dice, number, &meanings, &mut text);
    }
    text
}

struct Meaning {
    /// The names of its variants that carry nothing.
    bare: Vec<String>,
    has_levels: bool,
    has_view: bool,
}

/// Payloads: the type, whether it is good for a label, and whether it can be made text.
const PAYLOADS: [(&str, bool, bool); 10] = [
    ("int, range=0..=4", true, true),
    ("bool", true, true),
    ("enum { x, y }", true, false),
    ("a.method", true, false),
    ("string, bounded=2, other=\"_OTHER\"", true, false),
    ("string, max=3", false, false),
    ("double", false, true),
    ("int", false, true),
    ("string[]", false, false),
    ("duration(min)", false, true),
];

fn meaning(dice: &mut Dice, number: usize, text: &mut String) -> Meaning {
    let variants = 2 + dice.below(3);
    let mut meaning = Meaning { bare: Vec::new(), has_levels: !dice.once_in(3), has_view: dice.once_in(3) };
    // One variant may be told by that it writes nothing, and the first carries nothing.
    let silent =
        dice.once_in(4).then(|| (1 + dice.below(variants - 1), dice.pick(&["metric", "log", "span"])));
    let merged = dice.once_in(4);
    let _ = writeln!(text, "\nmeaning M{number} {{");
    for variant in 0..variants {
        let name = format!("V{variant}");
        let payload: Vec<(usize, (&str, bool, bool))> = match variant {
            0 => Vec::new(),
            _ => (0..dice.below(3)).map(|place| (place, dice.pick(&PAYLOADS))).collect(),
        };
        if payload.is_empty() {
            meaning.bare.push(name.clone());
        }
        let declared: Vec<String> =
            payload.iter().map(|(place, (spelled, ..))| format!("p{place}: {spelled}")).collect();
        let declared = if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
        let _ = writeln!(text, "    {name}{declared} {{");
        for signal in ["metric", "log", "span"] {
            let level = match signal {
                "log" if meaning.has_levels => {
                    [" unspecified", " trace", " info", " warn", " error", " fatal"][dice.below(6)]
                }
                "span" if meaning.has_levels && dice.once_in(2) => dice.pick(&[" ok", " error", " unset"]),
                _ => "",
            };
            if silent == Some((variant, signal)) && payload.is_empty() {
                // What shows nothing gives no level.
                let _ = writeln!(text, "        {signal} none");
                if level.is_empty() || signal == "metric" {
                    continue;
                }
                meaning.has_levels &= signal != "log";
                continue;
            }
            let state = if merged && variant == 1 && signal == "metric" { 0 } else { variant };
            let mut pairs = vec![format!("m{number}_state = \"s{state}\"")];
            for (place, (_, is_label, is_number)) in &payload {
                let key = format!("m{number}v{variant}p{place}");
                let shown = if *is_number && dice.once_in(2) {
                    format!("to_string(p{place})")
                } else {
                    format!("p{place}")
                };
                let key = if shown.starts_with('t') { format!("{key}_text") } else { key };
                if signal != "metric" || *is_label && !(merged && variant == 1) {
                    pairs.push(format!("{key} = {shown}"));
                }
            }
            let said = text_of(&payload, signal, level, text.len());
            let _ = writeln!(text, "        {signal}{level}{said} {{ {} }}", pairs.join(", "));
        }
        text.push_str("    }\n");
    }
    if merged {
        text.push_str("    lossy metric { V0, V1 } \"one is as good as the other\"\n");
    }
    text.push_str("}\n");
    if meaning.has_view {
        let _ = writeln!(
            text,
            "\nview W{number} of M{number} {{\n    V0 {{ metric {{ w{number}_state = \"w\" }}, log {{ w{number}_state = \"w\" }} }}\n}}"
        );
    }
    meaning
}

/// A text after a severity or a status, once in a while; by dice of its own, so that contracts are what they were.
fn text_of(payload: &[(usize, (&str, bool, bool))], signal: &str, level: &str, seed: usize) -> String {
    let mut dice = Dice::new(seed as u64 * 3);
    if level.is_empty() || signal == "span" && level != " error" || !dice.once_in(2) {
        return String::new();
    }
    let holes: Vec<String> = payload.iter().map(|(place, _)| format!("{{p{place}}}")).collect();
    match dice.below(3) {
        0 => " \"it went {{wrong}}\"".to_owned(),
        1 => format!(" \"{} and so on \"", holes.join(" ")),
        _ => format!(" \"went: {}\"", holes.join(", ")),
    }
}

fn event(dice: &mut Dice, number: usize, meanings: &[Meaning], text: &mut String) {
    let fields = fields(dice, meanings, text, number);
    let drops = dice.once_in(5).then_some("invalid=drop");
    // By dice of its own, so that contracts are what they were.
    let specialized = Dice::new((text.len() + number) as u64).once_in(2).then_some("specialized");
    let options: Vec<&str> = drops.into_iter().chain(specialized).collect();
    let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(", ")) };
    let _ = writeln!(text, "\nevent E{number} in Shop{options} {{");
    for field in &fields {
        let optional = if field.optional { "?" } else { "" };
        let line = match field.holds {
            Holds::Plain(kind) => {
                // `?` stands behind the type, before its options.
                let (of, options) =
                    match kind.spelled.split_once(", ").filter(|_| !kind.spelled.contains('{')) {
                        Some((of, options)) => (of, format!(", {options}")),
                        None => (kind.spelled, String::new()),
                    };
                let constant = if field.constant { format!(" = {}", kind.value) } else { String::new() };
                let unset = if field.unset { format!(", unset={}", kind.value) } else { String::new() };
                format!("{of}{optional}{constant}{options}{unset}")
            }
            Holds::Meaning(meaning) => {
                let unset = if field.unset {
                    format!(", unset={}", meanings[meaning].bare[0])
                } else {
                    String::new()
                };
                format!("M{meaning}{optional}{unset}")
            }
            Holds::Elapsed(unit) => format!("duration({unit})"),
            Holds::Contexts => "context[]".to_owned(),
        };
        let _ = writeln!(text, "    {}: {line}", field.name);
    }
    let metrics = dice.below(3);
    let mut labels_of_all: Vec<String> = Vec::new();
    for place in 0..metrics {
        let labels = metric(dice, number, place, &fields, meanings, text);
        labels_of_all.extend(labels);
    }
    let has_log = metrics == 0 || !dice.once_in(4);
    if has_log {
        let meaning_with_level = fields
            .iter()
            .any(|field| matches!(field.holds, Holds::Meaning(meaning) if meanings[meaning].has_levels));
        let max = if meaning_with_level
            && fields.iter().filter(|field| matches!(field.holds, Holds::Meaning(_))).count() > 1
        {
            ", severity=max"
        } else {
            ""
        };
        let own = dice.pick(&["unspecified", "trace", "debug", "info", "warn", "error", "fatal"]);
        let body = match dice.below(4) {
            0 => String::new(),
            1 => ", body=\"fixed {{text}}\"".to_owned(),
            _ => format!(", body=\"{}\"", holes(dice, &fields, false)),
        };
        let when = when(dice, &fields);
        let _ = writeln!(
            text,
            "    log shop.log{number}: {own}{max}{body}{when}{}",
            list(dice, &fields, &labels_of_all)
        );
    }
    if !dice.once_in(4) || !has_log && metrics == 0 {
        let max = if fields.iter().filter(|field| matches!(field.holds, Holds::Meaning(_))).count() > 1 {
            ", status=max"
        } else {
            ""
        };
        let when = when(dice, &fields);
        let list = list(dice, &fields, &labels_of_all);
        if dice.once_in(4) {
            let options = format!("{max}{when}");
            let options = options.strip_prefix(", ").map_or(String::new(), |options| format!(": {options}"));
            let _ = writeln!(text, "    span current{options}{list}");
        } else {
            let links = match fields.iter().find(|field| matches!(field.holds, Holds::Contexts)) {
                Some(field) => format!(", links={}", field.name),
                None => String::new(),
            };
            let name = holes(dice, &fields, true);
            let kind = dice.pick(&["internal", "server", "client", "producer", "consumer"]);
            let _ = writeln!(text, "    span \"{name}\": {kind}{max}{links}{when}{list}");
        }
    }
    more_logs(number, &fields, &labels_of_all, text);
    span_events(number, &fields, text);
    text.push_str("}\n");
    let runs = drops.is_none()
        && fields
            .iter()
            .all(|field| !matches!(field.holds, Holds::Meaning(_)) || field.optional || field.unset);
    if runs && dice.once_in(2) {
        let known = fields.iter().filter(|field| {
            !field.optional
                && !field.unset
                && !field.constant
                && matches!(field.holds, Holds::Plain(kind) if kind.bounded)
        });
        let labels: Vec<&str> = known.map(|field| field.name.as_str()).take(2).collect();
        let _ = writeln!(
            text,
            "\nmetric shop.running{number}: updowncounter, while=E{number}, limit=5_000 {{ {} }}",
            labels.join(", ")
        );
    }
}

/// More logs, without a name or with one; by dice of its own, so that contracts are what they were.
fn more_logs(number: usize, fields: &[Field], labels: &[String], text: &mut String) {
    let mut dice = Dice::new(text.len() as u64 * 11 + number as u64);
    for place in 0..dice.below(3) {
        let name = if dice.once_in(2) { "_".to_owned() } else { format!("shop.more{number}_{place}") };
        let when = when(&mut dice, fields);
        let list = list(&mut dice, fields, labels);
        let mut pads = Dice::new(text.len() as u64 * 13 + place as u64);
        let [before, after] = [0, 1].map(|_| pads.pick(&["", "", " ", "\\n  "]));
        let severity = match pads.below(4) {
            0 => "unspecified, severity_text=\"Information\"",
            1 => "debug, severity_text=\"DBG\"",
            _ => "debug",
        };
        let _ = writeln!(
            text,
            "    log {name}: {severity}, severity=max, body=\"{}\"{when}{list}",
            match (name.as_str(), pads.below(3)) {
                (name, 0) if name != "_" => format!("{before}{}{after}", holes(&mut dice, fields, false)),
                _ =>
                    format!("{before}more of {number} at {place}: {}{after}", holes(&mut dice, fields, false)),
            }
        );
    }
}

/// What an event writes onto a span; by dice of its own, so that contracts are what they were.
fn span_events(number: usize, fields: &[Field], text: &mut String) {
    let mut dice = Dice::new(text.len() as u64 * 7 + number as u64);
    for place in 0..dice.below(3) {
        let when = when(&mut dice, fields);
        let options = when.strip_prefix(", ").map_or(String::new(), |when| format!(": {when}"));
        let list = list(&mut dice, fields, &[]);
        let hole = if dice.once_in(2) { holes(&mut dice, fields, true) } else { String::new() };
        let _ = writeln!(text, "    span event \"step {place} {hole}\"{options}{list}");
    }
}

fn fields(dice: &mut Dice, meanings: &[Meaning], _: &mut String, _: usize) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    for place in 0..1 + dice.below(6) {
        let kind = if dice.once_in(2) { dice.pick(&DECLARED) } else { dice.pick(&PLAIN) };
        let key = kind.spelled.split(',').next().unwrap_or_default();
        if key.starts_with("a.") {
            if taken.contains(&key) {
                continue;
            }
            taken.push(key);
        }
        let form = dice.below(9);
        fields.push(Field {
            name: format!("f{place}"),
            holds: Holds::Plain(kind),
            optional: form < 2,
            unset: form == 2,
            constant: form == 3,
        });
    }
    for meaning in 0..meanings.len() {
        if !dice.once_in(3) {
            let form = dice.below(3);
            let holds = Holds::Meaning(meaning);
            let name = format!("m{meaning}");
            fields.push(Field { name, holds, optional: form == 1, unset: form == 2, constant: false });
        }
    }
    let mut last = |name: &str, holds| {
        fields.push(Field { name: name.to_owned(), holds, optional: false, unset: false, constant: false });
    };
    if dice.once_in(2) {
        last("elapsed", Holds::Elapsed(dice.pick(&["s", "ms"])));
    }
    if dice.once_in(4) {
        last("batch", Holds::Contexts);
    }
    fields
}

/// A metric, and the fields that are its labels.
fn metric(
    dice: &mut Dice,
    number: usize,
    place: usize,
    fields: &[Field],
    meanings: &[Meaning],
    text: &mut String,
) -> Vec<String> {
    let measures: Vec<(&Field, Measured, &str)> = fields
        .iter()
        .filter_map(|field| match field.holds {
            Holds::Plain(kind) if kind.measured != Never => Some((field, kind.measured, "")),
            Holds::Elapsed(unit) => Some((field, Up, unit)),
            _ => None,
        })
        .collect();
    let measured = (!measures.is_empty() && dice.once_in(2)).then(|| dice.below(measures.len()));
    let options = match measured.map(|at| &measures[at]) {
        None => dice.pick(&["counter", "updowncounter"]).to_owned(),
        Some((field, sign, unit)) => {
            let unit = if unit.is_empty() { String::new() } else { format!(", unit=\"{unit}\"") };
            let kinds: &[&str] = match sign {
                Up => &[
                    "counter",
                    "histogram, buckets=[0.5, 2, 10]",
                    "histogram, exponential",
                    "gauge",
                    "updowncounter",
                ],
                _ => &["gauge", "updowncounter"],
            };
            format!("{}{unit}, value={}", dice.pick(kinds), field.name)
        }
    };
    let (mut labels, mut items) = (Vec::new(), Vec::new());
    for field in fields {
        let shows = match field.holds {
            Holds::Plain(kind) => kind.bounded && dice.once_in(2),
            Holds::Meaning(_) => dice.once_in(2),
            Holds::Elapsed(_) | Holds::Contexts => false,
        };
        if !shows {
            continue;
        }
        labels.push(field.name.clone());
        items.push(match field.holds {
            Holds::Plain(_) if dice.once_in(4) => format!("{} as x_{}", field.name, field.name),
            Holds::Meaning(meaning) if meanings[meaning].has_view && dice.once_in(2) => {
                format!("{} via W{meaning}", field.name)
            }
            _ => field.name.clone(),
        });
    }
    if dice.once_in(3) {
        items.push("fixed = \"yes\"".to_owned());
    }
    let limit = match dice.below(3) {
        0 => ", limit=2",
        1 => ", limit=5_000",
        _ => "",
    };
    let when = when(dice, fields);
    let _ = writeln!(
        text,
        "    metric shop.metric{number}_{place}: {options}{limit}{when} {{ {} }}",
        items.join(", ")
    );
    labels
}

/// The list of a log or a span: none, or some fields, and all that metrics carry.
fn list(dice: &mut Dice, fields: &[Field], labels: &[String]) -> String {
    if dice.once_in(2) {
        return String::new();
    }
    let shown = fields.iter().filter(|field| !matches!(field.holds, Holds::Contexts));
    let mut items = Vec::new();
    for field in shown {
        if labels.contains(&field.name) || dice.once_in(2) {
            let renamed = matches!(field.holds, Holds::Plain(_)) && dice.once_in(5);
            let number = match field.holds {
                Holds::Plain(kind) => kind.spelled.starts_with("int") && !kind.spelled.starts_with("int["),
                Holds::Elapsed(_) => true,
                Holds::Meaning(_) | Holds::Contexts => false,
            };
            items.push(match (renamed, number && dice.once_in(4)) {
                (_, true) => format!("z_{0} = to_string({0})", field.name),
                (true, false) => format!("{0} as y_{0}", field.name),
                (false, false) => field.name.clone(),
            });
        }
    }
    if dice.once_in(3) {
        items.push("fixed = \"yes\"".to_owned());
    }
    format!(" {{ {} }}", items.join(", "))
}

/// A text with holes.
fn holes(dice: &mut Dice, fields: &[Field], bounded: bool) -> String {
    let fits = |field: &&Field| matches!(field.holds, Holds::Plain(kind) if kind.bounded || !bounded);
    let fields: Vec<&Field> = fields.iter().filter(fits).collect();
    if fields.is_empty() {
        return "at work".to_owned();
    }
    let mut hole = || dice.pick(&fields).name.clone();
    let (one, other) = (hole(), hole());
    match dice.below(3) {
        0 => format!("{{{one}}}"),
        1 => format!("{{{one}}} of {{{other}}}"),
        _ => format!("work {{{one}}} {{{other}}}"),
    }
}

fn when(dice: &mut Dice, fields: &[Field]) -> String {
    if !dice.once_in(3) {
        return String::new();
    }
    let field = &fields[dice.below(fields.len())];
    let name = &field.name;
    let tested = match field.holds {
        Holds::Plain(kind) if !field.constant => kind.tested,
        Holds::Meaning(_) => Some(dice.pick(&["V0", "V1"])),
        _ => None,
    };
    let test = match (tested, dice.below(4)) {
        (_, 3) if field.optional => format!("{name} present"),
        (Some(tested), 0) => format!("{name} == {tested}"),
        (Some(tested), 1) => format!("{name} in [{tested}]"),
        (Some(tested), 2) => format!("{name} not in [{tested}]"),
        _ => return String::new(),
    };
    format!(", when=({test})")
}
