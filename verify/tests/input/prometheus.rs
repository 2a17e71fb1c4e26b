//! Prometheus text.

use slo_verify::input::{Family, FamilyType, Sample};

use super::kept::{kept, read};

fn families(text: &str) -> Vec<Family> {
    let mut scrapes = read(text).scrapes;
    assert_eq!(scrapes.len(), 1, "{text}");
    scrapes.remove(0).families
}

fn shown(sample: &Sample) -> String {
    let labels = |labels: &[(String, String)]| {
        labels.iter().map(|(key, value)| format!("{key}={value:?}")).collect::<Vec<_>>().join(",")
    };
    let mut text = format!("{}{{{}}} {:?}", sample.name, labels(&sample.labels), sample.value);
    if let Some(time) = sample.timestamp {
        text.push_str(&format!(" at {time}"));
    }
    if let Some(exemplar) = &sample.exemplar {
        text.push_str(&format!(
            " # {{{}}} {:?} {:?}",
            labels(&exemplar.labels),
            exemplar.value,
            exemplar.timestamp
        ));
    }
    text
}

#[test]
fn samples_are_read_in_all_their_spellings() {
    for (line, expected) in [
        ("a 1", "a{} 1.0"),
        ("a{} 1", "a{} 1.0"),
        ("a{b=\"c\",} NaN", "a{b=\"c\"} NaN"),
        ("a { b = \"c\" , d = \"e\" } +Inf", "a{b=\"c\",d=\"e\"} inf"),
        ("a{b=\"\\\"\\\\\\n\\q\"} -Inf 1700000000123", "a{b=\"\\\"\\\\\\n\\\\q\"} -inf at 1700000000123"),
        ("a 1e3 1700000000.5", "a{} 1000.0 at 1700000000500"),
        ("{\"http.server.duration\",\"http.route\"=\"/\"} 2", "http.server.duration{http.route=\"/\"} 2.0"),
        ("{\"näme\"} 2", "näme{} 2.0"),
        (
            "a_bucket{le=\"1\"} 2 # {trace_id=\"0a\"} 0.5 1700000000",
            "a_bucket{le=\"1\"} 2.0 # {trace_id=\"0a\"} 0.5 Some(1700000000000)",
        ),
        ("a:rule 1", "a:rule{} 1.0"),
        ("U__http_2e_server{} 1", "U__http_2e_server{} 1.0"),
    ] {
        let families = families(line);
        assert_eq!(shown(&families[0].samples[0]), expected, "{line}");
        assert_eq!(families[0].family_type, None);
    }
}

#[test]
fn samples_belong_to_the_family_whose_type_they_have() {
    let text = "\
# HELP a Requests \\\\ by\\npath
# TYPE a counter
# UNIT a requests
a_total{x=\"1\"} 1
a_created{x=\"1\"} 1700000000
# TYPE h histogram
h_bucket{le=\"+Inf\"} 1
h_sum 1
h_count 1
# TYPE g gauge
g 1
g_total 2
# a comment
# TYPE target info
target_info{service_name=\"cart\"} 1
# TYPE \"s.t\" summary
{\"s.t\",quantile=\"0.5\"} 1
{\"s.t_count\"} 1
# EOF
";
    let families = families(text);
    let shown: Vec<_> = families
        .iter()
        .map(|family| {
            let samples: Vec<_> = family.samples.iter().map(|sample| sample.name.as_str()).collect();
            (family.name.as_str(), family.family_type, samples)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("a", Some(FamilyType::Counter), vec!["a_total", "a_created"]),
            ("h", Some(FamilyType::Histogram), vec!["h_bucket", "h_sum", "h_count"]),
            ("g", Some(FamilyType::Gauge), vec!["g"]),
            ("g_total", None, vec!["g_total"]),
            ("target", Some(FamilyType::Info), vec!["target_info"]),
            ("s.t", Some(FamilyType::Summary), vec!["s.t", "s.t_count"]),
        ]
    );
    assert_eq!(families[0].help.as_deref(), Some("Requests \\ by\npath"));
    assert_eq!(families[0].unit.as_deref(), Some("requests"));
    assert_eq!(families[0].samples[0].line, 4);
}

#[test]
fn several_scrapes_in_a_file_are_several() {
    let kept = read("# TYPE a counter\na_total 1\n# EOF\n# TYPE a counter\na_total 2\n# EOF\n");
    let values: Vec<_> = kept.scrapes.iter().map(|scrape| scrape.families[0].samples[0].value).collect();
    assert_eq!(values, [1.0, 2.0]);
}

#[test]
fn lines_that_are_none_are_refused_and_the_others_stay() {
    let mut text =
        b"# TYPE a counter\na_total 1\na_total{ 2\na_total{b=\"c} 2\na_total two\n# TYPE a ape\n".to_vec();
    text.extend_from_slice(b"a_total{b=\"\xff\"} 3\na_total 4 x\na_total{b=\"c\"} 5\n");
    let kept = kept(text);
    let values: Vec<_> = kept.scrapes[0].families[0].samples.iter().map(|sample| sample.value).collect();
    assert_eq!(values, [1.0, 5.0]);
    let lines: Vec<_> = kept.refusals.iter().map(|refusal| refusal.place.line.unwrap()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
    assert_eq!(kept.said()[0], "file:3 is malformed: this is no line of Prometheus text: a_total{ 2");
}
