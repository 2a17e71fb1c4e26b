//! What HTTP calls an error.

use super::ErrorCode;

impl ErrorCode {
    /// Of a status code of HTTP that says that a request failed.
    #[must_use]
    pub const fn of_http(status: u16) -> ErrorCode {
        match status {
            400 => ErrorCode::HttpBadRequest,
            401 => ErrorCode::HttpUnauthorized,
            403 => ErrorCode::HttpForbidden,
            404 => ErrorCode::HttpNotFound,
            405 => ErrorCode::HttpMethodNotAllowed,
            406 => ErrorCode::HttpNotAcceptable,
            408 => ErrorCode::HttpRequestTimeout,
            409 => ErrorCode::HttpConflict,
            410 => ErrorCode::HttpGone,
            412 => ErrorCode::HttpPreconditionFailed,
            413 => ErrorCode::HttpContentTooLarge,
            415 => ErrorCode::HttpUnsupportedMediaType,
            422 => ErrorCode::HttpUnprocessableContent,
            429 => ErrorCode::HttpTooManyRequests,
            500 => ErrorCode::HttpInternalServerError,
            501 => ErrorCode::HttpNotImplemented,
            502 => ErrorCode::HttpBadGateway,
            503 => ErrorCode::HttpServiceUnavailable,
            504 => ErrorCode::HttpGatewayTimeout,
            _ => match status / 100 {
                4 => ErrorCode::HttpClientError,
                5 => ErrorCode::HttpServerError,
                _ => ErrorCode::HttpOther,
            },
        }
    }
}
