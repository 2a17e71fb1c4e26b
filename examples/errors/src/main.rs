//! Writes orders to a database in memory, and prints what each became on a metric, a log record and a span.

mod contracts;
mod orders;

use slo::testing::Recorder;
use sqlx::{Connection, SqliteConnection};

#[tokio::main]
async fn main() -> Result<(), sqlx::Error> {
    let mut database = SqliteConnection::connect("sqlite::memory:").await?;
    sqlx::query("CREATE TABLE orders (id TEXT PRIMARY KEY, amount INTEGER CHECK (amount > 0))")
        .execute(&mut database)
        .await?;
    for (id, amount) in [("a", 4_200), ("a", 4_200), ("b", 0)] {
        let recorder = Recorder::new(&contracts::CONTRACT);
        let written = recorder.run(orders::write(&mut database, id, amount)).await;
        println!("{id}, {amount}: {written:?}\n{}", recorder.recorded());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
