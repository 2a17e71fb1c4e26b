//! `slo verify --serve`

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::support::Folder;
use crate::verify::{CONTRACT, sale, shop, span};

/// A verifier that serves, and its address.
struct Served {
    child: Child,
    address: String,
    error: BufReader<std::process::ChildStderr>,
}

impl Served {
    fn start(folder: &Folder, arguments: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_slo"))
            .args(["verify", "slo", "--serve", "--otlp", "127.0.0.1:0", "--format", "short"])
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut error = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        error.read_line(&mut line).unwrap();
        let address = line.split("OTLP at ").nth(1).and_then(|rest| rest.split(',').next());
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        Served { child, address, error }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: slo\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// Sends a request of OTLP/JSON, which says itself which signal it is of.
    fn send(&self, request: &str) {
        assert_eq!(self.ask("POST", "/v1/traces", request).0, 200);
    }

    /// Waits until a line with this was said.
    fn says(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert!(self.error.read_line(&mut line).unwrap() > 0, "it says `{words}`");
        }
    }

    fn verdict(&self) -> serde_json::Value {
        let (status, text) = self.ask("GET", "/verdict", "");
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The code, and what was written at the end.
    fn end(mut self) -> (i32, String, String) {
        let (mut out, mut error) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.error.read_to_string(&mut error).unwrap();
        (self.child.wait().unwrap().code().unwrap(), out, error)
    }
}

/// The seen spans of a verdict.
fn spans(verdict: &serde_json::Value) -> u64 {
    verdict["events"][0]["records"][0]["count"].as_u64().unwrap()
}

#[test]
fn questions_are_answered_of_what_came_before_them() {
    let folder = shop();
    let served = Served::start(&folder, &["--require-coverage", "events=100%"]);
    assert_eq!(served.ask("GET", "/healthz", ""), (200, "ok\n".to_owned()));
    let verdict = served.verdict();
    assert_eq!((&verdict["passed"], &verdict["findings"][0]["code"]), (&false.into(), &"SLO1961".into()));
    served.send(&span("shop", "card"));
    let verdict = served.verdict();
    assert_eq!((&verdict["passed"], spans(&verdict)), (&true.into(), 1));
    served.send(&span("shop", "check"));
    let verdict = served.verdict();
    assert_eq!((&verdict["passed"], &verdict["errors"]), (&false.into(), &1.into()));
    let (_, metrics) = served.ask("GET", "/metrics", "");
    assert!(
        metrics.contains("slo_verify_faults_total{code=\"SLO1903\",severity=\"error\"} 1\n"),
        "{metrics}"
    );
    assert!(metrics.contains("slo_verify_records_total{signal=\"span\",of=\"contract\"} 2\n"), "{metrics}");
    assert_eq!(served.ask("GET", "/stop", ""), (405, "ask for `/stop` by POST\n".to_owned()));
    let (status, last) = served.ask("POST", "/stop", "");
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!((status, spans(&last)), (200, 2));
    let (code, out, error) = served.end();
    assert!(code == 1 && out.contains("error[SLO1903]"), "{out}{error}");
}

#[test]
fn changed_contracts_judge_what_comes_then_and_no_count_is_lost() {
    let folder = shop();
    let mut served = Served::start(&folder, &[]);
    served.send(&span("shop", "check"));
    assert_eq!(served.verdict()["errors"], 1);
    folder.write(
        "slo/shop.slo",
        CONTRACT.replace("card, cash }", "card, cash, check }").replace("points=4", "points=6"),
    );
    served.says("judge what comes from now on");
    let verdict = served.verdict();
    assert_eq!(verdict["errors"], 0);
    assert_eq!((spans(&verdict), &verdict["notes"]), (1, &1.into()));
    let notes = verdict["findings"][0]["notes"].to_string();
    assert!(notes.contains("found by the contract as it was until 20"), "{notes}");
    served.send(&span("shop", "check"));
    assert_eq!(spans(&served.verdict()), 2);
    // What isn't sound judges nothing.
    folder.write("slo/shop.slo", CONTRACT.replace("points=4", "points=1"));
    served.says("those of before go on");
    served.send(&span("shop", "check"));
    assert_eq!(spans(&served.verdict()), 3);
    served.ask("POST", "/stop", "");
    let (code, _, error) = served.end();
    assert_eq!(code, 0, "{error}");
}

#[test]
fn what_was_found_holds_where_contracts_say_the_same() {
    let folder = shop();
    let mut served = Served::start(&folder, &[]);
    let verdict = served.verdict();
    assert_eq!(
        (&verdict["passed"], &verdict["findings"][0]["message"]),
        (&false.into(), &"no telemetry came".into())
    );
    served.send(&span("shop", "check"));
    folder.write("slo/shop.slo", CONTRACT.to_owned() + "// the same\n");
    served.says("judge what comes from now on");
    assert_eq!(served.verdict()["errors"], 1);
    // Who asks for something else is no exporter.
    assert_eq!(served.ask("GET", "/favicon.ico", "").0, 404);
    served.ask("POST", "/stop", "");
    let (code, out, _) = served.end();
    assert!(code == 1 && !out.contains("SLO1962"), "{out}");
}

#[test]
fn an_instance_that_is_gone_keeps_nobody_waiting() {
    let folder = shop();
    let served = Served::start(&folder, &[]);
    let waiting = |request: &str| {
        served.send(request);
        served.verdict()["waiting"].as_u64().unwrap()
    };
    let [_, gone] = sale("a", 0, ["card", "card"]);
    assert_eq!(waiting(&gone), 1);
    // One clock may be ahead. Two are not by chance.
    let [one, _] = sale("b", 3_600, ["card", "card"]);
    let [other, _] = sale("c", 3_601, ["card", "card"]);
    assert_eq!((waiting(&one), waiting(&other)), (1, 0));
    served.ask("POST", "/stop", "");
    served.end();
}

#[test]
fn findings_are_sent_on_as_log_records() {
    let folder = shop();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let receive = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut chunk = [0; 4096];
        while !request.windows(9).any(|part| part == b"seen once") {
            let read = stream.read(&mut chunk).unwrap();
            assert!(read > 0);
            request.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&request).into_owned()
    });
    let served = Served::start(&folder, &["--send-findings", &url]);
    served.send(&span("shop", "check"));
    let request = receive.join().unwrap();
    for part in
        ["POST /v1/logs", "slo-verify", "slo.finding", "SLO1903", "slo/shop.slo:30:10", "is none of `card`"]
    {
        assert!(request.contains(part), "{part}: {request}");
    }
    served.ask("POST", "/stop", "");
    let (code, _, error) = served.end();
    assert!(code == 1 && !error.contains("SLO1962"), "{error}");
}

#[test]
fn findings_that_cannot_be_sent_on_are_told() {
    let folder = shop();
    let run = folder.slo(&[
        "verify",
        "slo",
        "wrong.jsonl",
        "--send-findings",
        "http://127.0.0.1:1",
        "--format",
        "short",
    ]);
    assert!(run.code == 1 && run.out.contains("SLO1903"), "{}", run.out);
    assert!(run.out.contains("warning[SLO1962]: http://127.0.0.1:1 couldn't be sent on"), "{}", run.out);
}
