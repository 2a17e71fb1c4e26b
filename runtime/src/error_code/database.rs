//! What databases call an error.

use super::ErrorCode;

impl ErrorCode {
    /// Of a SQLSTATE: PostgreSQL's, and those of databases that have the standard's. One that is not known by itself has the code of
    /// its class, its first two characters.
    #[must_use]
    pub fn of_sqlstate(sqlstate: &str) -> ErrorCode {
        match sqlstate {
            "22001" => ErrorCode::DbValueTooLong,
            "22003" | "22008" | "22015" => ErrorCode::DbOutOfRange,
            "23001" | "23503" => ErrorCode::DbForeignKeyViolation,
            "23502" => ErrorCode::DbNotNullViolation,
            "23505" => ErrorCode::DbUniqueViolation,
            "23514" => ErrorCode::DbCheckViolation,
            "23P01" => ErrorCode::DbExclusionViolation,
            "25006" => ErrorCode::DbReadOnly,
            "25P03" | "25P04" | "57P05" => ErrorCode::DbTimeout,
            "40001" => ErrorCode::DbSerializationFailure,
            "40P01" => ErrorCode::DbDeadlock,
            "42501" => ErrorCode::DbPermissionDenied,
            "42703" | "42704" | "42883" | "42P01" | "42P02" | "57P04" => ErrorCode::DbUndefinedObject,
            "53100" => ErrorCode::DbStorageFull,
            "53300" => ErrorCode::DbTooManyConnections,
            "55P03" => ErrorCode::DbLockTimeout,
            "57000" => ErrorCode::DbOther,
            "57014" => ErrorCode::DbCancelled,
            "XX001" | "XX002" => ErrorCode::DbCorrupted,
            _ => of_class(sqlstate.get(..2).unwrap_or_default()),
        }
    }

    /// Of a result code of SQLite, an extended one or not.
    #[must_use]
    pub const fn of_sqlite(code: i32) -> ErrorCode {
        match code {
            // Those that say more than their lowest byte.
            275 => ErrorCode::DbCheckViolation,
            513 => ErrorCode::DbOther,
            516 => ErrorCode::DbTransactionRollback,
            517 | 769 => ErrorCode::DbSerializationFailure,
            787 => ErrorCode::DbForeignKeyViolation,
            1299 => ErrorCode::DbNotNullViolation,
            1555 | 2067 | 2579 => ErrorCode::DbUniqueViolation,
            3082 => ErrorCode::DbResourcesExhausted,
            3091 => ErrorCode::DbInvalidData,
            _ => match code & 0xff {
                1 | 25 => ErrorCode::DbInvalidStatement,
                2 | 12 | 21 => ErrorCode::DbInternal,
                3 | 23 => ErrorCode::DbPermissionDenied,
                4 | 9 => ErrorCode::DbCancelled,
                5 | 6 | 15 => ErrorCode::DbLockTimeout,
                7 => ErrorCode::DbResourcesExhausted,
                8 => ErrorCode::DbReadOnly,
                10 => ErrorCode::DbSystemError,
                11 | 26 => ErrorCode::DbCorrupted,
                13 => ErrorCode::DbStorageFull,
                14 => ErrorCode::DbConnectionFailed,
                17 => ErrorCode::DbObjectState,
                18 => ErrorCode::DbValueTooLong,
                19 => ErrorCode::DbIntegrityViolation,
                20 => ErrorCode::DbInvalidData,
                22 => ErrorCode::DbNotSupported,
                _ => ErrorCode::DbOther,
            },
        }
    }

    /// Of an error's number in MySQL or MariaDB; none where its SQLSTATE says as much: [`of_sqlstate`](ErrorCode::of_sqlstate).
    #[must_use]
    pub const fn of_mysql(number: u16) -> Option<ErrorCode> {
        Some(match number {
            1021 | 1114 => ErrorCode::DbStorageFull,
            1022 | 1062 | 1586 => ErrorCode::DbUniqueViolation,
            1037 | 1041 => ErrorCode::DbResourcesExhausted,
            1040 | 1203 => ErrorCode::DbTooManyConnections,
            1044 | 1142 | 1143 | 1227 => ErrorCode::DbPermissionDenied,
            1045 => ErrorCode::DbAuthenticationFailed,
            1048 | 1364 => ErrorCode::DbNotNullViolation,
            1049 | 1054 | 1146 => ErrorCode::DbUndefinedObject,
            1053 => ErrorCode::DbShuttingDown,
            1064 => ErrorCode::DbInvalidStatement,
            1205 | 3572 => ErrorCode::DbLockTimeout,
            1213 => ErrorCode::DbDeadlock,
            1216 | 1217 | 1451 | 1452 => ErrorCode::DbForeignKeyViolation,
            1235 => ErrorCode::DbNotSupported,
            1264 | 1690 => ErrorCode::DbOutOfRange,
            1290 | 1792 | 1836 => ErrorCode::DbReadOnly,
            1317 => ErrorCode::DbCancelled,
            1366 => ErrorCode::DbInvalidData,
            1406 => ErrorCode::DbValueTooLong,
            2002 | 2003 | 2006 | 2013 => ErrorCode::DbConnectionFailed,
            3024 => ErrorCode::DbTimeout,
            3819 => ErrorCode::DbCheckViolation,
            _ => return None,
        })
    }
}

/// Of a class of SQLSTATEs.
fn of_class(class: &str) -> ErrorCode {
    match class {
        "02" => ErrorCode::DbNoData,
        "03" | "42" => ErrorCode::DbInvalidStatement,
        "08" => ErrorCode::DbConnectionFailed,
        "0A" => ErrorCode::DbNotSupported,
        "0B" | "24" | "25" | "2D" | "3B" => ErrorCode::DbTransactionState,
        "0L" | "0P" => ErrorCode::DbPermissionDenied,
        "20" | "21" | "22" => ErrorCode::DbInvalidData,
        "23" | "27" => ErrorCode::DbIntegrityViolation,
        "26" | "34" | "3D" | "3F" => ErrorCode::DbUndefinedObject,
        "28" => ErrorCode::DbAuthenticationFailed,
        "2B" | "55" => ErrorCode::DbObjectState,
        "40" => ErrorCode::DbTransactionRollback,
        "44" => ErrorCode::DbCheckViolation,
        "53" => ErrorCode::DbResourcesExhausted,
        "54" => ErrorCode::DbLimitExceeded,
        "57" => ErrorCode::DbShuttingDown,
        "58" | "F0" => ErrorCode::DbSystemError,
        "XX" => ErrorCode::DbInternal,
        _ => ErrorCode::DbOther,
    }
}
