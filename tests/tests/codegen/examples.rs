//! What the examples say has its form in the code that is generated from them.

use std::path::Path;

use slo_compiler::ir::{Buckets, Contract, Event, Instrument, Meaning, Span};
use slo_compiler::plan::{Arena, Planner};
use slo_compiler::target::File;
use slo_compiler::target::rust::names::pascal;
use slo_compiler::{CheckedContract, compile, load};
use slo_tests::rust;

const EXAMPLES: [&str; 4] = ["grpc-service", "http-server", "kafka-consumer", "payments"];

/// A contract of the examples, as whoever makes Rust of it gets it.
fn example(name: &str) -> CheckedContract {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name).join("slo");
    let mut compilation = compile(&load::load(&root).unwrap());
    compilation.hold_to_rust();
    compilation.checked.unwrap_or_else(|| panic!("{name}: {:?}", compilation.diagnostics))
}

/// The code of a contract: each package's, and the whole contract's.
struct Generated<'c> {
    contract: &'c Contract,
    files: Vec<File>,
}

impl Generated<'_> {
    fn root(&self) -> &str {
        &self.files.iter().find(|file| file.path == "mod.rs").unwrap().text
    }

    fn package(&self, package: &str) -> &str {
        let path = format!("{}.rs", package.replace('.', "_"));
        &self.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}")).text
    }

    /// The item that begins like this, to its end.
    fn item(&self, package: &str, head: &str) -> &str {
        let code = self.package(package);
        let start = code.find(head).unwrap_or_else(|| panic!("no `{head}` in {package}"));
        let end = code[start..].find("\n}\n").map_or(code.len(), |end| start + end + 2);
        &code[start..end]
    }

    /// The part of an item behind a name, up to another one.
    fn between<'t>(&self, text: &'t str, from: &str, to: &str) -> &'t str {
        let start = text.find(from).unwrap_or_else(|| panic!("no `{from}` in\n{text}"));
        let end = text[start..].find(to).unwrap_or_else(|| panic!("no `{to}` in\n{text}"));
        &text[start..start + end]
    }
}

fn holds(text: &str, wanted: &str, of: &str) {
    assert!(text.contains(wanted), "`{wanted}` of {of} is not in\n{text}");
}

fn said(text: &str) -> String {
    format!("{text:?}")
}

#[test]
fn every_construct_of_the_examples_has_its_form_in_rust() {
    for name in EXAMPLES {
        let checked = example(name);
        let contract = checked.contract();
        let generated = Generated { contract, files: rust(&checked) };
        for meaning in &contract.meanings {
            match &meaning.view {
                None => meaning_has_its_form(&generated, meaning),
                Some(view) => {
                    let of = &contract.meaning(view.of).name;
                    let face = generated
                        .item(&meaning.package, &format!("impl __slo::Projection for {} {{", meaning.name));
                    holds(face, &format!("{of};"), &meaning.name);
                    holds(face, &said(&meaning.full_name()), &meaning.name);
                    let until = view.until.iter().map(|until| said(until));
                    until.for_each(|until| holds(face, &until, &meaning.name));
                    generated.item(&meaning.package, &format!("pub struct {};", meaning.name));
                }
            }
        }
        // Of what others record nothing is made.
        let external = contract.events.iter().filter(|event| event.external);
        let of_others: Vec<_> = external.flat_map(|event| &event.metrics).map(|metric| metric.node).collect();
        for event in contract.events.iter().filter(|event| !event.external) {
            event_has_its_form(&generated, event);
        }
        for metric in contract.instruments.iter().filter(|metric| metric.observed) {
            let observed = generated
                .item(&metric.package, &format!("impl __slo::Observed for {} {{", pascal(&metric.name)));
            metric_has_its_form(observed, metric);
        }
        for metric in contract.all_instruments().filter(|metric| !of_others.contains(&metric.node)) {
            holds(generated.root(), &format!("metric: {}", said(&metric.name)), name);
        }
        let links =
            contract.events.iter().filter_map(|event| event.span.as_ref()).any(|span| span.links.is_some());
        holds(generated.root(), &format!("span_links: {links}"), name);
        let strategy =
            format!("strategy: __slo::tables::TranslationStrategy::{:?}", contract.prometheus.strategy());
        holds(generated.root(), &strategy, name);
        let promoted = generated.between(generated.root(), "promoted: &[", "]");
        let keys: Vec<String> =
            contract.prometheus.promote_resource_attributes.iter().map(|key| said(key)).collect();
        assert_eq!(promoted.matches('"').count(), 2 * keys.len(), "{name}");
        keys.iter().for_each(|key| holds(promoted, key, name));
    }
}

