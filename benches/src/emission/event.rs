//! What a program knows of a payment attempt, whatever makes telemetry of it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract tells")]
pub enum Outcome {
    Succeeded,
    Timeout,
    Rejected,
}

impl Outcome {
    /// Each of them.
    pub const ALL: [Outcome; 3] = [Outcome::Succeeded, Outcome::Timeout, Outcome::Rejected];
}

/// How a customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the contract tells")]
pub enum Method {
    Card,
    Wallet,
    Transfer,
}

impl Method {
    /// Each of them.
    pub const ALL: [Method; 3] = [Method::Card, Method::Wallet, Method::Transfer];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Card => "card",
            Method::Wallet => "wallet",
            Method::Transfer => "transfer",
        }
    }
}

/// A route that is known when the program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their texts tell")]
pub enum KnownRoute {
    Pay,
    PayAgain,
    PayShare,
}

impl KnownRoute {
    /// Each of them.
    pub const ALL: [KnownRoute; 3] = [KnownRoute::Pay, KnownRoute::PayAgain, KnownRoute::PayShare];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            KnownRoute::Pay => "/carts/{cart}/pay",
            KnownRoute::PayAgain => "/carts/{cart}/pay/{attempt}",
            KnownRoute::PayShare => "/carts/{cart}/shares/{share}/pay",
        }
    }
}

/// The route of the request that an attempt is made in.
#[derive(Clone, Debug)]
pub enum Route {
    /// Known when the program is written.
    Known(KnownRoute),
    /// What a router found, which shares its texts.
    Matched(Arc<str>),
}

impl Route {
    /// The route of a number, as a router finds it.
    #[must_use]
    pub fn matched(number: usize) -> Route {
        Route::Matched(format!("/shops/{number}/carts/{{cart}}/pay").into())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Route::Known(route) => route.as_str(),
            Route::Matched(route) => route,
        }
    }
}

/// What is known of an attempt at its begin.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// How the customer pays.
    pub method: Method,
    /// In minor units.
    pub amount: i64,
    /// Of the request.
    pub route: Route,
}

impl Attempt {
    /// An attempt at a route that is known when the program is written.
    #[must_use]
    pub const fn at_known_route() -> Attempt {
        Attempt { method: Method::Wallet, amount: 12_900, route: Route::Known(KnownRoute::PayAgain) }
    }

    /// An attempt at a route that a router found.
    #[must_use]
    pub fn at_matched_route() -> Attempt {
        Attempt { route: Route::matched(42), ..Attempt::at_known_route() }
    }
}

/// When an attempt was that is over.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    /// By the wall clock.
    pub start: SystemTime,
    /// By a monotonic clock.
    pub elapsed: Duration,
}

impl Over {
    /// A sixteenth of a second, which a double holds exactly.
    #[must_use]
    pub fn example() -> Over {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        Over { start, elapsed: Duration::from_micros(62_500) }
    }
}
