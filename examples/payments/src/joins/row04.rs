//! Asynchronous work loses its context: a spawned deduction has a duration without a trace, and logs without `trace_id`.

use std::collections::HashMap;

use super::{Evidence, Joined, Judged, Names, tell};
use crate::received::Arrived;

pub(super) const ASKS: &str = "the spawned deduction's log has its payment's trace";

/// The log record of the deduction has the trace of the payment of its order. The requests are the payments that went well.
pub(super) fn judge(evidence: &Evidence, names: &Names) -> Judged {
    let mut by_order: HashMap<&str, Vec<&Arrived<_>>> = HashMap::new();
    for log in evidence.received.logs.iter().filter(|log| (names.is_deduction)(&log.record)) {
        for attribute in &log.record.attributes {
            if let Some(text) = tell::text(attribute.value.as_ref()) {
                by_order.entry(text).or_default().push(log);
            }
        }
    }
    let paid = evidence.answered().filter(|(request, answer)| request.is_payment() && answer.status == 200);
    Joined::each(paid, |request, _| match by_order.get(request.order.as_str()).map(Vec::as_slice) {
        Some([log]) => (log.record.trace_id == request.trace_id).then_some(log.at),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, joined, pair, text};
    use super::super::{CONTRACT, PLAIN};
    use super::*;

    #[test]
    fn a_deduction_is_found_by_its_order_and_joined_by_its_trace() {
        let mut scene = Scene::new();
        let [carried, lost, another] = [200, 200, 200].map(|status| scene.request(status));
        scene.request(504);
        let other = vec![7; 16];
        for (request, trace) in [(carried, None), (lost, Some(Vec::new())), (another, Some(other))] {
            let order = scene.order(request);
            scene.log(request, 40, |log| {
                log.event_name = "payment.deduction".to_owned();
                log.attributes.push(pair("event", text("deducted")));
                log.attributes.push(pair("order", text(&order)));
                log.trace_id = trace.unwrap_or(std::mem::take(&mut log.trace_id));
            });
        }
        let evidence = scene.evidence();
        for names in [&PLAIN, &CONTRACT] {
            assert_eq!(joined(judge(&evidence, names)), (3, vec![30]));
        }
    }

    #[test]
    fn a_record_of_the_payment_itself_is_no_deduction() {
        let mut scene = Scene::new();
        let request = scene.request(200);
        let order = scene.order(request);
        scene.log(request, 40, |log| log.attributes.push(pair("order", text(&order))));
        let evidence = scene.evidence();
        for names in [&PLAIN, &CONTRACT] {
            assert_eq!(joined(judge(&evidence, names)), (1, vec![]));
        }
    }
}
