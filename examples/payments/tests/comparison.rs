//! The program is run for a short time, and what each service says is judged: with the contract everything can be joined,
//! with usual instrumentation something is missing.

use std::path::Path;
use std::time::Duration;

use payments::Instrumentation::{self, Contract, Plain};
use payments::{Joined, Load, Run, Tried, trial};

const ROWS: [u8; 8] = [2, 3, 4, 5, 9, 11, 12, 13];

const LOAD: Load = Load { rate: 40, lasts: Duration::from_millis(1_900), requests: 1_000 };

/// A run, with what was received in it.
pub(crate) async fn tried(instrumentation: Instrumentation) -> Tried {
    let program = Path::new(env!("CARGO_BIN_EXE_payments"));
    let tried = trial(program, instrumentation, LOAD).await.unwrap();
    let run = &tried.run;
    assert_eq!((run.sent, run.answered), (76, 76), "{}", run.said);
    assert_eq!(run.rows.iter().map(|row| row.number).collect::<Vec<_>>(), ROWS);
    tried
}

async fn run(instrumentation: Instrumentation) -> Run {
    tried(instrumentation).await.run
}

pub(crate) fn joined(run: &Run, number: u8) -> &Joined {
    let row = run.rows.iter().find(|row| row.number == number).unwrap();
    row.judged.as_ref().unwrap_or_else(|why| panic!("row {number}: {why}"))
}

#[tokio::test]
async fn with_the_contract_every_request_is_joined() {
    let run = run(Contract).await;
    for number in ROWS {
        // On a machine that stands still at the end no request is among the last.
        if number == 11 && run.rows.iter().any(|row| row.number == 11 && row.judged.is_err()) {
            continue;
        }
        let joined = joined(&run, number);
        assert_eq!(joined.count(), joined.requests, "row {number}; the service said: {}", run.said);
    }
}

#[tokio::test]
async fn with_usual_instrumentation_something_is_missing() {
    let run = self::run(Plain).await;
    // What is lost at the end (row 11) depends on when the logs went out last: nothing may be, by chance.
    for number in ROWS.into_iter().filter(|number| *number != 11) {
        let joined = joined(&run, number);
        assert!(joined.count() < joined.requests, "row {number}");
    }
    // What they have in common is joined: everything was received.
    for number in [2, 9, 13] {
        assert!(joined(&run, number).count() > 0, "row {number}; the service said: {}", run.said);
    }
    // Where the teams agreed on nothing, nothing can be joined.
    for number in [3, 4, 5, 12] {
        assert_eq!(joined(&run, number).count(), 0, "row {number}");
    }
}
