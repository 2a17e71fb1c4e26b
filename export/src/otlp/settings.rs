//! What a program says of OTLP.

use std::fmt;
#[cfg(feature = "tls")]
use std::path::PathBuf;
use std::time::Duration;

use opentelemetry_sdk::metrics::Temporality;

use super::encoding::Encoding;
use super::endpoint;
use super::proxy::ProxySetting;

/// The exporter of OTLP: where it sends to, and how. What is not set here comes from OpenTelemetry's variables, and from
/// their defaults.
///
/// | here | variable `OTEL_EXPORTER_OTLP_…` | default |
/// |---|---|---|
/// | [`grpc`](Otlp::grpc), [`http`](Otlp::http), `http_json` | `PROTOCOL`: `grpc`, `http/protobuf`, `http/json` (feature `otlp-json`) | HTTP where it is built in, otherwise gRPC |
/// | [`endpoint`](Otlp::endpoint) | `ENDPOINT` | `http://localhost:4318`, over gRPC `http://localhost:4317` |
/// | [`header`](Otlp::header) | `HEADERS`: `name=value,name=value`, percent-encoded | none |
/// | [`timeout`](Otlp::timeout) | `TIMEOUT`, in milliseconds | 10 s |
/// | [`compression`](Otlp::compression) | `COMPRESSION`: `gzip`, `none` | none |
/// | [`insecure`](Otlp::insecure) | `INSECURE`: `true`, `false` | false |
/// | `certificate`, with feature `tls` | `CERTIFICATE` | the system's certificates |
/// | `client`, with feature `tls` | `CLIENT_CERTIFICATE`, `CLIENT_KEY` | none |
/// | [`temporality`](Otlp::temporality) | `METRICS_TEMPORALITY_PREFERENCE`: `cumulative`, `delta`, `lowmemory` | cumulative |
/// | [`exponential_histograms`](Otlp::exponential_histograms) | `METRICS_DEFAULT_HISTOGRAM_AGGREGATION`: `explicit_bucket_histogram`, `base2_exponential_bucket_histogram` | explicit buckets |
/// | [`proxy`](Otlp::proxy), [`without_proxy`](Otlp::without_proxy) | `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, in lower or upper case | none |
/// | [`request_bytes`](Otlp::request_bytes) | | 4 MiB |
///
/// A variable for one signal, such as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, counts before the one for all. A variable that
/// can't be understood is an error, not a default: telemetry would go where nobody looks for it.
///
/// A proxy is asked to connect to the receiver (`CONNECT`), with TLS and without. A redirect is not followed: it would
/// carry the headers, which are secrets, to another host.
///
/// ```
/// # #[cfg(feature = "otlp-http")]
/// let otlp = slo_export::Otlp::http()
///     .endpoint("http://collector:4318")
///     .header("x-team", "payments")
///     .timeout(std::time::Duration::from_secs(5));
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing is sent before it is given to an exporter"]
pub struct Otlp {
    pub(super) protocol: Option<Protocol>,
    pub(super) endpoint: Option<String>,
    pub(super) logs_endpoint: Option<String>,
    pub(super) metrics_endpoint: Option<String>,
    pub(super) traces_endpoint: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) compression: Option<OtlpCompression>,
    pub(super) is_insecure: Option<bool>,
    pub(super) proxy: ProxySetting,
    pub(super) temporality: Option<Temporality>,
    pub(super) exponential: Option<bool>,
    pub(super) request_bytes: Option<usize>,
    #[cfg(feature = "tls")]
    pub(super) certificate: Option<PathBuf>,
    #[cfg(feature = "tls")]
    pub(super) client: Option<(PathBuf, PathBuf)>,
}

/// How requests are carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    #[cfg(feature = "otlp-grpc")]
    Grpc,
    #[cfg(feature = "otlp-http")]
    Http,
    #[cfg(feature = "otlp-json")]
    HttpJson,
}

impl Protocol {
    /// Where nobody says which.
    #[cfg(feature = "otlp-http")]
    pub(super) const DEFAULT: Protocol = Protocol::Http;
    #[cfg(not(feature = "otlp-http"))]
    pub(super) const DEFAULT: Protocol = Protocol::Grpc;

    pub(super) fn is_grpc(self) -> bool {
        match self {
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => true,
            #[cfg(feature = "otlp-http")]
            Protocol::Http => false,
            #[cfg(feature = "otlp-json")]
            Protocol::HttpJson => false,
        }
    }

    pub(super) fn encoding(self) -> Encoding {
        match self {
            #[cfg(feature = "otlp-json")]
            Protocol::HttpJson => Encoding::Json,
            _ => Encoding::Protobuf,
        }
    }
}

/// The compression of OTLP requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtlpCompression {
    /// Not at all.
    None,
    /// By gzip. Needs the feature `gzip`.
    Gzip,
}

impl Otlp {
    /// Over gRPC, whatever `OTEL_EXPORTER_OTLP_PROTOCOL` says.
    #[cfg(feature = "otlp-grpc")]
    pub fn grpc() -> Otlp {
        Otlp { protocol: Some(Protocol::Grpc), ..Otlp::default() }
    }

