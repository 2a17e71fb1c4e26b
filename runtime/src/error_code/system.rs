//! What the operating system calls an error.

use std::io;
use std::io::ErrorKind;

use super::ErrorCode;

/// What has no kind in Rust, by the numbers that all Unixes have for it.
const EIO: i32 = 5;
const ENFILE: i32 = 23;
const EMFILE: i32 = 24;

impl From<ErrorKind> for ErrorCode {
    fn from(kind: ErrorKind) -> ErrorCode {
        match kind {
            ErrorKind::NotFound => ErrorCode::OsNotFound,
            ErrorKind::PermissionDenied => ErrorCode::OsPermissionDenied,
            ErrorKind::ConnectionRefused => ErrorCode::OsConnectionRefused,
            ErrorKind::ConnectionReset => ErrorCode::OsConnectionReset,
            ErrorKind::ConnectionAborted => ErrorCode::OsConnectionAborted,
            ErrorKind::NotConnected => ErrorCode::OsNotConnected,
            ErrorKind::BrokenPipe => ErrorCode::OsBrokenPipe,
            ErrorKind::HostUnreachable => ErrorCode::OsHostUnreachable,
            ErrorKind::NetworkUnreachable => ErrorCode::OsNetworkUnreachable,
            ErrorKind::NetworkDown => ErrorCode::OsNetworkDown,
            ErrorKind::AddrInUse => ErrorCode::OsAddressInUse,
            ErrorKind::AddrNotAvailable => ErrorCode::OsAddressNotAvailable,
            ErrorKind::TimedOut => ErrorCode::OsTimedOut,
            ErrorKind::WouldBlock => ErrorCode::OsWouldBlock,
            ErrorKind::Interrupted => ErrorCode::OsInterrupted,
            ErrorKind::UnexpectedEof => ErrorCode::OsUnexpectedEnd,
            ErrorKind::WriteZero => ErrorCode::OsWriteZero,
            ErrorKind::InvalidInput => ErrorCode::OsInvalidInput,
            ErrorKind::InvalidData => ErrorCode::OsInvalidData,
            ErrorKind::AlreadyExists => ErrorCode::OsAlreadyExists,
            ErrorKind::NotADirectory => ErrorCode::OsNotADirectory,
            ErrorKind::IsADirectory => ErrorCode::OsIsADirectory,
            ErrorKind::DirectoryNotEmpty => ErrorCode::OsDirectoryNotEmpty,
            ErrorKind::ReadOnlyFilesystem => ErrorCode::OsReadOnly,
            ErrorKind::StorageFull => ErrorCode::OsStorageFull,
            ErrorKind::QuotaExceeded => ErrorCode::OsQuotaExceeded,
            ErrorKind::FileTooLarge => ErrorCode::OsFileTooLarge,
            ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => ErrorCode::OsResourceBusy,
            ErrorKind::Deadlock => ErrorCode::OsDeadlock,
            ErrorKind::OutOfMemory => ErrorCode::OsOutOfMemory,
            ErrorKind::Unsupported => ErrorCode::OsNotSupported,
            _ => ErrorCode::OsOther,
        }
    }
}

impl From<&io::Error> for ErrorCode {
    fn from(error: &io::Error) -> ErrorCode {
        match error.raw_os_error() {
            Some(EMFILE | ENFILE) if cfg!(unix) => ErrorCode::OsTooManyOpenFiles,
            Some(EIO) if cfg!(unix) => ErrorCode::OsIoError,
            _ => error.kind().into(),
        }
    }
}

impl From<io::Error> for ErrorCode {
    fn from(error: io::Error) -> ErrorCode {
        ErrorCode::from(&error)
    }
}
