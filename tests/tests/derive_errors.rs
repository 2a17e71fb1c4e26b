//! Meanings and codes of vocabularies that slo brings: the derive takes them as the generated types do.
#![deny(warnings)]

use std::io;

use slo::testing::Recorder;
use slo::{ErrorCode, Event, Moment, SloAttributes};

use crate::generated::contracts::CONTRACT;
use crate::generated::contracts::acme_errors::{Call, CallLater, CallOutcome, Fault};
use crate::generated::contracts::std_error::AnyError;

#[derive(SloAttributes)]
#[slo(event = "acme.errors.Call")]
struct Derived {
    #[slo("outcome")]
    outcome: CallOutcome,
    #[slo("before")]
    before: Option<ErrorCode>,
}

#[derive(SloAttributes)]
#[slo(event = "acme.errors.Fault")]
struct DerivedFault {
    #[slo("error")]
    error: AnyError,
}

fn said(state: impl FnOnce()) -> String {
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(state);
    let said = recorder.recorded();
    assert!(recorder.problems().is_empty());
    said.to_string()
}

#[test]
fn a_derived_event_says_what_the_generated_one_says() {
    for outcome in [CallOutcome::Ok, CallOutcome::Unavailable, CallOutcome::NotFound, CallOutcome::Shed] {
        for before in [None, Some(ErrorCode::OsTimedOut)] {
            let call = Call { outcome: outcome.clone(), later: CallLater { before } };
            let derived = Derived { outcome: outcome.clone(), before };
            assert_eq!(said(|| derived.record(Moment::Now)), said(|| call.record(Moment::Now)));
        }
    }
    let error = || AnyError::Failed { code: io::Error::from(io::ErrorKind::TimedOut).into() };
    let fault = said(|| DerivedFault { error: error() }.record(Moment::Now));
    assert_eq!(fault, said(|| Fault { error: error() }.record(Moment::Now)));
}

#[test]
fn a_taken_in_outcome_keeps_its_severity_and_status() {
    let derived = Derived { outcome: CallOutcome::Unavailable, before: Some(ErrorCode::OsTimedOut) };
    insta::assert_snapshot!(said(|| derived.record(Moment::Now)));
}
