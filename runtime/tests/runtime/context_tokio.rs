//! The context goes along to tokio's tasks.

use std::sync::Arc;

use crate::events::{
    CONTRACT, ChargesWhenItGoes, NO_SPAN, charge, charged_in, current, each_in_its_own, request,
};
use slo::tasks::tokio::JoinSetExt;
use slo::testing::Recorder;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Barrier, oneshot};
use tokio::task::JoinSet;

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

#[test]
fn an_ordinary_task_is_in_no_span() {
    let recorder = Recorder::new(&CONTRACT);
    let guard = recorder.in_scope(|| request("1"));
    let seen = runtime().block_on(guard.run(async { tokio::spawn(async { current() }).await.unwrap() }));
    assert_eq!(seen, NO_SPAN);
}

#[test]
fn tasks_and_blocking_work_are_in_the_span_that_spawned_them() {
    let recorder = Recorder::new(&CONTRACT);
    runtime().block_on(recorder.run(async {
        let guard = request("1");
        guard.run(async { slo::tasks::tokio::spawn(async { charge("1") }).await.unwrap() }).await;
        guard.run(async { slo::tasks::tokio::spawn_blocking(|| charge("1")).await.unwrap() }).await;
    }));
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "1"]));
}

#[test]
fn the_tasks_of_a_set_are_in_the_spans_that_spawned_them() {
    let recorder = Recorder::new(&CONTRACT);
    runtime().block_on(recorder.run(async {
        let mut set = JoinSet::new();
        let (first, second) = (request("1"), request("2"));
        first.run(async { set.spawn_carried(async { charge("1") }) }).await;
        second.run(async { set.spawn_blocking_carried(|| charge("2")) }).await;
        set.join_all().await;
    }));
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "2"]));
}

#[test]
fn a_task_may_outlive_what_spawned_it() {
    let recorder = Recorder::new(&CONTRACT);
    runtime().block_on(recorder.run(async {
        let (ended, end) = oneshot::channel();
        let task = request("1").in_scope(|| {
            slo::tasks::tokio::spawn(async {
                end.await.unwrap();
                charge("1");
            })
        });
        ended.send(()).unwrap();
        task.await.unwrap();
    }));
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"]));
}

#[test]
fn a_blocking_thread_and_a_worker_have_their_own_context_back_after_a_panic() {
    let recorder = Recorder::new(&CONTRACT);
    // One worker and one blocking thread: both meet what went before.
    let runtime = Builder::new_multi_thread().worker_threads(1).max_blocking_threads(1).build().unwrap();
    runtime.block_on(recorder.run(async {
        let guard = request("1");
        let fails =
            guard.in_scope(|| slo::tasks::tokio::spawn_blocking(|| panic!("blocking work that fails")));
        assert!(fails.await.unwrap_err().is_panic());
        let fails = guard.in_scope(|| slo::tasks::tokio::spawn(async { panic!("a task that fails") }));
        assert!(fails.await.unwrap_err().is_panic());
        assert_eq!(tokio::task::spawn_blocking(current).await.unwrap(), NO_SPAN);
        assert_eq!(tokio::spawn(async { current() }).await.unwrap(), NO_SPAN);
    }));
}

#[test]
fn what_an_aborted_task_states_as_it_goes_is_its_own() {
    let recorder = Recorder::new(&CONTRACT);
    let runtime = runtime();
    runtime.block_on(recorder.run(async {
        let waits = |order, started: oneshot::Sender<()>| async move {
            let _charges = ChargesWhenItGoes(order);
            started.send(()).unwrap();
            std::future::pending::<()>().await;
        };
        let (started, start) = oneshot::channel();
        let aborted = request("1").in_scope(|| slo::tasks::tokio::spawn(waits("1", started)));
        start.await.unwrap();
        request("2").in_scope(|| aborted.abort());
        assert!(aborted.await.unwrap_err().is_cancelled());

        // Nobody aborts this one: it goes with the runtime.
        let (started, start) = oneshot::channel();
        request("3").in_scope(|| slo::tasks::tokio::spawn(waits("3", started)));
        start.await.unwrap();
    }));
    recorder.in_scope(|| request("4").in_scope(|| drop(runtime)));
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "3"]));
}

#[test]
fn hundreds_of_tasks_that_take_turns_keep_their_identifiers() {
    const ORDERS: [&str; 8] = ["1", "2", "3", "4", "5", "6", "7", "8"];
    const EACH: usize = 32;
    let recorder = Recorder::new(&CONTRACT);
    runtime().block_on(recorder.run(async {
        // All are under way before any goes on.
        let all = Arc::new(Barrier::new(ORDERS.len() * EACH));
        let mut set = JoinSet::new();
        for order in ORDERS {
            let guard = request(order);
            for _ in 0..EACH {
                let all = Arc::clone(&all);
                guard.in_scope(|| {
                    set.spawn_carried(async move {
                        all.wait().await;
                        slo::tasks::tokio::spawn(async move { charge(order) }).await.unwrap();
                        all.wait().await;
                        charge(order);
                    })
                });
            }
        }
        set.join_all().await;
    }));
    let orders: Vec<&str> = ORDERS.into_iter().flat_map(|order| [order; 2 * EACH]).collect();
    assert_eq!(charged_in(&recorder), each_in_its_own(&orders));
}
