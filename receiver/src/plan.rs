//! What the receiver is to do with requests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Arrival, Reaction, Signal};

/// What the receiver does with each request, and when it is down. The same requests in the same order of their signal meet
/// the same reactions, whatever the other signals send meanwhile.
///
/// ```
/// # use std::time::Duration;
/// # use slo_receiver::{Plan, Reaction, Refusal, Signal, Silence};
/// // One request in ten is refused, one in twenty loses its answer, and after a second nobody answers for another.
/// let rough = Plan::seeded(
///     7,
///     [
///         (0.10, Reaction::Refuse(Refusal::unavailable())),
///         (0.05, Reaction::TakeUnanswered(Silence::Close)),
///     ],
/// )
/// .down(Duration::from_secs(1), Duration::from_secs(1));
///
/// // The first request of logs is rejected in part; everything else is taken.
/// let partial = Plan::script([Reaction::RejectLast(3)]).only([Signal::Logs]);
///
/// // Who has no token is refused.
/// let guarded = Plan::by(|arrival| match arrival.header("authorization") {
///     Some("Bearer 1") => Reaction::Take,
///     _ => Reaction::Refuse(Refusal::invalid()),
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Plan {
    choice: Choice,
    /// Those that are always taken.
    spared: Vec<Signal>,
    outages: Vec<Outage>,
}

/// How a reaction is found.
#[derive(Clone)]
enum Choice {
    /// By the request's number; everything after the end is taken.
    Script(Vec<Reaction>),
    /// By chance. What the chances leave of 1 is taken.
    Seeded(u64, Vec<(f64, Reaction)>),
    By(Arc<dyn Fn(&Arrival<'_>) -> Reaction + Send + Sync>),
}

impl Default for Choice {
    fn default() -> Choice {
        Choice::Script(Vec::new())
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Choice::Script(reactions) => f.debug_tuple("Script").field(reactions).finish(),
            Choice::Seeded(seed, chances) => f.debug_tuple("Seeded").field(seed).field(chances).finish(),
            Choice::By(_) => f.debug_tuple("By").finish_non_exhaustive(),
        }
    }
}

/// From when until when nobody listens, since the plan holds.
#[derive(Clone, Copy, Debug)]
struct Outage {
    from: Duration,
    until: Duration,
}

impl Plan {
    /// Takes everything.
    #[must_use]
    pub fn healthy() -> Plan {
        Plan::default()
    }

    /// Reacts to each signal's first request by the first reaction, to its second by the second, and takes what comes
    /// after the last.
    #[must_use]
    pub fn script(reactions: impl IntoIterator<Item = Reaction>) -> Plan {
        Plan { choice: Choice::Script(reactions.into_iter().collect()), ..Plan::default() }
    }

    /// Reacts by chance, each chance from 0 to 1, and takes what is left of 1. What would go beyond 1 never happens.
    /// The same seed gives the same reactions.
    #[must_use]
    pub fn seeded(seed: u64, chances: impl IntoIterator<Item = (f64, Reaction)>) -> Plan {
        Plan { choice: Choice::Seeded(seed, chances.into_iter().collect()), ..Plan::default() }
    }

