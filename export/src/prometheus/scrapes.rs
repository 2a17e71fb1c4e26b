//! What a scrape is answered, and which measurements are in it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use slo_model::event::Prometheus as Named;

use super::accept::negotiate;
use super::text::{Rendering, render};
use crate::delivery::panicked;
use crate::delivery::trouble::Tell;
use crate::metrics::collector::Collector;
use crate::metrics::covered::Covered;
use slo::__export::Collected;

/// Answers scrapes.
pub(crate) struct Scrapes {
    pub(crate) collector: Arc<Collector>,
    pub(crate) covered: Arc<Covered>,
    /// How the contract's names are written.
    pub(crate) named: Named<'static>,
    pub(crate) tell: Tell,
}

/// An answer to a scrape.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) content_type: &'static str,
    pub(super) text: String,
    pub(super) held: Held,
}

/// How many measurements of events an answer holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    holds: Collected,
    /// Whether all points are in its text.
    is_whole: bool,
}

impl Scrapes {
    /// Collects and writes.
    pub(super) fn answer(&self, accept: Option<&str>) -> Result<Answered, String> {
        let answered = catch_unwind(AssertUnwindSafe(|| self.render(accept)))
            .unwrap_or_else(|panic| Err(panicked(panic.as_ref())));
        if let Err(why) = &answered {
            self.trouble(why);
        }
        answered
    }

    fn render(&self, accept: Option<&str>) -> Result<Answered, String> {
        let exposition = negotiate(accept);
        let collection = self.collector.collect()?;
        let rendered = render(
            &collection.metrics,
            &Rendering {
                strategy: self.named.strategy,
                promoted: self.named.promoted,
                exposition,
                exemplars: &collection.exemplars,
            },
        );
        if rendered.left_out.is_empty() {
            self.tell.over();
        } else {
            let all: Vec<String> = rendered.left_out.iter().map(ToString::to_string).collect();
            self.trouble(&all.join("; "));
        }
        let is_whole = !rendered.left_out.iter().any(|left_out| left_out.why.loses_points());
        let held = Held { holds: collection.holds, is_whole };
        Ok(Answered { content_type: exposition.content_type(), text: rendered.text, held })
    }

    /// The answer is sent: until more is known, the server may have what it holds.
    pub(super) fn doubt(&self, held: Held) {
        self.covered.doubt(held.holds);
    }

    /// The server took the whole answer. Which measurements points hold that are not in the text can't be known.
    pub(super) fn confirm(&self, held: Held) {
        if held.is_whole {
            self.covered.confirm(held.holds);
        }
    }

    fn trouble(&self, why: &str) {
        self.covered.trouble(why);
        self.tell.trouble(why);
    }
}
