//! What reqwest calls an error.

use reqwest::Error;

use super::ErrorCode;

impl From<&Error> for ErrorCode {
    fn from(error: &Error) -> ErrorCode {
        if let Some(status) = error.status() {
            return ErrorCode::of_http(status.as_u16());
        }
        // A time-out is one wherever it struck; the others of these exclude each other, but that what fails while a request is
        // made or its answer awaited counts as a request's as well.
        if error.is_timeout() {
            ErrorCode::HttpTimeout
        } else if error.is_builder() {
            ErrorCode::HttpInvalidRequest
        } else if error.is_redirect() {
            ErrorCode::HttpRedirect
        } else if error.is_body() {
            ErrorCode::HttpBody
        } else if error.is_decode() {
            ErrorCode::HttpDecode
        } else if error.is_connect() || error.is_request() {
            ErrorCode::HttpConnectionFailed
        } else {
            ErrorCode::HttpOther
        }
    }
}

impl From<Error> for ErrorCode {
    fn from(error: Error) -> ErrorCode {
        ErrorCode::from(&error)
    }
}
