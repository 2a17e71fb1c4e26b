//! A Prometheus server for as long as a value lives.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use slo_model::names::TranslationStrategy;
use tempfile::TempDir;
use ureq::Agent;

/// How long the server has to start, and to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most that it may answer, in bytes.
const ANSWER: u64 = 1 << 28;

pub(crate) struct Server {
    process: Child,
    address: String,
    agent: Agent,
    // After the process, so that the server is gone before its folder.
    _folder: TempDir,
}

impl Server {
    /// Starts the server that the environment names, and waits until it takes requests.
    pub(crate) fn start(strategy: TranslationStrategy, promoted: &[&str], scopes: bool) -> Server {
        Server::configured(&serde_json::json!({ "otlp": {
            "translation_strategy": strategy.name(),
            "promote_resource_attributes": promoted,
            "promote_scope_metadata": scopes,
        }}))
    }

    /// The same, by this configuration.
    pub(crate) fn configured(configuration: &Value) -> Server {
        let program = std::env::var_os("SLO_PROMETHEUS_SERVER")
            .expect("SLO_PROMETHEUS_SERVER names no server: run tests/prometheus/server");
        let folder = tempfile::tempdir().unwrap();
        // What is JSON is YAML.
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, configuration.to_string()).unwrap();
        let mut process = Command::new(program)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .args(["--web.enable-otlp-receiver", "--web.listen-address=127.0.0.1:0"])
            .arg("--enable-feature=exemplar-storage")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let log = process.stderr.take().unwrap();
        let agent = Agent::new_with_config(
            Agent::config_builder()
                .http_status_as_error(false)
                .proxy(None)
                .timeout_global(Some(PATIENCE))
                .build(),
        );
        let mut server = Server { process, address: String::new(), agent, _folder: folder };
        let (sender, lines) = mpsc::channel();
        // The log is read to its end, so that the server never waits for a reader.
        std::thread::spawn(move || {
            BufReader::new(log).lines().map_while(Result::ok).for_each(|line| _ = sender.send(line));
        });
        let (end, mut ready, mut seen) = (Instant::now() + PATIENCE, false, String::new());
        // The server says both, now in this order and now in the other.
        while !ready || server.address.is_empty() {
            let rest = end.saturating_duration_since(Instant::now());
            let Ok(line) = lines.recv_timeout(rest) else { panic!("the server isn't ready:\n{seen}") };
            if let Some((_, address)) = line.split_once("msg=\"Listening on\" component=web address=") {
                server.address = format!("http://{address}");
            }
            ready |= line.contains("Server is ready to receive web requests");
            seen = seen + &line + "\n";
        }
        server
    }

    /// Where it takes metrics over OTLP.
    pub(crate) fn otlp(&self) -> String {
        format!("{}/api/v1/otlp/v1/metrics", self.address)
    }

    /// Sends a request over OTLP, and says with what status and text the server answers.
    pub(crate) fn send(&self, request: &[u8]) -> (u16, String) {
        let mut answer = self
            .agent
            .post(self.otlp())
            .content_type("application/x-protobuf")
            .send(request)
            .expect("the server answers");
        // Read to its end, or the connection isn't used again.
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), text.trim().to_owned())
    }

    /// The data that the server's API answers to a query.
    pub(crate) fn ask(&self, path: &str, parameter: &str, query: &str) -> Value {
        let mut answer = self
            .agent
            .get(format!("{}/api/v1/{path}", self.address))
            .query(parameter, query)
            .call()
            .expect("the server answers");
        let bytes = answer.body_mut().with_config().limit(ANSWER).read_to_vec().unwrap();
        // The server writes a name that it cut within a character as it is.
        let text = String::from_utf8_lossy(&bytes);
        let mut answer: Value = serde_json::from_str(&text).expect(&text);
        assert_eq!(answer["status"], "success", "{text}");
        answer["data"].take()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
