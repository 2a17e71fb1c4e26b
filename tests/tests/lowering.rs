//! What a mistake makes unknown is passed over, and what a finding of lowering and resolution says where `tests/ui` doesn't
//! show it: one mistake, one finding.

use slo_tests::compile_text;

/// The findings of a contract: the text that each underlines, its code and message, and its help on a line below.
fn findings(source: &str) -> String {
    let text = match source.starts_with("===") {
        true => source.to_owned(),
        false => format!("package shop\nscope Shop {{}}\n{source}"),
    };
    let compilation = compile_text(&text);
    let mut lines = String::new();
    for finding in &compilation.diagnostics {
        let at = finding.place().map_or("", |place| compilation.sources.text(place));
        lines.push_str(&format!("{at}: {} {}\n", finding.code.id(), finding.message));
        lines.extend(finding.help.iter().map(|help| format!("  {help}\n")));
    }
    lines
}

macro_rules! finds {
    ($name:ident, $source:literal, $expected:literal) => {
        #[test]
        fn $name() {
            assert_eq!(findings($source).trim_end(), $expected.trim());
        }
    };
}

finds!(
    a_constant_that_cannot_be_read_leaves_its_field_unknown,
    r#"use std.otel
event Sent in Shop {
    system: messaging.system = Kafka
    metric sent: counter, unit="{message}", points=1 { system }
    log sent: info, when=(system == kafka)
}
"#,
    r#"Kafka: SLO0503 `Kafka` is no member of `messaging.system`
  did you mean `kafka`?"#
);

finds!(
    a_constant_of_another_type_leaves_its_field_unknown,
    r#"event Sent in Shop {
    region: string = 5
    metric sent: counter, unit="{message}" { region }
    log sent: info
}
"#,
    r#"5: SLO0501 `region` is a string: found a number
  write "5""#
);

finds!(
    a_list_that_cannot_be_read_leaves_its_field_unknown,
    r#"attribute shop.method: string
event Sent in Shop {
    method: shop.method, values="method.txt"
    metric sent: counter, unit="{message}" { method }
    span "send {method}": client
}
"#,
    r#""method.txt": SLO0001 the list of `shop.method` can't be read: there is no such file
  the file stands in the contract root and holds a value a line"#
);

finds!(
    a_list_that_cannot_be_read_leaves_every_field_of_its_attribute_unknown,
    r#"attribute shop.method: string, values="method.txt"
event Sent in Shop {
    method: shop.method
    metric sent: counter, unit="{message}", points=5 { method }
    span "send {method}": client
}
"#,
    r#""method.txt": SLO0001 the list of `shop.method` can't be read: there is no such file
  the file stands in the contract root and holds a value a line"#
);

finds!(
    a_widened_list_leaves_its_field_unknown,
    r#"attribute shop.kind: enum { card, cash }
event Sent in Shop {
    kind: shop.kind, only=[card, cheque]
    metric sent: counter, unit="{message}", points=1 { kind }
    log sent: info, when=(kind == cheque)
}
"#,
    r#"cheque: SLO0503 `cheque` is no member of `shop.kind`
  its members are `card` and `cash`"#
);

finds!(
    a_bound_without_other_leaves_its_field_unknown,
    r#"use std.otel
event Sent in Shop {
    server: server.address, bounded=8
    metric sent: counter, unit="{message}" { server }
    log sent: info
}
"#,
    r#"8: SLO0515 `bounded` of `server.address` has no `other`
  say what stands for the rest: `other="_OTHER"`"#
);

finds!(
    an_other_of_another_type_leaves_its_field_unknown,
    r#"use std.otel
event Sent in Shop {
    server: server.address, bounded=8, other=8
    metric sent: counter, unit="{message}" { server }
    log sent: info
}
"#,
    r#"8: SLO0501 `server.address` is a string: found a number
  write "8""#
);

