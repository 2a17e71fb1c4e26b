//! The telemetry of one event, `PaymentAttempt` of `examples/payments`, made by code of several forms.

mod by_contract;
pub mod by_hand;
mod event;
mod providers;

pub use by_contract::{ByContract, CONTRACT, Specialized};
pub use event::{Attempt, KnownRoute, Method, Outcome, Over, Route};
pub use providers::{Providers, scope};

/// Code that makes the telemetry of a payment attempt: a counter, a histogram, a log record and a span.
pub trait Form: Sync {
    /// An attempt that is over.
    fn record(&self, attempt: &Attempt, outcome: Outcome, over: Over);

    /// An attempt that runs: `work` is done under its span and says what became of it.
    fn guard(&self, attempt: &Attempt, work: &mut dyn FnMut() -> Outcome);
}

/// Makes a form that writes to providers.
pub type Make = fn(&Providers) -> Box<dyn Form>;

/// The forms that are measured, by name. One more is one more line here, and one in each function of
/// `benches/emission_instructions.rs`.
pub const FORMS: &[(&str, Make)] = &[
    ("by hand, unbound", |providers| Box::new(by_hand::Unbound::new(providers))),
    ("by hand, bound", |providers| Box::new(by_hand::Bound::new(providers))),
    ("by contract", |providers| Box::new(ByContract::new(providers))),
    ("by contract, specialized", |providers| Box::new(Specialized::new(providers))),
];

/// How many routes a service has matched before it is measured.
const MATCHED_BEFORE: usize = 100;

/// A form that has been at work for a while: what is made at first use is there, tables have the size that they have
/// in a service.
#[must_use]
pub fn warmed(make: Make, providers: &Providers) -> Box<dyn Form> {
    let form = make(providers);
    warm(&*form);
    form
}

/// Has a form at work for a while. Says how many events it recorded.
pub fn warm(form: &dyn Form) -> u64 {
    let mut recorded = 0;
    let known = KnownRoute::ALL.map(Route::Known).into_iter();
    for route in known.chain((0..MATCHED_BEFORE).map(Route::matched)) {
        for method in Method::ALL {
            for outcome in Outcome::ALL {
                let attempt = Attempt { method, route: route.clone(), ..Attempt::at_known_route() };
                form.record(&attempt, outcome, Over::example());
                form.guard(&attempt, &mut || outcome);
                recorded += 2;
            }
        }
    }
    recorded
}
