#!/usr/bin/env bash
# opentelemetry-otlp 0.33.1 (Rust), log exporter over HTTP: a receiver that rejects every record of a request by `partial_success`
# (OTLP specification, "Partial Success") is reported as success. `LogExporter::export` gives `Ok(())`, as for a receiver that
# took everything, and the number that was rejected is nowhere in the result. So whoever wraps this exporter to count what was
# delivered counts rejected records as delivered.
#
# Seen with opentelemetry-otlp 0.33.1, opentelemetry_sdk 0.33.1: `rejected by the receiver: 1, result: Ok(())`.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"

[dependencies]
opentelemetry = { version = "=0.33.1", default-features = false, features = ["logs"] }
opentelemetry_sdk = { version = "=0.33.1", default-features = false, features = ["logs"] }
opentelemetry-otlp = { version = "=0.33.1", default-features = false, features = ["http-proto", "logs", "reqwest-blocking-client"] }
futures-executor = "0.3"
TOML
cat >src/main.rs <<'RUST'
use std::io::{Read, Write};
use std::net::TcpListener;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
use opentelemetry_otlp::{LogExporter, WithExportConfig};
use opentelemetry_sdk::logs::{LogBatch, LogExporter as _, SdkLoggerProvider};

/// `ExportLogsServiceResponse { partial_success: { rejected_log_records: 1, error_message: "too old" } }`.
const REJECTED: &[u8] = b"\x0a\x0b\x08\x01\x12\x07too old";

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/logs", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        let ends = |request: &[u8]| {
            let head = request.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
            let text = String::from_utf8_lossy(&request[..head]).to_ascii_lowercase();
            let length: usize = text.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
            (request.len() >= head + length).then_some(())
        };
        while ends(&request).is_none() {
            let read = stream.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..read]);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: {}\r\n\r\n",
            REJECTED.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(REJECTED).unwrap();
    });
    let exporter = LogExporter::builder().with_http().with_endpoint(endpoint).build().unwrap();
    let scope = InstrumentationScope::builder("finding").build();
    let mut record = SdkLoggerProvider::builder().build().logger("finding").create_log_record();
    record.set_observed_timestamp(std::time::SystemTime::now());
    record.set_body("hello".into());
    let records = [(&record, &scope)];
    let result = futures_executor::block_on(exporter.export(LogBatch::new(&records)));
    server.join().unwrap();
    println!("rejected by the receiver: 1, result: {result:?}");
}
RUST
seen=$(cargo run --quiet 2>"$work/errors") || { cat "$work/errors" >&2; exit 2; }
echo "$seen"
if [[ $seen != "rejected by the receiver: 1, result: Ok(())" ]]; then
    echo "this is no longer so" >&2
    exit 1
fi
