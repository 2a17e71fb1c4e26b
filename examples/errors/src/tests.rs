//! What each order becomes.

use slo::ErrorCode;
use slo::testing::Recorder;
use sqlx::{Connection, SqliteConnection};

use crate::{contracts, orders};

#[tokio::test]
async fn each_signal_has_the_code_that_the_caller_hears() {
    let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let create = "CREATE TABLE orders (id TEXT PRIMARY KEY, amount INTEGER CHECK (amount > 0))";
    sqlx::query(create).execute(&mut database).await.unwrap();
    for (id, amount, said) in [
        ("a", 4_200, Ok(())),
        ("a", 4_200, Err(ErrorCode::DbUniqueViolation)),
        ("b", 0, Err(ErrorCode::DbCheckViolation)),
    ] {
        let recorder = Recorder::new(&contracts::CONTRACT);
        assert_eq!(recorder.run(orders::write(&mut database, id, amount)).await, said);
        let recorded = recorder.recorded().to_string();
        let shown =
            said.map_or_else(|code| format!("error.code=\"{code}\""), |()| "result=\"written\"".to_owned());
        let signals: Vec<&str> = recorded.lines().filter(|line| !line.contains(&shown)).collect();
        assert!(signals.is_empty() && recorder.problems().is_empty(), "{recorded}");
        if said == Err(ErrorCode::DbUniqueViolation) {
            assert!(include_str!("../../../docs/errors.md").contains(recorded.trim_end()), "{recorded}");
        }
    }
}
