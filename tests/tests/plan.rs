//! The plan as JSON: what is printed keeps to the schema that is checked in.

use std::path::{Path, PathBuf};

use slo_compiler::plan::{Arena, Plan};
use slo_compiler::target::plan;
use slo_compiler::{compile, load};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn validator() -> jsonschema::Validator {
    let schema = std::fs::read_to_string(repository().join("compiler/plan.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

/// The plan of a contract, as it is printed.
fn printed(root: &Path) -> serde_json::Value {
    let compilation = compile(&load::load(root).unwrap());
    let contract = compilation.checked.unwrap_or_else(|| panic!("{}", root.display()));
    let arena = Arena::default();
    serde_json::from_str(&plan::print(&Plan::of(&arena, &contract)).text).unwrap()
}

#[test]
fn each_plan_keeps_to_the_schema() {
    let validator = validator();
    let examples = std::fs::read_dir(repository().join("examples")).unwrap();
    let examples = examples.map(|entry| entry.unwrap().path().join("slo")).filter(|root| root.is_dir());
    let of_tests = ["contracts", "templates/hostile"].map(|root| repository().join("tests").join(root));
    for root in examples.chain(of_tests) {
        let plan = printed(&root);
        let errors: Vec<String> =
            validator.iter_errors(&plan).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {}", root.display(), errors.join("\n"));
    }
}

/// A schema that says less than the plan would let everything pass.
#[test]
fn a_field_more_or_less_is_another_plan() {
    let validator = validator();
    let plan = printed(&repository().join("examples/payments/slo"));
    assert!(validator.is_valid(&plan));
    for at in [
        "",
        "/table",
        "/packages/0",
        "/packages/0/events/0/table/metrics/0",
        "/packages/0/meanings/0/table/variants/0",
    ] {
        let mut more = plan.clone();
        more.pointer_mut(at).unwrap()["more"] = 1.into();
        assert!(!validator.is_valid(&more), "{at}");
        let mut less = plan.clone();
        let fields = less.pointer_mut(at).unwrap().as_object_mut().unwrap();
        let first = fields.keys().next().unwrap().clone();
        fields.remove(&first);
        assert!(!validator.is_valid(&less), "{at}");
    }
    let mut other = plan;
    other["plan_format"] = (plan::FORMAT + 1).into();
    assert!(!validator.is_valid(&other));
}
