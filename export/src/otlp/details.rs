//! What a gRPC server adds to its status.

use std::time::Duration;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use prost::Message;

use super::http_status::bounded;

/// gRPC lets senders leave the padding away (gRPC over HTTP/2, "Requests", on `Binary-Header`).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `google.rpc.Status` (googleapis, `google/rpc/status.proto`); what is not asked for is left out.
#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

/// `google.protobuf.Any`.
#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.RetryInfo` (googleapis, `google/rpc/error_details.proto`).
#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

/// `google.protobuf.Duration`.
#[derive(Clone, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// The pause that a server asks for in the header `grpc-status-details-bin`: the outer is none where it does not say that a
/// request may be sent again, the inner where it leaves the pause to the sender.
///
/// Details that can't be read are none. tonic's own reader panics where they are no base64 (0.14.9).
pub(super) fn retry_info(header: &[u8]) -> Option<Option<Duration>> {
    let status = Status::decode(BASE64.decode(header).ok()?.as_slice()).ok()?;
    let info = status.details.iter().find(|any| any.type_url.ends_with("/google.rpc.RetryInfo"))?;
    let delay = RetryInfo::decode(info.value.as_slice()).ok()?.retry_delay.unwrap_or_default();
    let seconds = u64::try_from(delay.seconds).unwrap_or_default();
    let nanoseconds = u32::try_from(delay.nanos).unwrap_or_default().min(999_999_999);
    Some(bounded(Duration::new(seconds, nanoseconds)))
}
