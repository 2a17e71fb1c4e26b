//! What sqlx and the databases behind it call an error.

use std::io::ErrorKind as Io;

use sqlx::Error;
use sqlx::error::{DatabaseError, ErrorKind};

use super::ErrorCode;

impl From<&Error> for ErrorCode {
    fn from(error: &Error) -> ErrorCode {
        match error {
            Error::Database(error) => of_database(&**error),
            Error::Io(error) if error.kind() == Io::TimedOut => ErrorCode::DbTimeout,
            Error::Io(_) | Error::Tls(_) | Error::BeginFailed => ErrorCode::DbConnectionFailed,
            Error::RowNotFound => ErrorCode::DbNoData,
            Error::PoolTimedOut => ErrorCode::DbPoolTimeout,
            Error::PoolClosed => ErrorCode::DbPoolClosed,
            Error::Configuration(_) => ErrorCode::DbConfiguration,
            Error::Protocol(_) | Error::WorkerCrashed | Error::AnyDriverError(_) => ErrorCode::DbInternal,
            Error::InvalidSavePointStatement => ErrorCode::DbTransactionState,
            Error::InvalidArgument(_) => ErrorCode::DbInvalidStatement,
            Error::TypeNotFound { .. } => ErrorCode::DbUndefinedObject,
            Error::ColumnIndexOutOfBounds { .. }
            | Error::ColumnNotFound(_)
            | Error::ColumnDecode { .. }
            | Error::Encode(_)
            | Error::Decode(_) => ErrorCode::DbConversionFailed,
            _ => ErrorCode::DbOther,
        }
    }
}

impl From<Error> for ErrorCode {
    fn from(error: Error) -> ErrorCode {
        ErrorCode::from(&error)
    }
}

/// A SQLSTATE has five characters, a result code of SQLite at most four. MySQL's driver gives the SQLSTATE, which says less of what
/// is broken than the driver knows.
fn of_database(error: &dyn DatabaseError) -> ErrorCode {
    match error.kind() {
        ErrorKind::UniqueViolation => return ErrorCode::DbUniqueViolation,
        ErrorKind::ForeignKeyViolation => return ErrorCode::DbForeignKeyViolation,
        ErrorKind::NotNullViolation => return ErrorCode::DbNotNullViolation,
        ErrorKind::CheckViolation => return ErrorCode::DbCheckViolation,
        ErrorKind::ExclusionViolation => return ErrorCode::DbExclusionViolation,
        _ => {}
    }
    let code = error.code().unwrap_or_default();
    match code.parse() {
        Ok(number) if code.len() < 5 => ErrorCode::of_sqlite(number),
        _ => ErrorCode::of_sqlstate(&code),
    }
}