    /// Over HTTP, as protobuf, whatever `OTEL_EXPORTER_OTLP_PROTOCOL` says.
    #[cfg(feature = "otlp-http")]
    pub fn http() -> Otlp {
        Otlp { protocol: Some(Protocol::Http), ..Otlp::default() }
    }

    /// Over HTTP, as JSON, whatever `OTEL_EXPORTER_OTLP_PROTOCOL` says.
    #[cfg(feature = "otlp-json")]
    pub fn http_json() -> Otlp {
        Otlp { protocol: Some(Protocol::HttpJson), ..Otlp::default() }
    }

    /// Over what `OTEL_EXPORTER_OTLP_PROTOCOL` says.
    pub fn from_environment() -> Otlp {
        Otlp::default()
    }

    /// The receiver's URL. Over HTTP, `/v1/logs`, `/v1/metrics` and `/v1/traces` are put after its path.
    pub fn endpoint(mut self, url: impl Into<String>) -> Otlp {
        self.endpoint = Some(url.into());
        self
    }

    /// The URL that log records go to, as it is.
    pub fn logs_endpoint(mut self, url: impl Into<String>) -> Otlp {
        self.logs_endpoint = Some(url.into());
        self
    }

    /// The URL that metrics go to, as it is.
    pub fn metrics_endpoint(mut self, url: impl Into<String>) -> Otlp {
        self.metrics_endpoint = Some(url.into());
        self
    }

    /// The URL that spans go to, as it is.
    pub fn traces_endpoint(mut self, url: impl Into<String>) -> Otlp {
        self.traces_endpoint = Some(url.into());
        self
    }

    /// A header of each request. Those of the variables are sent as well, but for names that are given here.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Otlp {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// How long an answer to a request is waited for, an hour at most.
    pub fn timeout(mut self, timeout: Duration) -> Otlp {
        self.timeout = Some(timeout);
        self
    }

    /// How requests are compressed.
    pub fn compression(mut self, compression: OtlpCompression) -> Otlp {
        self.compression = Some(compression);
        self
    }

    /// Over gRPC, an endpoint without a scheme, such as `collector:4317`, is reached without TLS.
    pub fn insecure(mut self) -> Otlp {
        self.is_insecure = Some(true);
        self
    }

    /// The temporality of metrics. With one that is not cumulative, a receiver that loses a request loses its measurements;
    /// with a cumulative one the next request has them again.
    pub fn temporality(mut self, temporality: Temporality) -> Otlp {
        self.temporality = Some(temporality);
        self
    }

    /// Histograms that the contract doesn't declare, such as those of libraries, have exponential buckets. Those of the
    /// contract have the buckets that it gives them.
    pub fn exponential_histograms(mut self) -> Otlp {
        self.exponential = Some(true);
        self
    }

    /// The URL of a proxy, `http://[user:password@]host:port`, whatever the variables say.
    pub fn proxy(mut self, url: impl Into<String>) -> Otlp {
        self.proxy = ProxySetting::Given(url.into());
        self
    }

    /// No proxy, whatever the variables say.
    pub fn without_proxy(mut self) -> Otlp {
        self.proxy = ProxySetting::Without;
        self
    }

    /// How many bytes a request has at most, before it is compressed: a larger batch is sent in parts. The default is what
    /// gRPC's servers take by default.
    pub fn request_bytes(mut self, most: usize) -> Otlp {
        self.request_bytes = Some(most);
        self
    }

    /// The file with the certificates, in PEM, that the receiver's is verified by. The system's are not trusted then.
    #[cfg(feature = "tls")]
    pub fn certificate(mut self, file: impl Into<PathBuf>) -> Otlp {
        self.certificate = Some(file.into());
        self
    }

    /// The files with the certificate chain and its key, in PEM, by which the receiver knows this program.
    #[cfg(feature = "tls")]
    pub fn client(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Otlp {
        self.client = Some((certificate.into(), key.into()));
        self
    }
}

/// Without what may be secret: headers by their names alone, URLs without user and query.
impl fmt::Debug for Otlp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |url: &Option<String>| url.as_deref().map(endpoint::shown);
        // What can't be a name may be a value in the wrong place.
        let names = self.headers.iter().map(|(name, _)| ::http::HeaderName::try_from(name).ok());
        let names: Vec<_> = names.collect();
        let mut shown = formatter.debug_struct("Otlp");
        shown
            .field("protocol", &self.protocol)
            .field("endpoint", &url(&self.endpoint))
            .field("logs_endpoint", &url(&self.logs_endpoint))
            .field("metrics_endpoint", &url(&self.metrics_endpoint))
            .field("traces_endpoint", &url(&self.traces_endpoint))
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("compression", &self.compression)
            .field("is_insecure", &self.is_insecure)
            .field("temporality", &self.temporality)
            .field("exponential", &self.exponential)
            .field("request_bytes", &self.request_bytes);
        #[cfg(feature = "tls")]
        shown.field("certificate", &self.certificate).field("client", &self.client);
        shown.finish()
    }
}
