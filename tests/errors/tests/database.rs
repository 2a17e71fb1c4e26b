//! sqlx: a database in memory, a pool, and databases that are made up.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection, Error, Row, SqliteConnection};

use crate::{code, rows};

async fn database() -> SqliteConnection {
    let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    for statement in [
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, mail TEXT UNIQUE NOT NULL) STRICT",
        "CREATE TABLE charge (customer INTEGER REFERENCES customer (id), amount INTEGER CHECK (amount > 0)) STRICT",
        "INSERT INTO customer VALUES (1, 'a@example.com')",
    ] {
        sqlx::query(statement).execute(&mut database).await.unwrap();
    }
    database
}

#[tokio::test]
async fn what_sqlite_refuses() {
    let mut database = database().await;
    for (statement, said) in [
        ("INSERT INTO customer VALUES (2, 'a@example.com')", "DB_UNIQUE_VIOLATION"),
        ("INSERT INTO customer VALUES (1, 'b@example.com')", "DB_UNIQUE_VIOLATION"),
        ("INSERT INTO customer VALUES (2, NULL)", "DB_NOT_NULL_VIOLATION"),
        ("INSERT INTO charge VALUES (7, 1)", "DB_FOREIGN_KEY_VIOLATION"),
        ("INSERT INTO charge VALUES (1, 0)", "DB_CHECK_VIOLATION"),
        ("INSERT INTO charge VALUES (1, 'much')", "DB_INVALID_DATA"),
        ("SELECT * FROM nothing", "DB_INVALID_STATEMENT"),
        ("SELEKT", "DB_INVALID_STATEMENT"),
    ] {
        let error = sqlx::query(statement).execute(&mut database).await.unwrap_err();
        assert_eq!(code(error), said, "{statement}");
    }
}

#[tokio::test]
async fn what_a_file_of_sqlite_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        SqliteConnectOptions::new().filename(folder.path().join("a.db")).busy_timeout(Duration::ZERO);
    let writes = options.clone().create_if_missing(true);
    let mut first = SqliteConnection::connect_with(&writes).await.unwrap();
    sqlx::query("CREATE TABLE charge (amount INTEGER)").execute(&mut first).await.unwrap();
    let mut reads = SqliteConnection::connect_with(&options.clone().read_only(true)).await.unwrap();
    let error = sqlx::query("INSERT INTO charge VALUES (1)").execute(&mut reads).await.unwrap_err();
    assert_eq!(code(error), "DB_READ_ONLY");
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut first).await.unwrap();
    let mut second = SqliteConnection::connect_with(&options).await.unwrap();
    let error = sqlx::query("INSERT INTO charge VALUES (1)").execute(&mut second).await.unwrap_err();
    assert_eq!(code(error), "DB_LOCK_TIMEOUT");
    let missing = SqliteConnectOptions::new().filename(folder.path().join("none/a.db"));
    assert_eq!(code(SqliteConnection::connect_with(&missing).await.unwrap_err()), "DB_CONNECTION_FAILED");
}

#[tokio::test]
async fn what_sqlx_says_itself() {
    let mut database = database().await;
    let none = sqlx::query("SELECT mail FROM customer WHERE id = 7").fetch_one(&mut database).await;
    assert_eq!(code(none.unwrap_err()), "DB_NO_DATA");
    let row = sqlx::query("SELECT mail FROM customer").fetch_one(&mut database).await.unwrap();
    assert_eq!(code(row.try_get::<i64, _>("mail").unwrap_err()), "DB_CONVERSION_FAILED");
    assert_eq!(code(row.try_get::<String, _>("male").unwrap_err()), "DB_CONVERSION_FAILED");
    assert_eq!(code(row.try_get::<String, _>(7).unwrap_err()), "DB_CONVERSION_FAILED");
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(20));
    let pool = pool.connect("sqlite::memory:").await.unwrap();
    let held = pool.acquire().await.unwrap();
    assert_eq!(code(pool.acquire().await.unwrap_err()), "DB_POOL_TIMEOUT");
    drop(held);
    pool.close().await;
    assert_eq!(code(pool.acquire().await.unwrap_err()), "DB_POOL_CLOSED");
    assert_eq!(
        code("postgres://a:1234567/".parse::<sqlx::postgres::PgConnectOptions>().unwrap_err()),
        "DB_CONFIGURATION"
    );
    for (kind, said) in
        [(io::ErrorKind::TimedOut, "DB_TIMEOUT"), (io::ErrorKind::ConnectionReset, "DB_CONNECTION_FAILED")]
    {
        assert_eq!(code(Error::Io(kind.into())), said);
    }
    assert_eq!(code(Error::Protocol("what is this".to_owned())), "DB_INTERNAL");
    assert_eq!(code(Error::WorkerCrashed), "DB_INTERNAL");
}

/// An error of a database that isn't here.
#[derive(Debug)]
struct MadeUp(&'static str, fn() -> ErrorKind);

impl fmt::Display for MadeUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("it was refused")
    }
}

impl StdError for MadeUp {}

impl DatabaseError for MadeUp {
    fn message(&self) -> &str {
        "it was refused"
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        (!self.0.is_empty()).then(|| self.0.into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        (self.1)()
    }
}

#[test]
fn each_code_of_a_database_is_read_as_its_driver_gives_it() {
    for source in ["sqlstate", "sqlite"] {
        for (text, said) in rows(source) {
            let error = MadeUp(text.clone().leak(), || ErrorKind::Other);
            assert_eq!(code(Error::Database(Box::new(error))), said, "{source} {text}");
        }
    }
}

/// MySQL's driver gives the SQLSTATE, 23000 for all constraints, and knows which it is.
#[test]
fn what_the_driver_knows_comes_before_the_code() {
    for (kind, said) in [
        ((|| ErrorKind::UniqueViolation) as fn() -> ErrorKind, "DB_UNIQUE_VIOLATION"),
        (|| ErrorKind::ForeignKeyViolation, "DB_FOREIGN_KEY_VIOLATION"),
        (|| ErrorKind::NotNullViolation, "DB_NOT_NULL_VIOLATION"),
        (|| ErrorKind::CheckViolation, "DB_CHECK_VIOLATION"),
        (|| ErrorKind::ExclusionViolation, "DB_EXCLUSION_VIOLATION"),
        (|| ErrorKind::Other, "DB_INTEGRITY_VIOLATION"),
    ] {
        assert_eq!(code(Error::Database(Box::new(MadeUp("23000", kind)))), said);
    }
    for odd in ["", "2", "é", "ZZ", "HY000", "2350", "123456789012", "-1", "+1"] {
        code(Error::Database(Box::new(MadeUp(odd, || ErrorKind::Other))));
    }
    assert_eq!(code(Error::Database(Box::new(MadeUp("", || ErrorKind::Other)))), "DB_OTHER");
}
