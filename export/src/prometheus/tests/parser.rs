//! A strict reader of the text: it takes what OpenMetrics 1.0.0 allows and no more, and of Prometheus's own text the same
//! lines. It knows nothing of how the text is written.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) unit: Option<String>,
    pub(super) help: Option<String>,
    pub(super) samples: Vec<Sample>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: String,
    /// Labels, value and time.
    pub(super) exemplar: Option<(BTreeMap<String, String>, String, String)>,
}

impl Sample {
    pub(super) fn number(&self) -> f64 {
        number(&self.value)
    }
}

/// Reads OpenMetrics.
pub(super) fn open_metrics(text: &str) -> Vec<Family> {
    let families = read(text.strip_suffix("# EOF\n").expect("the text ends"), true);
    let mut taken = BTreeSet::new();
    for family in &families {
        let endings: &[&str] = match family.kind.as_str() {
            "counter" => &["", "_total", "_created"],
            "histogram" => &["", "_bucket", "_count", "_sum", "_created"],
            "info" => &["", "_info"],
            _ => &[""],
        };
        for ending in endings {
            let name = format!("{}{ending}", family.name);
            assert!(taken.insert(name.clone()), "two families have `{name}`");
        }
        check(family);
        if let Some(unit) = &family.unit {
            assert!(family.name.ends_with(&format!("_{unit}")), "{family:?}");
        }
    }
    families
}

/// Reads Prometheus's own text.
pub(super) fn prometheus_text(text: &str) -> Vec<Family> {
    let families = read(text, false);
    for family in &families {
        assert_eq!(family.unit, None);
        assert!(family.samples.iter().all(|sample| sample.exemplar.is_none()), "{family:?}");
    }
    families
}

fn read(text: &str, open_metrics: bool) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    let mut series = BTreeSet::new();
    for line in text.split_terminator('\n') {
        assert!(!line.is_empty(), "an empty line");
        let mut rest = Rest(line);
        if rest.skip("# ") {
            let what = rest.until(' ').to_owned();
            let name = rest.name(&[':', '_']);
            assert!(rest.skip(" "), "{line:?}");
            if what == "TYPE" {
                let kind = rest.0.to_owned();
                let own = ["counter", "gauge", "histogram"];
                let others = if open_metrics { ["info", "unknown"] } else { ["untyped", "untyped"] };
                assert!(own.contains(&&*kind) || others.contains(&&*kind), "{line:?}");
                assert!(families.iter().all(|family| family.name != name), "`{name}` twice");
                families.push(Family { name, kind, ..Family::default() });
                continue;
            }
            let family = families.last_mut().expect("a type first");
            assert!(family.name == name && family.samples.is_empty(), "{line:?}");
            let place = match what.as_str() {
                "UNIT" => &mut family.unit,
                "HELP" => &mut family.help,
                _ => panic!("{line:?}"),
            };
            let text = unescaped(rest.0, what == "HELP" && open_metrics);
            assert!(place.replace(text).is_none(), "{line:?}");
            continue;
        }
        let sample = sample(rest, open_metrics);
        assert!(series.insert((sample.name.clone(), sample.labels.clone())), "a series twice: {line:?}");
        let family = families.last_mut().expect("a type first");
        let endings: &[&str] = match (family.kind.as_str(), open_metrics) {
            ("counter", true) => &["_total"],
            ("histogram", _) => &["_bucket", "_count", "_sum"],
            ("info", _) => &["_info"],
            _ => &[""],
        };
        let ending = sample.name.strip_prefix(&family.name).expect("a sample of its family");
        assert!(endings.contains(&ending), "{line:?} of {}", family.kind);
        let exemplary = matches!((family.kind.as_str(), ending), ("counter", _) | ("histogram", "_bucket"));
        assert!(sample.exemplar.is_none() || exemplary, "{line:?}");
        family.samples.push(sample);
    }
    families
}

