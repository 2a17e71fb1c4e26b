//! The settings that hold for one signal.

use std::fmt;
use std::time::Duration;

use ::http::{HeaderMap, Uri};
use opentelemetry_sdk::metrics::Temporality;
use slo_model::event::Signal;

use super::encoding::Encoding;
use super::endpoint::{endpoint, without_secrets};
use super::error::OtlpError;
use super::headers::headers;
use super::proxy::Proxy;
use super::sender::Sender;
use super::settings::{Otlp, OtlpCompression, Protocol};
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::variables::{self, Said, Variable};
use crate::pipeline::variables::Lookup;
use slo::__export::Shown;

/// How long an answer is waited for where nothing is said of it (OpenTelemetry specification, "OpenTelemetry Protocol
/// Exporter").
const TIMEOUT: Duration = Duration::from_secs(10);

/// A longer time is a mistake, and could be more than the system's clock can add.
pub(super) const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The settings that hold for one signal, checked.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(super) signal: Signal,
    pub(super) protocol: Protocol,
    pub(super) url: Uri,
    pub(super) headers: HeaderMap,
    /// How long an answer to a request is waited for.
    pub(crate) timeout: Duration,
    pub(super) gzip: bool,
    pub(super) proxy: Option<Proxy>,
    pub(crate) temporality: Temporality,
    /// Whether histograms that the contract does not declare have exponential buckets.
    pub(crate) exponential: bool,
    /// How many bytes a request has at most.
    pub(super) request_bytes: usize,
    /// Where the URL asks for it.
    #[cfg(feature = "tls")]
    pub(super) tls: Option<Tls>,
}

/// What servers of gRPC take by default, those of the Collector among them.
const REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// A request that is smaller holds little but its resource.
const LEAST_REQUEST_BYTES: usize = 4 * 1024;

impl Settings {
    /// What sends the signal's requests. Nothing is connected yet.
    pub(crate) fn sender(&self) -> Result<Sender, OtlpError> {
        Sender::new(self)
    }

    /// How requests are encoded.
    pub(super) fn encoding(&self) -> Encoding {
        self.protocol.encoding()
    }

    /// Where requests go, without what may be secret.
    pub(super) fn shown_url(&self) -> String {
        without_secrets(&self.url)
    }
}

/// Without what may be secret.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("signal", &self.signal)
            .field("protocol", &self.protocol)
            .field("url", &self.shown_url())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("gzip", &self.gzip)
            .field("proxy", &self.proxy)
            .field("temporality", &self.temporality)
            .field("exponential", &self.exponential)
            .field("request_bytes", &self.request_bytes)
            .finish_non_exhaustive()
    }
}

impl Otlp {
    /// The settings that hold for these signals, in their order: what the program says, else the signal's variable, else the
    /// variable for all, else the default. All errors of all signals, each once.
    pub(crate) fn settings(
        &self,
        signals: &[Signal],
        lookup: Lookup<'_>,
    ) -> Result<Vec<Settings>, Vec<OtlpError>> {
        let mut found = Vec::new();
        let mut all = Vec::new();
        for signal in signals {
            let mut errors = Vec::new();
            let settings = self.settings_of(*signal, lookup, &mut errors);
            found.extend(settings);
            for error in errors {
                if !all.contains(&error) {
                    all.push(error);
                }
            }
        }
        if all.is_empty() { Ok(found) } else { Err(all) }
    }

