//! How much a request may bring.

use std::net::SocketAddr;

use holdfast_domain::limits::CONTEXT_BYTES;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Guest, Server};

/// A connection on which a request is written by hand.
async fn by_hand(guest: &Guest, function: &str, headers: &str) -> TcpStream {
    let address: SocketAddr = guest.url.strip_prefix("http://").unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /fn/{function} HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\n\
         sec-fetch-site: same-origin\r\nconnection: close\r\n{headers}\r\n\r\n",
        guest.cookie
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn ctx_10_a_body_over_the_limit_is_refused_with_a_code() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let too_long = vec![b' '; (2 << 20) + 1];
    let refused = guest.send("rename_session", too_long.clone()).await;
    assert_eq!(refused.refusal(), (413, "limit_exceeded".into()));
    // At the limit it is read, and found to be nothing.
    let read = guest.send("rename_session", too_long[1..].to_vec()).await;
    assert_eq!(read.refusal(), (400, "malformed".into()));
    // A save may bring a whole context.
    let saved = guest.send("save_context", too_long).await;
    assert_eq!(saved.refusal(), (400, "malformed".into()));
    let saved = guest.send("save_context", vec![0; CONTEXT_BYTES + (1 << 20) + 1]).await;
    assert_eq!(saved.refusal(), (413, "limit_exceeded".into()));
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn ctx_10_a_body_of_unknown_length_is_counted() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let mut stream = by_hand(&guest, "rename_session", "transfer-encoding: chunked").await;
    for _ in 0..40 {
        stream.write_all(format!("10000\r\n{}\r\n", " ".repeat(0x10000)).as_bytes()).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let answer = answer(stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\"code\":\"limit_exceeded\""), "{answer}");
}

#[tokio::test]
async fn sync_5_a_body_that_ends_early_changes_nothing() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let mut stream = by_hand(&guest, "save_context", "content-length: 1000").await;
    stream.write_all(b"HF\x01\x00half of it").await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = answer(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
    assert_eq!(server.rows("accounts").await, 0);
}
