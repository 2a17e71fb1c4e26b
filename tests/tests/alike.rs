//! Logs that only their texts tell: whatever is accepted of some of them, two more that are alike are a new finding, and nothing
//! depends on the order in which they are declared.

use std::collections::BTreeSet;

use proptest::prelude::*;
use slo_compiler::diagnostic::{Code, Diagnostic};
use slo_tests::compile_text;

const BODIES: [&str; 7] = ["{a}", "{a} {b}", "order {a}", "order {b}.", "order 1", "paid {a}", "paid"];

/// A contract with a log of each of these bodies, of the event of this number, and what a policy accepts.
fn contract<'l>(logs: impl IntoIterator<Item = &'l (usize, usize)>, accepted: &[String]) -> String {
    let logs: Vec<_> = logs.into_iter().collect();
    let mut text = "package t\nscope S {}\n".to_owned();
    let mut events: Vec<usize> = logs.iter().map(|(event, _)| *event).collect();
    let mut seen = BTreeSet::new();
    events.retain(|event| seen.insert(*event));
    for event in events {
        text.push_str(&format!("event E{event} in S {{\n    a: string\n    b: string\n"));
        for (_, body) in logs.iter().filter(|(own, _)| *own == event) {
            text.push_str(&format!("    log _: info, body=\"{}\" {{}}\n", BODIES[*body]));
        }
        text.push_str("}\n");
    }
    text + "policy P {\n" + &accepted.join("\n") + "\n}\n"
}

fn found(text: &str) -> Vec<Diagnostic> {
    let compilation = compile_text(text);
    assert!(!compilation.diagnostics.iter().any(|one| one.code == Code::Unexpected), "{text}");
    let alike = compilation.diagnostics.into_iter().filter(|one| one.code == Code::TextsAlike);
    alike.collect()
}

/// What findings are about.
fn about(findings: &[Diagnostic]) -> BTreeSet<(BTreeSet<String>, Option<u64>)> {
    findings.iter().map(|one| (one.names.iter().cloned().collect(), one.number)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_accepted_hides_no_other_pair(
        logs in proptest::collection::vec((0..4_usize, 0..BODIES.len()), 2..6),
    ) {
        let (last, before) = logs.split_last().unwrap();
        let accepted: Vec<String> =
            found(&contract(before, &[])).iter().map(Diagnostic::acceptance).collect();
        prop_assert!(found(&contract(before, &accepted)).is_empty(), "{accepted:?}");
        let is_alike = before.iter().any(|one| !found(&contract([one, last], &[])).is_empty());
        let text = contract(&logs, &accepted);
        prop_assert_eq!(!found(&text).is_empty(), is_alike, "{}", text);
    }

    #[test]
    fn the_order_of_events_tells_nothing(
        logs in proptest::collection::vec((0..4_usize, 0..BODIES.len()), 2..6),
    ) {
        let mut turned = logs.clone();
        turned.reverse();
        prop_assert_eq!(about(&found(&contract(&logs, &[]))), about(&found(&contract(&turned, &[]))));
    }
}

#[test]
fn more_partners_than_are_named_are_counted() {
    let mut logs: Vec<(usize, usize)> = (1..=40).map(|event| (event, 4)).collect();
    logs.push((0, 0));
    let findings = found(&contract(&logs, &[]));
    let star = findings.iter().find(|one| one.names.contains(&"t.E0.{a}".to_owned())).unwrap();
    assert_eq!((star.names.len(), star.number), (33, Some(40)));
    assert_eq!(findings.len(), 2, "and that 40 have one text");
}