    /// None where there are errors.
    fn settings_of(
        &self,
        signal: Signal,
        lookup: Lookup<'_>,
        errors: &mut Vec<OtlpError>,
    ) -> Option<Settings> {
        let before = errors.len();
        let said = |variable: &Variable| variable.read(signal, lookup);

        let protocol = keep(self.protocol_of(said(&variables::PROTOCOL).as_ref()), errors);
        let timeout = keep(self.timeout_of(said(&variables::TIMEOUT).as_ref()), errors);
        let gzip = keep(self.gzip_of(said(&variables::COMPRESSION).as_ref()), errors);
        let headers = headers(&self.headers, said(&variables::HEADERS).as_ref(), errors);
        let url = self.endpoint_of(signal).or_else(|| said(&variables::ENDPOINT));
        let url = protocol.and_then(|protocol| {
            // Over HTTP, whatever it says, the URL's scheme counts.
            let is_insecure = match protocol.is_grpc() {
                true => keep(self.is_insecure(said(&variables::INSECURE).as_ref()), errors)?,
                false => false,
            };
            keep(endpoint(url.as_ref(), protocol, signal, is_insecure), errors)
        });
        let proxy = url.as_ref().and_then(|url| keep(self.proxy.of(url, lookup), errors));
        let is_metrics = signal == Signal::Metric;
        let temporality = said(&variables::TEMPORALITY).filter(|_| is_metrics);
        let temporality = keep(self.temporality_of(temporality.as_ref()), errors);
        let histograms = said(&variables::HISTOGRAMS).filter(|_| is_metrics);
        let exponential = keep(self.exponential_of(histograms.as_ref()), errors);
        let request_bytes = keep(self.checked_request_bytes(), errors);
        #[cfg(feature = "tls")]
        let tls = match &url {
            Some(url) if url.scheme() == Some(&::http::uri::Scheme::HTTPS) => {
                self.tls_of(signal, lookup, errors)
            }
            _ => None,
        };

        let settings = Settings {
            signal,
            protocol: protocol?,
            url: url?,
            headers,
            timeout: timeout?,
            gzip: gzip?,
            proxy: proxy?,
            temporality: temporality?,
            exponential: exponential?,
            request_bytes: request_bytes?,
            #[cfg(feature = "tls")]
            tls,
        };
        (errors.len() == before).then_some(settings)
    }

    fn endpoint_of(&self, signal: Signal) -> Option<Said> {
        let (setting, own) = match signal {
            Signal::Log => ("slo_export::Otlp::logs_endpoint", &self.logs_endpoint),
            Signal::Metric => ("slo_export::Otlp::metrics_endpoint", &self.metrics_endpoint),
            Signal::Span => ("slo_export::Otlp::traces_endpoint", &self.traces_endpoint),
        };
        let said = |setting, text: &String, is_own| Said { setting, text: text.trim().to_owned(), is_own };
        let own = own.as_ref().map(|url| said(setting, url, true));
        own.or_else(|| self.endpoint.as_ref().map(|url| said("slo_export::Otlp::endpoint", url, false)))
    }

    fn protocol_of(&self, said: Option<&Said>) -> Result<Protocol, OtlpError> {
        match (self.protocol, said) {
            (Some(protocol), _) => Ok(protocol),
            (None, Some(Said { setting, text, .. })) => protocol(setting, text),
            (None, None) => Ok(Protocol::DEFAULT),
        }
    }

    fn timeout_of(&self, said: Option<&Said>) -> Result<Duration, OtlpError> {
        let (timeout, setting) = match (self.timeout, said) {
            (Some(timeout), _) => (timeout, "slo_export::Otlp::timeout"),
            (None, Some(Said { setting, text, .. })) => {
                let milliseconds = text.parse().map_err(|_| {
                    OtlpError::new(setting, format!("is no number of milliseconds: `{}`", Shown(text)))
                })?;
                // No limit (specification, "Timeout"): as long as a try may take at all.
                let timeout = if milliseconds == 0 { LONGEST } else { Duration::from_millis(milliseconds) };
                (timeout, *setting)
            }
            (None, None) => return Ok(TIMEOUT),
        };
        if timeout.is_zero() {
            return Err(OtlpError::new(setting, "leaves no time for an answer"));
        }
        if timeout > LONGEST {
            return Err(OtlpError::new(setting, "is longer than an hour"));
        }
        Ok(timeout)
    }

    fn gzip_of(&self, said: Option<&Said>) -> Result<bool, OtlpError> {
        let (is_gzip, setting) = match (self.compression, said) {
            (Some(compression), _) => (compression == OtlpCompression::Gzip, "slo_export::Otlp::compression"),
            (None, Some(Said { setting, text, .. })) => match text.to_ascii_lowercase().as_str() {
                "gzip" => (true, *setting),
                "none" => (false, *setting),
                _ => {
                    let why = format!("is neither `gzip` nor `none`: `{}`", Shown(text));
                    return Err(OtlpError::new(setting, why));
                }
            },
            (None, None) => return Ok(false),
        };
        if is_gzip && cfg!(not(feature = "gzip")) {
            let why = "asks for `gzip`, which needs the feature `gzip` of crate `slo-export`";
            return Err(OtlpError::new(setting, why));
        }
        Ok(is_gzip)
    }