finds!(
    an_option_that_may_have_been_a_constraint_leaves_its_field_unknown,
    r#"event Sent in Shop {
    server: string, boundd=8, other="x"
    metric sent: counter, unit="{message}" { server }
    log sent: info
}
"#,
    r#"boundd: SLO0306 there is no option `boundd` here
  did you mean `bounded`?"#
);

finds!(
    a_group_that_is_unknown_may_bring_any_field,
    r#"event Sent in Shop {
    ...Call
    metric sent: counter, unit="{message}", value=size, when=(method == "a") { method, outcome via Short }
    log sent: info, body="{method}" { method }
    span "x {method}": links=batch
}
"#,
    r#"Call: SLO0301 there is no group `Call`
  declare it: `group Call { … }`
Short: SLO0301 there is no view `Short`
  declare it: `view Short of MEANING { … }`"#
);

finds!(
    a_group_that_is_unknown_may_bring_any_field_to_what_runs,
    r#"event Sent in Shop {
    ...Call
    log sent: info
}
metric sending: updowncounter, while=Sent { method }
"#,
    r#"Call: SLO0301 there is no group `Call`
  declare it: `group Call { … }`"#
);

finds!(
    an_event_that_is_unread_may_have_any_field,
    r#"use std.otel
event Sent in Shop {
    scheme: url.scheme only=["http"]
    method: http.request.method
    span "x": server
}
metric http.server.active_requests: while=Sent { scheme, method }
"#,
    r#"only: SLO0101 expected `,`, `=`, `?`, `via`, `}` or the end of the line, found `only`
  put `,` between options, as in `sensitive, max=80`, and `via` before a view, as in `via Short`"#
);

finds!(
    a_field_of_an_unknown_type_may_be_a_meaning,
    r#"meaning Paid {
    Yes "it was" { log info { paid = true } }
}
view Short of Paid {
    Yes { log info { p = true } }
}
event Sent in Shop {
    outcome: Payed via Short
    log sent: info { outcome via Short }
}
"#,
    r#"Payed: SLO0301 there is no meaning `Payed`
  declare it: `meaning Payed { … }`"#
);

finds!(
    what_is_named_wrongly_is_named_all_the_same,
    r#"event Sent in Shop {
    count: int
    batch: context[]
    kind: string
    size: double
    took: duration(s)
    metric sent: histogram, unit="s", value=tok, buckets=[1]
    log sent: info, body="{sze}" { kind }
    span "sent": client, links=count { kind }
}
"#,
    r#"tok: SLO0301 `Sent` has no field `tok`
  did you mean `took`?
{sze}: SLO0301 `Sent` has no field `sze`
  did you mean `size`?
count: SLO0310 `links` takes contexts, and `count` is no list of them
  give it the type `context[]`"#
);

finds!(
    a_narrower_bound_keeps_what_stands_for_the_rest,
    r#"attribute shop.seed: string, bounded=2_000, other="_OTHER"
event Sent in Shop {
    seed: shop.seed, bounded=1_999
    metric sent: counter, unit="{message}", points=2_000 { seed }
    log sent: info
}
"#,
    r#""#
);

finds!(
    a_metric_without_a_kind_names_the_vocabulary_that_has_one,
    r#"use std.otel.url
event Wash in Shop {
    scheme: url.scheme, only=["http"]
    log wash: info
}
metric http.server.active_requests: while=Wash { scheme }
"#,
    r#"http.server.active_requests: SLO0308 the metric `http.server.active_requests` has no kind
  add `use std.otel.http`, or say its kind"#
);

finds!(
    the_label_of_the_overflow_needs_no_declaration,
    r#"event Wash in Shop {
    metric washes: counter { otel.metric.overflow = true }
    log wash: info
}
metric basins: gauge, observed, unit="{basin}" { otel.metric.overflow }
"#,
    r#"otel.metric.overflow: SLO0403 `otel.metric.overflow` marks the point that takes what is past a metric's limit
  choose another key
otel.metric.overflow: SLO0403 `otel.metric.overflow` marks the point that takes what is past a metric's limit
  choose another key"#
);