    /// Reacts as the closure says.
    #[must_use]
    pub fn by(choose: impl Fn(&Arrival<'_>) -> Reaction + Send + Sync + 'static) -> Plan {
        Plan { choice: Choice::By(Arc::new(choose)), ..Plan::default() }
    }

    /// Is a plan for these signals only: the others are taken.
    #[must_use]
    pub fn only(mut self, signals: impl IntoIterator<Item = Signal>) -> Plan {
        let signals: Vec<Signal> = signals.into_iter().collect();
        self.spared = Signal::ALL.into_iter().filter(|signal| !signals.contains(signal)).collect();
        self
    }

    /// Has the receiver be down for so long, so long after the plan began to hold: it closes its connections and listens no
    /// more, as [`Receiver::down`](crate::Receiver::down) does. A plan may have several outages.
    #[must_use]
    pub fn down(mut self, after: Duration, length: Duration) -> Plan {
        self.outages.push(Outage { from: after, until: after.saturating_add(length) });
        self
    }

    pub(crate) fn reaction(&self, arrival: &Arrival<'_>) -> Reaction {
        if self.spared.contains(&arrival.signal) {
            return Reaction::Take;
        }
        match &self.choice {
            Choice::Script(reactions) => {
                let number = usize::try_from(arrival.number).unwrap_or(usize::MAX);
                reactions.get(number).cloned().unwrap_or(Reaction::Take)
            }
            Choice::Seeded(seed, chances) => {
                let mut drawn = draw(*seed, arrival.signal, arrival.number);
                for (chance, reaction) in chances {
                    if drawn < *chance {
                        return reaction.clone();
                    }
                    drawn -= chance.max(0.0);
                }
                Reaction::Take
            }
            Choice::By(choose) => choose(arrival),
        }
    }

    /// Whether an outage is on so long after the plan began to hold, and when that changes next.
    pub(crate) fn outage(&self, elapsed: Duration) -> (bool, Option<Duration>) {
        let is_on = self.outages.iter().any(|outage| (outage.from..outage.until).contains(&elapsed));
        let changes = self.outages.iter().flat_map(|outage| [outage.from, outage.until]);
        (is_on, changes.filter(|change| *change > elapsed).min())
    }
}

/// A number from 0 to below 1 that a request draws.
fn draw(seed: u64, signal: Signal, number: u64) -> f64 {
    let mixed = mix(mix(mix(seed) ^ signal as u64) ^ number);
    // The 53 bits that a double has.
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators").
const fn mix(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Protocol, Refusal};
    use hyper::HeaderMap;

    fn reactions(plan: &Plan, signal: Signal, count: u64) -> Vec<Reaction> {
        let headers = HeaderMap::new();
        (0..count)
            .map(|number| {
                let arrival =
                    Arrival { signal, protocol: Protocol::Http, number, records: 1, headers: &headers };
                plan.reaction(&arrival)
            })
            .collect()
    }

    fn refuse() -> Reaction {
        Reaction::Refuse(Refusal::unavailable())
    }

    #[test]
    fn a_script_ends_in_health() {
        let plan = Plan::script([refuse(), Reaction::RejectLast(1)]);
        for signal in Signal::ALL {
            assert_eq!(reactions(&plan, signal, 3), [refuse(), Reaction::RejectLast(1), Reaction::Take]);
        }
    }

    #[test]
    fn a_seed_gives_the_same_again_and_each_chance_its_share() {
        let plan = |seed| Plan::seeded(seed, [(0.25, refuse()), (0.5, Reaction::RejectLast(2))]);
        let drawn = reactions(&plan(7), Signal::Logs, 4_000);
        assert_eq!(drawn, reactions(&plan(7), Signal::Logs, 4_000));
        assert_ne!(drawn, reactions(&plan(8), Signal::Logs, 4_000));
        assert_ne!(drawn, reactions(&plan(7), Signal::Traces, 4_000));
        let count = |reaction: Reaction| drawn.iter().filter(|other| **other == reaction).count();
        assert!((900..1_100).contains(&count(refuse())), "{}", count(refuse()));
        assert!((1_900..2_100).contains(&count(Reaction::RejectLast(2))));
        assert!((900..1_100).contains(&count(Reaction::Take)));
    }

    #[test]
    fn odd_chances_never_and_always_happen() {
        for chance in [0.0, -1.0, f64::NAN] {
            let plan = Plan::seeded(1, [(chance, refuse())]);
            assert_eq!(reactions(&plan, Signal::Logs, 100), vec![Reaction::Take; 100], "{chance}");
        }
        let plan = Plan::seeded(1, [(1.0, refuse()), (1.0, Reaction::RejectLast(1))]);
        assert_eq!(reactions(&plan, Signal::Logs, 100), vec![refuse(); 100]);
    }

    #[test]
    fn a_plan_for_one_signal_spares_the_others() {
        let plan = Plan::by(|_| Reaction::Refuse(Refusal::invalid())).only([Signal::Traces]);
        assert_eq!(reactions(&plan, Signal::Logs, 1), [Reaction::Take]);
        assert_eq!(reactions(&plan, Signal::Traces, 1), [Reaction::Refuse(Refusal::invalid())]);
    }

    #[test]
    fn outages_begin_and_end() {
        let seconds = Duration::from_secs;
        let plan = Plan::healthy().down(seconds(1), seconds(2)).down(seconds(2), seconds(3));
        assert_eq!(plan.outage(seconds(0)), (false, Some(seconds(1))));
        assert_eq!(plan.outage(seconds(1)), (true, Some(seconds(2))));
        assert_eq!(plan.outage(seconds(3)), (true, Some(seconds(5))));
        assert_eq!(plan.outage(seconds(5)), (false, None));
        let forever = Plan::healthy().down(seconds(0), Duration::MAX);
        assert_eq!(forever.outage(seconds(9)), (true, Some(Duration::MAX)));
    }
}
