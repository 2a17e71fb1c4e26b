//! What gRPC calls an error.

use super::ErrorCode;

impl ErrorCode {
    /// Of a status code of gRPC by its number; one that gRPC doesn't have, and `OK`, are `RPC_UNKNOWN`.
    #[must_use]
    pub const fn of_grpc(code: i32) -> ErrorCode {
        match code {
            1 => ErrorCode::RpcCancelled,
            3 => ErrorCode::RpcInvalidArgument,
            4 => ErrorCode::RpcDeadlineExceeded,
            5 => ErrorCode::RpcNotFound,
            6 => ErrorCode::RpcAlreadyExists,
            7 => ErrorCode::RpcPermissionDenied,
            8 => ErrorCode::RpcResourceExhausted,
            9 => ErrorCode::RpcFailedPrecondition,
            10 => ErrorCode::RpcAborted,
            11 => ErrorCode::RpcOutOfRange,
            12 => ErrorCode::RpcUnimplemented,
            13 => ErrorCode::RpcInternal,
            14 => ErrorCode::RpcUnavailable,
            15 => ErrorCode::RpcDataLoss,
            16 => ErrorCode::RpcUnauthenticated,
            _ => ErrorCode::RpcUnknown,
        }
    }
}

#[cfg(feature = "tonic")]
impl From<tonic::Code> for ErrorCode {
    fn from(code: tonic::Code) -> ErrorCode {
        ErrorCode::of_grpc(code as i32)
    }
}

#[cfg(feature = "tonic")]
impl From<&tonic::Status> for ErrorCode {
    fn from(status: &tonic::Status) -> ErrorCode {
        status.code().into()
    }
}

#[cfg(feature = "tonic")]
impl From<tonic::Status> for ErrorCode {
    fn from(status: tonic::Status) -> ErrorCode {
        ErrorCode::from(&status)
    }
}
