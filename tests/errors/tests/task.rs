//! tokio's tasks.

use std::future::pending;
use std::time::Duration;

use crate::code;

#[tokio::test]
async fn work_that_comes_to_no_end() {
    let late = tokio::time::timeout(Duration::from_millis(1), pending::<()>()).await.unwrap_err();
    assert_eq!(code(late), "TASK_TIMEOUT");
    let task = tokio::spawn(pending::<()>());
    task.abort();
    assert_eq!(code(task.await.unwrap_err()), "TASK_CANCELLED");
    let task = tokio::spawn(async { panic!("no") });
    assert_eq!(code(task.await.unwrap_err()), "TASK_PANICKED");
}
