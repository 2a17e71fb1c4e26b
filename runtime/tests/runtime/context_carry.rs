//! The context goes along to other threads, by hand.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::task::{Poll, Waker};

use crate::events::{
    CONTRACT, ChargesWhenItGoes, NO_SPAN, charge, charged_in, current, each_in_its_own, request,
};
use slo::testing::Recorder;

#[test]
fn a_thread_loses_the_context_and_its_warning_says_so() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        request("1").in_scope(|| {
            // What nobody carried: not even the telemetry is found, which would have told of it.
            assert_eq!(std::thread::spawn(current).join().unwrap(), NO_SPAN);
        });
        charge("1");
    });
    assert_eq!(charged_in(&recorder), [("1".to_owned(), None)]);
    #[cfg(debug_assertions)]
    assert_eq!(recorder.problems()[0].kind, slo::ProblemKind::WithoutSpan);
}

#[test]
fn a_thread_that_is_spawned_carries_the_context() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        request("1").in_scope(|| slo::tasks::thread::spawn(|| charge("1")).join().unwrap());
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"]));
}

#[test]
fn whatever_takes_a_closure_carries_the_context() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        std::thread::scope(|scope| {
            for order in ["1", "2"] {
                request(order).in_scope(|| scope.spawn(slo::tasks::carry(move || charge(order))));
            }
        });
        let for_each = request("3").in_scope(|| slo::tasks::carry_each(charge));
        for_each("3");
        for_each("3");
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "2", "3", "3"]));
}

#[test]
fn a_future_belongs_to_the_code_that_wrote_it() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let future = request("1").in_scope(|| slo::tasks::carry_future(async { charge("1") }));
        let polled = request("2").in_scope(|| {
            let mut task = std::task::Context::from_waker(Waker::noop());
            std::pin::pin!(future).poll(&mut task)
        });
        assert_eq!(polled, Poll::Ready(()));
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"]));
}

#[test]
fn what_a_cancelled_future_states_as_it_goes_is_its_own() {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let first = request("1");
        let mut future = Box::pin(first.in_scope(|| {
            slo::tasks::carry_future(async {
                let _charges = ChargesWhenItGoes("1");
                std::future::pending::<()>().await;
            })
        }));
        let mut task = std::task::Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut task).is_pending());
        request("2").in_scope(|| drop(future));
    });
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1"]));
}

#[test]
fn a_thread_has_its_own_context_back_afterwards() {
    let carried = Recorder::new(&CONTRACT).in_scope(|| request("1").in_scope(|| slo::tasks::carry(current)));
    assert_ne!(carried(), NO_SPAN);
    assert_eq!(current(), NO_SPAN);

    // An empty context is carried like any other.
    let carried = slo::tasks::carry(current);
    Recorder::new(&CONTRACT).in_scope(|| {
        request("1").in_scope(|| {
            let own = current();
            assert_eq!(carried(), NO_SPAN);
            assert_eq!(current(), own);
        });
    });
}

#[test]
fn on_a_panic_too() {
    let recorder = Recorder::new(&CONTRACT);
    let call = |work: &dyn Fn()| catch_unwind(AssertUnwindSafe(work)).unwrap_err();
    recorder.in_scope(|| {
        let guard = request("1");
        let own = current();
        call(&|| guard.in_scope(|| slo::tasks::carry(|| panic!("by carry")))());
        assert_eq!(current(), own);
        call(&|| guard.in_scope(|| slo::tasks::carry_each(|()| panic!("by carry_each")))(()));
        assert_eq!(current(), own);
        call(&|| {
            let future = guard.in_scope(|| slo::tasks::carry_future(async { panic!("by carry_future") }));
            let mut task = std::task::Context::from_waker(Waker::noop());
            let _ = std::pin::pin!(future).poll(&mut task);
        });
        assert_eq!(current(), own);
    });
    assert_eq!(current(), NO_SPAN);
}

#[test]
fn one_thread_that_works_for_many_keeps_them_apart() {
    let recorder = Recorder::new(&CONTRACT);
    let (jobs, queue) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
    let worker = std::thread::spawn(move || {
        for job in queue {
            let _ = catch_unwind(AssertUnwindSafe(job));
            assert_eq!(current(), NO_SPAN);
        }
    });
    recorder.in_scope(|| {
        for order in ["1", "2", "3"] {
            let guard = request(order);
            let job = guard.in_scope(|| {
                slo::tasks::carry(move || {
                    charge(order);
                    assert_ne!(order, "2", "this one panics");
                })
            });
            jobs.send(Box::new(job)).unwrap();
        }
    });
    drop(jobs);
    worker.join().unwrap();
    assert_eq!(charged_in(&recorder), each_in_its_own(&["1", "2", "3"]));
}
