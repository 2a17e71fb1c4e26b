//! Where requests go.

use ::http::Uri;
use ::http::uri::{PathAndQuery, Scheme};
use slo_model::event::Signal;

use super::error::OtlpError;
use super::settings::Protocol;
use super::signal::http_path;
use super::variables::Said;

/// The URL of a signal's requests (OpenTelemetry specification, "OpenTelemetry Protocol Exporter", section "Endpoint
/// URLs for OTLP/HTTP"): what was said of the signal alone is used as it is, and to what was said of all its path is
/// appended. `is_insecure` counts over gRPC, for an endpoint without a scheme.
///
/// Stricter than the specification, which lets an exporter pass over what it can't use: a user in the URL, and a path
/// over gRPC, are errors.
pub(super) fn endpoint(
    said: Option<&Said>,
    protocol: Protocol,
    signal: Signal,
    is_insecure: bool,
) -> Result<Uri, OtlpError> {
    let default =
        Said { setting: "slo_export::Otlp::endpoint", text: default(protocol).to_owned(), is_own: false };
    let said = said.unwrap_or(&default);
    let wrong = |why: &str| OtlpError::new(said.setting, why);

    let text = if protocol.is_grpc() && !said.text.contains("://") {
        format!("{}://{}", if is_insecure { "http" } else { "https" }, said.text)
    } else {
        said.text.clone()
    };
    let url: Uri = text.parse().map_err(|_| wrong("is no URL"))?;
    let scheme = url.scheme().filter(|scheme| **scheme == Scheme::HTTP || **scheme == Scheme::HTTPS);
    let (Some(scheme), Some(authority)) = (scheme, url.authority()) else {
        return Err(wrong("is no URL that begins with `http://` or `https://`"));
    };
    if authority.as_str().contains('@') {
        return Err(wrong("holds a user, which OTLP has no use for; give a header `authorization`"));
    }
    if authority.host().is_empty() {
        return Err(wrong("names no host"));
    }
    let port = authority.as_str().get(authority.host().len()..).unwrap_or_default();
    if port.strip_prefix(':').is_some_and(|port| !port.parse().is_ok_and(|port: u16| port > 0)) {
        return Err(wrong("has a port that is no number from 1 to 65535"));
    }
    if *scheme == Scheme::HTTPS && cfg!(not(feature = "tls")) {
        return Err(wrong(if said.text.contains("://") { TLS } else { IMPLIED }));
    }
    #[cfg(feature = "tls")]
    if *scheme == Scheme::HTTPS && !super::tls::can_be_named(authority.host()) {
        return Err(wrong("names a host that no certificate can name"));
    }

    if protocol.is_grpc() {
        if !matches!(url.path(), "" | "/") || url.query().is_some() {
            return Err(wrong("has a path, and gRPC has none; leave it away, or send over HTTP"));
        }
        return Ok(url);
    }
    match said.is_own {
        true => Ok(url),
        false => beneath(&url, http_path(signal)).ok_or_else(|| wrong("is too long a URL")),
    }
}

const TLS: &str = "needs the feature `tls` of crate `slo-export`: it asks for `https`";

const IMPLIED: &str = "has no scheme, which stands for `https` and needs the feature `tls` of crate `slo-export`; say `http://`";

fn default(protocol: Protocol) -> &'static str {
    if protocol.is_grpc() { "http://localhost:4317" } else { "http://localhost:4318" }
}

/// The URL with this at its path's end. A query stays.
fn beneath(url: &Uri, path: &str) -> Option<Uri> {
    let mut text = format!("{}/{path}", url.path().trim_end_matches('/'));
    if let Some(query) = url.query() {
        text.push('?');
        text.push_str(query);
    }
    let mut parts = url.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

/// A URL without its user and its query, which may be secrets.
pub(super) fn shown(url: &str) -> String {
    match url.parse() {
        Ok(url) => without_secrets(&url),
        Err(_) => "no URL".to_owned(),
    }
}

/// The same of a URL that was parsed.
pub(super) fn without_secrets(url: &Uri) -> String {
    let scheme = url.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let authority = url.authority().map(|authority| authority.as_str()).unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}{host}{}", url.path())
}
