//! What becomes of tokio's tasks.

use tokio::task::JoinError;
use tokio::time::error::Elapsed;

use super::ErrorCode;

impl From<&Elapsed> for ErrorCode {
    fn from(_: &Elapsed) -> ErrorCode {
        ErrorCode::TaskTimeout
    }
}

impl From<Elapsed> for ErrorCode {
    fn from(error: Elapsed) -> ErrorCode {
        ErrorCode::from(&error)
    }
}

impl From<&JoinError> for ErrorCode {
    fn from(error: &JoinError) -> ErrorCode {
        match error.is_panic() {
            true => ErrorCode::TaskPanicked,
            false => ErrorCode::TaskCancelled,
        }
    }
}

impl From<JoinError> for ErrorCode {
    fn from(error: JoinError) -> ErrorCode {
        ErrorCode::from(&error)
    }
}
