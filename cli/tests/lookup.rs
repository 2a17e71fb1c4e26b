//! `slo lookup` as people use it.

use crate::support::Folder;

const SHOP: &str = r#"package shop

use std.otel.http

/// Which tenant a request is made for.
attribute shop.tenant: string, max=40

scope ShopScope {}

/// The outcome of an order.
meaning OrderOutcome {
    Paid "the money is there" {
        metric { status = "paid" }
        log info { result = "paid" }
        span { result = "paid" }
    }
    Refused {
        metric { status = "refused" }
        log warn { result = "refused" }
        span error { result = "refused" }
    }
}

/// One order.
event Order in ShopScope {
    outcome: OrderOutcome
    route: http.route, bounded=20, other="_OTHER"
    tenant: shop.tenant

    metric shop.orders: counter, unit="{order}" { outcome, route as path }
    log shop.order: body="an order"
    span "order" { outcome, tenant }
}
"#;

const DECLARED: &str = r#"package shop

attribute shop.shelf.id: string
attribute shop.tenant: string

scope ShopScope {}

/// A request of a shop.
span shop.request: client, stability=stable { shop.tenant required }

/// A shelf was filled.
log shop.restock: info, deprecated="shelves fill themselves" { shop.shelf.id }

/// A shelf.
entity shop.shelf { shop.shelf.id id }

/// How full it is.
metric shop.shelf.filled: gauge, unit="1", entities=shop.shelf {}

event Request in ShopScope {
    tenant: shop.tenant

    span "shop.request" of shop.request { tenant }
}
"#;

/// The names of the matches, in their order.
fn names(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["lookup"].into_iter().chain(arguments.iter().copied()).collect();
    let run = folder.slo(&arguments);
    let heads = run.out.lines().filter(|line| !line.starts_with(' ') && line.contains("  "));
    heads.map(|line| line.split("  ").next().unwrap().to_owned()).collect()
}

#[test]
fn a_name_is_found_with_what_is_known_of_it_and_where_it_is_used() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    for text in ["OrderOutcome", "shop.orders", "tenant", "shop.Order", "http.response.status_code"] {
        let run = folder.slo(&["lookup", text, "--limit", "1"]);
        assert_eq!((run.code, run.error.as_str()), (0, ""), "{text}");
        insta::assert_snapshot!(format!("lookup_{text}"), run.out);
    }
    let json = folder.slo(&["lookup", "shop.orders", "--limit", "1", "--format", "json"]);
    insta::assert_snapshot!("lookup_json", json.out);
}

#[test]
fn what_is_declared_for_others_is_found_with_what_is_held_to_it() {
    let folder = Folder::with(&[("shop.slo", DECLARED)]);
    let all = ["shop.request", "shop.restock", "shop.shelf", "http.client", "k8s.pod"];
    let found = all.map(|text| folder.slo(&["lookup", text, "--limit", "2"]));
    insta::assert_snapshot!("lookup_declared", found.map(|run| run.out + &run.error).join("\n"));
}

#[test]
fn the_best_comes_first() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    for (text, first) in [
        // The whole name, the name in its package, its beginning.
        ("http.route", "http.route"),
        ("order", "shop.Order"),
        ("shop.ord", "shop.Order"),
        // A word of it, with whatever stands between words.
        ("outcome", "shop.OrderOutcome"),
        ("request duration", "http.client.request.duration"),
        // Letters that are wrong.
        ("http.ruote", "http.route"),
        ("tenent", "shop.tenant"),
        // A series under Prometheus.
        ("shop_orders_total", "shop.orders"),
        ("http_server_request_duration_seconds_bucket", "http.server.request.duration"),
        // A unit, words of a description.
        ("{order}", "shop.orders"),
        ("made for tenant", "shop.tenant"),
    ] {
        let found = names(&folder, &[text, "--limit", "3"]);
        assert_eq!(found.first().map(String::as_str), Some(first), "{text}: {found:?}");
    }
}

#[test]
fn without_a_contract_the_conventions_are_looked_up() {
    let folder = Folder::new();
    let run = folder.slo(&["lookup", "http.method", "--limit", "1"]);
    assert_eq!((run.code, run.error.as_str()), (0, ""));
    insta::assert_snapshot!("lookup_without_a_contract", run.out);
}

#[test]
fn the_conventions_are_looked_up_in_the_version_that_is_taken_in() {
    let folder = Folder::with(&[("shop.slo", "package shop\n\nattribute shop.tenant: string\n")]);
    let manifest = crate::support::MANIFEST.replace("\"1.44.0\"", "\"1.38.0\"");
    assert!(manifest.contains("1.38.0"), "{manifest}");
    folder.write("slo/slo.toml", manifest);
    let of = |text: &str| folder.slo(&["lookup", text, "--limit", "1"]).out;
    insta::assert_snapshot!("lookup_earlier", of("rpc.system") + &of("rpc.system.name"));
}

