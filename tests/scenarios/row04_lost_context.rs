//! Asynchronous work loses its context: a spawned deduction has a duration without a trace, and logs without `trace_id`.

use opentelemetry::logs::{LogRecord, Logger};
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use slo::Running;
use slo::testing::Recorder;

use super::contracts::CONTRACT;
use super::contracts::scenarios::{Deduction, DeductionLater, DeductionOutcome, PaymentOutcome};
use super::ordinary::Ordinary;
use super::row02_split_states::attempt;
use super::{attributes, fields, text};

#[tokio::test]
async fn an_ordinary_task_logs_without_its_trace() {
    let ordinary = std::sync::Arc::new(Ordinary::new());
    let span = ordinary.tracer.start("POST /pay");
    let context = opentelemetry::Context::new().with_span(span);
    let inner = std::sync::Arc::clone(&ordinary);
    async move {
        let task = tokio::spawn(async move {
            let mut record = inner.logger.create_log_record();
            record.add_attribute("event", "deducted");
            inner.logger.emit(record);
        });
        task.await.unwrap();
    }
    .with_context(context)
    .await;
    assert!(ordinary.logs()[0].trace_context().is_none(), "the task had its trace after all");
}

async fn deduct(order: &'static str) {
    let mut deduction = Deduction { order: order.into(), later: DeductionLater::default() }.begin();
    deduction.run(tokio::task::yield_now()).await;
    deduction.outcome = Some(DeductionOutcome::Deducted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_contract_a_task_carries_its_trace() {
    let recorder = Recorder::new(&CONTRACT);
    recorder
        .run(async {
            let payment = attempt(PaymentOutcome::Succeeded, "1").begin();
            let task = payment.in_scope(|| slo::tasks::tokio::spawn(deduct("1")));
            task.await.unwrap();
        })
        .await;
    let (spans, logs) = (recorder.spans(), recorder.logs());
    let payment = spans.iter().find(|span| span.name == "POST /pay").unwrap();
    let deduction = spans.iter().find(|span| span.name == "deduct").unwrap();
    assert_eq!(deduction.parent_span_id, payment.span_context.span_id());
    assert_eq!(deduction.span_context.trace_id(), payment.span_context.trace_id());
    let log = logs.iter().find(|(log, _)| log.event_name() == Some("payment.deduction")).unwrap();
    assert_eq!(log.0.trace_context().unwrap().span_id, deduction.span_context.span_id());
}

/// Thousands of tasks at once, some of them aborted: nothing of one is under another's identifiers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_tasks_keep_their_identifiers() {
    const TASKS: usize = 4_000;
    let recorder = Recorder::new(&CONTRACT);
    let mut tasks = Vec::new();
    for number in 0..TASKS {
        let order: &'static str = Box::leak(number.to_string().into_boxed_str());
        let work = async move {
            let mut payment = attempt(PaymentOutcome::Timeout, order).begin();
            payment.outcome = None;
            let inner = payment.in_scope(|| slo::tasks::tokio::spawn(deduct(order)));
            payment.run(tokio::task::yield_now()).await;
            inner.await.unwrap();
            if number % 7 == 3 {
                std::future::pending::<()>().await;
            }
            payment.outcome = Some(PaymentOutcome::Succeeded);
        };
        tasks.push(tokio::spawn(recorder.run(work)));
    }
    for (number, task) in tasks.into_iter().enumerate() {
        if number % 7 == 3 {
            tokio::task::yield_now().await;
            task.abort();
            let _ = task.await;
        } else {
            task.await.unwrap();
        }
    }
    // What an aborted task has spawned runs on.
    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
    let (spans, logs) = (recorder.spans(), recorder.logs());
    let payments: Vec<_> = spans.iter().filter(|span| span.name == "POST /pay").collect();
    let by_id: std::collections::HashMap<_, _> =
        spans.iter().map(|span| (span.span_context.span_id(), span)).collect();
    assert_eq!(by_id.len(), spans.len(), "two spans have one identifier");
    let order =
        |span: &opentelemetry_sdk::trace::SpanData| text(&attributes(&span.attributes), "order").unwrap();
    // Each deduction's parent is the payment of its own order, each log's span is that of its own order.
    let deductions: Vec<_> = spans.iter().filter(|span| span.name == "deduct").collect();
    for deduction in &deductions {
        let payment = by_id[&deduction.parent_span_id];
        assert_eq!(order(payment), order(deduction));
        assert_eq!(payment.span_context.trace_id(), deduction.span_context.trace_id());
    }
    // Who was aborted before it first ran spawned none.
    assert!(deductions.len() >= TASKS - TASKS.div_ceil(7), "{} deductions", deductions.len());
    assert_eq!(logs.len(), spans.len(), "each event has one log record and one span");
    for (log, _) in &logs {
        let context = log.trace_context().unwrap();
        let span = by_id[&context.span_id];
        assert_eq!(context.trace_id, span.span_context.trace_id());
        assert_eq!(text(&fields(log), "order").unwrap(), order(span));
    }
    let counted: f64 = recorder
        .points()
        .iter()
        .filter(|point| point.metric == "payment.attempts")
        .map(|point| point.value)
        .sum();
    assert_eq!(counted as usize, payments.len());
    let aborted = payments
        .iter()
        .filter(|span| attributes(&span.attributes).iter().any(|(key, _)| key == "payment.error.type"));
    // Who was aborted before it first ran never began.
    assert!(aborted.count() <= TASKS.div_ceil(7) && payments.len() >= TASKS - TASKS.div_ceil(7));
}
