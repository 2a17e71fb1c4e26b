//! Whoever connects may be anybody: whatever comes, the endpoint keeps its bounds and goes on answering.

use crate::names;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use slo_model::event::Prometheus as Named;
use slo_model::names::TranslationStrategy;

use crate::counts::{DropReason, ExporterCounts};
use crate::delivery::trouble::Tell;
use crate::metrics::collector::Collector;
use crate::metrics::covered::Covered;
use crate::prometheus::scrapes::Scrapes;
use crate::prometheus::server::{Bounds, Server};
use slo::__export::{Accounting, EventCounts, Teller};
use slo::Telemetry;

/// More time than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Nothing ends by itself.
const WIDE: Bounds = Bounds { connections: 4, head: PATIENCE, life: PATIENCE };

/// Heads that do not come to an end are given up soon.
const SOON: Bounds = Bounds { head: Duration::from_millis(300), ..WIDE };

struct Endpoint {
    server: Server,
    address: SocketAddr,
    meter: Meter,
    covered: Arc<Covered>,
    events: Arc<EventCounts>,
    problems: Arc<Mutex<Vec<String>>>,
    provider: SdkMeterProvider,
}

impl Endpoint {
    fn new(bounds: Bounds) -> Endpoint {
        let accounting = Arc::new(Accounting::default());
        let collector = Arc::new(Collector::new(Temporality::Cumulative, &accounting, None, false));
        let provider = SdkMeterProvider::builder().with_reader(collector.reader()).build();
        let covered = Arc::new(Covered::new(names::PROMETHEUS, &accounting, true, DropReason::NotScraped));
        let problems = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&problems);
        let telemetry =
            Telemetry::builder().on_problem(move |problem| told.lock().unwrap().push(problem.to_string()));
        let strategy = TranslationStrategy::UnderscoreEscapingWithSuffixes;
        let scrapes = Scrapes {
            collector,
            covered: Arc::clone(&covered),
            named: Named { strategy, promoted: &[] },
            tell: Tell::new(&Teller::of(&telemetry.build()), names::PROMETHEUS, "metric"),
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::within(bounds, listener, Arc::new(scrapes)).unwrap();
        let (address, meter) = (server.address(), provider.meter("pay"));
        meter.u64_counter("attempts").build().add(1, &[]);
        let events = EventCounts::new(&accounting, [0, 0, 1]);
        Endpoint { server, address, meter, covered, events, problems, provider }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// What is answered to these bytes, until the endpoint closes.
    fn ask(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // It may close while it is still being sent to.
        _ = stream.write_all(bytes);
        to_end(&mut stream)
    }

    fn get(&self, more: &str) -> String {
        self.ask(format!("GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{more}\r\n").as_bytes())
    }

    /// A scrape as it should be. Who was here before may still be about to leave.
    fn scrape(&self) -> String {
        let begun = Instant::now();
        loop {
            let answer = self.get("");
            if answer.starts_with("HTTP/1.1 200") && answer.ends_with("# EOF\n") {
                assert!(answer.contains("attempts_total"), "{answer}");
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "no answer but {answer:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// An event measures once.
    fn measure(&self) {
        drop(self.events.enter());
    }

    fn counts(&self) -> ExporterCounts {
        self.covered.counts(0)
    }

    /// Counts are as they should be, sooner or later.
    fn counts_until(&self, is_so: impl Fn(&ExporterCounts) -> bool) -> ExporterCounts {
        let begun = Instant::now();
        loop {
            let counts = self.counts();
            if is_so(&counts) {
                return counts;
            }
            assert!(begun.elapsed() < PATIENCE, "{counts}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// What comes until the other side closes, however it does.
fn to_end(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => all.extend_from_slice(&part[..read]),
            Err(error) => {
                let waited = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                assert!(!waited, "the connection stays open: {:?}", String::from_utf8_lossy(&all));
                break;
            }
        }
    }
    String::from_utf8(all).unwrap()
}

const ASK: &[u8] = b"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n";

#[test]
fn what_is_no_request_is_refused() {
    let endpoint = Endpoint::new(SOON);
    // How a TLS client begins: a record of a handshake, version 1.0, with its length.
    let tls = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3][..], &[7; 505]].concat();
    let cases: [&[u8]; 13] = [
        &tls,
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        &[0xff; 3000],
        b"\r\n\r\n\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /metrics HTTP/9.9\r\nhost: a\r\n\r\n",
        b"GET /metrics\r\n\r\n",
        b"GET  /metrics HTTP/1.1\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nhost a\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\naccept: a\0b\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\ntransfer-encoding: chunked, nonsense\r\n\r\n",
    ];
    for case in cases {
        let answer = endpoint.ask(case);
        let shown = String::from_utf8_lossy(case);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{shown:?}: {answer}");
        endpoint.scrape();
    }
}

#[test]
fn a_head_has_its_limits() {
    let endpoint = Endpoint::new(WIDE);
    let long = format!("GET /metrics HTTP/1.1\r\na: {}\r\n\r\n", "a".repeat(1_000_000));
    let many = format!("GET /metrics HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(200));
    let path = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1_000_000));
    let endless = vec![b'a'; 1_000_000];
    for case in [long.as_bytes(), many.as_bytes(), path.as_bytes(), &endless] {
        let answer = endpoint.ask(case);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        endpoint.scrape();
    }
}

#[test]
fn who_sends_byte_by_byte_is_not_waited_for() {
    let endpoint = Endpoint::new(SOON);
    let mut stream = endpoint.connect();
    let begun = Instant::now();
    let head = b"GET /metrics HTTP/1.1\r\na: ".iter().chain(std::iter::repeat(&b'a'));
    for byte in head {
        if stream.write_all(&[*byte]).is_err() {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "it is still being listened to");
        std::thread::sleep(Duration::from_millis(5));
    }
    // Who says nothing at all is not waited for either, nor who stops in between.
    assert_eq!(endpoint.ask(b""), "");
    assert!(!endpoint.ask(b"GET /met").starts_with("HTTP/1.1 2"));
    endpoint.scrape();
}

#[test]
fn a_body_is_not_read() {
    let endpoint = Endpoint::new(WIDE);
    for length in ["content-length: 1152921504606846976", "transfer-encoding: chunked"] {
        for (method, status) in [("GET", "200"), ("POST", "405")] {
            let head = format!("{method} /metrics HTTP/1.1\r\n{length}\r\n\r\nffffffff\r\n");
            // The rest never comes, and is not waited for.
            let answer = endpoint.ask(head.as_bytes());
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{length}: {answer}");
        }
    }
    // Nor is it taken where it does come.
    let mut stream = endpoint.connect();
    stream.write_all(b"POST /metrics HTTP/1.1\r\ncontent-length: 1000000000\r\n\r\n").unwrap();
    let part = vec![0; 1_000_000];
    let taken = (0..1_000).take_while(|_| stream.write_all(&part).is_ok()).count();
    // No more than lies between the two in the system.
    assert!(taken < 100, "it took {taken} MB");
    endpoint.scrape();
}

#[test]
fn so_many_connections_and_no_more() {
    let endpoint = Endpoint::new(WIDE);
    let mut held: Vec<TcpStream> = (0..WIDE.connections).map(|_| endpoint.connect()).collect();
    for _ in 0..100 {
        assert_eq!(endpoint.ask(ASK), "", "it took one more");
    }
    // Those who are in are answered.
    for stream in &mut held {
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").unwrap();
        assert!(to_end(stream).starts_with("HTTP/1.0 200"));
    }
    drop(held);
    endpoint.scrape();
}

#[test]
fn who_hangs_up_leaves_no_work_behind() {
    let endpoint = Endpoint::new(WIDE);
    let collected = Arc::new(AtomicUsize::new(0));
    let (let_it, waits) = mpsc::channel::<()>();
    let (count, waits) = (Arc::clone(&collected), Mutex::new(waits));
    // Held by the pipeline.
    let _ = endpoint
        .meter
        .u64_observable_gauge("slow")
        .with_callback(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            _ = waits.lock().unwrap().recv();
        })
        .build();
    for _ in 0..100 {
        let mut stream = endpoint.connect();
        _ = stream.write_all(ASK);
        _ = stream.shutdown(Shutdown::Both);
        drop(stream);
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(let_it);
    endpoint.scrape();
    let collected = collected.load(Ordering::SeqCst);
    assert!(collected <= WIDE.connections + 1, "{collected} texts were made for nobody");
}

#[test]
fn what_callbacks_state_while_they_are_scraped_is_suppressed() {
    let endpoint = Endpoint::new(WIDE);
    let _ = endpoint
        .meter
        .u64_observable_gauge("suppressed")
        .with_callback(|observer| observer.observe(Context::is_current_telemetry_suppressed().into(), &[]))
        .build();
    let text = endpoint.scrape();
    let sample = text.lines().find(|line| line.starts_with("suppressed{"));
    assert!(sample.is_some_and(|sample| sample.ends_with(" 1")), "{text}");
}

#[test]
fn who_does_not_read_has_nothing_confirmed() {
    let endpoint = Endpoint::new(Bounds { connections: 1, life: Duration::from_secs(1), ..WIDE });
    // More than lies between the two in the system.
    let long = "a".repeat(8_000);
    let gauge = endpoint.meter.u64_gauge("large").build();
    (0..1_900).for_each(|number| gauge.record(1, &[KeyValue::new("number", format!("{number}{long}"))]));
    endpoint.measure();
    // A slow machine may not come to an answer within a connection's life.
    while endpoint.counts().unconfirmed == 0 {
        let mut stream = endpoint.connect();
        // There may be no room before the one before is gone.
        _ = stream.write_all(ASK);
        while !endpoint.ask(b"GET /nothing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404") {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!to_end(&mut stream).ends_with("# EOF\n"), "all of it went out");
    }
    let counts = endpoint.counts();
    assert_eq!((counts.delivered, counts.unconfirmed), (0, 1), "{counts}");
}

#[test]
fn what_is_not_in_the_text_is_not_confirmed() {
    let endpoint = Endpoint::new(WIDE);
    endpoint.measure();
    endpoint.scrape();
    endpoint.counts_until(|counts| counts.delivered == 1);
    // The same series as the other meter's: one of them is left out.
    endpoint.provider.meter("other").u64_counter("attempts").build().add(1, &[]);
    endpoint.measure();
    endpoint.scrape();
    let counts = endpoint.counts_until(|counts| counts.unconfirmed == 1);
    assert_eq!(counts.delivered, 1, "{counts}");
    let problems = endpoint.problems.lock().unwrap();
    assert!(problems.iter().any(|problem| problem.contains("`attempts`")), "{problems:?}");
}

#[test]
fn what_was_asked_for_by_head_is_sent_to_nobody() {
    let endpoint = Endpoint::new(WIDE);
    endpoint.measure();
    let answer = endpoint.ask(b"HEAD /metrics HTTP/1.0\r\n\r\n");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.0 200") && head.contains("openmetrics-text"), "{answer}");
    assert_eq!(body, "");
    let counts = endpoint.counts();
    assert_eq!((counts.delivered, counts.unconfirmed, counts.pending), (0, 0, 1), "{counts}");
    endpoint.scrape();
    endpoint.counts_until(|counts| counts.delivered == 1);
}

#[test]
fn only_metrics_are_here_and_only_to_be_read() {
    let endpoint = Endpoint::new(WIDE);
    for path in ["/", "/metrics/", "/metric", "//metrics", "/%6detrics", "/../metrics", "*"] {
        let answer = endpoint.ask(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.0 404") || answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "NONSENSE"] {
        let answer = endpoint.ask(format!("{method} /metrics HTTP/1.0\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.0 405"), "{method}: {answer}");
        assert!(answer.contains("allow: GET, HEAD\r\n"), "{method}: {answer}");
    }
    let answer = endpoint.ask(b"CONNECT metrics:80 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    // A query says nothing, and a proxy's form says the same.
    for target in ["/metrics?name[]=a", "http://elsewhere/metrics"] {
        let answer = endpoint.ask(format!("GET {target} HTTP/1.0\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.0 200"), "{target}: {answer}");
    }
}

#[test]
fn whatever_a_scraper_takes_it_is_answered() {
    let endpoint = Endpoint::new(WIDE);
    for accept in [
        format!("accept: {}\r\n", "a/b,".repeat(3_000)),
        format!("accept: {}\r\n", "a".repeat(12_000)),
        "accept: text/plain\r\n".repeat(60),
        "accept: */*;q=NaN, text/plain;q=-1, application/openmetrics-text;q=1e9\r\n".to_owned(),
        "accept: ;;;,,,/,=\r\naccept:\r\n".to_owned(),
        "accept: \u{feff}é/*\r\n".to_owned(),
    ] {
        let answer = endpoint.get(&accept);
        let shown = accept.get(..60).unwrap_or(&accept);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("attempts_total"), "{shown}: {answer}");
    }
}

#[test]
fn requests_in_a_row_are_answered_in_a_row() {
    let endpoint = Endpoint::new(WIDE);
    let mut requests = ASK.repeat(30);
    requests.extend_from_slice(b"GET /last HTTP/1.0\r\n\r\n");
    let answer = endpoint.ask(&requests);
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 30);
    assert!(answer.ends_with("metrics are at /metrics\n"), "{answer}");
    endpoint.scrape();
}

#[test]
fn a_scrape_that_hangs_does_not_hold_up_the_end() {
    let mut endpoint = Endpoint::new(WIDE);
    let (let_it, waits) = mpsc::channel::<()>();
    let (begins, begun) = mpsc::channel();
    let waits = Mutex::new(waits);
    let _ = endpoint
        .meter
        .u64_observable_gauge("hangs")
        .with_callback(move |_| {
            _ = begins.send(());
            _ = waits.lock().unwrap().recv();
        })
        .build();
    let mut stream = endpoint.connect();
    stream.write_all(ASK).unwrap();
    begun.recv_timeout(PATIENCE).unwrap();
    let stopping = Instant::now();
    endpoint.server.stop(Instant::now() + 10 * PATIENCE);
    assert!(stopping.elapsed() < PATIENCE, "it waited for the scrape");
    // The scrape is over, and nobody listens any more.
    assert_eq!(to_end(&mut stream), "");
    assert!(TcpStream::connect(endpoint.address).is_err());
    drop(let_it);
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let mut endpoint = Endpoint::new(WIDE);
    let mut idle = endpoint.connect();
    let mut asked = endpoint.connect();
    asked.write_all(ASK).unwrap();
    asked.read_exact(&mut [0; 12]).unwrap();
    endpoint.server.stop(Instant::now() + 10 * PATIENCE);
    assert_eq!(to_end(&mut idle), "");
    assert!(to_end(&mut asked).ends_with("# EOF\n"));
}

#[test]
fn a_panic_is_told_to_the_program_and_not_to_the_scraper() {
    let endpoint = Endpoint::new(WIDE);
    let _ = endpoint.meter.u64_observable_gauge("panics").with_callback(|_| panic!("with a secret")).build();
    for _ in 0..3 {
        let answer = endpoint.get("");
        assert!(answer.starts_with("HTTP/1.1 500") && !answer.contains("secret"), "{answer}");
    }
    let problems = endpoint.problems.lock().unwrap().clone();
    assert!(problems[0].contains("panicked: with a secret"), "{problems:?}");
    assert!(endpoint.get("").starts_with("HTTP/1.1 500"), "it goes on answering");
}
