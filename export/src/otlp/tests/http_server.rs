//! A server for HTTP that does as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// What it does with a request.
pub(super) enum Does {
    /// Reads it, and writes this.
    Says(Vec<u8>),
    /// Reads it, and writes this over and over for as long as somebody takes it.
    SaysForEver(&'static str, &'static str),
    /// Reads it, writes this and closes the connection.
    SaysAndCloses(&'static str),
    /// Reads it, writes this and then nothing.
    SaysAndHangs(&'static str),
    /// Closes the connection without having read.
    Closes,
}

/// A request that it read.
#[derive(Debug)]
pub(super) struct Received {
    /// Which of its connections it came by, from 0.
    pub(super) connection: usize,
    /// The request's first line.
    pub(super) line: String,
    /// In lower case, names and values.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    received: Receiver<Received>,
}

impl Server {
    /// Listens, and does this with the requests that come, in their order.
    pub(super) fn that(script: impl IntoIterator<Item = Does>) -> Server {
        Server::over(script, Some)
    }

    /// The same over what is made of each connection.
    pub(super) fn over<S: Read + Write>(
        script: impl IntoIterator<Item = Does>,
        secured: impl Fn(TcpStream) -> Option<S> + Send + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (to, received) = channel();
        let script: Vec<Does> = script.into_iter().collect();
        std::thread::spawn(move || {
            let mut script = script.into_iter().peekable();
            // Those that hang stay open until the end.
            let mut hanging = Vec::new();
            for connection in 0.. {
                if script.peek().is_none() {
                    break;
                }
                let Ok((stream, _)) = listener.accept() else { return };
                if script.next_if(|does| matches!(does, Does::Closes)).is_some() {
                    continue;
                }
                let Some(stream) = secured(stream) else { continue };
                let mut stream = BufReader::new(stream);
                while let Some(request) = read(&mut stream, connection) {
                    // Whoever asked may be gone.
                    let _ = to.send(request);
                    let Some(does) = script.next() else { break };
                    match does {
                        Does::Says(text) => stream.get_mut().write_all(&text).unwrap(),
                        Does::SaysForEver(first, again) => {
                            let mut text = first;
                            while stream.get_mut().write_all(text.as_bytes()).is_ok() {
                                text = again;
                            }
                            break;
                        }
                        Does::SaysAndCloses(text) => {
                            stream.get_mut().write_all(text.as_bytes()).unwrap();
                            break;
                        }
                        Does::SaysAndHangs(text) => {
                            stream.get_mut().write_all(text.as_bytes()).unwrap();
                            hanging.push(stream);
                            break;
                        }
                        Does::Closes => break,
                    }
                    if script.peek().is_none() {
                        break;
                    }
                }
            }
            drop(listener);
            // Until the test has its answers: the other end closes then.
            for mut stream in hanging {
                while read(&mut stream, 0).is_some() {}
            }
        });
        Server { address, received }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request that it read.
    pub(super) fn received(&self) -> Received {
        self.received.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// Whether no further request came; none comes once everything was answered.
    pub(super) fn has_no_more(&self) -> bool {
        self.received.try_recv().is_err()
    }
}

/// None where the connection ends.
fn read(stream: &mut impl BufRead, connection: usize) -> Option<Received> {
    let line = |stream: &mut dyn BufRead| {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|length| *length > 0)?;
        Some(line.trim_end().to_owned())
    };
    let first = line(stream)?;
    let mut headers = Vec::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap();
        headers.push((name.to_lowercase(), value.trim().to_lowercase()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).ok()?;
    Some(Received { connection, line: first, headers, body })
}

/// An answer with this status, these further headers and this body.
pub(super) fn answer(status: &str, headers: &str, body: &[u8]) -> Does {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    Does::Says([head.as_bytes(), body].concat())
}
