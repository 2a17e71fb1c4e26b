//! Evidence made by hand, for tests.

use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, Metric, NumberDataPoint, Sum, exemplar, metric::Data, number_data_point,
};
use opentelemetry_proto::tonic::trace::v1::Span;

use super::{Evidence, Judged};
use crate::bank::Behaviour;
use crate::load::Wish;
use crate::received::Arrived;
use crate::sent_request::{Answer, SentRequest};

/// The system's clock when the scene begins, in nanoseconds since 1970.
const WALL: u64 = 1_712_345_678_000_000_000;

/// Requests, and what was received of them. All times are milliseconds since the beginning; each request is sent at 0 and answered
/// at 10, and the service is told to end at 1,000.
pub(super) struct Scene(Evidence);

impl Scene {
    pub(super) fn new() -> Scene {
        let (end, interval) = (Duration::from_millis(1_000), Duration::from_millis(200));
        Scene(Evidence { end, interval, ..Evidence::default() })
    }

    /// A request that was answered so; its number.
    pub(super) fn request(&mut self, status: u16) -> usize {
        self.request_at(status, 10)
    }

    pub(super) fn request_at(&mut self, status: u16, at: u64) -> usize {
        let number = self.0.requests.len();
        let id = u8::try_from(number).unwrap() + 1;
        let wish = if status == 302 { Wish::Old } else { Wish::Pay(Behaviour::Ok) };
        let answer = Answer { status, at: Duration::from_millis(at), wall: wall(at) };
        self.0.requests.push(SentRequest {
            trace_id: [id; 16],
            span_id: [id; 8],
            order: format!("order-{number}"),
            wish,
            sent: Duration::ZERO,
            answer: Some(answer),
        });
        number
    }

    pub(super) fn order(&self, request: usize) -> String {
        self.0.requests[request].order.clone()
    }

    /// The span that the service opened for the request, received then. It ends at 9.
    pub(super) fn span(&mut self, request: usize, at: u64, change: impl FnOnce(&mut Span)) {
        let request = &self.0.requests[request];
        let mut record = Span {
            trace_id: request.trace_id.to_vec(),
            parent_span_id: request.span_id.to_vec(),
            span_id: request.span_id.map(|byte| byte + 100).to_vec(),
            end_time_unix_nano: wall(9),
            ..Span::default()
        };
        change(&mut record);
        self.0.received.spans.push(Arrived { record, service: "pay".to_owned(), at: milliseconds(at) });
    }

    /// A log record of the request, received then, in the span that the service opened for it, and of the time at which that ends.
    pub(super) fn log(&mut self, request: usize, at: u64, change: impl FnOnce(&mut LogRecord)) {
        let request = &self.0.requests[request];
        let mut record = LogRecord {
            trace_id: request.trace_id.to_vec(),
            span_id: request.span_id.map(|byte| byte + 100).to_vec(),
            time_unix_nano: wall(9),
            ..LogRecord::default()
        };
        change(&mut record);
        self.0.received.logs.push(Arrived { record, service: "pay".to_owned(), at: milliseconds(at) });
    }

    /// A counter, received then and collected a millisecond earlier.
    pub(super) fn counter(&mut self, name: &str, at: u64, points: &[Point<'_>]) {
        let data_points = points.iter().map(|point| point.encoded(wall(at - 1), &self.0.requests)).collect();
        let record = Metric {
            name: name.to_owned(),
            data: Some(Data::Sum(Sum { data_points, ..Sum::default() })),
            ..Metric::default()
        };
        self.0.received.metrics.push(Arrived { record, service: "pay".to_owned(), at: milliseconds(at) });
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Evidence)) {
        change(&mut self.0);
    }

    pub(super) fn evidence(self) -> Evidence {
        self.0
    }
}

/// A point: a label, and how often.
pub(super) struct Point<'p> {
    pub(super) label: (&'p str, Value),
    pub(super) count: i64,
    /// The request that it leads to.
    pub(super) exemplar: Option<usize>,
}

impl Point<'_> {
    fn encoded(&self, time: u64, requests: &[SentRequest]) -> NumberDataPoint {
        let exemplar = self.exemplar.map(|request| Exemplar {
            trace_id: requests[request].trace_id.to_vec(),
            span_id: requests[request].span_id.to_vec(),
            value: Some(exemplar::Value::AsInt(1)),
            ..Exemplar::default()
        });
        NumberDataPoint {
            attributes: vec![pair(self.label.0, self.label.1.clone())],
            time_unix_nano: time,
            value: Some(number_data_point::Value::AsInt(self.count)),
            exemplars: exemplar.into_iter().collect(),
            ..NumberDataPoint::default()
        }
    }
}

pub(super) fn point(key: &str, value: Value, count: i64) -> Point<'_> {
    Point { label: (key, value), count, exemplar: None }
}

pub(super) fn text(value: &str) -> Value {
    Value::StringValue(value.to_owned())
}

pub(super) fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

pub(super) fn wall(at: u64) -> u64 {
    WALL + at * 1_000_000
}

pub(super) fn milliseconds(at: u64) -> Duration {
    Duration::from_millis(at)
}

/// How many requests there are, and the latencies of those that were joined, in milliseconds.
pub(super) fn joined(judged: Judged) -> (usize, Vec<u128>) {
    let joined = judged.unwrap();
    (joined.requests, joined.latencies.iter().map(Duration::as_millis).collect())
}
