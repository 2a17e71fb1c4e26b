//! The codes of the vocabulary `std.error`, once for the compiler, which finds them in contracts, and for the runtime, whose type
//! they are.

use crate::{Literal, Member};

/// Whether an enum's members are the codes.
#[must_use]
pub fn are_error_codes(members: &[Member<'_>]) -> bool {
    macro_rules! texts {
        ($($name:ident = $text:literal, $docs:literal;)*) => { [$($text,)*] };
    }
    let codes = crate::error_codes!(texts);
    members.len() == codes.len()
        && members.iter().zip(codes).all(|(member, code)| member.wire == Literal::String(code))
}

/// Hands the codes to a macro, in the order of the vocabulary: of each the name of its variant, its text, and what it means.
#[macro_export]
macro_rules! error_codes {
    ($then:ident) => {
        $then! {
            // Databases and their drivers.
            DbNoData = "DB_NO_DATA", "There is no such row.";
            DbConnectionFailed = "DB_CONNECTION_FAILED", "There is no connection to the database, or it broke.";
            DbAuthenticationFailed = "DB_AUTHENTICATION_FAILED", "The database does not know the user, or the password is wrong.";
            DbPermissionDenied = "DB_PERMISSION_DENIED", "The user may not do this.";
            DbTooManyConnections = "DB_TOO_MANY_CONNECTIONS", "The database takes no more connections.";
            DbPoolTimeout = "DB_POOL_TIMEOUT", "No connection of the pool became free in time.";
            DbPoolClosed = "DB_POOL_CLOSED", "The pool is closed.";
            DbTimeout = "DB_TIMEOUT", "It took longer than the database allows, or than the program waits.";
            DbLockTimeout = "DB_LOCK_TIMEOUT", "Something else holds the lock.";
            DbDeadlock = "DB_DEADLOCK", "Two transactions waited for each other, and this one was given up.";
            DbSerializationFailure = "DB_SERIALIZATION_FAILURE", "Another transaction changed what this one read.";
            DbTransactionRollback = "DB_TRANSACTION_ROLLBACK", "The database rolled the transaction back.";
            DbTransactionState = "DB_TRANSACTION_STATE", "The transaction's state does not allow it.";
            DbReadOnly = "DB_READ_ONLY", "Only reading is allowed here.";
            DbUniqueViolation = "DB_UNIQUE_VIOLATION", "A value that must be unique is there already.";
            DbForeignKeyViolation = "DB_FOREIGN_KEY_VIOLATION", "A row refers to one that is not there, or one that is referred to would go.";
            DbNotNullViolation = "DB_NOT_NULL_VIOLATION", "A value is missing.";
            DbCheckViolation = "DB_CHECK_VIOLATION", "A value breaks a check of its table or view.";
            DbExclusionViolation = "DB_EXCLUSION_VIOLATION", "A value conflicts with another row's.";
            DbIntegrityViolation = "DB_INTEGRITY_VIOLATION", "Another constraint is broken.";
            DbValueTooLong = "DB_VALUE_TOO_LONG", "A value is longer than its column.";
            DbOutOfRange = "DB_OUT_OF_RANGE", "A number or a time is out of its column's range.";
            DbInvalidData = "DB_INVALID_DATA", "A value is not what the statement needs.";
            DbUndefinedObject = "DB_UNDEFINED_OBJECT", "The statement names a table, a column or another object that is not there.";
            DbInvalidStatement = "DB_INVALID_STATEMENT", "The statement is wrong.";
            DbNotSupported = "DB_NOT_SUPPORTED", "The database can't do this.";
            DbObjectState = "DB_OBJECT_STATE", "An object's state does not allow it.";
            DbLimitExceeded = "DB_LIMIT_EXCEEDED", "The statement goes beyond a limit of the database.";
            DbStorageFull = "DB_STORAGE_FULL", "There is no room left.";
            DbResourcesExhausted = "DB_RESOURCES_EXHAUSTED", "The database lacks memory or another resource.";
            DbCancelled = "DB_CANCELLED", "Somebody cancelled the statement.";
            DbShuttingDown = "DB_SHUTTING_DOWN", "The database stops, or starts.";
            DbSystemError = "DB_SYSTEM_ERROR", "The database's system failed.";
            DbCorrupted = "DB_CORRUPTED", "Data or an index is corrupted.";
            DbInternal = "DB_INTERNAL", "The database or its driver broke a promise to itself.";
            DbConversionFailed = "DB_CONVERSION_FAILED", "A value could not be read from the answer, or written into the question.";
            DbConfiguration = "DB_CONFIGURATION", "The way to the database is configured wrongly.";
            DbOther = "DB_OTHER", "Something else.";
            // gRPC: the status of a call.
            RpcCancelled = "RPC_CANCELLED", "The caller gave up.";
            RpcUnknown = "RPC_UNKNOWN", "An error that says no more of itself.";
            RpcInvalidArgument = "RPC_INVALID_ARGUMENT", "An argument that is wrong whatever the state is.";
            RpcDeadlineExceeded = "RPC_DEADLINE_EXCEEDED", "It took longer than the caller waits.";
            RpcNotFound = "RPC_NOT_FOUND", "There is no such thing.";
            RpcAlreadyExists = "RPC_ALREADY_EXISTS", "There is one already.";
            RpcPermissionDenied = "RPC_PERMISSION_DENIED", "The caller is known and may not.";
            RpcResourceExhausted = "RPC_RESOURCE_EXHAUSTED", "A quota or a resource is used up.";
            RpcFailedPrecondition = "RPC_FAILED_PRECONDITION", "The state does not allow it.";
            RpcAborted = "RPC_ABORTED", "Something else came between.";
            RpcOutOfRange = "RPC_OUT_OF_RANGE", "It lies beyond the end.";
            RpcUnimplemented = "RPC_UNIMPLEMENTED", "There is no such method here.";
            RpcInternal = "RPC_INTERNAL", "The server broke a promise to itself.";
            RpcUnavailable = "RPC_UNAVAILABLE", "The server can't be reached or can't answer now.";
            RpcDataLoss = "RPC_DATA_LOSS", "Data is lost or spoilt.";
            RpcUnauthenticated = "RPC_UNAUTHENTICATED", "The caller is not known.";
            // HTTP: no answer, or one that says that it failed.
            HttpTimeout = "HTTP_TIMEOUT", "No answer came in time.";
            HttpConnectionFailed = "HTTP_CONNECTION_FAILED", "There is no connection to the server, or it broke.";
            HttpRedirect = "HTTP_REDIRECT", "The redirects led nowhere.";
            HttpInvalidRequest = "HTTP_INVALID_REQUEST", "The request could not be made.";
            HttpBody = "HTTP_BODY", "A body broke off.";
            HttpDecode = "HTTP_DECODE", "The answer could not be read: its body broke off, or is not of the form that was asked for.";
            HttpBadRequest = "HTTP_BAD_REQUEST", "400: the request is wrong.";
            HttpUnauthorized = "HTTP_UNAUTHORIZED", "401: the client is not known.";
            HttpForbidden = "HTTP_FORBIDDEN", "403: the client may not.";
            HttpNotFound = "HTTP_NOT_FOUND", "404: there is no such thing.";
            HttpMethodNotAllowed = "HTTP_METHOD_NOT_ALLOWED", "405: the method is not for this.";
            HttpNotAcceptable = "HTTP_NOT_ACCEPTABLE", "406: there is none in a form that the client takes.";
            HttpRequestTimeout = "HTTP_REQUEST_TIMEOUT", "408: the request took too long to come.";
            HttpConflict = "HTTP_CONFLICT", "409: it conflicts with the state.";
            HttpGone = "HTTP_GONE", "410: it is gone for good.";
            HttpPreconditionFailed = "HTTP_PRECONDITION_FAILED", "412: a condition of the request does not hold.";
            HttpContentTooLarge = "HTTP_CONTENT_TOO_LARGE", "413: the request is too large.";
            HttpUnsupportedMediaType = "HTTP_UNSUPPORTED_MEDIA_TYPE", "415: the request's form is not taken.";
            HttpUnprocessableContent = "HTTP_UNPROCESSABLE_CONTENT", "422: the request is understood and can't be done.";
            HttpTooManyRequests = "HTTP_TOO_MANY_REQUESTS", "429: the client asks too often.";
            HttpInternalServerError = "HTTP_INTERNAL_SERVER_ERROR", "500: the server failed.";
            HttpNotImplemented = "HTTP_NOT_IMPLEMENTED", "501: the server can't do this.";
            HttpBadGateway = "HTTP_BAD_GATEWAY", "502: what is behind the server answered badly.";
            HttpServiceUnavailable = "HTTP_SERVICE_UNAVAILABLE", "503: the server can't answer now.";
            HttpGatewayTimeout = "HTTP_GATEWAY_TIMEOUT", "504: what is behind the server did not answer in time.";
            HttpClientError = "HTTP_CLIENT_ERROR", "Another 4xx.";
            HttpServerError = "HTTP_SERVER_ERROR", "Another 5xx.";
            HttpOther = "HTTP_OTHER", "Something else.";
            // The operating system.
            OsNotFound = "OS_NOT_FOUND", "There is no such file.";
            OsPermissionDenied = "OS_PERMISSION_DENIED", "The program may not.";
            OsConnectionRefused = "OS_CONNECTION_REFUSED", "Nobody listens there.";
            OsConnectionReset = "OS_CONNECTION_RESET", "The other side reset the connection.";
            OsConnectionAborted = "OS_CONNECTION_ABORTED", "The connection was given up.";
            OsNotConnected = "OS_NOT_CONNECTED", "There is no connection.";
            OsBrokenPipe = "OS_BROKEN_PIPE", "Nobody reads any more.";
            OsHostUnreachable = "OS_HOST_UNREACHABLE", "No way leads to the host.";
            OsNetworkUnreachable = "OS_NETWORK_UNREACHABLE", "No way leads to the network.";
            OsNetworkDown = "OS_NETWORK_DOWN", "The network is down.";
            OsAddressInUse = "OS_ADDRESS_IN_USE", "The address is taken.";
            OsAddressNotAvailable = "OS_ADDRESS_NOT_AVAILABLE", "The address is none of this host.";
            OsTimedOut = "OS_TIMED_OUT", "It took longer than the system or the program waits.";
            OsWouldBlock = "OS_WOULD_BLOCK", "It would have to wait.";
            OsInterrupted = "OS_INTERRUPTED", "A signal came between.";
            OsUnexpectedEnd = "OS_UNEXPECTED_END", "There is less than was asked for.";
            OsWriteZero = "OS_WRITE_ZERO", "Nothing more could be written.";
            OsInvalidInput = "OS_INVALID_INPUT", "An argument is wrong.";
            OsInvalidData = "OS_INVALID_DATA", "What was read is not what it should be.";
            OsAlreadyExists = "OS_ALREADY_EXISTS", "There is one already.";
            OsNotADirectory = "OS_NOT_A_DIRECTORY", "It is no folder.";
            OsIsADirectory = "OS_IS_A_DIRECTORY", "It is a folder.";
            OsDirectoryNotEmpty = "OS_DIRECTORY_NOT_EMPTY", "The folder is not empty.";
            OsReadOnly = "OS_READ_ONLY", "Only reading is allowed here.";
            OsStorageFull = "OS_STORAGE_FULL", "There is no room left.";
            OsQuotaExceeded = "OS_QUOTA_EXCEEDED", "The user's room is used up.";
            OsFileTooLarge = "OS_FILE_TOO_LARGE", "The file would be too large.";
            OsTooManyOpenFiles = "OS_TOO_MANY_OPEN_FILES", "The program or the system has too many files and sockets open.";
            OsResourceBusy = "OS_RESOURCE_BUSY", "Something else uses it.";
            OsDeadlock = "OS_DEADLOCK", "It would wait for itself.";
            OsOutOfMemory = "OS_OUT_OF_MEMORY", "There is no memory left.";
            OsNotSupported = "OS_NOT_SUPPORTED", "The system can't do this.";
            OsIoError = "OS_IO_ERROR", "A device failed.";
            OsOther = "OS_OTHER", "Something else.";
            // Work that came to no end of its own.
            TaskTimeout = "TASK_TIMEOUT", "It took longer than the program waits.";
            TaskCancelled = "TASK_CANCELLED", "The work was given up.";
            TaskPanicked = "TASK_PANICKED", "The work panicked.";
        }
    };
}
