//! Ending in order.

use holdfast_domain::wire;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Database, Device, Guest, Kind, Program, Server, address, answer};

/// A save whose body the server waits for.
async fn begin_save(guest: &Guest, bytes: usize) -> TcpStream {
    let headers = format!("content-length: {bytes}\r\nexpect: 100-continue");
    let mut stream = guest.by_hand("save_context", &headers).await;
    // The server says that it is reading.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[tokio::test]
async fn ops_2_a_server_asked_to_stop_finishes_the_save_that_is_coming_in() {
    let database = Database::create(Kind::Sqlite).await;
    let mut program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"last": "words"}));
    let body = wire::seal(&device.save([update.clone()]));

    // Half of a save is there when the signal comes.
    let mut stream = begin_save(&guest, body.len()).await;
    let (first, rest) = body.split_at(body.len() / 2);
    stream.write_all(first).await.unwrap();
    program.ask_to_stop().await;
    program.logged("asked to stop").await;
    stream.write_all(rest).await.unwrap();

    let answer = answer(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let (status, log) = program.ended().await;
    assert!(status.success(), "{log:?}");
    assert!(TcpStream::connect(address(&guest.url)).await.is_err(), "nobody listens any more");

    let program = Program::start(&database).await;
    assert_eq!(device.log(&guest.at(&program.url)).await, [update]);
    program.kill().await;
}

#[tokio::test]
async fn ops_2_a_request_that_never_ends_does_not_keep_a_server_that_should_stop() {
    let database = Database::create(Kind::Sqlite).await;
    let mut program = Program::with(&database, &[("HOLDFAST_SHUTDOWN_SECONDS", "1")]).await;
    let guest = Guest::visit(&program.url).await;
    let _never = begin_save(&guest, 1000).await;
    program.ask_to_stop().await;
    program.logged("are cut off").await;
    assert!(program.ended().await.0.success());
}

#[tokio::test]
async fn ops_2_a_server_that_stops_asks_for_no_more_requests() {
    let server = Server::start().await;
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
    server.state.stop();
    assert_eq!(server.get("/readyz", &[]).await.refusal(), (503, "unavailable".into()));
    assert_eq!(server.get("/healthz", &[]).await.status, 200);
    // What comes all the same is answered.
    let guest = server.guest().await;
    assert_eq!(guest.call("list_sessions", &json!({})).await.json(), json!([]));
}

#[tokio::test]
async fn ops_2_without_its_database_a_server_is_alive_but_not_ready() {
    let server = Server::start().await;
    let guest = server.guest().await;
    server.backend.close().await;
    assert_eq!(server.get("/healthz", &[]).await.status, 200);
    assert_eq!(server.get("/readyz", &[]).await.refusal(), (503, "unavailable".into()));
    let refused = guest.call("list_sessions", &json!({})).await;
    assert_eq!(refused.refusal(), (503, "unavailable".into()));
    // The cookie may be good, so it is left alone; the page opens from what the device has.
    assert!(!refused.headers.contains_key("set-cookie"));
    let page = server.get("/", &[("accept", "text/html"), ("cookie", &guest.cookie)]).await;
    assert_eq!(page.status, 200);
    assert!(!page.headers.contains_key("set-cookie"));
}
