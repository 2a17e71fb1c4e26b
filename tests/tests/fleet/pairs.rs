//! Two contracts for each contradiction, and two for each near miss.

use slo_compiler::diagnostic::Code;

pub(super) struct Pair {
    pub(super) name: &'static str,
    /// What is found of them; nothing of a near miss.
    pub(super) code: Option<Code>,
    /// What that is about, beside the two.
    pub(super) about: &'static [&'static str],
    pub(super) one: &'static str,
    pub(super) other: &'static str,
}

const fn pair(
    name: &'static str,
    code: Code,
    about: &'static [&'static str],
    one: &'static str,
    other: &'static str,
) -> Pair {
    Pair { name, code: Some(code), about, one, other }
}

const fn near(name: &'static str, one: &'static str, other: &'static str) -> Pair {
    Pair { name, code: None, about: &[], one, other }
}

pub(super) const PAIRS: &[Pair] = &[
    pair(
        "type",
        Code::FleetMetric,
        &["type.jobs", "type.tenant", "string", "int"],
        "package one\nattribute type.tenant: int, range=1..=3\nscope S {}\nevent Job in S {\n    tenant: type.tenant\n    metric type.jobs: counter, unit=\"{job}\" { tenant }\n}\n",
        "package other\nattribute type.tenant: string, only=[\"x\", \"y\"]\nscope S {}\nevent Job in S {\n    tenant: type.tenant\n    metric type.jobs: counter, unit=\"{job}\" { tenant }\n}\n",
    ),
    pair(
        "kind",
        Code::FleetMetric,
        &["kind.jobs", "updowncounter", "counter"],
        "package one\nscope S {}\nevent Job in S {\n    metric kind.jobs: counter, unit=\"{job}\"\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    jobs: int\n    metric kind.jobs: updowncounter, unit=\"{job}\", value=jobs\n}\n",
    ),
    pair(
        "unit",
        Code::FleetMetric,
        &["unit.jobs", "{task}", "{job}"],
        "package one\nscope S {}\nevent Job in S {\n    metric unit.jobs: counter, unit=\"{job}\"\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    metric unit.jobs: counter, unit=\"{task}\"\n}\n",
    ),
    pair(
        "number",
        Code::FleetMetric,
        &["number.queue", "double", "int"],
        "package one\nscope S {}\nevent Look in S {\n    size: int\n    metric number.queue: gauge, unit=\"{job}\", value=size\n}\n",
        "package other\nscope S {}\nevent Look in S {\n    size: double\n    metric number.queue: gauge, unit=\"{job}\", value=size\n}\n",
    ),
    pair(
        "buckets",
        Code::FleetMetric,
        &["buckets.duration", "buckets"],
        "package one\nscope S {}\nevent Job in S {\n    elapsed: duration(s)\n    metric buckets.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.1, 1]\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    elapsed: duration(s)\n    metric buckets.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.5, 5]\n}\n",
    ),
    pair(
        "labels",
        Code::FleetMetric,
        &["labels.jobs", "zone"],
        "package one\nscope S {}\nevent Job in S {\n    zone: enum { north, south }\n    metric labels.jobs: counter, unit=\"{job}\" { zone }\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    metric labels.jobs: counter, unit=\"{job}\"\n}\n",
    ),
    pair(
        "values",
        Code::FleetLabelValues,
        &["values.jobs", "result"],
        "package one\nscope S {}\nevent Job in S {\n    result: enum { done, failed }\n    metric values.jobs: counter, unit=\"{job}\" { result }\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    result: enum { done, error }\n    metric values.jobs: counter, unit=\"{job}\" { result }\n}\n",
    ),
    pair(
        "field",
        Code::FleetType,
        &["field.tenant", "string", "int"],
        "package one\nattribute field.tenant: int\nscope S {}\nevent Job in S {\n    tenant: field.tenant\n    log field.one: info\n}\n",
        "package other\nattribute field.tenant: string\nscope S {}\nevent Job in S {\n    tenant: field.tenant\n    log field.other: info\n}\n",
    ),
    pair(
        "parent",
        Code::FleetNested,
        &["parent.queue.name", "parent.queue"],
        "package one\nattribute parent.queue: string\nscope S {}\nevent Job in S {\n    queue: parent.queue\n    log parent.one: info\n}\n",
        "package other\nattribute parent.queue.name: string\nscope S {}\nevent Job in S {\n    queue: parent.queue.name\n    log parent.other: info\n}\n",
    ),
    pair(
        "service",
        Code::FleetService,
        &["worker"],
        "package one\nuse std.otel\nresource Program {\n    service.name: static=\"worker\"\n    service.namespace: static=\"acme\"\n}\n",
        "package other\nuse std.otel\nresource Worker {\n    service.name: static=\"worker\"\n    service.namespace: static=\"acme\"\n}\n",
    ),
];

