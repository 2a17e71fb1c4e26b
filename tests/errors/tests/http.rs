//! reqwest, and a server that answers as it is told.

use std::time::Duration;

use reqwest::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::{code, rows};

/// The URL of a server that answers each request with this text and closes; with none it says nothing.
async fn server(answer: &'static str) -> String {
    server_that(answer, answer.is_empty()).await
}

/// The URL of a server that answers each request with this text, and then says nothing more, or closes.
async fn server_that(answer: &'static str, waits: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                if waits {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn no_answer_in_time() {
    let client = Client::builder().timeout(Duration::from_millis(50)).build().unwrap();
    let url = server("").await;
    assert_eq!(code(client.get(&url).send().await.unwrap_err()), "HTTP_TIMEOUT");
    // The head came, and the body is late.
    let url = server_that("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nlate", true).await;
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(code(answer.text().await.unwrap_err()), "HTTP_TIMEOUT");
}

/// reqwest 0.13 gives it as an error of decoding, however the body is read.
#[tokio::test]
async fn a_body_that_breaks_off() {
    let url = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nnull").await;
    let answer = || async { Client::new().get(&url).send().await.unwrap() };
    assert_eq!(code(answer().await.text().await.unwrap_err()), "HTTP_DECODE");
    assert_eq!(code(answer().await.json::<u8>().await.unwrap_err()), "HTTP_DECODE");
    let mut by_parts = answer().await;
    let error = loop {
        if let Err(error) = by_parts.chunk().await {
            break error;
        }
    };
    assert_eq!(code(error), "HTTP_DECODE");
}

#[tokio::test]
async fn no_answer() {
    let client = Client::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = client.get(format!("http://127.0.0.1:{port}/")).send().await.unwrap_err();
    assert_eq!(code(refused), "HTTP_CONNECTION_FAILED");
    let unknown = client.get("http://no.such.host.invalid/").send().await.unwrap_err();
    assert_eq!(code(unknown), "HTTP_CONNECTION_FAILED");
    let url = server("HTT").await;
    assert_eq!(code(client.get(&url).send().await.unwrap_err()), "HTTP_CONNECTION_FAILED");
    assert_eq!(code(client.get("http://").send().await.unwrap_err()), "HTTP_INVALID_REQUEST");
    let url =
        server("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    assert_eq!(code(client.get(&url).send().await.unwrap_err()), "HTTP_REDIRECT");
}

#[tokio::test]
async fn an_answer_that_cant_be_read() {
    let url = server("HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull").await;
    let error = Client::new().get(&url).send().await.unwrap().json::<u8>().await.unwrap_err();
    assert_eq!(code(error), "HTTP_DECODE");
}

#[tokio::test]
async fn each_status() {
    for (status, said) in rows("http") {
        let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let url = server(answer.leak()).await;
        let answer = Client::new().get(&url).send().await.unwrap();
        assert_eq!(code(answer.error_for_status().unwrap_err()), said, "{status}");
    }
}
