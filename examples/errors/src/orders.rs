//! Orders in the database.

use slo::{ErrorCode, Event, Started};
use sqlx::SqliteConnection;

use crate::contracts::shop_orders::{OrderOutcome, OrderWritten, OrderWrittenLater};

/// Writes an order. Who calls hears the code, which the records have as well.
pub(crate) async fn write(database: &mut SqliteConnection, id: &str, amount: i64) -> Result<(), ErrorCode> {
    let started = Started::now();
    let written =
        sqlx::query("INSERT INTO orders VALUES (?, ?)").bind(id).bind(amount).execute(database).await;

    let outcome = match &written {
        Ok(_) => OrderOutcome::Written,
        Err(error) => OrderOutcome::Failed { code: error.into() },
    };
    let refused = written.as_ref().err().and_then(|error| error.as_database_error());
    let status = refused.and_then(|refused| refused.code()).map(|code| code.into_owned().into());
    OrderWritten { outcome, later: OrderWrittenLater { status } }.record(&started);

    written.map(|_| ()).map_err(ErrorCode::from)
}