fn meaning_has_its_form(generated: &Generated<'_>, meaning: &Meaning) {
    let (package, name) = (&meaning.package, &meaning.name);
    let declared = generated.item(package, &format!("pub enum {name} {{"));
    let shown = generated.item(package, &format!("impl __slo::Meaning for {name} {{"));
    let face = generated.item(package, &format!("impl __slo::Projection for {name} {{"));
    for (number, variant) in meaning.variants.iter().enumerate() {
        holds(declared, &format!("    {}", pascal(&variant.name)), name);
        holds(shown, &format!("variants.variant::<{number}>()"), name);
        holds(face, &format!("name: {}", said(&variant.name)), name);
        for (at, payload) in variant.payload.iter().enumerate() {
            holds(declared, &format!("        {}: ", payload.name), name);
            holds(shown, &format!("variants.payload::<{number}, {at}>("), name);
        }
    }
    assert_eq!(face.matches("__slo::tables::Lossy {").count(), meaning.lossy.len(), "{name}");
}

fn event_has_its_form(generated: &Generated<'_>, event: &Event) {
    let (package, name) = (&event.package, &event.name);
    let arena = Arena::default();
    let plan = Planner::new(&arena, generated.contract).event(event);
    let code = generated.item(package, &format!("impl __slo::Event for {name} {{"));
    holds(code, &format!("name: {}", said(&event.full_name())), name);
    holds(code, &format!("values: {}", plan.table.values), name);
    for (number, field) in plan.table.fields.iter().enumerate() {
        holds(code, &format!("name: {}", said(field.name)), name);
        let is_elapsed = plan.table.elapsed.is_some_and(|elapsed| usize::from(elapsed.field) == number);
        let forms = ["value", "put", "meaning"];
        let is_put = forms.iter().any(|form| code.contains(&format!("values.{form}({}, ", field.at)));
        assert!(is_elapsed || is_put, "the field {number} of {name} has no value");
    }
    let metrics = generated.between(code, "metrics: &[", "running: &[");
    for metric in &event.metrics {
        metric_has_its_form(metrics, metric);
    }
    let running = generated.between(code, "running: &[", "logs: ");
    let counted = |metric: &&Instrument| {
        metric.during.is_some_and(|id| generated.contract.event(id).node == event.node)
    };
    for metric in generated.contract.instruments.iter().filter(counted) {
        metric_has_its_form(running, metric);
    }
    for log in &event.logs {
        let code = generated.between(code, "logs: &[", "span: ::core");
        log.name.iter().for_each(|name| holds(code, &said(name), name));
        log.until.iter().for_each(|until| holds(code, &said(until), name));
    }
    if let Some(span) = &event.span {
        span_has_its_form(&code[code.rfind("span: ::core").unwrap()..], span, name);
    }
    let runs = generated.package(package).contains(&format!("impl __slo::Running for {name} {{}}"));
    assert_eq!(runs, plan.hindrances.is_empty(), "{name}");
}

fn metric_has_its_form(code: &str, metric: &Instrument) {
    let name = &metric.name;
    holds(code, &format!("name: {}", said(name)), name);
    holds(code, &said(&metric.unit), name);
    metric.until.iter().for_each(|until| holds(code, &said(until), name));
    if let Some(limit) = &metric.limit {
        holds(code, &format!("Some({})", limit.points), name);
    }
    match metric.buckets() {
        Some(Buckets::Exponential) => holds(code, "__slo::tables::Buckets::Exponential", name),
        Some(Buckets::Explicit(bounds)) => holds(code, &format!("{:?}", bounds[0]), name),
        None => {}
    }
}

fn span_has_its_form(code: &str, span: &Span, event: &str) {
    let current = code.contains("name: ::core::option::Option::None,\n            scope:");
    assert_eq!(current, span.name.is_none(), "{event}\n{code}");
    let links = !code.contains("links: ::core::option::Option::None");
    assert_eq!(links, span.links.is_some(), "{event}\n{code}");
    let when = !code.contains("when: &[],");
    assert_eq!(when, span.when.is_some(), "{event}\n{code}");
}

#[test]
fn a_meaning_and_an_event_read_as_if_written_by_hand() {
    let files = rust(&example("payments"));
    let code = &files.iter().find(|file| file.path == "fin_pay.rs").unwrap().text;
    let start = code.find("/// The outcome of a payment attempt.").unwrap();
    insta::assert_snapshot!(&code[start..]);
}
