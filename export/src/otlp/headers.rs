//! Headers that the program or the variables give.

use ::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::error::OtlpError;
use super::variables::Said;
use slo::__export::read_entries;

/// How the exporter names itself (OpenTelemetry specification, "OpenTelemetry Protocol Exporter", section "User Agent": it
/// wants the exporter, its language and its version, after what the program may name).
const USER_AGENT: &str = concat!("slo-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));

/// What the exporter and HTTP itself say of a request.
const OWN: [&str; 11] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The headers of each request. What the program gives counts before what the variables give of the same name.
pub(super) fn headers(
    given: &[(String, String)],
    said: Option<&Said>,
    errors: &mut Vec<OtlpError>,
) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(Said { setting, text, .. }) = said {
        match read_entries(text) {
            Ok(read) if read.beyond > 0 => errors.push(wrong(setting, "is too long: 64 KiB are read")),
            Ok(read) => {
                for (name, entry) in read.by_key {
                    add(setting, &name, &entry.value, &mut headers, errors);
                }
            }
            Err(why) => errors.push(wrong(setting, format!("can't be read: {why}"))),
        }
    }
    for (name, value) in given {
        add("slo_export::Otlp::header", name, value, &mut headers, errors);
    }
    let agent = match headers.get(header::USER_AGENT).and_then(|product| product.to_str().ok()) {
        Some(product) => HeaderValue::from_str(&format!("{product} {USER_AGENT}")).ok(),
        None => Some(HeaderValue::from_static(USER_AGENT)),
    };
    if let Some(agent) = agent {
        headers.insert(header::USER_AGENT, agent);
    }
    headers
}

/// A name that can't be one is not shown: it may be a value in the wrong place.
fn add(setting: &'static str, name: &str, value: &str, headers: &mut HeaderMap, errors: &mut Vec<OtlpError>) {
    let Ok(name) = HeaderName::try_from(name) else {
        errors.push(wrong(setting, "has a header whose name HTTP does not allow"));
        return;
    };
    if OWN.contains(&name.as_str()) || name.as_str().starts_with("grpc-") {
        errors.push(wrong(setting, format!("has a header `{name}`, which the exporter sets by itself")));
        return;
    }
    match HeaderValue::from_str(value) {
        Ok(mut value) => {
            // It is not shown by `Debug`, and HTTP/2 keeps it out of its tables.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Err(_) => {
            errors.push(wrong(setting, format!("has a header `{name}` whose value HTTP does not allow")));
        }
    }
}

fn wrong(setting: &'static str, why: impl Into<String>) -> OtlpError {
    OtlpError::new(setting, why)
}
