//! `slo show` as people use it.

use crate::support::Folder;

const ORDERS: &str = r#"package shop

use std.otel

resource Shop {
    service.name: required
}

scope ShopScope {}

/// The outcome of an order.
meaning OrderOutcome {
    Paid "the money is there" {
        metric { status = "paid" }
        log info { result = "paid" }
        span { result = "paid" }
    }
    Refused(code: int, range=1..=99) {
        metric { status = "refused" }
        log warn { error.type = to_string(code) }
        span error { error.type = to_string(code) }
    }
}

event Order in ShopScope {
    outcome: OrderOutcome
    route: http.route, bounded=20, other="_OTHER"

    metric shop.orders: counter, unit="{order}" { outcome, route as path }
    log shop.order: body="an order"
    log shop.order.seen: info, severity_text="Notice", opt_in
    span "order"
}
"#;

#[test]
fn a_meaning_an_event_a_metric_and_a_key_are_shown() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    for name in ["OrderOutcome", "shop.Order", "shop.orders", "http.route", "Shop"] {
        let run = folder.slo(&["show", name]);
        assert_eq!((run.code, run.error.as_str()), (0, ""), "{name}");
        insta::assert_snapshot!(format!("show_{name}"), run.out);
    }
}

#[test]
fn a_resource_has_its_scopes_and_what_is_set_on_every_span_of_it() {
    let folder = Folder::with(&[(
        "web.slo",
        r#"package web
attribute session: string
resource Browser {}
resource Server {}
scope Fetch of Browser {}
scope Http of Server {}
event Session in Fetch: external {
    session: session
    span every
}
event Call in Http: external {
    span "GET": server
}
"#,
    )]);
    let used_by = |resource| {
        let shown = folder.slo(&["show", resource]).out;
        shown.split_once("used by").map(|(_, used)| used.to_owned()).unwrap_or_default()
    };
    assert_eq!(used_by("Browser"), "\nscope or event\n──────────────\nweb.Fetch\nweb.Session\n");
    assert_eq!(used_by("Server"), "\nscope or event\n──────────────\nweb.Http\n");
}

#[test]
fn a_series_finds_its_metric_and_a_pattern_all_that_it_matches() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    let metric = folder.slo(&["show", "shop.orders"]).out;
    assert_eq!(folder.slo(&["show", "shop_orders_total"]).out, metric);
    assert_eq!(folder.slo(&["show", "shop_orders"]).out, metric);
    let all = folder.slo(&["show", "shop.*"]);
    assert_eq!((all.code, all.error.as_str()), (0, ""));
    for title in [
        "event shop.Order  ",
        "meaning shop.OrderOutcome  ",
        "resource shop.Shop  ",
        "scope shop.ShopScope  ",
    ] {
        assert_eq!(all.out.matches(title).count(), 1, "{title}\n{}", all.out);
    }
    let none = folder.slo(&["show", "pay.*"]);
    assert_eq!(none.code, 2);
    assert!(none.error.contains("nothing of the contract has a name like `pay.*`"), "{}", none.error);
}

#[test]
fn the_root_may_be_named() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    let found = folder.slo(&["show", "Order"]);
    assert_eq!(folder.slo(&["show", "Order", "slo"]).out, found.out);
    assert_eq!(folder.slo(&["show", "Order", "elsewhere"]).code, 2);
}

#[test]
fn markdown_and_json_are_there_for_pages_and_programs() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    let markdown = folder.slo(&["show", "OrderOutcome", "--format", "markdown"]);
    assert_eq!(markdown.code, 0);
    insta::assert_snapshot!("show_markdown", markdown.out);
    let json = folder.slo(&["show", "OrderOutcome", "--format", "json"]);
    assert_eq!(json.code, 0);
    insta::assert_snapshot!("show_json", json.out);
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    assert!(!folder.slo(&["show", "Order"]).out.contains('\u{1b}'), "a pipe is no terminal");
    assert!(folder.slo(&["show", "Order", "--color", "always"]).out.contains("\u{1b}[1m"));
    let markdown = folder.slo(&["show", "Order", "--color", "always", "--format", "markdown"]);
    assert!(!markdown.out.contains('\u{1b}'));
}

#[test]
fn an_unknown_name_is_the_users_mistake() {
    let folder = Folder::with(&[("shop.slo", ORDERS)]);
    let run = folder.slo(&["show", "OrderOutcom"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    insta::assert_snapshot!(
        run.error,
        @"slo: the contract has nothing that is called `OrderOutcom`; did you mean `OrderOutcome`?"
    );
    let same = "meaning OrderOutcome { Done { metric none } }\n";
    folder.write("slo/other/other.slo", format!("package other\n{same}"));
    let run = folder.slo(&["show", "OrderOutcome"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(
        run.error,
        @"slo: `OrderOutcome` is the name of 2 declarations; write the full name of one: `other.OrderOutcome` and `shop.OrderOutcome`"
    );
    assert_eq!(folder.slo(&["show", "shop.OrderOutcome"]).code, 0);
}

#[test]
fn a_contract_that_is_not_sound_is_shown_as_far_as_it_is_known() {
    let wrong = ORDERS.replace("status = \"refused\"", "status = \"paid\"");
    let folder = Folder::with(&[("shop.slo", &wrong)]);
    let run = folder.slo(&["show", "OrderOutcome"]);
    assert_eq!(run.code, 1, "there are findings");
    assert!(run.out.contains("status=\"paid\""), "{}", run.out);
    assert!(run.error.contains("is not sound (1 error"), "{}", run.error);
    assert!(run.error.contains("`slo check"), "{}", run.error);
    // What can't be read at all has nothing to show.
    folder.write("slo/slo.toml", "name = 1\n");
    let run = folder.slo(&["show", "OrderOutcome"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.error.contains("`slo check"), "{}", run.error);
}

#[test]
fn a_name_is_asked_for() {
    assert_eq!(Folder::with(&[("shop.slo", ORDERS)]).slo(&["show"]).code, 2);
}