finds!(
    a_signal_without_a_name_is_no_field,
    r#"event Wash in Shop {
    kind: bool
    log: info
}
event Wash2 in Shop {
    span: server
}
event Wash3 in Shop {
    metric: counter
}
"#,
    r#"info: SLO0301 there is no type or key `info`
  a log has a name: `log NAME: info`
server: SLO0301 there is no type or key `server`
  a span has a name in quotes: `span "NAME": server`
counter: SLO0301 there is no type or key `counter`
  a metric has a name: `metric NAME: counter`"#
);

finds!(
    a_severity_stands_behind_its_signal,
    r#"meaning Paid {
    Yes "it was" { log, info { paid = true } }
    No "it was not" { log info { paid = false } }
    Late "it was late" { 
        log
        warn { paid = false }
    }
    Odd "odd" { error { paid = 1 } }
}
event Sent in Shop {
    outcome: Paid
    log sent: severity=max
}
"#,
    r#"info: SLO1303 there is no signal `info`
  write `info` after its signal: `log info { … }`
warn: SLO1303 there is no signal `warn`
  write `warn` after its signal: `log warn { … }`
error: SLO1303 there is no signal `error`
  write `error` after its signal: `log error { … }`"#
);

finds!(
    a_circle_of_uses_names_what_a_use_takes_in,
    r#"=== a/a.slo ===
package shop.inventory
attribute inventory.x: string
=== b/b.slo ===
package shop.inventory.server
use shop.inventory
attribute inventory.y: string
refine inventory.x: max=3
=== c/c.slo ===
package shop.inventory.client
use shop.inventory
refine inventory.x: max=4
"#,
    r#"shop.inventory: SLO0303 packages use each other in a circle: `shop.inventory.server` -> `shop.inventory.client` -> `shop.inventory.server`
  move what both need into a package of its own beneath it, such as `shop.inventory.common`, and use that"#
);

finds!(
    what_nothing_records_here_is_said_once,
    r#"use std.otel
resource R {
    service.name: required
}
metric shop.sales: counter, value=x, points=4
"#,
    r#"value=x: SLO1303 nothing records `shop.sales` here, of which this says `value` and `points`
  say it where an event records the metric, or make it `observed` or `while=EVENT`"#
);

finds!(
    a_kind_that_differs_from_its_declaration_is_one_mistake,
    r#"use std.otel
event Sent in Shop {
    method: http.request.method
    took: duration(s)
    metric http.server.request.duration: counter, value=took { method }
    log sent: info
}
"#,
    r#"http.server.request.duration: SLO0518 `http.server.request.duration` requires the label `url.scheme`, and what `Sent` records lacks it
  give the event a field, `scheme: url.scheme`, and add it to the list, or write a constant: `url.scheme = …`
counter: SLO0517 the kind of `http.server.request.duration` is `counter` here, and `histogram` where it is declared
  take it out: what the declaration says need not be repeated"#
);

finds!(
    of_points_and_limit_the_limit_stays,
    r#"event Sent in Shop {
    n: int, range=0..=999
    metric m: counter, points=3, limit=5 { n }
    log sent: info
}
"#,
    r#"limit=5: SLO1303 `m` says both `points` and `limit`
  `points` is proved by the compiler, `limit` is kept by the program: keep one"#
);

finds!(
    a_name_that_was_reported_stays_in_its_class,
    r#"meaning Paid {
    Yes "it was" { log info { paid = true } }
    No "it was not" { log info { paid = true } }
    Late "it was late" { log info { paid = true } }
    lossy log { Yes, No } "one"
    lossy log { Late, No, Nope } "two"
    lossy log { Yes, Late } "two"
}
"#,
    r#"No: SLO0304 `No` is merged twice on a log
  a variant belongs to one class: write all that is one into one `lossy`
Nope: SLO0301 `Paid` has no variant `Nope`
  its variants are `Yes`, `No` and `Late`
Yes: SLO0304 `Yes` is merged twice on a log
  a variant belongs to one class: write all that is one into one `lossy`
Late: SLO0304 `Late` is merged twice on a log
  a variant belongs to one class: write all that is one into one `lossy`"#
);