    fn temporality_of(&self, said: Option<&Said>) -> Result<Temporality, OtlpError> {
        match (self.temporality, said) {
            (Some(temporality), _) => Ok(temporality),
            (None, None) => Ok(Temporality::Cumulative),
            (None, Some(Said { setting, text, .. })) => match text.to_ascii_lowercase().as_str() {
                "cumulative" => Ok(Temporality::Cumulative),
                "delta" => Ok(Temporality::Delta),
                "lowmemory" => Ok(Temporality::LowMemory),
                _ => {
                    let why = format!("is neither `cumulative`, `delta` nor `lowmemory`: `{}`", Shown(text));
                    Err(OtlpError::new(setting, why))
                }
            },
        }
    }

    fn exponential_of(&self, said: Option<&Said>) -> Result<bool, OtlpError> {
        match (self.exponential, said) {
            (Some(exponential), _) => Ok(exponential),
            (None, None) => Ok(false),
            (None, Some(Said { setting, text, .. })) => match text.to_ascii_lowercase().as_str() {
                "explicit_bucket_histogram" => Ok(false),
                "base2_exponential_bucket_histogram" => Ok(true),
                _ => {
                    let why = format!(
                        "is neither `explicit_bucket_histogram` nor `base2_exponential_bucket_histogram`: `{}`",
                        Shown(text)
                    );
                    Err(OtlpError::new(setting, why))
                }
            },
        }
    }

    fn checked_request_bytes(&self) -> Result<usize, OtlpError> {
        match self.request_bytes {
            Some(most) if most < LEAST_REQUEST_BYTES => {
                let why =
                    format!("is less than {LEAST_REQUEST_BYTES} bytes, which a resource alone may have");
                Err(OtlpError::new("slo_export::Otlp::request_bytes", why))
            }
            Some(most) => Ok(most),
            None => Ok(REQUEST_BYTES),
        }
    }

    fn is_insecure(&self, said: Option<&Said>) -> Result<bool, OtlpError> {
        match (self.is_insecure, said) {
            (Some(is_insecure), _) => Ok(is_insecure),
            (None, None) => Ok(false),
            (None, Some(Said { setting, text, .. })) => match text.to_ascii_lowercase().as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => {
                    let why = format!("is neither `true` nor `false`: `{}`", Shown(text));
                    Err(OtlpError::new(setting, why))
                }
            },
        }
    }
}

/// The value; none where it is an error, which is kept for the list.
pub(super) fn keep<T>(result: Result<T, OtlpError>, errors: &mut Vec<OtlpError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

fn protocol(setting: &'static str, text: &str) -> Result<Protocol, OtlpError> {
    let why = match text.to_ascii_lowercase().as_str() {
        #[cfg(feature = "otlp-grpc")]
        "grpc" => return Ok(Protocol::Grpc),
        #[cfg(feature = "otlp-http")]
        "http/protobuf" => return Ok(Protocol::Http),
        #[cfg(not(feature = "otlp-grpc"))]
        "grpc" => "asks for `grpc`, which needs the feature `otlp-grpc` of crate `slo-export`".to_owned(),
        #[cfg(not(feature = "otlp-http"))]
        "http/protobuf" => {
            "asks for `http/protobuf`, which needs the feature `otlp-http` of crate `slo-export`".to_owned()
        }
        #[cfg(feature = "otlp-json")]
        "http/json" => return Ok(Protocol::HttpJson),
        #[cfg(not(feature = "otlp-json"))]
        "http/json" => {
            "asks for `http/json`, which needs the feature `otlp-json` of crate `slo-export`".to_owned()
        }
        _ => format!("is neither `grpc`, `http/protobuf` nor `http/json`: `{}`", Shown(text)),
    };
    Err(OtlpError::new(setting, why))
}
