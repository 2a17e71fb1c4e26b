//! What sends the requests of one signal.

use std::time::Duration;

use super::checked::{LONGEST, Settings};
use super::error::OtlpError;
#[cfg(feature = "otlp-grpc")]
use super::grpc::Grpc;
#[cfg(feature = "otlp-http")]
use super::http::Http;
use super::request::Request;
use super::settings::Protocol;
use crate::delivery::answer::Answer;

/// Sends the requests of one signal, one after the other.
#[derive(Debug)]
pub(crate) struct Sender {
    shown_url: String,
    transport: Transport,
}

#[derive(Debug)]
enum Transport {
    #[cfg(feature = "otlp-http")]
    Http(Box<Http>),
    #[cfg(feature = "otlp-grpc")]
    Grpc(Box<Grpc>),
}

impl Sender {
    pub(super) fn new(settings: &Settings) -> Result<Sender, OtlpError> {
        let transport = match settings.protocol {
            #[cfg(feature = "otlp-http")]
            Protocol::Http => Transport::Http(Box::new(Http::new(settings)?)),
            #[cfg(feature = "otlp-json")]
            Protocol::HttpJson => Transport::Http(Box::new(Http::new(settings)?)),
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => Transport::Grpc(Box::new(Grpc::new(settings)?)),
        };
        Ok(Sender { shown_url: settings.shown_url(), transport })
    }

    /// Sends a request once, and waits for the answer so long, an hour at most. What went wrong is told with the URL, without
    /// what may be secret, and in the same words each time that the same goes wrong.
    pub(crate) fn send(&mut self, request: &Request, timeout: Duration) -> Answer {
        let timeout = timeout.min(LONGEST);
        let answer = match &mut self.transport {
            #[cfg(feature = "otlp-http")]
            Transport::Http(http) => http.send(request, timeout),
            #[cfg(feature = "otlp-grpc")]
            Transport::Grpc(grpc) => grpc.send(request, timeout),
        };
        self.at(answer)
    }

    fn at(&self, answer: Answer) -> Answer {
        let at = |why: String| if why.is_empty() { why } else { format!("`{}`: {why}", self.shown_url) };
        match answer {
            Answer::Taken { rejected, why } => Answer::Taken { rejected, why: at(why) },
            Answer::Refused { why, retry } => Answer::Refused { why: at(why), retry },
            Answer::Unanswered { why, retry } => Answer::Unanswered { why: at(why), retry },
        }
    }
}
