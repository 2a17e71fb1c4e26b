//! The context goes along to rayon's jobs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use crate::events::{CONTRACT, NO_SPAN, charge, charged_in, current, each_in_its_own, request};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use slo::testing::Recorder;

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

#[test]
fn an_ordinary_job_is_in_no_span() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| request("1").in_scope(|| assert_eq!(pool(1).install(current), NO_SPAN)));
}

#[test]
fn jobs_are_in_the_span_that_spawned_them() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let (done, wait) = mpsc::channel();
        request("1").in_scope(|| {
            slo::tasks::rayon::spawn(move || {
                charge("1");
                done.send(()).unwrap();
            });
        });
        wait.recv().unwrap();
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"]));
}

#[test]
fn both_closures_of_a_join_are_in_the_span_that_waits() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let sum = request("1").in_scope(|| slo::tasks::rayon::join(|| charge("1"), || charge("1")));
        assert_eq!(sum, ((), ()));
        request("2").in_scope(|| {
            pool(2).install(slo::tasks::carry(|| slo::tasks::rayon::join(|| charge("2"), || charge("2"))));
        });
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "1", "2", "2"]));
}

#[test]
fn what_is_spawned_into_a_scope_is_in_the_span_that_spawned_it() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        request("1").in_scope(|| {
            slo::tasks::rayon::scope(|scope| {
                scope.spawn(|scope| {
                    charge("1");
                    request("2").in_scope(|| scope.spawn(|_| charge("2")));
                });
                charge("1");
            });
        });
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "1", "2"]));
}

#[test]
fn parallel_iterators_are_in_the_span_that_iterates() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        request("1").in_scope(|| {
            let all = (0..100).into_par_iter().map(slo::tasks::carry_each(|number: u32| {
                charge("1");
                number
            }));
            assert_eq!(all.sum::<u32>(), 4_950);
        });
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"; 100]));
}

#[test]
fn a_job_that_is_done_while_another_waits_does_not_see_its_identifiers() {
    let recorder = Recorder::new(&CONTRACT);
    let (seen, all_seen) = mpsc::channel();
    // The pool's only thread does the job that was not carried while it waits for its own.
    let leave = || {
        let seen = seen.clone();
        rayon::spawn(move || seen.send(current()).unwrap());
    };
    recorder.in_scope(|| {
        request("1").in_scope(|| {
            pool(1).install(slo::tasks::carry(|| {
                slo::tasks::rayon::join(leave, || ());
                slo::tasks::rayon::scope(|scope| {
                    scope.spawn(|_| ());
                    leave();
                });
                assert_ne!(current(), NO_SPAN);
            }));
        });
    });
    assert_eq!([all_seen.recv().unwrap(), all_seen.recv().unwrap()], [NO_SPAN, NO_SPAN]);
}

#[test]
fn a_thread_of_the_pool_has_its_own_context_back_after_a_panic() {
    let recorder = Recorder::new(&CONTRACT);
    let pool = pool(1);
    recorder.in_scope(|| {
        request("1").in_scope(|| {
            let own = current();
            let fails = || slo::tasks::rayon::join(|| panic!("a job that fails"), || ());
            let caught = catch_unwind(AssertUnwindSafe(|| pool.install(slo::tasks::carry(fails))));
            assert!(caught.is_err());
            assert_eq!(pool.install(current), NO_SPAN);
            assert_eq!(current(), own);
        });
    });
}
