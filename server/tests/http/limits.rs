//! How much a request may bring.

use holdfast_domain::limits::CONTEXT_BYTES;
use holdfast_domain::wire;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::harness::{Device, Server, answer};

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
    let headers = "connection: close\r\ntransfer-encoding: chunked";
    let mut stream = guest.by_hand("rename_session", headers).await;
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
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    let body = wire::seal(&device.save([update.clone()]));
    // All of a save is there, but a byte more was announced.
    let headers = format!("connection: close\r\ncontent-length: {}", body.len() + 1);
    let mut stream = guest.by_hand("save_context", &headers).await;
    stream.write_all(&body).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = answer(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
    assert_eq!(server.rows("accounts").await, 0);
    // It was a save.
    assert_eq!(guest.send("save_context", body).await.status, 200);
    assert_eq!(device.log(&guest).await, [update]);
}
