//! Requests over HTTP/1.1.
//!
//! The client is ureq, by its own name: what other crates of the program use, and with which features, changes nothing
//! here. It follows no redirect.

use std::fmt;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use ::http::{HeaderMap, HeaderValue, Method, Response, header};
use prost::Message;
use prost::bytes::{Buf, Bytes};
use ureq::config::AutoHeaderValue;
use ureq::{Agent, Body, SendBody};

use super::checked::Settings;
use super::encoding::Encoding;
use super::error::OtlpError;
use super::gzip::gzip;
use super::http_status;
use super::request::Request;
use super::response::{LENGTH, taken, unread};
use super::words::said;
use crate::delivery::answer::{Answer, Retry};

/// So many bytes may the head of an answer be.
const HEAD: usize = 16 * 1024;

/// So many bytes of a refusal are read: a sentence is looked for.
const REFUSAL: usize = 64 * 1024;

/// Sends requests over HTTP, one after the other, by a connection that is kept.
pub(super) struct Http {
    settings: Settings,
    agent: Agent,
}

impl Http {
    pub(super) fn new(settings: &Settings) -> Result<Http, OtlpError> {
        Ok(Http { settings: settings.clone(), agent: agent(settings)? })
    }

    /// The outcome of the request. Whether it may have been processed is known by what the client took of its body: a server
    /// has to take a request for incomplete where bytes of its body are missing (RFC 9112, section 8).
    pub(super) fn send(&mut self, request: &Request, timeout: Duration) -> Answer {
        let packed = if self.settings.gzip { gzip(&request.message) } else { None };
        let is_packed = packed.is_some();
        let mut body = Handed { rest: packed.unwrap_or_else(|| request.message.clone()) };
        // The client panics where it gets no thread to look a name up in.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let response = self.post(&mut body, is_packed, timeout)?;
            Ok(answer(response, request.records(), self.settings.encoding()))
        }));
        let is_whole = body.rest.is_empty();
        match outcome {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => failed(&error, is_whole),
            Err(_) => {
                // Its locks may be poisoned.
                if let Ok(agent) = agent(&self.settings) {
                    self.agent = agent;
                }
                broken("the HTTP client panicked".to_owned(), is_whole)
            }
        }
    }

    fn post(
        &self,
        body: &mut Handed,
        is_packed: bool,
        timeout: Duration,
    ) -> Result<Response<Body>, ureq::Error> {
        let length = body.rest.len();
        let mut request = ::http::Request::new(SendBody::from_reader(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.settings.url.clone();
        let headers = request.headers_mut();
        headers.extend(self.settings.headers.clone());
        headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(self.settings.encoding().content_type()));
        headers.insert(header::CONTENT_LENGTH, length.into());
        if is_packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let request = self.agent.configure_request(request).timeout_global(Some(timeout)).build();
        self.agent.run(request)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Http").field(&self.settings).finish()
    }
}

fn agent(settings: &Settings) -> Result<Agent, OtlpError> {
    let config = Agent::config_builder()
        .proxy(proxy(settings)?)
        .max_redirects(0)
        .http_status_as_error(false)
        .accept(settings.encoding().content_type())
        // Another crate may have built in decompression, which nobody here needs.
        .accept_encoding(AutoHeaderValue::None)
        .max_response_header_size(HEAD)
        .max_idle_connections(1);
    #[cfg(feature = "tls")]
    let config = match &settings.tls {
        Some(tls) => config.tls_config(tls.for_http()?),
        None => config,
    };
    let _ = settings;
    Ok(config.build().new_agent())
}

fn proxy(settings: &Settings) -> Result<Option<ureq::Proxy>, OtlpError> {
    let Some(proxy) = &settings.proxy else { return Ok(None) };
    // The receiver's name is looked up by the proxy: this network may not know it.
    let wrong = |_| OtlpError::new("slo_export::Otlp::proxy", "can't be used by the HTTP client");
    ureq::Proxy::new(&proxy.url).map(Some).map_err(wrong)
}

