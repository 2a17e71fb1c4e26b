//! What is kept of each route.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use opentelemetry::metrics::{BoundCounter, Counter};
use opentelemetry::{KeyValue, StringValue};

use super::super::texts::status;
use crate::emission::{KnownRoute, Method, Outcome, Route};

/// How many routes are told apart by name; the others are `_OTHER` together.
const BOUND: usize = 200;

/// What is kept of a route. The program keeps it for good, as there are only so many.
#[derive(Debug)]
pub(super) struct OfRoute {
    route: &'static str,
    pub(super) span_name: &'static str,
    attempts: [[OnceLock<BoundCounter<u64>>; Method::ALL.len()]; Outcome::ALL.len()],
}

impl OfRoute {
    fn new(route: &str) -> &'static OfRoute {
        Box::leak(Box::new(OfRoute {
            route: route.to_owned().leak(),
            span_name: format!("POST {route}").leak(),
            attempts: Default::default(),
        }))
    }

    /// The counter's point, bound at first use: what is bound ahead is exported as a zero.
    pub(super) fn attempts(
        &self,
        counter: &Counter<u64>,
        outcome: Outcome,
        method: Method,
    ) -> &BoundCounter<u64> {
        self.attempts[outcome as usize][method as usize].get_or_init(|| {
            counter.bind(&[
                KeyValue::new("status", status(outcome)),
                KeyValue::new("payment.method", method.as_str()),
                KeyValue::new("path", self.route),
            ])
        })
    }
}

/// What is kept of all routes.
#[derive(Debug)]
pub(super) struct Routes {
    known: [&'static OfRoute; KnownRoute::ALL.len()],
    by_name: RwLock<HashMap<&'static str, &'static OfRoute>>,
    other: &'static OfRoute,
}

impl Routes {
    pub(super) fn new() -> Routes {
        let known = KnownRoute::ALL.map(|route| OfRoute::new(route.as_str()));
        let by_name = RwLock::new(known.into_iter().map(|of_route| (of_route.route, of_route)).collect());
        Routes { known, by_name, other: OfRoute::new("_OTHER") }
    }

    /// What is kept of a route, and its own text, which is told in full where a metric shows `_OTHER`.
    pub(super) fn find(&self, route: &Route) -> (&'static OfRoute, StringValue) {
        match route {
            Route::Known(route) => {
                let of_route = self.known[*route as usize];
                (of_route, of_route.route.into())
            }
            Route::Matched(route) => match self.matched(route) {
                Some(of_route) => (of_route, of_route.route.into()),
                None => (self.other, route.clone().into()),
            },
        }
    }

    fn matched(&self, route: &str) -> Option<&'static OfRoute> {
        {
            let by_name = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(of_route) = by_name.get(route) {
                return Some(of_route);
            }
            if by_name.len() >= BOUND {
                return None;
            }
        }
        let mut by_name = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been first.
        if let Some(of_route) = by_name.get(route) {
            return Some(of_route);
        }
        if by_name.len() >= BOUND {
            return None;
        }
        let of_route = OfRoute::new(route);
        by_name.insert(of_route.route, of_route);
        Some(of_route)
    }
}