#[test]
fn shared_meanings_are_found_before_the_contract_names_them() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    let of = |text: &str| folder.slo(&["lookup", text, "--limit", "1"]).out;
    insta::assert_snapshot!(
        "lookup_shared",
        ["grpc outcome", "GrpcClient", "AnyError", "error.code"].map(of).join("\n")
    );
    let manifest = crate::support::MANIFEST
        .replace("\"std.otel\" = \"1.44.0\"", "\"std.otel\" = \"1.44.0\"\n\"std.rpc\" = \"1.44.0\"");
    assert!(manifest.contains("std.rpc"), "{manifest}");
    folder.write("slo/slo.toml", manifest);
    folder.write("slo/shop.slo", SHOP.replace("use std.otel.http", "use std.otel.http\nuse std.rpc"));
    let named = of("grpc outcome");
    assert!(named.contains("std.rpc.GrpcOutcome") && !named.contains("[vocabularies]"), "{named}");
    assert!(!named.contains("by `use std.rpc`"), "{named}");
    let alone = Folder::new().slo(&["lookup", "grpc outcome", "--limit", "1"]).out;
    assert!(alone.contains("[vocabularies]"), "{alone}");
}

#[test]
fn what_no_file_uses_says_what_brings_it() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    let of = |text: &str| folder.slo(&["lookup", text, "--limit", "1"]).out;
    assert!(of("k8s.pod.name").contains("by `use std.otel.k8s`"), "{}", of("k8s.pod.name"));
    assert!(!of("http.route").contains("use std.otel"), "{}", of("http.route"));
    folder.write(
        "slo/slo.toml",
        "name = \"shop\"\nversion = \"1.0.0\"\nowner = \"team-shop\"\nslo = \"0.1\"\n",
    );
    folder.write("slo/shop.slo", "package shop\n\nattribute shop.tenant: string\n");
    let out = of("k8s.pod.name");
    assert!(
        out.contains(
            "by `use std.otel.k8s`, and `\"std.otel\" = \"1.44.0\"` under [vocabularies] of slo.toml"
        ),
        "{out}"
    );
}

#[test]
fn a_struct_that_writes_a_key_is_a_use_of_it() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    let manifest = format!("{}\n[rust]\ncrates = [\"..\"]\n", crate::support::MANIFEST);
    folder.write("slo/slo.toml", manifest);
    folder.write("Cargo.toml", "[package]\nname = \"shop\"\n");
    folder.write(
        "src/lib.rs",
        "#[derive(slo::SloAttributes)]\n#[slo(resource)]\nstruct Shop {\n    #[slo(\"service.name\")]\n    name: String,\n}\n",
    );
    let out = folder.slo(&["lookup", "service.name", "--limit", "1"]).out;
    assert!(out.contains("used by struct Shop (resource), src/lib.rs:4"), "{out}");
}

#[test]
fn what_is_left_off_is_counted() {
    let folder = Folder::new();
    let run = folder.slo(&["lookup", "http", "--limit", "2"]);
    assert_eq!(names(&folder, &["http", "--limit", "2"]).len(), 2);
    assert!(run.out.contains(" more names fit: "), "{}", run.out);
    let json = folder.slo(&["lookup", "http", "--limit", "2", "--format", "json"]).out;
    assert!(!json.contains("\"left_off\": 0"), "{json}");
}

#[test]
fn what_nothing_is_called_ends_with_1_and_what_is_no_name_with_2() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    let none = folder.slo(&["lookup", "qqqqqqqq"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert_eq!(none.error, "slo: nothing has a name, a unit or a description like this\n");
    for text in ["", "  ", &"a".repeat(201)] {
        assert_eq!(folder.slo(&["lookup", text]).code, 2, "{text:?}");
    }
    assert_eq!(folder.slo(&["lookup"]).code, 2);
    assert_eq!(folder.slo(&["lookup", "a", "--root", "elsewhere"]).code, 2);
}

#[test]
fn what_a_contract_says_steers_no_terminal() {
    let hostile = SHOP.replace("Which tenant", "Which\u{1b}[2J tenant");
    let folder = Folder::with(&[("shop.slo", &hostile)]);
    for format in ["terminal", "json"] {
        let run = folder.slo(&["lookup", "shop.tenant", "--format", format]);
        assert!(!run.out.contains('\u{1b}'), "{}", run.out);
    }
}

#[test]
fn a_contract_of_which_too_little_is_known_leaves_the_conventions() {
    let folder = Folder::with(&[("shop.slo", SHOP)]);
    folder.write("slo/slo.toml", "name = 1\n");
    let run = folder.slo(&["lookup", "http.route", "--limit", "1"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("http.route  attribute"), "{}", run.out);
    assert!(run.error.contains("`slo check` shows why"), "{}", run.error);
}
