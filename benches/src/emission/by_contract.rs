//! By a contract: the code that slo generates from `slo/`.

use slo::{Event, Period, Running, Text};

use super::{Attempt, Form, KnownRoute, Method, Outcome, Over, Providers, Route};

mod contracts {
    slo::include_contracts!();
}

pub use contracts::CONTRACT;
use contracts::fin_pay::{PaymentMethod, PaymentOutcome, PaymentRoute};

impl From<Outcome> for PaymentOutcome {
    fn from(outcome: Outcome) -> PaymentOutcome {
        match outcome {
            Outcome::Succeeded => PaymentOutcome::Succeeded,
            Outcome::Timeout => PaymentOutcome::Timeout,
            Outcome::Rejected => PaymentOutcome::Rejected,
        }
    }
}

impl From<Method> for PaymentMethod {
    fn from(method: Method) -> PaymentMethod {
        match method {
            Method::Card => PaymentMethod::Card,
            Method::Wallet => PaymentMethod::Wallet,
            Method::Transfer => PaymentMethod::Transfer,
        }
    }
}

impl From<KnownRoute> for PaymentRoute {
    fn from(route: KnownRoute) -> PaymentRoute {
        match route {
            KnownRoute::Pay => PaymentRoute::Pay,
            KnownRoute::PayAgain => PaymentRoute::PayAgain,
            KnownRoute::PayShare => PaymentRoute::PayShare,
        }
    }
}

/// A form, of the events of a module.
macro_rules! form {
    ($(#[$docs:meta])* $name:ident, $module:ident) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub struct $name;

        const _: () = {
            use contracts::$module::{KnownAttempt, KnownAttemptLater, PaymentAttempt, PaymentAttemptLater};

            impl $name {
                /// Events go to these providers from now on, in the whole process: a program installs one telemetry.
                #[must_use]
                pub fn new(providers: &Providers) -> $name {
                    let telemetry = providers.telemetry();
                    // What was installed before is of providers of the same kind: what is measured costs the same.
                    let _ = telemetry.install();
                    $name
                }
            }

            fn known(attempt: &Attempt, route: KnownRoute, outcome: Option<Outcome>) -> KnownAttempt {
                KnownAttempt {
                    method: attempt.method.into(),
                    amount: attempt.amount,
                    route: route.into(),
                    later: KnownAttemptLater { outcome: outcome.map(Into::into) },
                }
            }

            fn matched(attempt: &Attempt, route: Text, outcome: Option<Outcome>) -> PaymentAttempt {
                PaymentAttempt {
                    method: attempt.method.into(),
                    amount: attempt.amount,
                    route,
                    later: PaymentAttemptLater { outcome: outcome.map(Into::into) },
                }
            }

            impl Form for $name {
                fn record(&self, attempt: &Attempt, outcome: Outcome, over: Over) {
                    let period = Period::since(over.start, over.elapsed);
                    match &attempt.route {
                        Route::Known(route) => known(attempt, *route, Some(outcome)).record(period),
                        Route::Matched(route) => {
                            matched(attempt, Text::from(std::sync::Arc::clone(route)), Some(outcome)).record(period);
                        }
                    }
                }

                fn guard(&self, attempt: &Attempt, work: &mut dyn FnMut() -> Outcome) {
                    match &attempt.route {
                        Route::Known(route) => {
                            let mut guard = known(attempt, *route, None).begin();
                            guard.outcome = Some(guard.in_scope(work).into());
                            guard.end();
                        }
                        Route::Matched(route) => {
                            let mut guard = matched(attempt, Text::from(std::sync::Arc::clone(route)), None).begin();
                            guard.outcome = Some(guard.in_scope(work).into());
                            guard.end();
                        }
                    }
                }
            }
        };
    };
}

form! {
    /// By a contract: what slo generates, with bound instruments.
    ByContract, fin_pay
}

form! {
    /// By a contract whose events are specialized.
    Specialized, fin_specialized
}