finds!(
    a_meaning_with_a_small_letter_is_reported_where_it_is_declared,
    r#"meaning outcome {
    A { all { s = 1 } }
}
event E in Shop {
    o: outcome
    log x: info { o via outcome }
}
"#,
    r#"outcome: SLO1307 the name of a meaning begins with a capital
  write `Outcome`"#
);

finds!(
    a_group_that_comes_in_twice_is_reported_once,
    r#"group Call { a: bool }
group Thrown {
    ...Call
    b: bool
}
event E in Shop {
    ...Thrown
    ...Call
    log x: info
}
"#,
    r#"Call: SLO0304 the group `Call` comes in by `Thrown` already
  its fields come in once: take out one `...Call`"#
);

finds!(
    a_hole_is_underlined_by_itself,
    r#"event Sent in Shop {
    k: bool
    log sent: info, body="a \u{e9} {{x}} {k} {kk} {nope}"
}
"#,
    r#"{kk}: SLO0301 `Sent` has no field `kk`
  did you mean `k`?
{nope}: SLO0301 `Sent` has no field `nope`
  its field is `k`"#
);

finds!(
    a_value_without_a_type_is_read_by_itself,
    r#"attribute a.n: int
meaning M {
    A(act: int, range=1..=3) { log info { a = [1.5, 2], b = [1, 2.5], c = [true, "x"], d = 1..=2, e = 3s } }
    B(act: int, range=1..=3) { log warn { a.n = acts, f = to_string(shoe), b = 99999999999999999999 } }
}
"#,
    r#"2.5: SLO0501 a list holds values of one type: found a number with a fraction
  write each with a fraction, such as `1.0`, or none
"x": SLO0501 a list holds values of one type: found a text in quotes
  write `true` or `false`
1..=2: SLO0501 a range is no value
  write a text in quotes, a number, `true`, `false` or a list
3s: SLO0501 `3s` is no value: a number stands here without a unit
  take `s` out: `3`
acts: SLO0301 `B` carries no `acts`
  did you mean `act`?
shoe: SLO0301 `B` carries no `shoe`
  it carries `act`
99999999999999999999: SLO0501 `99999999999999999999` does not fit a signed integer of 64 bits
  the greatest is 9_223_372_036_854_775_807"#
);

finds!(
    what_a_meaning_shows_is_unknown_where_it_could_not_be_read,
    r#"meaning Paid {
    Yes "it was" { log loud, span }
    No "it was not" { log none { paid = false }, span { paid = false } }
}
event Sent in Shop {
    outcome: Paid
    log sent: severity=max
    span "sent"
}
"#,
    r#"loud: SLO1303 there is no severity `loud`
  write one of `unspecified`, `trace`, `debug`, `info`, `warn`, `error` and `fatal`, or `none`
span: SLO1303 `span` says nothing
  write `span error`, say, or take it out
none: SLO1303 `none` shows nothing, and keys follow in `No`
  keep one of the two"#
);

finds!(
    a_test_of_a_constant_field_says_nothing,
    r#"event Sent in Shop {
    region: string = "eu"
    metric sent: counter, unit="{message}", points=1, when=(region == "eu")
    metric lost: counter, unit="{message}", points=1, when=(region == "us")
    log sent: info
}
"#,
    r#"region == "eu": SLO1301 every record passes this test of `region`
  take the test out
region == "us": SLO1301 no record passes this test of `region`
  take out a test, or the signal that never goes out"#
);

finds!(
    a_type_may_be_one_key_of_a_family,
    r#"attribute shop.label: map<int>
attribute shop.depth: shop.label.depth, range=0..=9
event Sent in Shop {
    depth: shop.depth
    metric sent: counter, unit="{message}", points=9 { depth }
    log sent: info
}
"#,
    r#"9: SLO1101 `sent` has up to 10 points, and says 9
  take a label out, narrow one, or let the program see to it: `limit=N`; labels that depend on each other are a meaning, whose variants write several keys and count once"#
);