pub(super) const NEAR: &[Pair] = &[
    // One key in two metrics: in Prometheus a value is text, and these never meet.
    near(
        "near-type",
        "package one\nattribute near.tenant: int, range=1..=3\nscope S {}\nevent Job in S {\n    tenant: near.tenant\n    metric near.tenants: counter, unit=\"{job}\" { tenant }\n}\n",
        "package other\nattribute near.tenant: string, only=[\"x\", \"y\"]\nscope S {}\nevent Job in S {\n    tenant: near.tenant\n    metric near.others: counter, unit=\"{job}\" { tenant }\n}\n",
    ),
    // A gauge beside a histogram, whose series have other names.
    near(
        "near-kind",
        "package one\nscope S {}\nevent Job in S {\n    size: int\n    metric near.size: gauge, unit=\"{job}\", value=size\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    elapsed: duration(s)\n    metric near.size.duration: histogram, unit=\"s\", value=elapsed, buckets=[1, 2]\n}\n",
    ),
    // The same bounds, written otherwise.
    near(
        "near-buckets",
        "package one\nscope S {}\nevent Job in S {\n    elapsed: duration(s)\n    metric near.duration: histogram, unit=\"s\", value=elapsed, buckets=[0.5, 1]\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    took: duration(s)\n    metric near.duration: histogram, unit=\"s\", value=took, buckets=[0.50, 1.0]\n}\n",
    ),
    // A label that may be missing.
    near(
        "near-labels",
        "package one\nscope S {}\nevent Job in S {\n    zone: enum { north, south }?\n    metric near.jobs: counter, unit=\"{job}\" { zone }\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    metric near.jobs: counter, unit=\"{job}\"\n}\n",
    ),
    // An enum that is open.
    near(
        "near-values",
        "package one\nscope S {}\nevent Job in S {\n    result: enum { done, failed }\n    metric near.results: counter, unit=\"{job}\" { result }\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    result: enum { done, error }, open\n    metric near.results: counter, unit=\"{job}\" { result }\n}\n",
    ),
    // Constants, which keep points apart on purpose.
    near(
        "near-constant",
        "package one\nscope S {}\nevent Job in S {\n    metric near.parts: counter, unit=\"{job}\" { part = \"mail\" }\n}\n",
        "package other\nscope S {}\nevent Job in S {\n    metric near.parts: counter, unit=\"{job}\" { part = \"print\" }\n}\n",
    ),
    // Two stores of logs, in which they never meet.
    near(
        "near-meet",
        "package one\nattribute near.field: int\nattribute near.path: string\nscope S {}\nevent Job in S {\n    field: near.field\n    path: near.path\n    log near.one: info\n}\n",
        "package other\nattribute near.field: string\nattribute near.path.name: string\nscope S {}\nevent Job in S {\n    field: near.field\n    path: near.path.name\n    log near.other: info\n}\n",
    ),
    // Names that begin alike are no parents.
    near(
        "near-parent",
        "package one\nattribute near.queue: string\nscope S {}\nevent Job in S {\n    queue: near.queue\n    log near.first: info\n}\n",
        "package other\nattribute near.queue_name: string\nscope S {}\nevent Job in S {\n    queue: near.queue_name\n    log near.second: info\n}\n",
    ),
    // One name in two namespaces, and one that nobody knows before the program runs.
    near(
        "near-service",
        "package one\nuse std.otel\nresource Program {\n    service.name: static=\"clock\"\n    service.namespace: static=\"acme\"\n}\n",
        "package other\nuse std.otel\nresource Program {\n    service.name: static=\"clock\"\n    service.namespace: env=NAMESPACE, default=\"acme\"\n}\n",
    ),
];
