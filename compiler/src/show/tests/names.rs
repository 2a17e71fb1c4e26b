//! Which name means what.

use super::{contract, reference, shown};
use crate::ir::Leaf;
use crate::show::sheet::Sheet;
use crate::show::{ShowError, find};

fn kinds(name: &str) -> Vec<&'static str> {
    let kind = |sheet: &Sheet| match sheet {
        Sheet::Meaning(_) => "meaning",
        Sheet::View(_) => "view",
        Sheet::Event(_) => "event",
        Sheet::Metric(_) => "metric",
        Sheet::Span(_) => "span",
        Sheet::Log(_) => "log",
        Sheet::Entity(_) => "entity",
        Sheet::Attribute(_) => "attribute",
        Sheet::Resource(_) => "resource",
        Sheet::Scope(_) => "scope",
    };
    shown(name).sheets.iter().map(kind).collect()
}

#[test]
fn each_kind_of_thing_is_found_by_its_names() {
    for (names, expected) in [
        (["fin.pay.PaymentOutcome", "PaymentOutcome"], "meaning"),
        (["web.ClientSide", "ClientSide"], "view"),
        (["fin.pay.PaymentAttempt", "PaymentAttempt"], "event"),
        (["web.Fetch", "http.fetch"], "event"),
        (["fin.pay.PaymentService", "PaymentService"], "resource"),
        (["jobs.JobScope", "JobScope"], "scope"),
        (["payment.attempts", "job.lag"], "metric"),
        (["http.route", "path"], "attribute"),
    ] {
        for name in names {
            assert_eq!(kinds(name), [expected], "{name}");
        }
    }
}

#[test]
fn what_a_vocabulary_knows_is_shown_though_the_contract_does_not_use_it() {
    assert_eq!(kinds("db.system.name"), ["attribute"]);
    assert_eq!(kinds("http.server.active_requests"), ["metric"]);
}

#[test]
fn a_declaration_a_metric_and_a_key_may_share_a_name() {
    let contract = contract(&[(
        "jobs.slo",
        "package jobs\nattribute jobs: int\nscope jobs {}\nmetric jobs: gauge, observed { jobs }\n",
    )]);
    let found = find(&contract, "jobs").unwrap();
    assert_eq!(found.sheets.len(), 3, "{:?}", found.sheets);
}

#[test]
fn an_unknown_name_has_the_nearest_one() {
    let error = |name| find(&reference(), name).unwrap_err().to_string();
    insta::assert_snapshot!(
        error("PaymentOutcom"),
        @"the contract has nothing that is called `PaymentOutcom`; did you mean `PaymentOutcome`?"
    );
    insta::assert_snapshot!(
        error("fin.pay.PaymentAtempt"),
        @"the contract has nothing that is called `fin.pay.PaymentAtempt`; did you mean `fin.pay.PaymentAttempt`?"
    );
    insta::assert_snapshot!(
        error("db.system.nmae"),
        @"the contract has nothing that is called `db.system.nmae`; did you mean `db.system.name`?"
    );
    insta::assert_snapshot!(
        error("nothing"),
        @"the contract has nothing that is called `nothing`; name a meaning, a view, an event, a resource, a scope, a metric, one of its series, a log, a declared span, an entity or a key"
    );
}

#[test]
fn a_bare_name_of_several_asks_for_the_full_one() {
    let one = "scope Scope {}\nmeaning Outcome { Done { metric none } }\n";
    let contract =
        contract(&[("a/a.slo", &format!("package a\n{one}")), ("b/b.slo", &format!("package b\n{one}"))]);
    let error = find(&contract, "Outcome").unwrap_err();
    assert_eq!(
        error,
        ShowError::Several {
            name: "Outcome".to_owned(),
            full_names: vec!["a.Outcome".to_owned(), "b.Outcome".to_owned()]
        }
    );
    insta::assert_snapshot!(
        error,
        @"`Outcome` is the name of 2 declarations; write the full name of one: `a.Outcome` and `b.Outcome`"
    );
    assert!(find(&contract, "b.Outcome").is_ok());
}

#[test]
fn what_is_declared_twice_is_shown_twice() {
    let contract = contract(&[("a.slo", "package a\nscope Scope {}\nscope Scope {}\n")]);
    assert_eq!(find(&contract, "Scope").unwrap().sheets.len(), 2);
}

#[test]
fn an_error_steers_no_terminal() {
    let mut contract = reference();
    let Leaf::Known(attribute) = &mut contract.attributes[0] else { panic!("unknown") };
    std::sync::Arc::make_mut(attribute).key = "escape\u{1b}[31m.key".to_owned();
    let error = find(&contract, "escape\u{1b}[31m.kye").unwrap_err().to_string();
    assert_eq!(
        error,
        r"the contract has nothing that is called `escape\u{1b}[31m.kye`; did you mean `escape\u{1b}[31m.key`?"
    );
}

const DECLARED: &str = "package web

attribute web.route: string, max=64, bounded=20, other=\"other\", examples=[\"/users\", \"/carts\"]
attribute web.id: string

/// A call.
span web.call: client, closed, entities=one_of(web.shop) {
    web.route required
    web.id if \"the shop is known\"
}
log web.failed: error, deprecated=web.gone { web.route }
entity web.shop: stability=stable { web.id id }

scope Web {}

event Call in Web {
    route: web.route
    span \"call\" of web.call { route }
}
";

#[test]
fn what_is_declared_for_others_has_a_page() {
    let contract = contract(&[("web.slo", DECLARED)]);
    let shown = |name: &str| find(&contract, name).unwrap().terminal(false, 100);
    let pages = ["web.call", "web.failed", "web.shop", "web.Call", "web.route"].map(shown);
    insta::assert_snapshot!(pages.join("\n────────\n"));
}
