//! A PostgreSQL server, where `SLO_POSTGRES` has its URL: `run` starts one where it can be.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use crate::{code, rows};

async fn database() -> Option<PgConnection> {
    let Ok(url) = std::env::var("SLO_POSTGRES") else {
        eprintln!("not held to PostgreSQL: `SLO_POSTGRES` doesn't have the URL of one");
        return None;
    };
    Some(PgConnection::connect(&url).await.unwrap())
}

async fn refused(database: &mut PgConnection, statement: String) -> (String, &'static str) {
    let error = sqlx::raw_sql(AssertSqlSafe(statement)).execute(database).await.unwrap_err();
    let own = error.as_database_error().and_then(|error| error.code()).unwrap_or_default().into_owned();
    (own, code(error))
}

#[tokio::test]
async fn each_sqlstate_that_a_server_raises() {
    let Some(mut database) = database().await else { return };
    for (state, said) in rows("sqlstate") {
        let statement = format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$");
        assert_eq!(refused(&mut database, statement).await, (state, said.leak() as &str));
    }
}

#[tokio::test]
async fn what_postgresql_refuses() {
    let Some(mut database) = database().await else { return };
    for statement in [
        "CREATE TEMPORARY TABLE customer (id INT PRIMARY KEY, mail VARCHAR(20) UNIQUE NOT NULL)",
        "CREATE TEMPORARY TABLE charge (customer INT REFERENCES customer (id), amount SMALLINT CHECK (amount > 0))",
        "INSERT INTO customer VALUES (1, 'a@example.com')",
    ] {
        sqlx::raw_sql(statement).execute(&mut database).await.unwrap();
    }
    for (statement, state, said) in [
        ("INSERT INTO customer VALUES (2, 'a@example.com')", "23505", "DB_UNIQUE_VIOLATION"),
        ("INSERT INTO customer VALUES (2, NULL)", "23502", "DB_NOT_NULL_VIOLATION"),
        ("INSERT INTO customer VALUES (2, 'a.very.long.name@example.com')", "22001", "DB_VALUE_TOO_LONG"),
        ("INSERT INTO charge VALUES (7, 1)", "23503", "DB_FOREIGN_KEY_VIOLATION"),
        ("INSERT INTO charge VALUES (1, 0)", "23514", "DB_CHECK_VIOLATION"),
        ("INSERT INTO charge VALUES (1, 100000)", "22003", "DB_OUT_OF_RANGE"),
        ("SELECT 1 / 0", "22012", "DB_INVALID_DATA"),
        ("SELECT * FROM nothing", "42P01", "DB_UNDEFINED_OBJECT"),
        ("SELEKT", "42601", "DB_INVALID_STATEMENT"),
        ("SET statement_timeout = 10; SELECT pg_sleep(5)", "57014", "DB_CANCELLED"),
        ("BEGIN READ ONLY; CREATE TABLE a (b INT)", "25006", "DB_READ_ONLY"),
    ] {
        let (own, code) = refused(&mut database, statement.to_owned()).await;
        assert_eq!((own.as_str(), code), (state, said), "{statement}");
    }
}

#[tokio::test]
async fn where_nobody_listens() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = PgConnection::connect(&format!("postgres://a@127.0.0.1:{port}/a")).await.unwrap_err();
    assert_eq!(code(error), "DB_CONNECTION_FAILED");
}
