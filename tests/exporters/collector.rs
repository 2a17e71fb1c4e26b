//! What a Collector's `prometheusexporter` writes of what it is sent by OTLP.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::case::{ACCEPT, Case, SCOPE};
use super::endpoint::Page;
use crate::collector::running::Running;
use crate::prometheus::message::{Attributes, Scope, request};

/// How many cases one Collector is given, since each takes files that a process has only so many of.
const AT_ONCE: usize = 250;

/// What Collectors of this program answer of the cases.
pub(crate) fn pages(program: &OsStr, cases: &[Case]) -> Vec<Page> {
    cases.chunks(AT_ONCE).flat_map(|cases| pages_of_one(program, cases)).collect()
}

/// Each case has a pipeline and an exporter of its own, since an exporter keeps what it is sent; they listen on sockets in a folder,
/// where nobody else takes their names, other than ports.
fn pages_of_one(program: &OsStr, cases: &[Case]) -> Vec<Page> {
    let folder = tempfile::tempdir().unwrap();
    let socket = |name: &str, index: usize| folder.path().join(format!("{name}{index}"));
    let (mut receivers, mut exporters, mut pipelines) = (Map::new(), Map::new(), Map::new());
    for index in 0..cases.len() {
        let (receiver, exporter) = (format!("otlp/{index}"), format!("prometheus/{index}"));
        pipelines
            .insert(format!("metrics/{index}"), json!({ "receivers": [receiver], "exporters": [exporter] }));
        receivers.insert(receiver, json!({ "protocols": { "http": listening(&socket(RECEIVER, index)) } }));
        exporters.insert(exporter, listening(&socket(EXPORTER, index)));
    }
    let configuration = json!({
        "receivers": receivers,
        "exporters": exporters,
        // Its own metrics would be served at a port that another one may have.
        "service": { "telemetry": { "metrics": { "level": "none" } }, "pipelines": pipelines },
    });
    let _running = Running::start(program, &configuration, folder.path()).expect("the Collector is ready");
    let each = cases.iter().enumerate();
    each.map(|(index, case)| page(&socket(RECEIVER, index), &socket(EXPORTER, index), case)).collect()
}

/// The attributes of the resource that the exporter writes on each series, by the label that they become.
pub(crate) const RESOURCE: [(&str, &str, &str); 2] =
    [("service.name", "job", "pay"), ("service.instance.id", "instance", "pay-1")];

const RECEIVER: &str = "receiver";
const EXPORTER: &str = "exporter";

fn listening(socket: &Path) -> Value {
    json!({ "endpoint": socket, "transport": "unix" })
}

/// The receiver answers once the exporter has what was sent: no queue is between them by default.
fn page(receiver: &Path, exporter: &Path, case: &Case) -> Page {
    let [name, version, schema_url] = SCOPE.map(|(_, value)| value.to_owned());
    let scope = Scope { name, version, schema_url, attributes: Attributes::new() };
    let resource = RESOURCE.map(|(key, _, value)| (key.to_owned(), value.to_owned())).into();
    let message = request(&resource, &[(&scope, case)]);
    let head = format!(
        "POST /v1/metrics HTTP/1.0\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}",
        message.len()
    );
    let taken = asked(receiver, &head, &message).expect("the receiver answers");
    assert_eq!(taken.status, 200, "{taken}");
    asked(exporter, &format!("GET /metrics HTTP/1.0\r\nAccept: {ACCEPT}"), &[]).expect("the exporter answers")
}

/// By HTTP 1.0, in which an answer ends with its connection.
fn asked(socket: &Path, head: &str, body: &[u8]) -> io::Result<Page> {
    let mut stream = UnixStream::connect(socket)?;
    write!(stream, "{head}\r\n\r\n")?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, text) = answer.split_once("\r\n\r\n").expect(&answer);
    let status = head.split(' ').nth(1).expect(head).parse().expect(head);
    let content_type = head.lines().find_map(|line| line.strip_prefix("Content-Type: ")).unwrap_or_default();
    Ok(Page { status, content_type: content_type.to_owned(), text: text.to_owned() })
}
