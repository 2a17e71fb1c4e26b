//! Endpoints that are asked again and again.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ureq::Agent;
use ureq::config::AutoHeaderValue;

use super::{Parser, Scrape};
use crate::input::client;
use crate::input::limits::{LARGEST_SCRAPE, SCRAPE_TIME};
use crate::input::queue::{Item, Sender};
use crate::input::refusal::{Problem, Refusal, Source, Wrong, without_user};
use crate::input::unpack;

/// What is asked for, as Prometheus 3 asks: names as they are, and exemplars.
const ACCEPT: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
    application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
    text/plain;version=0.0.4;q=0.3,*/*;q=0.1";

/// Asks an endpoint again and again until it is dropped.
#[derive(Debug)]
pub struct Scraper {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scraper {
    /// Begins to ask.
    ///
    /// # Errors
    /// Where a thread can't be started.
    pub fn start(url: &str, every: Duration, queue: Sender) -> std::io::Result<Scraper> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (ends, url) = (Arc::clone(&is_over), url.to_owned());
        let run = move || {
            let source = Source::Scrape(without_user(&url).into());
            let agent = agent();
            while !ends.load(Ordering::Relaxed) {
                let began = Instant::now();
                let mut refuse = |refusal| queue.refuse(refusal);
                if let Some(scrape) = asked(&agent, &url, &source, &mut refuse)
                    && !queue.offer(Item::Scrape(scrape, source.clone()))
                {
                    refuse(Problem::at(&source, None, None)(Problem::new(Wrong::Full, "")));
                }
                // In small steps: who ends it doesn't wait long.
                while began.elapsed() < every && !ends.load(Ordering::Relaxed) {
                    thread::sleep(Duration::from_millis(20).min(every.saturating_sub(began.elapsed())));
                }
            }
        };
        let thread = thread::Builder::new().name("slo-verify-scrape".to_owned()).spawn(run)?;
        Ok(Scraper { is_over, thread: Some(thread) })
    }
}

impl Drop for Scraper {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

/// Asks an endpoint once. What can't be read is refused, and the rest is there; nothing is where nothing can be read.
pub fn scrape(url: &str, refused: &mut dyn FnMut(Refusal)) -> Option<Scrape> {
    asked(&agent(), url, &Source::Scrape(without_user(url).into()), refused)
}

fn agent() -> Agent {
    client::config(SCRAPE_TIME)
        .max_redirects(0)
        .accept(ACCEPT)
        // It is unpacked here, within bounds.
        .accept_encoding(AutoHeaderValue::Provided(Arc::new("gzip".to_owned())))
        .build()
        .new_agent()
}

fn asked(agent: &Agent, url: &str, source: &Source, refused: &mut dyn FnMut(Refusal)) -> Option<Scrape> {
    let whole = Problem::at(source, None, None);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let text = match body(agent, url) {
        Ok(body) => body,
        Err(problem) => {
            refused(whole(problem));
            return None;
        }
    };
    let mut parser = Parser::default();
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        let read = match std::str::from_utf8(line) {
            Ok(line) => parser.line(line, number),
            Err(_) => Err(Problem::new(Wrong::NotUtf8, "")),
        };
        match read {
            Ok(true) => break,
            Ok(false) => {}
            Err(problem) => refused(Problem::at(source, Some(number), None)(problem)),
        }
    }
    Some(Scrape { when: u64::try_from(now.as_nanos()).ok(), ..parser.take() })
}

fn body(agent: &Agent, url: &str) -> Result<Vec<u8>, Problem> {
    let failed = |error: String| Problem::new(Wrong::Unreachable, error);
    let mut answer = agent.get(url).call().map_err(|error| failed(error.to_string()))?;
    if !answer.status().is_success() {
        return Err(failed(format!("the endpoint answers {}", answer.status())));
    }
    let limit = u64::try_from(LARGEST_SCRAPE).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    let reader = answer.body_mut().as_reader();
    reader.take(limit.saturating_add(1)).read_to_end(&mut body).map_err(|error| failed(error.to_string()))?;
    if body.len() > LARGEST_SCRAPE {
        return Err(Problem::new(Wrong::TooLarge, format!("more than {limit} bytes")));
    }
    Ok(unpack::by_content(&body, LARGEST_SCRAPE)?.into_owned())
}