/// What a type asks of its samples.
fn check(family: &Family) {
    let counts = |sample: &Sample| sample.number() >= 0.0;
    match family.kind.as_str() {
        "counter" => assert!(family.samples.iter().all(counts), "{family:?}"),
        "info" => assert!(family.samples.iter().all(|sample| sample.value == "1"), "{family:?}"),
        "histogram" => {
            assert!(family.samples.iter().all(counts), "{family:?}");
            let mut metrics: Vec<(BTreeMap<String, String>, Vec<&Sample>)> = Vec::new();
            for sample in &family.samples {
                let mut labels = sample.labels.clone();
                assert_eq!(labels.remove("le").is_some(), sample.name.ends_with("_bucket"), "{sample:?}");
                match metrics.last_mut() {
                    Some((last, samples)) if *last == labels => samples.push(sample),
                    _ => metrics.push((labels, vec![sample])),
                }
            }
            let mut seen = BTreeSet::new();
            for (labels, samples) in metrics {
                assert!(seen.insert(labels), "metrics are interleaved: {family:?}");
                let buckets: Vec<(f64, f64)> = samples
                    .iter()
                    .filter(|sample| sample.name.ends_with("_bucket"))
                    .map(|sample| (number(&sample.labels["le"]), sample.number()))
                    .collect();
                assert!(buckets[0].0 >= 0.0);
                assert!(buckets.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
                let (last, all) = *buckets.last().unwrap();
                let count = samples.iter().find(|sample| sample.name.ends_with("_count")).unwrap();
                assert!(last == f64::INFINITY && all == count.number(), "{family:?}");
                assert_eq!(samples.len(), buckets.len() + 2);
                for (index, sample) in samples.iter().enumerate().take(buckets.len()) {
                    if let Some((_, value, _)) = &sample.exemplar {
                        let low = if index == 0 { f64::NEG_INFINITY } else { buckets[index - 1].0 };
                        assert!(low < number(value) && number(value) <= buckets[index].0, "{sample:?}");
                    }
                }
            }
        }
        _ => {}
    }
}

fn sample(mut rest: Rest<'_>, open_metrics: bool) -> Sample {
    let line = rest.0;
    let mut labels = BTreeMap::new();
    let name = if rest.0.starts_with('{') {
        assert!(rest.skip("{"));
        let name = rest.quoted();
        if rest.skip(",") {
            labels = rest.labels();
        } else {
            assert!(rest.skip("}"), "{line:?}");
        }
        name
    } else {
        let name = rest.name(&[':', '_']);
        if rest.skip("{") {
            labels = rest.labels();
        }
        name
    };
    assert!(rest.skip(" "), "{line:?}");
    let Some((value, exemplar)) = rest.0.split_once(' ') else {
        number(rest.0);
        return Sample { name, labels, value: rest.0.to_owned(), exemplar: None };
    };
    number(value);
    assert!(open_metrics, "{line:?}");
    let mut rest = Rest(exemplar);
    assert!(rest.skip("# {"), "{line:?}");
    let exemplar_labels = rest.labels();
    let length = |text: &String| text.chars().count();
    let total: usize = exemplar_labels.iter().map(|(label, value)| length(label) + length(value)).sum();
    assert!(total <= 128, "{line:?}");
    assert!(rest.skip(" "), "{line:?}");
    let (exemplar, time) = rest.0.split_once(' ').expect("a time");
    number(exemplar);
    assert!(number(time).is_finite());
    let exemplar = Some((exemplar_labels, exemplar.to_owned(), time.to_owned()));
    Sample { name, labels, value: value.to_owned(), exemplar }
}

/// A number, in the letters that OpenMetrics has for it.
pub(super) fn number(text: &str) -> f64 {
    match text {
        "NaN" => f64::NAN,
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        other => {
            let digits = |character: char| character.is_ascii_digit() || "+-.e".contains(character);
            assert!(other.chars().all(digits), "{other:?} is no number");
            other.parse().expect("a number")
        }
    }
}

struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn skip(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn until(&mut self, end: char) -> &'t str {
        let (text, rest) = self.0.split_once(end).expect("more");
        self.0 = rest;
        text
    }

    /// A name, in quotes or without.
    fn name(&mut self, also: &[char]) -> String {
        if self.0.starts_with('"') {
            return self.quoted();
        }
        let fits = |character: char| character.is_ascii_alphanumeric() || also.contains(&character);
        let end = self.0.find(|character| !fits(character)).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        assert!(!name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()), "{:?}", self.0);
        self.0 = rest;
        name.to_owned()
    }

    fn quoted(&mut self) -> String {
        assert!(self.skip("\""), "{:?}", self.0);
        let mut escaped = false;
        let end = self.0.find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        });
        let (text, rest) = self.0.split_at(end.expect("an end"));
        self.0 = &rest[1..];
        unescaped(text, true)
    }

    /// Labels, with the brace that ends them.
    fn labels(&mut self) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        loop {
            let name = self.name(&['_']);
            assert!(!name.contains('\0'));
            assert!(self.skip("="), "{:?}", self.0);
            let value = self.quoted();
            assert!(!value.is_empty(), "an empty label is none");
            assert!(labels.insert(name.clone(), value).is_none(), "`{name}` twice");
            if self.skip("}") {
                return labels;
            }
            assert!(self.skip(","), "{:?}", self.0);
        }
    }
}

fn unescaped(text: &str, quotes: bool) -> String {
    let mut unescaped = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        unescaped.push(match character {
            '\\' => match characters.next() {
                Some('\\') => '\\',
                Some('n') => '\n',
                Some('"') if quotes => '"',
                other => panic!("no escape: {other:?}"),
            },
            '"' if quotes => panic!("a quote in {text:?}"),
            other => other,
        });
    }
    unescaped
}
