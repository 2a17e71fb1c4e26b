//! The proxy that requests go through.

use std::fmt;

#[cfg(feature = "otlp-grpc")]
use ::http::HeaderValue;
use ::http::Uri;
use ::http::uri::Scheme;
use hyper_util::client::proxy::matcher::Matcher;

use super::endpoint::shown;
use super::error::OtlpError;
use crate::pipeline::variables::Lookup;

/// A proxy, which is asked to connect to the receiver (RFC 9110, section 9.3.6, `CONNECT`).
#[derive(Clone)]
pub(super) struct Proxy {
    /// Its URL, with the user.
    pub(super) url: String,
    #[cfg(feature = "otlp-grpc")]
    uri: Uri,
    #[cfg(feature = "otlp-grpc")]
    authorization: Option<HeaderValue>,
}

/// What a program says of proxies.
#[derive(Clone, Default)]
pub(super) enum ProxySetting {
    /// What the variables say.
    #[default]
    Variables,
    /// This one, whatever they say.
    Given(String),
    /// None.
    Without,
}

/// The variables for a scheme, and those that count where there is none for it. Lower case counts first, as in curl.
const HTTP: [&str; 2] = ["http_proxy", "HTTP_PROXY"];
const HTTPS: [&str; 2] = ["https_proxy", "HTTPS_PROXY"];
const ALL: [&str; 2] = ["all_proxy", "ALL_PROXY"];
/// Hosts that are reached without one.
const NONE: [&str; 2] = ["no_proxy", "NO_PROXY"];

impl ProxySetting {
    /// The proxy for a URL.
    pub(super) fn of(&self, url: &Uri, lookup: Lookup<'_>) -> Result<Option<Proxy>, OtlpError> {
        let (setting, text, without) = match self {
            ProxySetting::Without => return Ok(None),
            ProxySetting::Given(text) => ("slo_export::Otlp::proxy", text.clone(), None),
            ProxySetting::Variables => {
                let Some((setting, text)) = variable(url, lookup) else { return Ok(None) };
                (setting, text, first(&NONE, lookup).map(|(_, hosts)| hosts))
            }
        };
        let matcher = Matcher::builder().all(with_scheme(&text)).no(without.unwrap_or_default()).build();
        let wrong = |why: &str| OtlpError::new(setting, format!("{why}: `{}`", shown(&with_scheme(&text))));
        let Some(found) = matcher.intercept(url) else {
            // Where it passes over what it can't read, requests would go where nobody looks for them.
            let read = Matcher::builder().all(with_scheme(&text)).build();
            return match read.intercept(url) {
                Some(_) => Ok(None),
                None => Err(wrong("is no URL of a proxy")),
            };
        };
        if found.uri().scheme() != Some(&Scheme::HTTP) {
            return Err(wrong("is no proxy that begins with `http://`, and no other is spoken to"));
        }
        if found.uri().host().is_none_or(str::is_empty) {
            return Err(wrong("names no host"));
        }
        Ok(Some(Proxy {
            url: with_scheme(&text),
            #[cfg(feature = "otlp-grpc")]
            uri: found.uri().clone(),
            #[cfg(feature = "otlp-grpc")]
            authorization: found.basic_auth().cloned(),
        }))
    }
}

#[cfg(feature = "otlp-grpc")]
impl Proxy {
    /// What makes connections through it.
    pub(super) fn tunnel(
        &self,
    ) -> hyper_util::client::legacy::connect::proxy::Tunnel<hyper_util::client::legacy::connect::HttpConnector>
    {
        use hyper_util::client::legacy::connect::HttpConnector;
        use hyper_util::client::legacy::connect::proxy::Tunnel;

        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_keepalive(Some(super::grpc::KEEP_ALIVE));
        let tunnel = Tunnel::new(self.uri.clone(), connector);
        match &self.authorization {
            Some(authorization) => tunnel.with_auth(authorization.clone()),
            None => tunnel,
        }
    }
}