/// The body of a request, and what is left of it to be handed to the connection.
struct Handed {
    rest: Bytes,
}

impl Read for Handed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.rest.len());
        if let Some(buffer) = buffer.get_mut(..length) {
            self.rest.copy_to_slice(buffer);
        }
        Ok(length)
    }
}

/// The outcome of a request that the client gave up.
fn failed(error: &ureq::Error, is_whole: bool) -> Answer {
    use ureq::Error;
    let why = match error {
        Error::Timeout(_) => "no answer in time".to_owned(),
        Error::HostNotFound => "the host is not known".to_owned(),
        // Those may hold the URL, which may hold secrets.
        Error::BadUri(_) | Error::RequireHttpsOnly(_) => "the client refused the URL".to_owned(),
        Error::Io(error) => said(&error.to_string()),
        error => said(&error.to_string()),
    };
    broken(why, is_whole)
}

/// The outcome of a request to which no answer came.
fn broken(why: String, is_whole: bool) -> Answer {
    if is_whole {
        Answer::lost(why)
    } else {
        Answer::Refused { why: format!("not sent: {why}"), retry: Retry::After(None) }
    }
}

fn answer(mut response: Response<Body>, records: u64, encoding: Encoding) -> Answer {
    let status = response.status();
    let is_asked_for = is_content(response.headers(), encoding);
    if status.is_success() {
        let content = content_type(response.headers());
        return match read(&mut response, LENGTH) {
            Ok(message) if message.is_empty() || is_asked_for => taken(&message, records, encoding),
            Ok(_) => unread(&format!("it answered with `{content}`, which is none of OTLP's answers")),
            Err(why) => unread(&why),
        };
    }
    let words = match read(&mut response, REFUSAL) {
        Ok(body) if is_asked_for => refusal(&body, encoding),
        Ok(body) => String::from_utf8_lossy(&body).trim().to_owned(),
        // It is refused, whatever the rest would be.
        Err(_) => String::new(),
    };
    if status.is_informational() {
        return Answer::lost(format!("answered {status}"));
    }
    http_status::answer(status, response.headers(), &said(&words), SystemTime::now())
}

/// `google.rpc.Status`, by which servers say what is wrong (OTLP specification, "OTLP/HTTP Response", "Failures").
#[derive(Clone, PartialEq, Message)]
struct Refusal {
    #[prost(string, tag = "2")]
    message: String,
}

fn read(response: &mut Response<Body>, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let reader = response.body_mut().with_config().limit(u64::MAX).reader();
    match reader.take(most as u64 + 1).read_to_end(&mut bytes) {
        Ok(length) if length > most => Err(format!("its answer is longer than {most} bytes")),
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("its answer could not be read: {}", said(&error.to_string()))),
    }
}

/// What a refusal says.
fn refusal(body: &[u8], encoding: Encoding) -> String {
    match encoding {
        Encoding::Protobuf => Refusal::decode(body).unwrap_or_default().message,
        #[cfg(feature = "otlp-json")]
        Encoding::Json => {
            let message: Option<serde_json::Value> = serde_json::from_slice(body).ok();
            let message = message.as_ref().and_then(|message| message.get("message")?.as_str());
            message.map_or_else(|| String::from_utf8_lossy(body).trim().to_owned(), str::to_owned)
        }
    }
}

/// Where nothing is said it is what was asked for.
fn is_content(headers: &HeaderMap, encoding: Encoding) -> bool {
    let asked_for = encoding.content_type().as_bytes();
    headers.get(header::CONTENT_TYPE).is_none_or(|value| {
        let value = value.as_bytes();
        value.len() >= asked_for.len()
            && value.iter().zip(asked_for).all(|(one, other)| one.eq_ignore_ascii_case(other))
    })
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    said(&String::from_utf8_lossy(value))
}
