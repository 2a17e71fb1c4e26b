//! What states the occurrences of a made-up contract by generated code: everything that only its types know.

use std::fmt::Write;

use slo_compiler::plan::{Event, Given, Plan, Said};
use slo_compiler::target::rust::names::{pascal, snake};

/// The code of a contract, with what states its occurrences, as a module, and what a list of all contracts says of it.
pub(crate) fn module(name: &str, text: &str, plan: &Plan<'_>) -> (String, String) {
    let mut code = slo_compiler::target::rust::print_for_include(plan);
    code.push_str("use super::{Occurrence, Given, Lasts, Read, TestClock, start};\n");
    let mut events = String::new();
    for package in &plan.packages {
        let module = snake(package.name);
        for one in &package.enums {
            let name = format!("{module}::{}", pascal(&one.path));
            let (wire, of) = if one.is_int { ("*wire", "Int") } else { ("wire", "String") };
            let _ = writeln!(
                code,
                "impl Read for {name} {{ fn read(given: &Given<'_>) -> Self {{ match given {{ Given::Value(slo::value::Value::{of}(wire)) => {name}::from_wire({wire}).unwrap(), other => panic!(\"{{other:?}}\") }} }} }}"
            );
        }
        for meaning in package.meanings.iter().filter(|meaning| meaning.view_of.is_none()) {
            let name = format!("{module}::{}", last(meaning.table.name));
            let _ = write!(
                code,
                "impl Read for {name} {{ fn read(given: &Given<'_>) -> Self {{ let Given::Variant(variant, _payload) = given else {{ panic!(\"{{given:?}}\") }}; match variant {{"
            );
            let variants = meaning.table.variants.iter().zip(&meaning.variants);
            for (number, (variant, said)) in variants.enumerate() {
                let _ = write!(code, "{number} => {name}::{}", pascal(variant.name));
                let payload =
                    variant.payload.iter().zip(&said.payload).enumerate().map(|(place, (slot, said))| {
                        let given = format!("&Given::Value(_payload[{place}].clone())");
                        format!("{}: {}", snake(slot.key.name), read(&given, said))
                    });
                let payload: Vec<String> = payload.collect();
                if !payload.is_empty() {
                    let _ = write!(code, " {{ {} }}", payload.join(", "));
                }
                code.push(',');
            }
            code.push_str("_ => panic!(\"{variant}\") } } }\n");
        }
        for event in &package.events {
            let run = state(&module, event, &mut code);
            let of = format!("{module}::{}", last(event.table.name));
            let record = format!("{name}::record_{}", snake(last(event.table.name)));
            let _ = write!(
                events,
                "Stated {{ table: <{name}::{of} as slo::Event>::TABLE, record: {record}, run: {} }},",
                run.map_or("None".to_owned(), |run| format!("Some({name}::{run})"))
            );
        }
    }
    let case = format!(
        "Case {{ name: {name:?}, text: {text:?}, contract: &{name}::CONTRACT, events: &[{events}] }},\n"
    );
    (format!("pub mod {name} {{\n{code}\n}}\n"), case)
}

/// How a value is read of what is given.
fn read(given: &str, said: &Said<'_>) -> String {
    match said.nanoseconds {
        Some(nanoseconds) => format!("Lasts::read({given}, {nanoseconds:?})"),
        None => format!("Read::read({given})"),
    }
}

fn last(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// Two functions: one states an occurrence that is over, one an occurrence that runs, where it may; its name.
fn state(module: &str, event: &Event<'_>, code: &mut String) -> Option<String> {
    let name = last(event.table.name);
    let (of, short) = (format!("{module}::{name}"), snake(name));
    let (mut begin, mut later) = (String::new(), String::new());
    for (number, (field, said)) in event.table.fields.iter().zip(&event.fields).enumerate() {
        let members = match said.given {
            Given::Begin => &mut begin,
            Given::Later => &mut later,
            Given::Elapsed | Given::Constant(_) => continue,
        };
        let value = read(&format!("&_occurrence.fields[{number}]"), &said.said);
        let _ = write!(members, "{}: {value},", snake(field.name));
    }
    let has_later = !later.is_empty();
    let later = format!("{of}Later {{ {later} }}");
    let member = |later: &str| if has_later { format!("later: {later}") } else { String::new() };
    let _ = writeln!(
        code,
        "pub fn record_{short}(_occurrence: &Occurrence<'_>) {{ slo::Event::record(&{of} {{ {begin} {} }}, slo::Period::since(start(), _occurrence.elapsed)); }}",
        member(&later)
    );
    event.hindrances.is_empty().then(|| {
        let set = if has_later { format!("*guard = {later};") } else { String::new() };
        let _ = writeln!(
            code,
            "#[allow(unused_mut)] pub fn run_{short}(_occurrence: &Occurrence<'_>, clock: &TestClock, during: &mut dyn FnMut()) {{ let mut guard = slo::Running::begin({of} {{ {begin} {} }}); during(); clock.advance(_occurrence.elapsed); {set} guard.end(); }}",
            member(&format!("{of}Later::default()"))
        );
        format!("run_{short}")
    })
}
