//! The table `[prometheus]` of `slo.toml`.

use crate::hash::HashMap;

use slo_grammar::Place;
use slo_model::names::{
    MetricKind, PrometheusWay, TranslationStrategy, prometheus_label, prometheus_reserved,
};

use super::table::{Table, Text, at, what};
use super::vocabulary::dotted;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Prometheus;
use crate::text::{list, nearest};

pub(super) fn strategy(said: Option<Text>, diagnostics: &mut Vec<Diagnostic>) -> String {
    let names = TranslationStrategy::ALL.map(TranslationStrategy::name);
    let Some((name, place)) = said else { return TranslationStrategy::default().name().to_owned() };
    if !names.contains(&name.as_str()) {
        let near = nearest(&name, names.into_iter());
        let help = near
            .map_or_else(|| format!("they are {}", list(&names)), |near| format!("did you mean `{near}`?"));
        diagnostics.push(
            Diagnostic::new(
                Code::Manifest,
                place,
                format!("Prometheus has no translation strategy `{name}`"),
            )
            .help(help),
        );
    }
    name
}

/// By which way the points of a scope reach the server.
pub(super) struct Way {
    /// The scope's full name, or `default`.
    pub(super) scope: String,
    /// Where it stands.
    pub(super) place: Place,
    pub(super) way: PrometheusWay,
}

/// The ways that can be read; the others are reported. Which scopes there are isn't known yet.
pub(super) fn ways(text: &str, table: &Table<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Way> {
    let mut ways = Vec::new();
    for (name, value) in table.table("ways").into_iter().flatten() {
        let place = at(name.span());
        if let Some(diagnostic) = dotted(text, place) {
            let help = "write the scope's full name in quotes, `ways = { \"shop.checkout.Meter\" = \"go\" }`";
            diagnostics.push(diagnostic.about(name.get_ref().as_ref()).help(help));
            continue;
        }
        let names = PrometheusWay::ALL.map(PrometheusWay::name);
        let Some(said) = value.get_ref().as_str() else {
            let message = format!("a way is a text in quotes, and this is {}", what(value.get_ref()));
            diagnostics.push(
                Diagnostic::new(Code::Manifest, at(value.span()), message)
                    .about(name.get_ref().as_ref())
                    .help(format!("the ways are {}", list(&names))),
            );
            continue;
        };
        match PrometheusWay::ALL.into_iter().find(|way| way.name() == said) {
            Some(way) => ways.push(Way { scope: name.get_ref().to_string(), place, way }),
            None => {
                let near = nearest(said, names.into_iter()).map(|near| format!("did you mean `{near}`? "));
                diagnostics.push(
                    Diagnostic::new(
                        Code::Manifest,
                        at(value.span()),
                        format!("there is no way `{said}` to Prometheus"),
                    )
                    .about(said)
                    .help(format!(
                        "{}the ways are {}",
                        near.unwrap_or_default(),
                        list(&names)
                    )),
                );
            }
        }
    }
    ways
}

/// Promoted attributes each become a label of their own: of two that become one the server keeps the last, and one that has no
/// label takes every metric with it. Where the program's own text is scraped, it writes these labels itself, and the text has
/// some of its own.
pub(super) fn promotable(keys: &[Text], prometheus: &Prometheus, diagnostics: &mut Vec<Diagnostic>) {
    let strategy = prometheus.strategy();
    let writes_text = prometheus.all_ways().any(|way| way == PrometheusWay::Slo);
    let mut seen: HashMap<String, (&str, Place)> = HashMap::default();
    for (key, place) in keys {
        let label = prometheus_label(key, strategy).filter(|label| label.bytes().any(|byte| byte != b'_'));
        let Some(label) = label else {
            diagnostics.push(
                Diagnostic::new(
                    Code::Unnameable,
                    *place,
                    format!("Prometheus has no label for `{key}` under {strategy}: nothing is left of it"),
                )
                .about(key)
                .help("take it out of the list: the server refuses whatever comes with it"),
            );
            continue;
        };
        let reserved = label.starts_with('_') || prometheus_reserved(&label, MetricKind::Histogram);
        if writes_text && reserved {
            diagnostics.push(
                Diagnostic::new(
                    Code::Reserved,
                    *place,
                    match *key == label {
                        true => format!("`{label}` is a label that no series of a scraped program may have"),
                        false => format!(
                            "`{key}` becomes the label `{label}`, which no series of a scraped program may have"
                        ),
                    },
                )
                .about(key)
                .help("take it out of the list, or send the points by another way than `slo`"),
            );
            continue;
        }
        match seen.get(&label) {
            Some((first, at)) => diagnostics.push(
                Diagnostic::new(
                    Code::Collision,
                    *place,
                    format!("`{first}` and `{key}` are promoted to one label `{label}` under {strategy}"),
                )
                .about(key)
                .about(*first)
                .and(*at, "the other key")
                .help("take one of them out: the server keeps the last one without a word"),
            ),
            None => {
                seen.insert(label, (key, *place));
            }
        }
    }
}
