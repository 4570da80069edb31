//! Streams of events over lines that hold them back, and to clients that do not read (JOB-3).

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

use super::soaked_job::{ask, completed, follow};
use crate::harness::{Client, Database, Kind, Program, Sent, Stream, address};

/// A proxy that holds an answer back until so much of it is together, or it ends.
const HELD_BYTES: usize = 4_096;

/// Before a server; its address.
async fn holding_back(url: &str) -> String {
    let server = address(url);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(carry(client, server));
        }
    });
    at
}

async fn carry(client: TcpStream, server: SocketAddr) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { copy(&mut from_client, &mut to_server).await });
    let mut held = Vec::new();
    while from_server.read_buf(&mut held).await.is_ok_and(|read| read > 0) {
        if held.len() >= HELD_BYTES {
            let whole = held.len() / HELD_BYTES * HELD_BYTES;
            let _ = to_client.write_all(&held.drain(..whole).collect::<Vec<_>>()).await;
        }
    }
    let _ = to_client.write_all(&held).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_3_behind_a_proxy_that_holds_back_a_client_has_exactly_the_log() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let ada = Client::register_at(&program.url, "ada@example.org").await;
    let session = ada.session("Lofoten").await;
    let scan = json!({"kind": "scan", "location": "sample", "duplicates": true});
    let behind = ada.at(&holding_back(&program.url).await);
    for _ in 0..10 {
        let id = ask(&ada, &session, &scan).await;
        // The end of the answer is the end of the line.
        let request = behind.request("GET", &format!("/api/jobs/{id}/events"));
        let mut stream = Stream::open(request.header("connection", "close")).await;
        let mut heard = Vec::<Sent>::new();
        while let Some(sent) = stream.next().await {
            heard.push(sent);
        }
        completed(&ada, &id).await;
        assert_eq!(heard, follow(&ada, &id, "").await);
        assert_eq!(heard.last().unwrap().name, "job_completed");
    }
    program.kill().await;
    database.remove().await;
}

/// What is held for a client that does not read is its place in the log, and what the line took.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_3_a_client_that_does_not_read_costs_little_memory() {
    const CLIENTS: usize = 80;
    const EVENTS: usize = 2_000;
    let database = Database::create(Kind::Sqlite).await;
    let rates = [("HOLDFAST_API_CALLS_PER_MINUTE", "1000000")];
    let program = Program::with(&database, &rates).await;
    let ada = Client::register_at(&program.url, "ada@example.org").await;
    let session = ada.session("Lofoten").await;
    let path = format!("/api/sessions/{session}/events");
    let mut stopped = Vec::new();
    for _ in 0..CLIENTS {
        let mut stream = Stream::open(ada.request("GET", &path)).await;
        assert_eq!(stream.next().await.unwrap().name, "opened");
        stopped.push(stream);
    }
    let name = |number: usize| format!("{number:04} {}", "Å".repeat(190));
    let rename = async |number: usize| {
        let body = json!({"name": name(number)});
        ada.send("PUT", &format!("/api/sessions/{session}"), Some(&body)).await.json();
    };
    // What the server needs for the work itself is there.
    for number in 0..200 {
        rename(number).await;
    }
    let before = program.memory_bytes();
    for number in 200..EVENTS {
        rename(number).await;
    }
    // Kept for each of them these would be some 70 MB.
    let grown = program.memory_bytes().saturating_sub(before);
    assert!(grown < 30 << 20, "{grown} bytes more");
    // Whoever reads on has missed nothing.
    let mut stream = stopped.pop().unwrap();
    for number in 0..EVENTS {
        let sent = stream.next().await.unwrap();
        assert_eq!((sent.name.as_str(), &sent.data["name"]), ("renamed", &json!(name(number))));
    }
    program.kill().await;
    database.remove().await;
}
