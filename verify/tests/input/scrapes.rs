//! Endpoints that are scraped.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;

use slo_verify::input::prometheus::{Scraper, scrape};
use slo_verify::input::queue::{Waited, bounded};
use slo_verify::input::{Source, Wrong};

use super::files::gzip;
use super::kept::Kept;

/// An endpoint that gives these answers, one after the other, and closes each time.
fn endpoint(answers: Vec<(&'static str, Vec<u8>)>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let answer = move || {
        let mut requests = Vec::new();
        for (head, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let reader = BufReader::new(stream.try_clone().unwrap());
            requests.push(
                reader
                    .lines()
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect::<Vec<_>>()
                    .join("\n"),
            );
            _ = write!(
                stream,
                "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            _ = stream.write_all(&body);
        }
        requests
    };
    (url, std::thread::spawn(answer))
}

fn scraped(head: &'static str, body: Vec<u8>) -> (Option<slo_verify::input::Scrape>, Vec<Wrong>) {
    let (url, thread) = endpoint(vec![(head, body)]);
    let mut wrongs = Vec::new();
    let scrape = scrape(&url, &mut |refusal| wrongs.push(refusal.wrong));
    thread.join().unwrap();
    (scrape, wrongs)
}

#[test]
fn an_endpoint_is_asked_for_its_text_which_may_be_packed() {
    let text = b"# TYPE a counter\na_total 1\n# EOF\n".to_vec();
    for (head, body) in [("200 OK", text.clone()), ("200 OK\r\ncontent-encoding: gzip", gzip(&text))] {
        let (scrape, wrongs) = scraped(head, body);
        let scrape = scrape.unwrap();
        assert_eq!((scrape.families.len(), wrongs), (1, vec![]));
        assert!(scrape.when.unwrap() > 1_700_000_000_000_000_000);
    }
}

#[test]
fn an_endpoint_that_fails_is_refused() {
    let (scrape, wrongs) = scraped("503 Service Unavailable", Vec::new());
    assert_eq!((scrape, wrongs), (None, vec![Wrong::Unreachable]));
    let (scrape, wrongs) = scraped("200 OK", b"a 1\n<html>\n".to_vec());
    assert_eq!((scrape.unwrap().families.len(), wrongs), (1, vec![Wrong::Malformed]));
    let (scrape, wrongs) = scraped("200 OK", gzip(&vec![b' '; 64 << 20]));
    assert_eq!((scrape, wrongs), (None, vec![Wrong::Bomb]));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let mut wrongs = Vec::new();
    assert_eq!(scrape_of(&closed, &mut wrongs), None);
    assert_eq!(wrongs, [Wrong::Unreachable]);
}

fn scrape_of(url: &str, wrongs: &mut Vec<Wrong>) -> Option<slo_verify::input::Scrape> {
    scrape(url, &mut |refusal| wrongs.push(refusal.wrong))
}

#[test]
fn a_password_in_a_url_is_in_no_refusal() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut said = Vec::new();
    let url = format!("http://user:secret@{address}/metrics?at=a@b");
    assert_eq!(scrape(&url, &mut |refusal| said.push(refusal.to_string())), None);
    let [said] = said.as_slice() else { panic!("one refusal is expected") };
    assert!(
        said.starts_with(&format!("http://{address}/metrics?at=a@b ")) && !said.contains("secret"),
        "{said}"
    );
}

#[test]
fn a_scraper_asks_again_and_again_until_it_is_dropped() {
    let text = |value: u8| ("200 OK", format!("a {value}\n").into_bytes());
    let (url, thread) = endpoint(vec![text(1), ("500 Oh", Vec::new()), text(3)]);
    let (sender, mut inbox) = bounded(8);
    let scraper = Scraper::start(&url, Duration::from_millis(10), sender).unwrap();
    let requests = thread.join().unwrap();
    assert!(requests.iter().all(|request| request.contains("escaping=allow-utf-8")), "{requests:?}");
    let mut kept = Kept::default();
    while kept.scrapes.len() < 2 {
        assert_ne!(inbox.wait(&mut kept, Duration::from_secs(10)), Waited::Nothing);
    }
    drop(scraper);
    while inbox.wait(&mut kept, Duration::from_secs(10)) != Waited::Over {}
    let values: Vec<_> = kept.scrapes.iter().map(|scrape| scrape.families[0].samples[0].value).collect();
    assert_eq!(values, [1.0, 3.0]);
    assert_eq!(kept.places[0].0, Source::Scrape(url.as_str().into()));
    // The endpoint is gone after its last answer, which may have been seen too.
    assert!(kept.wrongs().contains(&Wrong::Unreachable));
}