/// The variable that speaks of a URL.
fn variable(url: &Uri, lookup: Lookup<'_>) -> Option<(&'static str, String)> {
    let is_secure = url.scheme() == Some(&Scheme::HTTPS);
    // A web server gives a request's header `Proxy` to its scripts as `HTTP_PROXY`: in such a program anybody could say it.
    let is_script = lookup("REQUEST_METHOD").is_some();
    let own: &[&'static str] = match (is_secure, is_script) {
        (true, _) => &HTTPS,
        (false, false) => &HTTP,
        (false, true) => &HTTP[..1],
    };
    first(own, lookup).or_else(|| first(&ALL, lookup))
}

fn first(variables: &[&'static str], lookup: Lookup<'_>) -> Option<(&'static str, String)> {
    variables.iter().find_map(|variable| {
        let text = lookup(variable)?;
        let text = text.trim();
        (!text.is_empty()).then(|| (*variable, text.to_owned()))
    })
}

/// A proxy without a scheme is one of HTTP.
fn with_scheme(text: &str) -> String {
    if text.contains("://") { text.to_owned() } else { format!("http://{text}") }
}

/// Without what may be secret.
impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown(&self.url))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The proxy that is used for a URL.
    fn found(variables: &[(&str, &str)], url: &'static str) -> Result<Option<String>, String> {
        let lookup =
            |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        let proxy = ProxySetting::Variables.of(&Uri::from_static(url), &lookup);
        proxy.map(|proxy| proxy.map(|proxy| proxy.url)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_scheme_has_a_variable_and_lower_case_counts_first() {
        let variables = [
            ("http_proxy", "http://one:3128"),
            ("HTTP_PROXY", "http://two:3128"),
            ("HTTPS_PROXY", "three"),
            ("ALL_PROXY", "http://four"),
        ];
        assert_eq!(found(&variables, "http://collector:4318").unwrap().as_deref(), Some("http://one:3128"));
        assert_eq!(found(&variables, "https://collector:4318").unwrap().as_deref(), Some("http://three"));
        assert_eq!(found(&variables[3..], "http://collector").unwrap().as_deref(), Some("http://four"));
        assert_eq!(found(&[], "http://collector").unwrap(), None);
    }

    #[test]
    fn a_host_may_go_without_one() {
        let variables =
            [("all_proxy", "http://proxy:1"), ("no_proxy", "localhost,.internal.example,10.0.0.0/8")];
        for direct in ["http://localhost:4318", "https://otel.internal.example", "http://10.1.2.3:4317"] {
            assert_eq!(found(&variables, direct).unwrap(), None, "{direct}");
        }
        assert!(found(&variables, "http://internal.example.org").unwrap().is_some());
        assert_eq!(found(&[variables[0], ("NO_PROXY", "*")], "http://collector").unwrap(), None);
    }

    #[test]
    fn a_user_is_handed_on_and_never_shown() {
        let variables = [("http_proxy", "http://me:secret@proxy:1")];
        assert_eq!(
            found(&variables, "http://collector").unwrap().as_deref(),
            Some("http://me:secret@proxy:1")
        );
        let proxy = ProxySetting::Given("http://me:secret@proxy:1".to_owned());
        let proxy = proxy.of(&Uri::from_static("http://collector"), &|_| None).unwrap().unwrap();
        assert_eq!(format!("{proxy:?}"), "http://proxy:1/");
        let error = found(&[("http_proxy", "socks5://me:secret@proxy:1")], "http://collector").unwrap_err();
        assert_eq!(
            error,
            "`http_proxy` is no proxy that begins with `http://`, and no other is spoken to: `socks5://proxy:1/`"
        );
    }

    #[test]
    fn what_is_no_proxy_is_an_error_and_not_passed_over() {
        let error = found(&[("http_proxy", "http://pro xy")], "http://collector").unwrap_err();
        assert!(error.starts_with("`http_proxy` is no URL of a proxy"), "{error}");
    }

    #[test]
    fn a_header_of_a_request_to_a_script_is_no_proxy() {
        let variables = [("HTTP_PROXY", "http://anybody"), ("REQUEST_METHOD", "GET")];
        assert_eq!(found(&variables, "http://collector").unwrap(), None);
    }
}
