//! What random metrics are made of.

/// Parts of names and keys: what suffixes are made of among them, and what fits no name.
pub(crate) const WORDS: &[&str] = &[
    "a", "b", "x1", "http", "server", "T", "m", "s", "By", "9", "0day", "total", "ratio", "bucket", "sum", "count",
    "info", "target", "bytes", "seconds", "kilobytes", "percent", "per", "second", "per_second", "total_time",
    "subtotal", "meters", "days", "per_minute", "名", "前", "é", "µ", "Ω", "🦀", "l\u{301}", "",
];

pub(crate) const SEPARATORS: &[&str] =
    &[".", ".", ".", "_", "_", "..", "__", "_.", "._.", "-", "/", ":", "::", " ", "", "名"];

pub(crate) const NAMES: &[&str] = &[
    "", "_", "___", "..", "名前", "名total", "éper_second", "名ratio", "total", "ratio", "subtotal", ".total",
    "target.info", "target_info", "x_bucket", "x.sum", "x_count", "bytes.total.read",
];

pub(crate) const SUFFIXES: &[&str] = &["bytes", "seconds", "per_second", "ratio", "total", "per", "second", "m"];

/// The units that add these.
pub(crate) const SUFFIXING: &[&str] = &["By", "s", "By/s", "s/s", "/s", "1", "1/s", "m²/s", "total", "ratio"];

/// The units that the server knows, and some that it doesn't, or only after `/`.
pub(crate) const UNITS: &[&str] = &[
    "d", "h", "min", "s", "ms", "us", "ns", "By", "KiBy", "MiBy", "GiBy", "TiBy", "KBy", "MBy", "GBy", "TBy", "m",
    "V", "A", "J", "W", "g", "Cel", "Hz", "1", "%", "w", "mo", "y", "{call}", "{}", "foo", "",
];

pub(crate) const ODD_UNITS: &[&str] = &[
    "By/", "/s", "/", "//", "By//s", "{call}/s", "By/{call}", "a{b}", "{", "a}", " 1", "1 ", " ", " By ", "By / s",
    "\u{a0}s\u{a0}", "m²", "m²/s", "By/é", "By/s²", "°C", "µs", "名前", "名/前", "_", "__a__b__", "total", "ratio",
    "per_second", "a b", "s/h/d", "By.s",
];

pub(crate) const KEYS: &[&str] = &[
    "a.b", "a_b", "a-b", "a:b", "a..b", "a__b", "_priv", ".priv", "key_priv", "0day", "key_0day", "__double", "_",
    ".", "名", "é", "a_", "__b", "..b", "_0", "b", "job", "instance", "le", "quantile", "__name__", "..name..",
    "_.name__", "otel.scope.name", "otel_scope_version", "otel_scope_schema_url", "service.name", "k8s_pod",
    "deployment_environment", "__type__", "__unit__", "a b",
];

/// What no label can be made of under escaping, and of the empty one under no strategy.
pub(crate) const UNNAMEABLE: &[&str] = &["__", "___", "..", "名前", ""];

pub(crate) const RESOURCE_KEYS: &[&str] = &[
    "a.b", "a_b", "a-b", "deployment.environment", "k8s.pod", "k8s_pod", "le", "job", "instance", "__name__",
    "..name..", "otel.scope.name", "_priv", "0day", "名", "host.name", "host_name", "quantile",
];

pub(crate) const SCOPE_KEYS: &[&str] = &[
    "a.b", "a_b", "name", "version", "schema.url", "schema_url", "_priv", "0day", "名", "前", "", "job",
];
